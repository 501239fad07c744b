/* SPDX-License-Identifier: MIT */
/* Messages where the system has a call for several, and a flag that keeps
 * descriptors. */
#include "messages.h"

#include <string.h>

enum {
    BATCH = 40, /* more than go with one call */
    FEW = 3
};

static struct pier_datagram batch[BATCH];

static void make_batch(void)
{
    for (int i = 0; i < BATCH; i++)
        batch[i] = (struct pier_datagram){ room(1), -7 };
}

static void repeat_the_flag(struct script_call *call)
{
    struct msghdr *header = (struct msghdr *)call->arguments[HEADER];

    bring_descriptors(call);
    header->msg_flags |= MSG_CMSG_CLOEXEC;
}

static void q06_descriptors_come_private(void **state)
{
    struct pier_message m = room(2);
    max_align_t control[16];

    (void)state;
    memset(control, 0, sizeof control);
    m.control = control;
    m.control_length = sizeof control;
    NEXT(recvmsg, .result = 1, .act = repeat_the_flag);
    CHECK_INT(pierp_recvmsg(SOME_FD, &m, 0), 1);
    CHECK_INT(flags_of("recvmsg"), MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    CHECK_INT(m.flags, MSG_CTRUNC);
    CHECK_CALLS("recvmsg");
}

static void q53_a_message_raises_no_signal(void **state)
{
    (void)state;
    make_batch();
    NEXT(sendmsg, .result = 2);
    CHECK_INT(pierp_sendmsg(SOME_FD, &batch[0].message, 0), 2);
    CHECK_INT(flags_of("sendmsg"), MSG_DONTWAIT | MSG_NOSIGNAL);
    NEXT(sendmmsg, .result = 1);
    CHECK_INT(pierp_sendmmsg(SOME_FD, batch, 1, 0), 1);
    CHECK_INT(script_call("sendmmsg", 0)->arguments[3],
              MSG_DONTWAIT | MSG_NOSIGNAL);
}

static void answer_two(struct script_call *call)
{
    struct mmsghdr *headers = (struct mmsghdr *)call->arguments[HEADER];

    headers[0].msg_len = 2;
    headers[0].msg_hdr.msg_flags = MSG_CMSG_CLOEXEC;
    headers[1].msg_len = 1;
    headers[1].msg_hdr.msg_flags = MSG_CMSG_CLOEXEC | MSG_TRUNC;
}

static void several_come_with_one_call(void **state)
{
    const struct script_call *call;

    (void)state;
    make_batch();
    NEXT(recvmmsg, .result = 2, .act = answer_two);
    CHECK_INT(pierp_recvmmsg(SOME_FD, batch, FEW, 0), 2);
    call = script_call("recvmmsg", 0);
    CHECK_INT(call->arguments[2], FEW);
    CHECK_INT(call->arguments[3], MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    CHECK_INT(call->arguments[4], 0);
    CHECK(batch[0].result == 2 && batch[0].message.flags == 0);
    CHECK(batch[1].result == 1 && batch[1].message.flags == MSG_TRUNC);
    CHECK_INT(batch[2].result, -7);
    check_untouched(&batch[2].message);
    NEXT(recvmmsg, .result = -1, .error = EINTR);
    CHECK_ERR(pierp_recvmmsg(SOME_FD, batch, FEW, 0), PIER_EINTR);
    CHECK_CALLS("recvmmsg recvmmsg");
}

static void several_go_with_one_call(void **state)
{
    (void)state;
    make_batch();
    NEXT(sendmmsg, .result = 2, .act = answer_two);
    CHECK_INT(pierp_sendmmsg(SOME_FD, batch, FEW, 0), 2);
    CHECK_INT(script_call("sendmmsg", 0)->arguments[2], FEW);
    CHECK(batch[0].result == 2 && batch[1].result == 1);
    CHECK_INT(batch[2].result, -7);
    NEXT(sendmmsg, .result = -1, .error = EPROTOTYPE);
    CHECK_ERR(pierp_sendmmsg(SOME_FD, batch, FEW, 0), PIER_ECONNRESET);
    CHECK_CALLS("sendmmsg sendmmsg");
}

static void one_call_has_a_limit(void **state)
{
    (void)state;
    make_batch();
    NEXT(recvmmsg, .result = 1);
    NEXT(sendmmsg, .result = 1);
    CHECK_INT(pierp_recvmmsg(SOME_FD, batch, BATCH, 0), 1);
    CHECK_INT(pierp_sendmmsg(SOME_FD, batch, BATCH, 0), 1);
    CHECK_INT(script_call("recvmmsg", 0)->arguments[2], PIERP_BATCH_MAX);
    CHECK_INT(script_call("sendmmsg", 0)->arguments[2], PIERP_BATCH_MAX);
}

/* Those before it go; the next call tells of it. */
static void one_with_too_many_buffers_ends_the_batch(void **state)
{
    (void)state;
    make_batch();
    batch[2].message.buffer_count = IOV_MAX + 1;
    NEXT(sendmmsg, .result = 2);
    CHECK_INT(pierp_sendmmsg(SOME_FD, batch, FEW, 0), 2);
    CHECK_INT(script_call("sendmmsg", 0)->arguments[2], 2);
    CHECK_ERR(pierp_sendmmsg(SOME_FD, batch + 2, 1, 0), PIER_EMSGSIZE);
    CHECK_ERR(pierp_recvmmsg(SOME_FD, batch + 2, 1, 0), PIER_EMSGSIZE);
    CHECK_CALLS("sendmmsg");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        OS_TEST(q06_descriptors_come_private),
        OS_TEST(q53_a_message_raises_no_signal),
        OS_TEST(several_come_with_one_call),
        OS_TEST(several_go_with_one_call),
        OS_TEST(one_call_has_a_limit),
        OS_TEST(one_with_too_many_buffers_ends_the_batch),
    };

    return cmocka_run_group_tests_name("os.message_linux", tests, script_start,
                                       NULL);
}
