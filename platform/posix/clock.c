/* SPDX-License-Identifier: MIT */
#include "priv.h"

#include <time.h>
#if defined(HAVE_GETRANDOM)
#include <sys/random.h>
#elif defined(HAVE_ARC4RANDOM_BUF)
#include <stdlib.h>
#endif

int64_t pierp_clock(void)
{
    struct timespec now = { 0, 0 };
    int64_t ns;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    ns = (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
    return ns > 0 ? ns : 1;
}

#if defined(HAVE_ARC4RANDOM_BUF) && !defined(HAVE_GETRANDOM)
pier_err pierp_random(void *buffer, size_t length)
{
    arc4random_buf(buffer, length);
    return PIER_OK;
}
#else
static pier_err read_all(int fd, unsigned char *next, size_t length)
{
    while (length > 0) {
        ssize_t n = read(fd, next, length);

        if (n == 0)
            return posix_fail_with(EIO);
        if (n < 0 && errno != EINTR)
            return posix_fail();
        if (n > 0) {
            next += n;
            length -= (size_t)n;
        }
    }
    return PIER_OK;
}

static pier_err read_device(unsigned char *buffer, size_t length)
{
    int fd = open("/dev/urandom", O_RDONLY | O_CLOEXEC);
    pier_err err;

    if (fd < 0)
        return posix_fail();
    err = read_all(fd, buffer, length);
    (void)close(fd);
    return err;
}

/* How much of buffer the system filled without a file. */
static size_t fill(unsigned char *buffer, size_t length)
{
    size_t done = 0;
#ifdef HAVE_GETRANDOM
    while (done < length) {
        ssize_t n = getrandom(buffer + done, length - done, 0);

        if (n < 0 && errno != EINTR)
            break;
        if (n > 0)
            done += (size_t)n;
    }
#else
    (void)buffer;
    (void)length;
#endif
    return done;
}

/* A kernel or a sandbox without getrandom() still has the device. */
pier_err pierp_random(void *buffer, size_t length)
{
    unsigned char *bytes = buffer;
    size_t done = fill(bytes, length);

    return done < length ? read_device(bytes + done, length - done) : PIER_OK;
}
#endif
