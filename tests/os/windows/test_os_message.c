/* SPDX-License-Identifier: MIT */
#include "messages.h"

/* ----------------------------------------------------------- receiving --- */

static void q78_the_function_is_asked_of_the_socket(void **state)
{
    static const GUID name = WSAID_WSARECVMSG;
    struct pier_address sender = script_loopback(PIER_AF_INET, 4711);
    struct pier_address from;
    struct pier_message m = message_for(0);
    unsigned char item[64];

    (void)state;
    be_socket(SOCK_DGRAM, false);
    m = message_for(sizeof room.bytes);
    m.address = &from;
    coming.bytes = "helloworld";
    coming.count = 10;
    coming.control = item;
    coming.control_length = pack_item(item, "12345678", 8);
    NEXT(WSARecvMsg, .act = system_fill, .when = { ARGUMENT(1, SOME_SOCKET) });
    CHECK_INT(pierp_recvmsg(SOME_SOCKET, &m, 0), 10);
    CHECK_INT(script_call("WSAIoctl", 0)->arguments[0], SOME_SOCKET);
    CHECK(memcmp(script_call("WSAIoctl", 0)->kept, &name, sizeof name) == 0);
    CHECK_INT(script_call("WSARecvMsg", 0)->arguments[4], 0);
    CHECK(memcmp(front, "hell", 4) == 0 && memcmp(back, "oworld", 6) == 0);
    CHECK_INT(m.control_length, 24);
    CHECK(memcmp(room.bytes, item, 24) == 0 && room.bytes[24] == 0x55);
    CHECK_INT(m.flags, 0);
    CHECK(script_is_same(&from, &sender));
}

static void q78_without_the_function_there_is_no_control_data(void **state)
{
    struct pier_message m;
    struct pier_address from;

    (void)state;
    NEXT(WSAIoctl, .result = SOCKET_ERROR, .error = WSAEOPNOTSUPP);
    NEXT(WSAIoctl, .result = SOCKET_ERROR, .error = WSAEINVAL);
    be_socket(SOCK_DGRAM, false);
    m = message_for(24);
    m.address = &from;
    from.length = 99;
    CHECK_ERR(pierp_recvmsg(SOME_SOCKET, &m, 0), PIER_ENOTSUP);
    CHECK_INT(m.control_length, 24);
    CHECK_INT(m.flags, 77);
    CHECK_INT(from.length, 99);
    m = message_for(0);
    m.address = &from;
    coming.bytes = "hello";
    coming.count = 5;
    NEXT(WSARecvFrom, .act = system_fill_plain, .when = { ARGUMENT(3, 2) });
    CHECK_INT(pierp_recvmsg(SOME_SOCKET, &m, 0), 5);
    CHECK_INT(from.length, sizeof(struct sockaddr_in));
    CHECK_INT(m.flags, 0);
    CHECK_INT(CALLS(WSARecvMsg), 0);
}

/* Wine's answer: neither the count nor the flag. */
static void q74_a_cut_message_is_a_count_and_a_flag(void **state)
{
    struct pier_address from;
    struct pier_message m;
    unsigned char item[64];

    (void)state;
    be_socket(SOCK_DGRAM, true);
    m = message_for(sizeof room.bytes);
    m.address = &from;
    coming.bytes = "helloworld, this is more than you asked for";
    coming.count = NOT_TOLD;
    coming.control = item;
    coming.control_length = pack_item(item, "12345678", 8);
    NEXT(WSARecvMsg, .result = SOCKET_ERROR, .error = WSAEMSGSIZE,
         .act = system_fill);
    CHECK_INT(pierp_recvmsg(SOME_SOCKET, &m, 0), 12);
    CHECK_INT(m.flags, PIER_MSG_TRUNC);
    CHECK_INT(m.control_length, 24);
    CHECK(from.length > 0);
    CHECK(memcmp(back, "oworld, ", 8) == 0);
}

static void q74_a_cut_message_may_leave_no_word_of_control_data(void **state)
{
    struct pier_message m;

    (void)state;
    be_socket(SOCK_DGRAM, true);
    m = message_for(24);
    NEXT(WSARecvMsg, .result = SOCKET_ERROR, .error = WSAEMSGSIZE,
         .act = system_fill_bytes_only);
    CHECK_INT(pierp_recvmsg(SOME_SOCKET, &m, 0), 12);
    CHECK_INT(m.flags, PIER_MSG_TRUNC);
    CHECK_INT(m.control_length, 0);
}

/* There is MSG_TRUNC, but not every function sets it. */
static void q58_the_own_word_for_a_part_is_truncation(void **state)
{
    struct pier_message m = message_for(0);

    (void)state;
    be_socket(SOCK_DGRAM, true);
    coming.count = 12;
    coming.flags = MSG_PARTIAL | MSG_MCAST;
    NEXT(WSARecvMsg, .result = SOCKET_ERROR, .error = WSAEMSGSIZE,
         .act = system_fill);
    CHECK_INT(pierp_recvmsg(SOME_SOCKET, &m, 0), 12);
    CHECK_INT(m.flags, PIER_MSG_TRUNC | PIER_MSG_MCAST);
}

static void q58_flags_that_were_asked_for_are_not_told(void **state)
{
    struct pier_message m = message_for(0);

    (void)state;
    be_socket(SOCK_DGRAM, true);
    coming.count = 3;
    coming.flags = MSG_PEEK | MSG_BCAST;
    NEXT(WSARecvMsg, .act = system_fill, .when = { ARGUMENT(3, MSG_PEEK) });
    CHECK_INT(pierp_recvmsg(SOME_SOCKET, &m, PIER_MSG_PEEK), 3);
    CHECK_INT(m.flags, PIER_MSG_BCAST);
}

/* The system fails where control data is cut, and may not count the bytes:
 * it always gets enough room. */
static void cut_control_data_fails_nothing(void **state)
{
    static const size_t rooms[] = { 0, 16, 20, 23 };
    struct pier_message m;
    unsigned char item[64];

    (void)state;
    be_socket(SOCK_DGRAM, true);
    coming.bytes = "hello";
    coming.count = 5;
    coming.control = item;
    coming.control_length = pack_item(item, "12345678", 8);
    for (size_t i = 0; i < sizeof rooms / sizeof *rooms; i++) {
        m = message_for(rooms[i]);
        memset(&room, 0x55, sizeof room);
        NEXT(WSARecvMsg, .act = system_fill);
        CHECK_INT(pierp_recvmsg(SOME_SOCKET, &m, 0), 5);
        CHECK_INT(m.flags, PIER_MSG_CTRUNC);
        CHECK_INT(m.control_length, rooms[i]);
        CHECK(memcmp(room.bytes, item, rooms[i]) == 0);
        CHECK_INT(room.bytes[rooms[i]], 0x55);
    }
}

/* Much room goes to the system as it is, whatever becomes of it. */
static void q74_more_control_data_than_any_room_is_told(void **state)
{
    static union {
        SIZE_T aligned;
        unsigned char bytes[2048];
    } much;
    struct pier_message m = message_for(0);

    (void)state;
    be_socket(SOCK_DGRAM, true);
    m.control = much.bytes;
    m.control_length = sizeof much.bytes;
    coming.bytes = "hello";
    coming.count = 5;
    coming.control = "";
    coming.control_length = sizeof much.bytes + 1;
    NEXT(WSARecvMsg, .act = system_fill);
    CHECK_INT(pierp_recvmsg(SOME_SOCKET, &m, 0), 5);
    CHECK_INT(m.flags, PIER_MSG_CTRUNC);
    CHECK_INT(m.control_length, 0);
}

static void q75_an_empty_datagram_is_a_message(void **state)
{
    struct pier_address from;
    struct pier_message m = message_for(0);

    (void)state;
    be_socket(SOCK_DGRAM, false);
    m.buffer_count = 0;
    m.address = &from;
    NEXT(WSARecvMsg, .act = system_fill);
    CHECK_INT(pierp_recvmsg(SOME_SOCKET, &m, 0), 0);
    CHECK_INT(m.flags, 0);
    CHECK(from.length > 0);
}

static ptrdiff_t receive_failing_with(int error)
{
    struct pier_address from = { .length = 99 };
    struct pier_message m = message_for(24);
    ptrdiff_t n;

    m.address = &from;
    NEXT(WSARecvMsg, .result = SOCKET_ERROR, .error = error);
    n = pierp_recvmsg(SOME_SOCKET, &m, 0);
    if (n < 0) {
        CHECK_INT(m.control_length, 24);
        CHECK_INT(m.flags, 77);
        CHECK_INT(from.length, 99);
    }
    return n;
}

static void a_failure_leaves_the_message_alone(void **state)
{
    (void)state;
    be_socket(SOCK_DGRAM, false);
    CHECK_ERR(receive_failing_with(WSAEWOULDBLOCK), PIER_EAGAIN);
    CHECK_ERR(receive_failing_with(WSAEINTR), PIER_EINTR);
    CHECK_ERR(receive_failing_with(WSAENOTSOCK), PIER_ENOTSOCK);
    CHECK_INT(pierp_native_error(), WSAENOTSOCK);
    CHECK_INT(receive_failing_with(WSAESHUTDOWN), 0);
}

static void q71_a_closed_port_elsewhere_fails_no_message(void **state)
{
    (void)state;
    be_socket(SOCK_DGRAM, false);
    CHECK_ERR(receive_failing_with(WSAECONNRESET), PIER_EAGAIN);
    CHECK_ERR(receive_failing_with(WSAENETRESET), PIER_EAGAIN);
}

static void q73_a_connected_socket_hears_of_its_peer_by_message(void **state)
{
    (void)state;
    be_socket(SOCK_DGRAM, true);
    CHECK_ERR(receive_failing_with(WSAECONNRESET), PIER_ECONNREFUSED);
}

static void q12_a_message_before_there_is_a_name_would_block(void **state)
{
    (void)state;
    NEXT(getsockname, .result = SOCKET_ERROR, .error = WSAEINVAL);
    be_socket(SOCK_DGRAM, false);
    CHECK_ERR(receive_failing_with(WSAEINVAL), PIER_EAGAIN);
}

static void what_is_no_socket_is_asked_nothing_else(void **state)
{
    struct pier_message m = message_for(0);

    (void)state;
    NEXT(getsockopt, .result = SOCKET_ERROR, .error = WSAENOTSOCK);
    CHECK_ERR(pierp_recvmsg(SOME_SOCKET, &m, 0), PIER_ENOTSOCK);
    CHECK_CALLS("getsockopt");
}

/* ------------------------------------------------------------- several --- */

static void several_messages_are_taken_while_there_are_any(void **state)
{
    struct pier_datagram d[3];

    (void)state;
    be_socket(SOCK_DGRAM, false);
    for (size_t i = 0; i < 3; i++)
        d[i] = (struct pier_datagram){ message_for(0), -1 };
    coming.count = 4;
    NEXT(WSARecvMsg, .act = system_fill);
    NEXT(WSARecvMsg, .act = system_fill);
    NEXT(WSARecvMsg, .result = SOCKET_ERROR, .error = WSAEWOULDBLOCK);
    CHECK_INT(pierp_recvmmsg(SOME_SOCKET, d, 3, 0), 2);
    CHECK_INT(d[0].result, 4);
    CHECK_INT(d[1].result, 4);
    CHECK_INT(d[2].result, -1);
    CHECK_INT(d[2].message.flags, 77);
    NEXT(WSARecvMsg, .result = SOCKET_ERROR, .error = WSAEWOULDBLOCK);
    CHECK_ERR(pierp_recvmmsg(SOME_SOCKET, d, 3, 0), PIER_EAGAIN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        OS_TEST(q78_the_function_is_asked_of_the_socket),
        OS_TEST(q78_without_the_function_there_is_no_control_data),
        OS_TEST(q74_a_cut_message_is_a_count_and_a_flag),
        OS_TEST(q74_a_cut_message_may_leave_no_word_of_control_data),
        OS_TEST(q58_the_own_word_for_a_part_is_truncation),
        OS_TEST(q58_flags_that_were_asked_for_are_not_told),
        OS_TEST(cut_control_data_fails_nothing),
        OS_TEST(q74_more_control_data_than_any_room_is_told),
        OS_TEST(q75_an_empty_datagram_is_a_message),
        OS_TEST(a_failure_leaves_the_message_alone),
        OS_TEST(q71_a_closed_port_elsewhere_fails_no_message),
        OS_TEST(q73_a_connected_socket_hears_of_its_peer_by_message),
        OS_TEST(q12_a_message_before_there_is_a_name_would_block),
        OS_TEST(what_is_no_socket_is_asked_nothing_else),
        OS_TEST(several_messages_are_taken_while_there_are_any),
    };

    return cmocka_run_group_tests(tests, script_start, NULL);
}
