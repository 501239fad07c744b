/* SPDX-License-Identifier: MIT */
#include "priv.h"

/* A pipe need not be non-blocking, and its mode is its other users'. What is
 * no descriptor is passed over by poll(), and refused by read(). */
static bool has_something(int fd)
{
    struct pollfd look = { .fd = fd, .events = POLLIN };

    return fd < 0 || poll(&look, 1, 0) != 0;
}

ptrdiff_t pierp_file_read(pier_file file, void *buffer, size_t length,
                          int64_t offset)
{
    ssize_t n;

    if (offset >= 0) {
        n = pread((int)file, buffer, length, (off_t)offset);
    } else if (has_something((int)file)) {
        n = read((int)file, buffer, length);
    } else {
        return posix_fail_with(EAGAIN);
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
