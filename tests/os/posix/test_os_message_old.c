/* SPDX-License-Identifier: MIT */
/* Messages of a system that has only what POSIX 2001 had. */
#include "messages.h"

#include <pthread.h>
#include <signal.h>
#include <string.h>

static max_align_t control[16];

static struct pier_message room_for_descriptors(void)
{
    struct pier_message m = room(2);

    memset(control, 0, sizeof control);
    m.control = control;
    m.control_length = sizeof control;
    return m;
}

static void expect_mark(int fd)
{
    NEXT(fcntl, .result = 0,
         .when = { ARGUMENT(1, fd), ARGUMENT(2, F_SETFD),
                   ARGUMENT(3, FD_CLOEXEC) });
}

/* Three of the first item and the whole one of the last. */
static void q06_descriptors_that_come_are_made_private_one_by_one(void **state)
{
    struct pier_message m = room_for_descriptors();

    (void)state;
    NEXT(recvmsg, .result = 1, .act = bring_descriptors);
    for (int i = 0; i < 3; i++)
        expect_mark(SOME_FD + i);
    expect_mark(SOME_FD);
    CHECK_INT(pierp_recvmsg(SOME_FD, &m, 0), 1);
    CHECK_INT(flags_of("recvmsg"), MSG_DONTWAIT);
    CHECK_INT(m.flags, MSG_CTRUNC);
    CHECK_CALLS("recvmsg fcntl fcntl fcntl fcntl");
}

static void forget_control(struct script_call *call)
{
    struct msghdr *header = (struct msghdr *)call->arguments[HEADER];

    header->msg_controllen = 0;
}

static void without_control_data_there_is_nothing_to_mark(void **state)
{
    struct pier_message m = room_for_descriptors();

    (void)state;
    NEXT(recvmsg, .result = 1, .act = forget_control);
    CHECK_INT(pierp_recvmsg(SOME_FD, &m, 0), 1);
    m = room(1);
    NEXT(recvmsg, .result = 1);
    CHECK_INT(pierp_recvmsg(SOME_FD, &m, 0), 1);
    CHECK_CALLS("recvmsg recvmsg");
}

/* ------------------------------------------------------------- batches --- */

static void make_batch(struct pier_datagram *d)
{
    for (int i = 0; i < 3; i++)
        d[i] = (struct pier_datagram){ room(1), -7 };
}

static void several_are_received_one_by_one(void **state)
{
    struct pier_datagram d[3];

    (void)state;
    make_batch(d);
    NEXT(recvmsg, .result = 2);
    NEXT(recvmsg, .result = 1);
    NEXT(recvmsg, .result = -1, .error = EAGAIN);
    CHECK_INT(pierp_recvmmsg(SOME_FD, d, 3, 0), 2);
    CHECK(d[0].result == 2 && d[1].result == 1 && d[2].result == -7);
    NEXT(recvmsg, .result = -1, .error = ENOMEM);
    CHECK_ERR(pierp_recvmmsg(SOME_FD, d, 3, 0), PIER_ENOMEM);
    CHECK_CALLS("recvmsg recvmsg recvmsg recvmsg");
}

static void several_are_sent_one_by_one(void **state)
{
    struct pier_datagram d[3];

    (void)state;
    make_batch(d);
    NEXT(sendmsg, .result = 2);
    NEXT(sendmsg, .result = 0);
    NEXT(sendmsg, .result = 1);
    CHECK_INT(pierp_sendmmsg(SOME_FD, d, 3, 0), 3);
    CHECK(d[0].result == 2 && d[1].result == 0 && d[2].result == 1);
    NEXT(sendmsg, .result = 2);
    NEXT(sendmsg, .result = -1, .error = ECONNREFUSED);
    CHECK_INT(pierp_sendmmsg(SOME_FD, d, 3, 0), 1);
    NEXT(sendmsg, .result = -1, .error = ECONNREFUSED);
    CHECK_ERR(pierp_sendmmsg(SOME_FD, d, 3, 0), PIER_ECONNREFUSED);
}

/* ------------------------------------------------------------- lengths --- */

static size_t total;
static size_t last_length;

static void add_lengths(struct script_call *call)
{
    const struct msghdr *header =
        (const struct msghdr *)call->arguments[HEADER];

    total = 0;
    for (size_t i = 0; i < (size_t)header->msg_iovlen; i++) {
        last_length = header->msg_iov[i].iov_len;
        total += last_length;
    }
}

static void q56_buffers_beyond_an_int_are_held_to_one(void **state)
{
    struct pier_message m = room(4);
    struct pier_address from;

    (void)state;
    m.buffers[1].length = INT_MAX;
    m.address = &from;
    NEXT(recvmsg, .result = 5, .act = add_lengths);
    CHECK_INT(pierp_recvmsg(SOME_FD, &m, 0), 5);
    CHECK(total == INT_MAX && last_length == 0);
    CHECK(m.flags == 0 && from.length == sizeof from.storage.bytes);
    m.address = NULL;
    NEXT(sendmsg, .result = 5, .act = add_lengths);
    CHECK_INT(pierp_sendmsg(SOME_FD, &m, 0), 5);
    CHECK(total == INT_MAX && last_length == 0);
    CHECK_INT(script_call("sendmsg", 0)->arguments[IOV_COUNT], 4);
    CHECK_INT(m.buffers[1].length, INT_MAX);
    NEXT(recvmsg, .result = -1, .error = EAGAIN);
    CHECK_ERR(pierp_recvmsg(SOME_FD, &m, 0), PIER_EAGAIN);
}

/* ------------------------------------------------------------- SIGPIPE --- */

static void raise_as_the_kernel_does(struct script_call *call)
{
    (void)call;
    (void)pthread_kill(pthread_self(), SIGPIPE);
}

static bool is_pending_or_blocked(void)
{
    sigset_t pending;
    sigset_t mask;

    CHECK_INT(sigpending(&pending), 0);
    CHECK_INT(pthread_sigmask(SIG_SETMASK, NULL, &mask), 0);
    return sigismember(&pending, SIGPIPE) || sigismember(&mask, SIGPIPE);
}

/* The default disposition would end the test. */
static void q53_a_signal_that_a_message_raises_is_taken_back(void **state)
{
    struct pier_datagram d = { room(1), 0 };

    (void)state;
    NEXT(sendmsg, .result = -1, .error = EPIPE,
         .act = raise_as_the_kernel_does);
    CHECK_ERR(pierp_sendmsg(SOME_FD, &d.message, 0), PIER_EPIPE);
    CHECK(!is_pending_or_blocked());
    NEXT(sendmsg, .result = -1, .error = EPIPE,
         .act = raise_as_the_kernel_does);
    CHECK_ERR(pierp_sendmmsg(SOME_FD, &d, 1, 0), PIER_EPIPE);
    CHECK(!is_pending_or_blocked());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        OS_TEST(q06_descriptors_that_come_are_made_private_one_by_one),
        OS_TEST(without_control_data_there_is_nothing_to_mark),
        OS_TEST(several_are_received_one_by_one),
        OS_TEST(several_are_sent_one_by_one),
        OS_TEST(q56_buffers_beyond_an_int_are_held_to_one),
        OS_TEST(q53_a_signal_that_a_message_raises_is_taken_back),
    };

    return cmocka_run_group_tests_name("os.message_old", tests, script_start,
                                       NULL);
}
