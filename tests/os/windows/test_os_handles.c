/* SPDX-License-Identifier: MIT */
#include "scripted.h"

#define PRIVATE (WSA_FLAG_OVERLAPPED | WSA_FLAG_NO_HANDLE_INHERIT)

static void check_fallback(int refusal)
{
    pier_handle h;

    NEXT(WSASocketW, .result = -1, .error = refusal,
         .when = { ARGUMENT(6, PRIVATE) });
    NEXT(WSASocketW, .result = SOME_SOCKET,
         .when = { ARGUMENT(6, WSA_FLAG_OVERLAPPED) });
    NEXT(SetHandleInformation, .result = TRUE,
         .when = { ARGUMENT(1, SOME_SOCKET), ARGUMENT(2, INHERITED),
                   ARGUMENT(3, 0) });
    NEXT(ioctlsocket, .result = 0);
    CHECK_OK(pierp_open(&h, AF_INET, SOCK_STREAM, 0));
    CHECK_INT(h, SOME_SOCKET);
}

static void q07_a_flag_that_is_refused_is_made_up_for(void **state)
{
    (void)state;
    check_fallback(WSAEINVAL);
    check_fallback(WSAEPROTOTYPE);
}

static void q07_who_cannot_be_made_private_is_not_kept(void **state)
{
    static const int denied = ERROR_ACCESS_DENIED;
    pier_handle h = 77;

    (void)state;
    NEXT(WSASocketW, .result = -1, .error = WSAEINVAL);
    NEXT(WSASocketW, .result = SOME_SOCKET);
    NEXT(SetHandleInformation, .result = FALSE, .error = denied);
    NEXT(closesocket, .result = 0, .when = { ARGUMENT(1, SOME_SOCKET) });
    CHECK_ERR(pierp_open(&h, AF_INET, SOCK_STREAM, 0), PIER_EACCES);
    CHECK_INT(h, 77);
}

static void q07_a_handle_that_is_none_of_the_kernels_is_kept(void **state)
{
    static const int unknown = ERROR_INVALID_HANDLE;
    pier_handle h = 77;

    (void)state;
    NEXT(WSASocketW, .result = -1, .error = WSAEINVAL);
    NEXT(WSASocketW, .result = SOME_SOCKET);
    NEXT(SetHandleInformation, .result = FALSE, .error = unknown);
    NEXT(ioctlsocket, .result = 0);
    CHECK_OK(pierp_open(&h, AF_INET, SOCK_STREAM, 0));
    CHECK_INT(h, SOME_SOCKET);
}

static void q07_another_refusal_is_not_tried_again(void **state)
{
    pier_handle h = 77;

    (void)state;
    NEXT(WSASocketW, .result = -1, .error = WSAEMFILE);
    CHECK_ERR(pierp_open(&h, AF_INET, SOCK_STREAM, 0), PIER_EMFILE);
    CHECK_INT(h, 77);
    CHECK_CALLS("WSASocketW");
}

static void q06_a_new_socket_is_never_inheritable(void **state)
{
    pier_handle h;

    (void)state;
    NEXT(WSASocketW, .result = SOME_SOCKET, .when = { ARGUMENT(6, PRIVATE) });
    NEXT(ioctlsocket, .result = 0);
    CHECK_OK(pierp_open(&h, AF_INET, SOCK_STREAM, 0));
    CHECK_CALLS("WSASocketW ioctlsocket");
}

static void q04_a_handle_wider_than_32_bits_is_kept(void **state)
{
    pier_handle h;

    (void)state;
    NEXT(WSASocketW, .result = SOME_SOCKET);
    NEXT(ioctlsocket, .result = 0, .when = { ARGUMENT(1, SOME_SOCKET) });
    NEXT(closesocket, .result = 0, .when = { ARGUMENT(1, SOME_SOCKET) });
    CHECK_OK(pierp_open(&h, AF_INET, SOCK_STREAM, 0));
    CHECK_OK(pierp_close(h));
}

static void q91_a_mode_that_cannot_be_read_is_set(void **state)
{
    WSAPROTOCOL_INFOW info = { .iAddressFamily = AF_INET6,
                               .iSocketType = SOCK_STREAM,
                               .iProtocol = IPPROTO_TCP };
    int family = -1;
    int type = -1;
    int protocol = -1;

    (void)state;
    NEXT(getsockopt, .bytes = &info, .length = sizeof info,
         .when = { ARGUMENT(3, SO_PROTOCOL_INFOW) });
    NEXT(ioctlsocket, .result = 0,
         .when = { ARGUMENT(2, FIONBIO), ARGUMENT(3, 1) });
    CHECK_OK(pierp_adopt(SOME_SOCKET, &family, &type, &protocol));
    CHECK_INT(family, AF_INET6);
    CHECK_INT(type, SOCK_STREAM);
    CHECK_INT(protocol, IPPROTO_TCP);
    CHECK(!pierp_mode_follows);
}

/* DuplicateHandle() would break layered providers. */
static void q10_winsock_makes_a_duplicate_and_it_is_private(void **state)
{
    WSAPROTOCOL_INFOW info = { .iSocketType = SOCK_STREAM };
    pier_handle h;

    (void)state;
    NEXT(WSADuplicateSocketW, .bytes = &info, .length = sizeof info,
         .when = { ARGUMENT(1, SOME_SOCKET),
                   ARGUMENT(2, GetCurrentProcessId()) });
    NEXT(WSASocketW, .result = SOME_SOCKET + 4,
         .when = { ARGUMENT(1, FROM_PROTOCOL_INFO), ARGUMENT(6, PRIVATE) });
    /* The handle is there before the flag can say how it is to be. */
    NEXT(SetHandleInformation, .result = TRUE,
         .when = { ARGUMENT(1, SOME_SOCKET + 4), ARGUMENT(2, INHERITED),
                   ARGUMENT(3, 0) });
    NEXT(ioctlsocket, .result = 0);
    CHECK_OK(pierp_dup(&h, SOME_SOCKET));
    CHECK_INT(h, SOME_SOCKET + 4);
}

static void check_wildcard(int family, size_t length)
{
    WSAPROTOCOL_INFOW info = { .iAddressFamily = family };
    struct pierp_endpoint e;
    struct pier_address a;

    NEXT(getsockname, .result = SOCKET_ERROR, .error = WSAEINVAL);
    NEXT(getsockopt, .bytes = &info, .length = sizeof info,
         .when = { ARGUMENT(3, SO_PROTOCOL_INFOW) });
    CHECK_OK(pierp_getsockname(SOME_SOCKET, &a));
    CHECK_INT(a.length, length);
    CHECK_OK(pierp_address_unpack(&e, &a));
    CHECK_INT(e.family, family);
    CHECK_INT(e.port, 0);
    for (size_t i = 0; i < sizeof e.ip; i++)
        CHECK_INT(e.ip[i], 0);
}

static void q12_an_unbound_socket_has_the_wildcard(void **state)
{
    (void)state;
    check_wildcard(AF_INET, sizeof(struct sockaddr_in));
    check_wildcard(AF_INET6, sizeof(struct sockaddr_in6));
}

static void q62_a_lingering_close_is_made_to_block(void **state)
{
    (void)state;
    NEXT(closesocket, .result = SOCKET_ERROR, .error = WSAEWOULDBLOCK);
    NEXT(ioctlsocket, .result = 0,
         .when = { ARGUMENT(2, FIONBIO), ARGUMENT(3, 0) });
    NEXT(closesocket, .result = 0);
    CHECK_OK(pierp_close(SOME_SOCKET));
    CHECK_CALLS("closesocket ioctlsocket closesocket");
}

static void q62_who_will_not_linger_is_given_no_time(void **state)
{
    struct linger none;

    (void)state;
    NEXT(closesocket, .result = SOCKET_ERROR, .error = WSAEWOULDBLOCK);
    NEXT(ioctlsocket, .result = SOCKET_ERROR, .error = WSAEINVAL);
    NEXT(closesocket, .result = SOCKET_ERROR, .error = WSAEWOULDBLOCK);
    NEXT(setsockopt, .result = 0, .when = { ARGUMENT(3, SO_LINGER) });
    NEXT(closesocket, .result = 0);
    CHECK_OK(pierp_close(SOME_SOCKET));
    memcpy(&none, script_call("setsockopt", 0)->kept, sizeof none);
    CHECK_INT(none.l_onoff, 0);
}

static void q65_a_reset_peer_is_no_failure_of_close(void **state)
{
    (void)state;
    NEXT(closesocket, .result = SOCKET_ERROR, .error = WSAECONNRESET);
    CHECK_OK(pierp_close(SOME_SOCKET));
    CHECK_CALLS("closesocket");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        OS_TEST(q04_a_handle_wider_than_32_bits_is_kept),
        OS_TEST(q06_a_new_socket_is_never_inheritable),
        OS_TEST(q07_a_flag_that_is_refused_is_made_up_for),
        OS_TEST(q07_another_refusal_is_not_tried_again),
        OS_TEST(q07_who_cannot_be_made_private_is_not_kept),
        OS_TEST(q07_a_handle_that_is_none_of_the_kernels_is_kept),
        OS_TEST(q10_winsock_makes_a_duplicate_and_it_is_private),
        OS_TEST(q12_an_unbound_socket_has_the_wildcard),
        OS_TEST(q62_a_lingering_close_is_made_to_block),
        OS_TEST(q62_who_will_not_linger_is_given_no_time),
        OS_TEST(q65_a_reset_peer_is_no_failure_of_close),
        OS_TEST(q91_a_mode_that_cannot_be_read_is_set),
    };

    return cmocka_run_group_tests(tests, script_start, NULL);
}
