/* SPDX-License-Identifier: MIT */
/*
 * What the system tells of a received message beside its bytes, and what may
 * be said of one to be sent. Every system has its own control data for it
 * (message.h); these functions turn it into one form and back.
 *
 *     pier_set_message_info(s, PIER_INFO_DESTINATION, true);
 *     ... pier_recvmsg(s, &m, 0), with room for control data ...
 *     info.size = sizeof(info);
 *     pier_get_message_info(&m, &info);
 *     if (info.known & PIER_INFO_DESTINATION) ...
 */
#ifndef PIER_MESSAGE_INFO_H
#define PIER_MESSAGE_INFO_H

#include <pier/message.h>

/* Bits, for what is wanted and for what is known. */
enum pier_info {
    PIER_INFO_DESTINATION = 1,   /* of datagrams: the address that they were
                                  * sent to, and the interface */
    PIER_INFO_HOP_LIMIT = 2,     /* the same: hops that were left */
    PIER_INFO_TRAFFIC_CLASS = 4, /* the same */
    PIER_INFO_TIMESTAMP = 8,     /* when the kernel had it */
    PIER_INFO_CREDENTIALS = 16   /* who sent it over AF_UNIX */
};

/* Fields that are not known are 0. */
struct pier_message_info {
    size_t size;                     /* set by the caller */
    unsigned known;                  /* PIER_INFO_* */
    unsigned interface_index;        /* with DESTINATION; to be sent: 0, any */
    struct pier_address destination; /* with port 0; to be sent: the source
                                      * address; its length 0, any */
    int hop_limit;                   /* 0 to 255 */
    int traffic_class;               /* 0 to 255; its low two bits are ECN */
    int64_t timestamp_ns;            /* since 1970, UTC */
    int64_t process_id;              /* -1 where the system does not tell it */
    int64_t user_id, group_id;
};

PIER_BEGIN_DECLS

/*
 * Asks the system to tell these things, bits of PIER_INFO_*, with messages
 * that come from now on, or no longer to. All of them, or on failure none is
 * changed. A socket of IPv6 that hears IPv4 too is told them of both.
 *
 * Errors: PIER_ENOTSUP  this system, or this kind of socket, tells one of them
 *                       never: credentials need a family other than IP, the
 *                       first three IPv4 or IPv6. Windows tells neither
 *                       timestamps (its own are counters of an unknown clock)
 *                       nor credentials, and the traffic class only since
 *                       Windows 10. macOS tells no credentials.
 *         PIER_EINVAL   s is NULL, or info has other bits or none
 *         PIER_EBADF
 *
 * Threads: any. Does not wait.
 *
 * Source: IP_PKTINFO, IP_RECVTTL, IP_RECVTOS and those of RFC 3542;
 * SO_TIMESTAMPNS, SO_TIMESTAMP; SO_PASSCRED, LOCAL_CREDS_PERSISTENT.
 */
PIER_API PIER_MUST_CHECK pier_err pier_set_message_info(struct pier_socket *s,
                                                        unsigned info,
                                                        bool on);

/*
 * Reads the control data of a received message as far as out->size says, which
 * stays. What is not there, cut or malformed is not among out->known; items of
 * other kinds are passed over. The address of a datagram of IPv4 on a socket
 * of IPv6 is one of IPv6 (::ffff:...), as its sender's is, where the system
 * tells it so.
 *
 * Errors: PIER_EINVAL, m or out is NULL, or the size is 0 or larger than this
 *         library knows
 *
 * Threads: any; it only reads memory.
 */
PIER_API PIER_MUST_CHECK pier_err pier_get_message_info(
    const struct pier_message *m, struct pier_message_info *out);

/*
 * Appends to the control data of m, whose memory has capacity bytes, what
 * info->known names, as pier_control_put() does: the address to send from, or
 * the interface, or both; the hop limit; the traffic class; credentials. On
 * failure nothing changes. family is that of the destination: PIER_AF_INET for
 * IPv4, from a socket of IPv6 as well; or PIER_AF_UNIX.
 *
 * What the kernel thinks of it is told by pier_sendmsg(); credentials that are
 * not the sender's own need privileges.
 *
 * Errors: PIER_EINVAL        a NULL; the size; known has other bits or none; a
 *                            number beyond its range; an address of another
 *                            family
 *         PIER_ENOBUFS       there is not enough room
 *         PIER_ENOTSUP       this system, or this family, cannot be told one
 *                            of them, as no system can a timestamp
 *         PIER_EAFNOSUPPORT  family is none of the three
 *
 * Threads: any; it only writes memory.
 */
PIER_API PIER_MUST_CHECK pier_err
pier_put_message_info(struct pier_message *m, size_t capacity, int family,
                      const struct pier_message_info *info);

/* Bytes of control data that are enough for all that this header knows, to be
 * received or sent; never 0. Threads: any. */
PIER_API size_t pier_message_info_space(void);

PIER_END_DECLS

#endif
