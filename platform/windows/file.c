/* SPDX-License-Identifier: MIT */
/*
 * Reading a file by its HANDLE, whichever way it was opened. The offset is
 * given with each read: a handle for overlapped calls has no position of its
 * own, and one for plain calls moves it along.
 */
#include "wait.h"

static pier_err fail_type(void)
{
    return GetLastError() == NO_ERROR ? win_fail_with(ERROR_INVALID_HANDLE)
                                      : win_fail();
}

static ptrdiff_t fail_read(void)
{
    pier_err err = win_fail();

    switch (pierp_native_error()) {
    case ERROR_HANDLE_EOF:
    case ERROR_BROKEN_PIPE:
        return 0;
    case ERROR_ACCESS_DENIED:
        return PIER_EBADF; /* as POSIX: it is not open for reading */
    default:
        return err;
    }
}

static ptrdiff_t read_now(HANDLE file, void *buffer, size_t length,
                          uint64_t offset)
{
    OVERLAPPED place = { .Offset = (DWORD)offset,
                         .OffsetHigh = (DWORD)(offset >> 32) };
    struct pierp_wake *own;
    DWORD count = 0;
    pier_err err = pierp_thread_wake(&own);
    BOOL done;

    if (!err)
        err = win_io_event(own);
    if (err)
        return err;
    place.hEvent = win_private_event(own->io);
    done = ReadFile(file, buffer, (DWORD)win_clamp(length), &count, &place);
    /* Only of a read that succeeded is the count told at once. */
    if (!done && (GetLastError() == ERROR_IO_PENDING ||
                  GetLastError() == ERROR_MORE_DATA))
        done = GetOverlappedResult(file, &place, &count, TRUE);
    /* Of a message that is longer than the room the rest comes next. */
    if (done || GetLastError() == ERROR_MORE_DATA)
        return (ptrdiff_t)count;
    return fail_read();
}

/* A pipe tells what is there; a console is read as long as it takes. Nothing
 * from a pipe is an empty message: its end is told by an error. */
static ptrdiff_t read_stream(HANDLE file, void *buffer, size_t length)
{
    const bool is_pipe = GetFileType(file) == FILE_TYPE_PIPE;
    DWORD there = 1;
    ptrdiff_t n = 0;

    if (is_pipe && !PeekNamedPipe(file, NULL, 0, NULL, &there, NULL))
        return fail_read();
    if (there > 0)
        n = read_now(file, buffer, length, 0);
    return n == 0 && is_pipe ? win_fail_with(WSAEWOULDBLOCK) : n;
}

ptrdiff_t pierp_file_read(pier_file file, void *buffer, size_t length,
                          int64_t offset)
{
    if (offset < 0)
        return read_stream((HANDLE)file, buffer, length);
    return read_now((HANDLE)file, buffer, length, (uint64_t)offset);
}

pier_err pierp_file_get_position(pier_file file, int64_t *out)
{
    LARGE_INTEGER none = { .QuadPart = 0 };
    LARGE_INTEGER position;
    DWORD type;

    SetLastError(NO_ERROR);
    type = GetFileType((HANDLE)file);
    if (type == FILE_TYPE_UNKNOWN)
        return fail_type();
    /* What this gives for a pipe means nothing. */
    if (type != FILE_TYPE_DISK)
        return win_fail_with(ERROR_SEEK);
    if (!SetFilePointerEx((HANDLE)file, none, &position, FILE_CURRENT))
        return win_fail();
    *out = position.QuadPart;
    return PIER_OK;
}

pier_err pierp_file_set_position(pier_file file, int64_t position)
{
    LARGE_INTEGER place = { .QuadPart = position };

    return SetFilePointerEx((HANDLE)file, place, NULL, FILE_BEGIN)
               ? PIER_OK
               : win_fail();
}

pier_handle pierp_file_waitable(pier_file file)
{
    (void)file;
    return PIER_INVALID_HANDLE;
}
