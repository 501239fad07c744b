/* SPDX-License-Identifier: MIT */
#include "private.h"

#include <stdio.h>

/* ERROR_DISK_QUOTA_EXCEEDED, which the headers of MinGW-w64 10 lack. */
#define QUOTA_EXCEEDED 1295

static _Thread_local char other[32] = "unknown error";

enum system_error win_error(void)
{
    DWORD error = GetLastError();

    switch (error) {
    case ERROR_FILE_NOT_FOUND:
    case ERROR_PATH_NOT_FOUND:
    case ERROR_INVALID_DRIVE:
    case ERROR_BAD_NETPATH:
        return SYSTEM_NOT_FOUND;
    case ERROR_ACCESS_DENIED:
    case ERROR_PRIVILEGE_NOT_HELD:
        return SYSTEM_DENIED;
    case ERROR_FILE_EXISTS:
    case ERROR_ALREADY_EXISTS:
        return SYSTEM_EXISTS;
    case ERROR_DISK_FULL:
    case ERROR_HANDLE_DISK_FULL:
    case QUOTA_EXCEEDED:
        return SYSTEM_NO_SPACE;
    case ERROR_FILE_TOO_LARGE:
        return SYSTEM_TOO_LARGE;
    case ERROR_DIRECTORY:
        return SYSTEM_NOT_DIRECTORY;
    case ERROR_WRITE_PROTECT:
        return SYSTEM_READ_ONLY;
    case ERROR_SHARING_VIOLATION:
    case ERROR_LOCK_VIOLATION:
        return SYSTEM_IN_USE;
    case ERROR_FILENAME_EXCED_RANGE:
    case ERROR_INVALID_NAME:
    case ERROR_NO_UNICODE_TRANSLATION:
        return SYSTEM_NAME_TOO_LONG;
    case ERROR_BROKEN_PIPE:
    case ERROR_NO_DATA:
    case ERROR_PIPE_NOT_CONNECTED:
        return SYSTEM_PIPE_CLOSED;
    case ERROR_INVALID_HANDLE:
        return SYSTEM_NOT_OPEN;
    default:
        (void)snprintf(other, sizeof other, "Windows error %lu", error);
        return SYSTEM_OTHER;
    }
}

const char *system_other_text(void)
{
    return other;
}
