/* SPDX-License-Identifier: MIT */
/* What a stream has received and nobody has read yet. */
#include "state.h"
#include "stream.h"
#include "transfer.h"
#include <string.h>

/* A buffer that has grown beyond this is given back when it is empty. */
#define KEPT ((size_t)1 << 20)

static void close_up(struct pieri_stream_in *in)
{
    if (in->start == 0)
        return;
    memmove(in->bytes, in->bytes + in->start, in->end - in->start);
    in->end -= in->start;
    in->start = 0;
}

static void note_if_empty(struct pieri_stream_in *in)
{
    if (in->start == in->end)
        in->start = in->end = 0;
}

/* What is held begins at 0. */
static bool reserve(struct pieri_stream_in *in, size_t capacity)
{
    unsigned char *bytes;

    if (capacity <= in->capacity)
        return true;
    if (capacity < 2 * in->capacity)
        capacity = 2 * in->capacity;
    bytes = pierp_alloc(capacity);
    if (!bytes)
        return false;
    memcpy(bytes, in->bytes, in->end);
    pierp_free(in->bytes);
    in->bytes = bytes;
    in->capacity = capacity;
    return true;
}

static void add(struct pieri_stream_in *in, size_t count)
{
    in->end += count;
    if (in->skips_lf && in->bytes[0] == '\n')
        in->start = 1;
    in->skips_lf = false;
    note_if_empty(in);
}

/* Without memory for a small one the large one does as well. */
static void give_back(struct pier_stream *st)
{
    size_t size = st->size > 0 ? st->size : PIERI_STREAM_LEAST;
    unsigned char *bytes;

    if (st->in.capacity <= KEPT || st->in.capacity <= size || st->in.end > 0)
        return;
    bytes = pierp_alloc(size);
    if (!bytes)
        return;
    pierp_free(st->in.bytes);
    st->in.bytes = bytes;
    st->in.capacity = size;
}

ptrdiff_t pieri_stream_fill(struct pier_stream *st, struct pieri_io *io,
                            size_t needed)
{
    struct pieri_stream_in *in = &st->in;
    ptrdiff_t n;

    close_up(in);
    if (!reserve(in, in->end + needed))
        return PIER_ENOMEM;
    io->buffer = in->bytes + in->end;
    io->length = st->size > 0 ? in->capacity - in->end : needed;
    n = pieri_receive_once(st->socket, io);
    if (n > 0)
        add(in, (size_t)n);
    return n;
}

void pieri_stream_take(struct pier_stream *st, size_t length, bool ends_at_cr)
{
    struct pieri_stream_in *in = &st->in;

    if (length == 0)
        return;
    in->start += length;
    if (ends_at_cr && in->bytes[in->start - 1] == '\r') {
        in->skips_lf = in->start == in->end;
        if (!in->skips_lf && in->bytes[in->start] == '\n')
            in->start++;
    }
    note_if_empty(in);
    give_back(st);
}

void pieri_stream_tell(struct pier_stream *st)
{
    struct pier_socket *s = st->socket;
    const size_t before = st->in.told;
    const size_t held = pieri_stream_held(st);

    if (held == before)
        return;
    st->in.told = held;
    atomic_fetch_add(&s->read_ahead, held - before);
    if (before > 0)
        return;
    pierp_lock(s);
    pieri_waiters_signal(&s->waiters, PIERI_FOR_AHEAD);
    pierp_unlock(s);
}
