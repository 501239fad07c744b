/* SPDX-License-Identifier: MIT */
/*
 * A stream: what was received and is not read yet, and what was written and
 * is not sent yet. The turns of the socket guard them: every call that
 * touches one holds the turn of its direction, so a stream needs no lock.
 */
#ifndef PIERI_STREAM_H
#define PIERI_STREAM_H

#include "call.h"
#include <pier/stream.h>

/* The bytes of a buffer where there is to be none: for a line that is not
 * whole yet, and for turning "\n" into "\r\n". */
#define PIERI_STREAM_LEAST ((size_t)1024)

/* Guarded by the read turn. */
struct pieri_stream_in {
    unsigned char *bytes;
    size_t capacity;
    size_t start, end; /* 0 and 0 while nothing is held */
    size_t told;       /* of it to the socket, for pollers */
    /* A "\r" was taken that ended a line, and nothing was held after it: a
     * "\n" that comes next belongs to it. */
    bool skips_lf;
};

/* Guarded by the write turn. */
struct pieri_stream_out {
    unsigned char *bytes; /* room for one more than size, for "\r\n" */
    size_t size;
    size_t start, end; /* 0 and 0 while nothing is held */
    size_t due;        /* so many are to be sent before more is taken */
};

struct pier_stream {
    struct pier_socket *socket;
    bool reads, writes;
    bool sends_lines;    /* PIER_BUFFER_LINE */
    size_t size;         /* of the buffers; 0: calls keep nothing there that
                          * they need not */
    _Atomic int newline; /* enum pier_newline */
    _Atomic int error;   /* of a send, which the next call is to tell; or 0 */
    _Atomic int native;  /* its native code */
    struct pieri_stream_in in;
    struct pieri_stream_out out;
};

static inline size_t pieri_smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* ------------------------- the buffer for reading (stream_in.c); the read
 * turn is held --- */

static inline size_t pieri_stream_held(const struct pier_stream *st)
{
    return st->in.end - st->in.start;
}

static inline const unsigned char *
pieri_stream_first(const struct pier_stream *st)
{
    return st->in.bytes + st->in.start;
}

/*
 * One attempt to receive behind what is held, which gets room for as many as
 * needed: a count, 0 at the end, or a code (PIER_ENOMEM: of this process). A
 * stream without a buffer asks for no more than that. What came may be one
 * "\n" that is skipped: then nothing more is held than before.
 */
ptrdiff_t pieri_stream_fill(struct pier_stream *st, struct pieri_io *io,
                            size_t needed);

/* Takes so many bytes away, and a "\n" after a "\r" if it ends a line with
 * it. */
void pieri_stream_take(struct pier_stream *st, size_t length, bool ends_at_cr);

/* Tells the socket's pollers what is held, and wakes them for the first of
 * it. */
void pieri_stream_tell(struct pier_stream *st);

/* ------------------------------------------- writing (stream_write.c) --- */

/* The flush of a stream that goes; PIER_OK when there is nothing to send. */
pier_err pieri_stream_finish(struct pier_stream *st);

#endif
