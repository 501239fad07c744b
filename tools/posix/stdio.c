/* SPDX-License-Identifier: MIT */
#include "private.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <unistd.h>

/* A standard stream may have been made non-blocking by whoever shares it. */
static bool retry(int fd, short events)
{
    struct pollfd item = { fd, events, 0 };

    if (errno == EINTR)
        return true;
    if (errno != EAGAIN)
        return false;
    return poll(&item, 1, -1) >= 0 || errno == EINTR;
}

enum system_error posix_read(int fd, void *buffer, size_t length, size_t *got)
{
    ssize_t n;

    do {
        n = read(fd, buffer, length);
    } while (n < 0 && retry(fd, POLLIN));
    if (n < 0)
        return posix_error();
    *got = (size_t)n;
    return SYSTEM_OK;
}

enum system_error posix_write(int fd, const void *buffer, size_t length)
{
    const char *next = buffer;

    while (length > 0) {
        ssize_t n = write(fd, next, length);

        if (n < 0 && !retry(fd, POLLOUT))
            return posix_error();
        if (n > 0) {
            next += n;
            length -= (size_t)n;
        }
    }
    return SYSTEM_OK;
}

bool system_input_is_terminal(void)
{
    return isatty(STDIN_FILENO) != 0;
}

enum system_error system_read_input(void *buffer, size_t length, size_t *got)
{
    return posix_read(STDIN_FILENO, buffer, length, got);
}

enum system_error system_write_output(const void *buffer, size_t length)
{
    return posix_write(STDOUT_FILENO, buffer, length);
}

enum system_error system_flush_output(void)
{
    /* What failed before may have left another code, or none. */
    bool failed = ferror(stdout) != 0;

    errno = 0;
    if (fflush(stdout) || failed)
        return posix_error();
    return SYSTEM_OK;
}
