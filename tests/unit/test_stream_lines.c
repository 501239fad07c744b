/* SPDX-License-Identifier: MIT */
/* What ends a line, in each mode, wherever the bytes are cut. */
#include "streams.h"

static char buffer[128];

/* A text, and how each mode reads it. */
static const char text[] = "a\nb\r\nc\rd\n\re\r\r\n\n\r\nf";

static const struct {
    enum pier_newline newline;
    const char *lines[16];
} readings[] = {
    { PIER_NEWLINE_NONE,
      { "a\n", "b\r\n", "c\rd\n", "\re\r\r\n", "\n", "\r\n", "f", "" } },
    { PIER_NEWLINE_LF,
      { "a\n", "b\r\n", "c\rd\n", "\re\r\r\n", "\n", "\r\n", "f", "" } },
    { PIER_NEWLINE_CRLF,
      { "a\nb\r\n", "c\rd\n\re\r\r\n", "\n\r\n", "f", "" } },
    { PIER_NEWLINE_UNIVERSAL,
      { "a\n", "b\n", "c\n", "d\n", "\n", "e\n", "\n", "\n", "\n", "f", "" } },
};

#define MODES (sizeof(readings) / sizeof(readings[0]))

static const ptrdiff_t bufferings[] = {
    PIER_BUFFER_DEFAULT, PIER_BUFFER_NONE, PIER_BUFFER_LINE, 1, 2, 3
};

#define BUFFERINGS (sizeof(bufferings) / sizeof(bufferings[0]))

static void check_lines(struct pier_stream *st, size_t mode)
{
    size_t i = 0;

    do {
        check_line(st, readings[mode].lines[i]);
    } while (*readings[mode].lines[i++]);
}

static void feed_cut(size_t cut)
{
    pier_handle h = pier_fileno(under);

    if (cut > 0)
        fake_feed(h, text, cut, 0);
    if (cut < sizeof(text) - 1)
        fake_feed(h, text + cut, sizeof(text) - 1 - cut, MS);
    fake_feed_eof(h, 2 * MS);
}

static void with_each_cut(size_t mode, ptrdiff_t buffering)
{
    for (size_t cut = 0; cut < sizeof(text); cut++) {
        struct pier_stream *st =
            open_reader(buffering, readings[mode].newline);

        feed_cut(cut);
        check_lines(st, mode);
        end_stream(st);
    }
}

static void byte_by_byte(size_t mode, ptrdiff_t buffering)
{
    struct pier_stream *st = open_reader(buffering, readings[mode].newline);
    pier_handle h = pier_fileno(under);

    for (size_t i = 0; i < sizeof(text) - 1; i++)
        fake_feed(h, text + i, 1, (int64_t)(i + 1) * MS);
    fake_feed_eof(h, 40 * MS);
    check_lines(st, mode);
    end_stream(st);
}

static void for_each_reader(void (*run)(size_t mode, ptrdiff_t buffering))
{
    for (size_t mode = 0; mode < MODES; mode++) {
        for (size_t b = 0; b < BUFFERINGS; b++)
            run(mode, bufferings[b]);
    }
}

static void each_mode_has_its_lines_wherever_they_are_cut(void **state)
{
    (void)state;
    for_each_reader(with_each_cut);
}

static void each_mode_has_its_lines_byte_by_byte(void **state)
{
    (void)state;
    for_each_reader(byte_by_byte);
}

static void feed_one(size_t at)
{
    if (at < sizeof(text) - 1) {
        fake_feed(pier_fileno(under), text + at, 1, 0);
    } else {
        fake_feed_eof(pier_fileno(under), 0);
    }
}

static void after_deadlines(size_t mode, ptrdiff_t buffering)
{
    struct pier_stream *st = open_reader(buffering, readings[mode].newline);
    const char *const *line = readings[mode].lines;
    size_t fed = 0;

    CHECK_OK(pier_settimeout(under, MS));
    while (**line) {
        if (pier_stream_readline(st, buffer, sizeof(buffer)) > 0) {
            assert_string_equal(buffer, *line++);
        } else {
            feed_one(fed++);
        }
    }
    end_stream(st);
}

/* A deadline comes before each byte; the call after it goes on. */
static void a_line_that_comes_slowly_is_read_in_the_end(void **state)
{
    (void)state;
    for_each_reader(after_deadlines);
}

/* "\r" is the end of a line at once. */
static void a_carriage_return_is_not_waited_after(void **state)
{
    struct pier_stream *st =
        open_reader(PIER_BUFFER_DEFAULT, PIER_NEWLINE_UNIVERSAL);

    (void)state;
    feed("one\r", 0);
    check_line(st, "one\n");
    CHECK_INT(fake_now(), 0);
    feed("\ntwo\r", 10 * MS);
    check_line(st, "two\n");
    feed("three\r", 10 * MS);
    check_line(st, "three\n");
    CHECK_INT(fake_now(), 20 * MS);
    end_stream(st);
}

/* When the "\n" comes, and what ends lines by then, changes nothing. */
static void the_second_half_of_an_end_is_passed_over_in_any_mode(void **state)
{
    (void)state;
    for (int later = 0; later < 2; later++) {
        struct pier_stream *st =
            open_reader(PIER_BUFFER_DEFAULT, PIER_NEWLINE_UNIVERSAL);

        feed(later ? "one\r" : "one\r\n\nx", 0);
        check_line(st, "one\n");
        if (later)
            feed("\n\nx", 0);
        CHECK_OK(pier_stream_set_newline(st, PIER_NEWLINE_NONE));
        check_read(st, "\nx");
        end_stream(st);
    }
}

static void half_an_end_alone_is_nothing_and_then_the_end(void **state)
{
    struct pier_stream *st =
        open_reader(PIER_BUFFER_DEFAULT, PIER_NEWLINE_UNIVERSAL);

    (void)state;
    feed("one\r", 0);
    check_line(st, "one\n");
    feed("\n", 0);
    fake_feed_eof(pier_fileno(under), 10 * MS);
    CHECK_INT(pier_stream_read1(st, buffer, 8), 0);
    CHECK_INT(fake_now(), 10 * MS);
    end_stream(st);
}

static void universal_reads_and_peeks_are_translated(void **state)
{
    (void)state;
    for (size_t b = 0; b < BUFFERINGS; b++) {
        struct pier_stream *st =
            open_reader(bufferings[b], PIER_NEWLINE_UNIVERSAL);

        feed("a\r\nb\rc", 0);
        feed("\r\r\nd\r", MS);
        CHECK_INT(pier_stream_peek(st, buffer, 1), 1);
        CHECK_INT(buffer[0], 'a');
        check_read(st, "a\nb");
        CHECK_INT(pier_stream_read1(st, buffer, 1), 1);
        CHECK_INT(buffer[0], '\n');
        check_read(st, "c\n\nd\n");
        end_stream(st);
    }
}

static void a_delimiter_is_not_translated(void **state)
{
    struct pier_stream *st =
        open_reader(PIER_BUFFER_DEFAULT, PIER_NEWLINE_UNIVERSAL);

    (void)state;
    feed("a\r\nb\r\n\r\nrest", 0);
    CHECK_INT(pier_stream_readuntil(st, buffer, 64, "\r\n\r\n", 4), 8);
    assert_memory_equal(buffer, "a\r\nb\r\n\r\n", 8);
    check_read(st, "rest");
    end_stream(st);
}

static void a_line_has_to_fit_with_its_nul(void **state)
{
    struct pier_stream *st = open_reader(PIER_BUFFER_DEFAULT, 0);

    (void)state;
    feed("abc\nde\n", 0);
    CHECK_ERR(pier_stream_readline(st, buffer, 4), PIER_ETRUNCATED);
    CHECK_ERR(pier_stream_readline(st, buffer, 1), PIER_ETRUNCATED);
    CHECK_INT(pier_stream_readline(st, buffer, 5), 4);
    assert_string_equal(buffer, "abc\n");
    CHECK_INT(pier_stream_readline(st, buffer, 4), 3);
    assert_string_equal(buffer, "de\n");
    end_stream(st);
}

/* Whether the last line is too long shows by what comes next. */
static void a_last_line_may_fill_the_buffer(void **state)
{
    struct pier_stream *st = open_reader(PIER_BUFFER_DEFAULT, 0);

    (void)state;
    feed("abc", 0);
    fake_feed_eof(pier_fileno(under), 10 * MS);
    CHECK_INT(pier_stream_readline(st, buffer, 4), 3);
    assert_string_equal(buffer, "abc");
    buffer[0] = 'x';
    CHECK_INT(pier_stream_readline(st, buffer, 1), 0);
    assert_string_equal(buffer, "");
    end_stream(st);
}

static void an_end_of_two_counts_as_the_one_that_is_read(void **state)
{
    struct pier_stream *st =
        open_reader(PIER_BUFFER_DEFAULT, PIER_NEWLINE_UNIVERSAL);

    (void)state;
    feed("ab\r\ncd\r\nef\r", 0);
    CHECK_ERR(pier_stream_readline(st, buffer, 3), PIER_ETRUNCATED);
    CHECK_INT(pier_stream_readline(st, buffer, 4), 3);
    CHECK_OK(pier_stream_set_newline(st, PIER_NEWLINE_CRLF));
    CHECK_ERR(pier_stream_readline(st, buffer, 4), PIER_ETRUNCATED);
    CHECK_INT(pier_stream_readline(st, buffer, 5), 4);
    assert_string_equal(buffer, "cd\r\n");
    end_stream(st);
}

static void a_line_may_hold_nul_bytes(void **state)
{
    struct pier_stream *st = open_reader(PIER_BUFFER_DEFAULT, 0);

    (void)state;
    fake_feed(pier_fileno(under), "a\0b\n", 4, 0);
    CHECK_INT(pier_stream_readline(st, buffer, 8), 4);
    assert_memory_equal(buffer, "a\0b\n", 5);
    end_stream(st);
}

static void there_are_four_ways_to_end_lines(void **state)
{
    struct pier_stream *st = open_stream("r", PIER_BUFFER_DEFAULT);

    (void)state;
    CHECK_ERR(pier_stream_set_newline(st, (enum pier_newline)4), PIER_EINVAL);
    CHECK_ERR(pier_stream_set_newline(st, (enum pier_newline) - 1),
              PIER_EINVAL);
    CHECK_ERR(pier_stream_set_newline(NULL, PIER_NEWLINE_LF), PIER_EINVAL);
    feed("a\rb\n", 0);
    check_line(st, "a\rb\n");
    end_stream(st);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_FAKE(each_mode_has_its_lines_wherever_they_are_cut),
        ON_FAKE(each_mode_has_its_lines_byte_by_byte),
        ON_FAKE(a_line_that_comes_slowly_is_read_in_the_end),
        ON_FAKE(a_carriage_return_is_not_waited_after),
        ON_FAKE(the_second_half_of_an_end_is_passed_over_in_any_mode),
        ON_FAKE(half_an_end_alone_is_nothing_and_then_the_end),
        ON_FAKE(universal_reads_and_peeks_are_translated),
        ON_FAKE(a_delimiter_is_not_translated),
        ON_FAKE(a_line_has_to_fit_with_its_nul),
        ON_FAKE(a_last_line_may_fill_the_buffer),
        ON_FAKE(an_end_of_two_counts_as_the_one_that_is_read),
        ON_FAKE(a_line_may_hold_nul_bytes),
        ON_FAKE(there_are_four_ways_to_end_lines),
    };

    return cmocka_run_group_tests_name("stream_lines", tests, NULL, NULL);
}
