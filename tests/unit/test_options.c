/* SPDX-License-Identifier: MIT */
/* Options whose form differs between systems, multicast, and what is passed
 * on. */
#include "unit.h"

#include <pier/error.h>
#include <string.h>

static struct pier_address multicast(void)
{
    struct pier_address a;

    CHECK_OK(pier_address_inet(&a, "239.1.2.3", 0));
    return a;
}

static void linger_times_are_rounded_up_and_bounded(void **state)
{
    struct pier_socket *s = open_tcp();
    const struct fake_tuning *tuning = fake_tuning(pier_fileno(s));

    (void)state;
    CHECK_OK(pier_set_linger(s, true, 0));
    CHECK(tuning->linger && tuning->linger_seconds == 0);
    CHECK_OK(pier_set_linger(s, true, 1));
    CHECK_INT(tuning->linger_seconds, 1);
    CHECK_OK(pier_set_linger(s, true, 65535 * SECOND));
    CHECK_INT(tuning->linger_seconds, 65535);
    CHECK_ERR(pier_set_linger(s, true, 65535 * SECOND + 1), PIER_EINVAL);
    CHECK_ERR(pier_set_linger(s, true, -1), PIER_EINVAL);
    CHECK_ERR(pier_set_linger(s, true, INT64_MAX), PIER_EINVAL);
    CHECK_OK(pier_set_linger(s, false, INT64_MAX));
    CHECK(!tuning->linger);
    pier_free(s);
}

static void keepalive_goes_through_as_it_is(void **state)
{
    struct pier_socket *s = open_tcp();
    const struct fake_tuning *tuning = fake_tuning(pier_fileno(s));

    (void)state;
    CHECK_OK(pier_set_keepalive(s, true, SECOND, 2 * SECOND, 3));
    CHECK(tuning->keepalive.on && tuning->keepalive.count == 3);
    CHECK_INT(tuning->keepalive.idle, SECOND);
    CHECK_INT(tuning->keepalive.interval, 2 * SECOND);
    CHECK_ERR(pier_set_keepalive(s, true, -1, 0, 0), PIER_EINVAL);
    CHECK_ERR(pier_set_keepalive(s, true, 0, -1, 0), PIER_EINVAL);
    CHECK_ERR(pier_set_keepalive(s, true, 0, 0, -1), PIER_EINVAL);
    fake_fail(FAKE_SET_KEEPALIVE, 1, PIER_ENOTSUP);
    CHECK_ERR(pier_set_keepalive(s, true, 0, 0, 0), PIER_ENOTSUP);
    pier_free(s);
}

static void switches_switch(void **state)
{
    struct pier_socket *s = open_tcp();
    int value = 0;

    (void)state;
    CHECK_OK(pier_set_quickack(s, true));
    CHECK(fake_tuning(pier_fileno(s))->quickack);
    CHECK_OK(pier_set_nodelay(s, true));
    CHECK_OK(
        pier_getsockopt_int(s, PIER_IPPROTO_TCP, PIER_TCP_NODELAY, &value));
    CHECK_INT(value, 1);
    pier_free(s);
}

static void groups_are_joined_and_left(void **state)
{
    struct pier_address group = multicast(), source = fake_inet(1, 0);
    struct pier_socket *s = open_udp();

    (void)state;
    CHECK_OK(pier_join_group(s, &group, NULL, 0));
    CHECK_ERR(pier_join_group(s, &group, NULL, 0), PIER_EADDRINUSE);
    CHECK_OK(pier_join_group(s, &group, &source, 0));
    CHECK_INT(fake_memberships(pier_fileno(s)), 2);
    CHECK_OK(pier_leave_group(s, &group, NULL, 0));
    CHECK_ERR(pier_leave_group(s, &group, NULL, 0), PIER_EADDRNOTAVAIL);
    pier_free(s);
}

static void what_is_no_group_is_refused(void **state)
{
    struct pier_address group = multicast(), four = fake_inet(1, 0);
    struct pier_address six = fake_inet6(1, 0), group6;
    struct pier_socket *s = open_udp();

    (void)state;
    CHECK_OK(pier_address_inet6(&group6, "ff02::1", 0, 0, 0));
    fake_clear_calls();
    CHECK_ERR(pier_join_group(s, &four, NULL, 0), PIER_EINVAL);
    CHECK_ERR(pier_join_group(s, NULL, NULL, 0), PIER_EINVAL);
    CHECK_ERR(pier_join_group(s, &group6, NULL, 0), PIER_EAFNOSUPPORT);
    CHECK_ERR(pier_join_group(s, &group, &six, 0), PIER_EAFNOSUPPORT);
    CHECK_ERR(pier_join_group(s, &group, &group, 0), PIER_EINVAL);
    CHECK_ERR(pier_join_group(NULL, &group, NULL, 0), PIER_EINVAL);
    CHECK_INT(fake_system_calls(), 0);
    pier_free(s);
}

static void multicasts_go_out_as_set(void **state)
{
    struct pier_socket *s = open_udp(), *path = open_path();
    const struct fake_tuning *tuning = fake_tuning(pier_fileno(s));

    (void)state;
    CHECK_OK(pier_set_multicast(s, 5, true, 2));
    CHECK(tuning->hops == 5 && tuning->loop && tuning->interface_index == 2);
    CHECK_OK(pier_set_multicast(s, -1, false, 0));
    CHECK_INT(tuning->hops, 5);
    CHECK_ERR(pier_set_multicast(s, 256, true, 0), PIER_EINVAL);
    CHECK_ERR(pier_set_multicast(path, 1, true, 0), PIER_EAFNOSUPPORT);
    pier_free(s);
    pier_free(path);
}

static void control_codes_are_passed_on(void **state)
{
    struct pier_socket *s = open_tcp();
    char out[8];
    size_t length = sizeof(out);

    (void)state;
    CHECK_OK(pier_ioctl(s, FAKE_IOCTL_CODE, "abc", 3, out, &length));
    CHECK(length == 3 && memcmp(out, "cba", 3) == 0);
    CHECK_OK(pier_ioctl(s, FAKE_IOCTL_CODE, "abc", 3, NULL, NULL));
    CHECK_ERR(pier_ioctl(s, 1, NULL, 0, NULL, NULL), PIER_ENOTTY);
    CHECK_ERR(pier_ioctl(s, 1, NULL, 3, NULL, NULL), PIER_EINVAL);
    CHECK_ERR(pier_ioctl(s, 1, NULL, 0, out, NULL), PIER_EINVAL);
    pier_free(s);
}

static void a_connection_is_told_about(void **state)
{
    struct pier_socket *s = open_connected(), *u = open_udp();
    struct pier_tcp_info info = { .size = sizeof(info) };

    (void)state;
    CHECK_OK(pier_tcp_info(s, &info));
    CHECK_INT(info.state, PIER_TCP_STATE_ESTABLISHED);
    CHECK_INT(info.rtt_ns, MS);
    CHECK(info.size == sizeof(info) && info.known != 0);
    CHECK_ERR(pier_tcp_info(u, &info), PIER_ENOTSUP);
    info.size = sizeof(info) + 1;
    CHECK_ERR(pier_tcp_info(s, &info), PIER_EINVAL);
    info.size = 0;
    CHECK_ERR(pier_tcp_info(s, &info), PIER_EINVAL);
    CHECK_ERR(pier_tcp_info(s, NULL), PIER_EINVAL);
    pier_free(s);
    pier_free(u);
}

static void an_older_caller_has_room_for_less(void **state)
{
    struct pier_socket *s = open_connected();
    struct pier_tcp_info info;

    (void)state;
    memset(&info, 0x55, sizeof(info));
    info.size = offsetof(struct pier_tcp_info, rtt_variance_ns);
    CHECK_OK(pier_tcp_info(s, &info));
    CHECK_INT(info.rtt_ns, MS);
    CHECK(info.rtt_variance_ns == INT64_C(0x5555555555555555));
    pier_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_FAKE(linger_times_are_rounded_up_and_bounded),
        ON_FAKE(keepalive_goes_through_as_it_is),
        ON_FAKE(switches_switch),
        ON_FAKE(groups_are_joined_and_left),
        ON_FAKE(what_is_no_group_is_refused),
        ON_FAKE(multicasts_go_out_as_set),
        ON_FAKE(control_codes_are_passed_on),
        ON_FAKE(a_connection_is_told_about),
        ON_FAKE(an_older_caller_has_room_for_less),
    };

    return cmocka_run_group_tests_name("options", tests, NULL, NULL);
}
