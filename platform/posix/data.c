/* SPDX-License-Identifier: MIT */
/*
 * The hot path: one system call each, and nothing else when it succeeds.
 */
#include "priv.h"

/* macOS refuses a request longer than an int, where Linux shortens it (Q56).
 * The build knows whether there is anything to do. */
static inline size_t clamp(size_t length)
{
    return length < POSIX_LENGTH_MAX ? length : POSIX_LENGTH_MAX;
}

ptrdiff_t pierp_recv(pier_handle h, void *buffer, size_t length, int flags)
{
    ssize_t n = recv((int)h, buffer, clamp(length), flags | MSG_DONTWAIT);

    return n >= 0 ? n : posix_fail();
}

ptrdiff_t pierp_recvfrom(pier_handle h, void *buffer, size_t length, int flags,
                         struct pier_address *from)
{
    socklen_t room = POSIX_ADDRESS_ROOM;
    ssize_t n;

    if (!from)
        return pierp_recv(h, buffer, length, flags);
    n = recvfrom((int)h, buffer, clamp(length), flags | MSG_DONTWAIT,
                 posix_sockaddr_room(from), &room);
    if (n < 0)
        return posix_fail();
    posix_set_length(from, room);
    return n;
}

pier_err posix_fail_to_send(void)
{
    pier_err err = posix_fail();

    return err == PIER_EPROTOTYPE ? PIER_ECONNRESET : err;
}

ptrdiff_t pierp_send(pier_handle h, const void *buffer, size_t length,
                     int flags)
{
    struct posix_sigpipe state;
    ssize_t n;

    posix_sigpipe_block(&state);
    n = send((int)h, buffer, clamp(length), flags | POSIX_SEND_FLAGS);
    posix_sigpipe_restore(&state);
    return n >= 0 ? n : posix_fail_to_send();
}

ptrdiff_t pierp_sendto(pier_handle h, const void *buffer, size_t length,
                       int flags, const struct pier_address *to)
{
    struct posix_sigpipe state;
    ssize_t n;

    posix_sigpipe_block(&state);
    n = sendto((int)h, buffer, clamp(length), flags | POSIX_SEND_FLAGS,
               posix_sockaddr(to), (socklen_t)to->length);
    posix_sigpipe_restore(&state);
    return n >= 0 ? n : posix_fail();
}
