/* SPDX-License-Identifier: MIT */
/* sendfile(2) of Linux, whose offset is given by a pointer. */
#include "wrapped.h"

#include <pthread.h>
#include <signal.h>
#include <string.h>

#define FILE_FD (SOME_FD + 1)

DOOR(ssize_t, sendfile, (int to, int file, void *offset, size_t length),
     (to, file, offset, length), TOLD(to, file, 0, V(length)), .in = offset,
     .in_length = sizeof(int64_t))

static void raise_as_the_kernel_does(struct script_call *call)
{
    (void)call;
    (void)pthread_kill(pthread_self(), SIGPIPE);
}

static bool is_pending(void)
{
    sigset_t pending;

    CHECK_INT(sigpending(&pending), 0);
    return sigismember(&pending, SIGPIPE) == 1;
}

static void change_mask(int how)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGPIPE);
    CHECK_INT(pthread_sigmask(how, &set, NULL), 0);
}

static bool is_blocked(void)
{
    sigset_t mask;

    CHECK_INT(pthread_sigmask(SIG_SETMASK, NULL, &mask), 0);
    return sigismember(&mask, SIGPIPE) == 1;
}

static void meet_a_broken_pipe(void)
{
    NEXT(sendfile, .result = -1, .error = EPIPE,
         .act = raise_as_the_kernel_does);
    CHECK_ERR(pierp_sendfile(SOME_FD, FILE_FD, 0, 5), PIER_EPIPE);
}

/* The default disposition would end the test. */
static void q53_a_signal_that_a_file_raises_is_taken_back(void **state)
{
    (void)state;
    meet_a_broken_pipe();
    CHECK(!is_pending());
    CHECK(!is_blocked());
    change_mask(SIG_BLOCK);
    meet_a_broken_pipe();
    CHECK(!is_pending());
    CHECK(is_blocked());
    change_mask(SIG_UNBLOCK);
}

/* The pages before the end of the connection went out. */
static void q53_a_signal_beside_progress_is_taken_back(void **state)
{
    (void)state;
    NEXT(sendfile, .result = 3, .act = raise_as_the_kernel_does);
    CHECK_INT(pierp_sendfile(SOME_FD, FILE_FD, 0, 5), 3);
    CHECK(!is_pending());
    CHECK(!is_blocked());
}

static void q53_a_signal_of_somebody_else_stays_pending(void **state)
{
    sigset_t set;
    int taken;

    (void)state;
    change_mask(SIG_BLOCK);
    CHECK_INT(pthread_kill(pthread_self(), SIGPIPE), 0);
    meet_a_broken_pipe();
    CHECK(is_pending());
    CHECK(is_blocked());
    sigemptyset(&set);
    sigaddset(&set, SIGPIPE);
    CHECK_INT(sigwait(&set, &taken), 0);
    change_mask(SIG_UNBLOCK);
}

/* Some of them are said of the file, some of the socket, some of both. */
static void q109_who_cannot_be_sent_so_is_read(void **state)
{
    static const int errors[] = { EINVAL, ENOSYS,   EOPNOTSUPP, ENOTSUP,
                                  ESPIPE, ENOTSOCK, EBADF,      EOVERFLOW };

    (void)state;
    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++) {
        NEXT(sendfile, .result = -1, .error = errors[i]);
        CHECK_ERR(pierp_sendfile(SOME_FD, FILE_FD, 0, 5), PIER_ENOTSUP);
    }
    NEXT(sendfile, .result = -1, .error = EIO);
    CHECK_ERR(pierp_sendfile(SOME_FD, FILE_FD, 0, 5), PIER_EIO);
    NEXT(sendfile, .result = -1, .error = EAGAIN);
    CHECK_ERR(pierp_sendfile(SOME_FD, FILE_FD, 0, 5), PIER_EAGAIN);
    NEXT(sendfile, .result = -1, .error = EINTR);
    CHECK_ERR(pierp_sendfile(SOME_FD, FILE_FD, 0, 5), PIER_EINTR);
    NEXT(sendfile, .result = -1, .error = ENOTCONN);
    CHECK_ERR(pierp_sendfile(SOME_FD, FILE_FD, 0, 5), PIER_ENOTCONN);
    CHECK_INT(CALLS(sendfile), sizeof errors / sizeof *errors + 4);
}

static void q109_the_offset_is_given_and_the_position_left(void **state)
{
    const int64_t far = INT64_C(5000000000);

    (void)state;
    NEXT(sendfile, .result = 3,
         .when = { ARGUMENT(1, SOME_FD), ARGUMENT(2, FILE_FD),
                   ARGUMENT(4, 5) });
    CHECK_INT(pierp_sendfile(SOME_FD, FILE_FD, far, 5), 3);
    CHECK(memcmp(script_call("sendfile", 0)->kept, &far, sizeof far) == 0);
    CHECK_CALLS("sendfile");
}

/* Linux moves no more at once, and says so by its count. */
static void q109_a_count_that_is_cut_is_a_count(void **state)
{
    (void)state;
    NEXT(sendfile, .result = 0x7ffff000);
    CHECK_INT(pierp_sendfile(SOME_FD, FILE_FD, 0, SIZE_MAX / 2), 0x7ffff000);
}

static void q109_the_end_of_the_file_is_zero(void **state)
{
    (void)state;
    NEXT(sendfile, .result = 0);
    CHECK_INT(pierp_sendfile(SOME_FD, FILE_FD, 7, 5), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        OS_TEST(q53_a_signal_beside_progress_is_taken_back),
        OS_TEST(q53_a_signal_of_somebody_else_stays_pending),
        OS_TEST(q53_a_signal_that_a_file_raises_is_taken_back),
        OS_TEST(q109_a_count_that_is_cut_is_a_count),
        OS_TEST(q109_the_end_of_the_file_is_zero),
        OS_TEST(q109_the_offset_is_given_and_the_position_left),
        OS_TEST(q109_who_cannot_be_sent_so_is_read),
    };

    return cmocka_run_group_tests(tests, script_start, NULL);
}
