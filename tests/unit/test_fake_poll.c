/* SPDX-License-Identifier: MIT */
/* The fake's wait for many handles, and the options that it notes. */
#include "unit.h"

#include <string.h>

static unsigned poll_all(struct pierp_pollitem *items, size_t count,
                         int64_t timeout)
{
    struct pierp_wake *wake;
    unsigned got = 0;

    CHECK_OK(pierp_thread_wake(&wake));
    CHECK_OK(pierp_poll(items, count, &wake, 1, timeout, &got));
    return got;
}

static void a_poll_tells_what_is_ready_of_what_was_asked(void **state)
{
    pier_handle h = fake_connected();
    struct pierp_pollitem items[3] = { { h, PIERP_POLL_IN, 9 },
                                       { h, PIERP_POLL_OUT, 9 },
                                       { PIER_INVALID_HANDLE, 1, 9 } };

    (void)state;
    CHECK_INT(poll_all(items, 3, -1), PIERP_READY);
    CHECK_INT(items[0].revents, 0);
    CHECK_INT(items[1].revents, PIERP_POLL_OUT);
    CHECK_INT(items[2].revents, 0);
    fake_feed(h, "x", 1, 10 * MS);
    CHECK_INT(poll_all(items, 1, 5 * MS), 0);
    CHECK_INT(poll_all(items, 1, -1), PIERP_READY);
    CHECK_INT(fake_now(), 10 * MS);
    CHECK_INT(items[0].revents, PIERP_POLL_IN);
    CHECK_OK(pierp_close(h));
}

static void ends_and_errors_are_told_unasked(void **state)
{
    pier_handle h = fake_connected();
    struct pierp_pollitem item = { h, PIERP_POLL_IN | PIERP_POLL_RDHUP, 0 };

    (void)state;
    fake_feed_eof(h, 0);
    CHECK_INT(poll_all(&item, 1, -1), PIERP_READY);
    CHECK_INT(item.revents, PIERP_POLL_IN | PIERP_POLL_RDHUP);
    item.events = 0;
    CHECK_INT(poll_all(&item, 1, 0), 0);
    fake_feed_reset(h, 0);
    CHECK_INT(poll_all(&item, 1, 0), PIERP_READY);
    CHECK_INT(item.revents, PIERP_POLL_ERR | PIERP_POLL_HUP);
    CHECK_OK(pierp_close(h));
    CHECK_INT(poll_all(&item, 1, 0), PIERP_READY);
    CHECK_INT(item.revents, PIERP_POLL_NVAL);
}

static void an_unconnected_stream_has_nothing_to_tell(void **state)
{
    struct pier_address to = fake_inet(1, 80);
    struct pierp_pollitem item = { 0, PIERP_POLL_IN | PIERP_POLL_OUT, 0 };

    (void)state;
    fake_remote_set(&to, FAKE_REFUSES, 10 * MS);
    CHECK_OK(pierp_open(&item.handle, PIER_AF_INET, PIER_SOCK_STREAM, 0));
    CHECK_INT(poll_all(&item, 1, 5 * MS), 0);
    CHECK_ERR(pierp_connect(item.handle, &to), PIER_EINPROGRESS);
    CHECK_INT(poll_all(&item, 1, 5 * MS), 0);
    CHECK_INT(poll_all(&item, 1, -1), PIERP_READY);
    CHECK_INT(fake_now(), 15 * MS);
    CHECK(item.revents & PIERP_POLL_OUT);
    CHECK(item.revents & PIERP_POLL_ERR);
    CHECK_ERR(pierp_connect_result(item.handle), PIER_ECONNREFUSED);
    CHECK_OK(pierp_close(item.handle));
}

static void do_close_handle(void *handle)
{
    (void)!pierp_close(*(const pier_handle *)handle);
}

static void a_close_under_a_poll_is_misuse(void **state)
{
    struct pierp_pollitem item = { fake_connected(), PIERP_POLL_IN, 0 };

    (void)state;
    fake_at(1 * MS, do_close_handle, &item.handle);
    CHECK_INT(poll_all(&item, 1, 2 * MS), PIERP_READY);
    expect_misuse("while a thread waits for it");
}

static void what_was_tuned_is_shown(void **state)
{
    const struct pierp_keepalive k = { true, SECOND, 2 * SECOND, 3 };
    pier_handle h = fake_connected();

    (void)state;
    CHECK_OK(pierp_set_quickack(h, true));
    CHECK_OK(pierp_set_keepalive(h, &k));
    CHECK_OK(pierp_set_linger(h, true, 7));
    CHECK_OK(pierp_set_multicast(h, PIER_AF_INET, 5, true, 2));
    CHECK(fake_tuning(h)->quickack && fake_tuning(h)->linger);
    CHECK_INT(fake_tuning(h)->keepalive.idle, SECOND);
    CHECK_INT(fake_tuning(h)->linger_seconds, 7);
    CHECK_INT(fake_tuning(h)->hops, 5);
    CHECK_OK(pierp_set_multicast(h, PIER_AF_INET, -1, false, 0));
    CHECK_INT(fake_tuning(h)->hops, 5);
    CHECK_OK(pierp_close(h));
}

static void a_member_joins_once_and_leaves_once(void **state)
{
    struct pier_address group = fake_inet(200, 0), source = fake_inet(1, 0);
    const struct pierp_membership any = { &group, NULL, 1 };
    const struct pierp_membership one = { &group, &source, 1 };
    pier_handle h = fake_connected();

    (void)state;
    CHECK_OK(pierp_change_membership(h, &any, true));
    CHECK_ERR(pierp_change_membership(h, &any, true), PIER_EADDRINUSE);
    CHECK_ERR(pierp_change_membership(h, &one, false), PIER_EADDRNOTAVAIL);
    CHECK_OK(pierp_change_membership(h, &one, true));
    CHECK_INT(fake_memberships(h), 2);
    CHECK_OK(pierp_change_membership(h, &any, false));
    CHECK_INT(fake_memberships(h), 1);
    CHECK_OK(pierp_close(h));
}

static void control_codes_go_through(void **state)
{
    pier_handle h = fake_connected();
    char out[8];
    size_t length = sizeof(out);

    (void)state;
    CHECK_OK(pierp_ioctl(h, FAKE_IOCTL_CODE, "abc", 3, out, &length));
    CHECK(length == 3 && memcmp(out, "cba", 3) == 0);
    CHECK_ERR(pierp_ioctl(h, 1, "abc", 3, out, &length), PIER_ENOTTY);
    CHECK_OK(pierp_close(h));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_FAKE(a_poll_tells_what_is_ready_of_what_was_asked),
        ON_FAKE(ends_and_errors_are_told_unasked),
        ON_FAKE(an_unconnected_stream_has_nothing_to_tell),
        ON_FAKE(a_close_under_a_poll_is_misuse),
        ON_FAKE(what_was_tuned_is_shown),
        ON_FAKE(a_member_joins_once_and_leaves_once),
        ON_FAKE(control_codes_go_through),
    };

    return cmocka_run_group_tests_name("fake_poll", tests, NULL, NULL);
}
