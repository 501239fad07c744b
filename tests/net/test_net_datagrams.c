/* SPDX-License-Identifier: MIT */
#include "net.h"

#include <string.h>

static void check_exchange(int family)
{
    struct pier_socket *ends[2];
    struct pier_address to;
    struct pier_address from;
    struct pier_address sender;
    char buffer[16];

    open_datagrams(family, ends);
    to = name_of(ends[1]);
    sender = name_of(ends[0]);
    CHECK_INT(pier_sendto(ends[0], "hello", 5, 0, &to), 5);
    CHECK_INT(pier_recvfrom(ends[1], buffer, sizeof(buffer), 0, &from), 5);
    CHECK(memcmp(buffer, "hello", 5) == 0);
    CHECK(pier_address_equal(&from, &sender));
    CHECK_INT(pier_sendto(ends[1], "back", 4, 0, &from), 4);
    CHECK_INT(pier_recvfrom(ends[0], buffer, sizeof(buffer), 0, NULL), 4);
}

static void a_datagram_tells_its_sender(void **state)
{
    (void)state;
    check_exchange(PIER_AF_INET);
}

static void a_datagram_tells_its_sender_over_ipv6(void **state)
{
    (void)state;
    if (!has_ipv6())
        skip_because("no IPv6 loopback");
    check_exchange(PIER_AF_INET6);
}

static void a_longer_datagram_is_cut_silently(void **state)
{
    struct pier_socket *ends[2];
    struct pier_address to;
    struct pier_address from;
    struct pier_address sender;
    char buffer[8];

    (void)state;
    open_datagrams(PIER_AF_INET, ends);
    to = name_of(ends[1]);
    sender = name_of(ends[0]);
    for (int i = 0; i < 3; i++)
        CHECK_INT(pier_sendto(ends[0], "0123456789", 10, 0, &to), 10);
    CHECK_INT(pier_sendto(ends[0], "next", 4, 0, &to), 4);
    CHECK_INT(pier_recvfrom(ends[1], buffer, 4, 0, &from), 4);
    CHECK(memcmp(buffer, "0123", 4) == 0);
    CHECK(pier_address_equal(&from, &sender));
    CHECK_INT(pier_recv(ends[1], buffer, 3, 0), 3);
    CHECK_INT(pier_recv(ends[1], buffer, 2, PIER_MSG_PEEK), 2);
    CHECK_INT(pier_recv(ends[1], buffer, 1, 0), 1);
    CHECK_INT(pier_recv(ends[1], buffer, 8, 0), 4);
    CHECK(memcmp(buffer, "next", 4) == 0);
}

static void an_empty_datagram_arrives(void **state)
{
    struct pier_socket *ends[2];
    struct pier_address to;
    struct pier_address from = { 0 };
    char byte;

    (void)state;
    open_datagrams(PIER_AF_INET, ends);
    to = name_of(ends[1]);
    CHECK_INT(pier_sendto(ends[0], NULL, 0, 0, &to), 0);
    CHECK_INT(pier_sendto(ends[0], "", 0, 0, &to), 0);
    CHECK_INT(pier_sendto(ends[0], "x", 1, 0, &to), 1);
    CHECK_INT(pier_recvfrom(ends[1], &byte, 1, 0, &from), 0);
    CHECK_INT(pier_address_family(&from), PIER_AF_INET);
    CHECK_INT(pier_recv(ends[1], &byte, 1, 0), 0);
    CHECK_INT(pier_recv(ends[1], &byte, 1, 0), 1);
}

static void room_for_nothing_takes_a_datagram(void **state)
{
    struct pier_socket *ends[2];
    struct pier_address to;
    char byte;

    (void)state;
    open_datagrams(PIER_AF_INET, ends);
    to = name_of(ends[1]);
    CHECK_INT(pier_sendto(ends[0], "gone", 4, 0, &to), 4);
    CHECK_INT(pier_sendto(ends[0], "b", 1, 0, &to), 1);
    CHECK_INT(pier_recv(ends[1], &byte, 0, 0), 0);
    CHECK_INT(pier_recv(ends[1], &byte, 1, 0), 1);
    CHECK_INT(byte, 'b');
}

static void a_connected_socket_hears_its_peer_only(void **state)
{
    struct pier_socket *ends[2];
    struct pier_socket *stranger = open_bound(PIER_AF_INET, PIER_SOCK_DGRAM);
    struct pier_address a;
    struct pier_address b;
    struct pier_address peer;
    char buffer[8];

    (void)state;
    open_datagrams(PIER_AF_INET, ends);
    a = name_of(ends[0]);
    b = name_of(ends[1]);
    CHECK_OK(pier_connect(ends[0], &b));
    CHECK_OK(pier_getpeername(ends[0], &peer));
    CHECK(pier_address_equal(&peer, &b));
    CHECK_INT(pier_sendto(stranger, "no", 2, 0, &a), 2);
    CHECK_INT(pier_sendto(ends[1], "yes", 3, 0, &a), 3);
    CHECK_INT(pier_recv(ends[0], buffer, sizeof(buffer), 0), 3);
    CHECK_INT(pier_send(ends[0], "out", 3, 0), 3);
    CHECK_INT(pier_recv(ends[1], buffer, sizeof(buffer), 0), 3);
}

static void a_closed_port_does_not_disturb_a_receiver(void **state)
{
    struct pier_socket *ends[2];
    struct pier_address nobody = closed_port();
    struct pier_address to;
    char byte;

    (void)state;
    open_datagrams(PIER_AF_INET, ends);
    to = name_of(ends[0]);
    for (int i = 0; i < 5; i++)
        CHECK_INT(pier_sendto(ends[0], "x", 1, 0, &nobody), 1);
    CHECK_INT(pier_sendto(ends[1], "y", 1, 0, &to), 1);
    CHECK_INT(pier_recv(ends[0], &byte, 1, 0), 1);
    CHECK_INT(byte, 'y');
    CHECK_OK(pier_settimeout(ends[0], 50 * MS));
    CHECK_INT(pier_sendto(ends[0], "x", 1, 0, &nobody), 1);
    CHECK_ERR(pier_recv(ends[0], &byte, 1, 0), PIER_EDEADLINE);
}

static void a_datagram_needs_an_address(void **state)
{
    struct pier_socket *s = open_bound(PIER_AF_INET, PIER_SOCK_DGRAM);

    (void)state;
    CHECK_ERR(pier_send(s, "x", 1, 0), PIER_EDESTADDRREQ);
    CHECK_ERR(pier_sendto(s, "x", 1, 0, NULL), PIER_EDESTADDRREQ);
}

static void a_datagram_can_be_too_long(void **state)
{
    static char data[70000];
    struct pier_socket *ends[2];
    struct pier_address to;

    (void)state;
    open_datagrams(PIER_AF_INET, ends);
    to = name_of(ends[1]);
    CHECK_ERR(pier_sendto(ends[0], data, sizeof(data), 0, &to), PIER_EMSGSIZE);
    CHECK_ERR(pier_sendall(ends[0], data, 1, 0, NULL), PIER_EDESTADDRREQ);
}

static void datagrams_have_no_listeners(void **state)
{
    struct pier_socket *s = open_bound(PIER_AF_INET, PIER_SOCK_DGRAM);
    struct pier_socket *other;

    (void)state;
    CHECK_ERR(pier_listen(s, 1), PIER_EOPNOTSUPP);
    CHECK(pier_accept(&other, s, NULL) < 0);
    CHECK(other == NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        NET_TEST(a_datagram_tells_its_sender),
        NET_TEST(a_datagram_tells_its_sender_over_ipv6),
        NET_TEST(a_longer_datagram_is_cut_silently),
        NET_TEST(an_empty_datagram_arrives),
        NET_TEST(room_for_nothing_takes_a_datagram),
        NET_TEST(a_connected_socket_hears_its_peer_only),
        NET_TEST(a_closed_port_does_not_disturb_a_receiver),
        NET_TEST(a_datagram_needs_an_address),
        NET_TEST(a_datagram_can_be_too_long),
        NET_TEST(datagrams_have_no_listeners),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
