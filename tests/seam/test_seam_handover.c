/* SPDX-License-Identifier: MIT */
/* Handles from process to process, of which one is enough here. */
#include "loopback.h"

#include <string.h>

static unsigned char bytes[PIERP_SHARE_MAX];

static void check_is_private(pier_handle h)
{
    bool inheritable = true;

    CHECK_OK(pierp_get_inheritable(h, &inheritable));
    CHECK(!inheritable);
}

static void a_system_has_one_way_or_the_other(void **state)
{
    (void)state;
    CHECK(pierp_has_shares != pierp_carries_handles);
}

/* ------------------------------------------------------------ as bytes --- */

static void check_has_none(pier_handle h)
{
    size_t length = sizeof(bytes);
    pier_handle out = NOT_A_HANDLE;

    CHECK_ERR(pierp_share(bytes, &length, h, 0), PIER_ENOTSUP);
    CHECK_ERR(pierp_fromshare(&out, bytes, 1), PIER_ENOTSUP);
    CHECK(out == NOT_A_HANDLE);
}

static void bytes_become_the_same_socket(void **state)
{
    pier_handle ends[2], h;
    size_t length = sizeof(bytes);
    char byte = 0;

    (void)state;
    open_connection(ends);
    if (!pierp_has_shares) {
        check_has_none(ends[0]);
        close_all(ends, 2);
        return;
    }
    CHECK_OK(pierp_share(bytes, &length, ends[0], 0));
    CHECK(length > 0 && length <= sizeof(bytes));
    CHECK_OK(pierp_fromshare(&h, bytes, length));
    check_is_private(h);
    CHECK_OK(pierp_close(ends[0]));
    CHECK_ERR(pierp_recv(h, &byte, 1, 0), PIER_EAGAIN);
    CHECK_INT(pierp_send(h, "a", 1, 0), 1);
    CHECK_INT(receive(ends[1], &byte, 1), 1);
    CHECK_OK(pierp_close(h));
    CHECK_OK(pierp_close(ends[1]));
}

static void bytes_of_another_length_become_none(void **state)
{
    pier_handle h = NOT_A_HANDLE;

    (void)state;
    if (!pierp_has_shares)
        return;
    memset(bytes, 0, sizeof(bytes));
    for (size_t length = 0; length <= 8; length++)
        CHECK_ERR(pierp_fromshare(&h, bytes, length), PIER_EINVAL);
    CHECK_ERR(pierp_fromshare(&h, bytes, sizeof(bytes)), PIER_EINVAL);
    CHECK(h == NOT_A_HANDLE);
}

static void no_process_no_share(void **state)
{
    pier_handle ends[2];
    size_t length = sizeof(bytes);

    (void)state;
    open_connection(ends);
    if (pierp_has_shares) {
        CHECK_ERR(pierp_share(bytes, &length, ends[0], -1), PIER_EINVAL);
        CHECK_ERR(pierp_share(bytes, &length, ends[0], INT64_MAX),
                  PIER_EINVAL);
        CHECK_ERR(pierp_share(bytes, &length, ends[0], 2147480003),
                  PIER_EINVAL);
        CHECK_INT(length, sizeof(bytes));
        length = 5;
        CHECK_ERR(pierp_share(bytes, &length, ends[0], 0), PIER_EINVAL);
    }
    close_all(ends, 2);
}

/* -------------------------------------------------------- beside bytes --- */

static void what_carries_no_handle_says_so(pier_handle h)
{
    pier_handle out = NOT_A_HANDLE;
    bool cut = true;

    CHECK_ERR(pierp_send_handle(h, "a", 1, h), PIER_ENOTSUP);
    CHECK_ERR(pierp_recv_handle(h, bytes, 1, &out, &cut), PIER_ENOTSUP);
    CHECK(out == NOT_A_HANDLE && cut);
}

static void a_handle_goes_beside_bytes(void **state)
{
    pier_handle pair[2], ends[2], h = NOT_A_HANDLE;
    bool cut = true;
    char byte = 0;

    (void)state;
    open_connection(ends);
    if (!pierp_carries_handles) {
        what_carries_no_handle_says_so(ends[0]);
        close_all(ends, 2);
        return;
    }
    CHECK_OK(pierp_pair(pair, PIER_AF_UNIX, PIER_SOCK_STREAM, 0));
    CHECK_ERR(pierp_recv_handle(pair[1], bytes, 3, &h, &cut), PIER_EAGAIN);
    CHECK(h == NOT_A_HANDLE && cut);
    CHECK_INT(pierp_send_handle(pair[0], "abc", 3, ends[0]), 3);
    CHECK_OK(pierp_close(ends[0]));
    CHECK_INT(pierp_recv_handle(pair[1], bytes, 2, &h, &cut), 2);
    CHECK(!cut && memcmp(bytes, "ab", 2) == 0);
    check_is_private(h);
    CHECK_INT(pierp_send(h, "x", 1, 0), 1);
    CHECK_INT(receive(ends[1], &byte, 1), 1);
    CHECK_OK(pierp_close(h));
    /* The rest has none beside it. */
    CHECK_INT(pierp_recv_handle(pair[1], bytes, 2, &h, &cut), 1);
    CHECK(h == PIER_INVALID_HANDLE);
    CHECK_OK(pierp_close(pair[0]));
    CHECK_INT(pierp_recv_handle(pair[1], bytes, 2, &h, &cut), 0);
    CHECK_OK(pierp_close(pair[1]));
    CHECK_OK(pierp_close(ends[1]));
}

static void a_datagram_that_was_longer_is_told(void **state)
{
    pier_handle pair[2], h;
    bool cut = false;

    (void)state;
    if (!pierp_carries_handles)
        return;
    CHECK_OK(pierp_pair(pair, PIER_AF_UNIX, PIER_SOCK_DGRAM, 0));
    CHECK_INT(pierp_send_handle(pair[0], "abc", 3, pair[0]), 3);
    CHECK_INT(pierp_recv_handle(pair[1], bytes, 2, &h, &cut), 2);
    CHECK(cut && h != PIER_INVALID_HANDLE);
    CHECK_OK(pierp_close(h));
    CHECK_INT(pierp_send(pair[0], "abc", 3, 0), 3);
    CHECK_INT(pierp_recv_handle(pair[1], bytes, 3, &h, &cut), 3);
    CHECK(!cut && h == PIER_INVALID_HANDLE);
    close_all(pair, 2);
}

static void a_channel_whose_end_is_gone_is_broken(void **state)
{
    pier_handle pair[2];

    (void)state;
    if (!pierp_carries_handles)
        return;
    CHECK_OK(pierp_pair(pair, PIER_AF_UNIX, PIER_SOCK_STREAM, 0));
    CHECK_OK(pierp_close(pair[1]));
    CHECK_ERR(pierp_send_handle(pair[0], "a", 1, pair[0]), PIER_EPIPE);
    CHECK_OK(pierp_close(pair[0]));
}

/* ------------------------------------------------ of a service manager --- */

static void a_service_manager_is_asked_where_there_is_one(void **state)
{
    struct pierp_service service = { .own_process = -77 };
    pier_err err = pierp_service(&service);

    (void)state;
    if (pierp_carries_handles) {
        CHECK_OK(err);
        CHECK(service.own_process > 0);
        CHECK_INT(service.first, 3);
    } else {
        CHECK_ERR(err, PIER_ENOTSUP);
        CHECK_INT(service.own_process, -77);
    }
    pierp_service_forget();
    if (!err)
        CHECK_OK(pierp_service(&service));
    CHECK(!service.process && !service.count && !service.names);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_system_has_one_way_or_the_other),
        cmocka_unit_test(bytes_become_the_same_socket),
        cmocka_unit_test(bytes_of_another_length_become_none),
        cmocka_unit_test(no_process_no_share),
        cmocka_unit_test(a_handle_goes_beside_bytes),
        cmocka_unit_test(a_datagram_that_was_longer_is_told),
        cmocka_unit_test(a_channel_whose_end_is_gone_is_broken),
        cmocka_unit_test(a_service_manager_is_asked_where_there_is_one),
    };

    return cmocka_run_group_tests(tests, start_seam, NULL);
}
