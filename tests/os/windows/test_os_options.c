/* SPDX-License-Identifier: MIT */
/* Options that each Windows has in its own form, or lacks. */
#include "scripted.h"

#include <pier/option.h>
#include <string.h>

#define SECONDS INT64_C(1000000000)
#define MS      INT64_C(1000000)

#ifndef TCP_KEEPIDLE
#define TCP_KEEPIDLE 3
#endif
#ifndef TCP_KEEPCNT
#define TCP_KEEPCNT 16
#endif
#ifndef TCP_KEEPINTVL
#define TCP_KEEPINTVL 17
#endif
#ifndef SIO_TCP_INFO
#define SIO_TCP_INFO 0xD8000027
#endif

/* ---------------------------------------------------------- keepalive --- */

static const int number = 1;

/* What this Windows has not, it has neither for setting nor for asking. */
static void lack(int option)
{
    ALWAYS(getsockopt, .result = SOCKET_ERROR, .error = WSAENOPROTOOPT,
           .when = { ARGUMENT(2, IPPROTO_TCP), ARGUMENT(3, option) });
    ALWAYS(setsockopt, .result = SOCKET_ERROR, .error = WSAENOPROTOOPT,
           .when = { ARGUMENT(2, IPPROTO_TCP), ARGUMENT(3, option) });
}

static void have(int option)
{
    ALWAYS(getsockopt, .bytes = &number, .length = sizeof number,
           .when = { ARGUMENT(2, IPPROTO_TCP), ARGUMENT(3, option) });
}

static void check_int_set(size_t index, int option, int value)
{
    const struct script_call *call = script_call("setsockopt", index);
    int kept;

    CHECK_INT(call->arguments[2], option);
    memcpy(&kept, call->kept, sizeof kept);
    CHECK_INT(kept, value);
}

static void q110_newer_windows_have_an_option_for_each_part(void **state)
{
    const struct pierp_keepalive k = { true, 7 * SECONDS + 1, SECONDS, 4 };

    (void)state;
    have(TCP_KEEPIDLE);
    have(TCP_KEEPINTVL);
    ALWAYS(setsockopt, .result = 0);
    CHECK_OK(pierp_set_keepalive(SOME_SOCKET, &k));
    CHECK_INT(CALLS(setsockopt), 4);
    check_int_set(0, TCP_KEEPCNT, 4);
    check_int_set(1, TCP_KEEPIDLE, 8);
    check_int_set(2, TCP_KEEPINTVL, 1);
    check_int_set(3, SO_KEEPALIVE, 1);
    CHECK_INT(CALLS(WSAIoctl), 0);
}

static void check_times(const struct pierp_keepalive *k, u_long idle_ms,
                        u_long interval_ms)
{
    struct tcp_keepalive asked;
    size_t before = CALLS(WSAIoctl);

    CHECK_OK(pierp_set_keepalive(SOME_SOCKET, k));
    CHECK_INT(CALLS(WSAIoctl), before + 1);
    CHECK_INT(script_call("WSAIoctl", before)->in_length, sizeof asked);
    memcpy(&asked, script_call("WSAIoctl", before)->kept, sizeof asked);
    CHECK_INT(asked.onoff, 1);
    CHECK_INT(asked.keepalivetime, idle_ms);
    CHECK_INT(asked.keepaliveinterval, interval_ms);
}

/* One code sets both times, and knows of none that stays: the default. */
static void q110_before_1709_one_code_sets_both_times(void **state)
{
    const struct pierp_keepalive both = { true, 7 * MS + 1, 2 * SECONDS, 4 };
    const struct pierp_keepalive idle = { true, SECONDS, 0, 0 };
    const struct pierp_keepalive interval = { true, 0, 3 * SECONDS, 0 };
    const struct pierp_keepalive long_ones = { true, INT64_MAX, MS, 0 };

    (void)state;
    lack(TCP_KEEPIDLE);
    lack(TCP_KEEPINTVL);
    have(TCP_KEEPCNT);
    ALWAYS(setsockopt, .result = 0);
    ALWAYS(WSAIoctl, .result = 0, .when = { ARGUMENT(2, SIO_KEEPALIVE_VALS) });
    check_times(&both, 8, 2000);
    check_int_set(0, TCP_KEEPCNT, 4);
    check_times(&idle, 1000, 1000);
    check_times(&interval, 7200000, 3000);
    check_times(&long_ones, INT_MAX, 1);
}

static void q110_a_half_that_is_there_does_not_help(void **state)
{
    const struct pierp_keepalive k = { true, SECONDS, SECONDS, 0 };

    (void)state;
    have(TCP_KEEPIDLE);
    lack(TCP_KEEPINTVL);
    ALWAYS(setsockopt, .result = 0);
    ALWAYS(WSAIoctl, .result = 0);
    check_times(&k, 1000, 1000);
    CHECK_INT(CALLS_WITH(setsockopt, 3, TCP_KEEPIDLE), 0);
}

static void q110_before_1703_ten_questions_are_asked(void **state)
{
    const struct pierp_keepalive three = { true, SECONDS, SECONDS, 3 };
    const struct pierp_keepalive ten = { true, SECONDS, SECONDS, 10 };

    (void)state;
    lack(TCP_KEEPIDLE);
    lack(TCP_KEEPINTVL);
    lack(TCP_KEEPCNT);
    CHECK_ERR(pierp_set_keepalive(SOME_SOCKET, &three), PIER_ENOTSUP);
    CHECK_INT(CALLS(WSAIoctl), 0);
    CHECK_INT(CALLS_WITH(setsockopt, 3, SO_KEEPALIVE), 0);
    ALWAYS(WSAIoctl, .result = 0);
    ALWAYS(setsockopt, .result = 0, .when = { ARGUMENT(3, SO_KEEPALIVE) });
    check_times(&ten, 1000, 1000);
}

static void q110_a_count_beyond_the_range_is_invalid(void **state)
{
    const struct pierp_keepalive k = { true, SECONDS, SECONDS, 1000 };

    (void)state;
    have(TCP_KEEPCNT);
    ALWAYS(setsockopt, .result = SOCKET_ERROR, .error = WSAEINVAL);
    CHECK_ERR(pierp_set_keepalive(SOME_SOCKET, &k), PIER_EINVAL);
    CHECK_INT(CALLS(setsockopt), 1);
}

static void q110_off_changes_nothing_else(void **state)
{
    const struct pierp_keepalive k = { false, SECONDS, SECONDS, 3 };

    (void)state;
    NEXT(setsockopt, .result = 0,
         .when = { ARGUMENT(2, SOL_SOCKET), ARGUMENT(3, SO_KEEPALIVE) });
    CHECK_OK(pierp_set_keepalive(SOME_SOCKET, &k));
    check_int_set(0, SO_KEEPALIVE, 0);
    CHECK_CALLS("setsockopt");
}

/* ------------------------------------------------------ options of IP --- */

static void plan_number(int level, int name, int error)
{
    NEXT(setsockopt, .result = error ? SOCKET_ERROR : 0, .error = error,
         .when = { ARGUMENT(2, level), ARGUMENT(3, name),
                   ARGUMENT(5, sizeof(DWORD)) });
}

static void q79_a_switch_for_each_family_keeps_datagrams_whole(void **state)
{
    (void)state;
    plan_number(IPPROTO_IP, 14, 0);
    CHECK_OK(pierp_set_option(SOME_SOCKET, AF_INET, PIERP_DONTFRAGMENT, 1));
    check_int_set(0, 14, 1);
    plan_number(IPPROTO_IPV6, 14, 0);
    plan_number(IPPROTO_IP, 14, 0);
    CHECK_OK(pierp_set_option(SOME_SOCKET, AF_INET6, PIERP_DONTFRAGMENT, 0));
    check_int_set(1, 14, 0);
    check_int_set(2, 14, 0);
}

static void q79_a_socket_of_ipv6_alone_refuses_what_is_ipv4s(void **state)
{
    (void)state;
    plan_number(IPPROTO_IPV6, IPV6_UNICAST_HOPS, 0);
    plan_number(IPPROTO_IP, IP_TTL, WSAEINVAL);
    CHECK_OK(pierp_set_option(SOME_SOCKET, AF_INET6, PIERP_HOP_LIMIT, 9));
    plan_number(IPPROTO_IPV6, IPV6_UNICAST_HOPS, WSAEINVAL);
    CHECK_ERR(pierp_set_option(SOME_SOCKET, AF_INET6, PIERP_HOP_LIMIT, 9),
              PIER_EINVAL);
    CHECK_INT(CALLS(setsockopt), 3);
}

static void q79_the_mtu_of_a_path_has_two_numbers(void **state)
{
    const DWORD mtu = 1400;
    int value = 77;

    (void)state;
    NEXT(getsockopt, .bytes = &mtu, .length = sizeof mtu,
         .when = { ARGUMENT(2, IPPROTO_IP), ARGUMENT(3, 73) });
    CHECK_OK(pierp_get_option(SOME_SOCKET, AF_INET, PIERP_PATH_MTU, &value));
    CHECK_INT(value, 1400);
    NEXT(getsockopt, .bytes = &mtu, .length = sizeof mtu,
         .when = { ARGUMENT(2, IPPROTO_IPV6), ARGUMENT(3, 72) });
    CHECK_OK(pierp_get_option(SOME_SOCKET, AF_INET6, PIERP_PATH_MTU, &value));
    NEXT(getsockopt, .result = SOCKET_ERROR, .error = WSAENOPROTOOPT);
    value = 77;
    CHECK_ERR(pierp_get_option(SOME_SOCKET, AF_INET, PIERP_PATH_MTU, &value),
              PIER_ENOTSUP);
    CHECK_INT(value, 77);
}

static void q52_early_data_is_switched_on_since_windows_10_1607(void **state)
{
    (void)state;
    plan_number(IPPROTO_TCP, 15, 0);
    CHECK_OK(
        pierp_set_option(SOME_SOCKET, AF_INET, PIERP_FASTOPEN_QUEUE, 128));
    check_int_set(0, 15, 1);
    plan_number(IPPROTO_TCP, 15, WSAENOPROTOOPT);
    CHECK_ERR(pierp_set_option(SOME_SOCKET, AF_INET6, PIERP_FASTOPEN_QUEUE, 1),
              PIER_ENOTSUP);
    CHECK_INT(pierp_native_error(), WSAENOPROTOOPT);
}

/* It would take the option, and send nothing early all the same. */
static void q52_a_client_is_promised_nothing(void **state)
{
    (void)state;
    CHECK_ERR(
        pierp_set_option(SOME_SOCKET, AF_INET, PIERP_FASTOPEN_CONNECT, 1),
        PIER_ENOTSUP);
    CHECK_CALLS("");
}

static void q111_a_byte_of_an_option_of_ip_is_widened(void **state)
{
    const unsigned char on = 1;
    int value = 77;

    (void)state;
    NEXT(getsockopt, .bytes = &on, .length = sizeof on);
    CHECK_OK(
        pierp_get_option(SOME_SOCKET, AF_INET, PIERP_DONTFRAGMENT, &value));
    CHECK_INT(value, 1);
}

static void a_queue_of_errors_that_nobody_documents_is_left(void **state)
{
    struct pier_net_error e = { .code = 77 };

    (void)state;
    CHECK_ERR(pierp_set_option(SOME_SOCKET, AF_INET, PIERP_RECVERR, 1),
              PIER_ENOTSUP);
    CHECK_ERR(pierp_recv_error(SOME_SOCKET, &e), PIER_ENOTSUP);
    CHECK_INT(e.code, 77);
    CHECK_CALLS("");
}

/* ----------------------------------------------------------- TCP_INFO --- */

/* TCP_INFO_v0, written down once more. */
struct info {
    ULONG state, mss;
    ULONG64 connection_time_ms;
    ULONG timestamps, rtt_us, min_rtt_us, in_flight;
    ULONG congestion_window, send_window, receive_window, receive_buffer;
    ULONG64 bytes_out, bytes_in;
    ULONG reordered, retransmitted, fast, duplicate, timeouts, syn;
};

_Static_assert(sizeof(struct info) == 88, "as Windows has it");

static const struct info told = {
    .state = 4,
    .mss = 1460,
    .rtt_us = 250,
    .min_rtt_us = 100,
    .congestion_window = 14600,
    .send_window = 64240,
    .receive_window = 65535,
    .bytes_out = UINT64_C(0x100000007),
    .bytes_in = 5,
    .retransmitted = 3,
};

static DWORD answered;

static void say_how_much(struct script_call *call)
{
    (void)call;
    *(DWORD *)call->arguments[6] = answered;
}

static pier_err ask(struct pier_tcp_info *out, const struct info *answer,
                    DWORD length)
{
    memset(out, 0, sizeof *out);
    out->rtt_ns = 77;
    answered = length;
    NEXT(WSAIoctl, .bytes = answer, .length = length, .act = say_how_much,
         .when = { ARGUMENT(2, SIO_TCP_INFO) });
    return pierp_tcp_info(SOME_SOCKET, out);
}

static void what_windows_tells_of_tcp_is_passed_on(void **state)
{
    struct pier_tcp_info out;
    DWORD version;

    (void)state;
    CHECK_OK(ask(&out, &told, sizeof told));
    memcpy(&version, script_call("WSAIoctl", 0)->kept, sizeof version);
    CHECK_INT(version, 0);
    CHECK_INT(out.rtt_ns, 250000);
    CHECK_INT(out.min_rtt_ns, 100000);
    CHECK_INT(out.bytes_sent, INT64_C(0x100000007));
    CHECK_INT(out.bytes_received, 5);
    CHECK_INT(out.bytes_retransmitted, 3);
    CHECK_INT(out.send_mss, 1460);
    CHECK_INT(out.congestion_window_bytes, 14600);
    CHECK_INT(out.send_window_bytes, 64240);
    CHECK_INT(out.receive_window_bytes, 65535);
    CHECK_INT(out.state, PIER_TCP_STATE_ESTABLISHED);
    CHECK(out.known & PIERP_TCP_STATE);
    CHECK(out.known & PIERP_TCP_MIN_RTT);
    CHECK_INT(out.known & PIERP_TCP_RTT_VARIANCE, 0);
}

/* As before the first acknowledgement. */
static void what_was_not_measured_is_not_told(void **state)
{
    struct info early = told;
    struct pier_tcp_info out;

    (void)state;
    early.min_rtt_us = MAXDWORD;
    CHECK_OK(ask(&out, &early, sizeof early));
    CHECK_INT(out.min_rtt_ns, 0);
    CHECK_INT(out.known & PIERP_TCP_MIN_RTT, 0);
    CHECK(out.known & PIERP_TCP_RTT);
}

static void a_state_that_nobody_knows_is_not_told(void **state)
{
    struct info odd = told;
    struct pier_tcp_info out;

    (void)state;
    odd.state = 11;
    CHECK_OK(ask(&out, &odd, sizeof odd));
    CHECK_INT(out.known & PIERP_TCP_STATE, 0);
    CHECK(out.known & PIERP_TCP_RTT);
}

static void a_short_answer_is_none(void **state)
{
    static const DWORD lengths[] = { 0, 4, 40, sizeof told - 1 };
    struct pier_tcp_info out;

    (void)state;
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        CHECK_ERR(ask(&out, &told, lengths[i]), PIER_ENOTSUP);
        CHECK_INT(out.rtt_ns, 77);
        CHECK_INT(out.known, 0);
    }
}

static pier_err ask_refused(int error)
{
    struct pier_tcp_info out = { .rtt_ns = 77 };
    pier_err err;

    NEXT(WSAIoctl, .result = SOCKET_ERROR, .error = error);
    err = pierp_tcp_info(SOME_SOCKET, &out);
    CHECK_INT(out.rtt_ns, 77);
    CHECK_INT(pierp_native_error(), error);
    return err;
}

static void a_windows_before_1703_tells_nothing_of_tcp(void **state)
{
    (void)state;
    CHECK_ERR(ask_refused(WSAEOPNOTSUPP), PIER_ENOTSUP);
    CHECK_ERR(ask_refused(WSAEINVAL), PIER_ENOTSUP);
    CHECK_ERR(ask_refused(WSAENOPROTOOPT), PIER_ENOTSUP);
    CHECK_ERR(ask_refused(WSAENOTSOCK), PIER_ENOTSOCK);
    CHECK_ERR(ask_refused(WSAENOTCONN), PIER_ENOTCONN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        OS_TEST(q110_newer_windows_have_an_option_for_each_part),
        OS_TEST(q110_before_1709_one_code_sets_both_times),
        OS_TEST(q110_a_half_that_is_there_does_not_help),
        OS_TEST(q110_before_1703_ten_questions_are_asked),
        OS_TEST(q110_a_count_beyond_the_range_is_invalid),
        OS_TEST(q110_off_changes_nothing_else),
        OS_TEST(q79_a_switch_for_each_family_keeps_datagrams_whole),
        OS_TEST(q79_a_socket_of_ipv6_alone_refuses_what_is_ipv4s),
        OS_TEST(q79_the_mtu_of_a_path_has_two_numbers),
        OS_TEST(q52_early_data_is_switched_on_since_windows_10_1607),
        OS_TEST(q52_a_client_is_promised_nothing),
        OS_TEST(q111_a_byte_of_an_option_of_ip_is_widened),
        OS_TEST(a_queue_of_errors_that_nobody_documents_is_left),
        OS_TEST(what_windows_tells_of_tcp_is_passed_on),
        OS_TEST(what_was_not_measured_is_not_told),
        OS_TEST(a_state_that_nobody_knows_is_not_told),
        OS_TEST(a_short_answer_is_none),
        OS_TEST(a_windows_before_1703_tells_nothing_of_tcp),
    };

    return cmocka_run_group_tests(tests, script_start, NULL);
}
