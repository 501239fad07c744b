/* SPDX-License-Identifier: MIT */
/* A file without position where the kernel can be told not to wait. */
#include "wrapped.h"

#include <sys/uio.h>

DOOR(ssize_t, read, (int fd, void *buffer, size_t length),
     (fd, buffer, length), TOLD(fd, 0, V(length)), .out = buffer,
     .room = length)
DOOR(ssize_t, preadv2,
     (int fd, const struct iovec *pieces, int count, int64_t offset,
      int flags),
     (fd, pieces, count, offset, flags), TOLD(fd, 0, count, V(offset), flags))

static char bytes[8];

static ptrdiff_t read_some(void)
{
    return pierp_file_read(SOME_FD, bytes, sizeof bytes, -1);
}

/* Not even where another reader takes what a look would have seen. */
static void a_read_never_waits(void **state)
{
    (void)state;
    NEXT(preadv2, .result = 3,
         .when = { ARGUMENT(1, SOME_FD), ARGUMENT(4, -1),
                   ARGUMENT(5, RWF_NOWAIT) });
    CHECK_INT(read_some(), 3);
    NEXT(preadv2, .result = 0);
    CHECK_INT(read_some(), 0);
    NEXT(preadv2, .result = -1, .error = EAGAIN);
    CHECK_ERR(read_some(), PIER_EAGAIN);
    NEXT(preadv2, .result = -1, .error = EINTR);
    CHECK_ERR(read_some(), PIER_EINTR);
    NEXT(preadv2, .result = -1, .error = EBADF);
    CHECK_ERR(read_some(), PIER_EBADF);
    CHECK_CALLS("preadv2 preadv2 preadv2 preadv2 preadv2");
}

static void check_looked_at_instead(int error)
{
    NEXT(preadv2, .result = -1, .error = error);
    NEXT(poll, .result = 1);
    NEXT(read, .result = 3);
    CHECK_INT(read_some(), 3);
    NEXT(preadv2, .result = -1, .error = error);
    NEXT(poll, .result = 0);
    CHECK_ERR(read_some(), PIER_EAGAIN);
    CHECK_CALLS("preadv2 poll read preadv2 poll");
}

/* Pipes of older kernels, terminals. */
static void a_file_that_cannot_be_asked_so_is_looked_at(void **state)
{
    (void)state;
    check_looked_at_instead(EOPNOTSUPP);
}

static void a_system_without_the_call_is_looked_at(void **state)
{
    (void)state;
    check_looked_at_instead(ENOSYS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        OS_TEST(a_read_never_waits),
        OS_TEST(a_file_that_cannot_be_asked_so_is_looked_at),
        OS_TEST(a_system_without_the_call_is_looked_at),
    };

    return cmocka_run_group_tests(tests, script_start, NULL);
}
