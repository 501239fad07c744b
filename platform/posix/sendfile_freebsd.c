/* SPDX-License-Identifier: MIT */
/* FreeBSD tells how much it moved although it fails: with EAGAIN, EINTR. */
#include "priv.h"

#include <sys/uio.h>

ssize_t posix_sendfile(int to, int file, off_t offset, size_t length)
{
    off_t moved = 0;
    int failed = sendfile(file, to, offset, length, NULL, &moved, 0);

    return failed && moved == 0 ? -1 : (ssize_t)moved;
}
