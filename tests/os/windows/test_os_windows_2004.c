/* SPDX-License-Identifier: MIT */
/* Windows 10 version 2004 and later, by its number. */
#include "scripted.h"

#include <string.h>

static const int stream = SOCK_STREAM;
static const int datagram = SOCK_DGRAM;
static const int timed_out = WAIT_TIMEOUT;
static const int invalid = ERROR_INVALID_PARAMETER;

static void connect_to(const struct pier_address *a)
{
    NEXT(connect, .result = SOCKET_ERROR, .error = WSAEWOULDBLOCK);
    CHECK_ERR(pierp_connect(SOME_SOCKET, a), PIER_EINPROGRESS);
}

static void be(const int *type)
{
    ALWAYS(getsockopt, .bytes = type, .length = sizeof *type,
           .when = { ARGUMENT(3, SO_TYPE) });
}

/* TCP_INITIAL_RTO_NO_SYN_RETRANSMISSIONS, twice, as the system's own users of
 * it write it. */
static void q44_a_refusal_on_this_host_is_asked_for_at_once(void **state)
{
    struct {
        USHORT rtt;
        UCHAR retransmissions;
    } asked;
    struct pier_address v4 = script_loopback(PIER_AF_INET, 80);
    struct pier_address v6 = script_loopback(PIER_AF_INET6, 80);

    (void)state;
    be(&stream);
    NEXT(WSAIoctl, .when = { ARGUMENT(2, SIO_TCP_INITIAL_RTO) });
    connect_to(&v4);
    memcpy(&asked, script_call("WSAIoctl", 0)->kept, sizeof asked);
    CHECK_INT(asked.retransmissions, 0xFE);
    NEXT(WSAIoctl, .when = { ARGUMENT(2, SIO_TCP_INITIAL_RTO) });
    connect_to(&v6);
}

static void q44_a_refusal_elsewhere_keeps_its_retransmissions(void **state)
{
    static const unsigned char far_away[4] = { 192, 0, 2, 1 };
    struct pier_address a = script_inet(far_away, 80);

    (void)state;
    be(&stream);
    connect_to(&a);
    CHECK_INT(CALLS(WSAIoctl), 0);
}

static void q44_a_system_that_refuses_the_request_still_connects(void **state)
{
    struct pier_address a = script_loopback(PIER_AF_INET, 80);

    (void)state;
    be(&stream);
    NEXT(WSAIoctl, .result = SOCKET_ERROR, .error = WSAEOPNOTSUPP);
    connect_to(&a);
    CHECK_INT(pierp_native_error(), WSAEWOULDBLOCK);
}

static void q44_datagrams_have_nothing_to_retransmit(void **state)
{
    struct pier_address a = script_loopback(PIER_AF_INET, 80);

    (void)state;
    be(&datagram);
    ALWAYS(WSAIoctl, .result = 0);
    NEXT(connect, .result = 0);
    CHECK_OK(pierp_connect(SOME_SOCKET, &a));
    CHECK_INT(CALLS_WITH(WSAIoctl, 2, SIO_TCP_INITIAL_RTO), 0);
}

#define EXACT 2 /* CREATE_WAITABLE_TIMER_HIGH_RESOLUTION */

static void wait_for_nobody(struct pierp_wake *own, int64_t timeout)
{
    unsigned got = 77;

    CHECK_OK(pierp_wait(PIER_INVALID_HANDLE, 0, &own, 1, timeout, &got));
    CHECK_INT(got, 0);
}

/* The first of the thread: it asks for its timer. */
static void q93_a_system_without_exact_timers_waits_for_its_tick(void **state)
{
    struct pierp_wake *own;

    (void)state;
    CHECK_OK(pierp_thread_wake(&own));
    NEXT(CreateWaitableTimerExW, .result = 0, .error = invalid,
         .when = { ARGUMENT(3, EXACT) });
    NEXT(WaitForMultipleObjects, .result = timed_out,
         .when = { ARGUMENT(1, 1), ARGUMENT(4, 2) });
    wait_for_nobody(own, 1000001);
    CHECK_INT(CALLS(SetWaitableTimer), 0);
}

static void q93_a_short_wait_is_timed_exactly(void **state)
{
    struct pierp_wake *own;

    (void)state;
    CHECK_OK(pierp_thread_wake(&own));
    NEXT(CreateWaitableTimerExW, .result = 0x7770,
         .when = { ARGUMENT(3, EXACT) });
    /* In units of 100 ns, from now, rounded up. */
    NEXT(SetWaitableTimer, .result = TRUE,
         .when = { ARGUMENT(1, 0x7770), ARGUMENT(2, -2501) });
    NEXT(WaitForMultipleObjects, .result = WAIT_OBJECT_0 + 1,
         .when = { ARGUMENT(1, 2) });
    wait_for_nobody(own, 250001);
    /* A longer one is not worth a timer. */
    NEXT(WaitForMultipleObjects, .result = timed_out,
         .when = { ARGUMENT(1, 1), ARGUMENT(4, 5000) });
    wait_for_nobody(own, 5 * INT64_C(1000000000));
}

static int start(void **state)
{
    return script_start(state) ? -1 : script_pretend(BUILD_OF_WINDOWS_10_2004);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        OS_TEST(q44_a_refusal_on_this_host_is_asked_for_at_once),
        OS_TEST(q44_a_refusal_elsewhere_keeps_its_retransmissions),
        OS_TEST(q44_a_system_that_refuses_the_request_still_connects),
        OS_TEST(q44_datagrams_have_nothing_to_retransmit),
        OS_TEST(q93_a_system_without_exact_timers_waits_for_its_tick),
        OS_TEST(q93_a_short_wait_is_timed_exactly),
    };

    return cmocka_run_group_tests(tests, start, NULL);
}
