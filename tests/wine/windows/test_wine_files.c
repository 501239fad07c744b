/* SPDX-License-Identifier: MIT */
/*
 * Why pier sends files with TransmitFile() only where nothing but the end of
 * the stream ends the call: what of its ways is the same on Windows and Wine,
 * and the one thing that is not. platform/windows/sendfile.c has the
 * reasoning.
 */
#include <winsock2.h>

#include <ws2tcpip.h>

#include <mswsock.h>

#include "check.h"
#include "expected.h"
#include "file.h"

enum {
    LARGE = 64 << 20,
    A_WHILE_MS = 100
};

static char buffer[1 << 16];

static int start_winsock(void **state)
{
    WSADATA data;

    (void)state;
    return WSAStartup(MAKEWORD(2, 2), &data);
}

/* Both ends do not block. */
static void open_connection(SOCKET ends[2])
{
    struct sockaddr_in where = { .sin_family = AF_INET };
    int length = sizeof(where);
    SOCKET listener = socket(AF_INET, SOCK_STREAM, 0);
    u_long on = 1;

    where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    CHECK_INT(bind(listener, (struct sockaddr *)&where, length), 0);
    CHECK_INT(getsockname(listener, (struct sockaddr *)&where, &length), 0);
    CHECK_INT(listen(listener, 1), 0);
    ends[0] = socket(AF_INET, SOCK_STREAM, 0);
    CHECK_INT(connect(ends[0], (struct sockaddr *)&where, length), 0);
    ends[1] = accept(listener, NULL, NULL);
    CHECK(ends[1] != INVALID_SOCKET);
    closesocket(listener);
    for (int i = 0; i < 2; i++)
        CHECK_INT(ioctlsocket(ends[i], (long)FIONBIO, &on), 0);
}

/* All that comes until the end of the stream. */
static DWORD receive_all(SOCKET s)
{
    WSAPOLLFD entry = { .fd = s, .events = POLLRDNORM };
    DWORD total = 0;
    int n;

    do {
        CHECK(WSAPoll(&entry, 1, 10000) > 0);
        n = recv(s, buffer, sizeof(buffer), 0);
        total += n > 0 ? (DWORD)n : 0;
    } while (n > 0);
    CHECK_INT(n, 0);
    return total;
}

static bool ends_soon(const OVERLAPPED *request)
{
    return WaitForSingleObject(request->hEvent, A_WHILE_MS) == WAIT_OBJECT_0;
}

/* However small the slice, it does not end before the peer has taken it all;
 * a large one shows that. */
static void a_request_is_pending_whatever_the_mode(void **state)
{
    OVERLAPPED request = { .Offset = 5 };
    pier_file file = file_make();
    SOCKET ends[2];
    DWORD count = 0;
    bool tells;

    (void)state;
    open_connection(ends);
    file_resize(file, LARGE);
    file_seek(file, 77);
    request.hEvent = CreateEventW(NULL, TRUE, FALSE, NULL);
    CHECK(
        !TransmitFile(ends[0], (HANDLE)file, LARGE - 5, 0, &request, NULL, 0));
    CHECK_INT(WSAGetLastError(), WSA_IO_PENDING);
    CHECK(!ends_soon(&request));
    CHECK_INT(file_position(file), 77);
    CHECK(CancelIoEx((HANDLE)ends[0], &request));
    CHECK(!GetOverlappedResult((HANDLE)ends[0], &request, &count, TRUE));
    CHECK_INT(GetLastError(), ERROR_OPERATION_ABORTED);
    closesocket(ends[0]);
    tells = receive_all(ends[1]) == count;
    CHECK_INT(tells, EXPECTED_CANCELLED_TRANSMISSION);
    CHECK(count > 0 && count < LARGE);
    CloseHandle(request.hEvent);
    closesocket(ends[1]);
    file_close(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_request_is_pending_whatever_the_mode),
    };

    return cmocka_run_group_tests(tests, start_winsock, NULL);
}
