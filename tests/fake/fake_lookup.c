/* SPDX-License-Identifier: MIT */
/* The resolver: it knows what the test has told it, and takes its time. */
#include "inside.h"

#include <pier/constants.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ADDRESSES_MAX 16

struct entry {
    struct entry *next;
    char host[256];
    char names[3][256]; /* the official one and aliases; empty: none */
    struct pier_address addresses[ADDRESSES_MAX];
    size_t count;
    int64_t delay;
    pier_err error;
};

static struct entry *entries;

void fake_name_set(const char *host, const struct pier_address *addresses,
                   size_t count, int64_t delay, pier_err error)
{
    struct entry *e = sim_new(sizeof(*e));

    (void)snprintf(e->host, sizeof(e->host), "%s", host);
    e->count = count < ADDRESSES_MAX ? count : ADDRESSES_MAX;
    if (e->count)
        memcpy(e->addresses, addresses, e->count * sizeof(*addresses));
    e->delay = delay;
    e->error = error;
    e->next = entries;
    entries = e;
}

static struct entry *find(const char *host)
{
    struct entry *e = entries;

    while (e && strcmp(e->host, host) != 0)
        e = e->next;
    return e;
}

static struct entry *find_address(const struct pier_address *a)
{
    struct pierp_endpoint wanted, known;

    if (pierp_address_unpack(&wanted, a))
        return NULL;
    for (struct entry *e = entries; e; e = e->next) {
        for (size_t i = 0; i < e->count; i++) {
            if (!pierp_address_unpack(&known, &e->addresses[i]) &&
                known.family == wanted.family &&
                memcmp(known.ip, wanted.ip,
                       known.family == PIER_AF_INET ? 4 : 16) == 0)
                return e;
        }
    }
    return NULL;
}

/* A look-up cannot be woken: its thread stands until the answer comes. */
static void take_time(int64_t delay)
{
    struct sim_wait w = { .h = PIER_INVALID_HANDLE,
                          .until = sim_clock() + delay };

    if (sim_lock_held())
        sim_misuse("a look-up is made while a lock is held");
    if (delay > 0)
        sim_block(&w);
}

static bool find_port(const char *service, uint16_t *port)
{
    char *end;
    unsigned long number;

    *port = 0;
    if (!service)
        return true;
    if (strcmp(service, "http") == 0) {
        *port = 80;
        return true;
    }
    number = strtoul(service, &end, 10);
    *port = (uint16_t)number;
    return end != service && !*end && number <= 65535;
}

/* The types that a query stands for, as getaddrinfo() gives them. */
static const struct {
    int type, protocol;
} kinds[] = {
    { PIER_SOCK_STREAM, PIER_IPPROTO_TCP },
    { PIER_SOCK_DGRAM, PIER_IPPROTO_UDP },
};

#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

static void add(struct pierp_answer *out, const struct pierp_query *q,
                const struct pier_address *a, uint16_t port)
{
    struct pierp_endpoint e;

    if (pierp_address_unpack(&e, a) || (q->family && q->family != e.family))
        return;
    e.port = port;
    for (size_t i = 0; i < KINDS; i++) {
        struct pierp_name *n = &out->names[out->count];

        if ((q->type && q->type != kinds[i].type) ||
            (q->protocol && q->protocol != kinds[i].protocol))
            continue;
        n->family = e.family;
        n->type = kinds[i].type;
        n->protocol = kinds[i].protocol;
        out->count += !pierp_address_pack(&n->address, &e);
    }
}

static void without_host(struct entry *e, int flags)
{
    struct pier_address six = fake_loopback6(0), four = fake_loopback(0);

    if (flags & PIER_AI_PASSIVE) {
        six = sim_any(PIER_AF_INET6);
        four = sim_any(PIER_AF_INET);
    }
    e->addresses[0] = six;
    e->addresses[1] = four;
    e->count = 2;
}

static pier_err give_name(struct pierp_answer *out, const char *host)
{
    out->canonname = pierp_alloc(strlen(host) + 1);
    if (!out->canonname)
        return PIER_EAI_MEMORY;
    memcpy(out->canonname, host, strlen(host));
    return PIER_OK;
}

static pier_err answer(struct pierp_answer *out, const struct pierp_query *q,
                       const struct entry *e, uint16_t port)
{
    struct pierp_answer made = { 0 };
    pier_err err = PIER_OK;

    made.names = pierp_alloc((e->count * KINDS + 1) * sizeof(*made.names));
    if (!made.names)
        return PIER_EAI_MEMORY;
    for (size_t i = 0; i < e->count; i++)
        add(&made, q, &e->addresses[i], port);
    if (made.count == 0)
        err = PIER_EAI_NONAME;
    if (!err && q->host && (q->flags & PIER_AI_CANONNAME))
        err = give_name(&made, q->host);
    if (err) {
        pierp_free(made.names);
        return err;
    }
    *out = made;
    return PIER_OK;
}

pier_err pierp_getaddrinfo(struct pierp_answer *out,
                           const struct pierp_query *query)
{
    struct entry nobody = { 0 };
    struct entry *e = &nobody;
    uint16_t port;
    pier_err err = sim_enter(FAKE_GETADDRINFO);

    sim_may_block();
    if (err)
        return err;
    without_host(e, query->flags);
    if (query->host)
        e = find(query->host);
    if (e)
        take_time(e->delay);
    if (!e || (!query->host && !query->service))
        return sim_fail(PIER_EAI_NONAME);
    if (e->error)
        return sim_fail(e->error);
    if (!find_port(query->service, &port))
        return sim_fail(PIER_EAI_SERVICE);
    return sim_fail(answer(out, query, e, port));
}

pier_err pierp_getnameinfo(const struct pier_address *a, char *host,
                           size_t host_capacity, char *service,
                           size_t service_capacity, int flags)
{
    const struct entry *e = find_address(a);
    struct pierp_endpoint endpoint;
    pier_err err = sim_enter(FAKE_GETNAMEINFO);

    sim_may_block();
    (void)flags;
    if (err)
        return err;
    if (e)
        take_time(e->delay);
    if (host_capacity && !e)
        return sim_fail(PIER_EAI_NONAME);
    if (e && e->error)
        return sim_fail(e->error);
    if (pierp_address_unpack(&endpoint, a))
        return sim_fail(PIER_EAI_FAMILY);
    if (host_capacity && strlen(e->host) >= host_capacity)
        return sim_fail(PIER_EAI_OVERFLOW);
    if (host_capacity)
        (void)snprintf(host, host_capacity, "%s", e->host);
    if (service_capacity) {
        (void)snprintf(service, service_capacity, "%u",
                       (unsigned)endpoint.port);
    }
    return PIER_OK;
}

/* ------------------------------------------------ the older look-ups --- */

void fake_aliases_set(const char *host, const char *official,
                      const char *alias, const char *second_alias)
{
    const char *const names[] = { official, alias, second_alias };
    struct entry *e = find(host);

    for (size_t i = 0; e && i < 3; i++) {
        (void)snprintf(e->names[i], sizeof(e->names[i]), "%s",
                       names[i] ? names[i] : "");
    }
}

/* Each name with its NUL, behind one another. */
static size_t write_names(char *to, const struct entry *e, size_t *count)
{
    size_t used = 0;

    *count = 0;
    for (size_t i = 0; i < 3; i++) {
        const char *name = e->names[i];

        if (i == 0 && !*name)
            name = e->host;
        if (!*name)
            continue;
        memcpy(to + used, name, strlen(name) + 1);
        used += strlen(name) + 1;
        ++*count;
    }
    return used;
}

static pier_err give_host(struct pierp_host *out, const struct entry *e,
                          int family)
{
    struct pierp_host made = { 0 };

    made.names = pierp_alloc(sizeof(e->names));
    made.addresses = pierp_alloc(ADDRESSES_MAX * sizeof(e->addresses[0]));
    if (!made.names || !made.addresses) {
        pierp_free(made.names);
        pierp_free(made.addresses);
        return PIER_ENOMEM;
    }
    (void)write_names(made.names, e, &made.name_count);
    for (size_t i = 0; i < e->count; i++) {
        if (pier_address_family(&e->addresses[i]) == family)
            made.addresses[made.address_count++] = e->addresses[i];
    }
    *out = made;
    return PIER_OK;
}

/* What both have in common; e NULL: nobody knows. */
static pier_err answer_host(struct pierp_host *out, const struct entry *e,
                            int family)
{
    if (e)
        take_time(e->delay);
    if (!e)
        return sim_fail(PIER_EHOST_NOT_FOUND);
    if (e->error)
        return sim_fail(e->error);
    return sim_fail(give_host(out, e, family));
}

pier_err pierp_gethostbyname(struct pierp_host *out, const char *host)
{
    pier_err err = sim_enter(FAKE_GETHOSTBYNAME);

    sim_may_block();
    return err ? err : answer_host(out, find(host), PIER_AF_INET);
}

pier_err pierp_gethostbyaddr(struct pierp_host *out,
                             const struct pier_address *a)
{
    pier_err err = sim_enter(FAKE_GETHOSTBYADDR);

    sim_may_block();
    if (err)
        return err;
    return answer_host(out, find_address(a), pier_address_family(a));
}

void sim_names_reset(void)
{
    while (entries) {
        struct entry *e = entries;

        entries = e->next;
        free(e);
    }
}
