/* SPDX-License-Identifier: MIT */
/* The addresses of sockets: bound, unbound, of a peer, taken. */
#include "loopback.h"

#include <string.h>

static struct pierp_endpoint local_of(pier_handle h)
{
    struct pier_address a;
    struct pierp_endpoint e;

    CHECK_OK(pierp_getsockname(h, &a));
    CHECK_OK(pierp_address_unpack(&e, &a));
    return e;
}

static void an_unbound_socket_has_the_wildcard(void **state)
{
    static const int families[] = { PIER_AF_INET, PIER_AF_INET6 };
    static const unsigned char none[16];

    (void)state;
    for (int i = 0; i < 4; i++) {
        int type = i % 2 ? PIER_SOCK_DGRAM : PIER_SOCK_STREAM;
        struct pierp_endpoint e;
        pier_handle h;

        CHECK_OK(pierp_open(&h, families[i / 2], type, 0));
        e = local_of(h);
        CHECK_INT(e.family, families[i / 2]);
        CHECK_INT(e.port, 0);
        CHECK(memcmp(e.ip, none, e.family == PIER_AF_INET ? 4 : 16) == 0);
        CHECK_OK(pierp_close(h));
    }
}

static void a_bound_socket_has_its_address(void **state)
{
    static const int families[] = { PIER_AF_INET, PIER_AF_INET6 };

    (void)state;
    for (int i = 0; i < 2; i++) {
        struct pier_address where, same;
        pier_handle h = open_bound(families[i], PIER_SOCK_DGRAM, &where);

        CHECK(port_of(&where) != 0);
        same = loopback(families[i], port_of(&where));
        CHECK_INT(where.length, same.length);
        CHECK(memcmp(where.storage.bytes, same.storage.bytes, same.length) ==
              0);
        CHECK_OK(pierp_close(h));
    }
}

static void both_ends_of_a_connection_name_each_other(void **state)
{
    struct pier_address local, remote;
    pier_handle ends[2];

    (void)state;
    open_connection(ends);
    for (int i = 0; i < 2; i++) {
        CHECK_OK(pierp_getsockname(ends[i], &local));
        CHECK_OK(pierp_getpeername(ends[1 - i], &remote));
        CHECK(port_of(&local) != 0);
        CHECK_INT(port_of(&remote), port_of(&local));
        CHECK_INT(remote.length, local.length);
    }
    close_all(ends, 2);
}

static void who_has_no_peer_is_not_connected(void **state)
{
    struct pier_address peer = { .length = 5 };
    pier_handle h;

    (void)state;
    CHECK_OK(pierp_open(&h, PIER_AF_INET, PIER_SOCK_STREAM, 0));
    CHECK_ERR(pierp_getpeername(h, &peer), PIER_ENOTCONN);
    CHECK_INT(peer.length, 5);
    CHECK_OK(pierp_close(h));
}

static void an_address_of_another_machine_is_not_available(void **state)
{
    struct pierp_endpoint e = { .family = PIER_AF_INET,
                                .ip = { 192, 0, 2, 1 } };
    struct pier_address a;
    pier_handle h;

    (void)state;
    CHECK_OK(pierp_address_pack(&a, &e));
    CHECK_OK(pierp_open(&h, PIER_AF_INET, PIER_SOCK_STREAM, 0));
    CHECK_ERR(pierp_bind(h, &a), PIER_EADDRNOTAVAIL);
    CHECK_OK(pierp_close(h));
}

static void a_socket_is_bound_only_once(void **state)
{
    struct pier_address where;
    pier_handle h = open_bound(PIER_AF_INET, PIER_SOCK_STREAM, &where);
    struct pier_address other = loopback(PIER_AF_INET, ANY_PORT);

    (void)state;
    CHECK_ERR(pierp_bind(h, &other), PIER_EINVAL);
    CHECK_OK(pierp_close(h));
}

static void a_datagram_port_belongs_to_one_socket(void **state)
{
    struct pier_address where;
    pier_handle first = open_bound(PIER_AF_INET, PIER_SOCK_DGRAM, &where);
    pier_handle second;

    (void)state;
    CHECK_OK(pierp_open(&second, PIER_AF_INET, PIER_SOCK_DGRAM, 0));
    CHECK_ERR(pierp_bind_server(second, &where), PIER_EADDRINUSE);
    CHECK_OK(pierp_close(second));
    CHECK_OK(pierp_close(first));
}

static void a_server_cannot_be_robbed_of_its_port(void **state)
{
    struct pier_address where;
    pier_handle first = open_listener(&where);
    pier_handle second;

    (void)state;
    CHECK_OK(pierp_open(&second, PIER_AF_INET, PIER_SOCK_STREAM, 0));
    CHECK_ERR(pierp_bind_server(second, &where), PIER_EADDRINUSE);
    CHECK_OK(pierp_close(second));
    CHECK_OK(pierp_open(&second, PIER_AF_INET, PIER_SOCK_STREAM, 0));
    CHECK_ERR(pierp_bind(second, &where), PIER_EADDRINUSE);
    CHECK_OK(pierp_close(second));
    CHECK_OK(pierp_close(first));
}

static void a_server_can_start_again_at_once(void **state)
{
    struct pier_address where;
    pier_handle listener = open_listener(&where);
    pier_handle client, served;
    char byte;

    (void)state;
    CHECK_OK(pierp_open(&client, PIER_AF_INET, PIER_SOCK_STREAM, 0));
    CHECK_OK(end_connect(client, pierp_connect(client, &where)));
    served = accept_soon(listener, NULL);
    /* Who closes first keeps the port, in TIME_WAIT. */
    CHECK_OK(pierp_close(served));
    CHECK_INT(receive(client, &byte, 1), 0);
    CHECK_OK(pierp_close(client));
    CHECK_OK(pierp_close(listener));

    CHECK_OK(pierp_open(&listener, PIER_AF_INET, PIER_SOCK_STREAM, 0));
    CHECK_OK(pierp_bind_server(listener, &where));
    CHECK_OK(pierp_listen(listener, 1));
    CHECK_OK(pierp_close(listener));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_unbound_socket_has_the_wildcard),
        cmocka_unit_test(a_bound_socket_has_its_address),
        cmocka_unit_test(both_ends_of_a_connection_name_each_other),
        cmocka_unit_test(who_has_no_peer_is_not_connected),
        cmocka_unit_test(an_address_of_another_machine_is_not_available),
        cmocka_unit_test(a_socket_is_bound_only_once),
        cmocka_unit_test(a_datagram_port_belongs_to_one_socket),
        cmocka_unit_test(a_server_cannot_be_robbed_of_its_port),
        cmocka_unit_test(a_server_can_start_again_at_once),
    };

    return cmocka_run_group_tests(tests, start_seam, NULL);
}
