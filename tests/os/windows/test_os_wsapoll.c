/* SPDX-License-Identifier: MIT */
/* The documented wait, which suites.cmake chooses for this program. */
#include "scripted.h"

#include <string.h>

#define MS      INT64_C(1000000)
#define SECONDS (1000 * MS)

static const int stream = SOCK_STREAM;

static void be_good(void)
{
    ALWAYS(getsockopt, .bytes = &stream, .length = sizeof stream,
           .when = { ARGUMENT(1, SOME_SOCKET), ARGUMENT(3, SO_TYPE) });
}

static void be_bad(void)
{
    NEXT(getsockopt, .result = SOCKET_ERROR, .error = WSAENOTSOCK,
         .when = { ARGUMENT(1, SOME_SOCKET), ARGUMENT(3, SO_TYPE) });
}

static pier_err wait_for(unsigned want, int64_t timeout, unsigned *got)
{
    *got = 77;
    return pierp_wait(SOME_SOCKET, want, NULL, 0, timeout, got);
}

/* As core waits: the thread's own wake is the first. */
static pier_err wait_watching(unsigned want, int64_t timeout, unsigned *got)
{
    struct pierp_wake *own;

    CHECK_OK(pierp_thread_wake(&own));
    *got = 77;
    return pierp_wait(SOME_SOCKET, want, &own, 1, timeout, got);
}

/* ------------------------------------------------ a connect that fails --- */

static bool contains(const struct script_call *call, size_t argument)
{
    fd_set *set = (fd_set *)call->arguments[argument - 1];

    return set && set->fd_count > 0 && set->fd_array[0] == SOME_SOCKET;
}

static bool was_in_write;

/* Windows shows a refusal in the except set, and nowhere else. */
static void refuse(struct script_call *call)
{
    was_in_write = contains(call, 3);
    call->result = contains(call, 4);
    ((fd_set *)call->arguments[1])->fd_count = 0;
    ((fd_set *)call->arguments[2])->fd_count = 0;
}

static void connect_well(struct script_call *call)
{
    ((fd_set *)call->arguments[1])->fd_count = 0;
    ((fd_set *)call->arguments[3])->fd_count = 0;
}

static void q48_a_refused_connect_is_found_where_wsapoll_never_tells(void **s)
{
    unsigned got;

    (void)s;
    be_good();
    ALWAYS(WSAPoll, .result = 0);
    NEXT(select, .act = refuse);
    CHECK_OK(wait_for(PIERP_CONNECT, -1, &got));
    CHECK_INT(got, PIERP_READY);
    NEXT(select, .act = refuse);
    CHECK_OK(wait_watching(PIERP_CONNECT, -1, &got));
    CHECK_INT(got, PIERP_READY);
    CHECK_INT(CALLS(WSAPoll), 0);
}

static void q47_both_ends_of_a_connect_are_waited_for(void **state)
{
    unsigned got;

    (void)state;
    be_good();
    NEXT(select, .act = refuse);
    CHECK_OK(wait_for(PIERP_CONNECT, SECONDS, &got));
    CHECK(was_in_write);
    NEXT(select, .result = 1, .act = connect_well);
    CHECK_OK(wait_for(PIERP_CONNECT | PIERP_READ, SECONDS, &got));
    CHECK_INT(got, PIERP_READY);
}

/* Peers took the clock on the wall, which may be set while a call waits. */
static void q98_the_time_is_that_of_a_clock_that_nobody_sets(void **state)
{
    LARGE_INTEGER rate, ticks;
    int64_t before;

    (void)state;
    CHECK(QueryPerformanceFrequency(&rate));
    ticks.QuadPart = 3 * rate.QuadPart;
    NEXT(QueryPerformanceCounter, .result = TRUE, .bytes = &ticks,
         .length = sizeof ticks);
    before = pierp_clock();
    ticks.QuadPart += 2 * rate.QuadPart;
    NEXT(QueryPerformanceCounter, .result = TRUE, .bytes = &ticks,
         .length = sizeof ticks);
    CHECK_INT(pierp_clock() - before, 2 * SECONDS);
}

static void q97_the_time_of_a_connect_fits_its_fields(void **state)
{
    struct timeval limit;
    unsigned got;

    (void)state;
    be_good();
    NEXT(select, .when = { ARGUMENT(5, NULL) });
    CHECK_OK(wait_for(PIERP_CONNECT, -1, &got));
    ALWAYS(select, .result = 0);
    CHECK_OK(wait_for(PIERP_CONNECT, 1, &got));
    memcpy(&limit, script_call("select", 1)->kept, sizeof limit);
    CHECK_INT(limit.tv_sec, 0);
    CHECK_INT(limit.tv_usec, 1);
    CHECK_OK(wait_for(PIERP_CONNECT, 2 * SECONDS - 1, &got));
    memcpy(&limit, script_call("select", 2)->kept, sizeof limit);
    CHECK_INT(limit.tv_sec, 2);
    CHECK_INT(limit.tv_usec, 0);
    CHECK_OK(wait_for(PIERP_CONNECT, INT64_MAX, &got));
    memcpy(&limit, script_call("select", 3)->kept, sizeof limit);
    CHECK(limit.tv_sec > 1000000 && limit.tv_sec < INT_MAX / 1000 + 2);
    CHECK(limit.tv_usec >= 0 && limit.tv_usec < 1000000);
}

/* ------------------------------------------------------- what is asked --- */

#define ACCEPTED (POLLRDNORM | POLLRDBAND | POLLWRNORM)

/* Windows refuses what else poll.h has, POLLPRI and POLLERR too. */
static void be_strict(struct script_call *call)
{
    const WSAPOLLFD *fds = (const WSAPOLLFD *)call->arguments[0];

    for (intptr_t i = 0; i < call->arguments[1]; i++) {
        if ((fds[i].events & ~ACCEPTED) == 0)
            continue;
        call->result = SOCKET_ERROR;
        call->error = WSAEINVAL;
    }
}

static void show_nobody(struct script_call *call)
{
    for (size_t set = 1; set <= 3; set++)
        ((fd_set *)call->arguments[set])->fd_count = 0;
}

static void q81_wsapoll_is_asked_for_what_windows_accepts(void **state)
{
    unsigned got;

    (void)state;
    be_good();
    ALWAYS(WSAPoll, .act = be_strict);
    ALWAYS(select, .act = show_nobody);
    for (unsigned want = 0; want < 8; want++) {
        CHECK_OK(wait_for(want, 0, &got));
        CHECK_OK(wait_watching(want, MS, &got));
        CHECK_INT(got, 0);
    }
    CHECK_INT(CALLS(WSAPoll), 8);
}

static SHORT asked;

static void note_events(struct script_call *call)
{
    asked = ((const WSAPOLLFD *)call->arguments[0])->events;
}

static void q120_urgent_data_is_not_readable(void **state)
{
    unsigned got;

    (void)state;
    be_good();
    ALWAYS(WSAPoll, .act = note_events);
    CHECK_OK(wait_for(PIERP_READ, 0, &got));
    CHECK_INT(asked, POLLRDNORM);
    CHECK_OK(wait_for(PIERP_READ | PIERP_WRITE, 0, &got));
    CHECK_INT(asked, POLLRDNORM | POLLWRNORM);
}

static void q82_winsock_is_not_asked_about_no_socket(void **state)
{
    unsigned got = 77;

    (void)state;
    CHECK_OK(pierp_wait(PIER_INVALID_HANDLE, 0, NULL, 0, MS, &got));
    CHECK_INT(got, 0);
    CHECK_INT(CALLS(WSAPoll), 0);
    CHECK_INT(CALLS(select), 0);
}

static void q83_winsock_is_given_no_empty_place(void **state)
{
    unsigned got;

    (void)state;
    be_good();
    NEXT(WSAPoll, .when = { ARGUMENT(2, 1) });
    CHECK_OK(wait_for(PIERP_READ, MS, &got));
    NEXT(WSAPoll, .when = { ARGUMENT(2, 1) });
    CHECK_OK(wait_watching(PIERP_READ, 0, &got));
}

static void check_time(int64_t timeout, int ms)
{
    unsigned got;

    NEXT(WSAPoll, .when = { ARGUMENT(3, ms) });
    CHECK_OK(wait_for(PIERP_READ, timeout, &got));
}

static void q93_a_wait_is_rounded_up(void **state)
{
    (void)state;
    be_good();
    check_time(0, 0);
    check_time(1, 1);
    check_time(MS, 1);
    check_time(MS + 1, 2);
}

static void q96_the_longest_wait_does_not_wrap(void **state)
{
    (void)state;
    be_good();
    check_time(4294967400 * MS, INT_MAX);
    check_time(INT64_MAX, INT_MAX);
    check_time(-1, -1);
    check_time(INT64_MIN, -1);
}

/* --------------------------------------------------- what is answered --- */

static SHORT revents;

static void give_revents(struct script_call *call)
{
    ((WSAPOLLFD *)call->arguments[0])->revents = revents;
    call->result = 1;
}

static void check_ready(SHORT answer)
{
    unsigned got;

    revents = answer;
    NEXT(WSAPoll, .act = give_revents);
    CHECK_OK(wait_for(PIERP_READ, -1, &got));
    CHECK_INT(got, PIERP_READY);
}

static void q85_a_half_closed_connection_is_ready(void **state)
{
    (void)state;
    be_good();
    check_ready(POLLHUP);
    check_ready(POLLHUP | POLLERR);
    check_ready(POLLERR);
}

/* Windows does not count a bad entry beside a good one, and waits on. */
static void q119_a_bad_handle_is_ready_before_the_wait(void **state)
{
    unsigned got;

    (void)state;
    be_bad();
    CHECK_OK(wait_watching(PIERP_READ, -1, &got));
    CHECK_INT(got, PIERP_READY);
    CHECK_INT(CALLS(WSAPoll), 0);
}

static void q119_a_handle_that_goes_bad_is_ready(void **state)
{
    unsigned got;

    (void)state;
    NEXT(getsockopt, .bytes = &stream, .length = sizeof stream,
         .when = { ARGUMENT(1, SOME_SOCKET) });
    NEXT(WSAPoll, .result = SOCKET_ERROR, .error = WSAENOTSOCK);
    be_bad();
    CHECK_OK(wait_for(PIERP_READ, -1, &got));
    CHECK_INT(got, PIERP_READY);
}

static void q119_a_good_handle_is_not_ready_for_another_that_is_bad(void **s)
{
    unsigned got;

    (void)s;
    be_good();
    NEXT(WSAPoll, .result = SOCKET_ERROR, .error = WSAENOTSOCK);
    CHECK_OK(wait_watching(PIERP_READ, SECONDS, &got));
    CHECK_INT(got, 0);
}

static void a_wait_that_winsock_refuses_fails(void **state)
{
    unsigned got;

    (void)state;
    be_good();
    NEXT(WSAPoll, .result = SOCKET_ERROR, .error = WSAENOBUFS);
    CHECK_ERR(wait_for(PIERP_READ, -1, &got), PIER_ENOBUFS);
    CHECK_INT(got, 77);
}

/* ---------------------------------------------------- the loop socket --- */

static void q122_a_loop_socket_that_died_is_replaced(void **state)
{
    unsigned got;

    (void)state;
    be_good();
    ALWAYS(WSAPoll, .result = 1);
    CHECK_OK(wait_watching(PIERP_READ, SECONDS, &got));
    NEXT(recv, .result = SOCKET_ERROR, .error = WSAENETDOWN);
    CHECK_OK(wait_watching(PIERP_READ, SECONDS, &got));
    CHECK_INT(got, 0);
    CHECK_INT(CALLS(closesocket), 1);
    CHECK_OK(wait_watching(PIERP_READ, SECONDS, &got));
    CHECK_INT(CALLS(closesocket), 1);
}

static void q122_a_loop_socket_that_dies_again_is_told(void **state)
{
    unsigned got;

    (void)state;
    be_good();
    ALWAYS(WSAPoll, .result = 1);
    CHECK_OK(wait_watching(PIERP_READ, SECONDS, &got));
    ALWAYS(recv, .result = SOCKET_ERROR, .error = WSAENETDOWN);
    CHECK_OK(wait_watching(PIERP_READ, SECONDS, &got));
    CHECK_ERR(wait_watching(PIERP_READ, SECONDS, &got), PIER_ENETDOWN);
    CHECK_INT(got, 77);
}

static void q122_a_loop_socket_is_trusted_for_seconds_only(void **state)
{
    const struct script_call *call;
    unsigned got;

    (void)state;
    be_good();
    ALWAYS(WSAPoll, .result = 0);
    CHECK_OK(wait_watching(PIERP_READ, -1, &got));
    call = script_call("WSAPoll", 0);
    CHECK(call->arguments[2] > 0 && call->arguments[2] <= 5000);
    CHECK_INT(call->arguments[1], 2);
}

static void q122_a_loop_socket_that_cannot_be_made_fails_the_wait(void **state)
{
    unsigned got;

    (void)state;
    be_good();
    /* Gives up the one that is there. */
    NEXT(recv, .result = SOCKET_ERROR, .error = WSAENETDOWN);
    NEXT(WSAPoll, .result = 0);
    (void)wait_watching(PIERP_READ, SECONDS, &got);
    NEXT(WSASocketW, .result = -1, .error = WSAEMFILE);
    CHECK_ERR(wait_watching(PIERP_READ, SECONDS, &got), PIER_EMFILE);
    NEXT(bind, .result = SOCKET_ERROR, .error = WSAEACCES);
    CHECK_ERR(wait_watching(PIERP_READ, SECONDS, &got), PIER_EACCES);
    CHECK_INT(CALLS(closesocket), 2);
}

static void q108_nobody_else_can_write_to_the_loop_socket(void **state)
{
    static const char loopback[] = { 127, 0, 0, 1 };
    const struct script_call *name;
    unsigned got;

    (void)state;
    be_good();
    ALWAYS(WSAPoll, .result = 0);
    CHECK_OK(wait_watching(PIERP_READ, SECONDS, &got));
    name = script_call("connect", 0);
    CHECK_INT(CALLS_WITH(setsockopt, 3, SO_EXCLUSIVEADDRUSE), 1);
    CHECK(memcmp(script_call("bind", 0)->kept + 4, loopback, 4) == 0);
    CHECK(memcmp(name->kept + 4, loopback, 4) == 0);
    CHECK(name->kept[2] || name->kept[3]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        /* The first that needs the loop socket makes it. */
        OS_TEST(q108_nobody_else_can_write_to_the_loop_socket),
        OS_TEST(a_wait_that_winsock_refuses_fails),
        OS_TEST(q47_both_ends_of_a_connect_are_waited_for),
        OS_TEST(q48_a_refused_connect_is_found_where_wsapoll_never_tells),
        OS_TEST(q81_wsapoll_is_asked_for_what_windows_accepts),
        OS_TEST(q82_winsock_is_not_asked_about_no_socket),
        OS_TEST(q83_winsock_is_given_no_empty_place),
        OS_TEST(q85_a_half_closed_connection_is_ready),
        OS_TEST(q93_a_wait_is_rounded_up),
        OS_TEST(q96_the_longest_wait_does_not_wrap),
        OS_TEST(q97_the_time_of_a_connect_fits_its_fields),
        OS_TEST(q98_the_time_is_that_of_a_clock_that_nobody_sets),
        OS_TEST(q119_a_bad_handle_is_ready_before_the_wait),
        OS_TEST(q119_a_handle_that_goes_bad_is_ready),
        OS_TEST(q119_a_good_handle_is_not_ready_for_another_that_is_bad),
        OS_TEST(q120_urgent_data_is_not_readable),
        OS_TEST(q122_a_loop_socket_that_died_is_replaced),
        OS_TEST(q122_a_loop_socket_that_dies_again_is_told),
        OS_TEST(q122_a_loop_socket_is_trusted_for_seconds_only),
        OS_TEST(q122_a_loop_socket_that_cannot_be_made_fails_the_wait),
    };

    return cmocka_run_group_tests(tests, script_start, NULL);
}
