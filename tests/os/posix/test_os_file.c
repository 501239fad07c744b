/* SPDX-License-Identifier: MIT */
/* A file without position on a system where a read may wait: it is looked at
 * before. */
#include "wrapped.h"

DOOR(ssize_t, read, (int fd, void *buffer, size_t length),
     (fd, buffer, length), TOLD(fd, 0, V(length)), .out = buffer,
     .room = length)

static char bytes[8];

static ptrdiff_t read_some(void)
{
    return pierp_file_read(SOME_FD, bytes, sizeof bytes, -1);
}

static void what_is_there_is_read(void **state)
{
    (void)state;
    NEXT(poll, .result = 1, .when = { ARGUMENT(3, 0) });
    NEXT(read, .result = 3, .when = { ARGUMENT(1, SOME_FD) });
    CHECK_INT(read_some(), 3);
    CHECK_CALLS("poll read");
}

static void where_nothing_is_seen_nothing_is_read(void **state)
{
    (void)state;
    NEXT(poll, .result = 0);
    CHECK_ERR(read_some(), PIER_EAGAIN);
    CHECK_CALLS("poll");
}

/* A read might wait, and the signal would not end it. */
static void a_look_that_a_signal_ended_is_no_leave_to_read(void **state)
{
    (void)state;
    NEXT(poll, .result = -1, .error = EINTR);
    CHECK_ERR(read_some(), PIER_EINTR);
    CHECK_CALLS("poll");
}

/* poll() passes over it. */
static void what_is_no_descriptor_is_refused_by_the_read(void **state)
{
    (void)state;
    NEXT(read, .result = -1, .error = EBADF, .when = { ARGUMENT(1, -1) });
    CHECK_ERR(pierp_file_read(-1, bytes, sizeof bytes, -1), PIER_EBADF);
    CHECK_CALLS("read");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        OS_TEST(what_is_there_is_read),
        OS_TEST(where_nothing_is_seen_nothing_is_read),
        OS_TEST(a_look_that_a_signal_ended_is_no_leave_to_read),
        OS_TEST(what_is_no_descriptor_is_refused_by_the_read),
    };

    return cmocka_run_group_tests(tests, script_start, NULL);
}
