/* SPDX-License-Identifier: MIT */
#include "private.h"

#include <errno.h>
#include <string.h>

static _Thread_local const char *other = "unknown error";

enum system_error posix_error(void)
{
    switch (errno) {
    case ENOENT:
        return SYSTEM_NOT_FOUND;
    case EACCES:
    case EPERM:
        return SYSTEM_DENIED;
    case EEXIST:
        return SYSTEM_EXISTS;
    case ENOSPC:
    case EDQUOT:
        return SYSTEM_NO_SPACE;
    case EFBIG:
        return SYSTEM_TOO_LARGE;
    case EISDIR:
        return SYSTEM_IS_DIRECTORY;
    case ENOTDIR:
        return SYSTEM_NOT_DIRECTORY;
    case EROFS:
        return SYSTEM_READ_ONLY;
    case ETXTBSY:
    case EBUSY:
        return SYSTEM_IN_USE;
    case ENAMETOOLONG:
    case EILSEQ:
        return SYSTEM_NAME_TOO_LONG;
    case EPIPE:
        return SYSTEM_PIPE_CLOSED;
    case EBADF:
        return SYSTEM_NOT_OPEN;
    default:
        other = strerror(errno);
        return SYSTEM_OTHER;
    }
}

const char *system_other_text(void)
{
    return other;
}
