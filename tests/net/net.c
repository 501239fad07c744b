/* SPDX-License-Identifier: MIT */
#include "net.h"
#include "thread.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct pier_socket *kept[SOCKETS_MAX];
static size_t kept_count;

static struct pier_address paths[SOCKETS_MAX];
static size_t path_count;

struct pier_socket *keep(struct pier_socket *s)
{
    CHECK(kept_count < SOCKETS_MAX);
    kept[kept_count++] = s;
    return s;
}

void let_go(struct pier_socket *s)
{
    for (size_t i = 0; i < kept_count; i++) {
        if (kept[i] == s)
            kept[i] = NULL;
    }
    pier_free(s);
}

static void remove_path(const struct pier_address *a)
{
    char text[128] = "";
    size_t length;
    const void *path = pier_address_path(a, &length);

    memcpy(text, path, length);
    (void)remove(text);
}

int free_sockets(void **state)
{
    (void)state;
    for (size_t i = 0; i < kept_count; i++)
        pier_free(kept[i]);
    kept_count = 0;
    for (size_t i = 0; i < path_count; i++)
        remove_path(&paths[i]);
    path_count = 0;
    return 0;
}

struct pier_address loopback(int family, int port)
{
    struct pier_address a;

    if (family == PIER_AF_INET6) {
        CHECK_OK(pier_address_inet6(&a, "::1", port, 0, 0));
    } else {
        CHECK_OK(pier_address_inet(&a, "127.0.0.1", port));
    }
    return a;
}

struct pier_address name_of(struct pier_socket *s)
{
    struct pier_address a;

    CHECK_OK(pier_getsockname(s, &a));
    return a;
}

static bool can_bind(const struct pier_address *a)
{
    struct pier_socket *s;
    pier_err err = pier_open(&s, pier_address_family(a), PIER_SOCK_DGRAM, 0);

    if (!err)
        err = pier_bind(s, a);
    pier_free(s);
    return !err;
}

bool has_ipv6(void)
{
    struct pier_address a = loopback(PIER_AF_INET6, ANY_PORT);

    return can_bind(&a);
}

bool has_unix(void)
{
    struct pier_socket *s;
    pier_err err;

    if (!PIER_HAVE_AF_UNIX)
        return false;
    err = pier_open(&s, PIER_AF_UNIX, PIER_SOCK_STREAM, 0);
    pier_free(s);
    return !err;
}

struct pier_address unix_path(void)
{
    char text[64];
    int length =
        snprintf(text, sizeof(text), "net-%llx-%u.sock",
                 (unsigned long long)pier_monotonic(), (unsigned)path_count);

    CHECK(path_count < SOCKETS_MAX);
    CHECK_OK(pier_address_unix(&paths[path_count], text, (size_t)length));
    return paths[path_count++];
}

struct pier_socket *open_socket(int family, int type)
{
    struct pier_socket *s;

    CHECK_OK(pier_open(&s, family, type, 0));
    return keep(s);
}

struct pier_socket *open_bound(int family, int type)
{
    struct pier_socket *s = open_socket(family, type);
    struct pier_address a =
        family == PIER_AF_UNIX ? unix_path() : loopback(family, ANY_PORT);

    CHECK_OK(pier_bind(s, &a));
    return s;
}

struct pier_socket *open_listener(int family, int backlog)
{
    struct pier_socket *s = open_bound(family, PIER_SOCK_STREAM);

    CHECK_OK(pier_listen(s, backlog));
    return s;
}

struct pier_address closed_port(void)
{
    struct pier_socket *s = open_bound(PIER_AF_INET, PIER_SOCK_STREAM);
    struct pier_address where = name_of(s);

    let_go(s);
    return where;
}

struct pier_socket *accept_one(struct pier_socket *listener)
{
    struct pier_socket *s;

    CHECK_OK(pier_accept(&s, listener, NULL));
    return keep(s);
}

/* Somebody who meant an earlier listener on this port may come first. */
static struct pier_socket *accept_from(struct pier_socket *listener,
                                       struct pier_socket *s)
{
    const struct pier_address own = name_of(s);
    struct pier_socket *accepted = accept_one(listener);
    struct pier_address peer;

    while (pier_family(s) != PIER_AF_UNIX &&
           !(pier_getpeername(accepted, &peer) == PIER_OK &&
             pier_address_equal(&own, &peer))) {
        let_go(accepted);
        accepted = accept_one(listener);
    }
    return accepted;
}

void open_streams(int family, struct pier_socket *ends[2])
{
    struct pier_socket *listener = open_listener(family, 8);
    struct pier_address where = name_of(listener);

    ends[0] = open_socket(family, PIER_SOCK_STREAM);
    CHECK_OK(pier_connect(ends[0], &where));
    ends[1] = accept_from(listener, ends[0]);
    let_go(listener);
}

void open_datagrams(int family, struct pier_socket *ends[2])
{
    ends[0] = open_bound(family, PIER_SOCK_DGRAM);
    ends[1] = open_bound(family, PIER_SOCK_DGRAM);
}

void open_pair(int family, int type, struct pier_socket *ends[2])
{
    CHECK_OK(pier_socketpair(ends, family, type, 0));
    keep(ends[0]);
    keep(ends[1]);
}

/* Whether anything was taken now, to the last byte: there may be room for that
 * where a system waits for more of it before it calls that room. */
static bool takes_some(struct pier_socket *s, const char *zeros, size_t length)
{
    bool any = false;

    for (size_t piece = length; piece > 0; piece /= 256) {
        ptrdiff_t n;

        while ((n = pier_send(s, zeros, piece, PIER_MSG_DONTWAIT)) > 0)
            any = true;
        CHECK_ERR(n, PIER_EAGAIN);
    }
    return any;
}

/* What was taken may still be moving to the other side's buffer, so the end
 * is when nothing more is taken for a while. */
void fill(struct pier_socket *s)
{
    static const char zeros[65536];
    pier_timeout usual = pier_get_send_timeout(s);
    ptrdiff_t n;

    CHECK_OK(pier_set_send_timeout(s, 60 * MS));
    do {
        n = pier_send(s, zeros, sizeof(zeros), 0);
    } while (n > 0);
    CHECK_ERR(n, PIER_EDEADLINE);
    while (takes_some(s, zeros, sizeof(zeros)))
        sleep_ms(10);
    CHECK_OK(pier_set_send_timeout(s, usual));
}

struct pier_address full_listener(int family)
{
    struct pier_address where = name_of(open_listener(family, 0));

    for (int i = 0; i < 3; i++) {
        struct pier_socket *s = open_socket(family, PIER_SOCK_STREAM);
        pier_err err;

        CHECK_OK(pier_settimeout(s, PIER_NONBLOCKING));
        err = pier_connect(s, &where);
        CHECK(err == PIER_OK || err == PIER_EINPROGRESS || err == PIER_EAGAIN);
    }
    return where;
}

void check_arrives(struct pier_socket *s, const char *text)
{
    char buffer[256];
    size_t length = strlen(text);

    CHECK(length <= sizeof(buffer));
    CHECK_OK(pier_recvall(s, buffer, length, 0, NULL));
    CHECK(memcmp(buffer, text, length) == 0);
}
