/* SPDX-License-Identifier: MIT */
/* Handles: opened, adopted, doubled, closed, and the flags they carry. */
#include "loopback.h"

#include <string.h>

static pier_handle open_tcp(void)
{
    pier_handle h;

    CHECK_OK(pierp_open(&h, PIER_AF_INET, PIER_SOCK_STREAM, 0));
    return h;
}

static bool is_inheritable(pier_handle h)
{
    bool on;

    CHECK_OK(pierp_get_inheritable(h, &on));
    return on;
}

/* accept() has no flag for one call, so it shows the mode of the handle. */
static void check_accept_does_not_block(pier_handle listener)
{
    pier_handle h = NOT_A_HANDLE;

    CHECK_ERR(pierp_accept(&h, listener, NULL), PIER_EAGAIN);
    CHECK(h == NOT_A_HANDLE);
}

static void a_new_socket_is_not_inherited(void **state)
{
    pier_handle h = open_tcp();

    (void)state;
    CHECK(!is_inheritable(h));
    CHECK_OK(pierp_close(h));
}

static void a_new_socket_does_not_block(void **state)
{
    struct pier_address where;
    pier_handle h = open_listener(&where);

    (void)state;
    check_accept_does_not_block(h);
    CHECK_OK(pierp_close(h));
}

static void a_socket_is_opened_for_every_family_and_type(void **state)
{
    static const int families[] = { PIER_AF_INET, PIER_AF_INET6 };
    static const int types[] = { PIER_SOCK_STREAM, PIER_SOCK_DGRAM };

    (void)state;
    for (int i = 0; i < 4; i++) {
        pier_handle h = PIER_INVALID_HANDLE;

        CHECK_OK(pierp_open(&h, families[i / 2], types[i % 2], 0));
        CHECK(h != PIER_INVALID_HANDLE);
        CHECK_OK(pierp_close(h));
    }
}

static void an_unknown_family_is_refused(void **state)
{
    pier_handle h = NOT_A_HANDLE;

    (void)state;
    CHECK_ERR(pierp_open(&h, 9999, PIER_SOCK_STREAM, 0), PIER_EAFNOSUPPORT);
    CHECK(h == NOT_A_HANDLE);
}

static void inheritance_can_be_turned_on_and_off(void **state)
{
    pier_handle h = open_tcp();

    (void)state;
    CHECK_OK(pierp_set_inheritable(h, true));
    CHECK(is_inheritable(h));
    CHECK_OK(pierp_set_inheritable(h, false));
    CHECK(!is_inheritable(h));
    CHECK_OK(pierp_close(h));
}

static void the_mode_can_be_changed_back(void **state)
{
    struct pier_address where;
    pier_handle h = open_listener(&where);

    (void)state;
    CHECK_OK(pierp_set_nonblocking(h, false));
    CHECK_OK(pierp_set_nonblocking(h, true));
    CHECK_OK(pierp_set_nonblocking(h, true));
    check_accept_does_not_block(h);
    CHECK_OK(pierp_close(h));
}

static void adopting_finds_out_what_a_socket_is(void **state)
{
    pier_handle tcp = open_tcp();
    pier_handle udp;
    int family = -1, type = -1, protocol = -1;

    (void)state;
    CHECK_OK(pierp_adopt(tcp, &family, &type, &protocol));
    CHECK_INT(family, PIER_AF_INET);
    CHECK_INT(type, PIER_SOCK_STREAM);
    CHECK_INT(protocol, PIER_IPPROTO_TCP);
    CHECK_OK(pierp_close(tcp));

    family = type = protocol = -1;
    CHECK_OK(pierp_open(&udp, PIER_AF_INET6, PIER_SOCK_DGRAM, 0));
    CHECK_OK(pierp_adopt(udp, &family, &type, &protocol));
    CHECK_INT(family, PIER_AF_INET6);
    CHECK_INT(type, PIER_SOCK_DGRAM);
    CHECK_INT(protocol, PIER_IPPROTO_UDP);
    CHECK_OK(pierp_close(udp));
}

static void adopting_believes_what_it_is_told(void **state)
{
    pier_handle h = open_tcp();
    int family = 7, type = 8, protocol = 9;

    (void)state;
    CHECK_OK(pierp_adopt(h, &family, &type, &protocol));
    CHECK_INT(family, 7);
    CHECK_INT(type, 8);
    CHECK_INT(protocol, 9);
    CHECK_OK(pierp_close(h));
}

static void adopting_keeps_inheritance_and_ends_blocking(void **state)
{
    struct pier_address where;
    pier_handle h = open_listener(&where);
    int family = -1, type = -1, protocol = -1;

    (void)state;
    CHECK_OK(pierp_set_nonblocking(h, false));
    CHECK_OK(pierp_set_inheritable(h, true));
    CHECK_OK(pierp_adopt(h, &family, &type, &protocol));
    CHECK(is_inheritable(h));
    check_accept_does_not_block(h);
    CHECK_OK(pierp_close(h));
}

static void what_is_no_socket_is_not_adopted(void **state)
{
    pier_handle h = open_tcp();
    int family = -1, type = -1, protocol = -1;
    pier_err err;

    (void)state;
    CHECK_OK(pierp_close(h));
    err = pierp_adopt(h, &family, &type, &protocol);
    CHECK(err == PIER_EBADF || err == PIER_ENOTSOCK);
    err = pierp_adopt(PIER_INVALID_HANDLE, &family, &type, &protocol);
    CHECK(err == PIER_EBADF || err == PIER_ENOTSOCK);
    CHECK_INT(family, -1);
    CHECK_INT(type, -1);
    CHECK_INT(protocol, -1);
}

static void a_doubled_handle_is_the_same_socket(void **state)
{
    pier_handle ends[2], copy;
    char byte = 0;

    (void)state;
    open_connection(ends);
    CHECK_OK(pierp_set_inheritable(ends[0], true));
    CHECK_OK(pierp_dup(&copy, ends[0]));
    CHECK(copy != ends[0]);
    CHECK(!is_inheritable(copy));
    CHECK_OK(pierp_close(ends[0]));

    CHECK_INT(pierp_send(copy, "a", 1, 0), 1);
    CHECK_INT(receive(ends[1], &byte, 1), 1);
    CHECK_INT(byte, 'a');
    CHECK_INT(pierp_send(ends[1], "b", 1, 0), 1);
    CHECK_INT(receive(copy, &byte, 1), 1);
    CHECK_INT(byte, 'b');
    CHECK_OK(pierp_close(copy));
    CHECK_INT(receive(ends[1], &byte, 1), 0);
    CHECK_OK(pierp_close(ends[1]));
}

static void a_closed_handle_cannot_be_doubled(void **state)
{
    pier_handle h = open_tcp(), copy = NOT_A_HANDLE;
    pier_err err;

    (void)state;
    CHECK_OK(pierp_close(h));
    err = pierp_dup(&copy, h);
    CHECK(err == PIER_EBADF || err == PIER_ENOTSOCK);
    CHECK(copy == NOT_A_HANDLE);
}

static void closing_a_closed_handle_is_an_error(void **state)
{
    pier_handle h = open_tcp();
    pier_err err;

    (void)state;
    CHECK_OK(pierp_close(h));
    err = pierp_close(h);
    CHECK(err == PIER_EBADF || err == PIER_ENOTSOCK);
}

static void closing_a_connection_that_was_reset_is_no_failure(void **state)
{
    pier_handle ends[2];

    (void)state;
    open_connection(ends);
    CHECK_INT(pierp_send(ends[0], "unread", 6, 0), 6);
    CHECK_INT(wait_for(ends[1], PIERP_READ), PIERP_READY);
    CHECK_OK(pierp_close(ends[1])); /* unread data: the peer is reset */
    CHECK_INT(wait_for(ends[0], PIERP_READ), PIERP_READY);
    CHECK_OK(pierp_close(ends[0]));
}

static void check_pair(const pier_handle pair[2])
{
    char text[4] = "";

    CHECK(!is_inheritable(pair[0]));
    CHECK(!is_inheritable(pair[1]));
    CHECK_ERR(pierp_recv(pair[0], text, 3, 0), PIER_EAGAIN);
    CHECK_INT(pierp_send(pair[0], "one", 3, 0), 3);
    CHECK_INT(receive(pair[1], text, 3), 3);
    CHECK(strcmp(text, "one") == 0);
    CHECK_INT(pierp_send(pair[1], "two", 3, 0), 3);
    CHECK_INT(receive(pair[0], text, 3), 3);
    CHECK(strcmp(text, "two") == 0);
}

static void a_pair_is_connected_or_not_supported(void **state)
{
    pier_handle pair[2] = { NOT_A_HANDLE, NOT_A_HANDLE };
    pier_err err = pierp_pair(pair, PIER_AF_UNIX, PIER_SOCK_STREAM, 0);

    (void)state;
    if (err == PIER_OK) {
        check_pair(pair);
        close_all(pair, 2);
        return;
    }
    CHECK(err == PIER_ENOTSUP || err == PIER_EAFNOSUPPORT);
    CHECK(pair[0] == NOT_A_HANDLE);
    CHECK(pair[1] == NOT_A_HANDLE);
}

static void a_pair_of_a_kind_without_pairs_is_refused(void **state)
{
    pier_handle pair[2] = { NOT_A_HANDLE, NOT_A_HANDLE };

    (void)state;
    CHECK_ERR(pierp_pair(pair, PIER_AF_INET, PIER_SOCK_STREAM, 0),
              PIER_ENOTSUP);
    CHECK(pair[0] == NOT_A_HANDLE);
    CHECK(pair[1] == NOT_A_HANDLE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_socket_is_not_inherited),
        cmocka_unit_test(a_new_socket_does_not_block),
        cmocka_unit_test(a_socket_is_opened_for_every_family_and_type),
        cmocka_unit_test(an_unknown_family_is_refused),
        cmocka_unit_test(inheritance_can_be_turned_on_and_off),
        cmocka_unit_test(the_mode_can_be_changed_back),
        cmocka_unit_test(adopting_finds_out_what_a_socket_is),
        cmocka_unit_test(adopting_believes_what_it_is_told),
        cmocka_unit_test(adopting_keeps_inheritance_and_ends_blocking),
        cmocka_unit_test(what_is_no_socket_is_not_adopted),
        cmocka_unit_test(a_doubled_handle_is_the_same_socket),
        cmocka_unit_test(a_closed_handle_cannot_be_doubled),
        cmocka_unit_test(closing_a_closed_handle_is_an_error),
        cmocka_unit_test(closing_a_connection_that_was_reset_is_no_failure),
        cmocka_unit_test(a_pair_is_connected_or_not_supported),
        cmocka_unit_test(a_pair_of_a_kind_without_pairs_is_refused),
    };

    return cmocka_run_group_tests(tests, start_seam, NULL);
}
