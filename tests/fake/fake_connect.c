/* SPDX-License-Identifier: MIT */
/* How connections come about. */
#include "inside.h"

#include <pier/constants.h>

#define BACKLOG_MAX 128

static pier_err bind_to(enum fake_function function, pier_handle h,
                        const struct pier_address *a)
{
    struct sim_socket *s;
    pier_err err = sim_enter_socket(function, h, &s);

    return err ? err : sim_fail(sim_bind(s, a));
}

pier_err pierp_bind(pier_handle h, const struct pier_address *a)
{
    return bind_to(FAKE_BIND, h, a);
}

pier_err pierp_bind_server(pier_handle h, const struct pier_address *a)
{
    return bind_to(FAKE_BIND_SERVER, h, a);
}

pier_err pierp_listen(pier_handle h, int backlog)
{
    struct sim_socket *s;
    pier_err err = sim_enter_socket(FAKE_LISTEN, h, &s);

    if (err)
        return err;
    if (!sim_is_stream(s))
        return sim_fail(PIER_EOPNOTSUPP);
    if (s->state != SIM_FRESH && s->state != SIM_LISTENING)
        return sim_fail(PIER_EINVAL);
    sim_bind_any(s);
    s->backlog = backlog < 0 || backlog > BACKLOG_MAX ? BACKLOG_MAX : backlog;
    s->state = SIM_LISTENING;
    return PIER_OK;
}

/* One more than the backlog waits, as most systems have it. */
static bool is_full(const struct sim_socket *listener)
{
    int waiting = 0;

    for (struct sim_socket *s = listener->queue; s; s = s->next_queued)
        waiting++;
    return waiting > listener->backlog;
}

void sim_queue(struct sim_socket *listener, struct sim_socket *s)
{
    struct sim_socket **place = &listener->queue;

    while (*place)
        place = &(*place)->next_queued;
    *place = s;
    s->next_queued = NULL;
    s->references++;
}

/* The end of the connection that the listener gives out. */
static void establish(struct sim_socket *s, struct sim_socket *listener)
{
    struct sim_socket *end =
        sim_socket_new(listener->family, listener->type, listener->protocol);

    end->local = s->remote;
    end->in_room = listener->in_room;
    sim_link(s, end);
    sim_queue(listener, end);
}

void sim_queue_moves(struct sim_socket *listener)
{
    for (struct sim_socket *s = sim_sockets(); s; s = s->next) {
        if (s->target != listener || is_full(listener))
            continue;
        s->target = NULL;
        establish(s, listener);
    }
}

pier_err pierp_accept(pier_handle *out, pier_handle h,
                      struct pier_address *peer)
{
    struct sim_socket *listener, *s;
    pier_err err = sim_enter_socket(FAKE_ACCEPT, h, &listener);

    if (err)
        return err;
    if (listener->state != SIM_LISTENING)
        return sim_fail(PIER_EINVAL);
    s = listener->queue;
    if (!s && !listener->nonblocking)
        sim_misuse("an accept would block: the handle is not non-blocking");
    if (!s)
        return sim_fail(PIER_EAGAIN);
    listener->queue = s->next_queued;
    err = s->state == SIM_DEAD ? s->error : PIER_OK;
    if (!err)
        *out = sim_handle_new(s);
    if (!err && peer)
        *peer = s->remote.length ? s->remote : sim_any(s->family);
    sim_socket_release(s);
    sim_queue_moves(listener);
    return sim_fail(err);
}

static void arrive(struct sim_socket *s, pier_err err)
{
    s->state = err ? SIM_FAILED : SIM_CONNECTED;
    s->error = err;
    if (!err)
        sim_link(s, sim_remote_socket(s));
}

static void arrive_later(struct sim_event *event)
{
    arrive(event->socket, event->code);
}

static pier_err meet_later(struct sim_socket *s, pier_err err, int64_t delay)
{
    struct sim_event *event = sim_event_new(delay, arrive_later);

    event->socket = s;
    event->code = err;
    s->state = SIM_CONNECTING;
    return PIER_EINPROGRESS;
}

static pier_err meet_remote(struct sim_socket *s,
                            const struct sim_remote *remote)
{
    pier_err err = PIER_OK;

    if (remote->behaviour == FAKE_REFUSES)
        err = PIER_ECONNREFUSED;
    if (remote->behaviour == FAKE_UNREACHABLE)
        err = PIER_EHOSTUNREACH;
    if (remote->behaviour == FAKE_IS_SILENT) {
        s->state = SIM_CONNECTING;
        return PIER_EINPROGRESS;
    }
    if (remote->delay >= 0)
        return meet_later(s, err, remote->delay);
    if (!err)
        arrive(s, PIER_OK);
    return err;
}

/* A path has one owner, whom sockets of another type find but never reach. */
static pier_err find_path(const struct sim_socket *s)
{
    const struct sim_socket *owner = sim_owner(&s->remote);

    if (sim_has_file(&s->remote) && !sim_file_exists(&s->remote))
        return PIER_ENOENT;
    if (!owner)
        return PIER_ECONNREFUSED;
    return owner->type == s->type ? PIER_OK : PIER_EPROTOTYPE;
}

static pier_err meet_path(struct sim_socket *s, struct sim_socket *listener)
{
    pier_err err = find_path(s);

    if (err)
        return err;
    if (!listener)
        return PIER_ECONNREFUSED;
    if (is_full(listener))
        return PIER_EAGAIN;
    establish(s, listener);
    return PIER_OK;
}

static pier_err meet_listener(struct sim_socket *s,
                              struct sim_socket *listener)
{
    if (s->family == PIER_AF_UNIX)
        return meet_path(s, listener);
    if (!listener)
        return meet_later(s, PIER_ECONNREFUSED, 0);
    if (is_full(listener)) {
        s->state = SIM_CONNECTING;
        s->target = listener;
    } else {
        establish(s, listener);
    }
    return PIER_EINPROGRESS;
}

static struct pier_address reached(const struct pier_address *a)
{
    struct pierp_endpoint e;
    unsigned sum = 0;

    if (pierp_address_unpack(&e, a))
        return *a;
    for (size_t i = 0; i < (e.family == PIER_AF_INET ? 4u : 16u); i++)
        sum += e.ip[i];
    if (sum)
        return *a;
    return e.family == PIER_AF_INET ? fake_loopback(e.port)
                                    : fake_loopback6(e.port);
}

static pier_err may_connect(const struct sim_socket *s,
                            const struct pier_address *a)
{
    if (pierp_address_family(a) != s->family)
        return PIER_EAFNOSUPPORT;
    if (s->state == SIM_CONNECTING)
        return PIER_EALREADY;
    if (!sim_is_stream(s) || s->state == SIM_FRESH || s->state == SIM_FAILED)
        return PIER_OK;
    return s->state == SIM_CONNECTED ? PIER_EISCONN : PIER_EINVAL;
}

pier_err pierp_connect(pier_handle h, const struct pier_address *a)
{
    const struct sim_remote *remote = sim_remote_find(a);
    struct sim_socket *s;
    pier_err err = sim_enter_socket(FAKE_CONNECT, h, &s);

    if (!err)
        err = sim_fail(may_connect(s, a));
    if (err)
        return err;
    sim_bind_any(s);
    s->remote = reached(a);
    if (!sim_is_stream(s)) {
        err = s->family == PIER_AF_UNIX ? find_path(s) : PIER_OK;
        if (!err)
            s->state = SIM_CONNECTED;
        return sim_fail(err);
    }
    err = remote ? meet_remote(s, remote)
                 : meet_listener(s, sim_lookup(&s->remote, s->type));
    if (err == PIER_EINPROGRESS && !s->nonblocking)
        sim_misuse("a connect would block: the handle is not non-blocking");
    return sim_fail(err);
}

pier_err pierp_connect_result(pier_handle h)
{
    struct sim_socket *s;
    pier_err err = sim_enter_socket(FAKE_CONNECT_RESULT, h, &s);

    if (err)
        return err;
    if (s->state == SIM_CONNECTING)
        return sim_fail(PIER_EINPROGRESS);
    err = s->error;
    s->error = PIER_OK;
    return sim_fail(err);
}

pier_err pierp_getsockname(pier_handle h, struct pier_address *out)
{
    struct sim_socket *s;
    pier_err err = sim_enter_socket(FAKE_GETSOCKNAME, h, &s);

    if (!err)
        *out = s->local.length ? s->local : sim_any(s->family);
    return err;
}

pier_err pierp_getpeername(pier_handle h, struct pier_address *out)
{
    struct sim_socket *s;
    pier_err err = sim_enter_socket(FAKE_GETPEERNAME, h, &s);

    if (err)
        return err;
    if (s->state != SIM_CONNECTED)
        return sim_fail(PIER_ENOTCONN);
    *out = s->remote.length ? s->remote : sim_any(s->family);
    return PIER_OK;
}
