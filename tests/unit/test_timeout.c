/* SPDX-License-Identifier: MIT */
/* Timeouts, to the nanosecond. */
#include "unit.h"

#include <pier/error.h>
#include <string.h>

static char buffer[256];

static void every_blocking_call_ends_exactly_at_its_timeout(void **state)
{
    (void)state;
    for (size_t i = 0; i < blocking_call_count; i++) {
        const struct blocking_call *call = &blocking_calls[i];
        struct pier_socket *s = call->open();
        int64_t before;

        print_message("%s\n", call->name);
        CHECK_OK(pier_settimeout(s, 50 * MS));
        before = fake_now();
        CHECK_ERR(call->run(s), PIER_EDEADLINE);
        CHECK_INT(fake_now() - before, 50 * MS);
        pier_free(s);
    }
}

static void no_timeout_at_all_does_not_wait(void **state)
{
    (void)state;
    for (size_t i = 0; i < blocking_call_count; i++) {
        const struct blocking_call *call = &blocking_calls[i];
        struct pier_socket *s = call->open();
        ptrdiff_t result;

        print_message("%s\n", call->name);
        CHECK_OK(pier_settimeout(s, PIER_NONBLOCKING));
        fake_clear_calls();
        result = call->run(s);
        CHECK(result == PIER_EAGAIN || result == PIER_EINPROGRESS);
        CHECK_INT(fake_calls_of(FAKE_WAIT), 0);
        CHECK_INT(fake_calls_of(FAKE_CLOCK), 0);
        pier_free(s);
    }
    CHECK_INT(fake_now(), 0);
}

static void a_timeout_below_a_millisecond_is_kept(void **state)
{
    const pier_timeout short_ones[] = { 1, 999, 1000, 999999, 1000001 };
    struct pier_socket *s = open_connected();

    (void)state;
    for (size_t i = 0; i < sizeof(short_ones) / sizeof(short_ones[0]); i++) {
        int64_t before = fake_now();

        CHECK_OK(pier_settimeout(s, short_ones[i]));
        CHECK_ERR(pier_recv(s, buffer, 1, 0), PIER_EDEADLINE);
        CHECK_INT(fake_now() - before, short_ones[i]);
    }
    pier_free(s);
}

/* What overflows 32 bits of milliseconds, of seconds, and all of them. */
static const pier_timeout huge[] = {
    PIER_MILLISECONDS(INT64_C(2147483648)),
    PIER_MILLISECONDS(INT64_C(4294967296)),
    PIER_SECONDS(INT64_C(4294967296)),
    INT64_MAX - 1,
    INT64_MAX,
};

static void a_huge_timeout_neither_wraps_nor_ends_early(void **state)
{
    struct pier_socket *s = open_connected();

    (void)state;
    for (size_t i = 0; i < sizeof(huge) / sizeof(huge[0]); i++) {
        int64_t before = fake_now();

        CHECK_OK(pier_settimeout(s, huge[i]));
        CHECK_INT(pier_gettimeout(s), huge[i]);
        fake_feed(pier_fileno(s), "x", 1, PIER_MILLISECONDS(2147483000));
        CHECK_INT(pier_recv(s, buffer, 8, 0), 1);
        CHECK_INT(fake_now() - before, PIER_MILLISECONDS(2147483000));
    }
    pier_free(s);
}

static void a_wait_that_the_system_cuts_short_is_continued(void **state)
{
    struct pier_socket *s = open_connected();

    (void)state;
    fake_wait_longest(7 * MS);
    CHECK_OK(pier_settimeout(s, 50 * MS));
    CHECK_ERR(pier_recv(s, buffer, 8, 0), PIER_EDEADLINE);
    CHECK_INT(fake_now(), 50 * MS);
    CHECK_OK(pier_settimeout(s, PIER_FOREVER));
    fake_feed(pier_fileno(s), "x", 1, 100 * MS);
    CHECK_INT(pier_recv(s, buffer, 8, 0), 1);
    CHECK_INT(fake_now(), 150 * MS);
    pier_free(s);
}

/* As a datagram with a bad checksum is; only the clock can end it. */
static void readiness_without_end_does_not_prolong_a_call(void **state)
{
    struct pier_socket *s = open_connected();

    (void)state;
    CHECK_OK(pier_settimeout(s, 50 * MS));
    fake_clock_ticks(MS);
    fake_wait_early(10000, PIERP_READY);
    CHECK_ERR(pier_recv(s, buffer, 8, 0), PIER_EDEADLINE);
    CHECK(fake_now() >= 50 * MS && fake_now() < 60 * MS);
    CHECK_ERR(pier_recv(s, buffer, 8, 0), PIER_EDEADLINE);
    CHECK(fake_now() >= 100 * MS && fake_now() < 120 * MS);
    pier_free(s);
}

static void any_negative_timeout_is_for_ever(void **state)
{
    struct pier_socket *s = open_connected();

    (void)state;
    CHECK_OK(pier_settimeout(s, INT64_MIN));
    CHECK(pier_gettimeout(s) < 0);
    CHECK(pier_getblocking(s));
    fake_feed(pier_fileno(s), "x", 1, 3600 * SECOND);
    CHECK_INT(pier_recv(s, buffer, 8, 0), 1);
    CHECK_INT(fake_now(), 3600 * SECOND);
    pier_free(s);
}

static void signals_every_300_ms_do_not_prolong_a_call(void **state)
{
    (void)state;
    for (size_t i = 0; i < blocking_call_count; i++) {
        const struct blocking_call *call = &blocking_calls[i];
        struct pier_socket *s = call->open();
        int64_t before = fake_now();

        print_message("%s\n", call->name);
        CHECK_OK(pier_settimeout(s, SECOND));
        fake_interrupt_every(300 * MS);
        CHECK_ERR(call->run(s), PIER_EDEADLINE);
        CHECK_INT(fake_now() - before, SECOND);
        fake_interrupt_every(0);
        pier_free(s);
    }
}

static void signals_do_not_end_a_call_without_limit(void **state)
{
    struct pier_socket *s = open_connected();

    (void)state;
    fake_interrupt_every(300 * MS);
    fake_feed(pier_fileno(s), "x", 1, 10 * SECOND);
    CHECK_INT(pier_recv(s, buffer, 8, 0), 1);
    CHECK_INT(fake_now(), 10 * SECOND);
    pier_free(s);
}

static void one_deadline_covers_all_parts_of_a_sendall(void **state)
{
    struct pier_socket *s = open_connected();
    size_t sent = 99;

    (void)state;
    CHECK_OK(pier_settimeout(s, 50 * MS));
    fake_send_room(pier_fileno(s), 10);
    fake_drain(pier_fileno(s), 10, 20 * MS);
    CHECK_ERR(pier_sendall(s, buffer, 100, 0, &sent), PIER_EDEADLINE);
    CHECK_INT(fake_now(), 50 * MS);
    CHECK(sent == 30);
    pier_free(s);
}

static void one_deadline_covers_all_parts_of_a_recvall(void **state)
{
    struct pier_socket *s = open_connected();
    size_t received = 99;

    (void)state;
    CHECK_OK(pier_settimeout(s, 50 * MS));
    for (int i = 0; i < 5; i++)
        fake_feed(pier_fileno(s), "ab", 2, (20 * i + 10) * MS);
    CHECK_ERR(pier_recvall(s, buffer, 10, 0, &received), PIER_EDEADLINE);
    CHECK_INT(fake_now(), 50 * MS);
    CHECK(received == 6);
    CHECK(memcmp(buffer, "ababab", 6) == 0);
    CHECK_OK(pier_recvall(s, buffer, 4, 0, &received));
    CHECK_INT(fake_now(), 90 * MS);
    pier_free(s);
}

static void the_directions_have_timeouts_of_their_own(void **state)
{
    struct pier_socket *s = open_blocked();

    (void)state;
    CHECK_OK(pier_set_recv_timeout(s, 10 * MS));
    CHECK_OK(pier_set_send_timeout(s, 30 * MS));
    CHECK_INT(pier_get_recv_timeout(s), 10 * MS);
    CHECK_INT(pier_get_send_timeout(s), 30 * MS);
    CHECK_INT(pier_gettimeout(s), 10 * MS);
    CHECK_ERR(pier_recv(s, buffer, 1, 0), PIER_EDEADLINE);
    CHECK_INT(fake_now(), 10 * MS);
    CHECK_ERR(pier_send(s, buffer, 1, 0), PIER_EDEADLINE);
    CHECK_INT(fake_now(), 40 * MS);
    pier_free(s);
}

static void the_earlier_of_deadline_and_timeout_wins(void **state)
{
    struct pier_socket *s = open_connected();

    (void)state;
    CHECK_OK(pier_settimeout(s, 50 * MS));
    CHECK_OK(pier_set_deadline(s, pier_monotonic() + 70 * MS));
    CHECK_ERR(pier_recv(s, buffer, 1, 0), PIER_EDEADLINE);
    CHECK_INT(fake_now(), 50 * MS);
    CHECK_ERR(pier_recv(s, buffer, 1, 0), PIER_EDEADLINE);
    CHECK_INT(fake_now(), 70 * MS);
    CHECK_ERR(pier_recv(s, buffer, 1, 0), PIER_EDEADLINE);
    CHECK_INT(fake_now(), 70 * MS);
    CHECK_OK(pier_set_deadline(s, 0));
    CHECK_ERR(pier_recv(s, buffer, 1, 0), PIER_EDEADLINE);
    CHECK_INT(fake_now(), 120 * MS);
    pier_free(s);
}

static void a_deadline_holds_where_there_is_no_timeout(void **state)
{
    struct pier_socket *s = open_connected();

    (void)state;
    CHECK_OK(pier_set_deadline(s, pier_monotonic() + 70 * MS));
    CHECK_ERR(pier_recv(s, buffer, 1, 0), PIER_EDEADLINE);
    CHECK_INT(fake_now(), 70 * MS);
    fake_feed(pier_fileno(s), "x", 1, 0);
    CHECK_INT(pier_recv(s, buffer, 1, 0), 1);
    CHECK_ERR(pier_set_deadline(s, -1), PIER_EINVAL);
    pier_free(s);
}

struct change {
    struct pier_socket *socket;
    pier_timeout timeout;
};

static void do_change(void *argument)
{
    const struct change *c = argument;

    (void)!pier_settimeout(c->socket, c->timeout);
}

static void a_new_timeout_governs_calls_that_begin_later(void **state)
{
    struct change c = { open_connected(), 5 * MS };

    (void)state;
    CHECK_OK(pier_settimeout(c.socket, 50 * MS));
    fake_at(10 * MS, do_change, &c);
    CHECK_ERR(pier_recv(c.socket, buffer, 1, 0), PIER_EDEADLINE);
    CHECK_INT(fake_now(), 50 * MS);
    CHECK_ERR(pier_recv(c.socket, buffer, 1, 0), PIER_EDEADLINE);
    CHECK_INT(fake_now(), 55 * MS);
    fake_join();
    pier_free(c.socket);
}

static void data_at_the_last_moment_wins(void **state)
{
    struct pier_socket *s = open_connected();

    (void)state;
    CHECK_OK(pier_settimeout(s, 50 * MS));
    fake_feed(pier_fileno(s), "x", 1, 50 * MS);
    CHECK_INT(pier_recv(s, buffer, 8, 0), 1);
    CHECK_INT(fake_now(), 50 * MS);
    pier_free(s);
}

static void a_timed_out_call_loses_nothing(void **state)
{
    struct pier_socket *s = open_connected();

    (void)state;
    CHECK_OK(pier_settimeout(s, 10 * MS));
    fake_feed(pier_fileno(s), "late", 4, 11 * MS);
    CHECK_ERR(pier_recv(s, buffer, 8, 0), PIER_EDEADLINE);
    CHECK_INT(pier_recv(s, buffer, 8, 0), 4);
    CHECK_INT(fake_now(), 11 * MS);
    pier_free(s);
}

static void the_timeout_of_pier_is_not_that_of_the_network(void **state)
{
    struct pier_socket *s = open_connected();

    (void)state;
    CHECK_OK(pier_settimeout(s, 10 * MS));
    fake_feed_error(pier_fileno(s), PIER_ETIMEDOUT, 5 * MS);
    CHECK_ERR(pier_recv(s, buffer, 8, 0), PIER_ETIMEDOUT);
    CHECK(pier_is_timeout(PIER_ETIMEDOUT));
    CHECK(pier_is_timeout(PIER_EDEADLINE));
    CHECK(!pier_is_timeout(PIER_EAGAIN));
    CHECK(pier_would_block(PIER_EAGAIN));
    CHECK(!pier_would_block(PIER_EDEADLINE));
    pier_free(s);
}

static void new_sockets_have_the_default_timeout(void **state)
{
    struct pier_socket *s;

    (void)state;
    CHECK(pier_getdefaulttimeout() < 0);
    CHECK_OK(pier_setdefaulttimeout(30 * MS));
    s = open_connected();
    CHECK_OK(pier_setdefaulttimeout(PIER_FOREVER));
    CHECK_INT(pier_get_send_timeout(s), 30 * MS);
    CHECK_ERR(pier_recv(s, buffer, 8, 0), PIER_EDEADLINE);
    CHECK_INT(fake_now(), 30 * MS);
    pier_free(s);
}

static void setblocking_is_a_timeout(void **state)
{
    struct pier_socket *s = open_connected();

    (void)state;
    CHECK_OK(pier_setblocking(s, false));
    CHECK_INT(pier_gettimeout(s), PIER_NONBLOCKING);
    CHECK(!pier_getblocking(s));
    CHECK_ERR(pier_recv(s, buffer, 8, 0), PIER_EAGAIN);
    CHECK_OK(pier_setblocking(s, true));
    CHECK(pier_gettimeout(s) < 0);
    pier_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_FAKE(every_blocking_call_ends_exactly_at_its_timeout),
        ON_FAKE(no_timeout_at_all_does_not_wait),
        ON_FAKE(a_timeout_below_a_millisecond_is_kept),
        ON_FAKE(a_huge_timeout_neither_wraps_nor_ends_early),
        ON_FAKE(a_wait_that_the_system_cuts_short_is_continued),
        ON_FAKE(readiness_without_end_does_not_prolong_a_call),
        ON_FAKE(any_negative_timeout_is_for_ever),
        ON_FAKE(signals_every_300_ms_do_not_prolong_a_call),
        ON_FAKE(signals_do_not_end_a_call_without_limit),
        ON_FAKE(one_deadline_covers_all_parts_of_a_sendall),
        ON_FAKE(one_deadline_covers_all_parts_of_a_recvall),
        ON_FAKE(the_directions_have_timeouts_of_their_own),
        ON_FAKE(the_earlier_of_deadline_and_timeout_wins),
        ON_FAKE(a_deadline_holds_where_there_is_no_timeout),
        ON_FAKE(a_new_timeout_governs_calls_that_begin_later),
        ON_FAKE(data_at_the_last_moment_wins),
        ON_FAKE(a_timed_out_call_loses_nothing),
        ON_FAKE(the_timeout_of_pier_is_not_that_of_the_network),
        ON_FAKE(new_sockets_have_the_default_timeout),
        ON_FAKE(setblocking_is_a_timeout),
    };

    return cmocka_run_group_tests_name("timeout", tests, NULL, NULL);
}
