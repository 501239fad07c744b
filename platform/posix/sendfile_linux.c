/* SPDX-License-Identifier: MIT */
/* Linux moves at most 0x7ffff000 bytes a call, whatever it is asked for. */
#include "priv.h"

#include <sys/sendfile.h>

ssize_t posix_sendfile(int to, int file, off_t offset, size_t length)
{
    return sendfile(to, file, &offset, length);
}
