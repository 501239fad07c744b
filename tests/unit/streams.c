/* SPDX-License-Identifier: MIT */
#include "streams.h"

#define LONG_TIME (3600 * SECOND)

struct pier_socket *under;

struct pier_stream *open_stream(const char *mode, ptrdiff_t buffering)
{
    struct pier_stream *st;

    under = open_connected();
    CHECK_OK(pier_makefile(&st, under, mode, buffering));
    return st;
}

struct pier_stream *open_reader(ptrdiff_t buffering, enum pier_newline newline)
{
    struct pier_stream *st = open_stream("r", buffering);

    CHECK_OK(pier_stream_set_newline(st, newline));
    return st;
}

void end_stream(struct pier_stream *st)
{
    CHECK_OK(pier_stream_close(st));
    pier_free(under);
    under = NULL;
}

void feed(const char *text, int64_t delay)
{
    fake_feed(pier_fileno(under), text, strlen(text), delay);
}

void check_line(struct pier_stream *st, const char *text)
{
    char line[128];

    memset(line, '?', sizeof(line));
    CHECK_INT(pier_stream_readline(st, line, sizeof(line)), strlen(text));
    assert_string_equal(line, text);
}

void check_read(struct pier_stream *st, const char *text)
{
    char bytes[128];
    size_t length = strlen(text);

    CHECK_INT(pier_stream_read(st, bytes, length), length);
    assert_memory_equal(bytes, text, length);
}

void check_sent(const char *text)
{
    size_t length;
    const unsigned char *sent = fake_sent(pier_fileno(under), &length);

    CHECK_INT(length, strlen(text));
    assert_memory_equal(sent, text, length);
}

void stop_sends(void)
{
    fake_block_send(pier_fileno(under), LONG_TIME);
}

void let_sends(void)
{
    fake_block_send(pier_fileno(under), 0);
}
