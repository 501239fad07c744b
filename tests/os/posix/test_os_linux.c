/* SPDX-License-Identifier: MIT */
/* With every call that Linux has. */
#include "wrapped.h"

#include <pier/socket.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>

static void q06_a_new_socket_is_never_inheritable(void **state)
{
    pier_handle h;
    pier_handle pair[2];
    const int fds[2] = { SOME_FD, SOME_FD + 1 };

    (void)state;
    NEXT(socket, .result = SOME_FD,
         .when = { ARGUMENT(2, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC) });
    CHECK_OK(pierp_open(&h, AF_INET, SOCK_STREAM, 0));
    NEXT(socketpair, .bytes = fds, .length = sizeof fds,
         .when = { ARGUMENT(2, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC) });
    CHECK_OK(pierp_pair(pair, AF_UNIX, SOCK_DGRAM, 0));
    CHECK_CALLS("socket socketpair");
}

static struct sockaddr_in somebody(void)
{
    struct sockaddr_in a = { .sin_family = AF_INET };

    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return a;
}

static void q08_an_accepted_handle_is_made_private_at_once(void **state)
{
    struct sockaddr_in peer = somebody();
    pier_handle h;

    (void)state;
    NEXT(accept4, .result = SOME_FD + 1, .bytes = &peer, .length = sizeof peer,
         .when = { ARGUMENT(4, SOCK_NONBLOCK | SOCK_CLOEXEC) });
    CHECK_OK(pierp_accept(&h, SOME_FD, NULL));
    CHECK_INT(h, SOME_FD + 1);
    CHECK_CALLS("accept4");
}

/* Kernels before 2.6.28, and what emulates them. */
static void q08_a_kernel_without_accept4_does_it_in_steps(void **state)
{
    struct sockaddr_in peer = somebody();
    pier_handle h;

    (void)state;
    NEXT(accept4, .result = -1, .error = ENOSYS);
    NEXT(accept, .result = SOME_FD + 1, .bytes = &peer, .length = sizeof peer);
    NEXT(fcntl, .result = 0,
         .when = { ARGUMENT(1, SOME_FD + 1), ARGUMENT(2, F_SETFD),
                   ARGUMENT(3, FD_CLOEXEC) });
    NEXT(ioctl, .result = 0,
         .when = { ARGUMENT(1, SOME_FD + 1), ARGUMENT(2, FIONBIO) });
    CHECK_OK(pierp_accept(&h, SOME_FD, NULL));
    CHECK_INT(h, SOME_FD + 1);
}

static int mode_asked_for(size_t call)
{
    int mode;

    memcpy(&mode, script_call("ioctl", call)->kept, sizeof mode);
    return mode;
}

static void the_mode_is_changed_by_one_call(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        NEXT(ioctl, .result = 0,
             .when = { ARGUMENT(1, SOME_FD), ARGUMENT(2, FIONBIO) });
        CHECK_OK(pierp_set_nonblocking(SOME_FD, i == 0));
    }
    CHECK_INT(mode_asked_for(0), 1);
    CHECK_INT(mode_asked_for(1), 0);
    NEXT(ioctl, .result = -1, .error = EBADF);
    CHECK_ERR(pierp_set_nonblocking(SOME_FD, true), PIER_EBADF);
    CHECK_CALLS("ioctl ioctl ioctl");
}

static void q10_a_duplicate_is_made_private_at_once(void **state)
{
    pier_handle h;

    (void)state;
    NEXT(fcntl, .result = SOME_FD + 1,
         .when = { ARGUMENT(1, SOME_FD), ARGUMENT(2, F_DUPFD_CLOEXEC) });
    ALWAYS(fcntl, .result = 0, .when = { ARGUMENT(2, F_SETFD) });
    CHECK_OK(pierp_dup(&h, SOME_FD));
    CHECK_INT(CALLS(dup), 0);
}

static void q53_no_send_raises_a_signal(void **state)
{
    struct pier_address to = script_loopback(PIER_AF_INET, 9);

    (void)state;
    NEXT(send, .result = -1, .error = EPIPE,
         .when = { ARGUMENT(4, MSG_NOSIGNAL | MSG_DONTWAIT) });
    CHECK_ERR(pierp_send(SOME_FD, "x", 1, 0), PIER_EPIPE);
    NEXT(sendto, .result = -1, .error = EPIPE,
         .when = { ARGUMENT(4, MSG_NOSIGNAL | MSG_DONTWAIT) });
    CHECK_ERR(pierp_sendto(SOME_FD, "x", 1, 0, &to), PIER_EPIPE);
    CHECK_CALLS("send sendto");
}

static struct timespec limit_of(int64_t timeout)
{
    struct timespec limit;
    unsigned got;

    NEXT(ppoll, .result = 0);
    CHECK_OK(pierp_wait(SOME_FD, PIERP_READ, NULL, 0, timeout, &got));
    memcpy(&limit, script_call("ppoll", CALLS(ppoll) - 1)->kept, sizeof limit);
    return limit;
}

static void q93_a_short_wait_is_told_to_the_nanosecond(void **state)
{
    (void)state;
    CHECK_INT(limit_of(1).tv_sec, 0);
    CHECK_INT(limit_of(1).tv_nsec, 1);
    CHECK_INT(limit_of(1999999999).tv_sec, 1);
    CHECK_INT(limit_of(1999999999).tv_nsec, 999999999);
}

static void q96_the_longest_wait_does_not_wrap(void **state)
{
    (void)state;
    CHECK_INT(limit_of(INT64_C(4294967400000000)).tv_sec, 4294967);
    CHECK_INT(limit_of(INT64_MAX).tv_sec, INT_MAX);
}

static void q97_a_wait_without_limit_has_none(void **state)
{
    unsigned got;

    (void)state;
    NEXT(ppoll, .result = 0, .when = { ARGUMENT(3, NULL) });
    CHECK_OK(pierp_wait(SOME_FD, PIERP_READ, NULL, 0, -1, &got));
    NEXT(ppoll, .result = 0, .when = { ARGUMENT(3, NULL) });
    CHECK_OK(pierp_wait(SOME_FD, PIERP_READ, NULL, 0, INT64_MIN, &got));
}

static void a_wake_that_cannot_be_made_says_why(void **state)
{
    struct pierp_wake *wake = NULL;

    (void)state;
    NEXT(eventfd, .result = -1, .error = EMFILE,
         .when = { ARGUMENT(2, EFD_CLOEXEC | EFD_NONBLOCK) });
    CHECK_ERR(pierp_wake_new(&wake), PIER_EMFILE);
    CHECK(!wake);
    NEXT(eventfd, .result = -1, .error = EMFILE);
    CHECK_ERR(pierp_thread_wake(&wake), PIER_EMFILE);
    CHECK(!wake);
    CHECK_CALLS("eventfd eventfd");
}

static void a_wake_is_made_after_one_that_could_not(void **state)
{
    struct pierp_wake *wake = NULL;

    (void)state;
    NEXT(eventfd, .result = -1, .error = ENFILE);
    CHECK_ERR(pierp_thread_wake(&wake), PIER_ENFILE);
    CHECK_OK(pierp_thread_wake(&wake));
    CHECK(wake);
}

static void q30_a_port_is_shared_where_the_kernel_balances(void **state)
{
    (void)state;
    NEXT(setsockopt, .result = 0, .when = { ARGUMENT(3, SO_REUSEPORT) });
    CHECK_OK(pierp_set_reuse_port(SOME_FD));
}

static void ask_with_minimum(struct pier_tcp_info *out, uint32_t minimum)
{
    unsigned char told[240] = { PIER_TCP_STATE_ESTABLISHED };

    /* tcpi_min_rtt; the structures of older headers end before it. */
    memcpy(told + 148, &minimum, sizeof minimum);
    NEXT(getsockopt, .bytes = told, .length = sizeof told);
    memset(out, 0, sizeof *out);
    CHECK_OK(pierp_tcp_info(SOME_FD, out));
    CHECK(out->known & PIERP_TCP_RTT);
}

/* As before the first acknowledgement. */
static void the_shortest_round_trip_is_told_once_it_was_measured(void **state)
{
    struct pier_tcp_info info;

    (void)state;
    ask_with_minimum(&info, UINT32_MAX);
    CHECK_INT(info.min_rtt_ns, 0);
    CHECK_INT(info.known & PIERP_TCP_MIN_RTT, 0);
    ask_with_minimum(&info, 25);
    CHECK_INT(info.min_rtt_ns, 25000);
    CHECK(info.known & PIERP_TCP_MIN_RTT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        OS_TEST(a_wake_that_cannot_be_made_says_why),
        OS_TEST(a_wake_is_made_after_one_that_could_not),
        OS_TEST(q06_a_new_socket_is_never_inheritable),
        OS_TEST(q08_an_accepted_handle_is_made_private_at_once),
        OS_TEST(q08_a_kernel_without_accept4_does_it_in_steps),
        OS_TEST(the_mode_is_changed_by_one_call),
        OS_TEST(q10_a_duplicate_is_made_private_at_once),
        OS_TEST(q30_a_port_is_shared_where_the_kernel_balances),
        OS_TEST(q53_no_send_raises_a_signal),
        OS_TEST(q93_a_short_wait_is_told_to_the_nanosecond),
        OS_TEST(q96_the_longest_wait_does_not_wrap),
        OS_TEST(q97_a_wait_without_limit_has_none),
        OS_TEST(the_shortest_round_trip_is_told_once_it_was_measured),
    };

    return cmocka_run_group_tests(tests, script_start, NULL);
}
