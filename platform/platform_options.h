/* SPDX-License-Identifier: MIT */
/* The part of the seam that has to do with options; see platform.h. */
#ifndef PIERP_PLATFORM_OPTIONS_H
#define PIERP_PLATFORM_OPTIONS_H

#include <pier/address.h>
#include <pier/error.h>

/* ---------------------------------------------------------- options --- */

pier_err pierp_setsockopt(pier_handle h, int level, int name,
                          const void *value, size_t length);

/* *length: room in, bytes used out. A value that the system writes narrower
 * than an int where one was asked for is widened to it. */
pier_err pierp_getsockopt(pier_handle h, int level, int name, void *value,
                          size_t *length);

/* Whether IPv6 sockets receive IPv6 only; the defaults differ. */
pier_err pierp_set_v6only(pier_handle h, bool on);

/* Lets several sockets share one port where the system balances between them:
 * PIER_ENOTSUP where it would only let the last one win. */
pier_err pierp_set_reuse_port(pier_handle h);

/* Whether a segment is acknowledged at once, until the system thinks better
 * of it. */
pier_err pierp_set_quickack(pier_handle h, bool on);

/* How a silent connection is asked whether it is still there. */
struct pierp_keepalive {
    bool on;          /* when not, the others mean nothing */
    int64_t idle;     /* nanoseconds, rounded up to the system's unit */
    int64_t interval; /* the same; 0 leaves the system's, for each of them */
    int count;
};

/* A part that the system cannot set is PIER_ENOTSUP, and then nothing is
 * changed; what is beyond its range is PIER_EINVAL. */
pier_err pierp_set_keepalive(pier_handle h, const struct pierp_keepalive *k);

/* seconds is 0 to 65535, which every system can express. */
pier_err pierp_set_linger(pier_handle h, bool on, unsigned seconds);

/*
 * Options that each family and system has under another name. A switch is 0 or
 * 1 here, whatever its values there.
 */
enum pierp_option {
    PIERP_HOP_LIMIT,     /* 1 to 255 */
    PIERP_TRAFFIC_CLASS, /* 0 to 255 */
    PIERP_DONTFRAGMENT,
    PIERP_PATH_MTU, /* bytes; to be asked for only */
    PIERP_RECVERR,
    PIERP_FASTOPEN_QUEUE, /* its length */
    PIERP_FASTOPEN_CONNECT,
    PIERP_TELL_DESTINATION, /* these have received messages tell it */
    PIERP_TELL_HOP_LIMIT,
    PIERP_TELL_TRAFFIC_CLASS,
    PIERP_TELL_TIMESTAMP,
    PIERP_TELL_CREDENTIALS,
    PIERP_OPTIONS
};

/*
 * family is the socket's. On IPv6 the option of IPv4 is set as well, for what
 * is exchanged with IPv4, where the system takes it; what is got is IPv6's.
 * PIER_ENOTSUP: the system lacks it for this kind of socket.
 */
pier_err pierp_set_option(pier_handle h, int family, enum pierp_option option,
                          int value);
pier_err pierp_get_option(pier_handle h, int family, enum pierp_option option,
                          int *out);

struct pier_net_error;

/* Fills all but size with the oldest error that PIERP_RECVERR has kept.
 * PIER_EAGAIN: there is none. */
pier_err pierp_recv_error(pier_handle h, struct pier_net_error *out);

/* ------------------------------------------------------- message info --- */

struct pier_control;
struct pier_message_info;

/* Sets what this item of control data tells, and its bits in known; nothing
 * where the system gives it no meaning or it is too short. An interface may
 * come without an address. out is all zero before. */
void pierp_info_read(struct pier_message_info *out,
                     const struct pier_control *item);

#define PIERP_INFO_DATA 64 /* the longest data of such an item */

struct pierp_info_item {
    int level, type;
    size_t length;
    unsigned char data[PIERP_INFO_DATA];
};

/* The item that says one thing (PIER_INFO_*) of a message that goes by family.
 * PIER_ENOTSUP: this system has none. */
pier_err pierp_info_write(struct pierp_info_item *out, int family,
                          unsigned which,
                          const struct pier_message_info *info);

/* ---------------------------------------------------------- multicast --- */

/* group is a multicast address of the family of the socket, source one of the
 * same family, or NULL: any. Interface 0 is the system's choice. */
struct pierp_membership {
    const struct pier_address *group;
    const struct pier_address *source;
    unsigned interface_index;
};

/* Joins or leaves. PIER_EADDRINUSE: a member already; PIER_EADDRNOTAVAIL: no
 * member; PIER_ENODEV, PIER_ENXIO: no such interface. */
pier_err pierp_change_membership(pier_handle h,
                                 const struct pierp_membership *m, bool join);

/* How multicasts of a socket of this family go out; hops negative leaves
 * them, at most 255. */
pier_err pierp_set_multicast(pier_handle h, int family, int hops, bool loop,
                             unsigned interface_index);

/* -------------------------------------------------------- passed on --- */

/*
 * A control code of the system. What it reads is in, what it writes goes to
 * out; each may be NULL. *out_length: room in, bytes used out; where the
 * system does not tell them they are the room. PIER_ENOTTY: it has no such
 * code. PIER_EINVAL: a buffer is longer than any argument of it.
 */
pier_err pierp_ioctl(pier_handle h, unsigned long code, const void *in,
                     size_t in_length, void *out, size_t *out_length);

/* Bit n of known is the n-th field of struct pier_tcp_info after size. */
enum {
    PIERP_TCP_RTT = 1 << 0,
    PIERP_TCP_RTT_VARIANCE = 1 << 1,
    PIERP_TCP_MIN_RTT = 1 << 2,
    PIERP_TCP_BYTES_SENT = 1 << 3,
    PIERP_TCP_BYTES_RECEIVED = 1 << 4,
    PIERP_TCP_BYTES_RETRANSMITTED = 1 << 5,
    PIERP_TCP_SEGMENTS_SENT = 1 << 6,
    PIERP_TCP_SEGMENTS_RECEIVED = 1 << 7,
    PIERP_TCP_SEND_MSS = 1 << 8,
    PIERP_TCP_CONGESTION_WINDOW = 1 << 9,
    PIERP_TCP_RECEIVE_WINDOW = 1 << 10,
    PIERP_TCP_SEND_WINDOW = 1 << 11,
    PIERP_TCP_STATE = 1 << 12,
};

struct pier_tcp_info;

/* Fills what the system knows, all but size, and known. PIER_ENOTSUP: it does
 * not tell, or the socket is none of TCP. */
pier_err pierp_tcp_info(pier_handle h, struct pier_tcp_info *out);

#endif
