/* SPDX-License-Identifier: MIT */
/*
 * Two connected sockets. Where the system has no pair of the kind wanted, two
 * loopback sockets are connected to each other, and nobody else: a stream
 * takes only the connection that comes from the address its other end was
 * bound to beforehand, and drops every stranger who is quicker; a datagram
 * socket hears its peer only, and forgets what strangers sent before.
 */
#include "error.h"
#include "kind.h"
#include "mode.h"
#include "trace.h"
#include "wait.h"
#include "waiter.h"
#include <pier/constants.h>

/* A loopback connection takes microseconds. The limit is for a stranger who
 * floods the port; he makes the call fail, never hang. */
#define PAIR_LIMIT PIER_SECONDS(10)

struct pair {
    int family;
    int type;
    int protocol;
    int64_t deadline;
    struct pierp_wake *wake;
    pier_handle listener;
    pier_handle ends[2];
    struct pier_address names[2];
};

/* Opens a socket on the loopback address with a port of its own. */
static pier_err open_loopback(struct pair *p, pier_handle *out,
                              struct pier_address *name)
{
    struct pierp_endpoint loopback = { .family = p->family };
    struct pier_address address;
    pier_err err;

    if (p->family == PIER_AF_INET6) {
        loopback.ip[15] = 1;
    } else {
        loopback.ip[0] = 127;
        loopback.ip[3] = 1;
    }
    err = pierp_address_pack(&address, &loopback);
    if (!err)
        err = pierp_open(out, p->family, p->type, p->protocol);
    if (!err)
        err = pierp_bind_server(*out, &address);
    return err ? err : pierp_getsockname(*out, name);
}

static pier_err wait_for(struct pair *p, pier_handle h, unsigned want)
{
    struct pieri_wait wait = {
        .handle = h, .want = want, .deadline = p->deadline, .wake = p->wake
    };

    return pieri_wait(&wait);
}

/* One connection from the queue, kept if it comes from the other end. */
static pier_err accept_next(struct pair *p)
{
    struct pier_address peer;
    pier_handle h = PIER_INVALID_HANDLE;
    pier_err err = pierp_accept(&h, p->listener, &peer);

    if (err == PIER_EAGAIN)
        return wait_for(p, p->listener, PIERP_READ);
    if (err)
        return err == PIER_EINTR || err == PIER_ECONNABORTED ? PIER_OK : err;
    if (pier_address_equal(&peer, &p->names[1])) {
        p->ends[0] = h;
    } else {
        pierp_close(h);
    }
    return PIER_OK;
}

/* Takes the connection that comes from the other end; strangers go. */
static pier_err accept_own(struct pair *p)
{
    while (p->ends[0] == PIER_INVALID_HANDLE) {
        pier_err err = accept_next(p);

        if (err)
            return err;
        if (pieri_left(p->deadline) == 0)
            return PIER_EDEADLINE;
    }
    return PIER_OK;
}

static pier_err finish_connect(struct pair *p)
{
    struct pier_address peer;
    pier_err err = pierp_connect_result(p->ends[1]);

    while (err == PIER_EINPROGRESS) {
        err = wait_for(p, p->ends[1], PIERP_CONNECT);
        if (!err)
            err = pierp_connect_result(p->ends[1]);
    }
    if (!err)
        err = pierp_getpeername(p->ends[1], &peer);
    if (err)
        return err;
    return pier_address_equal(&peer, &p->names[0]) ? PIER_OK
                                                   : PIER_ECONNABORTED;
}

static pier_err connect_stream(struct pair *p)
{
    pier_err err = open_loopback(p, &p->listener, &p->names[0]);

    if (!err)
        err = pierp_listen(p->listener, 8);
    if (!err)
        err = open_loopback(p, &p->ends[1], &p->names[1]);
    if (err)
        return err;
    err = pierp_connect(p->ends[1], &p->names[0]);
    if (err && err != PIER_EINPROGRESS)
        return err;
    err = accept_own(p);
    return err ? err : finish_connect(p);
}

/* Once connected, only what strangers sent before that can be there. */
static pier_err forget_strangers(pier_handle h)
{
    unsigned char byte;
    ptrdiff_t n;

    do {
        n = pierp_recv(h, &byte, sizeof(byte), 0);
    } while (n >= 0 || n == PIER_EINTR);
    return n == PIER_EAGAIN ? PIER_OK : (pier_err)n;
}

static pier_err connect_datagram(struct pair *p)
{
    for (int i = 0; i < 2; i++) {
        pier_err err = open_loopback(p, &p->ends[i], &p->names[i]);

        if (err)
            return err;
    }
    for (int i = 0; i < 2; i++) {
        pier_err err = pierp_connect(p->ends[i], &p->names[1 - i]);

        if (!err)
            err = forget_strangers(p->ends[i]);
        if (err)
            return err;
    }
    return PIER_OK;
}

static pier_err emulate(struct pair *p)
{
    pier_err err;

    if (p->family != PIER_AF_INET && p->family != PIER_AF_INET6)
        return PIER_ENOTSUP;
    err = pierp_thread_wake(&p->wake);
    if (err)
        return err;
    p->deadline = pieri_deadline(PAIR_LIMIT);
    if (p->type == PIER_SOCK_STREAM) {
        err = connect_stream(p);
    } else if (p->type == PIER_SOCK_DGRAM) {
        err = connect_datagram(p);
    } else {
        err = PIER_ENOTSUP;
    }
    if (p->listener != PIER_INVALID_HANDLE)
        pierp_close(p->listener);
    if (pieri_waits_nested())
        pierp_wake_signal(p->wake);
    return err;
}

/* Whether the system has no such pair, which is not a lack of resources. */
static bool lacks_pairs(pier_err err)
{
    return err == PIER_EAFNOSUPPORT || err == PIER_EPROTONOSUPPORT ||
           err == PIER_ESOCKTNOSUPPORT || err == PIER_EPROTOTYPE ||
           err == PIER_ENOTSUP || err == PIER_ENOSYS;
}

/* The system's own pair, or the emulated one. */
static pier_err connect_ends(struct pair *p)
{
    bool any = p->family == PIER_AF_UNSPEC;
    pier_err err = PIER_EAFNOSUPPORT;

    if (!any && p->family != PIER_AF_UNIX)
        return emulate(p);
    if (PIER_HAVE_AF_UNIX)
        err = pierp_pair(p->ends, PIER_AF_UNIX, p->type, p->protocol);
    if (!err)
        p->family = PIER_AF_UNIX;
    if (!err || !any || !lacks_pairs(err))
        return err;
    p->family = PIER_AF_INET;
    return emulate(p);
}

static void close_ends(const struct pair *p)
{
    for (int i = 0; i < 2; i++) {
        if (p->ends[i] != PIER_INVALID_HANDLE)
            pierp_close(p->ends[i]);
    }
}

/* Gives both ends an object; they stay bare when this fails. */
static pier_err make_objects(struct pair *p, struct pier_socket *out[2],
                             bool never_block)
{
    struct pier_socket *made[2] = { NULL, NULL };
    pier_err err = PIER_OK;

    for (int i = 0; i < 2 && !err; i++) {
        made[i] = pieri_socket_new(p->family, p->type, p->protocol);
        if (made[i] && never_block)
            pieri_mode_never_block(made[i]);
        err = made[i] ? pieri_mode_apply(made[i], p->ends[i]) : PIER_ENOMEM;
    }
    for (int i = 0; i < 2; i++) {
        if (err) {
            pieri_socket_discard(made[i]);
            continue;
        }
        pieri_socket_open(made[i], p->ends[i]);
        out[i] = made[i];
    }
    return err;
}

static pier_err socketpair_now(struct pier_socket *out[2], int family,
                               int type, int protocol)
{
    struct pair p = {
        .family = family,
        .type = pieri_kind_type(type),
        .protocol = protocol,
        .listener = PIER_INVALID_HANDLE,
        .ends = { PIER_INVALID_HANDLE, PIER_INVALID_HANDLE },
    };
    pier_err err;

    if (!out)
        return pieri_fail("socketpair", PIER_EINVAL, NULL);
    out[0] = NULL;
    out[1] = NULL;
    err = pieri_kind_check(family, type, protocol);
    if (err)
        return pieri_fail("socketpair", err, NULL);
    err = pierp_start();
    if (!err)
        err = connect_ends(&p);
    if (!err)
        err = make_objects(&p, out, pieri_kind_never_blocks(type));
    if (err) {
        close_ends(&p);
        return pieri_os_fail("socketpair", err, NULL);
    }
    return PIER_OK;
}

pier_err pier_socketpair(struct pier_socket *out[2], int family, int type,
                         int protocol)
{
    int64_t start = pieri_trace_begin();
    pier_err err = socketpair_now(out, family, type, protocol);

    return (pier_err)pieri_trace_end("socketpair", out ? out[0] : NULL, err,
                                     start);
}
