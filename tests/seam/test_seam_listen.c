/* SPDX-License-Identifier: MIT */
/* The side that accepts, and the end of connections. */
#include "loopback.h"

#include <limits.h>
#include <string.h>

static pier_handle connect_to(const struct pier_address *where)
{
    pier_handle h;

    CHECK_OK(pierp_open(&h, PIER_AF_INET, PIER_SOCK_STREAM, 0));
    CHECK_OK(end_connect(h, pierp_connect(h, where)));
    return h;
}

static void an_empty_queue_would_block(void **state)
{
    struct pier_address where, peer = { .length = 5 };
    pier_handle l = open_listener(&where);
    pier_handle h = NOT_A_HANDLE;

    (void)state;
    CHECK_ERR(pierp_accept(&h, l, &peer), PIER_EAGAIN);
    CHECK(h == NOT_A_HANDLE);
    CHECK_INT(peer.length, 5);
    CHECK_OK(pierp_close(l));
}

static void an_accepted_socket_is_as_a_new_one(void **state)
{
    pier_handle ends[2];
    bool inheritable = true;
    char byte;

    (void)state;
    open_connection(ends);
    CHECK_OK(pierp_get_inheritable(ends[1], &inheritable));
    CHECK(!inheritable);
    CHECK_ERR(pierp_recv(ends[1], &byte, 1, 0), PIER_EAGAIN);
    close_all(ends, 2);
}

static void a_blocking_listener_gives_sockets_that_do_not_block(void **state)
{
    struct pier_address where;
    pier_handle l = open_listener(&where);
    pier_handle ends[2];
    char byte;

    (void)state;
    ends[0] = connect_to(&where);
    CHECK_INT(wait_for(l, PIERP_READ), PIERP_READY);
    CHECK_OK(pierp_set_nonblocking(l, false));
    CHECK_OK(pierp_accept(&ends[1], l, NULL));
    CHECK_ERR(pierp_recv(ends[1], &byte, 1, 0), PIER_EAGAIN);
    close_all(ends, 2);
    CHECK_OK(pierp_close(l));
}

static void the_peer_of_an_accepted_socket_is_who_connected(void **state)
{
    struct pier_address where, peer, local;
    pier_handle l = open_listener(&where);
    pier_handle ends[2];

    (void)state;
    ends[0] = connect_to(&where);
    ends[1] = accept_soon(l, &peer);
    CHECK_OK(pierp_getsockname(ends[0], &local));
    CHECK_INT(peer.length, local.length);
    CHECK(memcmp(peer.storage.bytes, local.storage.bytes, peer.length) == 0);
    close_all(ends, 2);
    CHECK_OK(pierp_close(l));
}

static void any_backlog_is_good(void **state)
{
    static const int backlogs[] = { -1, INT_MIN, 0, 1, 100000, INT_MAX };

    (void)state;
    for (size_t i = 0; i < sizeof backlogs / sizeof *backlogs; i++) {
        struct pier_address where;
        pier_handle l = open_bound(PIER_AF_INET, PIER_SOCK_STREAM, &where);
        pier_handle ends[2];

        CHECK_OK(pierp_listen(l, backlogs[i]));
        ends[0] = connect_to(&where);
        ends[1] = accept_soon(l, NULL);
        close_all(ends, 2);
        CHECK_OK(pierp_close(l));
    }
}

static void a_negative_backlog_holds_many_connections(void **state)
{
    struct pier_address where;
    pier_handle l = open_bound(PIER_AF_INET, PIER_SOCK_STREAM, &where);
    pier_handle clients[100];

    (void)state;
    CHECK_OK(pierp_listen(l, -1));
    for (int i = 0; i < 100; i++)
        clients[i] = connect_to(&where);
    for (int i = 0; i < 100; i++)
        CHECK_OK(pierp_close(accept_soon(l, NULL)));
    close_all(clients, 100);
    CHECK_OK(pierp_close(l));
}

static void who_does_not_listen_accepts_nobody(void **state)
{
    struct pier_address where;
    pier_handle tcp = open_bound(PIER_AF_INET, PIER_SOCK_STREAM, &where);
    pier_handle udp = open_bound(PIER_AF_INET, PIER_SOCK_DGRAM, &where);
    pier_handle h = NOT_A_HANDLE;

    (void)state;
    CHECK_ERR(pierp_accept(&h, tcp, NULL), PIER_EINVAL);
    CHECK_ERR(pierp_accept(&h, udp, NULL), PIER_EOPNOTSUPP);
    CHECK(h == NOT_A_HANDLE);
    CHECK_ERR(pierp_listen(udp, 1), PIER_EOPNOTSUPP);
    CHECK_OK(pierp_close(tcp));
    CHECK_OK(pierp_close(udp));
}

static void a_connection_that_died_in_the_queue_spoils_no_other(void **state)
{
    struct pier_address where;
    pier_handle l = open_listener(&where);
    pier_handle h = NOT_A_HANDLE, ends[2];
    pier_err err;

    (void)state;
    CHECK_OK(pierp_close(connect_to(&where)));
    CHECK_INT(wait_for(l, PIERP_READ), PIERP_READY);
    err = pierp_accept(&h, l, NULL);
    CHECK(err == PIER_OK || err == PIER_ECONNABORTED);
    if (err == PIER_OK)
        CHECK_OK(pierp_close(h));
    ends[0] = connect_to(&where);
    ends[1] = accept_soon(l, NULL);
    close_all(ends, 2);
    CHECK_OK(pierp_close(l));
}

static void shutting_down_sends_ends_the_peers_stream(void **state)
{
    pier_handle ends[2];
    char byte;

    (void)state;
    open_connection(ends);
    CHECK_INT(pierp_send(ends[0], "x", 1, 0), 1);
    CHECK_OK(pierp_shutdown(ends[0], 1));
    CHECK_ERR(pierp_send(ends[0], "y", 1, 0), PIER_EPIPE);
    CHECK_INT(receive(ends[1], &byte, 1), 1);
    CHECK_INT(receive(ends[1], &byte, 1), 0);
    /* The other way is still open. */
    CHECK_INT(pierp_send(ends[1], "z", 1, 0), 1);
    CHECK_INT(receive(ends[0], &byte, 1), 1);
    CHECK_INT(byte, 'z');
    close_all(ends, 2);
}

static void shutting_down_both_ways_ends_sends_as_well(void **state)
{
    pier_handle ends[2];
    char byte;

    (void)state;
    open_connection(ends);
    CHECK_OK(pierp_shutdown(ends[0], 2));
    CHECK_ERR(pierp_send(ends[0], "y", 1, 0), PIER_EPIPE);
    CHECK_INT(receive(ends[1], &byte, 1), 0);
    close_all(ends, 2);
}

static void receiving_can_be_shut_down(void **state)
{
    pier_handle ends[2];

    (void)state;
    open_connection(ends);
    CHECK_OK(pierp_shutdown(ends[0], 0));
    CHECK_INT(pierp_send(ends[0], "x", 1, 0), 1);
    close_all(ends, 2);
}

static void what_is_not_connected_cannot_be_shut_down(void **state)
{
    pier_handle h;

    (void)state;
    CHECK_OK(pierp_open(&h, PIER_AF_INET, PIER_SOCK_STREAM, 0));
    CHECK_ERR(pierp_shutdown(h, 1), PIER_ENOTCONN);
    CHECK_OK(pierp_close(h));
}

static void there_are_three_ways_to_shut_down(void **state)
{
    pier_handle ends[2];

    (void)state;
    open_connection(ends);
    CHECK_ERR(pierp_shutdown(ends[0], 3), PIER_EINVAL);
    CHECK_ERR(pierp_shutdown(ends[0], -1), PIER_EINVAL);
    close_all(ends, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_queue_would_block),
        cmocka_unit_test(an_accepted_socket_is_as_a_new_one),
        cmocka_unit_test(a_blocking_listener_gives_sockets_that_do_not_block),
        cmocka_unit_test(the_peer_of_an_accepted_socket_is_who_connected),
        cmocka_unit_test(any_backlog_is_good),
        cmocka_unit_test(a_negative_backlog_holds_many_connections),
        cmocka_unit_test(who_does_not_listen_accepts_nobody),
        cmocka_unit_test(a_connection_that_died_in_the_queue_spoils_no_other),
        cmocka_unit_test(shutting_down_sends_ends_the_peers_stream),
        cmocka_unit_test(shutting_down_both_ways_ends_sends_as_well),
        cmocka_unit_test(receiving_can_be_shut_down),
        cmocka_unit_test(what_is_not_connected_cannot_be_shut_down),
        cmocka_unit_test(there_are_three_ways_to_shut_down),
    };

    return cmocka_run_group_tests(tests, start_seam, NULL);
}
