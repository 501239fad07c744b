/* SPDX-License-Identifier: MIT */
#include "lookups.h"

#include "stuck.h"
#include "thread.h"

#include <stdatomic.h>
#include <stdio.h>

static _Atomic unsigned releases;

void stand_in_resolver(void)
{
    unsigned before = releases;

    while (releases == before)
        sleep_ms(1);
}

void release_resolver(void)
{
    releases++;
}

/* Nobody has asked for this name before: a question is asked once only as
 * long as it is open. */
static void make_name(char name[32])
{
    static _Atomic unsigned count;

    (void)snprintf(name, 32, "name-%u.test", (unsigned)count++);
}

static void open_nothing(struct scene *scene, int family)
{
    (void)scene;
    (void)family;
}

static void open_lookup(struct scene *scene, int family)
{
    char name[32];

    (void)family;
    make_name(name);
    CHECK_OK(pier_lookup_start(&scene->lookup, name, "80", NULL));
}

static long long run_lookup_wait(struct scene *scene)
{
    return pier_lookup_wait(scene->lookup, &scene->wait);
}

static long long run_poll(struct scene *scene)
{
    return poll_scene(scene, PIER_POLLIN);
}

static long long run_getaddrinfo(struct scene *scene)
{
    struct pier_addrinfo *list;
    char name[32];
    pier_err err;

    make_name(name);
    err = pier_getaddrinfo(&list, name, "80", NULL, &scene->wait);
    pier_freeaddrinfo(list);
    return err;
}

static long long run_getnameinfo(struct scene *scene)
{
    static _Atomic unsigned port;
    struct pier_address a = loopback(PIER_AF_INET, (int)(++port & 0xfff));
    char name[256];

    return pier_getnameinfo(&a, name, sizeof(name), NULL, 0, 0, &scene->wait);
}

static long long run_gethostbyname(struct scene *scene)
{
    struct pier_address a;
    char name[32];

    make_name(name);
    return pier_gethostbyname(&a, name, &scene->wait);
}

static long long run_gethostbyname_ex(struct scene *scene)
{
    struct pier_hostent *h;
    char name[32];
    pier_err err;

    make_name(name);
    err = pier_gethostbyname_ex(&h, name, &scene->wait);
    pier_free_hostent(h);
    return err;
}

/* Nobody has asked for this address before. */
static void make_ip(char ip[32])
{
    static _Atomic unsigned count;
    unsigned n = ++count;

    (void)snprintf(ip, 32, "127.9.%u.%u", (n >> 8) & 0xff, n & 0xff);
}

static long long run_gethostbyaddr(struct scene *scene)
{
    struct pier_hostent *h;
    char ip[32];
    pier_err err;

    make_ip(ip);
    err = pier_gethostbyaddr(&h, ip, &scene->wait);
    pier_free_hostent(h);
    return err;
}

static long long run_getfqdn(struct scene *scene)
{
    char name[32];
    char full[256];

    make_name(name);
    return pier_getfqdn(full, sizeof(full), name, &scene->wait);
}

static long long run_create_connection(struct scene *scene)
{
    struct pier_connect_options options = PIER_CONNECT_OPTIONS_INIT;
    struct pier_socket *s;
    char name[32];
    pier_err err;

    make_name(name);
    options.timeout = scene->wait.timeout;
    options.cancel = scene->wait.cancel;
    err = pier_create_connection(&s, name, "80", &options);
    pier_free(s);
    return err;
}

void end_lookups(struct scene *scene)
{
    release_resolver();
    pier_lookup_free(scene->lookup);
    scene->lookup = NULL;
}

const struct blocking_call blocking_lookups[] = {
    { "lookup_wait", "", RESOLVER, open_lookup, run_lookup_wait },
    { "poll", "", RESOLVER, open_lookup, run_poll },
    { "getaddrinfo", "", RESOLVER, open_nothing, run_getaddrinfo },
    { "getnameinfo", "", RESOLVER, open_nothing, run_getnameinfo },
    { "gethostbyname", "", RESOLVER, open_nothing, run_gethostbyname },
    { "gethostbyname_ex", "", RESOLVER, open_nothing, run_gethostbyname_ex },
    { "gethostbyaddr", "", RESOLVER, open_nothing, run_gethostbyaddr },
    { "getfqdn", "", RESOLVER, open_nothing, run_getfqdn },
    { "create_connection", "", RESOLVER, open_nothing, run_create_connection },
};
const size_t blocking_lookup_count = COUNT_OF(blocking_lookups);
