/* SPDX-License-Identifier: MIT */
/*
 * Failures while streams are read and written. Whatever fails, what a stream
 * has not given yet is there afterwards, and what it has taken is sent, each
 * once and in order.
 */
#include "sweep.h"

#include <pier/stream.h>
#include <string.h>

static char buffer[600];

/* A stream with a small buffer that one byte at a time goes through. */
static pier_err with_stream(const char *mode,
                            void (*use)(struct pier_stream *st, pier_handle h,
                                        pier_err *first))
{
    pier_handle h = fake_connected();
    struct pier_stream *st = NULL;
    struct pier_socket *s;
    pier_err first = PIER_OK;

    if (failed(&first, pier_adopt(&s, h, -1, -1, -1))) {
        end_failures();
        CHECK_OK(pierp_close(h));
        return first;
    }
    fake_limit_send(h, 1);
    fake_limit_recv(h, 1);
    if (failed(&first, pier_makefile(&st, s, mode, 4))) {
        CHECK(st == NULL);
    } else {
        use(st, h, &first);
    }
    end_failures();
    CHECK_OK(pier_stream_close(st));
    pier_free(s);
    return first;
}

/* What the calls that succeeded gave, and the rest, are the text. */
static void check_rest(struct pier_stream *st, const char *rest)
{
    size_t length = strlen(rest);

    end_failures();
    CHECK_INT(pier_stream_read(st, buffer, length), length);
    assert_memory_equal(buffer, rest, length);
}

static void read_it(struct pier_stream *st, pier_handle h, pier_err *first)
{
    const char *rest = "one long line\ntwo;;345678";

    fake_feed(h, rest, strlen(rest), 5 * MS);
    if (!failed(first, pier_stream_readline(st, buffer, 64))) {
        rest += 14;
        if (!failed(first, pier_stream_peek(st, buffer, 64)))
            CHECK_INT(buffer[0], 't');
    }
    if (!*first &&
        !failed(first, pier_stream_readuntil(st, buffer, 64, ";;", 2))) {
        rest += 5;
        if (!failed(first, pier_stream_read(st, buffer, 5)))
            rest += 5;
    }
    if (!*first && !failed(first, pier_stream_read1(st, buffer, 4)))
        rest++;
    check_rest(st, rest);
}

/* What a call does not tell, because some bytes were taken, the next tells. */
static size_t write_some(struct pier_stream *st, const char *text,
                         pier_err *first)
{
    const size_t length = strlen(text);
    ptrdiff_t n;

    if (failed(first, n = pier_stream_write(st, text, length)))
        return 0;
    if ((size_t)n < length) {
        (void)failed(first,
                     pier_stream_write(st, text + n, length - (size_t)n));
        CHECK(*first);
    }
    return (size_t)n;
}

static size_t print_some(struct pier_stream *st, const char *text,
                         pier_err *first)
{
    ptrdiff_t n;

    if (failed(first, n = pier_stream_printf(st, "%s", text)))
        return 0;
    if ((size_t)n < strlen(text)) {
        (void)failed(first, pier_stream_printf(st, "%s", text + n));
        CHECK(*first);
    }
    return (size_t)n;
}

static void check_flushed(struct pier_stream *st, pier_handle h, size_t taken)
{
    const unsigned char *sent;
    size_t length;

    end_failures();
    (void)!pier_stream_flush(st);
    CHECK_OK(pier_stream_flush(st));
    sent = fake_sent(h, &length);
    CHECK_INT(length, taken);
    assert_memory_equal(sent, "abcdefghij0123456789", taken);
}

static void write_it(struct pier_stream *st, pier_handle h, pier_err *first)
{
    size_t taken;

    fake_send_room(h, 2);
    fake_drain(h, 2, 5 * MS);
    taken = write_some(st, "abc", first);
    if (!*first)
        taken += write_some(st, "defghij", first);
    if (!*first)
        taken += print_some(st, "0123456789", first);
    if (!*first)
        (void)failed(first, pier_stream_flush(st));
    check_flushed(st, h, taken);
}

static void print_much(struct pier_stream *st, pier_handle h, pier_err *first)
{
    size_t taken;

    memset(buffer, 'x', sizeof(buffer) - 1);
    fake_limit_send(h, 0);
    taken = print_some(st, buffer, first);
    end_failures();
    CHECK(*first || taken == sizeof(buffer) - 1);
    (void)!pier_stream_flush(st);
}

static pier_err run_reads(void)
{
    return with_stream("r", read_it);
}

static pier_err run_writes(void)
{
    return with_stream("w", write_it);
}

static pier_err run_print(void)
{
    return with_stream("rw", print_much);
}

static pier_err run_close(void)
{
    pier_handle h = fake_connected();
    struct pier_socket *s;
    struct pier_stream *st;
    pier_err first = PIER_OK;

    if (failed(&first, pier_adopt(&s, h, -1, -1, -1))) {
        end_failures();
        CHECK_OK(pierp_close(h));
        return first;
    }
    if (!failed(&first, pier_makefile(&st, s, "w", PIER_BUFFER_DEFAULT))) {
        CHECK_INT(pier_stream_write(st, "abc", 3), 3);
        (void)failed(&first, pier_stream_close(st));
    }
    end_failures();
    pier_free(s);
    return first;
}

static const struct scenario scenarios[] = {
    { "reads", run_reads, false },
    { "writes", run_writes, false },
    { "a long text", run_print, false },
    { "a close that flushes", run_close, false },
};

SCENARIO_GROUP(stream_scenarios, scenarios);
