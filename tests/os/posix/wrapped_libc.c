/* SPDX-License-Identifier: MIT */
/* libc, as far as the backend's quirks concern it. */
#include "wrapped.h"

void script_set_error(int error)
{
    errno = error;
}

/* Descriptors. */
DOOR(int, socket, (int family, int type, int protocol),
     (family, type, protocol), TOLD(family, type, protocol))
DOOR(int, socketpair, (int family, int type, int protocol, int fds[2]),
     (family, type, protocol, fds), TOLD(family, type, protocol), .out = fds,
     .room = 2 * sizeof *fds)
DOOR(int, close, (int fd), (fd), TOLD(fd))
/* Its third argument is an int, or none, wherever it is called from here. */
DOOR(int, fcntl, (int fd, int command, int value), (fd, command, value),
     TOLD(fd, command, value))
/* Its code is an int or an unsigned long; these fit either. */
DOOR(int, ioctl, (int fd, unsigned long code, void *argument),
     (fd, code, argument), TOLD(fd, V(code)), .in = argument,
     .in_length = code == FIONBIO ? sizeof(int) : 0)
DOOR(int, dup, (int fd), (fd), TOLD(fd))
DOOR(int, eventfd, (unsigned count, int flags), (count, flags),
     TOLD(V(count), flags))
DOOR(int, pipe, (int fds[2]), (fds), TOLD(0), .out = fds,
     .room = 2 * sizeof *fds)
DOOR(int, pipe2, (int fds[2], int flags), (fds, flags), TOLD(0, flags),
     .out = fds, .room = 2 * sizeof *fds)

/* Names, and connections. */
DOOR(int, bind, (int fd, const struct sockaddr *name, socklen_t length),
     (fd, name, length), TOLD(fd, 0, V(length)), .in = name,
     .in_length = length)
DOOR(int, listen, (int fd, int backlog), (fd, backlog), TOLD(fd, backlog))
DOOR(int, accept, (int fd, struct sockaddr *name, socklen_t *length),
     (fd, name, length), TOLD(fd), .out = name, .room = *length,
     .used = (int *)length)
DOOR(int, accept4,
     (int fd, struct sockaddr *name, socklen_t *length, int flags),
     (fd, name, length, flags), TOLD(fd, 0, 0, flags), .out = name,
     .room = *length, .used = (int *)length)
DOOR(int, connect, (int fd, const struct sockaddr *name, socklen_t length),
     (fd, name, length), TOLD(fd, 0, V(length)), .in = name,
     .in_length = length)
DOOR(int, shutdown, (int fd, int how), (fd, how), TOLD(fd, how))
DOOR(int, getsockname, (int fd, struct sockaddr *name, socklen_t *length),
     (fd, name, length), TOLD(fd), .out = name, .room = *length,
     .used = (int *)length)
DOOR(int, getpeername, (int fd, struct sockaddr *name, socklen_t *length),
     (fd, name, length), TOLD(fd), .out = name, .room = *length,
     .used = (int *)length)

/* Data and options. */
DOOR(ssize_t, recv, (int fd, void *buffer, size_t length, int flags),
     (fd, buffer, length, flags), TOLD(fd, V(buffer), V(length), flags),
     .out = buffer, .room = length)
DOOR(ssize_t, recvfrom,
     (int fd, void *buffer, size_t length, int flags, struct sockaddr *name,
      socklen_t *name_length),
     (fd, buffer, length, flags, name, name_length),
     TOLD(fd, V(buffer), V(length), flags, V(name), V(name_length)),
     .out = buffer, .room = length)
DOOR(ssize_t, send, (int fd, const void *buffer, size_t length, int flags),
     (fd, buffer, length, flags), TOLD(fd, V(buffer), V(length), flags))
DOOR(ssize_t, sendto,
     (int fd, const void *buffer, size_t length, int flags,
      const struct sockaddr *name, socklen_t name_length),
     (fd, buffer, length, flags, name, name_length),
     TOLD(fd, V(buffer), V(length), flags), .in = name,
     .in_length = name_length)
DOOR(ssize_t, recvmsg, (int fd, struct msghdr *header, int flags),
     (fd, header, flags),
     TOLD(fd, V(header), flags, V(header->msg_iov), V(header->msg_iovlen),
          V(header->msg_namelen), V(header->msg_controllen)))
DOOR(ssize_t, sendmsg, (int fd, const struct msghdr *header, int flags),
     (fd, header, flags),
     TOLD(fd, V(header), flags, V(header->msg_iov), V(header->msg_iovlen),
          V(header->msg_namelen), V(header->msg_controllen)),
     .in = header->msg_control, .in_length = header->msg_controllen)
DOOR(int, recvmmsg,
     (int fd, struct mmsghdr *headers, unsigned count, int flags,
      struct timespec *limit),
     (fd, headers, count, flags, limit),
     TOLD(fd, V(headers), V(count), flags, V(limit)))
DOOR(int, sendmmsg,
     (int fd, struct mmsghdr *headers, unsigned count, int flags),
     (fd, headers, count, flags), TOLD(fd, V(headers), V(count), flags))
DOOR(int, setsockopt,
     (int fd, int level, int name, const void *value, socklen_t length),
     (fd, level, name, value, length), TOLD(fd, level, name, 0, V(length)),
     .in = value, .in_length = length)
DOOR(int, getsockopt,
     (int fd, int level, int name, void *value, socklen_t *length),
     (fd, level, name, value, length), TOLD(fd, level, name), .out = value,
     .room = *length, .used = (int *)length)

/* Readiness; the limit of ppoll() is kept, the set is looked at by pointer. */
DOOR(int, poll, (struct pollfd * set, nfds_t count, int timeout),
     (set, count, timeout), TOLD(V(set), V(count), timeout))
DOOR(int, ppoll,
     (struct pollfd * set, nfds_t count, const struct timespec *limit,
      const sigset_t *mask),
     (set, count, limit, mask), TOLD(V(set), V(count), V(limit), V(mask)),
     .in = limit, .in_length = sizeof *limit)

/* Names of hosts. */
DOOR(int, getaddrinfo,
     (const char *host, const char *service, const struct addrinfo *hints,
      struct addrinfo **list),
     (host, service, hints, list),
     TOLD(V(host), V(service), hints->ai_flags, hints->ai_socktype),
     .out = list, .room = sizeof(void *))

/* Only where a test has an answer for it: where libc is linked into the test
 * program, cmocka looks at the clock through this door as well. */
int real_clock_gettime(clockid_t clock,
                       struct timespec *now) __asm__("__real_clock_gettime");
int wrap_clock_gettime(clockid_t clock,
                       struct timespec *now) __asm__("__wrap_clock_gettime");
int wrap_clock_gettime(clockid_t clock, struct timespec *now)
{
    struct script_call call = { .name = "clock_gettime",
                                .arguments = { V(clock) },
                                .out = now,
                                .room = sizeof *now };

    if (!script_expects(call.name) || !script_take(&call))
        return real_clock_gettime(clock, now);
    return (int)call.result;
}

/* The one that returns nothing. */
void real_freeaddrinfo(struct addrinfo *list) __asm__("__real_freeaddrinfo");
void wrap_freeaddrinfo(struct addrinfo *list) __asm__("__wrap_freeaddrinfo");
void wrap_freeaddrinfo(struct addrinfo *list)
{
    struct script_call call = { .name = "freeaddrinfo",
                                .arguments = { V(list) } };

    if (!script_take(&call))
        real_freeaddrinfo(list);
}
