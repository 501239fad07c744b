/* SPDX-License-Identifier: MIT */
/*
 * The standard streams through their handles: a thread that waits in the C
 * library's read would hold the lock that exit() takes.
 */
#include "console.h"

#include <errno.h>
#include <io.h>
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
    HANDLE output = GetStdHandle(STD_OUTPUT_HANDLE);
    bool failed = ferror(stdout) != 0;
    DWORD count;

    _doserrno = 0;
    errno = 0;
    if (fflush(stdout) == 0 && !failed)
        return SYSTEM_OK;
    if (errno == EBADF || _get_osfhandle(_fileno(stdout)) == -1)
        return SYSTEM_NOT_OPEN;
    /* What failed before left no code; an empty write may fail as it did. */
    SetLastError(_doserrno);
    if (_doserrno == 0 && WriteFile(output, "", 0, &count, NULL))
        SetLastError(ERROR_WRITE_FAULT);
    return win_error();
}
