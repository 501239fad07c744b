/* SPDX-License-Identifier: MIT */
/* The life of a stream: what it is made of, its socket, its end. */
#include "streams.h"

#include <pier/poll.h>

static char buffer[64];

static void check_refused(const char *mode, ptrdiff_t buffering)
{
    struct pier_stream *st = (struct pier_stream *)(void *)buffer;

    CHECK_ERR(pier_makefile(&st, under, mode, buffering), PIER_EINVAL);
    CHECK(st == NULL);
}

static void the_letters_of_a_mode_come_in_any_order(void **state)
{
    static const char *const modes[] = { "r",  "rb",  "br", "rw",
                                         "wr", "rwb", "bwr" };
    struct pier_stream *st;

    (void)state;
    under = open_connected();
    for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
        CHECK_OK(pier_makefile(&st, under, modes[i], PIER_BUFFER_DEFAULT));
        fake_feed(pier_fileno(under), "x", 1, 0);
        check_read(st, "x");
        CHECK_OK(pier_stream_close(st));
    }
    check_refused("", PIER_BUFFER_DEFAULT);
    check_refused("b", PIER_BUFFER_DEFAULT);
    check_refused("a", PIER_BUFFER_DEFAULT);
    check_refused("r+", PIER_BUFFER_DEFAULT);
    check_refused("rt", PIER_BUFFER_DEFAULT);
    check_refused("R", PIER_BUFFER_DEFAULT);
    pier_free(under);
}

static void a_negative_size_is_none(void **state)
{
    (void)state;
    under = open_connected();
    check_refused("r", -3);
    check_refused("w", PTRDIFF_MIN);
    pier_free(under);
}

static void only_streams_have_streams(void **state)
{
    struct pier_stream *st;
    struct pier_socket *udp = open_udp();

    (void)state;
    under = udp;
    check_refused("rw", PIER_BUFFER_DEFAULT);
    pier_free(udp);
    under = open_connected();
    CHECK_OK(pier_close(under));
    CHECK_ERR(pier_makefile(&st, under, "r", 0), PIER_EBADF);
    CHECK(st == NULL);
    pier_free(under);
}

static void a_stream_does_what_its_mode_says(void **state)
{
    struct pier_stream *reader = open_stream("r", PIER_BUFFER_DEFAULT);
    struct pier_stream *writer;

    (void)state;
    CHECK_OK(pier_makefile(&writer, under, "w", PIER_BUFFER_DEFAULT));
    CHECK_ERR(pier_stream_write(reader, "a", 1), PIER_EINVAL);
    CHECK_ERR(pier_stream_printf(reader, "a"), PIER_EINVAL);
    CHECK_OK(pier_stream_flush(reader));
    CHECK_ERR(pier_stream_read(writer, buffer, 1), PIER_EINVAL);
    CHECK_ERR(pier_stream_read1(writer, buffer, 1), PIER_EINVAL);
    CHECK_ERR(pier_stream_peek(writer, buffer, 1), PIER_EINVAL);
    CHECK_ERR(pier_stream_readline(writer, buffer, 9), PIER_EINVAL);
    CHECK_ERR(pier_stream_readuntil(writer, buffer, 9, ";", 1), PIER_EINVAL);
    CHECK_OK(pier_stream_close(writer));
    end_stream(reader);
}

static void a_stream_keeps_the_memory_of_its_socket(void **state)
{
    struct pier_stream *first = open_stream("r", PIER_BUFFER_DEFAULT);
    struct pier_stream *second;

    (void)state;
    CHECK_OK(pier_makefile(&second, under, "w", PIER_BUFFER_DEFAULT));
    CHECK_INT(pier_stream_write(second, "abc", 3), 3);
    pier_free(under);
    CHECK_INT(fake_handles(), 0);
    CHECK_ERR(pier_stream_read(first, buffer, 1), PIER_EBADF);
    CHECK_OK(pier_stream_close(first));
    CHECK_ERR(pier_stream_flush(second), PIER_EBADF);
    CHECK_ERR(pier_stream_close(second), PIER_EBADF);
    CHECK_INT(fake_allocations(), 0);
}

static void all_calls_on_a_closed_socket_are_told(void **state)
{
    struct pier_stream *st = open_stream("rw", PIER_BUFFER_DEFAULT);

    (void)state;
    feed("abc\n", 0);
    CHECK_INT(pier_stream_peek(st, buffer, 4), 4);
    CHECK_OK(pier_close(under));
    CHECK_ERR(pier_stream_read(st, buffer, 1), PIER_EBADF);
    CHECK_ERR(pier_stream_read(st, buffer, 0), PIER_EBADF);
    CHECK_ERR(pier_stream_read1(st, buffer, 1), PIER_EBADF);
    CHECK_ERR(pier_stream_peek(st, buffer, 1), PIER_EBADF);
    CHECK_ERR(pier_stream_readline(st, buffer, 9), PIER_EBADF);
    CHECK_ERR(pier_stream_readuntil(st, buffer, 9, "c", 1), PIER_EBADF);
    CHECK_ERR(pier_stream_write(st, "a", 1), PIER_EBADF);
    CHECK_ERR(pier_stream_write(st, "a", 0), PIER_EBADF);
    CHECK_ERR(pier_stream_printf(st, "a"), PIER_EBADF);
    CHECK_ERR(pier_stream_flush(st), PIER_EBADF);
    end_stream(st);
}

static void streams_of_one_socket_come_and_go(void **state)
{
    struct pier_stream *streams[4];

    (void)state;
    under = open_connected();
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 4; i++)
            CHECK_OK(pier_makefile(&streams[i], under, "rw", i));
        for (int i = 0; i < 4; i++) {
            feed("x", 0);
            check_read(streams[i], "x");
            CHECK_OK(pier_stream_close(streams[i]));
        }
    }
    CHECK_OK(pier_stream_close(NULL));
    pier_free(under);
}

static void two_streams_do_not_share_what_they_read_ahead(void **state)
{
    struct pier_stream *first = open_stream("r", PIER_BUFFER_DEFAULT);
    struct pier_stream *second;

    (void)state;
    CHECK_OK(pier_makefile(&second, under, "r", PIER_BUFFER_DEFAULT));
    feed("one\ntwo\n", 0);
    check_line(first, "one\n");
    feed("three\n", 0);
    check_line(second, "three\n");
    check_line(first, "two\n");
    CHECK_OK(pier_stream_close(second));
    end_stream(first);
}

static void a_child_of_a_fork_has_its_own_copy(void **state)
{
    struct pier_stream *st = open_stream("rw", PIER_BUFFER_DEFAULT);

    (void)state;
    feed("one\ntwo\n", 0);
    check_line(st, "one\n");
    fake_fork();
    check_line(st, "two\n");
    CHECK_INT(pier_stream_write(st, "abc", 3), 3);
    pier_free(under);
    CHECK_ERR(pier_stream_close(st), PIER_EBADF);
    CHECK_INT(fake_allocations(), 0);
}

static void
what_was_freed_before_a_fork_lives_as_long_as_its_stream(void **state)
{
    struct pier_stream *st = open_stream("r", PIER_BUFFER_DEFAULT);

    (void)state;
    pier_free(under);
    fake_fork();
    CHECK_ERR(pier_stream_read(st, buffer, 1), PIER_EBADF);
    CHECK_OK(pier_stream_close(st));
    CHECK_INT(fake_allocations(), 0);
}

static void makefile_needs_its_memory(void **state)
{
    struct pier_stream *st;

    (void)state;
    under = open_connected();
    for (unsigned n = 1; n <= 3; n++) {
        fake_fail_alloc(n);
        CHECK_ERR(pier_makefile(&st, under, "rw", 16), PIER_ENOMEM);
        CHECK(st == NULL);
    }
    pier_free(under);
}

/* ------------------------------------------------------------- pollers --- */

static unsigned events_now(void)
{
    struct pier_pollitem item = { .socket = under, .events = PIER_POLLIN };

    CHECK(pier_poll(&item, 1, 0, NULL) >= 0);
    return item.revents;
}

static void pollers_see_what_a_stream_has_read_ahead(void **state)
{
    struct pier_stream *st = open_stream("r", PIER_BUFFER_DEFAULT);
    unsigned events = 0;

    (void)state;
    feed("one\ntwo\n", 0);
    check_line(st, "one\n");
    CHECK_INT(events_now(), PIER_POLLIN);
    CHECK_OK(pier_wait_for(under, PIER_POLLIN, SECOND, &events));
    CHECK_INT(events, PIER_POLLIN);
    CHECK_INT(fake_now(), 0);
    check_line(st, "two\n");
    CHECK_INT(events_now(), 0);
    CHECK_ERR(pier_wait_for(under, PIER_POLLIN, 0, NULL), PIER_EAGAIN);
    end_stream(st);
}

static void the_second_half_of_a_line_end_is_nothing_to_read(void **state)
{
    struct pier_stream *st =
        open_reader(PIER_BUFFER_DEFAULT, PIER_NEWLINE_UNIVERSAL);

    (void)state;
    feed("one\r\n", 0);
    check_line(st, "one\n");
    CHECK_INT(events_now(), 0);
    end_stream(st);
}

static void what_a_closed_stream_had_is_readable_no_more(void **state)
{
    struct pier_stream *first = open_stream("r", PIER_BUFFER_DEFAULT);
    struct pier_stream *second;

    (void)state;
    CHECK_OK(pier_makefile(&second, under, "r", PIER_BUFFER_DEFAULT));
    feed("one\ntwo\n", 0);
    check_line(first, "one\n");
    feed("1\n2\n", 0);
    check_line(second, "1\n");
    CHECK_OK(pier_stream_close(first));
    CHECK_INT(events_now(), PIER_POLLIN);
    CHECK_OK(pier_stream_close(second));
    CHECK_INT(events_now(), 0);
    pier_free(under);
}

static struct pier_stream *shared;
static ptrdiff_t result;
static ptrdiff_t (*wait_call)(void);

static ptrdiff_t poll_once(void)
{
    struct pier_pollitem item = { .socket = under, .events = PIER_POLLIN };

    return pier_poll(&item, 1, SECOND, NULL);
}

static ptrdiff_t wait_once(void)
{
    return pier_wait_for(under, PIER_POLLIN, SECOND, NULL);
}

static void wait_for_bytes(void *unused)
{
    (void)unused;
    result = wait_call();
}

/* The reader, which began to wait first, has it all before the poller looks.
 */
static void pollers_that_wait_are_woken(void **state)
{
    static ptrdiff_t (*const calls[])(void) = { poll_once, wait_once };
    static const ptrdiff_t expected[] = { 1, PIER_OK };

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct pier_stream *st = open_stream("r", PIER_BUFFER_DEFAULT);
        int64_t begin = fake_now();

        wait_call = calls[i];
        result = PIER_EUNKNOWN;
        fake_at(5 * MS, wait_for_bytes, NULL);
        feed("one\ntwo\n", 10 * MS);
        check_line(st, "one\n");
        fake_join();
        CHECK_INT(result, expected[i]);
        CHECK_INT(fake_now() - begin, 10 * MS);
        check_line(st, "two\n");
        end_stream(st);
    }
}

/* -------------------------------------------------------------- threads ---
 */

static void read_a_line(void *text)
{
    char line[16];

    result = pier_stream_readline(shared, line, sizeof(line));
    if (result > 0 && strcmp(line, text) != 0)
        result = PIER_EUNKNOWN;
}

static void readers_take_turns(void **state)
{
    static char second[] = "second\n";

    (void)state;
    shared = open_stream("r", PIER_BUFFER_DEFAULT);
    result = 0;
    fake_at(5 * MS, read_a_line, second);
    feed("first", 10 * MS);
    feed("\nsecond\n", 20 * MS);
    check_line(shared, "first\n");
    fake_join();
    CHECK_INT(result, 7);
    end_stream(shared);
}

/* Its line is in the buffer, of which no handle tells: it must not wait for
 * that as the call before had to. */
static void what_another_reader_left_is_not_waited_for(void **state)
{
    static char third[] = "third\n";

    (void)state;
    shared = open_stream("r", PIER_BUFFER_DEFAULT);
    feed("first\n", 10 * MS);
    check_line(shared, "first\n");
    fake_at(5 * MS, read_a_line, third);
    feed("second\nthird\n", 10 * MS);
    check_line(shared, "second\n");
    fake_join();
    CHECK_INT(result, 6);
    CHECK_INT(fake_now(), 20 * MS);
    end_stream(shared);
}

static void a_read_and_a_write_run_side_by_side(void **state)
{
    static char line[] = "answer\n";

    (void)state;
    shared = open_stream("rw", PIER_BUFFER_LINE);
    fake_thread_start(read_a_line, line);
    fake_settle();
    CHECK_INT(pier_stream_write(shared, "question\n", 9), 9);
    check_sent("question\n");
    feed("answer\n", MS);
    fake_join();
    CHECK_INT(result, 7);
    end_stream(shared);
}

static void a_close_ends_a_read(void **state)
{
    (void)state;
    shared = open_stream("r", PIER_BUFFER_DEFAULT);
    feed("half", 0);
    fake_at(10 * MS, do_close, under);
    CHECK_ERR(pier_stream_readline(shared, buffer, sizeof(buffer)),
              PIER_EBADF);
    CHECK_INT(fake_now(), 10 * MS);
    fake_join();
    end_stream(shared);
}

static void a_socket_may_be_freed_under_a_read(void **state)
{
    (void)state;
    shared = open_stream("r", PIER_BUFFER_DEFAULT);
    fake_at(10 * MS, do_free, under);
    CHECK_ERR(pier_stream_read(shared, buffer, 4), PIER_EBADF);
    fake_join();
    CHECK_OK(pier_stream_close(shared));
    CHECK_INT(fake_allocations(), 0);
}

static void a_token_ends_a_read_and_nothing_is_lost(void **state)
{
    struct pier_stream *st = open_stream("r", PIER_BUFFER_DEFAULT);
    struct pier_cancel *token;

    (void)state;
    CHECK_OK(pier_cancel_new(&token));
    CHECK_OK(pier_set_cancel(under, token));
    feed("half", 0);
    fake_at(10 * MS, do_fire, token);
    CHECK_ERR(pier_stream_readline(st, buffer, sizeof(buffer)),
              PIER_ECANCELED);
    fake_join();
    pier_cancel_reset(token);
    feed("\n", 0);
    check_line(st, "half\n");
    CHECK_OK(pier_set_cancel(under, NULL));
    pier_cancel_free(token);
    end_stream(st);
}

static void a_reader_that_waits_for_its_turn_has_its_limit(void **state)
{
    static char line[] = "late\n";

    (void)state;
    shared = open_stream("r", PIER_BUFFER_DEFAULT);
    fake_thread_start(read_a_line, line);
    fake_settle();
    CHECK_OK(pier_settimeout(under, 30 * MS));
    CHECK_ERR(pier_stream_read(shared, buffer, 1), PIER_EDEADLINE);
    CHECK_INT(fake_now(), 30 * MS);
    feed("late\n", 0);
    fake_join();
    CHECK_INT(result, 5);
    end_stream(shared);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_FAKE(the_letters_of_a_mode_come_in_any_order),
        ON_FAKE(a_negative_size_is_none),
        ON_FAKE(only_streams_have_streams),
        ON_FAKE(a_stream_does_what_its_mode_says),
        ON_FAKE(a_stream_keeps_the_memory_of_its_socket),
        ON_FAKE(all_calls_on_a_closed_socket_are_told),
        ON_FAKE(streams_of_one_socket_come_and_go),
        ON_FAKE(two_streams_do_not_share_what_they_read_ahead),
        ON_FAKE(a_child_of_a_fork_has_its_own_copy),
        ON_FAKE(what_was_freed_before_a_fork_lives_as_long_as_its_stream),
        ON_FAKE(makefile_needs_its_memory),
        ON_FAKE(pollers_see_what_a_stream_has_read_ahead),
        ON_FAKE(the_second_half_of_a_line_end_is_nothing_to_read),
        ON_FAKE(what_a_closed_stream_had_is_readable_no_more),
        ON_FAKE(pollers_that_wait_are_woken),
        ON_FAKE(readers_take_turns),
        ON_FAKE(what_another_reader_left_is_not_waited_for),
        ON_FAKE(a_read_and_a_write_run_side_by_side),
        ON_FAKE(a_close_ends_a_read),
        ON_FAKE(a_socket_may_be_freed_under_a_read),
        ON_FAKE(a_token_ends_a_read_and_nothing_is_lost),
        ON_FAKE(a_reader_that_waits_for_its_turn_has_its_limit),
    };

    return cmocka_run_group_tests_name("stream", tests, NULL, NULL);
}
