/* SPDX-License-Identifier: MIT */
/* poll() refuses more entries than the process may have descriptors, even of
 * what is passed over or stands there twice. */
#include "loopback.h"

#include <sys/resource.h>

enum {
    LIMIT = 64,
    COUNT = 300,
};

static struct pierp_pollitem items[COUNT];

static int lower_the_limit(void **state)
{
    struct rlimit limit;

    (void)state;
    if (pierp_start() != PIER_OK || getrlimit(RLIMIT_NOFILE, &limit) < 0)
        return -1;
    limit.rlim_cur = LIMIT;
    return setrlimit(RLIMIT_NOFILE, &limit);
}

static void fill(pier_handle h)
{
    for (size_t i = 0; i < COUNT; i++)
        items[i] = (struct pierp_pollitem){ h, PIERP_POLL_IN, 77 };
}

static unsigned poll_all(int64_t timeout)
{
    struct pierp_wake *own;
    unsigned got = 77;

    CHECK_OK(pierp_thread_wake(&own));
    CHECK_OK(pierp_poll(items, COUNT, &own, 1, timeout, &got));
    return got;
}

static pier_handle bound_datagram_socket(void)
{
    struct pier_address where;

    return open_bound(PIER_AF_INET, PIER_SOCK_DGRAM, &where);
}

static void what_is_passed_over_does_not_count(void **state)
{
    pier_handle s = bound_datagram_socket();

    (void)state;
    fill(PIER_INVALID_HANDLE);
    items[COUNT - 1] = (struct pierp_pollitem){ s, PIERP_POLL_OUT, 77 };
    CHECK_INT(poll_all(-1), PIERP_READY);
    CHECK_INT(items[0].revents, 0);
    CHECK_INT(items[COUNT - 1].revents, PIERP_POLL_OUT);
    close_all(&s, 1);
}

static void one_handle_may_stand_in_every_place(void **state)
{
    pier_handle s = bound_datagram_socket();

    (void)state;
    fill(s);
    CHECK_INT(poll_all(0), 0);
    CHECK_INT(items[0].revents, 0);
    for (size_t i = 0; i < COUNT; i += 2)
        items[i].events = PIERP_POLL_OUT;
    CHECK_INT(poll_all(-1), PIERP_READY);
    for (size_t i = 0; i < COUNT; i++)
        CHECK_INT(items[i].revents, i % 2 ? 0 : PIERP_POLL_OUT);
    close_all(&s, 1);
}

static void any_number_of_bad_handles_is_told(void **state)
{
    pier_handle s = bound_datagram_socket();

    (void)state;
    for (size_t i = 0; i < COUNT; i++) {
        items[i] = (struct pierp_pollitem){ (pier_handle)(10000 + i),
                                            PIERP_POLL_IN, 77 };
    }
    items[7] = (struct pierp_pollitem){ s, PIERP_POLL_IN | PIERP_POLL_OUT, 7 };
    CHECK_INT(poll_all(-1), PIERP_READY);
    for (size_t i = 0; i < COUNT; i++)
        CHECK_INT(items[i].revents, i == 7 ? PIERP_POLL_OUT : PIERP_POLL_NVAL);
    close_all(&s, 1);
}

static void a_wake_ends_the_wait_of_very_many(void **state)
{
    pier_handle s = bound_datagram_socket();
    struct pierp_wake *own;

    (void)state;
    CHECK_OK(pierp_thread_wake(&own));
    fill(s);
    pierp_wake_signal(own);
    CHECK_INT(poll_all(-1), PIERP_WOKEN);
    pierp_wake_drain(own);
    close_all(&s, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_passed_over_does_not_count),
        cmocka_unit_test(one_handle_may_stand_in_every_place),
        cmocka_unit_test(any_number_of_bad_handles_is_told),
        cmocka_unit_test(a_wake_ends_the_wait_of_very_many),
    };

    return cmocka_run_group_tests(tests, lower_the_limit, NULL);
}
