/* SPDX-License-Identifier: MIT */
/* The wait for many sockets by one request to AFD. */
#include "scripted.h"
#include <winternl.h>

#include <string.h>

/* The request of AFD, as its users know it; not taken from the backend. */
struct entry {
    HANDLE handle;
    ULONG events;
    NTSTATUS status;
};

struct request {
    LARGE_INTEGER timeout;
    ULONG count;
    ULONG exclusive;
    struct entry entries[4];
};

enum {
    RECEIVE = 0x01,
    RECEIVE_EXPEDITED = 0x02,
    SEND = 0x04,
    DISCONNECT = 0x08,
    ABORT = 0x10,
    LOCAL_CLOSE = 0x20,
    ACCEPT = 0x80,
    CONNECT_FAIL = 0x100,
    UNASKED = ABORT | LOCAL_CLOSE | CONNECT_FAIL,
};

#define PENDING        0x103
#define INVALID_HANDLE ((NTSTATUS)0xC0000008)
#define CANCELLED      ((NTSTATUS)0xC0000120)
#define NO_RESOURCES   ((NTSTATUS)0xC000009A)
#define OTHER          (SOME_SOCKET + 4)
#define HAS_FAILED     (PIERP_POLL_ERR | PIERP_POLL_HUP)

static const int stream = SOCK_STREAM;
static const SOCKET some = (SOCKET)SOME_SOCKET;
static const SOCKET other = (SOCKET)OTHER;

static void be_based(void)
{
    ALWAYS(WSAIoctl, .bytes = &some, .length = sizeof some,
           .when = { ARGUMENT(1, SOME_SOCKET), ARGUMENT(2, SIO_BASE_HANDLE) });
    ALWAYS(WSAIoctl, .bytes = &other, .length = sizeof other,
           .when = { ARGUMENT(1, OTHER), ARGUMENT(2, SIO_BASE_HANDLE) });
}

static void be_good(void)
{
    be_based();
    ALWAYS(getsockopt, .bytes = &stream, .length = sizeof stream,
           .when = { ARGUMENT(3, SO_TYPE) });
}

static unsigned poll_all(struct pierp_pollitem *items, size_t count,
                         int64_t timeout)
{
    struct pierp_wake *own;
    unsigned got = 77;

    CHECK_OK(pierp_thread_wake(&own));
    CHECK_OK(pierp_poll(items, count, &own, 1, timeout, &got));
    return got;
}

static struct request asked;
static struct entry answers[2];
static ULONG answer_count;

static void answer(struct script_call *call)
{
    struct request *out = call->out;

    memset(&asked, 0, sizeof asked);
    memcpy(&asked, call->in,
           call->in_length < sizeof asked ? call->in_length : sizeof asked);
    out->count = answer_count;
    memcpy(out->entries, answers, answer_count * sizeof answers[0]);
}

static void plan(void)
{
    memset(answers, 0, sizeof answers);
    answer_count = 0;
    NEXT(NtDeviceIoControlFile, .act = answer);
}

static void add(pier_handle h, ULONG events)
{
    answers[answer_count++] = (struct entry){ (HANDLE)h, events, 0 };
}

static void check_question(unsigned events, ULONG expected)
{
    struct pierp_pollitem item = { SOME_SOCKET, events, 0 };

    plan();
    CHECK_INT(poll_all(&item, 1, 0), 0);
    CHECK_INT(asked.count, 1);
    /* It would end the waits of other threads for the same socket. */
    CHECK_INT(asked.exclusive, FALSE);
    CHECK_INT(asked.timeout.QuadPart, 0);
    CHECK_INT(asked.entries[0].events, expected | UNASKED);
}

static void each_event_has_its_question(void **state)
{
    (void)state;
    be_good();
    check_question(0, 0);
    check_question(PIERP_POLL_IN, RECEIVE | ACCEPT | DISCONNECT);
    check_question(PIERP_POLL_PRI, RECEIVE_EXPEDITED);
    check_question(PIERP_POLL_OUT, SEND);
    check_question(PIERP_POLL_RDHUP, DISCONNECT);
}

static void check_answer(ULONG events, unsigned expected)
{
    struct pierp_pollitem item = { SOME_SOCKET,
                                   PIERP_POLL_IN | PIERP_POLL_PRI |
                                       PIERP_POLL_OUT | PIERP_POLL_RDHUP,
                                   0 };

    plan();
    add(SOME_SOCKET, events);
    CHECK_INT(poll_all(&item, 1, -1), PIERP_READY);
    CHECK_INT(item.revents, expected);
}

static void each_answer_has_its_event(void **state)
{
    const unsigned ways = PIERP_POLL_IN | PIERP_POLL_OUT | PIERP_POLL_RDHUP;

    (void)state;
    be_good();
    check_answer(RECEIVE, PIERP_POLL_IN);
    check_answer(ACCEPT, PIERP_POLL_IN);
    check_answer(RECEIVE_EXPEDITED, PIERP_POLL_PRI);
    check_answer(SEND, PIERP_POLL_OUT);
    check_answer(DISCONNECT, PIERP_POLL_IN | PIERP_POLL_RDHUP);
    check_answer(ABORT, ways | HAS_FAILED);
    check_answer(CONNECT_FAIL, ways | HAS_FAILED);
    check_answer(LOCAL_CLOSE, PIERP_POLL_NVAL);
}

/* AFD leaves out those that have nothing to tell. */
static void answers_find_their_places(void **state)
{
    struct pierp_pollitem items[4] = {
        { SOME_SOCKET, PIERP_POLL_IN, 9 },
        { PIER_INVALID_HANDLE, PIERP_POLL_IN, 9 },
        { OTHER, PIERP_POLL_IN | PIERP_POLL_OUT, 9 },
        { SOME_SOCKET, PIERP_POLL_OUT, 9 }
    };

    (void)state;
    be_good();
    plan();
    add(OTHER, SEND);
    CHECK_INT(poll_all(items, 4, -1), PIERP_READY);
    CHECK_INT(asked.count, 3);
    CHECK_INT(items[0].revents, 0);
    CHECK_INT(items[1].revents, 0);
    CHECK_INT(items[2].revents, PIERP_POLL_OUT);
    CHECK_INT(items[3].revents, 0);
    /* Of two that are the same socket, the one that asked for it. */
    plan();
    add(SOME_SOCKET, SEND);
    CHECK_INT(poll_all(items, 4, -1), PIERP_READY);
    CHECK_INT(items[0].revents, 0);
    CHECK_INT(items[3].revents, PIERP_POLL_OUT);
}

static void answers_need_not_come_in_order(void **state)
{
    struct pierp_pollitem items[3] = { { OTHER, PIERP_POLL_IN, 9 },
                                       { SOME_SOCKET, PIERP_POLL_OUT, 9 },
                                       { OTHER, PIERP_POLL_OUT, 9 } };

    (void)state;
    be_good();
    plan();
    add(SOME_SOCKET, SEND);
    add(OTHER, RECEIVE);
    CHECK_INT(poll_all(items, 3, -1), PIERP_READY);
    CHECK_INT(items[0].revents, PIERP_POLL_IN);
    CHECK_INT(items[1].revents, PIERP_POLL_OUT);
    CHECK_INT(items[2].revents, 0);
}

/* Each entry may be answered, or the first that can be. */
static void one_answer_is_for_every_place_of_its_socket(void **state)
{
    struct pierp_pollitem items[4] = { { SOME_SOCKET, PIERP_POLL_IN, 9 },
                                       { SOME_SOCKET,
                                         PIERP_POLL_IN | PIERP_POLL_OUT, 9 },
                                       { OTHER, PIERP_POLL_IN, 9 },
                                       { SOME_SOCKET, PIERP_POLL_OUT, 9 } };

    (void)state;
    be_good();
    plan();
    add(SOME_SOCKET, RECEIVE);
    CHECK_INT(poll_all(items, 4, -1), PIERP_READY);
    CHECK_INT(items[0].revents, PIERP_POLL_IN);
    CHECK_INT(items[1].revents, PIERP_POLL_IN);
    CHECK_INT(items[2].revents, 0);
    CHECK_INT(items[3].revents, 0);
    plan();
    add(SOME_SOCKET, RECEIVE);
    add(SOME_SOCKET, SEND);
    CHECK_INT(poll_all(items, 4, -1), PIERP_READY);
    CHECK_INT(items[0].revents, PIERP_POLL_IN);
    CHECK_INT(items[1].revents, PIERP_POLL_IN | PIERP_POLL_OUT);
    CHECK_INT(items[2].revents, 0);
    CHECK_INT(items[3].revents, PIERP_POLL_OUT);
}

static void be_bad(pier_handle h)
{
    ALWAYS(getsockopt, .result = SOCKET_ERROR, .error = WSAENOTSOCK,
           .when = { ARGUMENT(1, h), ARGUMENT(3, SO_TYPE) });
}

static void q119_a_handle_without_base_is_bad_and_the_rest_is_asked(void **s)
{
    struct pierp_pollitem items[2] = { { OTHER, PIERP_POLL_IN, 9 },
                                       { SOME_SOCKET, PIERP_POLL_IN, 9 } };

    (void)s;
    NEXT(WSAIoctl, .result = SOCKET_ERROR, .error = WSAENOTSOCK,
         .when = { ARGUMENT(1, OTHER) });
    be_good();
    plan();
    add(SOME_SOCKET, RECEIVE);
    CHECK_INT(poll_all(items, 2, -1), PIERP_READY);
    CHECK_INT(asked.count, 1);
    CHECK_INT(asked.timeout.QuadPart, 0);
    CHECK_INT(items[0].revents, PIERP_POLL_NVAL);
    CHECK_INT(items[1].revents, PIERP_POLL_IN);
}

/* Where a provider names a base for everything, and AFD refuses the whole. */
static void q119_a_request_refused_for_one_is_made_for_the_others(void **s)
{
    struct pierp_pollitem items[2] = { { OTHER, PIERP_POLL_IN, 9 },
                                       { SOME_SOCKET, PIERP_POLL_IN, 9 } };

    (void)s;
    be_bad(OTHER);
    be_good();
    NEXT(NtDeviceIoControlFile, .result = INVALID_HANDLE);
    plan();
    add(SOME_SOCKET, RECEIVE);
    CHECK_INT(poll_all(items, 2, -1), PIERP_READY);
    CHECK_INT(asked.count, 1);
    CHECK_INT(items[0].revents, PIERP_POLL_NVAL);
    CHECK_INT(items[1].revents, PIERP_POLL_IN);
}

static void q119_two_refusals_tell_of_what_is_known(void **state)
{
    struct pierp_pollitem items[2] = { { OTHER, PIERP_POLL_IN, 9 },
                                       { SOME_SOCKET, PIERP_POLL_IN, 9 } };

    (void)state;
    be_bad(OTHER);
    be_good();
    ALWAYS(NtDeviceIoControlFile, .result = INVALID_HANDLE);
    CHECK_INT(poll_all(items, 2, -1), PIERP_READY);
    CHECK_INT(items[0].revents, PIERP_POLL_NVAL);
    CHECK_INT(items[1].revents, 0);
    CHECK_INT(CALLS(NtDeviceIoControlFile), 2);
}

static void give_second(struct script_call *call)
{
    ((WSAPOLLFD *)call->arguments[0])[1].revents = POLLRDNORM;
    call->result = 1;
}

static void q13_what_afd_does_not_know_is_left_to_wsapoll(void **state)
{
    struct pierp_pollitem items[2] = { { SOME_SOCKET, PIERP_POLL_IN, 9 },
                                       { OTHER, PIERP_POLL_IN, 9 } };

    (void)state;
    be_good();
    NEXT(NtDeviceIoControlFile, .result = INVALID_HANDLE);
    NEXT(WSAPoll, .act = give_second);
    CHECK_INT(poll_all(items, 2, 0), PIERP_READY);
    CHECK_INT(items[0].revents, 0);
    CHECK_INT(items[1].revents, PIERP_POLL_IN);
}

static void give_first(struct script_call *call)
{
    ((WSAPOLLFD *)call->arguments[0])[0].revents = POLLRDNORM;
    call->result = 1;
}

static void fail_later(struct script_call *call)
{
    ((IO_STATUS_BLOCK *)call->arguments[4])->Status = NO_RESOURCES;
    ((struct request *)call->out)->count = 1;
    SetEvent((HANDLE)call->arguments[1]);
}

static void check_left_to_wsapoll(int64_t timeout)
{
    struct pierp_pollitem item = { SOME_SOCKET, PIERP_POLL_IN, 9 };
    size_t before = CALLS(NtDeviceIoControlFile);

    NEXT(WSAPoll, .act = give_first);
    CHECK_INT(poll_all(&item, 1, timeout), PIERP_READY);
    CHECK_INT(item.revents, PIERP_POLL_IN);
    CHECK_INT(CALLS(NtDeviceIoControlFile), before + 1);
}

/* To ask again would be to spin until the time has passed. */
static void q13_a_request_that_fails_under_way_is_left_to_wsapoll(void **s)
{
    (void)s;
    be_good();
    NEXT(NtDeviceIoControlFile, .result = PENDING, .act = fail_later);
    check_left_to_wsapoll(-1);
    /* What has passed till then counts. */
    NEXT(NtDeviceIoControlFile, .result = PENDING, .act = fail_later);
    check_left_to_wsapoll(1);
    CHECK_INT(script_call("WSAPoll", 1)->arguments[2], 0);
}

static void q13_answers_that_mean_nothing_are_left_to_wsapoll(void **state)
{
    (void)state;
    be_good();
    plan();
    add(OTHER, RECEIVE);
    check_left_to_wsapoll(-1);
    plan();
    add(SOME_SOCKET, SEND);
    check_left_to_wsapoll(0);
}

static IO_STATUS_BLOCK *pending;

static void note_status(struct script_call *call)
{
    pending = (IO_STATUS_BLOCK *)call->arguments[4];
    ((struct request *)call->out)->count = 0;
}

static void end_cancelled(struct script_call *call)
{
    (void)call;
    pending->Status = CANCELLED;
}

/* WaitForMultipleObjects() takes 64 objects and not one more. */
static void q90_many_sockets_are_one_object_to_wait_for(void **state)
{
    static const int timed_out = WAIT_TIMEOUT;
    struct pierp_pollitem items[100];

    (void)state;
    be_good();
    for (size_t i = 0; i < 100; i++) {
        items[i] = (struct pierp_pollitem){ i % 2 ? SOME_SOCKET : OTHER,
                                            PIERP_POLL_IN, 9 };
    }
    NEXT(NtDeviceIoControlFile, .result = PENDING, .act = note_status);
    NEXT(WaitForMultipleObjects, .result = timed_out,
         .when = { ARGUMENT(1, 2) });
    NEXT(NtCancelIoFileEx, .result = 0);
    NEXT(WaitForSingleObject, .result = WAIT_OBJECT_0, .act = end_cancelled,
         .when = { ARGUMENT(2, INFINITE) });
    CHECK_INT(poll_all(items, 100, 200 * INT64_C(1000000)), 0);
    CHECK_INT(CALLS(WSAPoll), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        OS_TEST(each_event_has_its_question),
        OS_TEST(each_answer_has_its_event),
        OS_TEST(answers_find_their_places),
        OS_TEST(answers_need_not_come_in_order),
        OS_TEST(one_answer_is_for_every_place_of_its_socket),
        OS_TEST(q90_many_sockets_are_one_object_to_wait_for),
        OS_TEST(q119_a_handle_without_base_is_bad_and_the_rest_is_asked),
        OS_TEST(q119_a_request_refused_for_one_is_made_for_the_others),
        OS_TEST(q119_two_refusals_tell_of_what_is_known),
        OS_TEST(q13_what_afd_does_not_know_is_left_to_wsapoll),
        OS_TEST(q13_a_request_that_fails_under_way_is_left_to_wsapoll),
        OS_TEST(q13_answers_that_mean_nothing_are_left_to_wsapoll),
    };

    return cmocka_run_group_tests(tests, script_start, NULL);
}
