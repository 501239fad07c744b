/* SPDX-License-Identifier: MIT */
/* The life of a stream: its mode, its buffers, its end. */
#include "stream.h"
#include "error.h"
#include "state.h"
#include "trace.h"

enum {
    DEFAULT_SIZE = 8192
};

/* The letters in any order. */
static bool read_mode(struct pier_stream *st, const char *mode)
{
    for (; *mode; mode++) {
        if (*mode == 'r') {
            st->reads = true;
        } else if (*mode == 'w') {
            st->writes = true;
        } else if (*mode != 'b') {
            return false;
        }
    }
    return st->reads || st->writes;
}

static bool read_buffering(struct pier_stream *st, ptrdiff_t buffering)
{
    st->sends_lines = buffering == PIER_BUFFER_LINE;
    if (buffering == PIER_BUFFER_DEFAULT || buffering == PIER_BUFFER_LINE)
        buffering = DEFAULT_SIZE;
    st->size = (size_t)buffering;
    return buffering >= 0;
}

static void free_stream(struct pier_stream *st)
{
    pierp_free(st->in.bytes);
    pierp_free(st->out.bytes);
    pierp_free(st);
}

static bool get_buffers(struct pier_stream *st)
{
    const size_t size = st->size > 0 ? st->size : PIERI_STREAM_LEAST;

    if (st->reads) {
        st->in.capacity = size;
        st->in.bytes = pierp_alloc(size);
    }
    if (st->writes) {
        st->out.size = size;
        st->out.bytes = pierp_alloc(size + 1);
    }
    return st->reads == (st->in.bytes != NULL) &&
           st->writes == (st->out.bytes != NULL);
}

/* NULL: no memory. */
static struct pier_stream *make(const struct pier_stream *like,
                                struct pier_socket *s)
{
    struct pier_stream *st = pierp_alloc(sizeof(*st));

    if (!st)
        return NULL;
    st->reads = like->reads;
    st->writes = like->writes;
    st->sends_lines = like->sends_lines;
    st->size = like->size;
    if (!get_buffers(st)) {
        free_stream(st);
        return NULL;
    }
    pieri_join_stream(s);
    st->socket = s;
    return st;
}

static pier_err makefile_now(struct pier_stream **out, struct pier_socket *s,
                             const char *mode, ptrdiff_t buffering)
{
    static const char operation[] = "makefile";
    struct pier_stream like = { 0 };
    pier_err err;

    if (!out)
        return pieri_fail(operation, PIER_EINVAL, NULL);
    *out = NULL;
    if (!s || !mode || !read_mode(&like, mode) ||
        !read_buffering(&like, buffering) || !pieri_is_stream(s))
        return pieri_fail(operation, PIER_EINVAL, NULL);
    err = pieri_begin(s, operation);
    if (err)
        return err;
    *out = make(&like, s);
    if (!*out)
        err = pieri_fail(operation, PIER_ENOMEM, NULL);
    return (pier_err)pieri_leave(s, err);
}

/* What nobody will read is readable no more. */
static void take_back(struct pier_stream *st)
{
    atomic_fetch_sub(&st->socket->read_ahead, st->in.told);
    pieri_part_stream(st->socket);
}

pier_err pier_makefile(struct pier_stream **out, struct pier_socket *s,
                       const char *mode, ptrdiff_t buffering)
{
    int64_t start = pieri_trace_begin();
    pier_err err = makefile_now(out, s, mode, buffering);

    return (pier_err)pieri_trace_end("makefile", s, err, start);
}

pier_err pier_stream_set_newline(struct pier_stream *st,
                                 enum pier_newline newline)
{
    if (!st || (int)newline < PIER_NEWLINE_NONE ||
        (int)newline > PIER_NEWLINE_CRLF)
        return pieri_fail("stream_set_newline", PIER_EINVAL, NULL);
    st->newline = (int)newline;
    return PIER_OK;
}

pier_err pier_stream_close(struct pier_stream *st)
{
    int64_t start = pieri_trace_begin();
    struct pier_socket *s;
    pier_err err;

    if (!st)
        return PIER_OK;
    s = st->socket;
    err = pieri_stream_finish(st);
    (void)pieri_trace_end("stream_close", s, err, start);
    take_back(st);
    free_stream(st);
    return err;
}
