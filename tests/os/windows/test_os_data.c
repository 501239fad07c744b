/* SPDX-License-Identifier: MIT */
#include "scripted.h"

#include <string.h>

static char bytes[8];
static int socket_type;

static void be(int type, bool connected)
{
    socket_type = type;
    ALWAYS(getsockopt, .bytes = &socket_type, .length = sizeof socket_type,
           .when = { ARGUMENT(3, SO_TYPE) });
    ALWAYS(getpeername, .result = connected ? 0 : SOCKET_ERROR,
           .error = connected ? 0 : WSAENOTCONN);
    ALWAYS(getsockname, .result = 0);
}

static ptrdiff_t receive_failing_with(int error)
{
    NEXT(recv, .result = SOCKET_ERROR, .error = error);
    return pierp_recv(SOME_SOCKET, bytes, sizeof bytes, 0);
}

static ptrdiff_t send_failing_with(int error)
{
    NEXT(send, .result = SOCKET_ERROR, .error = error);
    return pierp_send(SOME_SOCKET, bytes, sizeof bytes, 0);
}

static void q19_a_send_after_the_end_is_a_broken_pipe(void **state)
{
    (void)state;
    be(SOCK_STREAM, true);
    CHECK_ERR(send_failing_with(WSAESHUTDOWN), PIER_EPIPE);
    CHECK_INT(pierp_native_error(), WSAESHUTDOWN);
}

static void q19_an_abort_on_this_side_is_told_from_a_reset(void **state)
{
    (void)state;
    be(SOCK_STREAM, true);
    CHECK_ERR(receive_failing_with(WSAECONNABORTED), PIER_ECONNABORTED);
    CHECK_ERR(send_failing_with(WSAECONNABORTED), PIER_ECONNABORTED);
}

static void q20_a_reset_stream_does_not_end_as_a_closed_one(void **state)
{
    (void)state;
    be(SOCK_STREAM, true);
    CHECK_ERR(receive_failing_with(WSAECONNRESET), PIER_ECONNRESET);
    CHECK_ERR(receive_failing_with(WSAENETRESET), PIER_ENETRESET);
    CHECK_ERR(send_failing_with(WSAECONNRESET), PIER_ECONNRESET);
}

static const struct {
    int native;
    pier_err code;
} leaks[] = {
    { ERROR_NETNAME_DELETED, PIER_ECONNRESET },
    { ERROR_SEM_TIMEOUT, PIER_ETIMEDOUT },
    { ERROR_OPERATION_ABORTED, PIER_ECANCELED },
    { ERROR_CONNECTION_REFUSED, PIER_ECONNREFUSED },
    { ERROR_PORT_UNREACHABLE, PIER_ECONNREFUSED },
    { ERROR_CONNECTION_ABORTED, PIER_ECONNABORTED },
    { (int)0xC000020D, PIER_ECONNRESET }, /* STATUS_CONNECTION_RESET */
};

static void q18_codes_of_overlapped_calls_have_their_meaning(void **state)
{
    (void)state;
    be(SOCK_STREAM, true);
    for (size_t i = 0; i < sizeof leaks / sizeof *leaks; i++)
        CHECK_ERR(receive_failing_with(leaks[i].native), leaks[i].code);
}

static void q17_a_code_without_meaning_is_kept(void **state)
{
    (void)state;
    be(SOCK_STREAM, true);
    CHECK_ERR(receive_failing_with(19999), PIER_EUNKNOWN);
    CHECK_INT(pierp_native_error(), 19999);
}

static void q56_a_length_beyond_an_int_is_held_to_one(void **state)
{
    struct pier_address to = script_loopback(PIER_AF_INET, 9);
    struct pier_address from;

    (void)state;
    NEXT(recv, .result = 1, .when = { ARGUMENT(3, INT_MAX) });
    NEXT(recvfrom, .result = 1, .when = { ARGUMENT(3, INT_MAX) });
    NEXT(send, .result = 1, .when = { ARGUMENT(3, INT_MAX) });
    NEXT(sendto, .result = 1, .when = { ARGUMENT(3, INT_MAX) });
    CHECK_INT(pierp_recv(SOME_SOCKET, bytes, SIZE_MAX, 0), 1);
    CHECK_INT(pierp_recvfrom(SOME_SOCKET, bytes, 0x100000000, 0, &from), 1);
    CHECK_INT(pierp_send(SOME_SOCKET, bytes, (size_t)INT_MAX + 1, 0), 1);
    CHECK_INT(pierp_sendto(SOME_SOCKET, bytes, SIZE_MAX, 0, &to), 1);
}

/* A stream's buffer is taken as a whole or not at all. */
static void a_stream_that_lacks_buffers_takes_less(void **state)
{
    const size_t large = 100000000;

    (void)state;
    be(SOCK_STREAM, true);
    NEXT(send, .result = SOCKET_ERROR, .error = WSAENOBUFS,
         .when = { ARGUMENT(3, large) });
    NEXT(send, .result = 65536, .when = { ARGUMENT(3, 65536) });
    CHECK_INT(pierp_send(SOME_SOCKET, bytes, large, 0), 65536);
    NEXT(send, .result = SOCKET_ERROR, .error = WSAENOBUFS);
    NEXT(send, .result = SOCKET_ERROR, .error = WSAENOBUFS);
    CHECK_ERR(pierp_send(SOME_SOCKET, bytes, large, 0), PIER_ENOBUFS);
    NEXT(send, .result = SOCKET_ERROR, .error = WSAENOBUFS);
    CHECK_ERR(pierp_send(SOME_SOCKET, bytes, 65536, 0), PIER_ENOBUFS);
    CHECK_INT(CALLS(send), 5);
}

static void a_datagram_is_never_made_shorter(void **state)
{
    (void)state;
    be(SOCK_DGRAM, true);
    NEXT(send, .result = SOCKET_ERROR, .error = WSAENOBUFS);
    CHECK_ERR(pierp_send(SOME_SOCKET, bytes, 70000, 0), PIER_ENOBUFS);
    CHECK_INT(CALLS(send), 1);
}

static void q60_reading_after_the_own_shutdown_is_the_end(void **state)
{
    (void)state;
    be(SOCK_STREAM, true);
    CHECK_INT(receive_failing_with(WSAESHUTDOWN), 0);
}

static void q60_a_shutdown_without_peer_is_told(void **state)
{
    (void)state;
    NEXT(shutdown, .result = SOCKET_ERROR, .error = WSAENOTCONN,
         .when = { ARGUMENT(2, SD_BOTH) });
    CHECK_ERR(pierp_shutdown(SOME_SOCKET, 2), PIER_ENOTCONN);
}

static void q71_a_closed_port_elsewhere_fails_no_receive(void **state)
{
    struct pier_address from;

    (void)state;
    be(SOCK_DGRAM, false);
    CHECK_ERR(receive_failing_with(WSAECONNRESET), PIER_EAGAIN);
    NEXT(recvfrom, .result = SOCKET_ERROR, .error = WSAECONNRESET);
    CHECK_ERR(pierp_recvfrom(SOME_SOCKET, bytes, sizeof bytes, 0, &from),
              PIER_EAGAIN);
}

static void q72_a_hop_limit_elsewhere_fails_no_receive(void **state)
{
    (void)state;
    be(SOCK_DGRAM, false);
    CHECK_ERR(receive_failing_with(WSAENETRESET), PIER_EAGAIN);
}

static void q73_a_connected_datagram_socket_hears_of_its_peer(void **state)
{
    (void)state;
    be(SOCK_DGRAM, true);
    CHECK_ERR(receive_failing_with(WSAECONNRESET), PIER_ECONNREFUSED);
}

static void q74_a_cut_datagram_fills_the_buffer(void **state)
{
    (void)state;
    be(SOCK_DGRAM, true);
    CHECK_INT(receive_failing_with(WSAEMSGSIZE), sizeof bytes);
}

static void name_sender(struct script_call *call)
{
    struct pier_address sender = script_loopback(PIER_AF_INET, 4711);

    memcpy((void *)call->arguments[4], sender.storage.bytes, sender.length);
    *(int *)call->arguments[5] = (int)sender.length;
}

static void q74_a_cut_datagram_has_its_sender(void **state)
{
    struct pier_address sender = script_loopback(PIER_AF_INET, 4711);
    struct pier_address from;

    (void)state;
    be(SOCK_DGRAM, false);
    NEXT(recvfrom, .result = SOCKET_ERROR, .error = WSAEMSGSIZE,
         .bytes = "01234567", .length = 8, .act = name_sender);
    CHECK_INT(pierp_recvfrom(SOME_SOCKET, bytes, sizeof bytes, 0, &from),
              sizeof bytes);
    CHECK(memcmp(bytes, "01234567", 8) == 0);
    CHECK_INT(from.length, sender.length);
    CHECK(script_is_same(&from, &sender));
}

static void q75_an_empty_datagram_is_a_datagram(void **state)
{
    struct pier_address from;

    (void)state;
    NEXT(recvfrom, .result = 0, .act = name_sender);
    CHECK_INT(pierp_recvfrom(SOME_SOCKET, bytes, sizeof bytes, 0, &from), 0);
    CHECK(from.length > 0);
}

/* POSIX waits: another thread may send, which gives a name. */
static void q12_receiving_before_there_is_a_name_would_block(void **state)
{
    (void)state;
    socket_type = SOCK_DGRAM;
    ALWAYS(getsockopt, .bytes = &socket_type, .length = sizeof socket_type);
    ALWAYS(getsockname, .result = SOCKET_ERROR, .error = WSAEINVAL);
    CHECK_ERR(receive_failing_with(WSAEINVAL), PIER_EAGAIN);
}

/* Windows says WSAENOTCONN until the connect has ended, POSIX "not yet". */
static void q22_data_waits_for_a_connect_under_way(void **state)
{
    const DWORD no_time = MAXDWORD;

    (void)state;
    be(SOCK_STREAM, true);
    ALWAYS(getsockopt, .bytes = &no_time, .length = sizeof no_time,
           .when = { ARGUMENT(3, SO_CONNECT_TIME) });
    CHECK_ERR(receive_failing_with(WSAENOTCONN), PIER_EAGAIN);
    CHECK_ERR(send_failing_with(WSAENOTCONN), PIER_EAGAIN);
}

static void q22_data_without_a_connect_is_refused(void **state)
{
    const DWORD no_time = MAXDWORD;

    (void)state;
    be(SOCK_STREAM, false);
    ALWAYS(getsockopt, .bytes = &no_time, .length = sizeof no_time,
           .when = { ARGUMENT(3, SO_CONNECT_TIME) });
    CHECK_ERR(receive_failing_with(WSAENOTCONN), PIER_ENOTCONN);
    CHECK_ERR(send_failing_with(WSAENOTCONN), PIER_ENOTCONN);
}

static void q33_a_datagram_to_the_wildcard_goes_to_this_host(void **state)
{
    static const unsigned char any[4];
    struct pier_address to = script_inet(any, 9);
    struct pier_address here = script_loopback(PIER_AF_INET, 9);

    (void)state;
    NEXT(sendto, .result = SOCKET_ERROR, .error = WSAEADDRNOTAVAIL);
    NEXT(sendto, .result = 5);
    CHECK_INT(pierp_sendto(SOME_SOCKET, "hello", 5, 0, &to), 5);
    CHECK(memcmp(script_call("sendto", 1)->kept, here.storage.bytes,
                 here.length) == 0);
}

static void a_destination_that_is_refused_is_no_missing_one(void **state)
{
    struct pier_address to = script_loopback(PIER_AF_INET, 9);

    (void)state;
    be(SOCK_DGRAM, false);
    NEXT(sendto, .result = SOCKET_ERROR, .error = WSAEINVAL);
    CHECK_ERR(pierp_sendto(SOME_SOCKET, "hello", 5, 0, &to), PIER_EINVAL);
    to.length = 0;
    NEXT(sendto, .result = SOCKET_ERROR, .error = WSAEINVAL);
    CHECK_ERR(pierp_sendto(SOME_SOCKET, "hello", 5, 0, &to),
              PIER_EDESTADDRREQ);
}

/* Overlapped receives have been wrong about empty buffers. */
static void q68_a_receive_of_nothing_is_one_plain_call(void **state)
{
    struct pier_address from;

    (void)state;
    NEXT(recv, .result = 0, .when = { ARGUMENT(3, 0) });
    CHECK_INT(pierp_recv(SOME_SOCKET, bytes, 0, 0), 0);
    NEXT(recvfrom, .result = 0, .when = { ARGUMENT(3, 0) });
    CHECK_INT(pierp_recvfrom(SOME_SOCKET, bytes, 0, 0, &from), 0);
    CHECK_CALLS("recv recvfrom");
}

static void a_send_with_room_or_without_is_one_call(void **state)
{
    (void)state;
    NEXT(send, .result = 3);
    CHECK_INT(pierp_send(SOME_SOCKET, "hello", 5, 0), 3);
    CHECK_ERR(receive_failing_with(WSAEWOULDBLOCK), PIER_EAGAIN);
    CHECK_CALLS("send recv");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        OS_TEST(a_send_with_room_or_without_is_one_call),
        OS_TEST(q12_receiving_before_there_is_a_name_would_block),
        OS_TEST(q17_a_code_without_meaning_is_kept),
        OS_TEST(q18_codes_of_overlapped_calls_have_their_meaning),
        OS_TEST(q19_a_send_after_the_end_is_a_broken_pipe),
        OS_TEST(q19_an_abort_on_this_side_is_told_from_a_reset),
        OS_TEST(q20_a_reset_stream_does_not_end_as_a_closed_one),
        OS_TEST(q22_data_waits_for_a_connect_under_way),
        OS_TEST(q22_data_without_a_connect_is_refused),
        OS_TEST(q33_a_datagram_to_the_wildcard_goes_to_this_host),
        OS_TEST(a_destination_that_is_refused_is_no_missing_one),
        OS_TEST(q56_a_length_beyond_an_int_is_held_to_one),
        OS_TEST(a_stream_that_lacks_buffers_takes_less),
        OS_TEST(a_datagram_is_never_made_shorter),
        OS_TEST(q60_reading_after_the_own_shutdown_is_the_end),
        OS_TEST(q60_a_shutdown_without_peer_is_told),
        OS_TEST(q68_a_receive_of_nothing_is_one_plain_call),
        OS_TEST(q71_a_closed_port_elsewhere_fails_no_receive),
        OS_TEST(q72_a_hop_limit_elsewhere_fails_no_receive),
        OS_TEST(q73_a_connected_datagram_socket_hears_of_its_peer),
        OS_TEST(q74_a_cut_datagram_fills_the_buffer),
        OS_TEST(q74_a_cut_datagram_has_its_sender),
        OS_TEST(q75_an_empty_datagram_is_a_datagram),
    };

    return cmocka_run_group_tests(tests, script_start, NULL);
}
