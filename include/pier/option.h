/* SPDX-License-Identifier: MIT */
/*
 * Options of IP and TCP that every system has under another name, with other
 * values, or not at all; and the errors that a network reports.
 *
 * Errors of all of them: PIER_EAFNOSUPPORT, the socket is none of IPv4 or
 * IPv6; PIER_ENOTSUP, this system or this kind of socket lacks the option, and
 * then nothing is changed; PIER_EINVAL, beyond the range, or out is NULL; and
 * PIER_EINVAL and PIER_EBADF as in socket.h. Out-parameters are untouched on
 * failure. None of them waits, and any thread may call them.
 *
 * A socket of IPv6 that is not held to IPv6 exchanges datagrams with IPv4 too
 * (pier_create_server(), dualstack): what is set holds for both where the
 * system lets it. What is read is IPv6's.
 */
#ifndef PIER_OPTION_H
#define PIER_OPTION_H

#include <pier/socket.h>

/* Who found what is wrong with a datagram. */
enum pier_error_origin {
    PIER_ORIGIN_NONE = 0,  /* not told */
    PIER_ORIGIN_LOCAL = 1, /* this machine */
    PIER_ORIGIN_ICMP = 2,  /* a message of ICMP */
    PIER_ORIGIN_ICMP6 = 3  /* a message of ICMPv6 */
};

/* An error that the network reported of a datagram sent before. */
struct pier_net_error {
    size_t size;     /* set by the caller */
    pier_err code;   /* PIER_ECONNREFUSED, PIER_EHOSTUNREACH, ... */
    int native_code; /* the system's */
    int origin;      /* PIER_ORIGIN_* */
    int icmp_type;   /* of the message; -1 where it was none */
    int icmp_code;   /* the same */
    uint32_t info;   /* with PIER_EMSGSIZE the MTU of the path, in bytes */
    struct pier_address destination; /* of the datagram */
    struct pier_address offender; /* who reported it, with port 0; its length
                                   * is 0 where that is not told */
};

PIER_BEGIN_DECLS

/*
 * An option whose value is one number, in 64 bits: what pier_setsockopt_int()
 * does, and more on sockets of PIER_AF_VSOCK. Options at the level
 * PIER_AF_VSOCK have 64 bits, which both forms send and ask for; all others
 * are an int.
 *
 * Errors: those of pier_setsockopt(); PIER_ERANGE, the value does not fit the
 *         option's int, or what was asked for not the caller's
 */
PIER_API PIER_MUST_CHECK pier_err pier_setsockopt_int64(struct pier_socket *s,
                                                        int level, int name,
                                                        int64_t value);
PIER_API PIER_MUST_CHECK pier_err pier_getsockopt_int64(struct pier_socket *s,
                                                        int level, int name,
                                                        int64_t *value);

/*
 * Whether what is sent may be cut into fragments, here or on its way. With
 * true a datagram that is longer than a link of its path takes gives
 * PIER_EMSGSIZE, at once or when the path is known, or is lost. Without either
 * call it is the system's choice.
 *
 * Streams: Linux only, elsewhere PIER_OK without effect. IPv4 on macOS before
 * 11 and on NetBSD: PIER_ENOTSUP.
 *
 * Source: IP_MTU_DISCOVER, IP_DONTFRAG, IP_DONTFRAGMENT; IPV6_DONTFRAG of
 * RFC 3542, 11.2.
 */
PIER_API PIER_MUST_CHECK pier_err pier_set_dontfragment(struct pier_socket *s,
                                                        bool on);
PIER_API PIER_MUST_CHECK pier_err pier_get_dontfragment(struct pier_socket *s,
                                                        bool *on);

/*
 * The largest packet, headers included, that is thought to reach the peer
 * whole.
 *
 * Errors: besides those above PIER_ENOTCONN, the socket has no peer. On Linux
 *         and Windows 10 only, else PIER_ENOTSUP.
 *
 * Source: IP_MTU, IPV6_MTU.
 */
PIER_API PIER_MUST_CHECK pier_err pier_get_path_mtu(struct pier_socket *s,
                                                    unsigned *bytes);

/*
 * How many routers may pass on what is sent to one receiver, 1 to 255;
 * pier_set_multicast() has that of multicasts.
 *
 * Source: IP_TTL, IPV6_UNICAST_HOPS.
 */
PIER_API PIER_MUST_CHECK pier_err pier_set_hop_limit(struct pier_socket *s,
                                                     int hops);
PIER_API PIER_MUST_CHECK pier_err pier_get_hop_limit(struct pier_socket *s,
                                                     int *hops);

/*
 * The traffic class of what is sent, 0 to 255: six bits of service, then two
 * of congestion (ECN), which are the system's own on a stream.
 *
 * Windows takes the number for IPv4 but heeds it only where its administrator
 * allows that, and lacks it for IPv6.
 *
 * Source: IP_TOS, IPV6_TCLASS; RFC 2474, RFC 3168.
 */
PIER_API PIER_MUST_CHECK pier_err pier_set_traffic_class(struct pier_socket *s,
                                                         int bits);
PIER_API PIER_MUST_CHECK pier_err pier_get_traffic_class(struct pier_socket *s,
                                                         int *bits);

/*
 * TCP Fast Open (RFC 7413): data in the first packet of a connection.
 *
 * The queue is a listener's: how many connections may have sent data before
 * they are established; 0 is none. After pier_listen() every system that has
 * the option takes it, of which Linux knows the length and the others only
 * that there is one: macOS, FreeBSD, Windows 10 1607.
 *
 * The other is for the side that connects: before pier_connect() it lets that
 * return at once when the server is known to take data early; the first send
 * makes the connection then, so a call that receives must not come first. On
 * Linux 4.11 only. Windows and macOS want the data beside the address, which
 * this interface does not have.
 *
 * Errors: besides those above PIER_ENOTSUP also where the administrator has
 *         switched it off; PIER_EINVAL, length is negative or the socket is
 *         connected
 *
 * Source: TCP_FASTOPEN, TCP_FASTOPEN_CONNECT.
 */
PIER_API PIER_MUST_CHECK pier_err
pier_set_fastopen_queue(struct pier_socket *s, int length);
PIER_API PIER_MUST_CHECK pier_err
pier_set_fastopen_connect(struct pier_socket *s, bool on);

/*
 * Whether errors that the network reports of datagrams are kept to be read,
 * one by one, with pier_recv_error(). While there are any, PIER_POLLERR is
 * among the events of the socket; the next receive or send may fail with the
 * latest of them too, once, also on a socket without a peer, which hears of no
 * errors otherwise.
 *
 * On Linux only. Windows 10 has an option of that name, but nobody has
 * documented what its queue gives; there, and elsewhere, PIER_ENOTSUP. A
 * connected socket gives PIER_ECONNREFUSED on every system.
 *
 * Source: IP_RECVERR, IPV6_RECVERR of Linux, ip(7).
 */
PIER_API PIER_MUST_CHECK pier_err pier_set_recverr(struct pier_socket *s,
                                                   bool on);

/*
 * Takes the oldest of these errors. It never waits, whatever the timeout.
 * *out is filled as far as out->size says, which stays.
 *
 * Errors: PIER_EAGAIN, there is none (now); PIER_EINVAL, out is NULL, or its
 *         size is 0 or larger than this library knows
 *
 * Source: MSG_ERRQUEUE of Linux, recvmsg(2).
 */
PIER_API PIER_MUST_CHECK pier_err pier_recv_error(struct pier_socket *s,
                                                  struct pier_net_error *out);

PIER_END_DECLS

#endif
