/* SPDX-License-Identifier: MIT */
#include "priv.h"
#include <mstcpip.h>

#ifndef SO_CONNECT_TIME
#define SO_CONNECT_TIME 0x700C
#endif
#ifndef SIO_TCP_INITIAL_RTO
#define SIO_TCP_INITIAL_RTO _WSAIOW(IOC_VENDOR, 17)
#endif

/* TCP_INITIAL_RTO_PARAMETERS and its value for "send one SYN only". */
struct initial_rto {
    USHORT rtt;
    UCHAR max_syn_retransmissions;
};
#define NO_SYN_RETRANSMISSIONS 0xFE

/* Windows 10 version 2004, the first that knows that value; older ones take
 * it for a count. */
#define BUILD_OF_NO_SYN_RETRANSMISSIONS 19041

static bool is_loopback(const struct sockaddr *to)
{
    if (to->sa_family == AF_INET6) {
        return IN6_IS_ADDR_LOOPBACK(
            &((const struct sockaddr_in6 *)to)->sin6_addr);
    }
    return to->sa_family == AF_INET &&
           ((const struct sockaddr_in *)to)->sin_addr.S_un.S_un_b.s_b1 == 127;
}

/* Windows repeats a refused SYN for 2 seconds (Q44); nothing is lost on the
 * way to this host. */
static void refuse_fast(SOCKET s)
{
    struct initial_rto once = { NO_SYN_RETRANSMISSIONS,
                                NO_SYN_RETRANSMISSIONS };
    DWORD ignored;

    WSAIoctl(s, SIO_TCP_INITIAL_RTO, &once, sizeof(once), NULL, 0, &ignored,
             NULL, NULL);
}

const struct pier_address *win_destination(struct pier_address *copy,
                                           const struct pier_address *a)
{
    struct sockaddr_in *v4 = (struct sockaddr_in *)copy->storage.bytes;
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)copy->storage.bytes;
    int family = pierp_address_family(a);

    *copy = *a;
    if (family == AF_INET && v4->sin_addr.s_addr == INADDR_ANY) {
        v4->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    } else if (family == AF_INET6 && IN6_IS_ADDR_UNSPECIFIED(&v6->sin6_addr)) {
        v6->sin6_addr = in6addr_loopback;
    }
    return copy;
}

/* The time is 0xFFFFFFFF while there is no connection. Datagram sockets have
 * none to wait for, and of AF_UNIX nothing is known. */
bool win_lacks_connection(SOCKET s)
{
    DWORD seconds = 0;
    int length = sizeof(seconds);

    return win_socket_type(s) == SOCK_STREAM &&
           win_socket_family(s) != AF_UNIX &&
           !getsockopt(s, SOL_SOCKET, SO_CONNECT_TIME, (char *)&seconds,
                       &length) &&
           seconds == MAXDWORD;
}

/* Windows knows the peer of a socket that is connecting, and only then says
 * at the same time that there is no connection. */
bool win_connect_pending(SOCKET s)
{
    return win_lacks_connection(s) && win_has_peer(s);
}

static pier_err fail_connect(SOCKET s, const struct pier_address *a)
{
    pier_err err = win_fail_address(s, a);

    switch (pierp_native_error()) {
    case WSAEWOULDBLOCK:
    case WSAEINPROGRESS:
        return PIER_EINPROGRESS;
    case WSAEINVAL:
        /* Old providers say this for WSAEALREADY (Q22). */
        return win_connect_pending(s) ? PIER_EALREADY : err;
    default:
        return err;
    }
}

/* No address: the association of a datagram socket ends. Winsock wants an
 * address of full size whose bytes are all zero. */
static pier_err dissolve(SOCKET s)
{
    struct sockaddr_in6 zero = { 0 };

    if (connect(s, (const struct sockaddr *)&zero, sizeof(zero)))
        return win_fail();
    win_report_unreachable(s, false);
    return PIER_OK;
}

pier_err pierp_connect(pier_handle h, const struct pier_address *a)
{
    SOCKET s = (SOCKET)h;
    struct pier_address copy;
    const struct pier_address *to = win_destination(&copy, a);
    bool datagrams = win_socket_type(s) == SOCK_DGRAM;

    if (datagrams && pierp_address_family(a) == AF_UNSPEC)
        return dissolve(s);
    if (!datagrams && is_loopback(win_sockaddr(to)) &&
        win_build() >= BUILD_OF_NO_SYN_RETRANSMISSIONS)
        refuse_fast(s);
    if (connect(s, win_sockaddr(to), (int)to->length))
        return fail_connect(s, to);
    /* A connected datagram socket hears of a closed port, as on POSIX. */
    if (datagrams)
        win_report_unreachable(s, true);
    return PIER_OK;
}

/* Whether select would end a wait for the connect: a connection that came
 * and went again has no time either. */
static bool is_settled(SOCKET s)
{
    struct timeval now = { 0, 0 };
    fd_set write = { .fd_count = 1, .fd_array = { s } };
    fd_set except = write;

    return select(0, NULL, &write, &except, &now) > 0;
}

pier_err pierp_connect_result(pier_handle h)
{
    int error = 0;
    int length = sizeof(error);

    if (getsockopt((SOCKET)h, SOL_SOCKET, SO_ERROR, (char *)&error, &length))
        return win_fail();
    if (error)
        return win_fail_with(error);
    if (win_lacks_connection((SOCKET)h) && !is_settled((SOCKET)h))
        return win_fail_with(WSAEINPROGRESS);
    return PIER_OK;
}
