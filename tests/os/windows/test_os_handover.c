/* SPDX-License-Identifier: MIT */
#include "scripted.h"

#include <string.h>

static unsigned char bytes[PIERP_SHARE_MAX];
static WSAPROTOCOL_INFOW info;

/* What the system tells of a datagram socket. */
static void tell(void)
{
    memset(&info, 0, sizeof info);
    info.iAddressFamily = AF_INET;
    info.iSocketType = SOCK_DGRAM;
    info.iProtocol = IPPROTO_UDP;
    info.dwProviderReserved = 4711;
}

static void a_share_is_what_the_system_tells(void **state)
{
    size_t length = sizeof bytes;

    (void)state;
    tell();
    NEXT(WSADuplicateSocketW, .bytes = &info, .length = sizeof info,
         .when = { ARGUMENT(1, SOME_SOCKET), ARGUMENT(2, 0xfffffffc) });
    CHECK_OK(pierp_share(bytes, &length, SOME_SOCKET, 0xfffffffc));
    CHECK_INT(length, sizeof info);
    CHECK(memcmp(bytes, &info, sizeof info) == 0);
}

static void no_process_means_this_one(void **state)
{
    size_t length = sizeof bytes;

    (void)state;
    NEXT(WSADuplicateSocketW, .result = 0,
         .when = { ARGUMENT(2, GetCurrentProcessId()) });
    CHECK_OK(pierp_share(bytes, &length, SOME_SOCKET, 0));
}

/* No number is cut to 32 bits, and that of no process is told apart. */
static void a_process_that_cannot_be_is_refused(void **state)
{
    static const int64_t numbers[] = { -1, INT64_MIN, INT64_C(1) << 32,
                                       INT64_MAX };
    static const struct {
        int native;
        pier_err code;
    } failures[] = {
        { WSAEINVAL, PIER_EINVAL }, { ERROR_INVALID_PARAMETER, PIER_EINVAL },
        { WSAEACCES, PIER_EACCES }, { WSAENOTSOCK, PIER_ENOTSOCK },
        { WSAEMFILE, PIER_EMFILE },
    };
    size_t length = sizeof bytes;

    (void)state;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        CHECK_ERR(pierp_share(bytes, &length, SOME_SOCKET, numbers[i]),
                  PIER_EINVAL);
    }
    CHECK_INT(CALLS(WSADuplicateSocketW), 0);
    for (size_t i = 0; i < sizeof failures / sizeof *failures; i++) {
        NEXT(WSADuplicateSocketW, .result = SOCKET_ERROR,
             .error = failures[i].native);
        CHECK_ERR(pierp_share(bytes, &length, SOME_SOCKET, 4),
                  failures[i].code);
        CHECK_INT(length, sizeof bytes);
    }
}

static void take_info(struct script_call *call)
{
    CHECK(memcmp((const void *)call->arguments[3], &info, sizeof info) == 0);
}

static void a_share_becomes_a_private_socket(void **state)
{
    pier_handle h = PIER_INVALID_HANDLE;

    (void)state;
    tell();
    NEXT(WSASocketW, .result = SOME_SOCKET, .act = take_info,
         .when = {
             ARGUMENT(1, FROM_PROTOCOL_INFO),
             ARGUMENT(6, WSA_FLAG_OVERLAPPED | WSA_FLAG_NO_HANDLE_INHERIT) });
    NEXT(SetHandleInformation, .result = TRUE,
         .when = { ARGUMENT(1, SOME_SOCKET), ARGUMENT(2, INHERITED) });
    NEXT(ioctlsocket, .result = 0);
    ALWAYS(getpeername, .result = SOCKET_ERROR, .error = WSAENOTCONN);
    ALWAYS(WSAIoctl, .result = 0);
    CHECK_OK(pierp_fromshare(&h, &info, sizeof info));
    CHECK_INT(h, SOME_SOCKET);
    CHECK_INT(CALLS_WITH(WSAIoctl, 2, SIO_UDP_CONNRESET), 1);
}

static void a_share_that_the_system_refuses_is_none(void **state)
{
    pier_handle h = PIER_INVALID_HANDLE;

    (void)state;
    tell();
    NEXT(WSASocketW, .result = -1, .error = WSAENOTSOCK);
    CHECK_ERR(pierp_fromshare(&h, &info, sizeof info), PIER_ENOTSOCK);
    CHECK_ERR(pierp_fromshare(&h, &info, sizeof info - 1), PIER_EINVAL);
    CHECK_ERR(pierp_fromshare(&h, &info, sizeof info + 1), PIER_EINVAL);
    CHECK_INT(CALLS(WSASocketW), 1);
    CHECK(h == PIER_INVALID_HANDLE);
}

/* What cannot be kept private is given back. */
static void a_share_that_stays_inheritable_is_closed(void **state)
{
    pier_handle h = PIER_INVALID_HANDLE;

    (void)state;
    tell();
    NEXT(WSASocketW, .result = SOME_SOCKET);
    NEXT(SetHandleInformation, .result = FALSE, .error = ERROR_ACCESS_DENIED);
    NEXT(closesocket, .result = 0, .when = { ARGUMENT(1, SOME_SOCKET) });
    CHECK(pierp_fromshare(&h, &info, sizeof info) < 0);
    CHECK(h == PIER_INVALID_HANDLE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        OS_TEST(a_share_is_what_the_system_tells),
        OS_TEST(no_process_means_this_one),
        OS_TEST(a_process_that_cannot_be_is_refused),
        OS_TEST(a_share_becomes_a_private_socket),
        OS_TEST(a_share_that_the_system_refuses_is_none),
        OS_TEST(a_share_that_stays_inheritable_is_closed),
    };

    return cmocka_run_group_tests(tests, script_start, NULL);
}
