/* SPDX-License-Identifier: MIT */
/* TransmitFile(): which files and sockets, on which editions, and what is told
 * of a request. */
#include "scripted.h"

#include <mswsock.h>
#include <winternl.h>

/* No handle of the real system, and wider than 32 bits. */
#define SOME_FILE ((pier_file)0x100000F00)

#define FAR_AWAY INT64_C(0x1234567890)
#define MIB      ((size_t)1 << 20)

DOOR(BOOL, GetFileSizeEx, (HANDLE file, LARGE_INTEGER *size), (file, size),
     TOLD(V(file)), .out = size, .room = sizeof *size)
DOOR(BOOL, ReadFile,
     (HANDLE file, void *buffer, DWORD length, DWORD *count,
      OVERLAPPED *overlapped),
     (file, buffer, length, count, overlapped),
     TOLD(V(file), V(buffer), V(length), V(count)))
DOOR(BOOL, VerifyVersionInfoW,
     (OSVERSIONINFOEXW * info, DWORD mask, DWORDLONG condition),
     (info, mask, condition), TOLD(V(info->wProductType), V(mask)))
DOOR(BOOL, CancelIoEx, (HANDLE file, OVERLAPPED *overlapped),
     (file, overlapped), TOLD(V(file), V(overlapped)))
DOOR(BOOL, WSAGetOverlappedResult,
     (SOCKET s, WSAOVERLAPPED *overlapped, DWORD *count, BOOL wait,
      DWORD *flags),
     (s, overlapped, count, wait, flags),
     TOLD(V(s), V(overlapped), V(count), wait))
PLAIN_DOOR(NTSTATUS, NtQueryInformationFile,
           (HANDLE file, IO_STATUS_BLOCK *status, void *out, ULONG length,
            FILE_INFORMATION_CLASS what),
           (file, status, out, length, what), TOLD(V(file), V(what)),
           .out = out, .room = length)

/* It is found by WSAIoctl() alone. */
/* NOLINTBEGIN(readability-function-size): as many parameters as it has. */
DOOR(BOOL, TransmitFile,
     (SOCKET s, HANDLE file, DWORD length, DWORD piece, OVERLAPPED *overlapped,
      TRANSMIT_FILE_BUFFERS *more, DWORD flags),
     (s, file, length, piece, overlapped, more, flags),
     TOLD(V(s), V(file), V(length), V(piece), V(overlapped), V(more),
          V(flags)),
     .in = overlapped, .in_length = sizeof *overlapped)
/* NOLINTEND(readability-function-size) */

static LARGE_INTEGER size;
static struct pierp_transmission t;

static void tell_one(struct script_call *call)
{
    *(DWORD *)call->arguments[3] = 1;
}

static void tell_all(struct script_call *call)
{
    *(DWORD *)call->arguments[2] = 70000;
}

/* A file of 1 MiB from FAR_AWAY on, and all is as it has to be. */
static void be_able(void)
{
    static const LPFN_TRANSMITFILE found = door_TransmitFile;
    static const ULONG overlapped;

    t = (struct pierp_transmission){ .event = PIER_INVALID_HANDLE };
    size.QuadPart = FAR_AWAY + (int64_t)MIB;
    ALWAYS(VerifyVersionInfoW, .result = FALSE,
           .when = { ARGUMENT(1, VER_NT_WORKSTATION),
                     ARGUMENT(2, VER_PRODUCT_TYPE) });
    ALWAYS(GetFileSizeEx, .result = TRUE, .bytes = &size,
           .length = sizeof size, .when = { ARGUMENT(1, SOME_FILE) });
    ALWAYS(ReadFile, .result = TRUE, .act = tell_one,
           .when = { ARGUMENT(1, SOME_FILE), ARGUMENT(3, 1) });
    ALWAYS(NtQueryInformationFile, .bytes = &overlapped,
           .length = sizeof overlapped,
           .when = { ARGUMENT(1, SOME_SOCKET), ARGUMENT(2, 16) });
    ALWAYS(WSAIoctl, .bytes = &found, .length = sizeof found,
           .when = { ARGUMENT(1, SOME_SOCKET),
                     ARGUMENT(2, SIO_GET_EXTENSION_FUNCTION_POINTER) });
}

static ptrdiff_t send_from(int64_t offset, size_t length)
{
    return pierp_transmit(SOME_SOCKET, SOME_FILE, offset, length, &t);
}

/* Makes the request that stays. */
static void begin(void)
{
    NEXT(TransmitFile, .result = FALSE, .error = WSA_IO_PENDING);
    NEXT(WSAGetOverlappedResult, .result = FALSE, .error = WSA_IO_INCOMPLETE);
    CHECK_ERR(send_from(FAR_AWAY, 70000), PIER_EAGAIN);
    CHECK(t.event != PIER_INVALID_HANDLE);
}

static void check_gone(void)
{
    CHECK_INT(t.event, PIER_INVALID_HANDLE);
    CHECK(!t.request);
}

static void q109_a_request_stays_until_the_peer_has_all(void **state)
{
    static const GUID name = WSAID_TRANSMITFILE;
    const struct script_call *call;
    OVERLAPPED given;

    (void)state;
    be_able();
    begin();
    CHECK(memcmp(script_call("WSAIoctl", 0)->kept, &name, sizeof name) == 0);
    call = script_call("TransmitFile", 0);
    CHECK_INT(call->arguments[0], SOME_SOCKET);
    CHECK_INT(call->arguments[1], SOME_FILE);
    CHECK_INT(call->arguments[2], 70000);
    CHECK_INT(call->arguments[3], 0);
    CHECK_INT(call->arguments[5], 0);
    CHECK_INT(call->arguments[6], 0);
    memcpy(&given, call->kept, sizeof given);
    CHECK_INT(given.Offset, 0x34567890);
    CHECK_INT(given.OffsetHigh, 0x12);
    /* No completion port of the socket's owner hears of it. */
    CHECK_INT(given.hEvent, t.event | 1);
    NEXT(WSAGetOverlappedResult, .result = TRUE, .act = tell_all,
         .when = { ARGUMENT(1, SOME_SOCKET), ARGUMENT(2, call->arguments[4]),
                   ARGUMENT(4, FALSE) });
    CHECK_INT(send_from(FAR_AWAY, 70000), 70000);
    check_gone();
    CHECK_INT(CALLS(TransmitFile), 1);
}

static void one_may_be_over_at_once(void **state)
{
    (void)state;
    be_able();
    NEXT(TransmitFile, .result = TRUE);
    NEXT(WSAGetOverlappedResult, .result = TRUE, .act = tell_all);
    CHECK_INT(send_from(FAR_AWAY, 70000), 70000);
    check_gone();
}

static void no_more_is_asked_for_than_the_file_has(void **state)
{
    (void)state;
    be_able();
    NEXT(TransmitFile, .result = TRUE, .when = { ARGUMENT(3, MIB - 5) });
    NEXT(WSAGetOverlappedResult, .result = TRUE, .act = tell_all);
    CHECK_INT(send_from(FAR_AWAY + 5, 20 * MIB), 70000);
    /* Nor than a request may have. */
    size.QuadPart = FAR_AWAY + INT64_C(0x100000000);
    NEXT(TransmitFile, .result = TRUE, .when = { ARGUMENT(3, 0x7ffffffe) });
    NEXT(WSAGetOverlappedResult, .result = TRUE, .act = tell_all);
    CHECK_INT(send_from(FAR_AWAY, 0x80000000), 70000);
}

static void a_failure_is_the_sockets(void **state)
{
    (void)state;
    be_able();
    begin();
    NEXT(WSAGetOverlappedResult, .result = FALSE, .error = WSAECONNRESET);
    CHECK_ERR(send_from(FAR_AWAY, 70000), PIER_ECONNRESET);
    check_gone();
}

static void a_file_that_got_shorter_is_a_failure(void **state)
{
    (void)state;
    be_able();
    begin();
    NEXT(WSAGetOverlappedResult, .result = FALSE, .error = ERROR_HANDLE_EOF);
    CHECK_ERR(send_from(FAR_AWAY, 70000), PIER_EIO);
    check_gone();
}

static void be_pending(struct script_call *call)
{
    ((OVERLAPPED *)call->arguments[4])->Internal = (ULONG_PTR)0x103;
}

/* The memory of a request that goes on is the system's. */
static void a_handle_that_is_none_any_more_leaves_no_request(void **state)
{
    (void)state;
    be_able();
    NEXT(TransmitFile, .result = FALSE, .error = WSA_IO_PENDING,
         .act = be_pending);
    NEXT(WSAGetOverlappedResult, .result = FALSE, .error = WSAENOTSOCK);
    NEXT(CancelIoEx, .result = FALSE, .error = ERROR_INVALID_HANDLE);
    NEXT(WaitForSingleObject, .result = WAIT_OBJECT_0);
    CHECK_ERR(send_from(FAR_AWAY, 70000), PIER_ENOTSOCK);
    check_gone();
}

static void one_that_is_ended_is_cancelled_and_awaited(void **state)
{
    intptr_t request;

    (void)state;
    be_able();
    begin();
    request = script_call("TransmitFile", 0)->arguments[4];
    NEXT(CancelIoEx, .result = TRUE,
         .when = { ARGUMENT(1, SOME_SOCKET), ARGUMENT(2, request) });
    NEXT(WaitForSingleObject, .result = WAIT_OBJECT_0,
         .when = { ARGUMENT(1, t.event) });
    pierp_transmit_end(SOME_SOCKET, &t);
    check_gone();
    /* There is nothing left to end. */
    pierp_transmit_end(SOME_SOCKET, &t);
    CHECK_INT(CALLS(CancelIoEx), 1);
}

/* As Wine may forget it. */
static void it_is_cancelled_until_it_has_ended(void **state)
{
    (void)state;
    be_able();
    begin();
    ALWAYS(CancelIoEx, .result = TRUE);
    NEXT(WaitForSingleObject, .result = WAIT_TIMEOUT);
    NEXT(WaitForSingleObject, .result = WAIT_TIMEOUT);
    NEXT(WaitForSingleObject, .result = WAIT_OBJECT_0);
    pierp_transmit_end(SOME_SOCKET, &t);
    check_gone();
    CHECK_INT(CALLS(CancelIoEx), 3);
}

static void check_refused(int64_t offset, size_t length)
{
    CHECK_ERR(send_from(offset, length), PIER_ENOTSUP);
    check_gone();
}

static void q109_client_editions_have_two_requests_for_all(void **state)
{
    (void)state;
    NEXT(VerifyVersionInfoW, .result = TRUE);
    be_able();
    check_refused(FAR_AWAY, 70000);
    CHECK_INT(CALLS(TransmitFile), 0);
}

static void a_socket_that_would_block_is_left_alone(void **state)
{
    const ULONG alertable = 0x10;
    const ULONG synchronous = 0x20;

    (void)state;
    NEXT(NtQueryInformationFile, .bytes = &synchronous,
         .length = sizeof synchronous);
    NEXT(NtQueryInformationFile, .bytes = &alertable,
         .length = sizeof alertable);
    NEXT(NtQueryInformationFile, .result = (NTSTATUS)0xC0000003);
    be_able();
    check_refused(FAR_AWAY, 70000);
    check_refused(FAR_AWAY, 70000);
    check_refused(FAR_AWAY, 70000);
    CHECK_INT(CALLS(TransmitFile), 0);
}

static void what_cannot_be_read_is_left_to_who_reads(void **state)
{
    (void)state;
    NEXT(GetFileSizeEx, .result = FALSE, .error = ERROR_INVALID_HANDLE);
    NEXT(ReadFile, .result = FALSE, .error = ERROR_ACCESS_DENIED);
    NEXT(ReadFile, .result = TRUE);
    be_able();
    check_refused(FAR_AWAY, 70000);
    check_refused(FAR_AWAY, 70000);
    check_refused(FAR_AWAY, 70000);
    /* The end, what lies beyond it, and what is little before it. */
    check_refused(FAR_AWAY + (int64_t)MIB, 70000);
    check_refused(FAR_AWAY + (int64_t)MIB + 1, 70000);
    check_refused(FAR_AWAY + (int64_t)MIB - 65536, 70000);
    check_refused(FAR_AWAY, 65536);
    CHECK_INT(CALLS(TransmitFile), 0);
}

static void so_is_what_no_request_can_be_made_for(void **state)
{
    (void)state;
    NEXT(WSAIoctl, .result = SOCKET_ERROR, .error = WSAEOPNOTSUPP);
    NEXT(CreateEventW, .result = 0, .error = ERROR_NOT_ENOUGH_MEMORY,
         .when = { ARGUMENT(2, TRUE) });
    be_able();
    check_refused(FAR_AWAY, 70000);
    check_refused(FAR_AWAY, 70000);
    NEXT(TransmitFile, .result = FALSE, .error = WSAENOTCONN);
    check_refused(FAR_AWAY, 70000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        OS_TEST(a_failure_is_the_sockets),
        OS_TEST(a_file_that_got_shorter_is_a_failure),
        OS_TEST(a_handle_that_is_none_any_more_leaves_no_request),
        OS_TEST(a_socket_that_would_block_is_left_alone),
        OS_TEST(it_is_cancelled_until_it_has_ended),
        OS_TEST(no_more_is_asked_for_than_the_file_has),
        OS_TEST(one_may_be_over_at_once),
        OS_TEST(one_that_is_ended_is_cancelled_and_awaited),
        OS_TEST(q109_a_request_stays_until_the_peer_has_all),
        OS_TEST(q109_client_editions_have_two_requests_for_all),
        OS_TEST(so_is_what_no_request_can_be_made_for),
        OS_TEST(what_cannot_be_read_is_left_to_who_reads),
    };

    return cmocka_run_group_tests(tests, script_start, NULL);
}
