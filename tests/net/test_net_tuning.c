/* SPDX-License-Identifier: MIT */
/* Options whose form differs between systems, control codes, and what a
 * connection tells. */
#include "net.h"
#include "system.h"

#include <string.h>

static int get_int(struct pier_socket *s, int level, int name)
{
    int value = -77;

    CHECK_OK(pier_getsockopt_int(s, level, name, &value));
    return value;
}

static void no_delay_is_kept(void **state)
{
    struct pier_socket *s = open_socket(PIER_AF_INET, PIER_SOCK_STREAM);

    (void)state;
    CHECK_OK(pier_set_nodelay(s, true));
    CHECK(get_int(s, PIER_IPPROTO_TCP, PIER_TCP_NODELAY) != 0);
    CHECK_OK(pier_set_nodelay(s, false));
    CHECK_INT(get_int(s, PIER_IPPROTO_TCP, PIER_TCP_NODELAY), 0);
}

static void quick_acknowledgement_is_set_or_not_supported(void **state)
{
    struct pier_socket *s = open_socket(PIER_AF_INET, PIER_SOCK_STREAM);
    pier_err err = pier_set_quickack(s, false);

    (void)state;
    if (!PIER_HAVE_TCP_QUICKACK) {
        CHECK_ERR(err, PIER_ENOTSUP);
        return;
    }
    CHECK_OK(err);
    CHECK_INT(get_int(s, PIER_IPPROTO_TCP, PIER_TCP_QUICKACK), 0);
    CHECK_OK(pier_set_quickack(s, true));
    CHECK_INT(get_int(s, PIER_IPPROTO_TCP, PIER_TCP_QUICKACK), 1);
}

static void a_kept_alive_connection_asks_when_told(void **state)
{
    struct pier_socket *s = open_socket(PIER_AF_INET, PIER_SOCK_STREAM);
    /* Windows before 10 1703 has 10 and no other. */
    const int count = 10;

    (void)state;
    CHECK_OK(pier_set_keepalive(s, true, 61 * SECOND - 1, 500 * MS, count));
    CHECK(get_int(s, PIER_SOL_SOCKET, PIER_SO_KEEPALIVE) != 0);
    if (EXPECTED_KEEPALIVE_OPTIONS) {
        const int idle =
            PIER_HAVE_TCP_KEEPIDLE ? PIER_TCP_KEEPIDLE : PIER_TCP_KEEPALIVE;

        CHECK_INT(get_int(s, PIER_IPPROTO_TCP, idle), 61);
        CHECK_INT(get_int(s, PIER_IPPROTO_TCP, PIER_TCP_KEEPINTVL), 1);
        CHECK_INT(get_int(s, PIER_IPPROTO_TCP, PIER_TCP_KEEPCNT), count);
        /* 0 leaves what is there. */
        CHECK_OK(pier_set_keepalive(s, true, 0, 7 * SECOND, 0));
        CHECK_INT(get_int(s, PIER_IPPROTO_TCP, idle), 61);
        CHECK_INT(get_int(s, PIER_IPPROTO_TCP, PIER_TCP_KEEPINTVL), 7);
        CHECK_INT(get_int(s, PIER_IPPROTO_TCP, PIER_TCP_KEEPCNT), count);
    }
    CHECK_OK(pier_set_keepalive(s, false, 0, 0, 0));
    CHECK_INT(get_int(s, PIER_SOL_SOCKET, PIER_SO_KEEPALIVE), 0);
}

static void another_count_is_set_or_not_supported(void **state)
{
    struct pier_socket *s = open_socket(PIER_AF_INET, PIER_SOCK_STREAM);
    pier_err err = pier_set_keepalive(s, true, 0, 0, 5);

    (void)state;
    if (EXPECTED_KEEPALIVE_OPTIONS) {
        CHECK_OK(err);
        CHECK_INT(get_int(s, PIER_IPPROTO_TCP, PIER_TCP_KEEPCNT), 5);
    } else {
        CHECK_ERR(err, PIER_ENOTSUP);
        CHECK_INT(get_int(s, PIER_SOL_SOCKET, PIER_SO_KEEPALIVE), 0);
    }
}

static void keepalive_beyond_its_range_is_refused(void **state)
{
    struct pier_socket *s = open_socket(PIER_AF_INET, PIER_SOCK_STREAM);

    (void)state;
    CHECK_ERR(pier_set_keepalive(s, true, -1, 0, 0), PIER_EINVAL);
    CHECK_ERR(pier_set_keepalive(s, true, 0, -1, 0), PIER_EINVAL);
    CHECK_ERR(pier_set_keepalive(s, true, 0, 0, -1), PIER_EINVAL);
    CHECK_INT(get_int(s, PIER_SOL_SOCKET, PIER_SO_KEEPALIVE), 0);
}

/* l_onoff and l_linger, which are 16 bits each on Windows. */
static void check_linger(struct pier_socket *s, int on, int seconds)
{
    unsigned char value[8] = { 0 };
    size_t length = sizeof(value);
    uint16_t narrow[2];
    int wide[2];

    CHECK_OK(
        pier_getsockopt(s, PIER_SOL_SOCKET, PIER_SO_LINGER, value, &length));
    if (length == sizeof(narrow)) {
        memcpy(narrow, value, sizeof(narrow));
        wide[0] = narrow[0];
        wide[1] = narrow[1];
    } else {
        CHECK_INT(length, sizeof(wide));
        memcpy(wide, value, sizeof(wide));
    }
    CHECK_INT(wide[0] != 0, on);
    if (on)
        CHECK_INT(wide[1], seconds);
}

static void a_linger_time_is_rounded_up_to_seconds(void **state)
{
    struct pier_socket *s = open_socket(PIER_AF_INET, PIER_SOCK_STREAM);

    (void)state;
    CHECK_OK(pier_set_linger(s, true, 2 * SECOND + 1));
    check_linger(s, 1, 3);
    CHECK_OK(pier_set_linger(s, true, 3 * SECOND));
    check_linger(s, 1, 3);
    CHECK_OK(pier_set_linger(s, true, 0));
    check_linger(s, 1, 0);
    CHECK_OK(pier_set_linger(s, true, 65535 * SECOND));
    check_linger(s, 1, 65535);
    CHECK_ERR(pier_set_linger(s, true, 65535 * SECOND + 1), PIER_EINVAL);
    CHECK_ERR(pier_set_linger(s, true, PIER_FOREVER), PIER_EINVAL);
    check_linger(s, 1, 65535);
    CHECK_OK(pier_set_linger(s, false, PIER_FOREVER));
    check_linger(s, 0, 0);
}

static void a_listener_finds_a_name(void **state)
{
    struct pier_socket *l = open_socket(PIER_AF_INET, PIER_SOCK_STREAM);
    struct pier_socket *s = open_socket(PIER_AF_INET, PIER_SOCK_STREAM);
    struct pier_address to;

    (void)state;
    CHECK_OK(pier_listen(l, 1));
    to = name_of(l);
    CHECK(pier_address_port(&to) != 0);
    to = loopback(PIER_AF_INET, pier_address_port(&to));
    CHECK_OK(pier_connect(s, &to));
    (void)accept_one(l);
}

static void what_has_no_peer_is_not_shut_down(void **state)
{
    struct pier_socket *l = open_listener(PIER_AF_INET, 1);
    struct pier_socket *u = open_socket(PIER_AF_INET, PIER_SOCK_DGRAM);
    struct pier_socket *s = open_socket(PIER_AF_INET, PIER_SOCK_STREAM);
    struct pier_address to = name_of(l);

    (void)state;
    for (int how = PIER_SHUT_RD; how <= PIER_SHUT_RDWR; how++) {
        CHECK_ERR(pier_shutdown(l, how), PIER_ENOTCONN);
        CHECK_ERR(pier_shutdown(s, how), PIER_ENOTCONN);
        CHECK_ERR(pier_shutdown(u, how), PIER_ENOTCONN);
    }
    CHECK_OK(pier_connect(s, &to));
    (void)accept_one(l);
    for (int again = 0; again < 2; again++) {
        for (int how = PIER_SHUT_RD; how <= PIER_SHUT_RDWR; how++)
            CHECK_OK(pier_shutdown(s, how));
    }
}

static void a_control_code_is_passed_on(void **state)
{
    struct pier_socket *ends[2];
    int waiting = -1;
    size_t length = sizeof(waiting);

    (void)state;
    open_streams(PIER_AF_INET, ends);
    CHECK_INT(pier_send(ends[1], "four", 4, 0), 4);
    CHECK_OK(pier_wait_for(ends[0], PIER_POLLIN, SOON, NULL));
    CHECK_OK(pier_ioctl(ends[0], code_of_bytes_waiting, NULL, 0, &waiting,
                        &length));
    CHECK_INT(waiting, 4);
    CHECK_INT(length, sizeof(waiting));
}

static void an_unknown_control_code_is_none(void **state)
{
    struct pier_socket *s = open_socket(PIER_AF_INET, PIER_SOCK_STREAM);
    unsigned char room[8];
    size_t length = sizeof(room);

    (void)state;
    CHECK_ERR(pier_ioctl(s, 0x40084b1d, NULL, 0, room, &length), PIER_ENOTTY);
    CHECK_INT(length, sizeof(room));
    CHECK_ERR(pier_ioctl(s, 0x40084b1d, NULL, 4, NULL, NULL), PIER_EINVAL);
    CHECK_ERR(pier_ioctl(s, 0x40084b1d, NULL, 0, room, NULL), PIER_EINVAL);
    CHECK_ERR(pier_ioctl(NULL, code_of_bytes_waiting, NULL, 0, NULL, NULL),
              PIER_EINVAL);
}

static void exchange(struct pier_socket *ends[2])
{
    CHECK_OK(pier_sendall(ends[0], "twelve bytes", 12, 0, NULL));
    check_arrives(ends[1], "twelve bytes");
    CHECK_OK(pier_sendall(ends[1], "five!", 5, 0, NULL));
    check_arrives(ends[0], "five!");
}

/* An emulator may take Linux's option for one that is an int. */
static void check_is_told(struct pier_socket *s)
{
    struct pier_tcp_info info = { .size = sizeof(info) };
    unsigned char room[256];
    size_t length = sizeof(room);

    if (!PIER_HAVE_TCP_INFO)
        return;
    CHECK_OK(
        pier_getsockopt(s, PIER_IPPROTO_TCP, PIER_TCP_INFO, room, &length));
    if (length > sizeof(int))
        return;
    CHECK_ERR(pier_tcp_info(s, &info), PIER_ENOTSUP);
    CHECK_INT(info.known, 0);
    skip_because("this system does not tell of a connection");
}

static void a_connection_tells_of_itself(void **state)
{
    struct pier_tcp_info info = { .size = sizeof(info) };
    struct pier_socket *ends[2];

    (void)state;
    open_streams(PIER_AF_INET, ends);
    exchange(ends);
    if (!EXPECTED_TCP_INFO) {
        CHECK_ERR(pier_tcp_info(ends[0], &info), PIER_ENOTSUP);
        CHECK_INT(info.known, 0);
        return;
    }
    check_is_told(ends[0]);
    CHECK_OK(pier_tcp_info(ends[0], &info));
    CHECK_INT(info.size, sizeof(info));
    CHECK(info.known & 1);
    CHECK(info.rtt_ns > 0 && info.rtt_ns < SECOND);
    CHECK(info.known >> 12 & 1);
    CHECK_INT(info.state, PIER_TCP_STATE_ESTABLISHED);
    if (info.known >> 3 & 1)
        CHECK_INT(info.bytes_sent, 12);
    if (info.known >> 4 & 1)
        CHECK_INT(info.bytes_received, 5);
    if (info.known >> 6 & 1)
        CHECK(info.segments_sent >= 2);
    CHECK(info.send_mss > 0);
    CHECK(info.congestion_window_bytes >= info.send_mss);
}

static void the_state_of_a_connection_is_told(void **state)
{
    struct pier_tcp_info info = { .size = sizeof(info) };
    struct pier_socket *ends[2];
    struct pier_socket *l = open_listener(PIER_AF_INET, 1);
    char byte;

    (void)state;
    if (!EXPECTED_TCP_INFO) {
        CHECK_ERR(pier_tcp_info(l, &info), PIER_ENOTSUP);
        return;
    }
    check_is_told(l);
    CHECK_OK(pier_tcp_info(l, &info));
    CHECK_INT(info.state, PIER_TCP_STATE_LISTEN);
    open_streams(PIER_AF_INET, ends);
    CHECK_OK(pier_shutdown(ends[0], PIER_SHUT_WR));
    CHECK_INT(pier_recv(ends[1], &byte, 1, 0), 0);
    CHECK_OK(pier_tcp_info(ends[0], &info));
    /* Whether the peer's acknowledgement is there yet. */
    CHECK(info.state == PIER_TCP_STATE_FIN_WAIT_1 ||
          info.state == PIER_TCP_STATE_FIN_WAIT_2);
    CHECK_OK(pier_tcp_info(ends[1], &info));
    CHECK_INT(info.state, PIER_TCP_STATE_CLOSE_WAIT);
}

static void what_is_none_of_tcp_has_no_such_state(void **state)
{
    struct pier_tcp_info info = { .size = sizeof(info) };

    (void)state;
    CHECK_ERR(pier_tcp_info(open_socket(PIER_AF_INET, PIER_SOCK_DGRAM), &info),
              PIER_ENOTSUP);
    if (has_unix()) {
        CHECK_ERR(
            pier_tcp_info(open_socket(PIER_AF_UNIX, PIER_SOCK_STREAM), &info),
            PIER_ENOTSUP);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        NET_TEST(no_delay_is_kept),
        NET_TEST(quick_acknowledgement_is_set_or_not_supported),
        NET_TEST(a_kept_alive_connection_asks_when_told),
        NET_TEST(another_count_is_set_or_not_supported),
        NET_TEST(keepalive_beyond_its_range_is_refused),
        NET_TEST(a_linger_time_is_rounded_up_to_seconds),
        NET_TEST(a_listener_finds_a_name),
        NET_TEST(what_has_no_peer_is_not_shut_down),
        NET_TEST(a_control_code_is_passed_on),
        NET_TEST(an_unknown_control_code_is_none),
        NET_TEST(a_connection_tells_of_itself),
        NET_TEST(the_state_of_a_connection_is_told),
        NET_TEST(what_is_none_of_tcp_has_no_such_state),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
