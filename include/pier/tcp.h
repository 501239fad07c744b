/* SPDX-License-Identifier: MIT */
/* The states of a TCP connection (RFC 9293) as pier_tcp_info() gives them: the
 * numbers of Linux, on every system. */
#ifndef PIER_TCP_H
#define PIER_TCP_H

enum {
    PIER_TCP_STATE_ESTABLISHED = 1,
    PIER_TCP_STATE_SYN_SENT = 2,
    PIER_TCP_STATE_SYN_RECEIVED = 3,
    PIER_TCP_STATE_FIN_WAIT_1 = 4,
    PIER_TCP_STATE_FIN_WAIT_2 = 5,
    PIER_TCP_STATE_TIME_WAIT = 6,
    PIER_TCP_STATE_CLOSED = 7,
    PIER_TCP_STATE_CLOSE_WAIT = 8,
    PIER_TCP_STATE_LAST_ACK = 9,
    PIER_TCP_STATE_LISTEN = 10,
    PIER_TCP_STATE_CLOSING = 11
};

#endif
