/* SPDX-License-Identifier: MIT */
#include "loopback.h"

#include <string.h>

static pier_handle open_client(int family)
{
    pier_handle h;

    CHECK_OK(pierp_open(&h, family, PIER_SOCK_STREAM, 0));
    return h;
}

static void a_connection_is_made_over_both_families(void **state)
{
    static const int families[] = { PIER_AF_INET, PIER_AF_INET6 };

    (void)state;
    for (int i = 0; i < 2; i++) {
        struct pier_address where;
        pier_handle l = open_bound(families[i], PIER_SOCK_STREAM, &where);
        pier_handle ends[2];

        CHECK_OK(pierp_listen(l, 1));
        ends[0] = open_client(families[i]);
        CHECK_OK(end_connect(ends[0], pierp_connect(ends[0], &where)));
        ends[1] = accept_soon(l, NULL);
        close_all(ends, 2);
        CHECK_OK(pierp_close(l));
    }
}

static void the_result_of_a_made_connection_stays_good(void **state)
{
    pier_handle ends[2];

    (void)state;
    open_connection(ends);
    CHECK_OK(pierp_connect_result(ends[0]));
    CHECK_OK(pierp_connect_result(ends[0]));
    CHECK_OK(pierp_connect_result(ends[1]));
    close_all(ends, 2);
}

static void a_closed_port_refuses(void **state)
{
    struct pier_address where = closed_port();
    pier_handle h = open_client(PIER_AF_INET);

    (void)state;
    CHECK_ERR(end_connect(h, pierp_connect(h, &where)), PIER_ECONNREFUSED);
    CHECK(pierp_native_error() != 0);
    CHECK_OK(pierp_close(h));
}

static void a_refusal_ends_the_wait_long_before_its_time(void **state)
{
    struct pier_address where = closed_port();
    pier_handle h = open_client(PIER_AF_INET);
    int64_t begin = pierp_clock();

    (void)state;
    if (pierp_connect(h, &where) == PIER_EINPROGRESS)
        CHECK_INT(wait_for(h, PIERP_CONNECT), PIERP_READY);
    /* Windows sends its SYN three times, half a second apart (Q44). */
    CHECK(pierp_clock() - begin < 4 * SECONDS);
    CHECK_OK(pierp_close(h));
}

/*
 * The first of many clients of a listener that accepts nobody whose connect
 * stays under way; its place in handles, or the count when all were answered.
 */
static size_t find_waiting(pier_handle *handles, size_t count,
                           const struct pier_address *where)
{
    struct pierp_wake *own;

    CHECK_OK(pierp_thread_wake(&own));
    for (size_t i = 0; i < count; i++) {
        unsigned got = 0;

        handles[i] = open_client(PIER_AF_INET);
        if (pierp_connect(handles[i], where) != PIER_EINPROGRESS)
            continue;
        CHECK_OK(
            pierp_wait(handles[i], PIERP_CONNECT, &own, 1, 100 * MS, &got));
        if (got == 0)
            return i;
    }
    return count;
}

static void a_connect_under_way_has_no_result_yet(void **state)
{
    struct pier_address where;
    pier_handle l = open_bound(PIER_AF_INET, PIER_SOCK_STREAM, &where);
    pier_handle clients[16];
    size_t waiting;

    (void)state;
    CHECK_OK(pierp_listen(l, 1));
    waiting = find_waiting(clients, 16, &where);
    /* A full queue makes some systems silent, and others refuse. */
    if (waiting < 16) {
        CHECK_ERR(pierp_connect_result(clients[waiting]), PIER_EINPROGRESS);
        CHECK_ERR(pierp_connect_result(clients[waiting]), PIER_EINPROGRESS);
        close_all(clients, waiting + 1);
    } else {
        CHECK_ERR(pierp_connect_result(clients[15]), PIER_ECONNREFUSED);
        close_all(clients, 16);
    }
    CHECK_OK(pierp_close(l));
}

static void check_unspecified(int family)
{
    struct pierp_endpoint e = { .family = family };
    struct pier_address where, a, before;
    pier_handle l = open_bound(family, PIER_SOCK_STREAM, &where);
    pier_handle ends[2];

    CHECK_OK(pierp_listen(l, 1));
    e.port = port_of(&where);
    CHECK_OK(pierp_address_pack(&a, &e));
    before = a;
    ends[0] = open_client(family);
    CHECK_OK(end_connect(ends[0], pierp_connect(ends[0], &a)));
    CHECK_INT(a.length, before.length);
    CHECK(memcmp(a.storage.bytes, before.storage.bytes, a.length) == 0);
    ends[1] = accept_soon(l, NULL);
    CHECK_OK(pierp_getpeername(ends[0], &a));
    CHECK_INT(a.length, where.length);
    CHECK(memcmp(a.storage.bytes, where.storage.bytes, a.length) == 0);
    close_all(ends, 2);
    CHECK_OK(pierp_close(l));
}

static void the_unspecified_address_means_loopback(void **state)
{
    (void)state;
    check_unspecified(PIER_AF_INET);
    check_unspecified(PIER_AF_INET6);
}

static void who_is_connected_cannot_connect_again(void **state)
{
    struct pier_address where;
    pier_handle ends[2];

    (void)state;
    open_connection(ends);
    CHECK_OK(pierp_getpeername(ends[1], &where));
    CHECK_ERR(pierp_connect(ends[1], &where), PIER_EISCONN);
    close_all(ends, 2);
}

static void a_connected_datagram_socket_sends_without_address(void **state)
{
    struct pier_address where;
    pier_handle ends[2];
    char text[8] = "";

    (void)state;
    ends[1] = open_bound(PIER_AF_INET, PIER_SOCK_DGRAM, &where);
    CHECK_OK(pierp_open(&ends[0], PIER_AF_INET, PIER_SOCK_DGRAM, 0));
    CHECK_OK(pierp_connect(ends[0], &where));
    CHECK_OK(pierp_connect_result(ends[0]));
    CHECK_INT(pierp_send(ends[0], "hello", 5, 0), 5);
    CHECK_INT(receive(ends[1], text, sizeof text), 5);
    CHECK(memcmp(text, "hello", 5) == 0);
    close_all(ends, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_connection_is_made_over_both_families),
        cmocka_unit_test(the_result_of_a_made_connection_stays_good),
        cmocka_unit_test(a_closed_port_refuses),
        cmocka_unit_test(a_refusal_ends_the_wait_long_before_its_time),
        cmocka_unit_test(a_connect_under_way_has_no_result_yet),
        cmocka_unit_test(the_unspecified_address_means_loopback),
        cmocka_unit_test(who_is_connected_cannot_connect_again),
        cmocka_unit_test(a_connected_datagram_socket_sends_without_address),
    };

    return cmocka_run_group_tests(tests, start_seam, NULL);
}
