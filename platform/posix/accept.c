/* SPDX-License-Identifier: MIT */
#include "priv.h"

static int accept_plain(int fd, struct sockaddr *peer, socklen_t *room)
{
    int accepted = accept(fd, peer, room);

    if (accepted >= 0 && posix_prepare(accepted) != PIER_OK) {
        (void)close(accepted);
        /* Options of a connection that is gone already cannot be set. */
        errno = ECONNABORTED;
        return -1;
    }
    return accepted;
}

#ifdef HAVE_ACCEPT4
static int accept_prepared(int fd, struct sockaddr *peer, socklen_t *room)
{
    int accepted = accept4(fd, peer, room, SOCK_NONBLOCK | SOCK_CLOEXEC);

    if (accepted < 0 && errno == ENOSYS)
        return accept_plain(fd, peer, room);
    if (accepted >= 0 && posix_mute(accepted) != PIER_OK) {
        (void)close(accepted);
        errno = ECONNABORTED;
        return -1;
    }
    return accepted;
}
#else
#define accept_prepared accept_plain
#endif

static bool is_listener(int fd)
{
    int on = 0;
    socklen_t length = sizeof on;

    return getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &on, &length) == 0 && on;
}

/*
 * Systems hand the pending network error of a queued connection to accept()
 * (Q66). EOPNOTSUPP may be one as well, or say that fd can have no queue.
 */
static bool belongs_to_connection(int fd, int native)
{
    switch (native) {
    case ECONNABORTED:
    case ECONNRESET:
    case EPROTO:
    case ENETDOWN:
    case ENETUNREACH:
    case ENOPROTOOPT:
    case EHOSTDOWN:
    case EHOSTUNREACH:
#ifdef ENONET
    case ENONET:
#endif
        return true;
    case EOPNOTSUPP:
        return is_listener(fd);
    default:
        return false;
    }
}

static pier_err fail(int fd)
{
    int native = errno;
    bool aborted = belongs_to_connection(fd, native);
    pier_err err = posix_fail_with(native);

    return aborted ? PIER_ECONNABORTED : err;
}

pier_err pierp_accept(pier_handle *out, pier_handle h,
                      struct pier_address *peer)
{
    struct pier_address from;
    socklen_t room = POSIX_ADDRESS_ROOM;
    int fd = accept_prepared((int)h, posix_sockaddr_room(&from), &room);

    if (fd < 0)
        return fail((int)h);
    /* macOS accepts a connection whose peer has gone, without an address. */
    if (room == 0 && getpeername(fd, posix_sockaddr_room(&from), &room) < 0) {
        (void)close(fd);
        (void)posix_fail_with(ECONNABORTED);
        return PIER_ECONNABORTED;
    }
    posix_set_length(&from, room);
    if (peer)
        *peer = from;
    *out = fd;
    return PIER_OK;
}
