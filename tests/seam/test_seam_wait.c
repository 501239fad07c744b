/* SPDX-License-Identifier: MIT */
/* Waiting for a handle, and for time to pass. */
#include "loopback.h"
#include "thread.h"

static struct pierp_wake *own_wake(void)
{
    struct pierp_wake *own;

    CHECK_OK(pierp_thread_wake(&own));
    return own;
}

static unsigned wait_ms(pier_handle h, unsigned want, int64_t ms)
{
    struct pierp_wake *own = own_wake();
    unsigned got = 99;

    CHECK_OK(pierp_wait(h, want, &own, 1, ms * MS, &got));
    return got;
}

static void what_is_ready_ends_the_wait_at_once(void **state)
{
    pier_handle ends[2];
    int64_t begin = pierp_clock();

    (void)state;
    open_connection(ends);
    CHECK_INT(wait_ms(ends[0], PIERP_WRITE, 5000), PIERP_READY);
    CHECK_INT(pierp_send(ends[0], "x", 1, 0), 1);
    CHECK_INT(wait_ms(ends[1], PIERP_READ, 5000), PIERP_READY);
    CHECK_INT(wait_ms(ends[1], PIERP_READ | PIERP_WRITE, 5000), PIERP_READY);
    CHECK(pierp_clock() - begin < 2 * SECONDS);
    close_all(ends, 2);
}

static void a_wait_without_wakes_works_too(void **state)
{
    pier_handle ends[2];
    unsigned got = 99;

    (void)state;
    open_connection(ends);
    CHECK_OK(pierp_wait(ends[0], PIERP_READ, NULL, 0, 0, &got));
    CHECK_INT(got, 0);
    CHECK_OK(pierp_wait(ends[0], PIERP_WRITE, NULL, 0, SECONDS, &got));
    CHECK_INT(got, PIERP_READY);
    close_all(ends, 2);
}

static void a_zero_timeout_only_looks(void **state)
{
    pier_handle ends[2];
    int64_t begin;

    (void)state;
    open_connection(ends);
    begin = pierp_clock();
    for (int i = 0; i < 20; i++)
        CHECK_INT(wait_ms(ends[0], PIERP_READ, 0), 0);
    CHECK(pierp_clock() - begin < 2 * SECONDS);
    CHECK_INT(wait_ms(ends[0], PIERP_WRITE, 0), PIERP_READY);
    close_all(ends, 2);
}

/* What records events for a socket would not let it block any more. */
static void what_was_waited_for_can_be_made_to_block(void **state)
{
    pier_handle ends[2];

    (void)state;
    open_connection(ends);
    CHECK_INT(wait_ms(ends[0], PIERP_READ, 1), 0);
    CHECK_INT(wait_ms(ends[0], PIERP_READ | PIERP_WRITE, 5000), PIERP_READY);
    CHECK_OK(pierp_set_nonblocking(ends[0], false));
    CHECK_INT(wait_ms(ends[0], PIERP_READ, 1), 0);
    CHECK_OK(pierp_set_nonblocking(ends[0], true));
    CHECK_OK(pierp_set_nonblocking(ends[0], false));
    close_all(ends, 2);
}

static void check_not_early(pier_handle h, int64_t timeout)
{
    struct pierp_wake *own = own_wake();
    int64_t begin = pierp_clock();
    unsigned got = 99;

    CHECK_OK(pierp_wait(h, PIERP_READ, &own, 1, timeout, &got));
    CHECK_INT(got, 0);
    CHECK(pierp_clock() - begin >= timeout);
    CHECK(pierp_clock() - begin < timeout + 2 * SECONDS);
}

static void no_wait_ends_before_its_time(void **state)
{
    static const int64_t timeouts[] = { 1,           999,         100000,
                                        999999,      MS,          MS + 1,
                                        1500000,     3 * MS + 10, 20 * MS,
                                        120 * MS + 1 };
    pier_handle ends[2];

    (void)state;
    open_connection(ends);
    for (size_t i = 0; i < sizeof timeouts / sizeof *timeouts; i++) {
        check_not_early(ends[0], timeouts[i]);
        check_not_early(PIER_INVALID_HANDLE, timeouts[i]);
    }
    close_all(ends, 2);
}

static void time_passes_without_handle_and_wakes(void **state)
{
    int64_t begin = pierp_clock();
    unsigned got = 99;

    (void)state;
    CHECK_OK(pierp_wait(PIER_INVALID_HANDLE, 0, NULL, 0, 30 * MS, &got));
    CHECK_INT(got, 0);
    CHECK(pierp_clock() - begin >= 30 * MS);
}

struct act {
    pier_handle handle;
    struct pierp_wake *wake;
};

static void send_later(void *argument)
{
    const struct act *act = argument;

    sleep_ms(60);
    (void)!pierp_send(act->handle, "x", 1, 0);
}

static void signal_later(void *argument)
{
    const struct act *act = argument;

    sleep_ms(60);
    pierp_wake_signal(act->wake);
}

static void data_that_comes_later_ends_the_wait(void **state)
{
    pier_handle ends[2];
    struct act act = { 0 };
    struct test_thread *thread;

    (void)state;
    open_connection(ends);
    act.handle = ends[0];
    thread = thread_start(send_later, &act);
    CHECK_INT(wait_for(ends[1], PIERP_READ), PIERP_READY);
    thread_join(thread);
    close_all(ends, 2);
}

/* Timeouts that wrap in some unit of time to nothing or to little. */
static void no_timeout_is_so_long_that_it_wraps(void **state)
{
    static const int64_t timeouts[] = {
        -1,
        INT64_MIN,
        INT64_MAX,
        INT64_MAX - 1,
        INT64_C(2147483648) * MS,      /* 2^31 ms */
        INT64_C(4294967296) * MS,      /* 2^32 ms */
        INT64_C(4294967297) * MS,      /* and one more */
        INT64_C(2147483648) * SECONDS, /* 2^31 s */
        INT64_C(4294967297) * SECONDS, /* 2^32 s and one more */
        INT64_C(4294968) * MS,         /* 2^32 us */
    };
    struct act act = { .wake = own_wake() };

    (void)state;
    for (size_t i = 0; i < sizeof timeouts / sizeof *timeouts; i++) {
        struct test_thread *thread = thread_start(signal_later, &act);
        int64_t begin = pierp_clock();
        unsigned got = 99;

        CHECK_OK(pierp_wait(PIER_INVALID_HANDLE, 0, &act.wake, 1, timeouts[i],
                            &got));
        CHECK_INT(got, PIERP_WOKEN);
        CHECK(pierp_clock() - begin < 5 * SECONDS);
        pierp_wake_drain(act.wake);
        thread_join(thread);
    }
}

static void the_end_of_a_stream_is_ready_to_be_read(void **state)
{
    pier_handle ends[2];
    char byte;

    (void)state;
    open_connection(ends);
    CHECK_OK(pierp_close(ends[0]));
    CHECK_INT(wait_for(ends[1], PIERP_READ), PIERP_READY);
    CHECK_INT(pierp_recv(ends[1], &byte, 1, 0), 0);
    CHECK_INT(wait_ms(ends[1], PIERP_READ, 5000), PIERP_READY);
    CHECK_OK(pierp_close(ends[1]));
}

static void a_half_closed_stream_is_ready_to_be_read(void **state)
{
    pier_handle ends[2];

    (void)state;
    open_connection(ends);
    CHECK_OK(pierp_shutdown(ends[0], 1));
    CHECK_INT(wait_for(ends[1], PIERP_READ), PIERP_READY);
    close_all(ends, 2);
}

static void a_full_stream_is_not_ready_to_be_written(void **state)
{
    static char chunk[65536];
    pier_handle ends[2];
    ptrdiff_t n = 1;

    (void)state;
    open_connection(ends);
    for (int i = 0; i < 2048 && n > 0; i++)
        n = pierp_send(ends[0], chunk, sizeof chunk, 0);
    CHECK_ERR(n, PIER_EAGAIN);
    CHECK_INT(wait_ms(ends[0], PIERP_WRITE, 0), 0);
    CHECK_INT(wait_ms(ends[0], PIERP_WRITE, 20), 0);
    CHECK_INT(wait_ms(ends[0], PIERP_READ | PIERP_WRITE, 0), 0);
    CHECK_OK(pierp_close(ends[1]));
    CHECK_INT(wait_for(ends[0], PIERP_WRITE), PIERP_READY);
    CHECK_OK(pierp_close(ends[0]));
}

static void what_nobody_wants_to_know_ends_no_wait(void **state)
{
    pier_handle ends[2];

    (void)state;
    open_connection(ends);
    CHECK_INT(pierp_send(ends[0], "x", 1, 0), 1);
    CHECK_INT(wait_for(ends[1], PIERP_READ), PIERP_READY);
    /* Writable all the time, which a wait to read must not see. */
    CHECK_INT(wait_ms(ends[0], PIERP_READ, 20), 0);
    close_all(ends, 2);
}

static void a_connection_to_accept_is_ready_to_be_read(void **state)
{
    struct pier_address where;
    pier_handle l = open_listener(&where);
    pier_handle h;

    (void)state;
    CHECK_INT(wait_ms(l, PIERP_READ, 20), 0);
    CHECK_OK(pierp_open(&h, PIER_AF_INET, PIER_SOCK_STREAM, 0));
    CHECK_OK(end_connect(h, pierp_connect(h, &where)));
    CHECK_INT(wait_for(l, PIERP_READ), PIERP_READY);
    CHECK_INT(wait_for(h, PIERP_CONNECT), PIERP_READY);
    CHECK_OK(pierp_close(h));
    CHECK_OK(pierp_close(l));
}

static void a_bad_handle_counts_as_ready(void **state)
{
    pier_handle h;

    (void)state;
    CHECK_OK(pierp_open(&h, PIER_AF_INET, PIER_SOCK_STREAM, 0));
    CHECK_OK(pierp_close(h));
    CHECK_INT(wait_ms(h, PIERP_READ, 5000), PIERP_READY);
    CHECK_INT(wait_ms(h, PIERP_CONNECT, 5000), PIERP_READY);
}

static void one_thread_waits_for_many_handles_in_turn(void **state)
{
    pier_handle ends[2];

    (void)state;
    for (int i = 0; i < 100; i++) {
        open_connection(ends);
        CHECK_INT(wait_ms(ends[0], PIERP_READ, 0), 0);
        CHECK_INT(pierp_send(ends[0], "x", 1, 0), 1);
        CHECK_INT(wait_for(ends[1], PIERP_READ), PIERP_READY);
        close_all(ends, 2);
    }
}

static void wait_and_echo(void *argument)
{
    const struct act *act = argument;
    struct pierp_wake *own;
    unsigned got = 0;
    char byte;

    if (pierp_thread_wake(&own) != PIER_OK)
        return;
    while (pierp_wait(act->handle, PIERP_READ, &own, 1, -1, &got) == PIER_OK) {
        if (got && pierp_recv(act->handle, &byte, 1, 0) != PIER_EAGAIN)
            break;
    }
    (void)!pierp_send(act->handle, &byte, 1, 0);
}

static void several_threads_wait_for_one_handle_each(void **state)
{
    pier_handle ends[4][2];
    struct act acts[4];
    struct test_thread *threads[4];
    char byte;

    (void)state;
    for (int i = 0; i < 4; i++) {
        open_connection(ends[i]);
        acts[i] = (struct act){ .handle = ends[i][1] };
        threads[i] = thread_start(wait_and_echo, &acts[i]);
    }
    for (int i = 3; i >= 0; i--) {
        CHECK_INT(pierp_send(ends[i][0], &"abcd"[i], 1, 0), 1);
        CHECK_INT(receive(ends[i][0], &byte, 1), 1);
        CHECK_INT(byte, 'a' + i);
        thread_join(threads[i]);
        close_all(ends[i], 2);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_ready_ends_the_wait_at_once),
        cmocka_unit_test(a_wait_without_wakes_works_too),
        cmocka_unit_test(a_zero_timeout_only_looks),
        cmocka_unit_test(what_was_waited_for_can_be_made_to_block),
        cmocka_unit_test(no_wait_ends_before_its_time),
        cmocka_unit_test(time_passes_without_handle_and_wakes),
        cmocka_unit_test(data_that_comes_later_ends_the_wait),
        cmocka_unit_test(no_timeout_is_so_long_that_it_wraps),
        cmocka_unit_test(the_end_of_a_stream_is_ready_to_be_read),
        cmocka_unit_test(a_half_closed_stream_is_ready_to_be_read),
        cmocka_unit_test(a_full_stream_is_not_ready_to_be_written),
        cmocka_unit_test(what_nobody_wants_to_know_ends_no_wait),
        cmocka_unit_test(a_connection_to_accept_is_ready_to_be_read),
        cmocka_unit_test(a_bad_handle_counts_as_ready),
        cmocka_unit_test(one_thread_waits_for_many_handles_in_turn),
        cmocka_unit_test(several_threads_wait_for_one_handle_each),
    };

    return cmocka_run_group_tests(tests, start_seam, NULL);
}
