/* SPDX-License-Identifier: MIT */
/* A wait for many handles: how many, how long, and what ends it. */
#include "loopback.h"
#include "thread.h"

#define MANY            530 /* more than any room on a stack */
#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))
#define QUIET           (PIERP_POLL_IN | PIERP_POLL_PRI | PIERP_POLL_RDHUP)

static struct pierp_wake *own_wake(void)
{
    struct pierp_wake *own;

    CHECK_OK(pierp_thread_wake(&own));
    return own;
}

static unsigned poll_ns(struct pierp_pollitem *items, size_t count,
                        int64_t timeout)
{
    struct pierp_wake *own = own_wake();
    unsigned got = 99;

    CHECK_OK(pierp_poll(items, count, &own, 1, timeout, &got));
    return got;
}

/* ------------------------------------------------------------- numbers --- */

static struct pier_address names[MANY];

static void open_datagrams(struct pierp_pollitem *items, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        items[i] = (struct pierp_pollitem){ .events = QUIET, .revents = 99 };
        items[i].handle = open_bound(PIER_AF_INET, PIER_SOCK_DGRAM, &names[i]);
    }
}

static void close_items(const struct pierp_pollitem *items, size_t count)
{
    for (size_t i = 0; i < count; i++)
        CHECK_OK(pierp_close(items[i].handle));
}

static void check_told(const struct pierp_pollitem *items, size_t count,
                       size_t which)
{
    for (size_t i = 0; i < count; i++)
        CHECK_INT(items[i].revents, i == which ? PIERP_POLL_IN : 0);
}

/* One of them has something: exactly that one is told. */
static void check_one(struct pierp_pollitem *items, size_t count, size_t which)
{
    char byte;

    CHECK_INT(poll_ns(items, count, 0), 0);
    check_told(items, count, count);
    CHECK_INT(pierp_sendto(items[0].handle, "x", 1, 0, &names[which]), 1);
    CHECK_INT(poll_ns(items, count, -1), PIERP_READY);
    check_told(items, count, which);
    CHECK_INT(pierp_recv(items[which].handle, &byte, 1, 0), 1);
}

static void any_number_of_handles_is_waited_for(void **state)
{
    static const size_t counts[] = { 1, 15, 16, 17, 63, 64, 65, MANY };
    static struct pierp_pollitem items[MANY];

    (void)state;
    open_datagrams(items, MANY);
    for (size_t i = 0; i < COUNT_OF(counts); i++) {
        check_one(items, counts[i], 0);
        check_one(items, counts[i], counts[i] / 2);
        check_one(items, counts[i], counts[i] - 1);
        CHECK_INT(poll_ns(items, counts[i], 2 * MS), 0);
    }
    for (size_t i = 0; i < MANY; i++)
        items[i].events |= PIERP_POLL_OUT;
    CHECK_INT(poll_ns(items, MANY, -1), PIERP_READY);
    for (size_t i = 0; i < MANY; i++)
        CHECK_INT(items[i].revents, PIERP_POLL_OUT);
    close_items(items, MANY);
}

/* ---------------------------------------------------------------- time --- */

static void check_not_early(struct pierp_pollitem *items, size_t count,
                            int64_t timeout)
{
    int64_t begin = pierp_clock();

    CHECK_INT(poll_ns(items, count, timeout), 0);
    CHECK(pierp_clock() - begin >= timeout);
    CHECK(pierp_clock() - begin < timeout + 2 * SECONDS);
    for (size_t i = 0; i < count; i++)
        CHECK_INT(items[i].revents, 0);
}

static void no_wait_ends_before_its_time(void **state)
{
    static const int64_t timeouts[] = { 0,      1,           999,
                                        100000, 999999,      MS,
                                        MS + 1, 3 * MS + 10, 50 * MS + 1 };
    static struct pierp_pollitem items[20];

    (void)state;
    open_datagrams(items, COUNT_OF(items));
    for (size_t i = 0; i < COUNT_OF(timeouts); i++) {
        check_not_early(NULL, 0, timeouts[i]);
        check_not_early(items, 1, timeouts[i]);
        check_not_early(items, COUNT_OF(items), timeouts[i]);
    }
    close_items(items, COUNT_OF(items));
}

static void without_wakes_time_passes_too(void **state)
{
    struct pierp_pollitem none = { PIER_INVALID_HANDLE, PIERP_POLL_IN, 99 };
    int64_t begin = pierp_clock();
    unsigned got = 99;

    (void)state;
    CHECK_OK(pierp_poll(NULL, 0, NULL, 0, 5 * MS, &got));
    CHECK_INT(got, 0);
    got = 99;
    CHECK_OK(pierp_poll(&none, 1, NULL, 0, 5 * MS, &got));
    CHECK_INT(got, 0);
    CHECK_INT(none.revents, 0);
    CHECK(pierp_clock() - begin >= 10 * MS);
}

static void without_wakes_a_handle_is_waited_for(void **state)
{
    struct pierp_pollitem items[18];
    unsigned got = 99;

    (void)state;
    open_datagrams(items, COUNT_OF(items));
    CHECK_OK(pierp_poll(items, COUNT_OF(items), NULL, 0, 2 * MS, &got));
    CHECK_INT(got, 0);
    CHECK_INT(pierp_sendto(items[0].handle, "x", 1, 0, &names[17]), 1);
    CHECK_OK(pierp_poll(items, COUNT_OF(items), NULL, 0, -1, &got));
    CHECK_INT(got, PIERP_READY);
    check_told(items, COUNT_OF(items), 17);
    close_items(items, COUNT_OF(items));
}

/* A system that reports it again and again is asked in intervals. */
static void check_no_spin(struct pierp_pollitem *items, size_t count)
{
    int64_t end = pierp_clock() + 100 * MS;
    unsigned calls = 0;

    for (int64_t now; (now = pierp_clock()) < end; calls++)
        CHECK_INT(poll_ns(items, count, end - now), 0);
    CHECK(calls >= 1 && calls <= 25);
}

static void a_stream_without_connection_does_not_spin(void **state)
{
    struct pier_address where;
    struct pierp_pollitem items[3];

    (void)state;
    for (size_t i = 0; i < COUNT_OF(items); i++)
        items[i] = (struct pierp_pollitem){ .events = QUIET | PIERP_POLL_OUT };
    CHECK_OK(pierp_open(&items[0].handle, PIER_AF_INET, PIER_SOCK_STREAM, 0));
    items[1].handle = open_bound(PIER_AF_INET, PIER_SOCK_STREAM, &where);
    items[2].handle = open_bound(PIER_AF_INET, PIER_SOCK_DGRAM, &where);
    check_no_spin(items, 2);
    items[2].events = QUIET;
    check_no_spin(items, 3);
    /* The other is seen all the same. */
    CHECK_INT(pierp_sendto(items[2].handle, "x", 1, 0, &where), 1);
    while (poll_ns(items, 3, -1) == 0)
        continue;
    CHECK_INT(items[0].revents, 0);
    CHECK_INT(items[1].revents, 0);
    CHECK_INT(items[2].revents, PIERP_POLL_IN);
    close_items(items, 3);
}

static void an_end_that_nobody_asked_for_does_not_spin(void **state)
{
    struct pierp_pollitem items[1];
    pier_handle ends[2];

    (void)state;
    open_connection(ends);
    CHECK_OK(pierp_shutdown(ends[0], 1));
    CHECK_INT(wait_for(ends[1], PIERP_READ), PIERP_READY);
    items[0] = (struct pierp_pollitem){ ends[1], PIERP_POLL_PRI, 99 };
    check_no_spin(items, 1);
    CHECK_INT(items[0].revents, 0);
    close_all(ends, 2);
}

/* ------------------------------------------------------- what ends it --- */

struct act {
    pier_handle handle;
    const struct pier_address *to;
    struct pierp_wake *wake;
};

static void send_later(void *argument)
{
    const struct act *act = argument;

    sleep_ms(30);
    (void)!pierp_sendto(act->handle, "x", 1, 0, act->to);
}

static void signal_later(void *argument)
{
    const struct act *act = argument;

    sleep_ms(30);
    pierp_wake_signal(act->wake);
}

static void check_later(size_t count)
{
    static struct pierp_pollitem items[70];
    struct act act;
    struct test_thread *thread;

    open_datagrams(items, count);
    act = (struct act){ .handle = items[0].handle, .to = &names[count - 1] };
    thread = thread_start(send_later, &act);
    while (poll_ns(items, count, -1) == 0)
        continue;
    check_told(items, count, count - 1);
    thread_join(thread);
    close_items(items, count);
}

static void what_comes_later_ends_the_wait(void **state)
{
    (void)state;
    check_later(1);
    check_later(17);
    check_later(70);
}

/* Without limit, and with timeouts that wrap in some unit to little. */
static void check_woken_later(struct pierp_pollitem *items, size_t count)
{
    static const int64_t timeouts[] = {
        -1,
        INT64_MIN,
        INT64_MAX,
        INT64_C(2147483648) * MS,
        INT64_C(4294967297) * MS,
        INT64_C(4294967297) * SECONDS,
    };

    for (size_t i = 0; i < COUNT_OF(timeouts); i++) {
        struct act act = { .wake = own_wake() };
        struct test_thread *thread = thread_start(signal_later, &act);
        unsigned got;

        while ((got = poll_ns(items, count, timeouts[i])) == 0)
            continue;
        CHECK_INT(got, PIERP_WOKEN);
        thread_join(thread);
        pierp_wake_drain(act.wake);
    }
}

static void a_wake_ends_the_wait_however_long_it_is(void **state)
{
    static struct pierp_pollitem items[20];

    (void)state;
    open_datagrams(items, COUNT_OF(items));
    check_woken_later(NULL, 0);
    check_woken_later(items, 1);
    check_woken_later(items, COUNT_OF(items));
    close_items(items, COUNT_OF(items));
}

/* Any of them, and it stays signalled. */
static void check_each_wake(struct pierp_pollitem *items, size_t count)
{
    struct pierp_wake *wakes[PIERP_WAKES_MAX];
    unsigned got;

    wakes[0] = own_wake();
    for (size_t i = 1; i < COUNT_OF(wakes); i++)
        CHECK_OK(pierp_wake_new(&wakes[i]));
    for (size_t i = 0; i < COUNT_OF(wakes); i++) {
        pierp_wake_signal(wakes[i]);
        for (int again = 0; again < 2; again++) {
            got = 99;
            CHECK_OK(
                pierp_poll(items, count, wakes, COUNT_OF(wakes), -1, &got));
            CHECK_INT(got, PIERP_WOKEN);
        }
        pierp_wake_drain(wakes[i]);
        CHECK_OK(pierp_poll(items, count, wakes, COUNT_OF(wakes), 0, &got));
        CHECK_INT(got, 0);
    }
    for (size_t i = 1; i < COUNT_OF(wakes); i++)
        pierp_wake_free(wakes[i]);
}

static void each_wake_ends_the_wait(void **state)
{
    static struct pierp_pollitem items[20];

    (void)state;
    open_datagrams(items, COUNT_OF(items));
    check_each_wake(NULL, 0);
    check_each_wake(items, 1);
    check_each_wake(items, COUNT_OF(items));
    close_items(items, COUNT_OF(items));
}

static void a_wake_hides_no_handle_for_ever(void **state)
{
    struct pierp_pollitem items[1];
    unsigned got;

    (void)state;
    open_datagrams(items, 1);
    CHECK_INT(pierp_sendto(items[0].handle, "x", 1, 0, &names[0]), 1);
    CHECK_INT(wait_for(items[0].handle, PIERP_READ), PIERP_READY);
    pierp_wake_signal(own_wake());
    got = poll_ns(items, 1, -1);
    CHECK(got & PIERP_WOKEN);
    CHECK_INT(!!(got & PIERP_READY), items[0].revents != 0);
    pierp_wake_drain(own_wake());
    CHECK_INT(poll_ns(items, 1, -1), PIERP_READY);
    CHECK_INT(items[0].revents, PIERP_POLL_IN);
    close_items(items, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_number_of_handles_is_waited_for),
        cmocka_unit_test(no_wait_ends_before_its_time),
        cmocka_unit_test(without_wakes_time_passes_too),
        cmocka_unit_test(without_wakes_a_handle_is_waited_for),
        cmocka_unit_test(a_stream_without_connection_does_not_spin),
        cmocka_unit_test(an_end_that_nobody_asked_for_does_not_spin),
        cmocka_unit_test(what_comes_later_ends_the_wait),
        cmocka_unit_test(a_wake_ends_the_wait_however_long_it_is),
        cmocka_unit_test(each_wake_ends_the_wait),
        cmocka_unit_test(a_wake_hides_no_handle_for_ever),
    };

    return cmocka_run_group_tests(tests, start_seam, NULL);
}
