/* SPDX-License-Identifier: MIT */
#include "../calls.h"

#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

static _Thread_local struct call_counts counts;

struct call_counts take_counts(void)
{
    struct call_counts taken = counts;

    counts = (struct call_counts){ 0 };
    return taken;
}

/* Declares the real function and begins its wrapper. */
#define WRAP(result, name, parameters)                                        \
    result __real_##name parameters;                                          \
    result __wrap_##name parameters;                                          \
    result __wrap_##name parameters

WRAP(ssize_t, recv, (int fd, void *buffer, size_t length, int flags))
{
    counts.moves++;
    return __real_recv(fd, buffer, length, flags);
}

WRAP(ssize_t, send, (int fd, const void *buffer, size_t length, int flags))
{
    counts.moves++;
    return __real_send(fd, buffer, length, flags);
}

WRAP(ssize_t, recvfrom,
     (int fd, void *buffer, size_t length, int flags, struct sockaddr *from,
      socklen_t *room))
{
    counts.moves++;
    return __real_recvfrom(fd, buffer, length, flags, from, room);
}

WRAP(ssize_t, sendto,
     (int fd, const void *buffer, size_t length, int flags,
      const struct sockaddr *to, socklen_t to_length))
{
    counts.moves++;
    return __real_sendto(fd, buffer, length, flags, to, to_length);
}

WRAP(int, poll, (struct pollfd * fds, nfds_t count, int timeout))
{
    counts.waits++;
    return __real_poll(fds, count, timeout);
}

WRAP(int, ppoll,
     (struct pollfd * fds, nfds_t count, const struct timespec *timeout,
      const sigset_t *mask))
{
    counts.waits++;
    return __real_ppoll(fds, count, timeout, mask);
}

WRAP(ssize_t, recvmsg, (int fd, struct msghdr *message, int flags))
{
    counts.others++;
    return __real_recvmsg(fd, message, flags);
}

WRAP(ssize_t, sendmsg, (int fd, const struct msghdr *message, int flags))
{
    counts.others++;
    return __real_sendmsg(fd, message, flags);
}

WRAP(ssize_t, read, (int fd, void *buffer, size_t length))
{
    counts.others++;
    return __real_read(fd, buffer, length);
}

WRAP(ssize_t, write, (int fd, const void *buffer, size_t length))
{
    counts.others++;
    return __real_write(fd, buffer, length);
}

WRAP(int, fcntl, (int fd, int command, long argument))
{
    counts.others++;
    return __real_fcntl(fd, command, argument);
}

WRAP(int, ioctl, (int fd, unsigned long code, void *argument))
{
    counts.others++;
    return __real_ioctl(fd, code, argument);
}

WRAP(int, getsockopt,
     (int fd, int level, int name, void *value, socklen_t *length))
{
    counts.others++;
    return __real_getsockopt(fd, level, name, value, length);
}

WRAP(int, pthread_sigmask, (int how, const sigset_t *set, sigset_t *old))
{
    counts.others++;
    return __real_pthread_sigmask(how, set, old);
}

WRAP(int, clock_gettime, (clockid_t which, struct timespec *now))
{
    counts.clocks++;
    return __real_clock_gettime(which, now);
}

WRAP(void *, malloc, (size_t bytes))
{
    counts.blocks++;
    counts.bytes += bytes;
    return __real_malloc(bytes);
}

WRAP(void *, calloc, (size_t count, size_t bytes))
{
    counts.blocks++;
    counts.bytes += count * bytes;
    return __real_calloc(count, bytes);
}

WRAP(void *, realloc, (void *block, size_t bytes))
{
    counts.blocks++;
    counts.bytes += bytes;
    return __real_realloc(block, bytes);
}
