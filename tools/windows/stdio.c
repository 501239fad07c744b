/* SPDX-License-Identifier: MIT */
/*
 * The standard streams through their handles: a thread that waits in the C
 * library's read would hold the lock that exit() takes.
 */
#include "private.h"

#include <limits.h>

#define CONSOLE_UNITS 1024 /* of UTF-16, one read */
#define CTRL_Z        0x1a

/*
 * A console gives UTF-16; its narrow reads lose what the local code page
 * lacks. One unit becomes at most three bytes.
 */
static enum system_error read_console(HANDLE input, void *buffer,
                                      size_t length, size_t *got)
{
    wchar_t wide[CONSOLE_UNITS];
    DWORD units = 0;
    int room = length > INT_MAX ? INT_MAX : (int)length;
    DWORD wanted = (DWORD)(room / 3);

    if (wanted > CONSOLE_UNITS)
        wanted = CONSOLE_UNITS;
    if (!ReadConsoleW(input, wide, wanted, &units, NULL))
        return win_error();
    /* As everywhere on Windows, Ctrl-Z at the start of a line is the end. */
    if (units == 0 || wide[0] == CTRL_Z) {
        *got = 0;
        return SYSTEM_OK;
    }
    *got = (size_t)WideCharToMultiByte(CP_UTF8, 0, wide, (int)units, buffer,
                                       room, NULL, NULL);
    return SYSTEM_OK;
}

enum system_error system_read_input(void *buffer, size_t length, size_t *got)
{
    HANDLE input = GetStdHandle(STD_INPUT_HANDLE);
    DWORD limit = length > INT_MAX ? INT_MAX : (DWORD)length;
    DWORD mode;
    DWORD count = 0;

    *got = 0;
    if (!input || input == INVALID_HANDLE_VALUE)
        return SYSTEM_OK;
    if (GetConsoleMode(input, &mode))
        return read_console(input, buffer, length, got);
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
