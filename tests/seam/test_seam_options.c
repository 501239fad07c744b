/* SPDX-License-Identifier: MIT */
#include "loopback.h"

#include <pier/option.h>
#include <string.h>

static pier_handle open_one(int family, int type)
{
    pier_handle h;

    CHECK_OK(pierp_open(&h, family, type, 0));
    return h;
}

static int get_int(pier_handle h, int level, int name)
{
    int value = -77;
    size_t length = sizeof value;

    CHECK_OK(pierp_getsockopt(h, level, name, &value, &length));
    CHECK_INT(length, sizeof value);
    return value;
}

static void set_int(pier_handle h, int level, int name, int value)
{
    CHECK_OK(pierp_setsockopt(h, level, name, &value, sizeof value));
}

static void an_option_that_was_set_can_be_read(void **state)
{
    pier_handle h = open_one(PIER_AF_INET, PIER_SOCK_STREAM);

    (void)state;
    set_int(h, PIER_SOL_SOCKET, PIER_SO_RCVBUF, 40000);
    CHECK(get_int(h, PIER_SOL_SOCKET, PIER_SO_RCVBUF) >= 40000);
    CHECK_INT(get_int(h, PIER_SOL_SOCKET, PIER_SO_TYPE), PIER_SOCK_STREAM);
    CHECK_INT(get_int(h, PIER_SOL_SOCKET, PIER_SO_ERROR), 0);
    CHECK_OK(pierp_close(h));
}

static void a_flag_fills_the_whole_int(void **state)
{
    static const int flags[][2] = {
        { PIER_SOL_SOCKET, PIER_SO_KEEPALIVE },
        { PIER_SOL_SOCKET, PIER_SO_BROADCAST },
        { PIER_IPPROTO_TCP, PIER_TCP_NODELAY },
    };

    (void)state;
    for (int i = 0; i < 3; i++) {
        int type = i == 1 ? PIER_SOCK_DGRAM : PIER_SOCK_STREAM;
        pier_handle h = open_one(PIER_AF_INET, type);

        CHECK_INT(get_int(h, flags[i][0], flags[i][1]), 0);
        set_int(h, flags[i][0], flags[i][1], 1);
        CHECK(get_int(h, flags[i][0], flags[i][1]) > 0);
        set_int(h, flags[i][0], flags[i][1], 0);
        CHECK_INT(get_int(h, flags[i][0], flags[i][1]), 0);
        CHECK_OK(pierp_close(h));
    }
}

static void multicast_options_are_ints(void **state)
{
    pier_handle h = open_one(PIER_AF_INET, PIER_SOCK_DGRAM);

    (void)state;
    CHECK_INT(get_int(h, PIER_IPPROTO_IP, PIER_IP_MULTICAST_TTL), 1);
    CHECK_INT(get_int(h, PIER_IPPROTO_IP, PIER_IP_MULTICAST_LOOP), 1);
    CHECK_OK(pierp_close(h));
}

static void an_unknown_option_is_refused(void **state)
{
    pier_handle h = open_one(PIER_AF_INET, PIER_SOCK_STREAM);
    int value = 5;
    size_t length = sizeof value;

    (void)state;
    CHECK_ERR(pierp_getsockopt(h, PIER_SOL_SOCKET, 0x7ffe, &value, &length),
              PIER_ENOPROTOOPT);
    CHECK_INT(value, 5);
    CHECK_INT(length, sizeof value);
    CHECK_ERR(pierp_setsockopt(h, PIER_SOL_SOCKET, 0x7ffe, &value, length),
              PIER_ENOPROTOOPT);
    CHECK_OK(pierp_close(h));
}

static void v6only_is_what_was_asked_for(void **state)
{
    pier_handle h = open_one(PIER_AF_INET6, PIER_SOCK_STREAM);

    (void)state;
    CHECK_OK(pierp_set_v6only(h, true));
    CHECK_INT(get_int(h, PIER_IPPROTO_IPV6, PIER_IPV6_V6ONLY), 1);
    CHECK_OK(pierp_set_v6only(h, false));
    CHECK_INT(get_int(h, PIER_IPPROTO_IPV6, PIER_IPV6_V6ONLY), 0);
    CHECK_OK(pierp_close(h));
}

/* A listener on every address of IPv6, and whether IPv4 reaches it. */
static pier_err reach_by_ipv4(bool v6only)
{
    struct pierp_endpoint e = { .family = PIER_AF_INET6 };
    struct pier_address a;
    pier_handle l = open_one(PIER_AF_INET6, PIER_SOCK_STREAM);
    pier_handle h = open_one(PIER_AF_INET, PIER_SOCK_STREAM);
    pier_err err;

    CHECK_OK(pierp_set_v6only(l, v6only));
    CHECK_OK(pierp_address_pack(&a, &e));
    CHECK_OK(pierp_bind_server(l, &a));
    CHECK_OK(pierp_listen(l, 1));
    CHECK_OK(pierp_getsockname(l, &a));
    a = loopback(PIER_AF_INET, port_of(&a));
    err = end_connect(h, pierp_connect(h, &a));
    CHECK_OK(pierp_close(h));
    CHECK_OK(pierp_close(l));
    return err;
}

static void v6only_decides_whether_ipv4_gets_in(void **state)
{
    (void)state;
    CHECK_OK(reach_by_ipv4(false));
    CHECK_ERR(reach_by_ipv4(true), PIER_ECONNREFUSED);
}

static void v6only_needs_ipv6(void **state)
{
    pier_handle h = open_one(PIER_AF_INET, PIER_SOCK_STREAM);

    (void)state;
    CHECK_ERR(pierp_set_v6only(h, true), PIER_ENOPROTOOPT);
    CHECK_OK(pierp_close(h));
}

static void a_port_is_shared_or_sharing_is_not_supported(void **state)
{
    struct pier_address where = loopback(PIER_AF_INET, ANY_PORT);
    pier_handle first = open_one(PIER_AF_INET, PIER_SOCK_DGRAM);
    pier_handle second = open_one(PIER_AF_INET, PIER_SOCK_DGRAM);
    pier_err err = pierp_set_reuse_port(first);

    (void)state;
    CHECK_INT(pierp_set_reuse_port(second), err);
    CHECK_OK(pierp_bind(first, &where));
    CHECK_OK(pierp_getsockname(first, &where));
    if (err == PIER_OK) {
        CHECK_OK(pierp_bind(second, &where));
    } else {
        CHECK_ERR(err, PIER_ENOTSUP);
        CHECK_ERR(pierp_bind(second, &where), PIER_EADDRINUSE);
    }
    CHECK_OK(pierp_close(first));
    CHECK_OK(pierp_close(second));
}

static void hop_limits_have_one_form_for_both_families(void **state)
{
    static const int families[] = { PIER_AF_INET, PIER_AF_INET6 };
    int value = 0;

    (void)state;
    for (int i = 0; i < 2; i++) {
        pier_handle h = open_one(families[i], PIER_SOCK_DGRAM);

        CHECK_OK(pierp_set_option(h, families[i], PIERP_HOP_LIMIT, 33));
        CHECK_OK(pierp_get_option(h, families[i], PIERP_HOP_LIMIT, &value));
        CHECK_INT(value, 33);
        CHECK_OK(pierp_close(h));
    }
    CHECK(pierp_set_option(NOT_A_HANDLE, PIER_AF_INET, PIERP_HOP_LIMIT, 1) <
          0);
    CHECK(pierp_get_option(NOT_A_HANDLE, PIER_AF_INET, PIERP_HOP_LIMIT,
                           &value) < 0);
    CHECK_INT(value, 33);
}

/* Kept, or not known at all. */
static void switches_are_zero_or_one(void **state)
{
    static const enum pierp_option switches[] = { PIERP_DONTFRAGMENT,
                                                  PIERP_RECVERR };
    pier_handle h = open_one(PIER_AF_INET, PIER_SOCK_DGRAM);

    (void)state;
    for (int i = 0; i < 2; i++) {
        int value = 77;
        pier_err err = pierp_set_option(h, PIER_AF_INET, switches[i], 1);

        CHECK_INT(pierp_get_option(h, PIER_AF_INET, switches[i], &value), err);
        CHECK_INT(value, err ? 77 : 1);
        if (err) {
            CHECK_ERR(err, PIER_ENOTSUP);
            continue;
        }
        CHECK_OK(pierp_set_option(h, PIER_AF_INET, switches[i], 0));
        CHECK_OK(pierp_get_option(h, PIER_AF_INET, switches[i], &value));
        CHECK_INT(value, 0);
    }
    CHECK_OK(pierp_close(h));
}

static void an_empty_queue_of_errors_is_told(void **state)
{
    pier_handle h = open_one(PIER_AF_INET, PIER_SOCK_DGRAM);
    struct pier_net_error e = { .size = 5, .code = 77 };
    pier_err known = pierp_set_option(h, PIER_AF_INET, PIERP_RECVERR, 1);

    (void)state;
    CHECK_ERR(pierp_recv_error(h, &e), known ? PIER_ENOTSUP : PIER_EAGAIN);
    CHECK(e.code == 77 && e.size == 5);
    CHECK_OK(pierp_close(h));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_option_that_was_set_can_be_read),
        cmocka_unit_test(a_flag_fills_the_whole_int),
        cmocka_unit_test(multicast_options_are_ints),
        cmocka_unit_test(an_unknown_option_is_refused),
        cmocka_unit_test(v6only_is_what_was_asked_for),
        cmocka_unit_test(v6only_decides_whether_ipv4_gets_in),
        cmocka_unit_test(v6only_needs_ipv6),
        cmocka_unit_test(a_port_is_shared_or_sharing_is_not_supported),
        cmocka_unit_test(hop_limits_have_one_form_for_both_families),
        cmocka_unit_test(switches_are_zero_or_one),
        cmocka_unit_test(an_empty_queue_of_errors_is_told),
    };

    return cmocka_run_group_tests(tests, start_seam, NULL);
}
