/* SPDX-License-Identifier: MIT */
/*
 * Reading from a stream. What is received goes to the buffer of the stream,
 * which grows where a call needs more, and leaves it in the step that
 * completes the call: whatever ends a call before, nothing is lost. Only a
 * read of one receive, which is complete with it, may do without the buffer.
 */
#include "error.h"
#include "state.h"
#include "stream.h"
#include "trace.h"
#include "transfer.h"
#include <string.h>

/* Room that is made at once for a call that wants so much or more. */
#define STEP ((size_t)65536)

enum wish {
    ALL,      /* as much as there is room for */
    SOME,     /* anything */
    DELIMITED /* up to a delimiter */
};

/* A call. Its offsets count from the first byte that is held. */
struct reading {
    struct pieri_io io;
    struct pier_stream *st;
    enum wish wish;
    unsigned char *to;
    size_t room;
    const unsigned char *delimiter; /* NULL: the ends of UNIVERSAL */
    size_t delimiter_length;
    bool translates; /* "\r" and "\r\n" to "\n" */
    bool is_line;    /* there is room for a NUL as well */
    bool is_direct;  /* may be received without the buffer */
    bool is_peek;
    size_t looked;  /* bytes that were looked at */
    size_t found;   /* what they are when translated */
    size_t take;    /* bytes that complete the call */
    pier_err error; /* pier's own, and not the system's */
};

/* ---------------------------------------- what is there already --- */

/* Looks on until there is as much as the call has room for. */
static void measure(struct reading *r)
{
    const unsigned char *bytes = pieri_stream_first(r->st);
    size_t held = pieri_stream_held(r->st);

    if (!r->translates)
        r->found = r->looked = pieri_smaller(held, r->room);
    while (r->looked < held && r->found < r->room) {
        bool belongs = bytes[r->looked] == '\n' && r->looked > 0 &&
                       bytes[r->looked - 1] == '\r';

        r->looked++;
        r->found += !belongs;
    }
    r->take = r->looked;
}

/* The length up to the end of a line of UNIVERSAL; 0: there is none. */
static size_t through_any_end(const unsigned char *bytes, size_t from,
                              size_t length)
{
    const unsigned char *lf = memchr(bytes + from, '\n', length - from);
    size_t before = (lf ? (size_t)(lf - bytes) : length) - from;
    const unsigned char *cr = memchr(bytes + from, '\r', before);

    if (cr)
        return (size_t)(cr - bytes) + 1;
    return lf ? (size_t)(lf - bytes) + 1 : 0;
}

static size_t through_delimiter(const struct reading *r, size_t from,
                                size_t length)
{
    const unsigned char *bytes = pieri_stream_first(r->st);
    const size_t whole = r->delimiter_length;

    while (length - from >= whole) {
        const unsigned char *at =
            memchr(bytes + from, r->delimiter[0], length - from - whole + 1);

        if (!at)
            return 0;
        from = (size_t)(at - bytes);
        if (memcmp(at, r->delimiter, whole) == 0)
            return from + whole;
        from++;
    }
    return 0;
}

/* A delimiter may have begun before what was looked at. */
static bool is_delimited(struct reading *r)
{
    size_t held = pieri_stream_held(r->st);
    size_t length = pieri_smaller(held, r->room);
    size_t from = r->looked;

    if (!r->delimiter) {
        r->take = through_any_end(pieri_stream_first(r->st), from, length);
    } else {
        from -= pieri_smaller(from, r->delimiter_length - 1);
        r->take = through_delimiter(r, from, length);
    }
    if (r->take > 0)
        return true;
    r->looked = length;
    if (held > r->room)
        r->error = PIER_ETRUNCATED;
    return held > r->room;
}

/* Whether what is held completes the call: with take bytes, or an error. */
static bool is_complete(struct reading *r)
{
    if (r->wish == DELIMITED)
        return is_delimited(r);
    measure(r);
    return r->wish == SOME ? r->found > 0 : r->found == r->room;
}

/* As much as there is room for may be all there is: only the next byte, or
 * the end, tells. A line waits for that; a text may have no delimiter. */
static bool is_at_limit(const struct reading *r)
{
    return r->wish == DELIMITED && !r->is_line &&
           pieri_stream_held(r->st) == r->room;
}

static bool is_at_hand(struct pieri_io *io)
{
    struct reading *r = (struct reading *)io;

    return is_complete(r) || is_at_limit(r);
}

/* ----------------------------------------------------------- giving it --- */

static size_t translate(unsigned char *to, const unsigned char *from,
                        size_t length)
{
    size_t n = 0;

    for (size_t i = 0; i < length; i++) {
        if (from[i] == '\n' && i > 0 && from[i - 1] == '\r')
            continue;
        to[n++] = from[i] == '\r' ? '\n' : from[i];
    }
    return n;
}

static ptrdiff_t give(struct reading *r)
{
    const unsigned char *bytes = pieri_stream_first(r->st);
    size_t n = r->take;

    if (r->error)
        return 0;
    if (r->translates) {
        n = translate(r->to, bytes, r->take);
    } else if (n > 0) {
        memcpy(r->to, bytes, n);
    }
    if (r->is_line)
        r->to[n] = '\0';
    if (!r->is_peek)
        pieri_stream_take(r->st, r->take, r->translates);
    return (ptrdiff_t)n;
}

/* ------------------------------------------------------ the call --- */

/* How much of the delimiter is at the end of what is held. */
static size_t begun(const struct reading *r)
{
    size_t held = pieri_stream_held(r->st);
    const unsigned char *end = pieri_stream_first(r->st) + held;
    size_t n = pieri_smaller(r->delimiter_length - 1, held);

    while (n > 0 && memcmp(end - n, r->delimiter, n) != 0)
        n--;
    return n;
}

/* So much has to come, or may: a stream without a buffer asks for no more, and
 * so takes nothing that belongs to the next call. */
static size_t needed(const struct reading *r)
{
    size_t missing;

    if (r->wish == ALL || (r->wish == SOME && r->st->size == 0))
        return pieri_smaller(r->room - r->found, STEP);
    if (r->st->size > 0 || !r->delimiter ||
        pieri_stream_held(r->st) == r->room)
        return 1;
    missing = r->delimiter_length - begun(r);
    return pieri_smaller(missing, r->room - pieri_stream_held(r->st));
}

static ptrdiff_t receive_directly(struct pier_socket *s, struct reading *r)
{
    r->io.buffer = r->to;
    r->io.length = r->room;
    return pieri_receive_once(s, &r->io);
}

static ptrdiff_t end_with(struct reading *r, pier_err error)
{
    r->error = error;
    return 0;
}

static ptrdiff_t receive_more(struct reading *r)
{
    ptrdiff_t n = pieri_stream_fill(r->st, &r->io, needed(r));

    if (n == PIER_ENOMEM)
        return end_with(r, PIER_ENOMEM);
    if (n == PIER_EAGAIN && is_at_limit(r))
        return end_with(r, PIER_ETRUNCATED);
    if (n < 0)
        return n;
    if (n == 0)
        r->take = pieri_stream_held(r->st);
    if (n == 0 || is_complete(r))
        return give(r);
    r->io.goes_on = true;
    return PIER_EAGAIN;
}

static ptrdiff_t read_once(struct pier_socket *s, struct pieri_io *io)
{
    struct reading *r = (struct reading *)io;
    ptrdiff_t n;

    io->goes_on = false;
    if (is_complete(r)) {
        n = give(r);
    } else if (r->is_direct && !r->st->in.skips_lf) {
        n = receive_directly(s, r);
    } else {
        n = receive_more(r);
    }
    pieri_stream_tell(r->st);
    return n;
}

#define READS(name)                                                           \
    {                                                                         \
        name, PIERI_RECEIVING, PIERP_READ, PIERI_READ_TURN, read_once         \
    }

static const struct pieri_operation read_all = READS("stream_read");
static const struct pieri_operation read_some = READS("stream_read1");
static const struct pieri_operation peek = READS("stream_peek");
static const struct pieri_operation readline = READS("stream_readline");
static const struct pieri_operation readuntil = READS("stream_readuntil");

static bool is_readable(const struct reading *r)
{
    return r->st && r->st->reads && (r->to || r->room == 0);
}

static ptrdiff_t run(struct reading *r,
                     const struct pieri_operation *operation)
{
    ptrdiff_t n;

    r->io.is_at_hand = is_at_hand;
    r->room = pieri_smaller(r->room, PTRDIFF_MAX);
    n = pieri_call(r->st->socket, operation, &r->io);
    return r->error ? pieri_fail(operation->name, r->error, NULL) : n;
}

static ptrdiff_t read_bytes(struct reading *r,
                            const struct pieri_operation *operation)
{
    pier_err err;

    if (!is_readable(r))
        return pieri_fail(operation->name, PIER_EINVAL, NULL);
    if (r->room == 0) {
        /* No reason to wait, but a closed socket is told. */
        err = pieri_begin(r->st->socket, operation->name);
        return err ? err : pieri_leave(r->st->socket, 0);
    }
    r->translates = r->st->newline == PIER_NEWLINE_UNIVERSAL;
    r->is_direct =
        operation == &read_some && !r->translates && r->room >= r->st->size;
    return run(r, operation);
}

static ptrdiff_t read_line(struct reading *r)
{
    static const unsigned char crlf[] = { '\r', '\n' };
    int newline;

    if (!is_readable(r) || !r->to)
        return pieri_fail(readline.name, PIER_EINVAL, NULL);
    newline = r->st->newline;
    r->translates = newline == PIER_NEWLINE_UNIVERSAL;
    if (newline == PIER_NEWLINE_CRLF) {
        r->delimiter = crlf;
        r->delimiter_length = 2;
    } else if (!r->translates) {
        r->delimiter = crlf + 1;
        r->delimiter_length = 1;
    }
    return run(r, &readline);
}

static ptrdiff_t end(const struct pieri_operation *operation,
                     const struct pier_stream *st, ptrdiff_t result,
                     int64_t start)
{
    return pieri_trace_end(operation->name, st ? st->socket : NULL, result,
                           start);
}

ptrdiff_t pier_stream_read(struct pier_stream *st, void *buffer, size_t length)
{
    int64_t start = pieri_trace_begin();
    struct reading r = { .st = st, .wish = ALL, .to = buffer, .room = length };

    return end(&read_all, st, read_bytes(&r, &read_all), start);
}

ptrdiff_t pier_stream_read1(struct pier_stream *st, void *buffer,
                            size_t length)
{
    int64_t start = pieri_trace_begin();
    struct reading r = {
        .st = st, .wish = SOME, .to = buffer, .room = length
    };

    return end(&read_some, st, read_bytes(&r, &read_some), start);
}

ptrdiff_t pier_stream_peek(struct pier_stream *st, void *buffer, size_t length)
{
    int64_t start = pieri_trace_begin();
    struct reading r = {
        .st = st, .wish = SOME, .to = buffer, .room = length, .is_peek = true
    };

    return end(&peek, st, read_bytes(&r, &peek), start);
}

ptrdiff_t pier_stream_readline(struct pier_stream *st, char *buffer,
                               size_t capacity)
{
    int64_t start = pieri_trace_begin();
    struct reading r = { .st = st,
                         .wish = DELIMITED,
                         .to = (unsigned char *)buffer,
                         .room = capacity - 1,
                         .is_line = true };
    ptrdiff_t n = capacity > 0 ? read_line(&r)
                               : pieri_fail(readline.name, PIER_EINVAL, NULL);

    return end(&readline, st, n, start);
}

ptrdiff_t pier_stream_readuntil(struct pier_stream *st, void *buffer,
                                size_t capacity, const void *delimiter,
                                size_t delimiter_length)
{
    int64_t start = pieri_trace_begin();
    struct reading r = { .st = st,
                         .wish = DELIMITED,
                         .to = buffer,
                         .room = capacity,
                         .delimiter = delimiter,
                         .delimiter_length = delimiter_length };
    ptrdiff_t n = is_readable(&r) && delimiter && delimiter_length > 0
                      ? run(&r, &readuntil)
                      : pieri_fail(readuntil.name, PIER_EINVAL, NULL);

    return end(&readuntil, st, n, start);
}
