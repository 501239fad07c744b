/* SPDX-License-Identifier: MIT */
/* Paths of a network of the test's own: how long a packet may be, and what a
 * connection sends before there is one. */
#include "net.h"
#include "network.h"

#include <string.h>

#define PATH_MTU 1500

static bool has_network;

static void need_network(void)
{
    if (!has_network)
        skip_because("no network of its own for this user");
}

/* Two sockets of which the first has the second as its peer. */
static void open_path(int family, struct pier_socket *ends[2])
{
    struct pier_address to;

    ends[0] = open_bound(family, PIER_SOCK_DGRAM);
    ends[1] = open_bound(family, PIER_SOCK_DGRAM);
    to = name_of(ends[1]);
    CHECK_OK(pier_connect(ends[0], &to));
    CHECK_OK(pier_settimeout(ends[1], SOON));
}

static void check_path(int family)
{
    static char packet[PATH_MTU];
    struct pier_net_error e = { .size = sizeof(e) };
    struct pier_socket *ends[2];
    unsigned mtu = 0;

    open_path(family, ends);
    if (pier_get_path_mtu(ends[0], &mtu) == PIER_ENOTSUP)
        skip_because("this system tells no MTU of a path");
    CHECK_INT(mtu, PATH_MTU);
    CHECK_OK(pier_set_dontfragment(ends[0], false));
    CHECK_INT(pier_send(ends[0], packet, sizeof(packet), 0), PATH_MTU);
    CHECK_INT(pier_recv(ends[1], packet, sizeof(packet), 0), PATH_MTU);
    CHECK_OK(pier_set_recverr(ends[0], true));
    CHECK_OK(pier_set_dontfragment(ends[0], true));
    CHECK_ERR(pier_send(ends[0], packet, sizeof(packet), 0), PIER_EMSGSIZE);
    CHECK_OK(pier_recv_error(ends[0], &e));
    CHECK_ERR(e.code, PIER_EMSGSIZE);
    CHECK_INT(e.origin, PIER_ORIGIN_LOCAL);
    CHECK_INT(e.info, PATH_MTU);
    CHECK(e.icmp_type == -1 && e.icmp_code == -1);
    CHECK_INT(e.offender.length, 0);
    CHECK_INT(pier_send(ends[0], packet, PATH_MTU - 60, 0), PATH_MTU - 60);
}

static void what_must_stay_whole_is_not_longer_than_the_path(void **state)
{
    (void)state;
    need_network();
    check_path(PIER_AF_INET);
    check_path(PIER_AF_INET6);
}

/* The option of both families on a socket that has a peer of IPv4. */
static void ipv6_keeps_packets_to_ipv4_whole(void **state)
{
    static char packet[PATH_MTU];
    struct pier_socket *s, *peer;
    struct pier_address to;

    (void)state;
    need_network();
    s = open_socket(PIER_AF_INET6, PIER_SOCK_DGRAM);
    peer = open_bound(PIER_AF_INET, PIER_SOCK_DGRAM);
    to = name_of(peer);
    CHECK_OK(
        pier_setsockopt_int(s, PIER_IPPROTO_IPV6, PIER_IPV6_V6ONLY, false));
    CHECK_OK(pier_address_inet6(&to, "::ffff:127.0.0.1",
                                pier_address_port(&to), 0, 0));
    CHECK_OK(pier_set_dontfragment(s, true));
    CHECK_ERR(pier_sendto(s, packet, sizeof(packet), 0, &to), PIER_EMSGSIZE);
    CHECK_OK(pier_set_dontfragment(s, false));
    CHECK_INT(pier_sendto(s, packet, sizeof(packet), 0, &to), PATH_MTU);
}

/* The byte of Linux's TCP_INFO that says what was agreed on, and the bit in
 * it: the first packet had data, and they were taken. */
static bool sent_early(struct pier_socket *s)
{
    unsigned char info[64] = { 0 };
    size_t length = sizeof(info);

    CHECK_OK(
        pier_getsockopt(s, PIER_IPPROTO_TCP, PIER_TCP_INFO, info, &length));
    if (length <= sizeof(int))
        skip_because("this system does not tell of a connection");
    return info[5] & 32;
}

static bool exchange_early(struct pier_socket *l)
{
    struct pier_socket *s = open_socket(PIER_AF_INET, PIER_SOCK_STREAM), *peer;
    struct pier_address to = name_of(l);
    bool was_early;

    CHECK_OK(pier_set_fastopen_connect(s, true));
    CHECK_OK(pier_settimeout(s, SOON));
    CHECK_OK(pier_connect(s, &to));
    CHECK_OK(pier_sendall(s, "early", 5, 0, NULL));
    peer = accept_one(l);
    check_arrives(peer, "early");
    CHECK_OK(pier_sendall(peer, "too", 3, 0, NULL));
    check_arrives(s, "too");
    was_early = sent_early(s);
    let_go(s);
    let_go(peer);
    return was_early;
}

/* The first connection learns that the server takes it. */
static void the_second_connection_sends_data_at_once(void **state)
{
    struct pier_socket *l = open_listener(PIER_AF_INET, 4);

    (void)state;
    need_network();
    if (pier_set_fastopen_queue(l, 4) == PIER_ENOTSUP || !allow_fastopen())
        skip_because("this system has no Fast Open");
    CHECK(!exchange_early(l));
    CHECK(exchange_early(l));
}

static int enter(void **state)
{
    (void)state;
    has_network = enter_own_network() && set_loopback_mtu(PATH_MTU);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        NET_TEST(what_must_stay_whole_is_not_longer_than_the_path),
        NET_TEST(ipv6_keeps_packets_to_ipv4_whole),
        NET_TEST(the_second_connection_sends_data_at_once),
    };

    return cmocka_run_group_tests(tests, enter, NULL);
}
