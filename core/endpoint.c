/* SPDX-License-Identifier: MIT */
/* Where a socket is and whom it talks to: names, bind, listen, accept,
 * connect, shutdown. */
#include "call.h"
#include "error.h"
#include "state.h"
#include "trace.h"
#include "wait.h"
#include <pier/constants.h>

pier_err pier_getsockname(struct pier_socket *s, struct pier_address *out)
{
    pier_err err;

    if (!out)
        return pieri_fail("getsockname", PIER_EINVAL, NULL);
    err = pieri_begin(s, "getsockname");
    if (err)
        return err;
    err = pierp_getsockname(s->handle, out);
    return pieri_end(s, "getsockname", err, NULL);
}

pier_err pier_getpeername(struct pier_socket *s, struct pier_address *out)
{
    pier_err err;

    if (!out)
        return pieri_fail("getpeername", PIER_EINVAL, NULL);
    err = pieri_begin(s, "getpeername");
    if (err)
        return err;
    err = pierp_getpeername(s->handle, out);
    return pieri_end(s, "getpeername", err, NULL);
}

pier_err pier_get_inheritable(struct pier_socket *s, bool *out)
{
    pier_err err;

    if (!out)
        return pieri_fail("get inheritable", PIER_EINVAL, NULL);
    err = pieri_begin(s, "get inheritable");
    if (err)
        return err;
    err = pierp_get_inheritable(s->handle, out);
    return pieri_end(s, "get inheritable", err, NULL);
}

pier_err pier_set_inheritable(struct pier_socket *s, bool on)
{
    pier_err err = pieri_begin(s, "set inheritable");

    if (err)
        return err;
    err = pierp_set_inheritable(s->handle, on);
    return pieri_end(s, "set inheritable", err, NULL);
}

static bool is_address(const struct pier_address *a)
{
    return a && a->length > 0 && a->length <= sizeof(a->storage.bytes);
}

static pier_err bind_now(struct pier_socket *s, const struct pier_address *a)
{
    pier_err err;

    if (!is_address(a))
        return pieri_fail("bind", PIER_EINVAL, NULL);
    err = pieri_begin(s, "bind");
    if (err)
        return err;
    return pieri_end(s, "bind", pierp_bind(s->handle, a), a);
}

static pier_err listen_now(struct pier_socket *s, int backlog)
{
    pier_err err = pieri_begin(s, "listen");

    if (err)
        return err;
    return pieri_end(s, "listen", pierp_listen(s->handle, backlog), NULL);
}

struct accept_io {
    struct pieri_io io;
    struct pier_address *peer;
    struct pier_socket *made; /* gets the listener's kind while it is inside */
    pier_handle accepted;
};

/* A listener that somebody else has shut down may go on for ever with dead
 * connections; the engine looks at what ends the call in between. */
enum {
    DEAD_CONNECTIONS_MAX = 64
};

/* A connection that died in the queue is nobody's failure: the next one. */
static ptrdiff_t accept_once(struct pier_socket *s, struct pieri_io *io)
{
    struct accept_io *a = (struct accept_io *)io;
    bool held;
    pier_err err = pieri_mode_hold(s, &held);

    if (err)
        return err;
    for (int dead = 0; dead < DEAD_CONNECTIONS_MAX; dead++) {
        err = pierp_accept(&a->accepted, s->handle, a->peer);
        if (err != PIER_ECONNABORTED)
            break;
    }
    if (held)
        pieri_mode_drop(s);
    if (!err)
        pieri_socket_set_kind(a->made, s);
    return err == PIER_ECONNABORTED ? PIER_EAGAIN : err;
}

static const struct pieri_operation accept_operation = {
    "accept", PIERI_RECEIVING, PIERP_READ, 0, accept_once,
};

static pier_err accept_into(struct pier_socket *accepted,
                            struct pier_socket *s, struct pier_address *peer)
{
    struct pier_address from;
    struct accept_io a = { .peer = peer ? &from : NULL,
                           .made = accepted,
                           .accepted = PIER_INVALID_HANDLE };
    pier_err err = (pier_err)pieri_call(s, &accept_operation, &a.io);

    if (err)
        return err;
    err = pieri_mode_apply(accepted, a.accepted);
    if (err) {
        pierp_close(a.accepted);
        return pieri_os_fail("accept", err, NULL);
    }
    pieri_socket_open(accepted, a.accepted);
    if (peer)
        *peer = from;
    return PIER_OK;
}

static pier_err accept_now(struct pier_socket **out, struct pier_socket *s,
                           struct pier_address *peer)
{
    struct pier_socket *accepted;
    pier_err err;

    if (!out)
        return pieri_fail("accept", PIER_EINVAL, NULL);
    *out = NULL;
    if (!s)
        return pieri_fail("accept", PIER_EINVAL, NULL);
    /* Made first, so that no connection is lost for want of memory. */
    accepted = pieri_socket_new(0, 0, 0);
    if (!accepted)
        return pieri_fail("accept", PIER_ENOMEM, NULL);
    err = accept_into(accepted, s, peer);
    if (err) {
        pieri_socket_discard(accepted);
    } else {
        *out = accepted;
    }
    return err;
}

struct connect_io {
    struct pieri_io io;
    bool started;
};

/* Between two tries of a connect to a full queue, which nothing announces. */
enum {
    FULL_QUEUE_PAUSE_MS = 5
};

static pier_err start_connect(struct pier_socket *s, struct connect_io *c)
{
    bool held;
    pier_err err = pieri_mode_hold(s, &held);

    if (err)
        return err;
    err = pierp_connect(s->handle, c->io.to);
    if (held)
        pieri_mode_drop(s);
    c->started = err == PIER_EINPROGRESS;
    c->io.pause_ms = err == PIER_EAGAIN ? FULL_QUEUE_PAUSE_MS : 0;
    return err;
}

/* Issued once; after that only its result is asked for. */
static ptrdiff_t connect_once(struct pier_socket *s, struct pieri_io *io)
{
    struct connect_io *c = (struct connect_io *)io;
    pier_err err =
        c->started ? pierp_connect_result(s->handle) : start_connect(s, c);

    return err == PIER_EINPROGRESS ? PIER_EAGAIN : err;
}

static const struct pieri_operation connect_operation = {
    "connect", PIERI_SENDING, PIERP_CONNECT, 0, connect_once,
};

static pier_err connect_now(struct pier_socket *s,
                            const struct pier_address *a)
{
    struct connect_io c = { .io = { .to = a } };
    pier_err err;

    if (!is_address(a))
        return pieri_fail("connect", PIER_EINVAL, NULL);
    err = (pier_err)pieri_call(s, &connect_operation, &c.io);
    if (err == PIER_EAGAIN && c.started)
        return pieri_os_fail("connect", PIER_EINPROGRESS, a);
    return err;
}

static ptrdiff_t shut_down_layer_once(struct pier_socket *s,
                                      struct pieri_io *io)
{
    unsigned want = 0;
    pier_err err =
        s->layer->shutdown(s->layer_state, s->handle, io->flags, &want);

    io->want = (unsigned char)want;
    return err;
}

static const struct pieri_operation shut_down_layer = {
    "shutdown",       PIERI_SENDING,        PIERP_WRITE,
    PIERI_WRITE_TURN, shut_down_layer_once,
};

static unsigned shut_by(int how)
{
    if (how == PIER_SHUT_RD)
        return PIERI_SHUT_RECEIVING;
    return how == PIER_SHUT_WR ? PIERI_SHUT_SENDING
                               : PIERI_SHUT_RECEIVING | PIERI_SHUT_SENDING;
}

static pier_err shut_down(struct pier_socket *s, int how)
{
    pier_err err = pierp_shutdown(s->handle, how);

    if (err)
        return err;
    pieri_state_shut(s, shut_by(how));
    /* Not every system tells a waiting call that its direction has ended. */
    pierp_lock(s);
    pieri_waiters_signal(&s->waiters, PIERI_FOR_READY);
    pierp_unlock(s);
    return PIER_OK;
}

static pier_err shutdown_now(struct pier_socket *s, int how)
{
    struct pieri_io io = { .flags = how };
    pier_err err;

    if (how < PIER_SHUT_RD || how > PIER_SHUT_RDWR)
        return pieri_fail("shutdown", PIER_EINVAL, NULL);
    if (!s)
        return pieri_fail("shutdown", PIER_EINVAL, NULL);
    if (s->layer)
        return (pier_err)pieri_call(s, &shut_down_layer, &io);
    err = pieri_begin(s, "shutdown");
    if (err)
        return err;
    return pieri_end(s, "shutdown", shut_down(s, how), NULL);
}

pier_err pier_bind(struct pier_socket *s, const struct pier_address *a)
{
    int64_t start = pieri_trace_begin();
    pier_err err = bind_now(s, a);

    return (pier_err)pieri_trace_end("bind", s, err, start);
}

pier_err pier_listen(struct pier_socket *s, int backlog)
{
    int64_t start = pieri_trace_begin();
    pier_err err = listen_now(s, backlog);

    return (pier_err)pieri_trace_end("listen", s, err, start);
}

pier_err pier_accept(struct pier_socket **out, struct pier_socket *s,
                     struct pier_address *peer)
{
    int64_t start = pieri_trace_begin();
    pier_err err = accept_now(out, s, peer);

    return (pier_err)pieri_trace_end("accept", s, err, start);
}

pier_err pier_connect(struct pier_socket *s, const struct pier_address *a)
{
    int64_t start = pieri_trace_begin();
    pier_err err = connect_now(s, a);

    return (pier_err)pieri_trace_end("connect", s, err, start);
}

pier_err pier_shutdown(struct pier_socket *s, int how)
{
    int64_t start = pieri_trace_begin();
    pier_err err = shutdown_now(s, how);

    return (pier_err)pieri_trace_end("shutdown", s, err, start);
}
