/* SPDX-License-Identifier: MIT */
/*
 * The long way of receiving and sending: with flags, a layer, a cancel token,
 * a wait. The functions named *_once make one attempt; those named *_rest go
 * on where the attempt before stopped.
 */
#include "transfer.h"
#include "call.h"
#include "error.h"
#include "flags.h"
#include "state.h"
#include "trace.h"
#include <pier/constants.h>

static ptrdiff_t layered_receive(struct pier_socket *s, struct pieri_io *io)
{
    unsigned want = 0;
    ptrdiff_t n = s->layer->recv(s->layer_state, s->handle, io->buffer,
                                 io->length, io->flags, &want);

    io->want = (unsigned char)want;
    return n;
}

static ptrdiff_t layered_send(struct pier_socket *s, struct pieri_io *io)
{
    unsigned want = 0;
    ptrdiff_t n = s->layer->send(s->layer_state, s->handle, io->buffer,
                                 io->length, io->flags, &want);

    io->want = (unsigned char)want;
    return n;
}

ptrdiff_t pieri_receive_once(struct pier_socket *s, struct pieri_io *io)
{
    if (s->layer)
        return layered_receive(s, io);
    if (pieri_ended(s, PIERI_RECEIVING))
        return 0;
    return pierp_recv(s->handle, io->buffer, io->length, io->flags);
}

struct receive_from_io {
    struct pieri_io io;
    struct pier_address *from;
};

static ptrdiff_t receive_from_once(struct pier_socket *s, struct pieri_io *io)
{
    const struct receive_from_io *r = (struct receive_from_io *)io;

    if (s->layer)
        return PIER_EOPNOTSUPP;
    if (pieri_ended(s, PIERI_RECEIVING)) {
        if (r->from)
            r->from->length = 0;
        return 0;
    }
    return pierp_recvfrom(s->handle, io->buffer, io->length, io->flags,
                          r->from);
}

ptrdiff_t pieri_send_once(struct pier_socket *s, struct pieri_io *io)
{
    if (s->layer)
        return layered_send(s, io);
    return pierp_send(s->handle, io->buffer, io->length, io->flags);
}

/* Between two tries to send to an AF_UNIX socket whose queue is full: the
 * sender is ready all the while, and nothing announces room there. */
enum {
    FULL_QUEUE_PAUSE_MS = 2
};

void pieri_pause_if_full(const struct pier_socket *s, struct pieri_io *io,
                         ptrdiff_t result)
{
    if (result == PIER_EAGAIN && s->family == PIER_AF_UNIX &&
        !pieri_is_stream(s))
        io->pause_ms = FULL_QUEUE_PAUSE_MS;
}

static ptrdiff_t send_to_once(struct pier_socket *s, struct pieri_io *io)
{
    ptrdiff_t n;

    if (s->layer)
        return PIER_EOPNOTSUPP;
    n = pierp_sendto(s->handle, io->buffer, io->length, io->flags, io->to);
    pieri_pause_if_full(s, io, n);
    return n;
}

/* Takes n bytes off what is left to do. With PIER_MSG_TRUNC a datagram may
 * have been longer than the room for it. */
static void advance(struct pieri_io *io, ptrdiff_t n)
{
    size_t count = (size_t)n < io->length ? (size_t)n : io->length;

    io->buffer = (unsigned char *)io->buffer + count;
    io->length -= count;
    io->done += count;
}

/* After one of several pieces: what may end the call is looked at before the
 * next one, however fast the peer is. */
static ptrdiff_t end_piece(struct pieri_io *io, ptrdiff_t n)
{
    io->goes_on = false;
    if (n < 0)
        return n;
    advance(io, n);
    io->goes_on = io->length > 0;
    return io->goes_on ? PIER_EAGAIN : 0;
}

static ptrdiff_t receive_rest(struct pier_socket *s, struct pieri_io *io)
{
    ptrdiff_t n = pieri_receive_once(s, io);

    return end_piece(io, n == 0 ? PIER_EEOF : n);
}

static ptrdiff_t send_rest(struct pier_socket *s, struct pieri_io *io)
{
    return end_piece(io, pieri_send_once(s, io));
}

static const struct pieri_operation receive = {
    "recv", PIERI_RECEIVING, PIERP_READ, 0, pieri_receive_once,
};
static const struct pieri_operation receive_from = {
    "recvfrom", PIERI_RECEIVING, PIERP_READ, 0, receive_from_once,
};
static const struct pieri_operation receive_all = {
    "recvall", PIERI_RECEIVING, PIERP_READ, PIERI_READ_TURN, receive_rest,
};
static const struct pieri_operation receive_whole = {
    "recv", PIERI_RECEIVING, PIERP_READ, PIERI_READ_TURN, receive_rest,
};
static const struct pieri_operation send_stream = {
    "send", PIERI_SENDING, PIERP_WRITE, PIERI_WRITE_TURN, pieri_send_once,
};
static const struct pieri_operation send_datagram = {
    "send", PIERI_SENDING, PIERP_WRITE, 0, pieri_send_once,
};
static const struct pieri_operation send_stream_to = {
    "sendto", PIERI_SENDING, PIERP_WRITE, PIERI_WRITE_TURN, send_to_once,
};
static const struct pieri_operation send_datagram_to = {
    "sendto", PIERI_SENDING, PIERP_WRITE, 0, send_to_once,
};
static const struct pieri_operation send_all = {
    "sendall", PIERI_SENDING, PIERP_WRITE, PIERI_WRITE_TURN, send_rest,
};

/* Nothing to move on a stream: no system call, but a closed socket is told. */
static pier_err move_nothing(struct pier_socket *s, const char *operation)
{
    pier_err err = pieri_begin(s, operation);

    return err ? err : pieri_end(s, operation, PIER_OK, NULL);
}

/* Refuses what is missing, and answers the flags that are pier's own. */
static pier_err check(const struct pier_socket *s, struct pieri_io *io,
                      const char *operation)
{
    if (!s || (!io->buffer && io->length > 0))
        return pieri_fail(operation, PIER_EINVAL, io->to);
    return io->flags ? pieri_flags_take(io, operation) : PIER_OK;
}

/* PIER_MSG_WAITALL: what came counts, whatever ended the wait for more. */
static ptrdiff_t receive_waiting(struct pier_socket *s, struct pieri_io *io)
{
    ptrdiff_t result = pieri_call(s, &receive_whole, io);

    if (io->done > 0 || result == PIER_EEOF)
        return (ptrdiff_t)io->done;
    return result;
}

/* Runs an operation, or goes on with it after its first attempt. */
static ptrdiff_t run(struct pier_socket *s,
                     const struct pieri_operation *operation,
                     struct pieri_io *io, ptrdiff_t first)
{
    if (first < 0)
        return pieri_call_on(s, operation, io, first);
    return pieri_call(s, operation, io);
}

static ptrdiff_t receive_now(struct pier_socket *s, void *buffer,
                             size_t length, int flags, ptrdiff_t first)
{
    struct pieri_io io = { .buffer = buffer,
                           .length = length,
                           .flags = flags };
    pier_err err = check(s, &io, receive.name);

    if (err)
        return err;
    if (length == 0 && pieri_is_stream(s))
        return move_nothing(s, receive.name);
    if (io.whole && pieri_is_stream(s))
        return receive_waiting(s, &io);
    return run(s, &receive, &io, first);
}

static ptrdiff_t receive_from_now(struct pier_socket *s,
                                  const struct pieri_room *room, int flags,
                                  ptrdiff_t first)
{
    struct receive_from_io r = {
        .io = { .buffer = room->buffer,
                .length = room->length,
                .flags = flags },
        .from = room->from,
    };
    ptrdiff_t n;
    pier_err err = check(s, &r.io, receive_from.name);

    if (err)
        return err;
    if (!pieri_is_stream(s) || (r.io.length > 0 && !r.io.whole))
        return run(s, &receive_from, &r.io, first);
    n = r.io.length > 0 ? receive_waiting(s, &r.io)
                        : move_nothing(s, receive_from.name);
    /* A stream has no sender to tell. */
    if (n >= 0 && room->from)
        room->from->length = 0;
    return n;
}

static ptrdiff_t send_now(struct pier_socket *s, const void *buffer,
                          size_t length, int flags, ptrdiff_t first)
{
    struct pieri_io io = { .buffer = (void *)(uintptr_t)buffer,
                           .length = length,
                           .flags = flags };
    pier_err err = check(s, &io, send_stream.name);

    if (err)
        return err;
    if (!pieri_is_stream(s))
        return run(s, &send_datagram, &io, first);
    if (length == 0)
        return move_nothing(s, send_stream.name);
    return run(s, &send_stream, &io, first);
}

static ptrdiff_t send_to_now(struct pier_socket *s,
                             const struct pieri_message *m, int flags,
                             ptrdiff_t first)
{
    struct pieri_io io = { .buffer = (void *)(uintptr_t)m->buffer,
                           .length = m->length,
                           .flags = flags,
                           .to = m->to };
    pier_err err = check(s, &io, send_stream_to.name);

    if (err)
        return err;
    if (pieri_is_stream(s) && io.length == 0)
        return move_nothing(s, send_stream_to.name);
    return run(s, pieri_is_stream(s) ? &send_stream_to : &send_datagram_to,
               &io, first);
}

static pier_err receive_all_now(struct pier_socket *s, void *buffer,
                                size_t length, int flags, size_t *received)
{
    struct pieri_io io = { .buffer = buffer,
                           .length = length,
                           .flags = flags };
    pier_err err = check(s, &io, receive_all.name);

    if (!err && length == 0) {
        err = move_nothing(s, receive_all.name);
    } else if (!err && (flags & PIER_MSG_PEEK)) {
        err = pieri_fail(receive_all.name, PIER_EINVAL, NULL);
    } else if (!err) {
        err = (pier_err)pieri_call(s, &receive_all, &io);
    }
    if (received)
        *received = io.done;
    return err;
}

static pier_err send_all_now(struct pier_socket *s, const void *buffer,
                             size_t length, int flags, size_t *sent)
{
    struct pieri_io io = { .buffer = (void *)(uintptr_t)buffer,
                           .length = length,
                           .flags = flags };
    pier_err err = check(s, &io, send_all.name);

    if (!err && length == 0 && pieri_is_stream(s)) {
        err = move_nothing(s, send_all.name);
    } else if (!err) {
        err = (pier_err)pieri_call(s, &send_all, &io);
    }
    if (sent)
        *sent = io.done;
    return err;
}

ptrdiff_t pieri_receive(struct pier_socket *s, void *buffer, size_t length,
                        int flags, ptrdiff_t first)
{
    int64_t start = pieri_trace_begin();
    ptrdiff_t n = receive_now(s, buffer, length, flags, first);

    return pieri_trace_end(receive.name, s, n, start);
}

ptrdiff_t pieri_receive_from(struct pier_socket *s,
                             const struct pieri_room *room, int flags,
                             ptrdiff_t first)
{
    int64_t start = pieri_trace_begin();
    ptrdiff_t n = receive_from_now(s, room, flags, first);

    return pieri_trace_end(receive_from.name, s, n, start);
}

ptrdiff_t pieri_send(struct pier_socket *s, const void *buffer, size_t length,
                     int flags, ptrdiff_t first)
{
    int64_t start = pieri_trace_begin();
    ptrdiff_t n = send_now(s, buffer, length, flags, first);

    return pieri_trace_end(send_stream.name, s, n, start);
}

ptrdiff_t pieri_send_to(struct pier_socket *s, const struct pieri_message *m,
                        int flags, ptrdiff_t first)
{
    int64_t start = pieri_trace_begin();
    ptrdiff_t n = send_to_now(s, m, flags, first);

    return pieri_trace_end(send_stream_to.name, s, n, start);
}

pier_err pier_recvall(struct pier_socket *s, void *buffer, size_t length,
                      int flags, size_t *received)
{
    int64_t start = pieri_trace_begin();
    pier_err err = receive_all_now(s, buffer, length, flags, received);

    return (pier_err)pieri_trace_end(receive_all.name, s, err, start);
}

pier_err pier_sendall(struct pier_socket *s, const void *buffer, size_t length,
                      int flags, size_t *sent)
{
    int64_t start = pieri_trace_begin();
    pier_err err = send_all_now(s, buffer, length, flags, sent);

    return (pier_err)pieri_trace_end(send_all.name, s, err, start);
}
