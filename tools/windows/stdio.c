/* SPDX-License-Identifier: MIT */
/*
 * The standard streams through their handles: a thread that waits in the C
 * library's read would hold the lock that exit() takes.
 */
#include "console.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

bool system_input_is_terminal(void)
{
    return win_is_console(GetStdHandle(STD_INPUT_HANDLE));
}

enum system_error system_read_input(void *buffer, size_t length, size_t *got)
{
    HANDLE input = GetStdHandle(STD_INPUT_HANDLE);
    DWORD limit = length > INT_MAX ? INT_MAX : (DWORD)length;
    DWORD count = 0;

    *got = 0;
    if (!input || input == INVALID_HANDLE_VALUE)
        return SYSTEM_OK;
    if (win_is_console(input))
        return win_read_console(input, buffer, length, got);
    if (!ReadFile(input, buffer, limit, &count, NULL)) {
        DWORD error = GetLastError();

        if (error == ERROR_BROKEN_PIPE || error == ERROR_HANDLE_EOF)
            return SYSTEM_OK;
        return win_error();
    }
    /* Nothing may also be a write of nothing to a pipe; all take it for the
     * end, as the C library does, and Wine shows the end so. */
    *got = count;
    return SYSTEM_OK;
}

enum system_error win_write(HANDLE file, const void *buffer, size_t length)
{
    const char *next = buffer;

    while (length > 0) {
        DWORD limit = length > INT_MAX ? INT_MAX : (DWORD)length;
        DWORD count = 0;

        if (!WriteFile(file, next, limit, &count, NULL))
            return win_error();
        /* A full disk may show as success with fewer bytes, then none. */
        if (count == 0) {
            SetLastError(ERROR_DISK_FULL);
            return win_error();
        }
        next += count;
        length -= count;
    }
    return SYSTEM_OK;
}

enum system_error system_write_output(const void *buffer, size_t length)
{
    return win_write(GetStdHandle(STD_OUTPUT_HANDLE), buffer, length);
}

enum system_error system_flush_output(void)
{
    /* What failed before may have left another code, or none. */
    bool failed = ferror(stdout) != 0;

    _doserrno = 0;
    errno = 0;
    if (fflush(stdout) == 0 && !failed)
        return SYSTEM_OK;
    if (errno == EBADF)
        return SYSTEM_NOT_OPEN;
    SetLastError(_doserrno);
    return win_error();
}
