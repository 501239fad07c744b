/* SPDX-License-Identifier: MIT */
#include "system.h"

const char *system_error_text(enum system_error error)
{
    switch (error) {
    case SYSTEM_OK:
        return "success";
    case SYSTEM_NOT_FOUND:
        return "no such file or directory";
    case SYSTEM_DENIED:
        return "permission denied";
    case SYSTEM_EXISTS:
        return "file exists";
    case SYSTEM_NO_SPACE:
        return "no space left on device";
    case SYSTEM_TOO_LARGE:
        return "file too large";
    case SYSTEM_IS_DIRECTORY:
        return "is a directory";
    case SYSTEM_NOT_DIRECTORY:
        return "not a directory";
    case SYSTEM_NOT_REGULAR:
        return "not a regular file";
    case SYSTEM_READ_ONLY:
        return "read-only file system";
    case SYSTEM_IN_USE:
        return "in use by another program";
    case SYSTEM_NAME_TOO_LONG:
        return "file name too long or not valid";
    case SYSTEM_PIPE_CLOSED:
        return "closed by the reader";
    case SYSTEM_NOT_OPEN:
        return "not open";
    case SYSTEM_OTHER:
        break;
    }
    return system_other_text();
}
