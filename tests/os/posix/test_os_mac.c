/* SPDX-License-Identifier: MIT */
/* The backend as it is built where an option silences SIGPIPE, no flag. */
#include "wrapped.h"

#include <netinet/tcp.h>
#include <string.h>

/* As suites.cmake gives them. */
#define NO_SIGPIPE     0x1022 /* SO_NOSIGPIPE */
#define LINGER_SECONDS 0x1080 /* SO_LINGER_SEC */

/* An int that is 1, whatever descriptor it is set on. */
static void plan_mute(int fd, int result, int error)
{
    NEXT(setsockopt, .result = result, .error = error,
         .when = { ARGUMENT(1, fd), ARGUMENT(2, SOL_SOCKET),
                   ARGUMENT(3, NO_SIGPIPE) });
}

static void q53_every_new_socket_is_muted(void **state)
{
    const int fds[2] = { SOME_FD, SOME_FD + 1 };
    pier_handle pair[2];
    pier_handle h;
    int on;

    (void)state;
    ALWAYS(fcntl, .result = 0);
    NEXT(socket, .result = SOME_FD);
    plan_mute(SOME_FD, 0, 0);
    CHECK_OK(pierp_open(&h, AF_INET, SOCK_STREAM, 0));
    memcpy(&on, script_call("setsockopt", 0)->kept, sizeof on);
    CHECK_INT(on, 1);
    NEXT(socketpair, .bytes = fds, .length = sizeof fds);
    plan_mute(SOME_FD, 0, 0);
    plan_mute(SOME_FD + 1, 0, 0);
    CHECK_OK(pierp_pair(pair, AF_UNIX, SOCK_STREAM, 0));
}

static void q53_an_adopted_socket_is_muted(void **state)
{
    int type = SOCK_STREAM;
    int family = AF_INET;
    int protocol = 0;

    (void)state;
    NEXT(getsockopt, .bytes = &type, .length = sizeof type,
         .when = { ARGUMENT(3, SO_TYPE) });
    ALWAYS(fcntl, .result = 0);
    plan_mute(SOME_FD, 0, 0);
    CHECK_OK(pierp_adopt(SOME_FD, &family, &type, &protocol));
}

/* The option cannot be set any more when the peer has gone. */
static void q53_an_accepted_socket_that_is_dead_is_aborted(void **state)
{
    struct sockaddr_in peer = { .sin_family = AF_INET };
    pier_handle h = 77;

    (void)state;
    ALWAYS(fcntl, .result = 0);
    NEXT(accept, .result = SOME_FD + 1, .bytes = &peer, .length = sizeof peer);
    plan_mute(SOME_FD + 1, -1, EINVAL);
    NEXT(close, .result = 0, .when = { ARGUMENT(1, SOME_FD + 1) });
    CHECK_ERR(pierp_accept(&h, SOME_FD, NULL), PIER_ECONNABORTED);
    CHECK_INT(h, 77);
}

static void q53_a_muted_socket_is_sent_to_in_one_call(void **state)
{
    (void)state;
    NEXT(send, .result = -1, .error = EPIPE,
         .when = { ARGUMENT(4, MSG_DONTWAIT) });
    CHECK_ERR(pierp_send(SOME_FD, "x", 1, 0), PIER_EPIPE);
    CHECK_CALLS("send");
}

/* EINVAL for more. */
static void q56_a_length_beyond_an_int_is_held_to_one(void **state)
{
    static char byte;
    struct pier_address to = script_loopback(PIER_AF_INET, 9);
    struct pier_address from;

    (void)state;
    NEXT(send, .result = 1, .when = { ARGUMENT(3, INT_MAX) });
    CHECK_INT(pierp_send(SOME_FD, &byte, SIZE_MAX, 0), 1);
    NEXT(sendto, .result = 1, .when = { ARGUMENT(3, INT_MAX) });
    CHECK_INT(pierp_sendto(SOME_FD, &byte, SIZE_MAX, 0, &to), 1);
    NEXT(recv, .result = 1, .when = { ARGUMENT(3, INT_MAX) });
    CHECK_INT(pierp_recv(SOME_FD, &byte, (size_t)INT_MAX + 1, 0), 1);
    NEXT(recvfrom, .result = 1, .when = { ARGUMENT(3, INT_MAX) });
    CHECK_INT(pierp_recvfrom(SOME_FD, &byte, SIZE_MAX, 0, &from), 1);
}

/* SO_LINGER would take them for ticks of its clock. */
static void q62_a_linger_time_is_told_in_seconds(void **state)
{
    struct linger set;

    (void)state;
    NEXT(setsockopt, .result = 0,
         .when = { ARGUMENT(2, SOL_SOCKET), ARGUMENT(3, LINGER_SECONDS) });
    CHECK_OK(pierp_set_linger(SOME_FD, true, 3));
    memcpy(&set, script_call("setsockopt", 0)->kept, sizeof set);
    CHECK_INT(set.l_onoff, 1);
    CHECK_INT(set.l_linger, 3);
    CHECK_INT(CALLS_WITH(setsockopt, 3, SO_LINGER), 0);
}

/* What poll() says when asked for more than sends, and for these alone. */
static short revents_of_all;
static short revents_of_sends;

static void answer(struct script_call *call)
{
    struct pollfd *fds = (struct pollfd *)call->arguments[0];

    for (intptr_t i = 0; i < call->arguments[1]; i++) {
        if (fds[i].fd != SOME_FD)
            continue;
        fds[i].revents = revents_of_all;
        if (fds[i].events == POLLOUT)
            fds[i].revents = revents_of_sends;
        call->result += fds[i].revents != 0;
    }
}

static unsigned poll_for(unsigned events, short of_all, short of_sends)
{
    struct pierp_pollitem item = { SOME_FD, events, 9 };
    void *none = NULL;
    unsigned got = 77;

    CHECK_INT(script_begin(&none), 0);
    revents_of_all = of_all;
    revents_of_sends = of_sends;
    ALWAYS(poll, .act = answer);
    ALWAYS(getsockopt, .bytes = &(int){ SOCK_STREAM }, .length = sizeof(int),
           .when = { ARGUMENT(3, SO_TYPE) });
    ALWAYS(recv, .result = 0, .when = { ARGUMENT(1, SOME_FD) });
    CHECK_OK(pierp_poll(&item, 1, NULL, 0, -1, &got));
    CHECK_INT(got, item.revents ? PIERP_READY : 0);
    return item.revents;
}

/* Both as one would be taken for the end of the connection. */
static void q86_an_end_of_the_peer_alone_is_no_hang_up(void **state)
{
    const unsigned ways = PIERP_POLL_IN | PIERP_POLL_PRI | PIERP_POLL_OUT;
    const short ended = POLLIN | POLLPRI | POLLHUP;

    (void)state;
    CHECK_INT(poll_for(ways, ended, POLLOUT), PIERP_POLL_IN | PIERP_POLL_OUT);
    CHECK_INT(poll_for(ways, ended, 0), PIERP_POLL_IN);
    CHECK_INT(poll_for(PIERP_POLL_IN, ended, POLLOUT), PIERP_POLL_IN);
    CHECK_INT(poll_for(PIERP_POLL_RDHUP, ended, POLLOUT), PIERP_POLL_RDHUP);
    CHECK_INT(poll_for(PIERP_POLL_OUT, POLLOUT, POLLOUT), PIERP_POLL_OUT);
}

static void q86_an_end_of_both_hangs_up(void **state)
{
    (void)state;
    CHECK_INT(poll_for(PIERP_POLL_IN, POLLIN | POLLHUP, POLLHUP),
              PIERP_POLL_IN | PIERP_POLL_HUP);
    CHECK_INT(poll_for(PIERP_POLL_IN | PIERP_POLL_OUT,
                       POLLIN | POLLHUP | POLLERR, POLLHUP),
              PIERP_POLL_IN | PIERP_POLL_OUT | PIERP_POLL_HUP |
                  PIERP_POLL_ERR);
}

static void q86_a_signal_in_between_is_no_hang_up(void **state)
{
    struct pierp_pollitem item = { .handle = SOME_FD,
                                   .events = PIERP_POLL_IN | PIERP_POLL_OUT };
    unsigned got = 0;

    (void)state;
    revents_of_all = POLLIN | POLLPRI | POLLHUP;
    NEXT(poll, .act = answer);
    NEXT(poll, .result = -1, .error = EINTR);
    CHECK_OK(pierp_poll(&item, 1, NULL, 0, -1, &got));
    CHECK_INT(got, PIERP_READY);
    CHECK_INT(item.revents, PIERP_POLL_IN);
}

/* A terminal, or another device that only select() knows. */
static void q86_a_device_is_told_apart(void **state)
{
    (void)state;
    CHECK_INT(poll_for(PIERP_POLL_IN, POLLNVAL, POLLNVAL), PIERP_POLL_NVAL);
}

#define DONTFRAG 28 /* IP_DONTFRAG, as suites.cmake gives it */

static void plan_number(int level, int name, int result, int error)
{
    NEXT(setsockopt, .result = result, .error = error,
         .when = { ARGUMENT(2, level), ARGUMENT(3, name),
                   ARGUMENT(5, sizeof(int)) });
}

static int number_set(size_t index)
{
    int value;

    memcpy(&value, script_call("setsockopt", index)->kept, sizeof value);
    return value;
}

static void q79_a_switch_keeps_datagrams_whole(void **state)
{
    (void)state;
    plan_number(IPPROTO_IP, DONTFRAG, 0, 0);
    CHECK_OK(pierp_set_option(SOME_FD, AF_INET, PIERP_DONTFRAGMENT, 1));
    CHECK_INT(number_set(0), 1);
    plan_number(IPPROTO_IP, DONTFRAG, 0, 0);
    CHECK_OK(pierp_set_option(SOME_FD, AF_INET, PIERP_DONTFRAGMENT, 0));
    CHECK_INT(number_set(1), 0);
}

/* One option of IPv6 is for both there, and IPv4's is invalid. */
static void q79_a_socket_of_ipv6_refuses_the_options_of_ipv4(void **state)
{
    (void)state;
    plan_number(IPPROTO_IPV6, IPV6_DONTFRAG, 0, 0);
    plan_number(IPPROTO_IP, DONTFRAG, -1, EINVAL);
    CHECK_OK(pierp_set_option(SOME_FD, AF_INET6, PIERP_DONTFRAGMENT, 1));
    plan_number(IPPROTO_IPV6, IPV6_UNICAST_HOPS, 0, 0);
    plan_number(IPPROTO_IP, IP_TTL, -1, EINVAL);
    CHECK_OK(pierp_set_option(SOME_FD, AF_INET6, PIERP_HOP_LIMIT, 9));
    CHECK_INT(number_set(2), 9);
}

/* macOS 10 has no such option. */
static void q79_what_the_kernel_lacks_is_not_supported(void **state)
{
    int value = 77;

    (void)state;
    plan_number(IPPROTO_IP, DONTFRAG, -1, ENOPROTOOPT);
    CHECK_ERR(pierp_set_option(SOME_FD, AF_INET, PIERP_DONTFRAGMENT, 1),
              PIER_ENOTSUP);
    NEXT(getsockopt, .result = -1, .error = ENOPROTOOPT);
    CHECK_ERR(pierp_get_option(SOME_FD, AF_INET, PIERP_DONTFRAGMENT, &value),
              PIER_ENOTSUP);
    CHECK_ERR(pierp_get_option(SOME_FD, AF_INET, PIERP_PATH_MTU, &value),
              PIER_ENOTSUP);
    CHECK_INT(value, 77);
}

/* Any length is a 1, and clients have no option. */
static void q52_early_data_is_switched_on(void **state)
{
    (void)state;
    plan_number(IPPROTO_TCP, TCP_FASTOPEN, 0, 0);
    CHECK_OK(pierp_set_option(SOME_FD, AF_INET, PIERP_FASTOPEN_QUEUE, 128));
    CHECK_INT(number_set(0), 1);
    plan_number(IPPROTO_TCP, TCP_FASTOPEN, 0, 0);
    CHECK_OK(pierp_set_option(SOME_FD, AF_INET6, PIERP_FASTOPEN_QUEUE, 0));
    CHECK_INT(number_set(1), 0);
    CHECK_ERR(pierp_set_option(SOME_FD, AF_INET, PIERP_FASTOPEN_CONNECT, 1),
              PIER_ENOTSUP);
    CHECK_INT(CALLS(setsockopt), 2);
}

static void no_queue_of_errors_is_not_supported(void **state)
{
    (void)state;
    CHECK_ERR(pierp_set_option(SOME_FD, AF_INET, PIERP_RECVERR, 1),
              PIER_ENOTSUP);
    CHECK_CALLS("");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        OS_TEST(q53_every_new_socket_is_muted),
        OS_TEST(q53_an_adopted_socket_is_muted),
        OS_TEST(q53_an_accepted_socket_that_is_dead_is_aborted),
        OS_TEST(q53_a_muted_socket_is_sent_to_in_one_call),
        OS_TEST(q62_a_linger_time_is_told_in_seconds),
        OS_TEST(q56_a_length_beyond_an_int_is_held_to_one),
        OS_TEST(q86_an_end_of_the_peer_alone_is_no_hang_up),
        OS_TEST(q86_an_end_of_both_hangs_up),
        OS_TEST(q86_a_signal_in_between_is_no_hang_up),
        OS_TEST(q86_a_device_is_told_apart),
        OS_TEST(q79_a_switch_keeps_datagrams_whole),
        OS_TEST(q79_a_socket_of_ipv6_refuses_the_options_of_ipv4),
        OS_TEST(q79_what_the_kernel_lacks_is_not_supported),
        OS_TEST(q52_early_data_is_switched_on),
        OS_TEST(no_queue_of_errors_is_not_supported),
    };

    return cmocka_run_group_tests(tests, script_start, NULL);
}
