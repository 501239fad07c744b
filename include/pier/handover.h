/* SPDX-License-Identifier: MIT */
/*
 * Sockets that come from other processes.
 *
 * pier_send_socket() and pier_recv_socket() (socket.h) carry one between two
 * processes of this machine. The channel is an AF_UNIX socket of any type on
 * POSIX, a connected stream of any family on Windows; pier has a message of
 * its own for it, so both ends use these two.
 * - process_id is who receives; 0 is this process. POSIX does not look at it.
 * - The socket stays open with the sender, and on Windows must until the
 *   receiver has it, which it had better say. Closing s meanwhile ends no
 * call; closing the channel does.
 * - As after pier_dup() both have one mode: non-blocking. The new socket has
 *   the default timeout of its process, what was shut down stays so, and no
 *   program started later inherits it.
 * - What the message says is compared with what the system finds. What is no
 *   socket is PIER_EBADMSG as soon as that shows, and all that came beside it
 *   is closed.
 * - On Windows the sender has to be trusted: the bytes name a handle, and no
 *   check tells whether the receiver had it before.
 * - A call that ends in the middle, by its timeout, say, may have moved a
 *   part: then the channel is of no more use.
 * - Further errors: PIER_EOPNOTSUPP, s or the channel is under TLS; sending:
 *   those of pier_dup() and pier_share(); receiving: PIER_ENOMEM, and
 *   PIER_EMFILE, by which the socket is lost.
 *
 * pier_share() and pier_fromshare() (socket.h) are what Windows has for it:
 * bytes, which go by any way. 0 is this process here as well. A share is used
 * once; what is never turned into a socket stays with the process it was for
 * until that ends. Errors: PIER_ENOTSUP, not Windows; PIER_EINVAL, there is no
 * such process, the bytes are no share (or one that the system knows no more),
 * or a pointer is NULL; PIER_EACCES, that process is none of the user's;
 * PIER_EBADF; PIER_EOPNOTSUPP, under TLS; PIER_EMFILE, PIER_ENOBUFS,
 * PIER_ENOMEM.
 *
 * pier_listen_fds() takes over what a service manager has opened and bound
 * before it started this process ("socket activation").
 */
#ifndef PIER_HANDOVER_H
#define PIER_HANDOVER_H

#include <pier/socket.h>

/* One of them. What is no socket (a FIFO, say) comes as its descriptor. */
struct pier_inherited {
    const char *name; /* "unknown" where none was given; never NULL */
    struct pier_socket *socket; /* NULL: it is no socket */
    pier_handle handle; /* where socket is NULL; else PIER_INVALID_HANDLE */
};

PIER_BEGIN_DECLS

/*
 * Takes over the sockets that were handed to this process, in their order:
 * listeners, connections or datagram sockets, as the service asked for.
 * pier_type() and pier_getsockopt_int() tell which. They have the process's
 * default timeout and are not inherited by programs started later.
 *
 * The variables LISTEN_PID, LISTEN_FDS and LISTEN_FDNAMES name them. Where
 * they are not set, or were meant for another process, *count is 0 and *out
 * NULL, which is no failure. A second call would take the same descriptors
 * again: with unset_environment the variables are removed once all went well,
 * so that neither it nor a child finds them. Threads that read or write the
 * environment at the same time must be kept from it.
 *
 * *out is freed with pier_free_inherited(). On failure *out is NULL, *count 0,
 * and the descriptors are still open, though not inherited any more.
 *
 * Errors: PIER_EINVAL   the variables are malformed, or there are as many
 *                       names as no descriptors; out or count is NULL
 *         PIER_EBADF    one of the descriptors is not open
 *         PIER_ENOTSUP  on Windows, where no handle comes this way
 *         PIER_ENOMEM
 *
 * Source: sd_listen_fds_with_names() of systemd, whose protocol others speak
 * as well.
 */
PIER_API PIER_MUST_CHECK pier_err pier_listen_fds(struct pier_inherited **out,
                                                  size_t *count,
                                                  bool unset_environment);

/*
 * Frees the list of pier_listen_fds() with its names, and the sockets and
 * descriptors that are still in it: what is to live on is taken out before,
 * by setting socket to NULL or handle to PIER_INVALID_HANDLE. NULL is fine.
 */
PIER_API void pier_free_inherited(struct pier_inherited *list, size_t count);

PIER_END_DECLS

#endif
