/* SPDX-License-Identifier: MIT */
/*
 * Writing to a stream. An attempt takes what there is room for and sends what
 * is due, a piece at a time; between two pieces the engine looks round. What
 * was taken stays in the buffer when a call ends early, and is sent first by
 * the next one that sends.
 */
#include "error.h"
#include "state.h"
#include "stream.h"
#include "trace.h"
#include "transfer.h"
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct writing {
    struct pieri_io io;
    struct pier_stream *st;
    const unsigned char *from;
    size_t length;
    size_t taken;
    bool translates; /* "\n" to "\r\n" */
    pier_err error;  /* of an earlier call, to be told by this one */
    int native;
};

/* ------------------------------------------------------------- sending --- */

static size_t waiting(const struct pier_stream *st)
{
    return st->out.end - st->out.start;
}

static ptrdiff_t send_waiting(struct pier_socket *s, struct writing *w,
                              size_t length)
{
    struct pieri_stream_out *out = &w->st->out;
    ptrdiff_t n;

    w->io.buffer = out->bytes + out->start;
    w->io.length = length;
    n = pieri_send_once(s, &w->io);
    if (n <= 0)
        return n;
    out->start += (size_t)n;
    out->due -= pieri_smaller(out->due, (size_t)n);
    if (out->start == out->end)
        out->start = out->end = 0;
    return n;
}

/* The length up to the last line end; 0: there is none. */
static size_t through_last_line(const unsigned char *bytes, size_t from,
                                size_t length)
{
    while (length > from && bytes[length - 1] != '\n')
        length--;
    return length > from ? length : 0;
}

/* Whether the caller's bytes can go without being copied first. */
static bool goes_directly(const struct writing *w)
{
    return !w->translates && waiting(w->st) == 0 && w->taken < w->length &&
           w->length - w->taken >= w->st->size;
}

static ptrdiff_t send_directly(struct pier_socket *s, struct writing *w)
{
    const unsigned char *from = w->from + w->taken;
    size_t length = w->length - w->taken;
    size_t lines =
        w->st->sends_lines ? through_last_line(from, 0, length) : length;
    ptrdiff_t n;

    w->io.buffer = (void *)(uintptr_t)from;
    w->io.length = lines > 0 ? lines : length;
    n = pieri_send_once(s, &w->io);
    if (n > 0)
        w->taken += (size_t)n;
    return n;
}

/* -------------------------------------------------------------- taking --- */

static void close_up(struct pieri_stream_out *out)
{
    if (out->start == 0)
        return;
    memmove(out->bytes, out->bytes + out->start, out->end - out->start);
    out->end -= out->start;
    out->start = 0;
}

/* Takes a run of bytes that stay as they are, or one "\n". */
static void take_run(struct writing *w)
{
    struct pieri_stream_out *out = &w->st->out;
    const unsigned char *from = w->from + w->taken;
    size_t length = pieri_smaller(w->length - w->taken, out->size - out->end);
    const unsigned char *lf =
        w->translates ? memchr(from, '\n', length) : NULL;

    if (lf && lf == from) {
        out->bytes[out->end++] = '\r';
        length = 1;
    } else if (lf) {
        length = (size_t)(lf - from);
    }
    memcpy(out->bytes + out->end, from, length);
    out->end += length;
    w->taken += length;
}

static void take(struct writing *w)
{
    struct pieri_stream_out *out = &w->st->out;
    size_t before;

    close_up(out);
    before = out->end;
    while (w->taken < w->length && out->end < out->size)
        take_run(w);
    if (w->st->size == 0 || out->end >= out->size) {
        out->due = out->end;
    } else if (w->st->sends_lines) {
        out->due = through_last_line(out->bytes, before, out->end);
    }
}

/* Without a buffer only what was sent counts as taken. Of "\r\n" the caller's
 * byte is taken once the first has gone. */
static void untake(struct writing *w)
{
    struct pieri_stream_out *out = &w->st->out;

    while (w->taken > 0 && waiting(w->st) > 0) {
        size_t length = out->bytes[out->end - 1] == '\n' ? 2 : 1;

        if (length > waiting(w->st))
            break;
        out->end -= length;
        w->taken--;
    }
    out->due = waiting(w->st);
    if (out->due == 0)
        out->start = out->end = 0;
}

/* ------------------------------------------------------ the call --- */

/* What a call did not tell, because some bytes had been taken. */
static bool tells_earlier(struct writing *w)
{
    if (w->taken > 0 || !w->st->error)
        return false;
    w->native = w->st->native;
    w->error = (pier_err)atomic_exchange(&w->st->error, PIER_OK);
    return true;
}

static ptrdiff_t move(struct pier_socket *s, struct writing *w)
{
    if (w->st->out.due == 0) {
        if (goes_directly(w))
            return send_directly(s, w);
        take(w);
    }
    return w->st->out.due > 0 ? send_waiting(s, w, w->st->out.due) : 0;
}

static ptrdiff_t write_once(struct pier_socket *s, struct pieri_io *io)
{
    struct writing *w = (struct writing *)io;
    ptrdiff_t n;

    io->goes_on = false;
    if (tells_earlier(w))
        return 0;
    n = move(s, w);
    if (n >= 0 && w->taken == w->length && w->st->out.due == 0)
        return (ptrdiff_t)w->taken;
    if (w->st->size == 0 && w->translates)
        untake(w);
    io->goes_on = n >= 0;
    return n < 0 ? n : PIER_EAGAIN;
}

static ptrdiff_t flush_once(struct pier_socket *s, struct pieri_io *io)
{
    struct writing *w = (struct writing *)io;
    ptrdiff_t n = 0;

    io->goes_on = false;
    if (tells_earlier(w))
        return 0;
    if (waiting(w->st) > 0)
        n = send_waiting(s, w, waiting(w->st));
    io->goes_on = n >= 0 && waiting(w->st) > 0;
    if (io->goes_on)
        return PIER_EAGAIN;
    return n < 0 ? n : 0;
}

#define WRITES(name, attempt)                                                 \
    {                                                                         \
        name, PIERI_SENDING, PIERP_WRITE, PIERI_WRITE_TURN, attempt           \
    }

static const struct pieri_operation write_all =
    WRITES("stream_write", write_once);
static const struct pieri_operation print =
    WRITES("stream_printf", write_once);
static const struct pieri_operation flush = WRITES("stream_flush", flush_once);
static const struct pieri_operation finish =
    WRITES("stream_close", flush_once);

/* There may be nothing to send. */
static bool is_at_hand(struct pieri_io *io)
{
    (void)io;
    return true;
}

/* The call that comes next meets a limit, a token or a close by itself; of
 * anything else it has to be told. */
static ptrdiff_t end_later(const struct writing *w, ptrdiff_t error)
{
    if (error != PIER_EAGAIN && error != PIER_EDEADLINE &&
        error != PIER_ECANCELED && error != PIER_EBADF) {
        w->st->native = pieri_detail_save().native_code;
        w->st->error = (int)error;
    }
    return (ptrdiff_t)w->taken;
}

static ptrdiff_t run(struct writing *w,
                     const struct pieri_operation *operation)
{
    ptrdiff_t n;

    w->io.is_at_hand = is_at_hand;
    n = pieri_call(w->st->socket, operation, &w->io);
    if (w->error)
        return pieri_native_fail(operation->name, w->error, w->native);
    if (n < 0 && w->taken > 0)
        return end_later(w, n);
    return n;
}

static ptrdiff_t write_bytes(struct pier_stream *st, const void *bytes,
                             size_t length,
                             const struct pieri_operation *operation)
{
    struct writing w = { .st = st, .from = bytes };
    pier_err err;

    if (!st || !st->writes || (!bytes && length > 0))
        return pieri_fail(operation->name, PIER_EINVAL, NULL);
    if (length == 0) {
        err = pieri_begin(st->socket, operation->name);
        return err ? err : pieri_leave(st->socket, 0);
    }
    w.length = pieri_smaller(length, PTRDIFF_MAX);
    w.translates = st->newline == PIER_NEWLINE_CRLF;
    return run(&w, operation);
}

static pier_err flush_all(struct pier_stream *st,
                          const struct pieri_operation *operation)
{
    struct writing w = { .st = st };

    if (!st)
        return pieri_fail(operation->name, PIER_EINVAL, NULL);
    return st->writes ? (pier_err)run(&w, operation) : PIER_OK;
}

pier_err pieri_stream_finish(struct pier_stream *st)
{
    const bool told_first = st->error != PIER_OK;
    pier_err err = PIER_OK;
    pier_err rest = PIER_OK;

    /* With neither it does not matter what became of the socket. */
    if (told_first || waiting(st) > 0)
        err = flush_all(st, &finish);
    if (told_first && waiting(st) > 0)
        rest = flush_all(st, &finish);
    return err ? err : rest;
}

/* --------------------------------------------------------------- text --- */

static ptrdiff_t fail_format(int error)
{
    pier_err err = error == EILSEQ ? PIER_EILSEQ : PIER_EOVERFLOW;

    return pieri_fail(print.name, error == ENOMEM ? PIER_ENOMEM : err, NULL);
}

static ptrdiff_t print_long(struct pier_stream *st, size_t length,
                            const char *format, va_list arguments)
{
    char *text = pierp_alloc(length + 1);
    ptrdiff_t n;

    if (!text)
        return pieri_fail(print.name, PIER_ENOMEM, NULL);
    n = vsnprintf(text, length + 1, format, arguments);
    /* What another thread changed meanwhile may be shorter, or longer. */
    if (n >= 0) {
        n = write_bytes(st, text, pieri_smaller((size_t)n, length), &print);
    } else {
        n = fail_format(errno);
    }
    pierp_free(text);
    return n;
}

static ptrdiff_t print_text(struct pier_stream *st, const char *format,
                            va_list arguments)
{
    char text[256];
    va_list again;
    ptrdiff_t n;
    int length;

    if (!st || !st->writes || !format)
        return pieri_fail(print.name, PIER_EINVAL, NULL);
    va_copy(again, arguments);
    errno = 0;
    length = vsnprintf(text, sizeof(text), format, arguments);
    if (length < 0) {
        n = fail_format(errno);
    } else if ((size_t)length < sizeof(text)) {
        n = write_bytes(st, text, (size_t)length, &print);
    } else {
        n = print_long(st, (size_t)length, format, again);
    }
    va_end(again);
    return n;
}

static ptrdiff_t end(const struct pieri_operation *operation,
                     const struct pier_stream *st, ptrdiff_t result,
                     int64_t start)
{
    return pieri_trace_end(operation->name, st ? st->socket : NULL, result,
                           start);
}

ptrdiff_t pier_stream_write(struct pier_stream *st, const void *buffer,
                            size_t length)
{
    int64_t start = pieri_trace_begin();
    ptrdiff_t n = write_bytes(st, buffer, length, &write_all);

    return end(&write_all, st, n, start);
}

ptrdiff_t pier_stream_printf(struct pier_stream *st, const char *format, ...)
{
    int64_t start = pieri_trace_begin();
    va_list arguments;
    ptrdiff_t n;

    va_start(arguments, format);
    n = print_text(st, format, arguments);
    va_end(arguments);
    return end(&print, st, n, start);
}

pier_err pier_stream_flush(struct pier_stream *st)
{
    int64_t start = pieri_trace_begin();
    pier_err err = flush_all(st, &flush);

    return (pier_err)end(&flush, st, err, start);
}
