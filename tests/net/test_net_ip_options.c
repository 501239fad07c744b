/* SPDX-License-Identifier: MIT */
/* Options of IP and TCP on real sockets, and what this machine reports of
 * datagrams that nobody took. */
#include "net.h"
#include "system.h"

#include <string.h>

#define HAS_LINUX    EXPECTED_LINUX_OPTIONS
#define HAS_PATH_MTU (HAS_LINUX || (IS_WINDOWS && EXPECTED_PATH_MTU))
#define HAS_FASTOPEN (HAS_LINUX || (IS_WINDOWS && EXPECTED_FASTOPEN))

/* Options that only the kernel of Linux has are asked for at run time too: an
 * emulator of it may lack them. */
static void need(pier_err err, bool is_expected, const char *what)
{
    if (err == PIER_ENOTSUP && HAS_LINUX)
        skip_because(what);
    CHECK_INT(err, is_expected ? PIER_OK : PIER_ENOTSUP);
}

static void check_hop_limit(int family, int type)
{
    struct pier_socket *s = open_socket(family, type);
    int hops = 0;

    CHECK_OK(pier_get_hop_limit(s, &hops));
    CHECK(hops >= 1 && hops <= 255);
    CHECK_OK(pier_set_hop_limit(s, 1));
    CHECK_OK(pier_set_hop_limit(s, 255));
    CHECK_ERR(pier_set_hop_limit(s, 256), PIER_EINVAL);
    CHECK_OK(pier_get_hop_limit(s, &hops));
    CHECK_INT(hops, 255);
}

static void a_hop_limit_is_kept(void **state)
{
    (void)state;
    check_hop_limit(PIER_AF_INET, PIER_SOCK_DGRAM);
    check_hop_limit(PIER_AF_INET, PIER_SOCK_STREAM);
    if (!has_ipv6())
        skip_because("no IPv6 loopback");
    check_hop_limit(PIER_AF_INET6, PIER_SOCK_DGRAM);
    check_hop_limit(PIER_AF_INET6, PIER_SOCK_STREAM);
}

/* Where the system keeps them apart. */
static void a_socket_of_both_families_has_one_hop_limit(void **state)
{
    struct pier_socket *s;
    int hops = 0;

    (void)state;
    if (!has_ipv6())
        skip_because("no IPv6 loopback");
    s = open_socket(PIER_AF_INET6, PIER_SOCK_DGRAM);
    CHECK_OK(
        pier_setsockopt_int(s, PIER_IPPROTO_IPV6, PIER_IPV6_V6ONLY, false));
    CHECK_OK(pier_set_hop_limit(s, 77));
    CHECK_OK(pier_getsockopt_int(s, PIER_IPPROTO_IP, PIER_IP_TTL, &hops));
    CHECK_INT(hops, 77);
}

static void check_class(int family, int type, int given, int kept)
{
    struct pier_socket *s = open_socket(family, type);
    int bits = -1;

    CHECK_OK(pier_set_traffic_class(s, given));
    CHECK_OK(pier_get_traffic_class(s, &bits));
    CHECK_INT(bits, kept);
}

static void a_traffic_class_is_kept(void **state)
{
    (void)state;
    check_class(PIER_AF_INET, PIER_SOCK_DGRAM, 0xb9, 0xb9);
    check_class(PIER_AF_INET, PIER_SOCK_STREAM, 0xb8, 0xb8);
    if (!has_ipv6())
        skip_because("no IPv6 loopback");
    if (has_option(PIER_AF_INET6, PIER_IPPROTO_IPV6, PIER_IPV6_TCLASS)) {
        check_class(PIER_AF_INET6, PIER_SOCK_DGRAM, 0xb9, 0xb9);
    } else {
        CHECK_ERR(pier_set_traffic_class(
                      open_socket(PIER_AF_INET6, PIER_SOCK_DGRAM), 0xb9),
                  PIER_ENOTSUP);
    }
}

static void check_dontfragment(int family)
{
    struct pier_socket *s = open_socket(family, PIER_SOCK_DGRAM);
    bool on = false;

    CHECK_OK(pier_set_dontfragment(s, true));
    CHECK_OK(pier_get_dontfragment(s, &on));
    CHECK(on);
    CHECK_OK(pier_set_dontfragment(s, false));
    CHECK_OK(pier_get_dontfragment(s, &on));
    CHECK(!on);
}

static void check_no_dontfragment(int family)
{
    struct pier_socket *s = open_socket(family, PIER_SOCK_DGRAM);
    bool on = true;

    CHECK_ERR(pier_set_dontfragment(s, true), PIER_ENOTSUP);
    CHECK_ERR(pier_get_dontfragment(s, &on), PIER_ENOTSUP);
    CHECK(on);
}

static void fragmenting_is_forbidden_and_allowed(void **state)
{
    (void)state;
    if (EXPECTED_DONTFRAGMENT) {
        check_dontfragment(PIER_AF_INET);
    } else {
        check_no_dontfragment(PIER_AF_INET);
    }
    if (!has_ipv6())
        skip_because("no IPv6 loopback");
    check_dontfragment(PIER_AF_INET6);
}

static void the_mtu_of_a_path_is_told_to_those_who_have_a_peer(void **state)
{
    struct pier_socket *s = open_socket(PIER_AF_INET, PIER_SOCK_DGRAM);
    struct pier_address to =
        name_of(open_bound(PIER_AF_INET, PIER_SOCK_DGRAM));
    unsigned bytes = 77;
    pier_err err = pier_get_path_mtu(s, &bytes);

    (void)state;
    CHECK(err == PIER_ENOTCONN || err == PIER_ENOTSUP);
    CHECK_INT(bytes, 77);
    CHECK_OK(pier_connect(s, &to));
    need(pier_get_path_mtu(s, &bytes), HAS_PATH_MTU,
         "this system tells no MTU of a path");
    CHECK(HAS_PATH_MTU ? bytes >= 1280 : bytes == 77);
}

static void a_listener_takes_early_data_or_the_system_does_not(void **state)
{
    struct pier_socket *l = open_listener(PIER_AF_INET, 1);
    int length = 0;

    (void)state;
    need(pier_set_fastopen_queue(l, 7), HAS_FASTOPEN,
         "this system has no Fast Open");
    if (!HAS_LINUX)
        return;
    CHECK_OK(
        pier_getsockopt_int(l, PIER_IPPROTO_TCP, PIER_TCP_FASTOPEN, &length));
    CHECK_INT(length, 7);
    CHECK_OK(pier_set_fastopen_queue(l, 0));
    CHECK_OK(
        pier_getsockopt_int(l, PIER_IPPROTO_TCP, PIER_TCP_FASTOPEN, &length));
    CHECK_INT(length, 0);
}

/* An administrator may have switched it off: that data goes early is shown
 * where the network is the test's own (test_net_path). */
static void a_client_asks_for_early_data_if_the_system_has_it(void **state)
{
    struct pier_socket *s = open_socket(PIER_AF_INET, PIER_SOCK_STREAM);
    struct pier_address to = name_of(open_listener(PIER_AF_INET, 1));

    (void)state;
    need(pier_set_fastopen_connect(s, true), HAS_LINUX,
         "this system has no Fast Open");
    CHECK_OK(pier_settimeout(s, SOON));
    CHECK_OK(pier_connect(s, &to));
    CHECK_OK(pier_sendall(s, "early", 5, 0, NULL));
    if (HAS_LINUX)
        CHECK_ERR(pier_set_fastopen_connect(s, true), PIER_EINVAL);
}

/* ------------------------------------------------- the queue of errors --- */

static struct pier_socket *open_hearing(int family)
{
    struct pier_socket *s = open_socket(family, PIER_SOCK_DGRAM);

    if (family == PIER_AF_INET6) {
        CHECK_OK(pier_setsockopt_int(s, PIER_IPPROTO_IPV6, PIER_IPV6_V6ONLY,
                                     false));
    }
    need(pier_set_recverr(s, true), HAS_LINUX, "this system keeps no errors");
    return s;
}

static void wait_for_error(struct pier_socket *s)
{
    unsigned found = 0;

    CHECK_OK(pier_wait_for(s, PIER_POLLIN, SOON, &found));
    CHECK(found & PIER_POLLERR);
}

static bool is_same(const struct pier_address *a, const struct pier_address *b)
{
    return pier_address_equal(a, b);
}

/* Sends to a closed port, and takes the report. */
static void hear_of(struct pier_socket *s, const struct pier_address *to,
                    struct pier_net_error *e)
{
    CHECK_ERR(pier_recv_error(s, e), PIER_EAGAIN);
    CHECK_INT(pier_sendto(s, "x", 1, 0, to), 1);
    wait_for_error(s);
    CHECK_OK(pier_recv_error(s, e));
    CHECK_ERR(e->code, PIER_ECONNREFUSED);
    CHECK(is_same(&e->destination, to));
}

static void a_closed_port_is_reported_to_who_asked(void **state)
{
    struct pier_net_error e = { .size = sizeof(e) };
    struct pier_address to = closed_port(), who = loopback(PIER_AF_INET, 0);
    struct pier_socket *s = open_hearing(PIER_AF_INET);

    (void)state;
    if (!HAS_LINUX) {
        CHECK_ERR(pier_recv_error(s, &e), PIER_ENOTSUP);
        return;
    }
    hear_of(s, &to, &e);
    CHECK_INT(e.size, sizeof(e));
    CHECK_INT(e.origin, PIER_ORIGIN_ICMP);
    CHECK_INT(e.icmp_type, 3);
    CHECK_INT(e.icmp_code, 3);
    CHECK(e.native_code > 0);
    CHECK(is_same(&e.offender, &who));
    CHECK_ERR(pier_recv_error(s, &e), PIER_EAGAIN);
    CHECK_ERR(e.code, PIER_ECONNREFUSED);
}

static void a_closed_port_of_ipv6_is_reported(void **state)
{
    struct pier_net_error e = { .size = sizeof(e) };
    struct pier_address to = closed_port(), who;
    struct pier_socket *s;

    (void)state;
    if (!has_ipv6())
        skip_because("no IPv6 loopback");
    s = open_hearing(PIER_AF_INET6);
    if (!HAS_LINUX)
        return;
    to = loopback(PIER_AF_INET6, pier_address_port(&to));
    who = loopback(PIER_AF_INET6, 0);
    hear_of(s, &to, &e);
    CHECK_INT(e.origin, PIER_ORIGIN_ICMP6);
    CHECK_INT(e.icmp_type, 1);
    CHECK_INT(e.icmp_code, 4);
    CHECK(is_same(&e.offender, &who));
}

static void a_closed_port_of_ipv4_is_reported_to_ipv6(void **state)
{
    struct pier_net_error e = { .size = sizeof(e) };
    struct pier_address to = closed_port();
    struct pier_socket *s;

    (void)state;
    if (!has_ipv6())
        skip_because("no IPv6 loopback");
    s = open_hearing(PIER_AF_INET6);
    if (!HAS_LINUX)
        return;
    CHECK_OK(pier_address_inet6(&to, "::ffff:127.0.0.1",
                                pier_address_port(&to), 0, 0));
    hear_of(s, &to, &e);
    CHECK_INT(e.origin, PIER_ORIGIN_ICMP);
    CHECK_INT(e.icmp_type, 3);
}

static void who_did_not_ask_hears_nothing(void **state)
{
    struct pier_socket *s = open_hearing(PIER_AF_INET);
    struct pier_net_error e = { .size = sizeof(e) };
    struct pier_address to = closed_port();
    struct pier_address self;
    char byte;

    (void)state;
    if (!HAS_LINUX)
        return;
    CHECK_OK(pier_set_recverr(s, false));
    CHECK_INT(pier_sendto(s, "x", 1, 0, &to), 1);
    self = name_of(s);
    self = loopback(PIER_AF_INET, pier_address_port(&self));
    CHECK_INT(pier_sendto(s, "y", 1, 0, &self), 1);
    CHECK_OK(pier_settimeout(s, SOON));
    CHECK_INT(pier_recv(s, &byte, 1, 0), 1);
    CHECK_ERR(pier_recv_error(s, &e), PIER_EAGAIN);
}

/* ------------------------------------------------------------- numbers --- */

static void buffers_of_vsock_have_64_bits(void **state)
{
    enum {
        BUFFER_SIZE = 0
    };
    struct pier_socket *s;
    int64_t wide = 0;
    int narrow = 0;
    pier_err err = pier_open(&s, PIER_AF_VSOCK, PIER_SOCK_STREAM, 0);

    (void)state;
    if (err)
        skip_because("this system has no AF_VSOCK");
    keep(s);
    err = pier_setsockopt_int(s, PIER_AF_VSOCK, BUFFER_SIZE, 100000);
    if (err == PIER_ENOPROTOOPT)
        skip_because("this system passes on no option of AF_VSOCK");
    CHECK_OK(err);
    CHECK_OK(pier_getsockopt_int64(s, PIER_AF_VSOCK, BUFFER_SIZE, &wide));
    CHECK_INT(wide, 100000);
    CHECK_OK(pier_getsockopt_int(s, PIER_SOL_SOCKET, PIER_SO_TYPE, &narrow));
    CHECK_INT(narrow, PIER_SOCK_STREAM);
}

static void bad_lengths_never_reach_the_system(void **state)
{
    struct pier_socket *s = open_socket(PIER_AF_INET, PIER_SOCK_STREAM);
    size_t none = 0, much = (size_t)INT32_MAX + 1;
    int on = 1;

    (void)state;
    CHECK_ERR(
        pier_setsockopt(s, PIER_SOL_SOCKET, PIER_SO_KEEPALIVE, &on, much),
        PIER_EINVAL);
    CHECK_ERR(
        pier_getsockopt(s, PIER_SOL_SOCKET, PIER_SO_KEEPALIVE, &on, &much),
        PIER_EINVAL);
    CHECK_ERR(
        pier_getsockopt(s, PIER_SOL_SOCKET, PIER_SO_KEEPALIVE, &on, &none),
        PIER_EINVAL);
    CHECK_INT(on, 1);
    /* No memory to read from, but a length. */
    CHECK(pier_setsockopt(s, PIER_SOL_SOCKET, PIER_SO_KEEPALIVE, NULL, 4) < 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        NET_TEST(a_hop_limit_is_kept),
        NET_TEST(a_socket_of_both_families_has_one_hop_limit),
        NET_TEST(a_traffic_class_is_kept),
        NET_TEST(fragmenting_is_forbidden_and_allowed),
        NET_TEST(the_mtu_of_a_path_is_told_to_those_who_have_a_peer),
        NET_TEST(a_listener_takes_early_data_or_the_system_does_not),
        NET_TEST(a_client_asks_for_early_data_if_the_system_has_it),
        NET_TEST(a_closed_port_is_reported_to_who_asked),
        NET_TEST(a_closed_port_of_ipv6_is_reported),
        NET_TEST(a_closed_port_of_ipv4_is_reported_to_ipv6),
        NET_TEST(who_did_not_ask_hears_nothing),
        NET_TEST(buffers_of_vsock_have_64_bits),
        NET_TEST(bad_lengths_never_reach_the_system),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
