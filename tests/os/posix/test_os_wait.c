/* SPDX-License-Identifier: MIT */
/* What poll() answers, whichever of its forms the backend calls. */
#include "wrapped.h"

static short revents;

static void give_revents(struct script_call *call)
{
    ((struct pollfd *)call->arguments[0])->revents = revents;
}

static void check_ready(unsigned want, short answer)
{
    void *none = NULL;
    unsigned got = 0;

    CHECK_INT(script_begin(&none), 0);
    revents = answer;
    ALWAYS(poll, .result = 1, .act = give_revents);
    ALWAYS(ppoll, .result = 1, .act = give_revents);
    CHECK_OK(pierp_wait(SOME_FD, want, NULL, 0, -1, &got));
    CHECK_INT(got, PIERP_READY);
}

static void q119_a_bad_handle_is_ready(void **state)
{
    (void)state;
    check_ready(PIERP_READ, POLLNVAL);
}

static void q85_a_half_closed_connection_is_ready(void **state)
{
    (void)state;
    check_ready(PIERP_READ, POLLHUP);
    check_ready(PIERP_READ, POLLERR);
}

/* macOS: hang-up, without POLLOUT. */
static void q85_a_failed_connect_is_ready(void **state)
{
    (void)state;
    check_ready(PIERP_CONNECT, POLLHUP);
}

static void check_error(int error, pier_err expected)
{
    void *none = NULL;
    unsigned got = 77;

    CHECK_INT(script_begin(&none), 0);
    ALWAYS(poll, .result = -1, .error = error);
    ALWAYS(ppoll, .result = -1, .error = error);
    CHECK_ERR(pierp_wait(SOME_FD, PIERP_READ, NULL, 0, -1, &got), expected);
    CHECK_INT(got, 77);
    CHECK_INT(CALLS(poll) + CALLS(ppoll), 1);
}

static void q54_an_interrupted_wait_is_told_and_not_repeated(void **state)
{
    (void)state;
    check_error(EINTR, PIER_EINTR);
}

static void a_wait_that_lacks_memory_says_so(void **state)
{
    (void)state;
    check_error(ENOMEM, PIER_ENOMEM);
}

static short asked;

static void note_events(struct script_call *call)
{
    asked = ((struct pollfd *)call->arguments[0])->events;
}

static void check_asked(unsigned want, short events)
{
    unsigned got;

    ALWAYS(poll, .result = 0, .act = note_events);
    ALWAYS(ppoll, .result = 0, .act = note_events);
    CHECK_OK(pierp_wait(SOME_FD, want, NULL, 0, 0, &got));
    CHECK_INT(asked, events);
}

static void q120_urgent_data_is_not_readable(void **state)
{
    (void)state;
    check_asked(PIERP_READ, POLLIN);
    check_asked(PIERP_READ | PIERP_WRITE, POLLIN | POLLOUT);
    check_asked(PIERP_CONNECT, POLLOUT);
}

/* Peers took the clock on the wall, which may be set while a call waits. */
static void q98_the_time_is_that_of_a_clock_that_nobody_sets(void **state)
{
    const struct timespec now = { 5, 7 };

    (void)state;
    NEXT(clock_gettime, .bytes = &now, .length = sizeof now,
         .when = { ARGUMENT(1, CLOCK_MONOTONIC) });
    CHECK_INT(pierp_clock(), INT64_C(5000000007));
    CHECK_CALLS("clock_gettime");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        OS_TEST(a_wait_that_lacks_memory_says_so),
        OS_TEST(q54_an_interrupted_wait_is_told_and_not_repeated),
        OS_TEST(q85_a_half_closed_connection_is_ready),
        OS_TEST(q85_a_failed_connect_is_ready),
        OS_TEST(q98_the_time_is_that_of_a_clock_that_nobody_sets),
        OS_TEST(q119_a_bad_handle_is_ready),
        OS_TEST(q120_urgent_data_is_not_readable),
    };

    return cmocka_run_group_tests(tests, script_start, NULL);
}
