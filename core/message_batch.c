/* SPDX-License-Identifier: MIT */
/*
 * Several messages in one call. Datagrams go to the system as many as it takes
 * at once; on a stream each is a piece of its own, and the first that is cut
 * short is the last, since what follows would be out of order.
 */
#include "error.h"
#include "flags.h"
#include "message.h"
#include "state.h"
#include "trace.h"
#include <pier/constants.h>

struct batch_io {
    struct pieri_io io; /* done: messages */
    struct pier_datagram *datagrams;
    size_t count;
};

/* What the system is asked for at once. */
static size_t next_few(const struct batch_io *b)
{
    size_t left = b->count - b->io.done;

    return left < PIERP_BATCH_MAX ? left : PIERP_BATCH_MAX;
}

/* A failure ends what waits for nothing more, once something has come. */
static ptrdiff_t end_receiving(const struct pieri_io *io, ptrdiff_t failure)
{
    return io->done > 0 && !io->whole ? (ptrdiff_t)io->done : failure;
}

/* --------------------------------------------------------- datagrams --- */

static ptrdiff_t receive_datagrams(struct pier_socket *s, struct pieri_io *io)
{
    struct batch_io *b = (struct batch_io *)io;

    if (s->layer)
        return PIER_EOPNOTSUPP;
    while (io->done < b->count && !pieri_ended(s, PIERI_RECEIVING)) {
        const size_t few = next_few(b);
        ptrdiff_t n =
            pierp_recvmmsg(s->handle, b->datagrams + io->done, few, io->flags);

        if (n < 0)
            return end_receiving(io, n);
        io->done += (size_t)n;
        if ((size_t)n < few && !io->whole)
            break;
    }
    return (ptrdiff_t)io->done;
}

static ptrdiff_t send_datagrams(struct pier_socket *s, struct pieri_io *io)
{
    const struct batch_io *b = (struct batch_io *)io;

    if (s->layer)
        return PIER_EOPNOTSUPP;
    while (io->done < b->count) {
        ptrdiff_t n = pierp_sendmmsg(s->handle, b->datagrams + io->done,
                                     next_few(b), io->flags);

        pieri_message_refused(s, &b->datagrams[io->done].message, n, io);
        if (n < 0)
            return n;
        io->done += (size_t)n;
    }
    return (ptrdiff_t)io->done;
}

/* ------------------------------------------------------------- pieces --- */

static ptrdiff_t receive_piece(const struct pier_socket *s,
                               struct pier_message *m, int flags)
{
    if (!pieri_message_is_empty(m))
        return pieri_message_receive(s, m, flags);
    pieri_message_nothing(m);
    return 0;
}

static ptrdiff_t receive_pieces(struct pier_socket *s, struct pieri_io *io)
{
    struct batch_io *b = (struct batch_io *)io;

    while (io->done < b->count) {
        struct pier_datagram *d = &b->datagrams[io->done];
        ptrdiff_t n = receive_piece(s, &d->message, io->flags);

        if (n < 0)
            return end_receiving(io, n);
        if (n == 0 && pieri_message_bytes(&d->message) > 0)
            break; /* the end of the stream is no message */
        d->result = n;
        io->done++;
    }
    return (ptrdiff_t)io->done;
}

static ptrdiff_t send_pieces(struct pier_socket *s, struct pieri_io *io)
{
    struct batch_io *b = (struct batch_io *)io;

    while (io->done < b->count) {
        struct pier_datagram *d = &b->datagrams[io->done];
        const struct pier_message *m = &d->message;
        ptrdiff_t n =
            pieri_message_is_empty(m) ? 0 : pieri_message_send(s, m, io);

        if (n < 0)
            return n;
        d->result = n;
        io->done++;
        if ((size_t)n < pieri_message_bytes(m))
            break;
    }
    return (ptrdiff_t)io->done;
}

static const struct pieri_operation receive_stream = {
    "recvmmsg", PIERI_RECEIVING, PIERP_READ, 0, receive_pieces,
};
static const struct pieri_operation receive_datagram = {
    "recvmmsg", PIERI_RECEIVING, PIERP_READ, 0, receive_datagrams,
};
static const struct pieri_operation send_stream = {
    "sendmmsg", PIERI_SENDING, PIERP_WRITE, PIERI_WRITE_TURN, send_pieces,
};
static const struct pieri_operation send_datagram = {
    "sendmmsg", PIERI_SENDING, PIERP_WRITE, 0, send_datagrams,
};

/* --------------------------------------------------------------- calls --- */

static pier_err check(const struct pier_socket *s, struct batch_io *b,
                      const char *operation)
{
    /* More cannot be in memory: the count is a negative one. */
    if (!s || (!b->datagrams && b->count > 0) ||
        b->count > PTRDIFF_MAX / sizeof(*b->datagrams))
        return pieri_fail(operation, PIER_EINVAL, NULL);
    for (size_t i = 0; i < b->count; i++) {
        if (pieri_message_check(&b->datagrams[i].message))
            return pieri_fail(operation, PIER_EINVAL, NULL);
    }
    return b->io.flags ? pieri_flags_take(&b->io, operation) : PIER_OK;
}

/* What came or went counts, whatever ended the call after it. */
static ptrdiff_t run(struct pier_socket *s, struct batch_io *b,
                     const struct pieri_operation *stream,
                     const struct pieri_operation *datagram)
{
    pier_err err = check(s, b, stream->name);
    ptrdiff_t result;

    if (err)
        return err;
    if (b->count == 0)
        return pieri_message_skip(s, stream->name);
    result = pieri_call(s, pieri_is_stream(s) ? stream : datagram, &b->io);
    return b->io.done > 0 ? (ptrdiff_t)b->io.done : result;
}

ptrdiff_t pier_recvmmsg(struct pier_socket *s, struct pier_datagram *d,
                        size_t count, int flags)
{
    struct batch_io b = { { .flags = flags }, d, count };
    int64_t start = pieri_trace_begin();
    ptrdiff_t n = run(s, &b, &receive_stream, &receive_datagram);

    return pieri_trace_end(receive_stream.name, s, n, start);
}

ptrdiff_t pier_sendmmsg(struct pier_socket *s, struct pier_datagram *d,
                        size_t count, int flags)
{
    struct batch_io b = { { .flags = flags }, d, count };
    int64_t start = pieri_trace_begin();
    ptrdiff_t n = run(s, &b, &send_stream, &send_datagram);

    return pieri_trace_end(send_stream.name, s, n, start);
}
