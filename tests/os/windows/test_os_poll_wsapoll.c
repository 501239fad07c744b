/* SPDX-License-Identifier: MIT */
/* The documented wait for many sockets, on a Windows 10 before 2004. */
#include "scripted.h"

#include <string.h>

#define MS         INT64_C(1000000)
#define OTHER      (SOME_SOCKET + 4)
#define ACCEPTED   (POLLRDNORM | POLLRDBAND | POLLWRNORM)
#define HAS_FAILED (PIERP_POLL_ERR | PIERP_POLL_HUP)

static const int stream = SOCK_STREAM;
static const WSAPROTOCOL_INFOW of_tcp = { .iAddressFamily = AF_INET,
                                          .iSocketType = SOCK_STREAM };
static const DWORD never = MAXDWORD;
static const DWORD a_while = 7;

static void be_streams(const DWORD *connect_time)
{
    ALWAYS(getsockopt, .bytes = &stream, .length = sizeof stream,
           .when = { ARGUMENT(3, SO_TYPE) });
    ALWAYS(getsockopt, .bytes = &of_tcp, .length = sizeof of_tcp,
           .when = { ARGUMENT(3, SO_PROTOCOL_INFOW) });
    ALWAYS(getsockopt, .bytes = connect_time, .length = sizeof *connect_time,
           .when = { ARGUMENT(3, SO_CONNECT_TIME) });
}

static unsigned poll_all(struct pierp_pollitem *items, size_t count,
                         int64_t timeout)
{
    unsigned got = 77;

    CHECK_OK(pierp_poll(items, count, NULL, 0, timeout, &got));
    return got;
}

/* What it is given must outlive the call to be looked at. */
static WSAPOLLFD given[8];
static size_t given_count;
static SHORT answers[8];

static void answer(struct script_call *call)
{
    WSAPOLLFD *fds = (WSAPOLLFD *)call->arguments[0];

    given_count = (size_t)call->arguments[1];
    for (size_t i = 0; i < given_count && i < 8; i++) {
        given[i] = fds[i];
        fds[i].revents = answers[i];
        call->result += answers[i] != 0;
        if (fds[i].events & ~ACCEPTED)
            call->error = WSAEINVAL;
    }
    if (call->error)
        call->result = SOCKET_ERROR;
}

static void plan(SHORT first, SHORT second)
{
    memset(answers, 0, sizeof answers);
    answers[0] = first;
    answers[1] = second;
    NEXT(WSAPoll, .act = answer);
}

/* --------------------------------------------------- failed connects --- */

static void show_in_except(struct script_call *call)
{
    const fd_set *set = (const fd_set *)call->arguments[3];

    call->result = set && set->fd_count == 1 && set->fd_array[0] == OTHER;
}

static void q48_a_failed_connect_is_found_where_wsapoll_never_tells(void **s)
{
    struct pierp_pollitem items[2] = { { SOME_SOCKET, PIERP_POLL_OUT, 0 },
                                       { OTHER, PIERP_POLL_OUT, 0 } };

    (void)s;
    be_streams(&never);
    ALWAYS(select, .act = show_in_except);
    plan(0, 0);
    CHECK_INT(poll_all(items, 2, -1), PIERP_READY);
    CHECK_INT(items[0].revents, 0);
    CHECK_INT(items[1].revents, PIERP_POLL_OUT | HAS_FAILED);
}

/* Nothing would end a longer wait. */
static void q48_while_a_connect_may_fail_it_is_looked_at_often(void **state)
{
    struct pierp_pollitem item = { SOME_SOCKET, PIERP_POLL_OUT, 0 };
    const struct script_call *call;

    (void)state;
    be_streams(&never);
    ALWAYS(select, .result = 0);
    plan(0, 0);
    CHECK_INT(poll_all(&item, 1, -1), 0);
    call = script_call("WSAPoll", 0);
    CHECK(call->arguments[2] > 0 && call->arguments[2] <= 50);
    CHECK_INT(item.revents, 0);
}

static void q48_a_connection_is_waited_for_without_looking(void **state)
{
    struct pierp_pollitem item = { SOME_SOCKET, PIERP_POLL_OUT, 0 };

    (void)state;
    be_streams(&a_while);
    plan(0, 0);
    CHECK_INT(poll_all(&item, 1, -1), 0);
    CHECK_INT(script_call("WSAPoll", 0)->arguments[2], -1);
    CHECK_INT(CALLS(select), 0);
}

/* ---------------------------------------------------- what is asked --- */

static void q81_every_question_is_one_that_windows_accepts(void **state)
{
    struct pierp_pollitem item = { SOME_SOCKET, 0, 0 };

    (void)state;
    be_streams(&a_while);
    memset(answers, 0, sizeof answers);
    ALWAYS(WSAPoll, .act = answer);
    for (unsigned events = 1; events < 256; events = 2 * events + 1) {
        item.events = events;
        CHECK_INT(poll_all(&item, 1, 0), 0);
        item.events = events / 2 + 1;
        CHECK_INT(poll_all(&item, 1, 0), 0);
    }
}

static void q82_winsock_is_not_asked_about_no_socket(void **state)
{
    struct pierp_pollitem none[2] = { { PIER_INVALID_HANDLE, 1, 9 },
                                      { PIER_INVALID_HANDLE, 1, 9 } };

    (void)state;
    CHECK_INT(poll_all(NULL, 0, MS), 0);
    CHECK_INT(poll_all(none, 2, MS), 0);
    CHECK_INT(none[1].revents, 0);
    CHECK_INT(CALLS(WSAPoll), 0);
}

static void q83_who_is_passed_over_gets_no_place(void **state)
{
    struct pierp_pollitem items[3] = {
        { PIER_INVALID_HANDLE, PIERP_POLL_IN, 9 },
        { SOME_SOCKET, PIERP_POLL_IN, 9 },
        { PIER_INVALID_HANDLE, PIERP_POLL_IN, 9 }
    };

    (void)state;
    be_streams(&a_while);
    plan(POLLRDNORM, 0);
    CHECK_INT(poll_all(items, 3, -1), PIERP_READY);
    CHECK_INT(given_count, 1);
    CHECK_INT(given[0].fd, SOME_SOCKET);
    CHECK_INT(items[0].revents, 0);
    CHECK_INT(items[1].revents, PIERP_POLL_IN);
    CHECK_INT(items[2].revents, 0);
}

/* A system may tell one of two places of what the other has asked for. */
static void a_socket_in_two_places_asks_for_everything_in_one(void **state)
{
    struct pierp_pollitem items[2] = { { SOME_SOCKET, PIERP_POLL_IN, 0 },
                                       { SOME_SOCKET, PIERP_POLL_OUT, 0 } };

    (void)state;
    be_streams(&a_while);
    plan(POLLWRNORM, 0);
    CHECK_INT(poll_all(items, 2, -1), PIERP_READY);
    CHECK_INT(given_count, 1);
    CHECK_INT(given[0].events, POLLRDNORM | POLLWRNORM);
    CHECK_INT(items[0].revents, 0);
    CHECK_INT(items[1].revents, PIERP_POLL_OUT);
}

static void places_in_any_order_get_their_own_answers(void **state)
{
    struct pierp_pollitem items[4] = { { OTHER, PIERP_POLL_IN, 0 },
                                       { SOME_SOCKET, PIERP_POLL_IN, 0 },
                                       { OTHER, PIERP_POLL_OUT, 0 },
                                       { SOME_SOCKET, PIERP_POLL_OUT, 0 } };

    (void)state;
    be_streams(&a_while);
    plan(POLLWRNORM, POLLRDNORM);
    CHECK_INT(poll_all(items, 4, -1), PIERP_READY);
    CHECK_INT(given_count, 2);
    CHECK_INT(given[0].fd, SOME_SOCKET);
    CHECK_INT(given[1].fd, OTHER);
    CHECK_INT(items[0].revents, PIERP_POLL_IN);
    CHECK_INT(items[1].revents, 0);
    CHECK_INT(items[2].revents, 0);
    CHECK_INT(items[3].revents, PIERP_POLL_OUT);
}

/* -------------------------------------------------- what is answered --- */

static void q85_a_hang_up_alone_is_the_end_of_the_peer(void **state)
{
    struct pierp_pollitem item = { SOME_SOCKET,
                                   PIERP_POLL_IN | PIERP_POLL_RDHUP, 0 };

    (void)state;
    be_streams(&a_while);
    plan(POLLHUP, 0);
    CHECK_INT(poll_all(&item, 1, -1), PIERP_READY);
    CHECK_INT(item.revents, PIERP_POLL_IN | PIERP_POLL_RDHUP);
    plan(POLLHUP | POLLERR, 0);
    CHECK_INT(poll_all(&item, 1, -1), PIERP_READY);
    CHECK_INT(item.revents, PIERP_POLL_IN | PIERP_POLL_RDHUP | HAS_FAILED);
}

/* Asking again would be to spin. */
static void q85_an_end_that_nobody_asked_for_is_no_answer(void **state)
{
    struct pierp_pollitem item = { SOME_SOCKET, PIERP_POLL_PRI, 0 };
    const struct script_call *call;

    (void)state;
    be_streams(&a_while);
    plan(POLLHUP, 0);
    CHECK_INT(poll_all(&item, 1, -1), 0);
    CHECK_INT(item.revents, 0);
    CHECK_INT(CALLS(WSAPoll), 1);
    call = script_call("WaitForMultipleObjects", 0);
    CHECK(call->arguments[3] > 0 && call->arguments[3] <= 50);
}

static void be_bad(pier_handle h)
{
    NEXT(getsockopt, .result = SOCKET_ERROR, .error = WSAENOTSOCK,
         .when = { ARGUMENT(1, h), ARGUMENT(3, SO_TYPE) });
}

static void q119_a_bad_handle_does_not_spoil_the_others(void **state)
{
    struct pierp_pollitem items[3] = { { OTHER, PIERP_POLL_IN, 0 },
                                       { SOME_SOCKET, PIERP_POLL_IN, 0 },
                                       { OTHER, PIERP_POLL_IN, 0 } };

    (void)state;
    be_bad(OTHER);
    be_bad(OTHER);
    be_streams(&a_while);
    plan(POLLRDNORM, 0);
    CHECK_INT(poll_all(items, 3, -1), PIERP_READY);
    CHECK_INT(given_count, 1);
    CHECK_INT(script_call("WSAPoll", 0)->arguments[2], 0);
    CHECK_INT(items[0].revents, PIERP_POLL_NVAL);
    CHECK_INT(items[1].revents, PIERP_POLL_IN);
    CHECK_INT(items[2].revents, PIERP_POLL_NVAL);
}

static void q119_only_bad_handles_are_told_at_once(void **state)
{
    struct pierp_pollitem item = { OTHER, 0, 0 };

    (void)state;
    be_bad(OTHER);
    CHECK_INT(poll_all(&item, 1, -1), PIERP_READY);
    CHECK_INT(item.revents, PIERP_POLL_NVAL);
    CHECK_INT(CALLS(WSAPoll), 0);
}

/* Refuses each set in which OTHER is. */
static void refuse_other(struct script_call *call)
{
    WSAPOLLFD *fds = (WSAPOLLFD *)call->arguments[0];

    for (intptr_t i = 0; i < call->arguments[1]; i++) {
        if (fds[i].fd != OTHER)
            continue;
        call->result = SOCKET_ERROR;
        call->error = WSAENOTSOCK;
        return;
    }
    fds[0].revents = POLLRDNORM;
    call->result = 1;
}

/* CloseHandle() may leave one that still has options. */
static void q119_what_only_wsapoll_calls_bad_is_found_by_it(void **state)
{
    struct pierp_pollitem items[2] = { { OTHER, PIERP_POLL_IN, 0 },
                                       { SOME_SOCKET, PIERP_POLL_IN, 0 } };

    (void)state;
    be_streams(&a_while);
    ALWAYS(WSAPoll, .act = refuse_other);
    CHECK_INT(poll_all(items, 2, -1), PIERP_READY);
    CHECK_INT(items[0].revents, PIERP_POLL_NVAL);
    CHECK_INT(items[1].revents, PIERP_POLL_IN);
    CHECK_INT(CALLS(WSAPoll), 3);
    CHECK_INT(script_call("WSAPoll", 1)->arguments[2], 0);
}

/* To take it for an end of the wait would be to spin. */
static void q119_a_refusal_for_none_of_them_is_told(void **state)
{
    struct pierp_pollitem item = { SOME_SOCKET, PIERP_POLL_IN, 0 };
    unsigned got = 77;

    (void)state;
    be_streams(&a_while);
    NEXT(WSAPoll, .result = SOCKET_ERROR, .error = WSAENOTSOCK);
    NEXT(WSAPoll, .result = 0);
    CHECK_ERR(pierp_poll(&item, 1, NULL, 0, -1, &got), PIER_ENOTSOCK);
    CHECK_INT(got, 77);
}

static void a_refusal_of_the_whole_is_told(void **state)
{
    struct pierp_pollitem item = { SOME_SOCKET, PIERP_POLL_IN, 0 };
    unsigned got = 77;

    (void)state;
    be_streams(&a_while);
    NEXT(WSAPoll, .result = SOCKET_ERROR, .error = WSAENOBUFS);
    CHECK_ERR(pierp_poll(&item, 1, NULL, 0, -1, &got), PIER_ENOBUFS);
    CHECK_INT(got, 77);
}

/* ------------------------------------------------------- the memory --- */

enum {
    MANY = 40
};

static void measure(struct script_call *call)
{
    size_t needed = (size_t)call->arguments[1] * sizeof(WSAPOLLFD);
    const void *fds = (const void *)call->arguments[0];

    CHECK_INT(call->arguments[1], MANY + 1);
    CHECK(HeapSize(GetProcessHeap(), 0, fds) >= needed);
}

/* A peer's array was four bytes too small from 32 sockets on. */
static void the_array_has_room_for_every_socket_and_the_loop(void **state)
{
    struct pierp_pollitem items[MANY] = { 0 };
    struct pierp_wake *own;
    unsigned got;

    (void)state;
    be_streams(&a_while);
    for (size_t i = 0; i < MANY; i++)
        items[i].handle = SOME_SOCKET + 4 * (pier_handle)i;
    CHECK_OK(pierp_thread_wake(&own));
    NEXT(WSAPoll, .act = measure);
    CHECK_OK(pierp_poll(items, MANY, &own, 1, MS, &got));
    CHECK_INT(got, 0);
}

static int start(void **state)
{
    return script_start(state) ? -1 : script_pretend(BUILD_OF_WINDOWS_10_1803);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        OS_TEST(q48_a_failed_connect_is_found_where_wsapoll_never_tells),
        OS_TEST(q48_while_a_connect_may_fail_it_is_looked_at_often),
        OS_TEST(q48_a_connection_is_waited_for_without_looking),
        OS_TEST(q81_every_question_is_one_that_windows_accepts),
        OS_TEST(q82_winsock_is_not_asked_about_no_socket),
        OS_TEST(q83_who_is_passed_over_gets_no_place),
        OS_TEST(a_socket_in_two_places_asks_for_everything_in_one),
        OS_TEST(places_in_any_order_get_their_own_answers),
        OS_TEST(q85_a_hang_up_alone_is_the_end_of_the_peer),
        OS_TEST(q85_an_end_that_nobody_asked_for_is_no_answer),
        OS_TEST(q119_a_bad_handle_does_not_spoil_the_others),
        OS_TEST(q119_only_bad_handles_are_told_at_once),
        OS_TEST(q119_what_only_wsapoll_calls_bad_is_found_by_it),
        OS_TEST(q119_a_refusal_for_none_of_them_is_told),
        OS_TEST(a_refusal_of_the_whole_is_told),
        OS_TEST(the_array_has_room_for_every_socket_and_the_loop),
    };

    return cmocka_run_group_tests(tests, start, NULL);
}
