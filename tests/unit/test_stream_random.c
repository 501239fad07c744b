/* SPDX-License-Identifier: MIT */
/*
 * Streams against a reference so simple that it can be seen to be right: the
 * whole text in memory, read by rules of one line each. The text, the pieces
 * in which it comes, the limits of time that end calls, the buffer and the
 * calls are a random sequence; every seed can be had again.
 */
#include "streams.h"

#include <stdlib.h>

#define SEEDS  400
#define LENGTH 160

static unsigned drawn;

static unsigned draw(unsigned below)
{
    drawn = drawn * 1103515245u + 12345u;
    return (drawn >> 16) % below;
}

/* ------------------------------------------------------- the reference --- */

static struct {
    char text[LENGTH];
    size_t at; /* of the first byte that no call has given yet */
    int newline;
} whole;

static size_t rest(void)
{
    return LENGTH - whole.at;
}

/* The length of the first character, as it lies in the text: a line end of
 * UNIVERSAL is one. */
static size_t step(size_t at)
{
    bool is_pair = whole.newline == PIER_NEWLINE_UNIVERSAL &&
                   at + 1 < LENGTH && whole.text[at] == '\r' &&
                   whole.text[at + 1] == '\n';

    return is_pair ? 2 : 1;
}

static char character(size_t at)
{
    if (whole.newline == PIER_NEWLINE_UNIVERSAL && whole.text[at] == '\r')
        return '\n';
    return whole.text[at];
}

/* What the next length characters are, and how far they reach. */
static size_t expect_read(char *to, size_t length, size_t *end)
{
    size_t n = 0;

    *end = whole.at;
    while (n < length && *end < LENGTH) {
        to[n++] = character(*end);
        *end += step(*end);
    }
    return n;
}

static bool ends_line(size_t at)
{
    if (whole.newline == PIER_NEWLINE_CRLF)
        return at > whole.at && memcmp(whole.text + at - 1, "\r\n", 2) == 0;
    return character(at) == '\n';
}

/* PIER_ETRUNCATED, or the length of the next line. */
static ptrdiff_t expect_line(char *to, size_t room, size_t *end)
{
    size_t n = 0;
    bool ended = false;

    *end = whole.at;
    while (*end < LENGTH && !ended) {
        if (n == room)
            return PIER_ETRUNCATED;
        ended = ends_line(*end);
        to[n++] = character(*end);
        *end += step(*end);
    }
    return (ptrdiff_t)n;
}

static ptrdiff_t expect_until(char *to, size_t room, const char *delimiter,
                              size_t *end)
{
    const size_t length = strlen(delimiter);
    size_t n = 0;
    bool ended = false;

    while (n < rest() && !ended) {
        if (n == room)
            return PIER_ETRUNCATED;
        to[n] = whole.text[whole.at + n];
        n++;
        ended = n >= length && memcmp(to + n - length, delimiter, length) == 0;
    }
    *end = whole.at + n;
    return (ptrdiff_t)n;
}

/* ----------------------------------------------------------- the stream ---
 */

static size_t fed;

static bool feed_more(void)
{
    size_t length = draw(9) + 1;

    if (fed > LENGTH)
        return false;
    if (length > LENGTH - fed)
        length = LENGTH - fed;
    if (length > 0) {
        fake_feed(pier_fileno(under), whole.text + fed, length, 0);
        fed += length;
    } else {
        fake_feed_eof(pier_fileno(under), 0);
        fed++;
    }
    return true;
}

static char got[LENGTH + 1], expected[LENGTH + 1];

/* What may not be asked again once some of the text has come. */
static bool gave_up_for_now(ptrdiff_t n)
{
    return n == PIER_EDEADLINE || n == PIER_EAGAIN;
}

static void check_result(ptrdiff_t n, ptrdiff_t wanted, size_t end)
{
    CHECK_INT(n, wanted);
    if (n < 0)
        return;
    assert_memory_equal(got, expected, (size_t)n);
    whole.at = end;
}

static void read_some(struct pier_stream *st)
{
    size_t length = draw(20) + 1, end;
    size_t wanted = expect_read(expected, length, &end);
    ptrdiff_t n;

    while (gave_up_for_now(n = pier_stream_read(st, got, length)))
        CHECK(feed_more());
    check_result(n, (ptrdiff_t)wanted, end);
}

/* One receive gives any part of it, but nothing only at the end. */
static void read_once(struct pier_stream *st, bool peeks)
{
    size_t length = draw(20) + 1, end;
    size_t most = expect_read(expected, length, &end);
    ptrdiff_t n;

    while (gave_up_for_now(n = peeks ? pier_stream_peek(st, got, length)
                                     : pier_stream_read1(st, got, length)))
        CHECK(feed_more());
    CHECK(n >= 0 && (size_t)n <= most && (n > 0) == (most > 0));
    assert_memory_equal(got, expected, (size_t)n);
    if (!peeks) {
        (void)expect_read(expected, (size_t)n, &end);
        whole.at = end;
    }
}

static void read_line(struct pier_stream *st)
{
    size_t room = draw(30), end = 0;
    ptrdiff_t wanted = expect_line(expected, room, &end);
    ptrdiff_t n;

    while (gave_up_for_now(n = pier_stream_readline(st, got, room + 1)))
        CHECK(feed_more());
    check_result(n, wanted, end);
    CHECK(n < 0 || got[n] == '\0');
}

/* Whether a full buffer is the end of the text depends on what has come. */
static void read_until(struct pier_stream *st)
{
    static const char *const delimiters[] = { "a", "\n", "\r\n", "aab", "ab" };
    const char *delimiter = delimiters[draw(5)];
    size_t room = draw(30), end = 0;
    ptrdiff_t wanted = expect_until(expected, room, delimiter, &end);
    ptrdiff_t n;

    while (gave_up_for_now(n = pier_stream_readuntil(st, got, room, delimiter,
                                                     strlen(delimiter))))
        CHECK(feed_more());
    if (n == PIER_ETRUNCATED && wanted == (ptrdiff_t)room)
        return;
    check_result(n, wanted, end);
}

static void change_newline(struct pier_stream *st)
{
    whole.newline = (int)draw(4);
    CHECK_OK(pier_stream_set_newline(st, (enum pier_newline)whole.newline));
}

static void act(struct pier_stream *st)
{
    switch (draw(7)) {
    case 0:
        change_newline(st);
        break;
    case 1:
        read_once(st, true);
        break;
    case 2:
        read_once(st, false);
        break;
    case 3:
        read_some(st);
        break;
    case 4:
        read_until(st);
        break;
    default:
        read_line(st);
    }
}

static void begin_text(void)
{
    static const char letters[] = "aaabc\n\n\r\r\r";

    for (size_t i = 0; i < LENGTH; i++)
        whole.text[i] = letters[draw(10)];
    whole.at = 0;
    whole.newline = PIER_NEWLINE_NONE;
    fed = 0;
}

static void read_a_text(unsigned seed)
{
    static const ptrdiff_t bufferings[] = {
        PIER_BUFFER_DEFAULT, PIER_BUFFER_NONE, 1, 2, 3, 7, 16
    };
    struct pier_stream *st;

    drawn = seed;
    begin_text();
    st = open_stream("r", bufferings[draw(7)]);
    CHECK_OK(pier_settimeout(under, draw(2) ? MS : 0));
    if (draw(2))
        fake_limit_recv(pier_fileno(under), draw(4) + 1);
    while (rest() > 0)
        act(st);
    while (feed_more())
        ;
    CHECK_INT(pier_stream_read(st, got, 1), 0);
    end_stream(st);
}

static void a_stream_reads_as_the_reference_does(void **state)
{
    (void)state;
    for (unsigned seed = 1; seed <= SEEDS; seed++) {
        print_message("seed %u\n", seed);
        read_a_text(seed);
    }
}

/* -------------------------------------------------------------- writing ---
 */

static char wire[8 * LENGTH];
static size_t on_wire;

static void expect_written(const char *from, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (from[i] == '\n' && whole.newline == PIER_NEWLINE_CRLF)
            wire[on_wire++] = '\r';
        wire[on_wire++] = from[i];
    }
}

/* What is on its way is the beginning of what was taken; up to a byte: of a
 * line end that was begun, nothing may have been taken by the count. */
static void check_wire(bool is_all)
{
    size_t length;
    const unsigned char *sent = fake_sent(pier_fileno(under), &length);

    CHECK(is_all ? length == on_wire : length <= on_wire);
    assert_memory_equal(sent, wire, length);
}

static void write_some(struct pier_stream *st)
{
    size_t length = draw(20) + 1;
    ptrdiff_t n = pier_stream_write(st, whole.text + whole.at, length);

    if (gave_up_for_now(n)) {
        fake_advance(MS);
        return;
    }
    CHECK(n > 0 && (size_t)n <= length);
    expect_written(whole.text + whole.at, (size_t)n);
    whole.at += (size_t)n;
    check_wire(false);
}

static void flush(struct pier_stream *st)
{
    pier_err err;

    while (gave_up_for_now(err = pier_stream_flush(st)))
        fake_advance(MS);
    CHECK_OK(err);
}

static void write_a_text(unsigned seed)
{
    static const ptrdiff_t bufferings[] = {
        PIER_BUFFER_DEFAULT, PIER_BUFFER_NONE, PIER_BUFFER_LINE, 1, 2, 7, 16
    };
    struct pier_stream *st;

    drawn = seed;
    begin_text();
    on_wire = 0;
    st = open_stream("w", bufferings[draw(7)]);
    CHECK_OK(pier_settimeout(under, draw(2) ? 2 * MS : 0));
    fake_limit_send(pier_fileno(under), draw(5));
    fake_send_room(pier_fileno(under), draw(9) + 1);
    fake_drain(pier_fileno(under), draw(5) + 1, MS);
    while (rest() > 20) {
        if (draw(8) == 0) {
            change_newline(st);
        } else if (draw(8) == 0) {
            flush(st);
        } else {
            write_some(st);
        }
    }
    flush(st);
    check_wire(true);
    end_stream(st);
}

static void a_stream_writes_as_the_reference_does(void **state)
{
    (void)state;
    for (unsigned seed = 1; seed <= SEEDS; seed++) {
        print_message("seed %u\n", seed);
        write_a_text(seed);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_FAKE(a_stream_reads_as_the_reference_does),
        ON_FAKE(a_stream_writes_as_the_reference_does),
    };

    return cmocka_run_group_tests_name("stream_random", tests, NULL, NULL);
}
