/* SPDX-License-Identifier: MIT */
/*
 * One system call each when it succeeds; what Winsock words otherwise than
 * POSIX is put right on the way out of a failure.
 */
#include "priv.h"

/* What a stream takes if it takes anything. */
#define SURELY_TAKEN 65536

static bool is_datagram(SOCKET s)
{
    return win_socket_type(s) == SOCK_DGRAM;
}

static bool is_bound(SOCKET s)
{
    struct sockaddr_storage name;
    int length = sizeof(name);

    return getsockname(s, (struct sockaddr *)&name, &length) == 0;
}

/*
 * What ICMP answered to an earlier datagram: news of the peer for a connected
 * socket, noise for any other (Q71, Q72), where a provider sends it although
 * it was asked not to.
 */
static pier_err fail_unreachable(SOCKET s, pier_err err)
{
    if (!is_datagram(s))
        return err;
    return win_fail_with(win_has_peer(s) ? WSAECONNREFUSED : WSAEWOULDBLOCK);
}

/* POSIX waits while a connect is under way; Windows has no peer till then. */
static pier_err fail_unconnected(SOCKET s, pier_err err)
{
    return win_connect_pending(s) ? win_fail_with(WSAEWOULDBLOCK) : err;
}

ptrdiff_t win_fail_receive(SOCKET s, int length)
{
    pier_err err = win_fail();

    switch (pierp_native_error()) {
    case WSAEMSGSIZE:
        return length;
    case WSAESHUTDOWN:
        return 0; /* shut down by ourselves is the end on POSIX */
    case WSAECONNRESET:
    case WSAENETRESET:
        return fail_unreachable(s, err);
    case WSAENOTCONN:
        return fail_unconnected(s, err);
    case WSAEINVAL:
        /* POSIX waits at a datagram socket without a name (Q12): it gets
         * one by its first send, by another thread perhaps. */
        if (is_datagram(s) && !is_bound(s))
            return win_fail_with(WSAEWOULDBLOCK);
        return err;
    default:
        return err;
    }
}

ptrdiff_t pierp_recv(pier_handle h, void *buffer, size_t length, int flags)
{
    int room = win_clamp(length);
    int n = recv((SOCKET)h, buffer, room, flags);

    return n >= 0 ? n : win_fail_receive((SOCKET)h, room);
}

ptrdiff_t pierp_recvfrom(pier_handle h, void *buffer, size_t length, int flags,
                         struct pier_address *from)
{
    struct sockaddr_storage name;
    int name_length = sizeof(name);
    int room = win_clamp(length);
    ptrdiff_t n;

    name.ss_family = AF_UNSPEC;
    n = recvfrom((SOCKET)h, buffer, room, flags, (struct sockaddr *)&name,
                 &name_length);
    if (n < 0)
        n = win_fail_receive((SOCKET)h, room);
    /* A stream has no sender, and Winsock then writes nothing. */
    if (n >= 0 && from) {
        win_address_set(from, &name,
                        name.ss_family == AF_UNSPEC ? 0 : name_length);
    }
    return n;
}

/* A datagram that nobody is to get, for which Wine says WSAEINVAL; a stream
 * that never had a peer, for which it says WSAECONNRESET. */
pier_err win_fail_send(SOCKET s, pier_err err)
{
    switch (pierp_native_error()) {
    case WSAECONNRESET:
    case WSAENETRESET:
        return is_bound(s) ? fail_unreachable(s, err)
                           : win_fail_with(WSAENOTCONN);
    case WSAENOTCONN:
    case WSAEINVAL:
        if (is_datagram(s) && !win_has_peer(s))
            return win_fail_with(WSAEDESTADDRREQ);
        return fail_unconnected(s, err);
    default:
        return err;
    }
}

/* Where there is a destination WSAEINVAL is no word for its lack: it is the
 * destination, or control data, that is refused. */
pier_err win_fail_send_to(SOCKET s, const struct pier_address *to)
{
    pier_err err = win_fail_address(s, to);

    if (to->length > 0 && pierp_native_error() == WSAEINVAL && is_datagram(s))
        return err;
    return win_fail_send(s, err);
}

/* Winsock, which takes a large buffer of a stream as a whole or not at all,
 * may have the memory for less. */
static int send_less(SOCKET s, const void *buffer, size_t length, int flags)
{
    int error = WSAGetLastError();

    if (error == WSAENOBUFS && length > SURELY_TAKEN && !is_datagram(s))
        return send(s, buffer, SURELY_TAKEN, flags);
    WSASetLastError(error);
    return SOCKET_ERROR;
}

ptrdiff_t pierp_send(pier_handle h, const void *buffer, size_t length,
                     int flags)
{
    int n = send((SOCKET)h, buffer, win_clamp(length), flags);

    if (n < 0)
        n = send_less((SOCKET)h, buffer, length, flags);
    return n >= 0 ? n : win_fail_send((SOCKET)h, win_fail());
}

/* The unspecified address is this host on POSIX (Q33). */
ptrdiff_t pierp_sendto(pier_handle h, const void *buffer, size_t length,
                       int flags, const struct pier_address *to)
{
    int count = win_clamp(length);
    int n = sendto((SOCKET)h, buffer, count, flags, win_sockaddr(to),
                   (int)to->length);

    if (n < 0 && WSAGetLastError() == WSAEADDRNOTAVAIL) {
        struct pier_address copy;

        to = win_destination(&copy, to);
        n = sendto((SOCKET)h, buffer, count, flags, win_sockaddr(to),
                   (int)to->length);
    }
    if (n >= 0)
        return n;
    n = (int)win_fail_send_to((SOCKET)h, to);
    /* To Winsock no address is too short a one, or of another family. */
    if (to->length == 0 && (n == PIER_EAFNOSUPPORT || n == PIER_EFAULT))
        return PIER_EINVAL;
    return n;
}
