/* SPDX-License-Identifier: MIT */
/* Windows 8.1, by its number. */
#include "scripted.h"

#include <string.h>

static int socket_type;
static const DWORD no_time = MAXDWORD;

static void be(int type)
{
    socket_type = type;
    ALWAYS(getsockopt, .bytes = &socket_type, .length = sizeof socket_type,
           .when = { ARGUMENT(3, SO_TYPE) });
}

static pier_err connect_failing_with(int error)
{
    struct pier_address a = script_loopback(PIER_AF_INET, 80);

    NEXT(connect, .result = SOCKET_ERROR, .error = error);
    return pierp_connect(SOME_SOCKET, &a);
}

static void q22_would_block_means_in_progress(void **state)
{
    (void)state;
    be(SOCK_STREAM);
    CHECK_ERR(connect_failing_with(WSAEWOULDBLOCK), PIER_EINPROGRESS);
}

static void q22_a_second_connect_is_told_so(void **state)
{
    (void)state;
    be(SOCK_STREAM);
    CHECK_ERR(connect_failing_with(WSAEALREADY), PIER_EALREADY);
    CHECK_ERR(connect_failing_with(WSAEISCONN), PIER_EISCONN);
}

static void q22_an_old_winsock_calls_the_second_connect_invalid(void **state)
{
    (void)state;
    be(SOCK_STREAM);
    ALWAYS(getsockopt, .bytes = &no_time, .length = sizeof no_time,
           .when = { ARGUMENT(3, SO_CONNECT_TIME) });
    NEXT(getpeername, .result = 0);
    CHECK_ERR(connect_failing_with(WSAEINVAL), PIER_EALREADY);
    NEXT(getpeername, .result = SOCKET_ERROR, .error = WSAENOTCONN);
    CHECK_ERR(connect_failing_with(WSAEINVAL), PIER_EINVAL);
}

/* A peer took it for a second connect. */
static void an_error_that_nobody_knows_is_a_failure(void **state)
{
    (void)state;
    be(SOCK_STREAM);
    CHECK_ERR(connect_failing_with(19999), PIER_EUNKNOWN);
    CHECK_INT(pierp_native_error(), 19999);
}

static void q23_an_error_that_stays_is_told_each_time(void **state)
{
    const int refused = WSAECONNREFUSED;

    (void)state;
    ALWAYS(getsockopt, .bytes = &refused, .length = sizeof refused,
           .when = { ARGUMENT(3, SO_ERROR) });
    CHECK_ERR(pierp_connect_result(SOME_SOCKET), PIER_ECONNREFUSED);
    CHECK_ERR(pierp_connect_result(SOME_SOCKET), PIER_ECONNREFUSED);
    CHECK_INT(pierp_native_error(), WSAECONNREFUSED);
    CHECK_INT(script_call("getsockopt", 0)->room, sizeof(int));
}

static void a_connect_without_time_is_under_way(void **state)
{
    const int none = 0;

    (void)state;
    be(SOCK_STREAM);
    ALWAYS(getsockopt, .bytes = &none, .length = sizeof none,
           .when = { ARGUMENT(3, SO_ERROR) });
    NEXT(getsockopt, .bytes = &no_time, .length = sizeof no_time,
         .when = { ARGUMENT(3, SO_CONNECT_TIME) });
    CHECK_ERR(pierp_connect_result(SOME_SOCKET), PIER_EINPROGRESS);
    NEXT(getsockopt, .bytes = &none, .length = sizeof none,
         .when = { ARGUMENT(3, SO_CONNECT_TIME) });
    CHECK_OK(pierp_connect_result(SOME_SOCKET));
}

/* Windows gives the address to which the connect is under way. */
static void q22_a_peer_is_known_when_the_connect_has_ended(void **state)
{
    const DWORD second = 1;
    struct pier_address peer = script_loopback(PIER_AF_INET, 80);
    struct pier_address a;

    (void)state;
    be(SOCK_STREAM);
    ALWAYS(getpeername, .bytes = peer.storage.bytes, .length = peer.length);
    NEXT(getsockopt, .bytes = &no_time, .length = sizeof no_time,
         .when = { ARGUMENT(3, SO_CONNECT_TIME) });
    CHECK_ERR(pierp_getpeername(SOME_SOCKET, &a), PIER_ENOTCONN);
    NEXT(getsockopt, .bytes = &second, .length = sizeof second,
         .when = { ARGUMENT(3, SO_CONNECT_TIME) });
    CHECK_OK(pierp_getpeername(SOME_SOCKET, &a));
    CHECK_INT(a.length, peer.length);
}

static void check_redirected(struct pier_address any, int family)
{
    struct pier_address here = script_loopback(family, 80);
    struct pier_address before = any;
    const struct script_call *call;

    NEXT(connect, .result = 0, .when = { ARGUMENT(3, here.length) });
    CHECK_OK(pierp_connect(SOME_SOCKET, &any));
    call = script_call("connect", CALLS(connect) - 1);
    CHECK(memcmp(call->kept, here.storage.bytes, here.length) == 0);
    CHECK(script_is_same(&any, &before));
}

/* Windows: WSAEADDRNOTAVAIL. */
static void q33_the_unspecified_address_is_made_loopback(void **state)
{
    struct pierp_endpoint e = { .port = 80 };
    struct pier_address any;

    (void)state;
    be(SOCK_STREAM);
    e.family = PIER_AF_INET;
    CHECK_OK(pierp_address_pack(&any, &e));
    check_redirected(any, PIER_AF_INET);
    e.family = PIER_AF_INET6;
    CHECK_OK(pierp_address_pack(&any, &e));
    check_redirected(any, PIER_AF_INET6);
}

/* What takes "no retransmissions" for a count would retransmit for long. */
static void q44_an_old_windows_is_not_asked_to_refuse_fast(void **state)
{
    (void)state;
    be(SOCK_STREAM);
    CHECK_ERR(connect_failing_with(WSAEWOULDBLOCK), PIER_EINPROGRESS);
    CHECK_INT(CALLS(WSAIoctl), 0);
}

/* Only an overlapped connect wants a bound socket. */
static void q34_a_connect_needs_no_bind_before_it(void **state)
{
    struct pier_address a = script_loopback(PIER_AF_INET, 80);

    (void)state;
    be(SOCK_STREAM);
    NEXT(connect, .result = 0);
    CHECK_OK(pierp_connect(SOME_SOCKET, &a));
    CHECK_INT(CALLS(bind), 0);
    CHECK_INT(CALLS(WSAIoctl), 0);
}

static void q51_an_association_ends_with_an_address_of_zeros(void **state)
{
    static const unsigned char zeros[sizeof(struct sockaddr_in6)];
    struct pier_address none = { .length = sizeof(struct sockaddr) };

    (void)state;
    be(SOCK_DGRAM);
    ALWAYS(WSAIoctl, .result = 0);
    NEXT(connect, .result = 0, .when = { ARGUMENT(3, sizeof zeros) });
    CHECK_OK(pierp_connect(SOME_SOCKET, &none));
    CHECK(memcmp(script_call("connect", 0)->kept, zeros, sizeof zeros) == 0);
}

static BOOL value_of(size_t index, DWORD code)
{
    const struct script_call *call = script_call("WSAIoctl", index);
    BOOL value;

    CHECK_INT(call->arguments[1], code);
    memcpy(&value, call->kept, sizeof value);
    return value;
}

static void q71_a_new_datagram_socket_hears_of_no_closed_port(void **state)
{
    pier_handle h;

    (void)state;
    NEXT(WSASocketW, .result = SOME_SOCKET);
    NEXT(ioctlsocket, .result = 0);
    NEXT(getpeername, .result = SOCKET_ERROR, .error = WSAENOTCONN);
    NEXT(WSAIoctl, .when = { ARGUMENT(2, SIO_UDP_CONNRESET) });
    NEXT(WSAIoctl, .when = { ARGUMENT(2, SIO_UDP_NETRESET) });
    CHECK_OK(pierp_open(&h, AF_INET, SOCK_DGRAM, 0));
    CHECK_INT(value_of(0, SIO_UDP_CONNRESET), FALSE);
    CHECK_INT(value_of(1, SIO_UDP_NETRESET), FALSE);
}

static void q72_a_provider_without_the_switch_is_as_good(void **state)
{
    pier_handle h;

    (void)state;
    NEXT(WSASocketW, .result = SOME_SOCKET);
    NEXT(ioctlsocket, .result = 0);
    NEXT(WSAIoctl, .result = SOCKET_ERROR, .error = WSAEINVAL);
    NEXT(WSAIoctl, .result = SOCKET_ERROR, .error = WSAEOPNOTSUPP);
    CHECK_OK(pierp_open(&h, AF_INET, SOCK_DGRAM, 0));
    CHECK_INT(h, SOME_SOCKET);
}

static void q73_a_connected_datagram_socket_is_to_hear(void **state)
{
    struct pier_address a = script_loopback(PIER_AF_INET, 80);

    (void)state;
    be(SOCK_DGRAM);
    NEXT(connect, .result = 0);
    ALWAYS(WSAIoctl, .result = 0);
    CHECK_OK(pierp_connect(SOME_SOCKET, &a));
    CHECK_INT(value_of(0, SIO_UDP_CONNRESET), TRUE);
    CHECK_INT(value_of(1, SIO_UDP_NETRESET), TRUE);
}

/* Hyper-V keeps ranges of ports; nothing else can be said about them. */
static void q25_a_port_that_is_kept_is_no_busy_one(void **state)
{
    struct pier_address a = script_loopback(PIER_AF_INET, 80);

    (void)state;
    NEXT(bind, .result = SOCKET_ERROR, .error = WSAEACCES);
    CHECK_ERR(pierp_bind(SOME_SOCKET, &a), PIER_EACCES);
    NEXT(bind, .result = SOCKET_ERROR, .error = WSAEADDRINUSE);
    CHECK_ERR(pierp_bind(SOME_SOCKET, &a), PIER_EADDRINUSE);
}

static void q31_a_port_in_use_may_be_told_by_the_connect(void **state)
{
    (void)state;
    be(SOCK_STREAM);
    CHECK_ERR(connect_failing_with(WSAEADDRINUSE), PIER_EADDRINUSE);
    CHECK_INT(CALLS(connect), 1);
}

static int start(void **state)
{
    return script_start(state) ? -1 : script_pretend(BUILD_OF_WINDOWS_8_1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        OS_TEST(q44_an_old_windows_is_not_asked_to_refuse_fast),
        OS_TEST(a_connect_without_time_is_under_way),
        OS_TEST(an_error_that_nobody_knows_is_a_failure),
        OS_TEST(q22_would_block_means_in_progress),
        OS_TEST(q22_a_second_connect_is_told_so),
        OS_TEST(q22_an_old_winsock_calls_the_second_connect_invalid),
        OS_TEST(q22_a_peer_is_known_when_the_connect_has_ended),
        OS_TEST(q23_an_error_that_stays_is_told_each_time),
        OS_TEST(q25_a_port_that_is_kept_is_no_busy_one),
        OS_TEST(q31_a_port_in_use_may_be_told_by_the_connect),
        OS_TEST(q33_the_unspecified_address_is_made_loopback),
        OS_TEST(q34_a_connect_needs_no_bind_before_it),
        OS_TEST(q51_an_association_ends_with_an_address_of_zeros),
        OS_TEST(q71_a_new_datagram_socket_hears_of_no_closed_port),
        OS_TEST(q72_a_provider_without_the_switch_is_as_good),
        OS_TEST(q73_a_connected_datagram_socket_is_to_hear),
    };

    return cmocka_run_group_tests(tests, start, NULL);
}
