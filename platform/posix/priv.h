/* SPDX-License-Identifier: MIT */
/*
 * What the files of the POSIX backend share. The build defines HAVE_* for what
 * the system has (features.cmake); each has a fallback here or in its file.
 */
#ifndef POSIX_PRIV_H
#define POSIX_PRIV_H

#include "platform.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/un.h>
#include <unistd.h>

/* ----------------------------------------------------------- errors --- */

/* Keeps errno, or the code given, for pierp_native_error(); its PIER_E*. */
pier_err posix_fail(void);
pier_err posix_fail_with(int native);

/* The same for a send to the peer: macOS says EPROTOTYPE while the connection
 * is being torn down (Q64). */
pier_err posix_fail_to_send(void);

/* The same for a result of getaddrinfo() or getnameinfo(). */
pier_err posix_fail_resolver(int eai);

/* The same for the h_errno that an older look-up gave. */
pier_err posix_fail_host(int number);

/* ------------------------------------------------------ new sockets --- */

#ifdef HAVE_SOCK_FLAGS
#define POSIX_TYPE_FLAGS (SOCK_NONBLOCK | SOCK_CLOEXEC)
#else
#define POSIX_TYPE_FLAGS 0
#endif

/* Sets on fd, one call each, what a new socket has and was not given. */
pier_err posix_prepare(int fd);

/* The part of it that no flag of socket() or accept4() can give. */
pier_err posix_mute(int fd);

pier_err posix_set_cloexec(int fd);

/* ---------------------------------------------------------- SIGPIPE --- */

#ifdef HAVE_MSG_NOSIGNAL
#define POSIX_SEND_FLAGS (MSG_DONTWAIT | MSG_NOSIGNAL)
#else
#define POSIX_SEND_FLAGS MSG_DONTWAIT
#endif

/*
 * Keeps a SIGPIPE that a call raises in this thread from the process
 * (data_sigpipe.c): blocked between the two, and a new one taken back.
 */
struct posix_mask {
    sigset_t before;
    bool was_blocked;
    bool was_pending;
};

void posix_sigpipe_mask(struct posix_mask *mask);
void posix_sigpipe_unmask(const struct posix_mask *mask);

/* Where a send can be kept from raising it neither by a flag nor by an option
 * of the socket, that is done around it. */
#ifdef POSIX_MASK_SIGPIPE
struct posix_sigpipe {
    struct posix_mask mask;
};

static inline void posix_sigpipe_block(struct posix_sigpipe *state)
{
    posix_sigpipe_mask(&state->mask);
}

static inline void posix_sigpipe_restore(const struct posix_sigpipe *state)
{
    posix_sigpipe_unmask(&state->mask);
}
#else
struct posix_sigpipe {
    char none;
};

static inline void posix_sigpipe_block(struct posix_sigpipe *state)
{
    (void)state;
}

static inline void posix_sigpipe_restore(const struct posix_sigpipe *state)
{
    (void)state;
}
#endif

/* ------------------------------------------------------------ files --- */

/* The variant that CMake chose (sendfile_*.c): bytes moved, or -1 and errno,
 * also where the system fails with progress. */
ssize_t posix_sendfile(int to, int file, off_t offset, size_t length);

/* -------------------------------------------------------- addresses --- */

enum {
    POSIX_ADDRESS_ROOM = sizeof((struct pier_address *)0)->storage.bytes
};

static inline const struct sockaddr *
posix_sockaddr(const struct pier_address *a)
{
    return (const struct sockaddr *)(const void *)a->storage.bytes;
}

static inline struct sockaddr *posix_sockaddr_room(struct pier_address *a)
{
    return (struct sockaddr *)(void *)a->storage.bytes;
}

/* The system reports the length it has, which may exceed what it wrote. */
static inline void posix_set_length(struct pier_address *a, socklen_t length)
{
    a->length =
        length < POSIX_ADDRESS_ROOM ? (uint32_t)length : POSIX_ADDRESS_ROOM;
    a->reserved = 0;
}

/* The next item of control data, NULL after the last. CMSG_NXTHDR() of some
 * systems mixes signed and unsigned. */
static inline struct cmsghdr *posix_next_control(const struct msghdr *m,
                                                 struct cmsghdr *item)
{
    unsigned char *at = (unsigned char *)item;
    unsigned char *end = (unsigned char *)m->msg_control + m->msg_controllen;
    size_t left = (size_t)(end - at);
    size_t length = item->cmsg_len;
    size_t step;

    if (length < CMSG_LEN(0) || length > left)
        return NULL;
    step = CMSG_SPACE(length - CMSG_LEN(0));
    if (step > left || left - step < sizeof *item)
        return NULL;
    return (struct cmsghdr *)(void *)(at + step);
}

/* ---------------------------------------------------------- threads --- */

/* One descriptor to wait for, one to signal; the same where it is both. */
struct pierp_wake {
    int wait_fd;
    int signal_fd;
};

/* The variant that CMake chose: wake_eventfd.c or wake_pipe.c. */
pier_err posix_wake_open(struct pierp_wake *wake);

/* poll() for a time in nanoseconds; own, which may be NULL, is the wake of the
 * calling thread. */
struct pollfd;
int posix_poll(struct pollfd *set, nfds_t count, int64_t timeout);

/* Whether exit() has begun, once it is watched for (thread_exit.c). */
pier_err posix_exit_watch(void);
bool posix_exiting(void);
void posix_exit_unwatch(void);

/* For calls of libc that answer all threads in one place. They may read files
 * and ask a directory, so they have a lock of their own. */
void posix_lock_libc(void);
void posix_unlock_libc(void);

/* Prepares for fork and for the end of threads; once, from pierp_start(). */
pier_err posix_threads_prepare(void);

#endif
