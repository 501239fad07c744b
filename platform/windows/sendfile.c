/* SPDX-License-Identifier: MIT */
/*
 * TransmitFile() takes no part of a file and says how much it was, as
 * sendfile() does. A request goes on until the peer has taken all of it, even
 * a single byte; that a socket is writable says nothing about that. To end it
 * earlier is to cancel it, and how much of a cancelled request went out is not
 * documented (of a TCP socket one of whose sends SO_SNDTIMEO cancelled
 * Microsoft says that it should not be used any more). So there is only
 * pierp_transmit(), for calls that end with the stream.
 *
 * Client editions run two requests at a time, of all processes: a third would
 * wait for the peers of others. There, as for sockets of AF_UNIX and of layers
 * that do not know it, files are read and sent.
 */
#include "common.h"
#include "wait.h"

#include <mswsock.h>
#include <versionhelpers.h>
#include <winternl.h>

/* Less than this is one read and one send, and no wait for the peer; more
 * than the other is refused. */
#define LEAST INT64_C(65537)
#define MOST  INT64_C(0x7ffffffe)

/* Wine forgets a cancellation that comes while it goes on with the request;
 * the memory is the system's until the request has ended. */
#define CANCEL_AGAIN_MS 10

ptrdiff_t pierp_sendfile(pier_handle h, pier_file file, int64_t offset,
                         size_t length)
{
    (void)h;
    (void)file;
    (void)offset;
    (void)length;
    return plat_lack();
}

/* A socket without WSA_FLAG_OVERLAPPED blocks in what should be pending. */
static bool blocks(SOCKET s)
{
    const FILE_INFORMATION_CLASS mode_information = 16;
    const ULONG synchronous = 0x30; /* FILE_SYNCHRONOUS_IO_(NON)ALERT */
    IO_STATUS_BLOCK status;
    ULONG mode = 0;

    return NtQueryInformationFile((HANDLE)s, &status, &mode, sizeof(mode),
                                  mode_information) < 0 ||
           (mode & synchronous) != 0;
}

/* How many of length bytes there are to read. */
static int64_t readable(HANDLE file, int64_t offset, size_t length)
{
    LARGE_INTEGER size;
    int64_t there;
    char byte;

    if (!GetFileSizeEx(file, &size) || size.QuadPart <= offset ||
        pierp_file_read((pier_file)file, &byte, 1, offset) != 1)
        return 0;
    there = size.QuadPart - offset;
    if (length < (uint64_t)there)
        there = (int64_t)length;
    return there < MOST ? there : MOST;
}

static void release(struct pierp_transmission *t)
{
    CloseHandle((HANDLE)t->event);
    pierp_free(t->request);
    t->event = PIER_INVALID_HANDLE;
    t->request = NULL;
}

static bool prepare(struct pierp_transmission *t, int64_t offset)
{
    OVERLAPPED *request = pierp_alloc(sizeof(*request));
    HANDLE event = request ? CreateEventW(NULL, TRUE, FALSE, NULL) : NULL;

    if (!event) {
        pierp_free(request);
        return false;
    }
    request->Offset = (DWORD)offset;
    request->OffsetHigh = (DWORD)((uint64_t)offset >> 32);
    request->hEvent = win_private_event(event);
    t->event = (pier_handle)event;
    t->request = request;
    return true;
}

static bool begin(SOCKET s, HANDLE file, int64_t offset, size_t length,
                  struct pierp_transmission *t)
{
    const GUID name = WSAID_TRANSMITFILE;
    LPFN_TRANSMITFILE transmit;
    int64_t there = readable(file, offset, length);

    if (there < LEAST || !IsWindowsServer() || blocks(s))
        return false;
    if (!win_find_function(s, name, &transmit) || !prepare(t, offset))
        return false;
    if (transmit(s, file, (DWORD)there, 0, t->request, NULL, 0) ||
        WSAGetLastError() == WSA_IO_PENDING)
        return true;
    release(t);
    return false;
}

void pierp_transmit_end(pier_handle h, struct pierp_transmission *t)
{
    if (t->event == PIER_INVALID_HANDLE)
        return;
    do {
        CancelIoEx((HANDLE)h, t->request);
    } while (WaitForSingleObject((HANDLE)t->event, CANCEL_AGAIN_MS) ==
             WAIT_TIMEOUT);
    release(t);
}

/* Of a file that ends before the request does nobody tells how much went. A
 * handle that is none any more says nothing of the request. */
static pier_err look_why(pier_handle h, struct pierp_transmission *t)
{
    pier_err err = win_fail();

    if (pierp_native_error() == WSA_IO_INCOMPLETE)
        return win_fail_with(WSAEWOULDBLOCK);
    if (pierp_native_error() == ERROR_HANDLE_EOF)
        err = PIER_EIO;
    if (HasOverlappedIoCompleted((OVERLAPPED *)t->request)) {
        release(t);
    } else {
        pierp_transmit_end(h, t);
    }
    return err;
}

ptrdiff_t pierp_transmit(pier_handle h, pier_file file, int64_t offset,
                         size_t length, struct pierp_transmission *t)
{
    DWORD count = 0;
    DWORD flags;

    if (t->event == PIER_INVALID_HANDLE &&
        !begin((SOCKET)h, (HANDLE)file, offset, length, t))
        return plat_lack();
    if (!WSAGetOverlappedResult((SOCKET)h, t->request, &count, FALSE, &flags))
        return look_why(h, t);
    release(t);
    return (ptrdiff_t)count;
}
