/* SPDX-License-Identifier: MIT */
/* Options of IP and TCP, options of any width, and what the network reports:
 * what is refused, what reaches the system, and what comes back. */
#include "unit.h"

#include <limits.h>
#include <pier/error.h>
#include <pier/option.h>
#include <string.h>

static int kept(struct pier_socket *s, enum pierp_option option)
{
    return fake_tuning(pier_fileno(s))->options[option];
}

static void numbers_are_kept_within_their_range(void **state)
{
    struct pier_socket *s = open_udp();
    int value = 0;

    (void)state;
    CHECK_OK(pier_set_hop_limit(s, 1));
    CHECK_OK(pier_set_hop_limit(s, 255));
    CHECK_ERR(pier_set_hop_limit(s, 256), PIER_EINVAL);
    CHECK_ERR(pier_set_hop_limit(s, 0), PIER_EINVAL);
    CHECK_ERR(pier_set_hop_limit(s, -1), PIER_EINVAL);
    CHECK_OK(pier_get_hop_limit(s, &value));
    CHECK_INT(value, 255);
    CHECK_OK(pier_set_traffic_class(s, 255));
    CHECK_OK(pier_set_traffic_class(s, 0));
    CHECK_ERR(pier_set_traffic_class(s, 256), PIER_EINVAL);
    CHECK_ERR(pier_set_traffic_class(s, -1), PIER_EINVAL);
    CHECK_OK(pier_get_traffic_class(s, &value));
    CHECK_INT(value, 0);
    pier_free(s);
}

static void switches_are_on_or_off(void **state)
{
    struct pier_socket *s = open_udp();
    bool on = false;

    (void)state;
    CHECK_OK(pier_set_dontfragment(s, true));
    CHECK_OK(pier_get_dontfragment(s, &on));
    CHECK(on);
    CHECK_OK(pier_set_dontfragment(s, false));
    CHECK_OK(pier_get_dontfragment(s, &on));
    CHECK(!on);
    CHECK_OK(pier_set_recverr(s, true));
    CHECK_INT(kept(s, PIERP_RECVERR), 1);
    CHECK_OK(pier_set_recverr(s, false));
    CHECK_INT(kept(s, PIERP_RECVERR), 0);
    pier_free(s);
}

static void a_queue_of_early_data_has_a_length(void **state)
{
    struct pier_socket *s = open_tcp();

    (void)state;
    CHECK_OK(pier_set_fastopen_queue(s, INT_MAX));
    CHECK_INT(kept(s, PIERP_FASTOPEN_QUEUE), INT_MAX);
    CHECK_ERR(pier_set_fastopen_queue(s, -1), PIER_EINVAL);
    CHECK_OK(pier_set_fastopen_queue(s, 0));
    CHECK_INT(kept(s, PIERP_FASTOPEN_QUEUE), 0);
    CHECK_OK(pier_set_fastopen_connect(s, true));
    CHECK_INT(kept(s, PIERP_FASTOPEN_CONNECT), 1);
    pier_free(s);
}

static void the_mtu_is_that_of_the_path_to_the_peer(void **state)
{
    struct pier_socket *s = open_connected(), *u = open_udp();
    unsigned bytes = 77;

    (void)state;
    CHECK_ERR(pier_get_path_mtu(u, &bytes), PIER_ENOTCONN);
    CHECK_INT(bytes, 77);
    CHECK_OK(pier_get_path_mtu(s, &bytes));
    CHECK_INT(bytes, 1500);
    pier_free(s);
    pier_free(u);
}

static void only_sockets_of_ip_have_them(void **state)
{
    struct pier_socket *path = open_path();
    struct pier_net_error e = { .size = sizeof(e) };
    bool on = true;
    int value = 77;
    unsigned bytes = 77;

    (void)state;
    fake_clear_calls();
    CHECK_ERR(pier_set_hop_limit(path, 1), PIER_EAFNOSUPPORT);
    CHECK_ERR(pier_get_hop_limit(path, &value), PIER_EAFNOSUPPORT);
    CHECK_ERR(pier_set_traffic_class(path, 1), PIER_EAFNOSUPPORT);
    CHECK_ERR(pier_get_traffic_class(path, &value), PIER_EAFNOSUPPORT);
    CHECK_ERR(pier_set_dontfragment(path, true), PIER_EAFNOSUPPORT);
    CHECK_ERR(pier_get_dontfragment(path, &on), PIER_EAFNOSUPPORT);
    CHECK_ERR(pier_get_path_mtu(path, &bytes), PIER_EAFNOSUPPORT);
    CHECK_ERR(pier_set_fastopen_queue(path, 1), PIER_EAFNOSUPPORT);
    CHECK_ERR(pier_set_fastopen_connect(path, true), PIER_EAFNOSUPPORT);
    CHECK_ERR(pier_set_recverr(path, true), PIER_EAFNOSUPPORT);
    CHECK_ERR(pier_recv_error(path, &e), PIER_EAFNOSUPPORT);
    CHECK(on && value == 77 && bytes == 77);
    CHECK_INT(fake_system_calls(), 0);
    pier_free(path);
}

static void nothing_to_fill_is_refused(void **state)
{
    struct pier_socket *s = open_udp();
    struct pier_net_error e = { .size = 0 };
    int value = 77;

    (void)state;
    CHECK_ERR(pier_get_hop_limit(s, NULL), PIER_EINVAL);
    CHECK_ERR(pier_get_traffic_class(s, NULL), PIER_EINVAL);
    CHECK_ERR(pier_get_dontfragment(s, NULL), PIER_EINVAL);
    CHECK_ERR(pier_get_path_mtu(s, NULL), PIER_EINVAL);
    CHECK_ERR(pier_recv_error(s, NULL), PIER_EINVAL);
    CHECK_ERR(pier_recv_error(s, &e), PIER_EINVAL);
    e.size = sizeof(e) + 1;
    CHECK_ERR(pier_recv_error(s, &e), PIER_EINVAL);
    CHECK_ERR(pier_get_hop_limit(NULL, &value), PIER_EINVAL);
    CHECK_ERR(pier_set_hop_limit(NULL, 1), PIER_EINVAL);
    CHECK_OK(pier_close(s));
    CHECK_ERR(pier_set_hop_limit(s, 1), PIER_EBADF);
    CHECK_ERR(pier_get_hop_limit(s, &value), PIER_EBADF);
    CHECK_INT(value, 77);
    pier_free(s);
}

/* ------------------------------------------------- the queue of errors --- */

static struct pier_net_error refusal(void)
{
    struct pier_net_error e = { .code = PIER_ECONNREFUSED,
                                .native_code = 10061,
                                .origin = PIER_ORIGIN_ICMP,
                                .icmp_type = 3,
                                .icmp_code = 3 };

    e.destination = fake_inet(1, 9);
    e.offender = fake_inet(2, 0);
    return e;
}

static void a_report_is_taken_once_and_never_waited_for(void **state)
{
    const struct pier_net_error told = refusal();
    struct pier_net_error e = { .size = sizeof(e), .code = 77 };
    struct pier_socket *s = open_udp();

    (void)state;
    CHECK_OK(pier_settimeout(s, PIER_FOREVER));
    CHECK_ERR(pier_recv_error(s, &e), PIER_EAGAIN);
    CHECK_INT(e.code, 77);
    fake_report(pier_fileno(s), &told);
    CHECK_OK(pier_recv_error(s, &e));
    CHECK_INT(e.size, sizeof(e));
    CHECK_ERR(e.code, PIER_ECONNREFUSED);
    CHECK_INT(e.native_code, 10061);
    CHECK(e.icmp_type == 3 && e.icmp_code == 3);
    CHECK(fake_same_address(&e.offender, &told.offender));
    CHECK_ERR(pier_recv_error(s, &e), PIER_EAGAIN);
    CHECK_INT(fake_now(), 0);
    pier_free(s);
}

static void an_older_caller_gets_less_of_a_report(void **state)
{
    const struct pier_net_error told = refusal();
    struct pier_net_error e;
    struct pier_socket *s = open_udp();

    (void)state;
    memset(&e, 0x55, sizeof(e));
    e.size = offsetof(struct pier_net_error, origin);
    fake_report(pier_fileno(s), &told);
    CHECK_OK(pier_recv_error(s, &e));
    CHECK_ERR(e.code, PIER_ECONNREFUSED);
    CHECK_INT(e.native_code, 10061);
    CHECK_INT(e.origin, 0x55555555);
    e.size = 1;
    e.code = 77;
    fake_report(pier_fileno(s), &told);
    CHECK_OK(pier_recv_error(s, &e));
    CHECK_INT(e.code, 77);
    pier_free(s);
}

/* ------------------------------------------------------------- numbers --- */

static void a_number_has_the_width_of_its_option(void **state)
{
    struct pier_socket *s = open_tcp();
    unsigned char room[16];
    size_t length = sizeof(room);
    int64_t wide = 0;

    (void)state;
    CHECK_OK(pier_setsockopt_int64(s, 1, 2, INT_MIN));
    CHECK_OK(pier_getsockopt(s, 1, 2, room, &length));
    CHECK_INT(length, sizeof(int));
    CHECK_OK(pier_getsockopt_int64(s, 1, 2, &wide));
    CHECK_INT(wide, INT_MIN);
    CHECK_ERR(pier_setsockopt_int64(s, 1, 2, (int64_t)INT_MAX + 1),
              PIER_ERANGE);
    CHECK_ERR(pier_setsockopt_int64(s, 1, 2, (int64_t)INT_MIN - 1),
              PIER_ERANGE);
    CHECK_OK(pier_getsockopt_int64(s, 1, 2, &wide));
    CHECK_INT(wide, INT_MIN);
    CHECK_ERR(pier_getsockopt_int64(s, 1, 2, NULL), PIER_EINVAL);
    CHECK_ERR(pier_getsockopt_int64(NULL, 1, 2, &wide), PIER_EINVAL);
    pier_free(s);
}

static struct pier_socket *open_vsock(void)
{
    struct pier_socket *s;

    if (!PIER_HAVE_AF_VSOCK)
        skip_because("this system has no AF_VSOCK");
    CHECK_OK(pier_adopt(&s, fake_foreign(PIER_AF_VSOCK, PIER_SOCK_STREAM, 0),
                        PIER_AF_VSOCK, PIER_SOCK_STREAM, 0));
    return s;
}

static void options_of_vsock_have_64_bits(void **state)
{
    const int64_t large = INT64_C(0x100000000);
    struct pier_socket *s = open_vsock();
    unsigned char room[16];
    size_t length = sizeof(room);
    int64_t wide = 0;
    int narrow = 77;

    (void)state;
    CHECK_OK(pier_setsockopt_int(s, PIER_AF_VSOCK, 5, 9));
    CHECK_OK(pier_getsockopt(s, PIER_AF_VSOCK, 5, room, &length));
    CHECK_INT(length, sizeof(int64_t));
    CHECK_OK(pier_getsockopt_int(s, PIER_AF_VSOCK, 5, &narrow));
    CHECK_INT(narrow, 9);
    CHECK_OK(pier_setsockopt_int64(s, PIER_AF_VSOCK, 5, large));
    CHECK_OK(pier_getsockopt_int64(s, PIER_AF_VSOCK, 5, &wide));
    CHECK_INT(wide, large);
    CHECK_ERR(pier_getsockopt_int(s, PIER_AF_VSOCK, 5, &narrow), PIER_ERANGE);
    CHECK_INT(narrow, 9);
    pier_free(s);
}

static void other_options_of_a_vsock_are_an_int(void **state)
{
    struct pier_socket *s = open_vsock();
    unsigned char room[16];
    size_t length = sizeof(room);

    (void)state;
    CHECK_OK(pier_setsockopt_int(s, PIER_SOL_SOCKET, 5, 9));
    CHECK_OK(pier_getsockopt(s, PIER_SOL_SOCKET, 5, room, &length));
    CHECK_INT(length, sizeof(int));
    pier_free(s);
}

static void lengths_that_mean_nothing_are_refused(void **state)
{
    struct pier_socket *s = open_tcp();
    char room[8] = "kept";
    size_t none = 0, much = (size_t)INT_MAX + 1;

    (void)state;
    fake_clear_calls();
    CHECK_ERR(pier_setsockopt(s, 1, 2, room, much), PIER_EINVAL);
    CHECK_ERR(pier_setsockopt(s, 1, 2, NULL, much), PIER_EINVAL);
    CHECK_ERR(pier_getsockopt(s, 1, 2, room, &none), PIER_EINVAL);
    CHECK_ERR(pier_getsockopt(s, 1, 2, room, &much), PIER_EINVAL);
    CHECK_INT(fake_system_calls(), 0);
    assert_string_equal(room, "kept");
    pier_free(s);
}

static void a_length_alone_reaches_the_system(void **state)
{
    struct pier_socket *s = open_tcp();

    (void)state;
    CHECK_OK(pier_setsockopt(s, 279, 4, NULL, 0));
    CHECK_INT(fake_calls_of(FAKE_SETSOCKOPT), 1);
    pier_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_FAKE(numbers_are_kept_within_their_range),
        ON_FAKE(switches_are_on_or_off),
        ON_FAKE(a_queue_of_early_data_has_a_length),
        ON_FAKE(the_mtu_is_that_of_the_path_to_the_peer),
        ON_FAKE(only_sockets_of_ip_have_them),
        ON_FAKE(nothing_to_fill_is_refused),
        ON_FAKE(a_report_is_taken_once_and_never_waited_for),
        ON_FAKE(an_older_caller_gets_less_of_a_report),
        ON_FAKE(a_number_has_the_width_of_its_option),
        ON_FAKE(options_of_vsock_have_64_bits),
        ON_FAKE(other_options_of_a_vsock_are_an_int),
        ON_FAKE(lengths_that_mean_nothing_are_refused),
        ON_FAKE(a_length_alone_reaches_the_system),
    };

    return cmocka_run_group_tests_name("ip_options", tests, NULL, NULL);
}
