/* SPDX-License-Identifier: MIT */
#include "messages.h"

/* ------------------------------------------------------------- streams --- */

static void q78_a_stream_has_pieces_but_no_control_data(void **state)
{
    struct pier_address from;
    struct pier_message m;

    (void)state;
    be_socket(SOCK_STREAM, true);
    m = message_for(24);
    CHECK_ERR(pierp_recvmsg(SOME_SOCKET, &m, 0), PIER_ENOTSUP);
    CHECK_ERR(pierp_sendmsg(SOME_SOCKET, &m, 0), PIER_ENOTSUP);
    m = message_for(0);
    m.address = &from;
    coming.bytes = "hello";
    coming.count = 5;
    NEXT(WSARecvFrom, .act = system_fill_plain, .when = { ARGUMENT(8, 0) });
    CHECK_INT(pierp_recvmsg(SOME_SOCKET, &m, 0), 5);
    CHECK(memcmp(front, "hell", 4) == 0 && back[0] == 'o');
    CHECK_INT(from.length, 0);
    CHECK_INT(m.flags, 0);
    m = message_for(0);
    NEXT(WSASendTo, .act = system_take_plain,
         .when = { ARGUMENT(6, 0), ARGUMENT(8, 0) });
    CHECK_INT(pierp_sendmsg(SOME_SOCKET, &m, 0), 5);
    CHECK_INT(seen.count, 2);
    CHECK_INT(CALLS(WSAIoctl), 0);
}

static void q60_a_message_after_the_own_shutdown_is_the_end(void **state)
{
    struct pier_message m = message_for(0);

    (void)state;
    be_socket(SOCK_STREAM, true);
    NEXT(WSARecvFrom, .result = SOCKET_ERROR, .error = WSAESHUTDOWN);
    CHECK_INT(pierp_recvmsg(SOME_SOCKET, &m, 0), 0);
    CHECK_INT(m.flags, 0);
    NEXT(WSASendTo, .result = SOCKET_ERROR, .error = WSAESHUTDOWN);
    CHECK_ERR(pierp_sendmsg(SOME_SOCKET, &m, 0), PIER_EPIPE);
}

/* As for a single buffer: taken as a whole or not at all. */
static void pieces_of_a_stream_that_lacks_buffers_become_less(void **state)
{
    static char large[100000];
    struct pier_buffer two[] = { { large, 60000 }, { large, 60000 } };
    struct pier_message m = { .buffers = two, .buffer_count = 2 };

    (void)state;
    be_socket(SOCK_STREAM, true);
    NEXT(WSASendTo, .result = SOCKET_ERROR, .error = WSAENOBUFS);
    NEXT(WSASendTo, .act = system_take_plain);
    CHECK_INT(pierp_sendmsg(SOME_SOCKET, &m, 0), 5);
    CHECK_INT(seen.buffers[0].len, 60000);
    CHECK_INT(seen.buffers[1].len, 5536);
    two[0].length = 65536;
    NEXT(WSASendTo, .result = SOCKET_ERROR, .error = WSAENOBUFS);
    NEXT(WSASendTo, .act = system_take_plain, .when = { ARGUMENT(3, 1) });
    CHECK_INT(pierp_sendmsg(SOME_SOCKET, &m, 0), 5);
    m.buffer_count = 1;
    NEXT(WSASendTo, .result = SOCKET_ERROR, .error = WSAENOBUFS);
    CHECK_ERR(pierp_sendmsg(SOME_SOCKET, &m, 0), PIER_ENOBUFS);
    be_socket(SOCK_DGRAM, true);
    m.buffer_count = 2;
    NEXT(WSASendTo, .result = SOCKET_ERROR, .error = WSAENOBUFS);
    CHECK_ERR(pierp_sendmsg(SOME_SOCKET, &m, 0), PIER_ENOBUFS);
}

/* ------------------------------------------------------------- sending --- */

/* Wine takes control data and makes nothing of it, so it is looked at here:
 * the header of 16 bytes, the data, padding to 8. */
static void q78_control_data_reaches_the_system_as_it_lies(void **state)
{
    static const unsigned char wanted[32] = {
        26, 0, 0, 0,   0,   0,   0,   0,   0,   0,   0,   0,   19,
        0,  0, 0, 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j',
    };
    const struct pierp_control item = { 26, IPPROTO_IP, IP_PKTINFO };
    struct pier_address to = script_loopback(PIER_AF_INET, 9);
    struct pier_message m;

    (void)state;
    be_socket(SOCK_DGRAM, false);
    m = message_for(32);
    m.address = &to;
    memset(&room, 0, sizeof room);
    pierp_control_write(room.bytes, &item);
    memcpy(room.bytes + pierp_control_header, "abcdefghij", 10);
    NEXT(WSASendMsg, .act = system_take_message,
         .when = { ARGUMENT(1, SOME_SOCKET), ARGUMENT(5, 0) });
    CHECK_INT(pierp_sendmsg(SOME_SOCKET, &m, PIER_MSG_DONTROUTE), 5);
    CHECK_INT(seen.control_length, 32);
    CHECK(memcmp(seen.control, wanted, 32) == 0);
    CHECK_INT(seen.flags, MSG_DONTROUTE);
    CHECK_INT(seen.count, 2);
    CHECK(seen.buffers[0].buf == front && seen.buffers[0].len == 4);
    CHECK(seen.buffers[1].buf == back && seen.buffers[1].len == 8);
    CHECK(script_is_same(&seen.address, &to));
}

#ifndef UDP_SEND_MSG_SIZE
#define UDP_SEND_MSG_SIZE 2
#endif

/* Windows has another number for it than Linux, and a DWORD. */
static void q80_a_size_of_segments_reaches_the_system(void **state)
{
    static const unsigned char wanted[24] = {
        20, 0, 0, 0, 0, 0, 0, 0, 17, 0, 0, 0, 2, 0, 0, 0, 0xb0, 4,
    };
    const struct pierp_control item = { 20, IPPROTO_UDP, UDP_SEND_MSG_SIZE };
    const DWORD size = 1200;
    struct pier_message m;

    (void)state;
    be_socket(SOCK_DGRAM, true);
    m = message_for(24);
    memset(&room, 0, sizeof room);
    pierp_control_write(room.bytes, &item);
    memcpy(room.bytes + pierp_control_header, &size, sizeof size);
    NEXT(WSASendMsg, .act = system_take_message);
    CHECK_INT(pierp_sendmsg(SOME_SOCKET, &m, 0), 5);
    CHECK_INT(seen.control_length, 24);
    CHECK(memcmp(seen.control, wanted, sizeof wanted) == 0);
}

static void control_data_to_the_peer_has_no_address(void **state)
{
    struct pier_message m;

    (void)state;
    be_socket(SOCK_DGRAM, true);
    m = message_for(24);
    NEXT(WSASendMsg, .act = system_take_message);
    CHECK_INT(pierp_sendmsg(SOME_SOCKET, &m, 0), 5);
    CHECK_INT(seen.address.length, 0);
}

static void
control_items_are_written_and_read_as_windows_has_them(void **state)
{
    unsigned char at[sizeof(WSACMSGHDR) + 1];
    struct pierp_control out;

    (void)state;
    pierp_control_write(at + 1, &(struct pierp_control){ 20, 41, 50 });
    pierp_control_read(&out, at + 1);
    CHECK_INT(out.length, 20);
    CHECK_INT(out.level, 41);
    CHECK_INT(out.type, 50);
    CHECK_INT(pierp_control_header, 16);
    CHECK_INT(pierp_control_alignment, 8);
}

static void q75_a_message_without_pieces_is_an_empty_datagram(void **state)
{
    struct pier_address to = script_loopback(PIER_AF_INET, 9);
    struct pier_message m = { .address = &to };

    (void)state;
    be_socket(SOCK_DGRAM, false);
    NEXT(WSASendTo, .act = system_take_plain, .when = { ARGUMENT(3, 1) });
    CHECK_INT(pierp_sendmsg(SOME_SOCKET, &m, 0), 5);
    CHECK_INT(seen.buffers[0].len, 0);
    CHECK(seen.buffers[0].buf);
}

static void q33_a_message_to_the_wildcard_goes_to_this_host(void **state)
{
    static const unsigned char any[4];
    struct pier_address to = script_inet(any, 9);
    struct pier_address here = script_loopback(PIER_AF_INET, 9);
    struct pier_message m;

    (void)state;
    be_socket(SOCK_DGRAM, false);
    m = message_for(0);
    m.address = &to;
    NEXT(WSASendTo, .result = SOCKET_ERROR, .error = WSAEADDRNOTAVAIL);
    NEXT(WSASendTo, .act = system_take_plain);
    CHECK_INT(pierp_sendmsg(SOME_SOCKET, &m, 0), 5);
    CHECK(memcmp(script_call("WSASendTo", 1)->kept, here.storage.bytes,
                 here.length) == 0);
    m.control_length = 24;
    m.control = room.bytes;
    NEXT(WSASendMsg, .result = SOCKET_ERROR, .error = WSAEADDRNOTAVAIL);
    NEXT(WSASendMsg, .act = system_take_message);
    CHECK_INT(pierp_sendmsg(SOME_SOCKET, &m, 0), 5);
    CHECK(script_is_same(&seen.address, &here));
}

static void what_is_refused_is_no_missing_address(void **state)
{
    struct pier_address to = script_loopback(PIER_AF_INET, 9);
    struct pier_message m;

    (void)state;
    be_socket(SOCK_DGRAM, false);
    m = message_for(24);
    m.address = &to;
    NEXT(WSASendMsg, .result = SOCKET_ERROR, .error = WSAEINVAL);
    CHECK_ERR(pierp_sendmsg(SOME_SOCKET, &m, 0), PIER_EINVAL);
    m.control_length = 0;
    NEXT(WSASendTo, .result = SOCKET_ERROR, .error = WSAEINVAL);
    CHECK_ERR(pierp_sendmsg(SOME_SOCKET, &m, 0), PIER_EINVAL);
}

static ptrdiff_t send_failing_with(int error)
{
    struct pier_message m = message_for(0);

    NEXT(WSASendTo, .result = SOCKET_ERROR, .error = error);
    return pierp_sendmsg(SOME_SOCKET, &m, 0);
}

static void a_message_that_does_not_go_is_told_as_other_data(void **state)
{
    (void)state;
    be_socket(SOCK_DGRAM, false);
    CHECK_ERR(send_failing_with(WSAEWOULDBLOCK), PIER_EAGAIN);
    CHECK_ERR(send_failing_with(WSAEINTR), PIER_EINTR);
    CHECK_ERR(send_failing_with(WSAEMSGSIZE), PIER_EMSGSIZE);
    CHECK_ERR(send_failing_with(WSAENOTCONN), PIER_EDESTADDRREQ);
    CHECK_ERR(send_failing_with(WSAEINVAL), PIER_EDESTADDRREQ);
}

static void an_address_of_another_family_is_told(void **state)
{
    const WSAPROTOCOL_INFOW info = { .iAddressFamily = AF_INET6 };
    struct pier_address to = script_loopback(PIER_AF_INET, 9);
    struct pier_message m;

    (void)state;
    be_socket(SOCK_DGRAM, true);
    ALWAYS(getsockopt, .bytes = &info, .length = sizeof info,
           .when = { ARGUMENT(3, SO_PROTOCOL_INFOW) });
    m = message_for(0);
    m.address = &to;
    NEXT(WSASendTo, .result = SOCKET_ERROR, .error = WSAEFAULT);
    CHECK_ERR(pierp_sendmsg(SOME_SOCKET, &m, 0), PIER_EAFNOSUPPORT);
}

/* ------------------------------------------------------------- lengths --- */

static void q56_pieces_beyond_an_int_are_held_to_one(void **state)
{
    struct pier_buffer two[] = { { front, (size_t)INT_MAX - 10 },
                                 { back, SIZE_MAX } };
    struct pier_message m = { .buffers = two, .buffer_count = 2 };

    (void)state;
    be_socket(SOCK_STREAM, true);
    NEXT(WSASendTo, .act = system_take_plain);
    CHECK_INT(pierp_sendmsg(SOME_SOCKET, &m, 0), 5);
    CHECK_INT(seen.buffers[0].len, INT_MAX - 10);
    CHECK_INT(seen.buffers[1].len, 10);
}

static void many_pieces_are_one_call_and_too_many_are_none(void **state)
{
    static struct pier_buffer many[1025];
    struct pier_message m = { .buffers = many };

    (void)state;
    be_socket(SOCK_STREAM, true);
    for (size_t i = 0; i < 1025; i++)
        many[i] = (struct pier_buffer){ front, 1 };
    m.buffer_count = 17;
    NEXT(WSASendTo, .act = system_take_plain, .when = { ARGUMENT(3, 17) });
    CHECK_INT(pierp_sendmsg(SOME_SOCKET, &m, 0), 5);
    m.buffer_count = 1024;
    NEXT(WSARecvFrom, .act = system_fill_plain, .when = { ARGUMENT(3, 1024) });
    CHECK_INT(pierp_recvmsg(SOME_SOCKET, &m, 0), 0);
    m.buffer_count = 1025;
    CHECK_ERR(pierp_sendmsg(SOME_SOCKET, &m, 0), PIER_EMSGSIZE);
    CHECK_ERR(pierp_recvmsg(SOME_SOCKET, &m, 0), PIER_EMSGSIZE);
    CHECK_INT(CALLS(WSASendTo) + CALLS(WSARecvFrom), 2);
}

static void several_messages_are_sent_until_one_fails(void **state)
{
    struct pier_datagram d[3];

    (void)state;
    be_socket(SOCK_DGRAM, true);
    for (size_t i = 0; i < 3; i++)
        d[i] = (struct pier_datagram){ message_for(0), -1 };
    NEXT(WSASendTo, .act = system_take_plain);
    NEXT(WSASendTo, .result = SOCKET_ERROR, .error = WSAEMSGSIZE);
    CHECK_INT(pierp_sendmmsg(SOME_SOCKET, d, 3, 0), 1);
    CHECK_INT(d[0].result, 5);
    CHECK_INT(d[1].result, -1);
    NEXT(WSASendTo, .result = SOCKET_ERROR, .error = WSAEMSGSIZE);
    CHECK_ERR(pierp_sendmmsg(SOME_SOCKET, d, 3, 0), PIER_EMSGSIZE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        OS_TEST(q78_a_stream_has_pieces_but_no_control_data),
        OS_TEST(q60_a_message_after_the_own_shutdown_is_the_end),
        OS_TEST(pieces_of_a_stream_that_lacks_buffers_become_less),
        OS_TEST(q78_control_data_reaches_the_system_as_it_lies),
        OS_TEST(q80_a_size_of_segments_reaches_the_system),
        OS_TEST(control_data_to_the_peer_has_no_address),
        OS_TEST(what_is_refused_is_no_missing_address),
        OS_TEST(control_items_are_written_and_read_as_windows_has_them),
        OS_TEST(q75_a_message_without_pieces_is_an_empty_datagram),
        OS_TEST(q33_a_message_to_the_wildcard_goes_to_this_host),
        OS_TEST(a_message_that_does_not_go_is_told_as_other_data),
        OS_TEST(an_address_of_another_family_is_told),
        OS_TEST(q56_pieces_beyond_an_int_are_held_to_one),
        OS_TEST(many_pieces_are_one_call_and_too_many_are_none),
        OS_TEST(several_messages_are_sent_until_one_fails),
    };

    return cmocka_run_group_tests(tests, script_start, NULL);
}
