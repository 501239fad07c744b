/* SPDX-License-Identifier: MIT */
/* macOS tells how much it moved although it fails: with EAGAIN and EINTR. */
#include "priv.h"

#include <sys/uio.h>

ssize_t posix_sendfile(int to, int file, off_t offset, size_t length)
{
    off_t moved = (off_t)length;
    int failed = sendfile(file, to, offset, &moved, NULL, 0);

    return failed && moved == 0 ? -1 : (ssize_t)moved;
}
