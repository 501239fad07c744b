/* SPDX-License-Identifier: MIT */
/* The flags of descriptors, which data calls do not show, and their number. */
#include "../loopback.h"
#include "thread.h"

#include <fcntl.h>

static void check_flags(pier_handle h)
{
    CHECK((fcntl((int)h, F_GETFL) & O_NONBLOCK) != 0);
    CHECK((fcntl((int)h, F_GETFD) & FD_CLOEXEC) != 0);
}

static int count_descriptors(void)
{
    int count = 0;

    for (int fd = 0; fd < 1000; fd++)
        count += fcntl(fd, F_GETFD) >= 0;
    return count;
}

static void every_new_descriptor_is_private_and_does_not_block(void **state)
{
    pier_handle ends[2], pair[2], copy;

    (void)state;
    open_connection(ends);
    check_flags(ends[0]);
    check_flags(ends[1]);
    CHECK_OK(pierp_dup(&copy, ends[0]));
    check_flags(copy);
    CHECK_OK(pierp_pair(pair, PIER_AF_UNIX, PIER_SOCK_STREAM, 0));
    check_flags(pair[0]);
    check_flags(pair[1]);
    CHECK_OK(pierp_close(copy));
    close_all(pair, 2);
    close_all(ends, 2);
}

static void failures_leave_no_descriptor_open(void **state)
{
    int before = count_descriptors();
    pier_handle h, pair[2];

    (void)state;
    CHECK(pierp_open(&h, PIER_AF_INET, PIER_SOCK_STREAM, 9999) < 0);
    CHECK(pierp_pair(pair, PIER_AF_INET, PIER_SOCK_STREAM, 0) < 0);
    CHECK_ERR(pierp_dup(&h, 999), PIER_EBADF);
    CHECK_INT(count_descriptors(), before);
}

static void make_wake(void *argument)
{
    struct pierp_wake *own;

    *(pier_err *)argument = pierp_thread_wake(&own);
}

static void a_thread_gives_its_wake_back(void **state)
{
    int before = count_descriptors();

    (void)state;
    for (int i = 0; i < 20; i++) {
        pier_err err = PIER_EUNKNOWN;

        thread_join(thread_start(make_wake, &err));
        CHECK_OK(err);
    }
    CHECK_INT(count_descriptors(), before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_new_descriptor_is_private_and_does_not_block),
        cmocka_unit_test(failures_leave_no_descriptor_open),
        cmocka_unit_test(a_thread_gives_its_wake_back),
    };

    return cmocka_run_group_tests(tests, start_seam, NULL);
}
