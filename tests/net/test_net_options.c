/* SPDX-License-Identifier: MIT */
#include "net.h"

#include <string.h>

static int get_int(struct pier_socket *s, int level, int name)
{
    int value = -77;

    CHECK_OK(pier_getsockopt_int(s, level, name, &value));
    return value;
}

static void switches_are_kept(void **state)
{
    struct pier_socket *s = open_socket(PIER_AF_INET, PIER_SOCK_STREAM);
    const int names[2][2] = { { PIER_IPPROTO_TCP, PIER_TCP_NODELAY },
                              { PIER_SOL_SOCKET, PIER_SO_KEEPALIVE } };

    (void)state;
    for (int i = 0; i < 2; i++) {
        CHECK_INT(get_int(s, names[i][0], names[i][1]), 0);
        CHECK_OK(pier_setsockopt_int(s, names[i][0], names[i][1], 1));
        CHECK(get_int(s, names[i][0], names[i][1]) != 0);
        CHECK_OK(pier_setsockopt_int(s, names[i][0], names[i][1], 0));
        CHECK_INT(get_int(s, names[i][0], names[i][1]), 0);
    }
}

static void buffers_are_at_least_as_large_as_asked(void **state)
{
    struct pier_socket *s = open_socket(PIER_AF_INET, PIER_SOCK_STREAM);

    (void)state;
    CHECK_OK(pier_setsockopt_int(s, PIER_SOL_SOCKET, PIER_SO_RCVBUF, 40000));
    CHECK(get_int(s, PIER_SOL_SOCKET, PIER_SO_RCVBUF) >= 40000);
}

static void the_type_can_be_asked_for(void **state)
{
    (void)state;
    CHECK_INT(get_int(open_socket(PIER_AF_INET, PIER_SOCK_STREAM),
                      PIER_SOL_SOCKET, PIER_SO_TYPE),
              PIER_SOCK_STREAM);
    CHECK_INT(get_int(open_socket(PIER_AF_INET, PIER_SOCK_DGRAM),
                      PIER_SOL_SOCKET, PIER_SO_TYPE),
              PIER_SOCK_DGRAM);
    CHECK_INT(get_int(open_socket(PIER_AF_INET, PIER_SOCK_STREAM),
                      PIER_SOL_SOCKET, PIER_SO_ERROR),
              0);
}

static void ipv6_only_can_be_chosen(void **state)
{
    struct pier_socket *s;

    (void)state;
    if (!has_ipv6())
        skip_because("no IPv6 loopback");
    s = open_socket(PIER_AF_INET6, PIER_SOCK_STREAM);
    for (int on = 0; on < 2; on++) {
        CHECK_OK(
            pier_setsockopt_int(s, PIER_IPPROTO_IPV6, PIER_IPV6_V6ONLY, on));
        CHECK_INT(get_int(s, PIER_IPPROTO_IPV6, PIER_IPV6_V6ONLY), on);
    }
}

static void a_raw_value_has_its_length(void **state)
{
    struct pier_socket *s = open_socket(PIER_AF_INET, PIER_SOCK_STREAM);
    unsigned char value[64];
    size_t length = sizeof(value);
    int on = 1;

    (void)state;
    CHECK_OK(pier_setsockopt(s, PIER_SOL_SOCKET, PIER_SO_KEEPALIVE, &on,
                             sizeof(on)));
    CHECK_OK(
        pier_getsockopt(s, PIER_SOL_SOCKET, PIER_SO_LINGER, value, &length));
    CHECK(length >= 4 && length <= 8);
    length = sizeof(on);
    CHECK_OK(
        pier_getsockopt(s, PIER_SOL_SOCKET, PIER_SO_KEEPALIVE, &on, &length));
    CHECK_INT(length, sizeof(on));
    CHECK(on != 0);
}

static void what_the_system_lacks_is_no_option(void **state)
{
    const struct {
        bool have;
        int level;
        int name;
    } some[] = {
        { PIER_HAVE_SO_REUSEPORT, PIER_SOL_SOCKET, PIER_SO_REUSEPORT },
        { PIER_HAVE_SO_EXCLUSIVEADDRUSE, PIER_SOL_SOCKET,
          PIER_SO_EXCLUSIVEADDRUSE },
        { PIER_HAVE_SO_REUSEPORT_LB, PIER_SOL_SOCKET, PIER_SO_REUSEPORT_LB },
    };
    struct pier_socket *s = open_socket(PIER_AF_INET, PIER_SOCK_STREAM);
    int absent = 0;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(some); i++) {
        int value = 5;

        if (some[i].have)
            continue;
        absent++;
        CHECK_ERR(pier_setsockopt_int(s, some[i].level, some[i].name, 1),
                  PIER_ENOPROTOOPT);
        CHECK_ERR(pier_getsockopt_int(s, some[i].level, some[i].name, &value),
                  PIER_ENOPROTOOPT);
        CHECK_INT(value, 5);
    }
    CHECK(absent > 0);
    CHECK_ERR(pier_setsockopt_int(s, PIER_SOL_SOCKET, 0x7abc, 1),
              PIER_ENOPROTOOPT);
}

static void a_bad_argument_changes_nothing(void **state)
{
    struct pier_socket *s = open_socket(PIER_AF_INET, PIER_SOCK_STREAM);
    size_t length = 4;
    int value = 5;

    (void)state;
    CHECK_ERR(pier_getsockopt(s, PIER_SOL_SOCKET, PIER_SO_TYPE, NULL, &length),
              PIER_EINVAL);
    CHECK_ERR(pier_getsockopt(s, PIER_SOL_SOCKET, PIER_SO_TYPE, &value, NULL),
              PIER_EINVAL);
    CHECK_ERR(pier_getsockopt_int(s, PIER_SOL_SOCKET, PIER_SO_TYPE, NULL),
              PIER_EINVAL);
    CHECK_ERR(pier_getsockopt_int(NULL, PIER_SOL_SOCKET, PIER_SO_TYPE, &value),
              PIER_EINVAL);
    CHECK_ERR(pier_setsockopt_int(NULL, PIER_SOL_SOCKET, PIER_SO_KEEPALIVE, 1),
              PIER_EINVAL);
    CHECK_INT(value, 5);
    CHECK_INT(length, 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        NET_TEST(switches_are_kept),
        NET_TEST(buffers_are_at_least_as_large_as_asked),
        NET_TEST(the_type_can_be_asked_for),
        NET_TEST(ipv6_only_can_be_chosen),
        NET_TEST(a_raw_value_has_its_length),
        NET_TEST(what_the_system_lacks_is_no_option),
        NET_TEST(a_bad_argument_changes_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
