/* SPDX-License-Identifier: MIT */
#include "priv.h"

ssize_t posix_sendfile(int to, int file, off_t offset, size_t length)
{
    (void)to;
    (void)file;
    (void)offset;
    (void)length;
    errno = ENOSYS;
    return -1;
}
