/* SPDX-License-Identifier: MIT */
#include "priv.h"

/* A pipe need not be non-blocking, and its mode is its other users'. What is
 * no descriptor is passed over by poll(), and refused by read(). */
static int has_something(int fd)
{
    struct pollfd look = { .fd = fd, .events = POLLIN };

    return fd < 0 ? 1 : poll(&look, 1, 0);
}

/* A look that a signal ended has seen nothing, and a read might wait. */
static ssize_t read_what_is_there(int fd, void *buffer, size_t length)
{
    int found = has_something(fd);

    if (found > 0)
        return read(fd, buffer, length);
    if (found == 0)
        errno = EAGAIN;
    return -1;
}

ptrdiff_t pierp_file_read(pier_file file, void *buffer, size_t length,
                          int64_t offset)
{
    ssize_t n;

    if (offset >= 0) {
        n = pread((int)file, buffer, length, (off_t)offset);
    } else {
        n = read_what_is_there((int)file, buffer, length);
    }
    return n >= 0 ? n : posix_fail();
}

pier_err pierp_file_get_position(pier_file file, int64_t *out)
{
    off_t position = lseek((int)file, 0, SEEK_CUR);

    if (position < 0)
        return posix_fail();
    *out = position;
    return PIER_OK;
}

pier_err pierp_file_set_position(pier_file file, int64_t position)
{
    return lseek((int)file, (off_t)position, SEEK_SET) < 0 ? posix_fail()
                                                           : PIER_OK;
}

pier_handle pierp_file_waitable(pier_file file)
{
    return file;
}
