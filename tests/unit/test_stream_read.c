/* SPDX-License-Identifier: MIT */
/* Reading from streams: how much, with how many calls, and what is left. */
#include "streams.h"

static char buffer[20000];

static void a_read_waits_for_all_of_it(void **state)
{
    struct pier_stream *st = open_stream("r", PIER_BUFFER_DEFAULT);

    (void)state;
    feed("abc", 10 * MS);
    feed("def", 20 * MS);
    check_read(st, "abcdef");
    CHECK_INT(fake_now(), 20 * MS);
    end_stream(st);
}

static void less_is_the_end(void **state)
{
    struct pier_stream *st = open_stream("r", PIER_BUFFER_DEFAULT);

    (void)state;
    feed("abc", 0);
    fake_feed_eof(pier_fileno(under), 10 * MS);
    CHECK_INT(pier_stream_read(st, buffer, 8), 3);
    assert_memory_equal(buffer, "abc", 3);
    CHECK_INT(pier_stream_read(st, buffer, 8), 0);
    CHECK_INT(pier_stream_read1(st, buffer, 8), 0);
    CHECK_INT(pier_stream_peek(st, buffer, 8), 0);
    end_stream(st);
}

static void what_is_buffered_asks_the_system_for_nothing(void **state)
{
    struct pier_stream *st = open_stream("r", PIER_BUFFER_DEFAULT);

    (void)state;
    feed("ab;one\ncdefgh", 0);
    check_read(st, "a");
    CHECK_OK(pier_settimeout(under, SECOND));
    fake_clear_calls();
    check_read(st, "b");
    CHECK_INT(pier_stream_readuntil(st, buffer, 8, ";", 1), 1);
    check_line(st, "one\n");
    CHECK_INT(pier_stream_peek(st, buffer, 3), 3);
    CHECK_INT(pier_stream_read1(st, buffer, 64), 6);
    assert_memory_equal(buffer, "cdefgh", 6);
    CHECK_INT(fake_calls(), 0);
    CHECK_INT(fake_calls_of(FAKE_CLOCK), 0);
    CHECK_INT(fake_calls_of(FAKE_LOCK), 0);
    end_stream(st);
}

static void a_read1_makes_one_receive(void **state)
{
    struct pier_stream *st = open_stream("r", PIER_BUFFER_DEFAULT);

    (void)state;
    feed("abc", 0);
    fake_limit_recv(pier_fileno(under), 2);
    fake_clear_calls();
    CHECK_INT(pier_stream_read1(st, buffer, 8), 2);
    assert_string_equal(fake_log(), "recv");
    CHECK_INT(pier_stream_read1(st, buffer, 8), 1);
    CHECK_INT(buffer[0], 'c');
    end_stream(st);
}

/* The next bytes stay with the socket. */
static void a_large_read1_takes_no_detour(void **state)
{
    struct pier_stream *st = open_stream("r", 4);

    (void)state;
    feed("abcdefgh", 0);
    CHECK_INT(pier_stream_read1(st, buffer, 5), 5);
    CHECK_INT(pier_recv(under, buffer + 5, 8, 0), 3);
    assert_memory_equal(buffer, "abcdefgh", 8);
    end_stream(st);
}

static void a_call_that_has_to_wait_again_waits_first(void **state)
{
    struct pier_stream *st = open_stream("r", PIER_BUFFER_DEFAULT);

    (void)state;
    feed("one\n", 10 * MS);
    fake_clear_calls();
    check_line(st, "one\n");
    assert_string_equal(fake_log(), "recv wait recv");
    feed("two\n", 10 * MS);
    fake_clear_calls();
    check_line(st, "two\n");
    assert_string_equal(fake_log(), "wait recv");
    end_stream(st);
}

static void a_peek_consumes_nothing(void **state)
{
    struct pier_stream *st = open_stream("r", PIER_BUFFER_DEFAULT);

    (void)state;
    feed("abc", 10 * MS);
    for (int i = 0; i < 3; i++) {
        CHECK_INT(pier_stream_peek(st, buffer, 2), 2);
        assert_memory_equal(buffer, "ab", 2);
    }
    CHECK_INT(pier_stream_peek(st, buffer, 64), 3);
    CHECK_INT(fake_now(), 10 * MS);
    check_read(st, "abc");
    end_stream(st);
}

/* --------------------------------------------------- without a buffer --- */

static void check_left(const char *text)
{
    CHECK_INT(pier_recv(under, buffer, sizeof(buffer), 0), strlen(text));
    assert_memory_equal(buffer, text, strlen(text));
}

static void without_a_buffer_no_read_takes_more(void **state)
{
    struct pier_stream *st = open_stream("r", PIER_BUFFER_NONE);

    (void)state;
    feed("abcdefgh\nij;;k;;;lmnopq", 0);
    check_read(st, "ab");
    CHECK_INT(pier_stream_read1(st, buffer, 2), 2);
    CHECK_INT(pier_stream_peek(st, buffer, 2), 2);
    check_line(st, "efgh\n");
    CHECK_INT(pier_stream_readuntil(st, buffer, 64, ";;;", 3), 8);
    assert_memory_equal(buffer, "ij;;k;;;", 8);
    CHECK_INT(pier_stream_read(st, buffer, 0), 0);
    check_left("lmnopq");
    end_stream(st);
}

static void without_a_buffer_a_line_end_of_two_is_not_passed(void **state)
{
    struct pier_stream *st = open_reader(PIER_BUFFER_NONE, PIER_NEWLINE_CRLF);

    (void)state;
    feed("a\rb\r\r\nrest", 0);
    check_line(st, "a\rb\r\r\n");
    check_left("rest");
    end_stream(st);
}

static void without_a_buffer_nothing_is_lost_either(void **state)
{
    struct pier_stream *st = open_stream("r", PIER_BUFFER_NONE);

    (void)state;
    CHECK_OK(pier_settimeout(under, 10 * MS));
    feed("abc", 0);
    CHECK_ERR(pier_stream_read(st, buffer, 5), PIER_EDEADLINE);
    feed("d\nrest", 0);
    check_line(st, "abcd\n");
    check_left("rest");
    end_stream(st);
}

static void a_buffer_of_one_byte_will_do(void **state)
{
    struct pier_stream *st = open_stream("r", 1);

    (void)state;
    feed("one\ntwo;3", 0);
    check_line(st, "one\n");
    CHECK_INT(pier_stream_readuntil(st, buffer, 64, ";", 1), 4);
    CHECK_INT(pier_stream_peek(st, buffer, 64), 1);
    check_read(st, "3");
    end_stream(st);
}

/* --------------------------------------------------------- how it ends --- */

static void a_timeout_loses_nothing(void **state)
{
    struct pier_stream *st = open_stream("r", PIER_BUFFER_DEFAULT);

    (void)state;
    CHECK_OK(pier_settimeout(under, 50 * MS));
    feed("abc", 10 * MS);
    feed("def", 70 * MS);
    CHECK_ERR(pier_stream_read(st, buffer, 6), PIER_EDEADLINE);
    CHECK_INT(fake_now(), 50 * MS);
    check_read(st, "abcdef");
    CHECK_INT(fake_now(), 70 * MS);
    end_stream(st);
}

static void one_deadline_covers_all_receives(void **state)
{
    struct pier_stream *st = open_stream("r", PIER_BUFFER_DEFAULT);

    (void)state;
    CHECK_OK(pier_settimeout(under, 50 * MS));
    for (int i = 1; i <= 9; i++)
        feed("x", (int64_t)i * 20 * MS);
    CHECK_ERR(pier_stream_readline(st, buffer, 64), PIER_EDEADLINE);
    CHECK_INT(fake_now(), 50 * MS);
    check_read(st, "xx");
    end_stream(st);
}

static void a_peer_that_never_stops_is_ended_by_the_deadline(void **state)
{
    struct pier_stream *st = open_stream("r", PIER_BUFFER_DEFAULT);

    (void)state;
    CHECK_OK(pier_settimeout(under, 10 * MS));
    memset(buffer, 'x', sizeof(buffer));
    fake_feed(pier_fileno(under), buffer, sizeof(buffer), 0);
    fake_limit_recv(pier_fileno(under), 1);
    fake_clock_ticks(MS);
    CHECK_ERR(pier_stream_read(st, buffer, 20000), PIER_EDEADLINE);
    fake_clock_ticks(0);
    CHECK_INT(pier_stream_read1(st, buffer, 64), 10);
    end_stream(st);
}

static void the_limit_of_the_socket_counts(void **state)
{
    struct pier_stream *st = open_stream("r", PIER_BUFFER_DEFAULT);

    (void)state;
    CHECK_OK(pier_set_deadline(under, pier_monotonic() + 20 * MS));
    CHECK_ERR(pier_stream_read(st, buffer, 1), PIER_EDEADLINE);
    CHECK_INT(fake_now(), 20 * MS);
    end_stream(st);
}

static void without_time_there_is_what_is_there(void **state)
{
    struct pier_stream *st = open_stream("r", PIER_BUFFER_DEFAULT);

    (void)state;
    CHECK_OK(pier_settimeout(under, PIER_NONBLOCKING));
    CHECK_ERR(pier_stream_read1(st, buffer, 8), PIER_EAGAIN);
    feed("abc", 0);
    CHECK_ERR(pier_stream_read(st, buffer, 4), PIER_EAGAIN);
    CHECK_ERR(pier_stream_readline(st, buffer, 8), PIER_EAGAIN);
    CHECK_INT(pier_stream_read1(st, buffer, 8), 3);
    end_stream(st);
}

static void an_error_of_the_network_loses_nothing(void **state)
{
    struct pier_stream *st = open_stream("r", PIER_BUFFER_DEFAULT);

    (void)state;
    feed("abc", 0);
    check_read(st, "a");
    fake_feed_reset(pier_fileno(under), 10 * MS);
    CHECK_ERR(pier_stream_read(st, buffer, 8), PIER_ECONNRESET);
    check_read(st, "bc");
    end_stream(st);
}

static void a_direction_that_is_shut_down_has_an_end(void **state)
{
    struct pier_stream *st = open_stream("r", PIER_BUFFER_DEFAULT);

    (void)state;
    feed("ab", 0);
    check_read(st, "a");
    fake_at(10 * MS, do_shut_down, under);
    CHECK_INT(pier_stream_read(st, buffer, 8), 1);
    CHECK_INT(fake_now(), 10 * MS);
    fake_join();
    end_stream(st);
}

/* ----------------------------------------------------------- delimiters ---
 */

static const char text[] = "aab;aabaab;;";

/* Each way to cut the text in two, and bytes one by one. */
static void a_delimiter_may_come_in_pieces(void **state)
{
    (void)state;
    for (size_t cut = 0; cut <= sizeof(text) - 1; cut++) {
        struct pier_stream *st = open_stream("r", (ptrdiff_t)(cut % 4));
        pier_handle h = pier_fileno(under);

        if (cut == 0)
            fake_limit_recv(h, 1);
        if (cut > 0)
            fake_feed(h, text, cut, 0);
        if (cut < sizeof(text) - 1)
            fake_feed(h, text + cut, sizeof(text) - 1 - cut, MS);
        CHECK_INT(pier_stream_readuntil(st, buffer, 64, "aabaab", 6), 10);
        assert_memory_equal(buffer, text, 10);
        CHECK_INT(pier_stream_readuntil(st, buffer, 64, ";;", 2), 2);
        end_stream(st);
    }
}

static void there_must_be_a_delimiter_within_capacity(void **state)
{
    struct pier_stream *st = open_stream("r", PIER_BUFFER_DEFAULT);

    (void)state;
    feed("abc;def", 0);
    CHECK_ERR(pier_stream_readuntil(st, buffer, 3, ";", 1), PIER_ETRUNCATED);
    CHECK_ERR(pier_stream_readuntil(st, NULL, 0, ";", 1), PIER_ETRUNCATED);
    CHECK_ERR(pier_stream_readuntil(st, buffer, 2, "abc", 3), PIER_ETRUNCATED);
    CHECK_INT(pier_stream_readuntil(st, buffer, 4, ";", 1), 4);
    CHECK_INT(fake_now(), 0);
    /* As much as there is room for, and nothing that tells more. */
    CHECK_ERR(pier_stream_readuntil(st, buffer, 3, ";", 1), PIER_ETRUNCATED);
    CHECK_INT(fake_now(), 0);
    CHECK_ERR(pier_stream_readuntil(st, buffer, 3, ";", 1), PIER_ETRUNCATED);
    fake_feed_eof(pier_fileno(under), 0);
    CHECK_INT(pier_stream_readuntil(st, buffer, 3, ";", 1), 3);
    CHECK_INT(pier_stream_readuntil(st, buffer, 3, ";", 1), 0);
    end_stream(st);
}

static void the_detail_of_a_truncation_is_no_code_of_the_system(void **state)
{
    struct pier_stream *st = open_stream("r", PIER_BUFFER_DEFAULT);
    struct pier_detail detail = { 0 };

    (void)state;
    feed("abcdef", 0);
    CHECK_ERR(pier_stream_readuntil(st, buffer, 3, ";", 1), PIER_ETRUNCATED);
    pier_error_detail(&detail);
    CHECK_INT(detail.code, PIER_ETRUNCATED);
    CHECK_INT(detail.native_code, 0);
    assert_string_equal(detail.operation, "stream_readuntil");
    end_stream(st);
}

static void a_line_longer_than_the_buffer_makes_it_grow(void **state)
{
    static char line[10003];
    struct pier_stream *st = open_stream("r", 16);

    (void)state;
    memset(buffer, 'x', 10000);
    buffer[10000] = '\n';
    fake_feed(pier_fileno(under), buffer, 10001, 0);
    CHECK_ERR(pier_stream_readline(st, line, 10001), PIER_ETRUNCATED);
    CHECK_INT(pier_stream_readline(st, line, 10002), 10001);
    CHECK(memcmp(line, buffer, 10001) == 0 && line[10001] == '\0');
    end_stream(st);
}

/* The second time there is no memory for a small buffer again. */
static void a_buffer_of_megabytes_is_given_back(void **state)
{
    enum {
        MUCH = 3 << 20
    };
    struct pier_stream *st = open_stream("r", PIER_BUFFER_DEFAULT);
    char *much = test_calloc(1, MUCH);
    size_t before = fake_allocated_bytes();
    unsigned blocks = 0; /* that a round takes, the last one being small */

    (void)state;
    for (int round = 0; round < 2; round++) {
        fake_feed(pier_fileno(under), much, MUCH, MS);
        CHECK_INT(pier_stream_peek(st, much, 1), 1);
        fake_fail_alloc(blocks);
        fake_clear_calls();
        CHECK_INT(pier_stream_read(st, much, MUCH), MUCH);
        CHECK((fake_allocated_bytes() == before) == (round == 0));
        blocks = fake_calls_of(FAKE_ALLOC);
    }
    CHECK_INT(fake_failures(), 1);
    feed("abc", 0);
    check_read(st, "abc");
    test_free(much);
    end_stream(st);
}

static void without_memory_nothing_is_lost(void **state)
{
    struct pier_stream *st = open_stream("r", 4);

    (void)state;
    feed("abcdefgh\n", 0);
    fake_fail_alloc(1);
    CHECK_ERR(pier_stream_readline(st, buffer, 64), PIER_ENOMEM);
    fake_fail_alloc(1);
    CHECK_ERR(pier_stream_read(st, buffer, 9), PIER_ENOMEM);
    check_line(st, "abcdefgh\n");
    end_stream(st);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_FAKE(a_read_waits_for_all_of_it),
        ON_FAKE(less_is_the_end),
        ON_FAKE(what_is_buffered_asks_the_system_for_nothing),
        ON_FAKE(a_read1_makes_one_receive),
        ON_FAKE(a_large_read1_takes_no_detour),
        ON_FAKE(a_call_that_has_to_wait_again_waits_first),
        ON_FAKE(a_peek_consumes_nothing),
        ON_FAKE(without_a_buffer_no_read_takes_more),
        ON_FAKE(without_a_buffer_a_line_end_of_two_is_not_passed),
        ON_FAKE(without_a_buffer_nothing_is_lost_either),
        ON_FAKE(a_buffer_of_one_byte_will_do),
        ON_FAKE(a_timeout_loses_nothing),
        ON_FAKE(one_deadline_covers_all_receives),
        ON_FAKE(a_peer_that_never_stops_is_ended_by_the_deadline),
        ON_FAKE(the_limit_of_the_socket_counts),
        ON_FAKE(without_time_there_is_what_is_there),
        ON_FAKE(an_error_of_the_network_loses_nothing),
        ON_FAKE(a_direction_that_is_shut_down_has_an_end),
        ON_FAKE(a_delimiter_may_come_in_pieces),
        ON_FAKE(there_must_be_a_delimiter_within_capacity),
        ON_FAKE(the_detail_of_a_truncation_is_no_code_of_the_system),
        ON_FAKE(a_line_longer_than_the_buffer_makes_it_grow),
        ON_FAKE(a_buffer_of_megabytes_is_given_back),
        ON_FAKE(without_memory_nothing_is_lost),
    };

    return cmocka_run_group_tests_name("stream_read", tests, NULL, NULL);
}
