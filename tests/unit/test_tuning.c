/* SPDX-License-Identifier: MIT */
/* What is refused before the system is asked, and what reaches it. */
#include "unit.h"

#include <pier/poll.h>

static void a_linger_time_reaches_the_system_in_seconds(void **state)
{
    struct pier_socket *s = open_tcp();
    const struct fake_tuning *t = fake_tuning(pier_fileno(s));

    (void)state;
    CHECK_OK(pier_set_linger(s, true, 1));
    CHECK(t->linger && t->linger_seconds == 1);
    CHECK_OK(pier_set_linger(s, true, 65535 * SECOND));
    CHECK_INT(t->linger_seconds, 65535);
    CHECK_ERR(pier_set_linger(s, true, 65535 * SECOND + 1), PIER_EINVAL);
    CHECK_ERR(pier_set_linger(s, true, INT64_MAX), PIER_EINVAL);
    CHECK_ERR(pier_set_linger(s, true, -1), PIER_EINVAL);
    CHECK_INT(t->linger_seconds, 65535);
    CHECK_OK(pier_set_linger(s, false, -1));
    CHECK(!t->linger);
    pier_free(s);
}

static void what_is_no_group_is_refused(void **state)
{
    struct pier_socket *s = open_udp();
    struct pier_address one = fake_inet(1, 1), six, group;

    (void)state;
    CHECK_OK(pier_address_inet(&group, "239.1.2.3", 0));
    CHECK_OK(pier_address_inet6(&six, "ff05::1", 0, 0, 3));
    CHECK_ERR(pier_join_group(s, NULL, NULL, 0), PIER_EINVAL);
    CHECK_ERR(pier_join_group(s, &one, NULL, 0), PIER_EINVAL);
    CHECK_ERR(pier_join_group(s, &six, NULL, 0), PIER_EAFNOSUPPORT);
    CHECK_ERR(pier_join_group(s, &group, &six, 0), PIER_EAFNOSUPPORT);
    CHECK_ERR(pier_join_group(s, &group, &group, 0), PIER_EINVAL);
    CHECK_ERR(pier_set_multicast(s, 256, true, 0), PIER_EINVAL);
    CHECK_INT(fake_memberships(pier_fileno(s)), 0);
    CHECK_OK(pier_join_group(s, &group, &one, 0));
    CHECK_ERR(pier_join_group(s, &group, &one, 0), PIER_EADDRINUSE);
    CHECK_OK(pier_leave_group(s, &group, &one, 0));
    CHECK_ERR(pier_leave_group(s, &group, &one, 0), PIER_EADDRNOTAVAIL);
    pier_free(s);
}

static void information_is_given_as_far_as_there_is_room(void **state)
{
    struct pier_socket *s = open_connected();
    struct pier_tcp_info info = { .size = 0 };

    (void)state;
    CHECK_ERR(pier_tcp_info(s, NULL), PIER_EINVAL);
    CHECK_ERR(pier_tcp_info(s, &info), PIER_EINVAL);
    info.size = sizeof(info) + 1;
    CHECK_ERR(pier_tcp_info(s, &info), PIER_EINVAL);
    info.size = offsetof(struct pier_tcp_info, state);
    info.state = 77;
    CHECK_OK(pier_tcp_info(s, &info));
    CHECK(info.rtt_ns > 0);
    CHECK_INT(info.state, 77);
    info.size = sizeof(info);
    CHECK_OK(pier_tcp_info(s, &info));
    CHECK_INT(info.state, PIER_TCP_STATE_ESTABLISHED);
    pier_free(s);
}

static void a_wait_ends_at_its_time_and_not_the_sockets(void **state)
{
    struct pier_socket *s = open_connected();
    unsigned found = 7;

    (void)state;
    CHECK_OK(pier_settimeout(s, 1 * MS));
    CHECK_ERR(pier_wait_for(s, PIER_POLLIN, 50 * MS, &found), PIER_EDEADLINE);
    CHECK_INT(fake_now(), 50 * MS);
    CHECK_INT(found, 7);
    fake_interrupt_wait(3);
    fake_feed(pier_fileno(s), "x", 1, 20 * MS);
    CHECK_OK(pier_wait_for(s, PIER_POLLIN, 50 * MS, &found));
    CHECK_INT(fake_now(), 70 * MS);
    CHECK_INT(found, PIER_POLLIN);
    CHECK_ERR(pier_wait_for(s, PIER_POLLEDGE, 0, &found), PIER_EINVAL);
    pier_free(s);
}

static void closing_and_firing_end_a_wait_at_once(void **state)
{
    struct pier_socket *s = open_connected();
    struct pier_cancel *token;

    (void)state;
    CHECK_OK(pier_cancel_new(&token));
    CHECK_OK(pier_set_cancel(s, token));
    fake_at(10 * MS, do_fire, token);
    CHECK_ERR(pier_wait_for(s, PIER_POLLIN, PIER_FOREVER, NULL),
              PIER_ECANCELED);
    CHECK_INT(fake_now(), 10 * MS);
    CHECK_OK(pier_set_cancel(s, NULL));
    fake_at(10 * MS, do_close, s);
    CHECK_ERR(pier_wait_for(s, PIER_POLLIN, PIER_FOREVER, NULL), PIER_EBADF);
    CHECK_INT(fake_now(), 20 * MS);
    fake_join();
    pier_free(s);
    pier_cancel_free(token);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_FAKE(a_linger_time_reaches_the_system_in_seconds),
        ON_FAKE(what_is_no_group_is_refused),
        ON_FAKE(information_is_given_as_far_as_there_is_room),
        ON_FAKE(a_wait_ends_at_its_time_and_not_the_sockets),
        ON_FAKE(closing_and_firing_end_a_wait_at_once),
    };

    return cmocka_run_group_tests_name("unit.tuning", tests, NULL, NULL);
}
