/* SPDX-License-Identifier: MIT */
/*
 * A console gives UTF-16; its narrow reads lose what the local code page
 * lacks. A character beyond 16 bits is two units, and a read may end between
 * them, as it may between the "\r" and the "\n" of a line's end.
 */
#include "console.h"

#include <limits.h>

#define CONSOLE_UNITS 1024 /* of UTF-16, one read */
#define UTF8_MAX      3    /* bytes that one unit becomes */
#define CTRL_Z        0x1a

static struct {
    wchar_t units[CONSOLE_UNITS + 1];
    DWORD count; /* units kept from the read before: 0 or 1 */
    bool inside; /* the line began in a read before */
} line;

bool win_is_console(HANDLE stream)
{
    DWORD mode;

    return stream && stream != INVALID_HANDLE_VALUE &&
           GetConsoleMode(stream, &mode);
}

/* Whether the unit can only be understood with the next one. */
static bool is_half(wchar_t unit)
{
    return unit == L'\r' || (unit >= 0xd800 && unit < 0xdc00);
}

/* Makes "\r\n" "\n"; returns how many units are left. */
static DWORD drop_returns(wchar_t *units, DWORD count)
{
    DWORD kept = 0;

    for (DWORD i = 0; i < count; i++) {
        if (units[i] != L'\r' || i + 1 == count || units[i + 1] != L'\n')
            units[kept++] = units[i];
    }
    return kept;
}

/* Converts what is complete and keeps the rest for the next read. */
static size_t convert(DWORD count, void *buffer, int room)
{
    bool half = count > 1 && is_half(line.units[count - 1]);
    wchar_t last = line.units[count - 1];
    DWORD complete = drop_returns(line.units, half ? count - 1 : count);
    int bytes = WideCharToMultiByte(CP_UTF8, 0, line.units, (int)complete,
                                    buffer, room, NULL, NULL);

    line.inside = complete > 0 && line.units[complete - 1] != L'\n';
    line.count = half;
    line.units[0] = last;
    return (size_t)bytes;
}

enum system_error win_read_console(HANDLE input, void *buffer, size_t length,
                                   size_t *got)
{
    int room = length > INT_MAX ? INT_MAX : (int)length;
    DWORD wanted = (DWORD)(room / UTF8_MAX) - 1;
    DWORD units = 0;

    if (wanted > CONSOLE_UNITS)
        wanted = CONSOLE_UNITS;
    *got = 0;
    if (!ReadConsoleW(input, line.units + line.count, wanted, &units, NULL))
        return win_error();
    if (units == 0 || (!line.inside && line.units[0] == CTRL_Z))
        return SYSTEM_OK;
    *got = convert(line.count + units, buffer, room);
    return SYSTEM_OK;
}
