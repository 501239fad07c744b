/* SPDX-License-Identifier: MIT */
/*
 * recvmsg and sendmsg. An attempt that finds nothing leaves the message as it
 * was, so it is simply made again after the wait.
 */
#include "message.h"
#include "error.h"
#include "flags.h"
#include "state.h"
#include "trace.h"
#include "transfer.h"
#include <pier/constants.h>
#include <pier/message_info.h>

struct message_io {
    struct pieri_io io;
    struct pier_message *message;
};

/* --------------------------------------------------------- one message --- */

pier_err pieri_message_check(const struct pier_message *m)
{
    size_t left = PTRDIFF_MAX;

    /* More cannot be in memory: the count is a negative one. */
    if ((!m->buffers && m->buffer_count > 0) ||
        m->buffer_count > PTRDIFF_MAX / sizeof(*m->buffers) ||
        (!m->control && m->control_length > 0))
        return PIER_EINVAL;
    for (size_t i = 0; i < m->buffer_count; i++) {
        const struct pier_buffer *b = &m->buffers[i];

        if ((!b->base && b->length > 0) || b->length > left)
            return PIER_EINVAL;
        left -= b->length;
    }
    return PIER_OK;
}

size_t pieri_message_bytes(const struct pier_message *m)
{
    size_t bytes = 0;

    for (size_t i = 0; i < m->buffer_count; i++)
        bytes += m->buffers[i].length;
    return bytes;
}

bool pieri_message_is_empty(const struct pier_message *m)
{
    return m->control_length == 0 && pieri_message_bytes(m) == 0;
}

void pieri_message_nothing(struct pier_message *m)
{
    m->control_length = 0;
    m->flags = 0;
    if (m->address)
        m->address->length = 0;
}

ptrdiff_t pieri_message_receive(const struct pier_socket *s,
                                struct pier_message *m, int flags)
{
    if (s->layer)
        return PIER_EOPNOTSUPP;
    if (pieri_ended(s, PIERI_RECEIVING)) {
        pieri_message_nothing(m);
        return 0;
    }
    return pierp_recvmsg(s->handle, m, flags);
}

void pieri_message_refused(const struct pier_socket *s,
                           const struct pier_message *m, ptrdiff_t result,
                           struct pieri_io *io)
{
    if (m->address)
        pieri_pause_if_full(s, io, result);
}

ptrdiff_t pieri_message_send(const struct pier_socket *s,
                             const struct pier_message *m, struct pieri_io *io)
{
    ptrdiff_t n;

    if (s->layer)
        return PIER_EOPNOTSUPP;
    n = pierp_sendmsg(s->handle, m, io->flags);
    pieri_message_refused(s, m, n, io);
    return n;
}

pier_err pieri_message_skip(struct pier_socket *s, const char *operation)
{
    pier_err err = pieri_begin(s, operation);

    if (err)
        return err;
    err = (pier_err)pieri_leave(s, s->layer ? PIER_EOPNOTSUPP : PIER_OK);
    return err ? pieri_fail(operation, err, NULL) : PIER_OK;
}

/* ---------------------------------------------------- one attempt each --- */

static ptrdiff_t receive_once(struct pier_socket *s, struct pieri_io *io)
{
    const struct message_io *m = (struct message_io *)io;

    return pieri_message_receive(s, m->message, io->flags);
}

static ptrdiff_t send_once(struct pier_socket *s, struct pieri_io *io)
{
    const struct message_io *m = (struct message_io *)io;

    return pieri_message_send(s, m->message, io);
}

static const struct pieri_operation receive = {
    "recvmsg", PIERI_RECEIVING, PIERP_READ, 0, receive_once,
};
static const struct pieri_operation send_stream = {
    "sendmsg", PIERI_SENDING, PIERP_WRITE, PIERI_WRITE_TURN, send_once,
};
static const struct pieri_operation send_datagram = {
    "sendmsg", PIERI_SENDING, PIERP_WRITE, 0, send_once,
};

static pier_err check(const struct pier_socket *s,
                      const struct pier_message *m, struct pieri_io *io,
                      const char *operation)
{
    if (!s || pieri_message_check(m))
        return pieri_fail(operation, PIER_EINVAL, io->to);
    return io->flags ? pieri_flags_take(io, operation) : PIER_OK;
}

/* -------------------------------------------------- until it is filled --- */

/* PIER_MSG_WAITALL on a stream: pieces until the buffers are full. A piece
 * with control data of its own is the last, since what came with the bytes
 * after it would have no room. */
struct whole_io {
    struct pieri_io io; /* done: bytes */
    struct pier_message *message;
    struct pier_message rest; /* with buffers of its own */
    size_t room;              /* for control data */
    size_t left;
};

enum {
    FEW = 16
};

static void advance(struct whole_io *w, size_t n)
{
    struct pier_buffer **at = &w->rest.buffers;

    w->io.done += n;
    w->left -= n;
    while (w->left > 0 && n >= (*at)->length) {
        n -= (*at)->length;
        (*at)++;
        w->rest.buffer_count--;
    }
    (*at)->base = (unsigned char *)(*at)->base + n;
    (*at)->length -= n;
}

/* Whether the control data tells of packets and no more: when they came, how
 * they were sent. Descriptors, credentials, kinds of records and what nobody
 * here knows belong to the very bytes they came with. */
static bool tells_of_packets(const struct pier_message *m)
{
    struct pier_control item = { .next = 0 };

    while (pier_control_next(m, &item)) {
        struct pier_message_info info = { .size = 0 };

        pierp_info_read(&info, &item);
        if (info.known == 0 || (info.known & PIER_INFO_CREDENTIALS))
            return false;
    }
    return item.next == m->control_length;
}

/* Of control data that was cut nobody knows what it was. */
static bool is_last(const struct whole_io *w)
{
    return (w->room > 0 && (w->rest.flags & PIER_MSG_CTRUNC)) ||
           !tells_of_packets(&w->rest);
}

/* Gives on what came with a piece: the address is that of the first, control
 * data the latest, as the kernel has it for the segments that it joins. */
static void note_piece(struct whole_io *w)
{
    struct pier_message *m = w->message;
    const bool is_first = w->io.done == 0;

    m->flags = is_first ? w->rest.flags : m->flags | w->rest.flags;
    if (is_first || w->rest.control_length > 0)
        m->control_length = w->rest.control_length;
    w->rest.address = NULL;
}

static ptrdiff_t receive_rest(struct pier_socket *s, struct pieri_io *io)
{
    struct whole_io *w = (struct whole_io *)io;
    ptrdiff_t n;

    io->goes_on = false;
    w->rest.control_length = w->room;
    n = pieri_message_receive(s, &w->rest, io->flags);
    if (n < 0)
        return n;
    note_piece(w);
    if (n == 0)
        return PIER_EEOF;
    advance(w, (size_t)n < w->left ? (size_t)n : w->left);
    io->goes_on = w->left > 0 && !is_last(w);
    return io->goes_on ? PIER_EAGAIN : 0;
}

static const struct pieri_operation receive_whole = {
    "recvmsg", PIERI_RECEIVING, PIERP_READ, PIERI_READ_TURN, receive_rest,
};

/* What came counts, whatever ended the wait for more. */
static ptrdiff_t receive_into(struct pier_socket *s, struct whole_io *w,
                              struct pier_buffer *buffers)
{
    ptrdiff_t result;

    for (size_t i = 0; i < w->rest.buffer_count; i++)
        buffers[i] = w->rest.buffers[i];
    w->rest.buffers = buffers;
    result = pieri_call(s, &receive_whole, &w->io);
    if (w->io.done > 0 || result == PIER_EEOF)
        return (ptrdiff_t)w->io.done;
    return result;
}

static ptrdiff_t receive_waiting(struct pier_socket *s,
                                 const struct message_io *m)
{
    struct whole_io w = { .io = m->io,
                          .message = m->message,
                          .rest = *m->message,
                          .room = m->message->control_length,
                          .left = pieri_message_bytes(m->message) };
    struct pier_buffer few[FEW];
    struct pier_buffer *many;
    ptrdiff_t result;

    if (w.rest.buffer_count <= FEW)
        return receive_into(s, &w, few);
    many = pierp_alloc(w.rest.buffer_count * sizeof(*many));
    if (!many)
        return pieri_fail(receive.name, PIER_ENOMEM, NULL);
    result = receive_into(s, &w, many);
    pierp_free(many);
    return result;
}

/* ------------------------------------------------------------- recvmsg --- */

static ptrdiff_t receive_nothing(struct pier_socket *s, struct pier_message *m)
{
    pier_err err = pieri_message_skip(s, receive.name);

    if (!err)
        pieri_message_nothing(m);
    return err;
}

static ptrdiff_t receive_now(struct pier_socket *s, struct pier_message *m,
                             int flags)
{
    struct message_io io = { .io = { .flags = flags }, .message = m };
    pier_err err;

    if (!m)
        return pieri_fail(receive.name, PIER_EINVAL, NULL);
    err = check(s, m, &io.io, receive.name);
    if (err)
        return err;
    if (pieri_is_stream(s) && pieri_message_is_empty(m))
        return receive_nothing(s, m);
    if (pieri_is_stream(s) && io.io.whole && pieri_message_bytes(m) > 0)
        return receive_waiting(s, &io);
    return pieri_call(s, &receive, &io.io);
}

ptrdiff_t pier_recvmsg(struct pier_socket *s, struct pier_message *m,
                       int flags)
{
    int64_t start = pieri_trace_begin();
    ptrdiff_t n = receive_now(s, m, flags);

    return pieri_trace_end(receive.name, s, n, start);
}

/* ------------------------------------------------------------- sendmsg --- */

static ptrdiff_t send_now(struct pier_socket *s, const struct pier_message *m,
                          int flags)
{
    struct message_io io = {
        .io = { .flags = flags },
        .message = (struct pier_message *)(uintptr_t)m,
    };
    pier_err err;

    if (!m)
        return pieri_fail(send_stream.name, PIER_EINVAL, NULL);
    io.io.to = m->address;
    err = check(s, m, &io.io, send_stream.name);
    if (err)
        return err;
    if (!pieri_is_stream(s))
        return pieri_call(s, &send_datagram, &io.io);
    if (pieri_message_is_empty(m))
        return pieri_message_skip(s, send_stream.name);
    return pieri_call(s, &send_stream, &io.io);
}

ptrdiff_t pier_sendmsg(struct pier_socket *s, const struct pier_message *m,
                       int flags)
{
    int64_t start = pieri_trace_begin();
    ptrdiff_t n = send_now(s, m, flags);

    return pieri_trace_end(send_stream.name, s, n, start);
}
