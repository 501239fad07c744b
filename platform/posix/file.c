/* SPDX-License-Identifier: MIT */
#include "priv.h"

#ifdef HAVE_RWF_NOWAIT
#include <sys/uio.h>

/* The kernel reads what is there, or says that there is nothing. Not of every
 * file: pipes since Linux 6.4, no terminals, and an emulator knows none. */
static bool read_at_once(int fd, void *buffer, size_t length, ssize_t *n)
{
    const struct iovec piece = { buffer, length };

    *n = preadv2(fd, &piece, 1, -1, RWF_NOWAIT);
    return *n >= 0 || (errno != EOPNOTSUPP && errno != ENOSYS);
}
#else
static bool read_at_once(int fd, void *buffer, size_t length, ssize_t *n)
{
    (void)fd;
    (void)buffer;
    (void)length;
    (void)n;
    return false;
}
#endif

/* A pipe need not be non-blocking, and its mode is its other users'. What is
 * no descriptor is passed over by poll(), and refused by read(). */
static int has_something(int fd)
{
    struct pollfd look = { .fd = fd, .events = POLLIN };

    return fd < 0 ? 1 : poll(&look, 1, 0);
}

/* A look that a signal ended has seen nothing, and a read might wait. So it
 * might where another reader takes what was seen. */
static ssize_t read_what_is_there(int fd, void *buffer, size_t length)
{
    ssize_t n;
    int found;

    if (read_at_once(fd, buffer, length, &n))
        return n;
    found = has_something(fd);
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
