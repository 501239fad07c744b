/* SPDX-License-Identifier: MIT */
/* Messages: what the system is given and what it says. */
#include "messages.h"

#include <string.h>

static void q54_an_interrupted_message_is_told_and_not_repeated(void **state)
{
    struct pier_message m = room(2);

    (void)state;
    NEXT(recvmsg, .result = -1, .error = EINTR);
    NEXT(sendmsg, .result = -1, .error = EINTR);
    CHECK_ERR(pierp_recvmsg(SOME_FD, &m, 0), PIER_EINTR);
    CHECK_ERR(pierp_sendmsg(SOME_FD, &m, 0), PIER_EINTR);
    CHECK_CALLS("recvmsg sendmsg");
    check_untouched(&m);
}

static void q55_a_message_never_blocks(void **state)
{
    struct pier_message m = room(2);

    (void)state;
    NEXT(recvmsg, .result = -1, .error = EAGAIN);
    NEXT(sendmsg, .result = -1, .error = EAGAIN);
    CHECK_ERR(pierp_recvmsg(SOME_FD, &m, MSG_PEEK), PIER_EAGAIN);
    CHECK_ERR(pierp_sendmsg(SOME_FD, &m, MSG_OOB), PIER_EAGAIN);
    CHECK(flags_of("recvmsg") & MSG_DONTWAIT);
    CHECK(flags_of("recvmsg") & MSG_PEEK);
    CHECK(flags_of("sendmsg") & MSG_DONTWAIT);
    CHECK(flags_of("sendmsg") & MSG_OOB);
}

static void q19_a_message_after_the_end_is_a_broken_pipe(void **state)
{
    const struct pier_message m = room(2);

    (void)state;
    NEXT(sendmsg, .result = -1, .error = EPIPE);
    CHECK_ERR(pierp_sendmsg(SOME_FD, &m, 0), PIER_EPIPE);
}

static void q64_a_message_while_it_is_torn_down_is_a_reset(void **state)
{
    struct pier_message m = room(2);
    struct pier_address to = script_loopback(PIER_AF_INET, 9);

    (void)state;
    NEXT(sendmsg, .result = -1, .error = EPROTOTYPE);
    CHECK_ERR(pierp_sendmsg(SOME_FD, &m, 0), PIER_ECONNRESET);
    CHECK_INT(pierp_native_error(), EPROTOTYPE);
    m.address = &to;
    NEXT(sendmsg, .result = -1, .error = EPROTOTYPE);
    CHECK_ERR(pierp_sendmsg(SOME_FD, &m, 0), PIER_EPROTOTYPE);
}

static void buffers_go_to_the_system_as_they_are(void **state)
{
    struct pier_message m = room(3);
    const struct script_call *call;

    (void)state;
    NEXT(sendmsg, .result = 5);
    CHECK_INT(pierp_sendmsg(SOME_FD, &m, 0), 5);
    call = script_call("sendmsg", 0);
    CHECK_INT(call->arguments[IOV_COUNT], 3);
    CHECK(call->arguments[IOV] == (intptr_t)m.buffers);
    CHECK_INT(call->arguments[NAME_LENGTH], 0);
    CHECK_INT(call->arguments[CONTROL_LENGTH], 0);
    NEXT(recvmsg, .result = 5);
    CHECK_INT(pierp_recvmsg(SOME_FD, &m, 0), 5);
    CHECK(script_call("recvmsg", 0)->arguments[IOV] == (intptr_t)m.buffers);
}

/* macOS refuses a message without any buffer. */
static void no_buffers_are_an_empty_one(void **state)
{
    struct pier_message m = room(0);

    (void)state;
    m.buffers = NULL;
    NEXT(recvmsg, .result = 0, .act = look_at_the_buffer);
    NEXT(sendmsg, .result = 0, .act = look_at_the_buffer);
    CHECK_INT(pierp_recvmsg(SOME_FD, &m, 0), 0);
    CHECK_INT(pierp_sendmsg(SOME_FD, &m, 0), 0);
    CHECK_INT(script_call("recvmsg", 0)->arguments[IOV_COUNT], 1);
    CHECK_INT(script_call("sendmsg", 0)->arguments[IOV_COUNT], 1);
}

/* Some systems would take the number modulo 2^32. */
static void more_buffers_than_the_limit_reach_no_system(void **state)
{
    static const size_t counts[] = { IOV_MAX + 1, (size_t)INT_MAX + 1,
                                     SIZE_MAX };
    struct pier_message m = room(1);

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        m.buffer_count = counts[i];
        CHECK_ERR(pierp_recvmsg(SOME_FD, &m, 0), PIER_EMSGSIZE);
        CHECK_ERR(pierp_sendmsg(SOME_FD, &m, 0), PIER_EMSGSIZE);
    }
    m = room(1);
    m.control = &m;
    m.control_length = (size_t)INT_MAX + 1;
    CHECK_ERR(pierp_recvmsg(SOME_FD, &m, 0), PIER_ENOBUFS);
    CHECK_ERR(pierp_sendmsg(SOME_FD, &m, 0), PIER_ENOBUFS);
    CHECK_CALLS("");
}

static void what_the_system_says_of_a_message_is_told(void **state)
{
    static const struct {
        int error;
        pier_err expected;
    } rows[] = { { EMSGSIZE, PIER_EMSGSIZE },
                 { EINVAL, PIER_EINVAL },
                 { ETOOMANYREFS, PIER_ETOOMANYREFS },
                 { EBADF, PIER_EBADF },
                 { ECONNREFUSED, PIER_ECONNREFUSED } };
    struct pier_message m = room(2);

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        NEXT(sendmsg, .result = -1, .error = rows[i].error);
        NEXT(recvmsg, .result = -1, .error = rows[i].error);
        CHECK_ERR(pierp_sendmsg(SOME_FD, &m, 0), rows[i].expected);
        CHECK_ERR(pierp_recvmsg(SOME_FD, &m, 0), rows[i].expected);
        CHECK_INT(pierp_native_error(), rows[i].error);
    }
    check_untouched(&m);
}

static void tell_more_than_fits(struct script_call *call)
{
    struct msghdr *header = (struct msghdr *)call->arguments[HEADER];

    header->msg_namelen = 4000;
    header->msg_flags = MSG_TRUNC | MSG_EOR;
    header->msg_controllen = 0;
}

static void q39_a_senders_length_beyond_the_room_is_cut(void **state)
{
    struct pier_message m = room(1);
    struct pier_address from;
    max_align_t control[2];

    (void)state;
    m.address = &from;
    m.control = control;
    m.control_length = sizeof control;
    NEXT(recvmsg, .result = 1, .act = tell_more_than_fits);
    CHECK_INT(pierp_recvmsg(SOME_FD, &m, 0), 1);
    CHECK_INT(from.length, sizeof from.storage.bytes);
    CHECK_INT(script_call("recvmsg", 0)->arguments[NAME_LENGTH],
              sizeof from.storage.bytes);
    CHECK_INT(script_call("recvmsg", 0)->arguments[CONTROL_LENGTH],
              sizeof control);
    CHECK_INT(m.flags, MSG_TRUNC | MSG_EOR);
    CHECK_INT(m.control_length, 0);
}

static void control_data_and_address_go_along(void **state)
{
    struct pier_message m = room(1);
    struct pier_address to = script_loopback(PIER_AF_INET, 9);
    max_align_t control[8];

    (void)state;
    m.address = &to;
    m.control = control;
    m.control_length = 0;
    CHECK_OK(pier_control_put(&m, sizeof control, 41, 50, "abc", 3));
    NEXT(sendmsg, .result = 1);
    CHECK_INT(pierp_sendmsg(SOME_FD, &m, 0), 1);
    CHECK_INT(script_call("sendmsg", 0)->arguments[NAME_LENGTH],
              sizeof(struct sockaddr_in));
    CHECK_INT(script_call("sendmsg", 0)->arguments[CONTROL_LENGTH],
              CMSG_SPACE(3));
    CHECK(memcmp(script_call("sendmsg", 0)->kept, control, CMSG_SPACE(3)) ==
          0);
}

/* What the system's own macros make of it. */
static void control_data_lies_as_the_system_has_it(void **state)
{
    struct pier_message m = room(1);
    max_align_t control[8];
    unsigned char *begin = (unsigned char *)control;
    const struct cmsghdr *item = (const struct cmsghdr *)(void *)control;

    (void)state;
    memset(control, 0xee, sizeof control);
    m.control = control;
    CHECK_OK(pier_control_put(&m, sizeof control, 41, 50, "abc", 3));
    CHECK_OK(pier_control_put(&m, sizeof control, -1, -2, "12345678", 8));
    CHECK(item->cmsg_level == 41 && item->cmsg_type == 50);
    CHECK_INT(item->cmsg_len, CMSG_LEN(3));
    CHECK(memcmp(CMSG_DATA(item), "abc", 3) == 0);
    item = (const struct cmsghdr *)(void *)(begin + CMSG_SPACE(3));
    CHECK(item->cmsg_level == -1 && item->cmsg_type == -2);
    CHECK_INT(item->cmsg_len, CMSG_LEN(8));
    CHECK(memcmp(CMSG_DATA(item), "12345678", 8) == 0);
    CHECK_INT(m.control_length, CMSG_SPACE(3) + CMSG_SPACE(8));
    for (size_t n = 0; n < 40; n++) {
        CHECK_INT(pier_cmsg_len(n), CMSG_LEN(n));
        CHECK_INT(pier_cmsg_space(n), CMSG_SPACE(n));
    }
}

/* Not every system closes what has no room, and some take twice as many at
 * once as Linux does. */
static void a_handle_has_room_for_all_that_may_come_with_it(void **state)
{
    const struct script_call *call;
    pier_handle h;
    bool cut;
    char byte;

    (void)state;
    NEXT(recvmsg, .result = -1, .error = EAGAIN);
    CHECK_ERR(pierp_recv_handle(SOME_FD, &byte, 1, &h, &cut), PIER_EAGAIN);
    call = script_call("recvmsg", 0);
    CHECK(call->arguments[CONTROL_LENGTH] >=
          (intptr_t)CMSG_SPACE(512 * sizeof(int)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        OS_TEST(q54_an_interrupted_message_is_told_and_not_repeated),
        OS_TEST(q55_a_message_never_blocks),
        OS_TEST(q19_a_message_after_the_end_is_a_broken_pipe),
        OS_TEST(q64_a_message_while_it_is_torn_down_is_a_reset),
        OS_TEST(buffers_go_to_the_system_as_they_are),
        OS_TEST(no_buffers_are_an_empty_one),
        OS_TEST(more_buffers_than_the_limit_reach_no_system),
        OS_TEST(what_the_system_says_of_a_message_is_told),
        OS_TEST(q39_a_senders_length_beyond_the_room_is_cut),
        OS_TEST(control_data_and_address_go_along),
        OS_TEST(control_data_lies_as_the_system_has_it),
        OS_TEST(a_handle_has_room_for_all_that_may_come_with_it),
    };

    return cmocka_run_group_tests_name("os.message", tests, script_start,
                                       NULL);
}
