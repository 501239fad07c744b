/* SPDX-License-Identifier: MIT */
/* SIO_TCP_INFO, since Windows 10 1703. Headers have its structure only for
 * those who forsake what is older, so it is written down here. */
#include "priv.h"

#include <pier/socket.h>

#ifndef SIO_TCP_INFO
#define SIO_TCP_INFO _WSAIORW(IOC_VENDOR, 39)
#endif

/* TCP_INFO_v0 */
struct info {
    ULONG state;
    ULONG mss;
    ULONG64 connection_time_ms;
    BOOLEAN timestamps_enabled;
    ULONG rtt_us;
    ULONG min_rtt_us;
    ULONG bytes_in_flight;
    ULONG congestion_window;
    ULONG send_window;
    ULONG receive_window;
    ULONG receive_buffer;
    ULONG64 bytes_out;
    ULONG64 bytes_in;
    ULONG bytes_reordered;
    ULONG bytes_retransmitted;
    ULONG fast_retransmissions;
    ULONG duplicate_acks_in;
    ULONG timeout_episodes;
    UCHAR syn_retransmissions;
};

_Static_assert(sizeof(struct info) == 88, "as Windows has it");

/* TCPSTATE, in its order. */
static const int states[] = {
    PIER_TCP_STATE_CLOSED,      PIER_TCP_STATE_LISTEN,
    PIER_TCP_STATE_SYN_SENT,    PIER_TCP_STATE_SYN_RECEIVED,
    PIER_TCP_STATE_ESTABLISHED, PIER_TCP_STATE_FIN_WAIT_1,
    PIER_TCP_STATE_FIN_WAIT_2,  PIER_TCP_STATE_CLOSE_WAIT,
    PIER_TCP_STATE_CLOSING,     PIER_TCP_STATE_LAST_ACK,
    PIER_TCP_STATE_TIME_WAIT,
};

/* Until a round trip was measured this stands for the shortest. */
#define NOT_MEASURED MAXDWORD

static void convert(struct pier_tcp_info *out, const struct info *from)
{
    bool has_minimum = from->min_rtt_us != NOT_MEASURED;
    bool has_state = from->state < sizeof(states) / sizeof(states[0]);

    out->rtt_ns = (int64_t)from->rtt_us * 1000;
    out->min_rtt_ns = has_minimum ? (int64_t)from->min_rtt_us * 1000 : 0;
    out->bytes_sent = from->bytes_out;
    out->bytes_received = from->bytes_in;
    out->bytes_retransmitted = from->bytes_retransmitted;
    out->send_mss = from->mss;
    out->congestion_window_bytes = from->congestion_window;
    out->receive_window_bytes = from->receive_window;
    out->send_window_bytes = from->send_window;
    out->state = has_state ? states[from->state] : 0;
    out->known = PIERP_TCP_RTT | PIERP_TCP_BYTES_SENT |
                 PIERP_TCP_BYTES_RECEIVED | PIERP_TCP_BYTES_RETRANSMITTED |
                 PIERP_TCP_SEND_MSS | PIERP_TCP_CONGESTION_WINDOW |
                 PIERP_TCP_RECEIVE_WINDOW | PIERP_TCP_SEND_WINDOW |
                 (has_minimum ? PIERP_TCP_MIN_RTT : 0) |
                 (has_state ? PIERP_TCP_STATE : 0);
}

/* Systems without the code, and sockets that are none of TCP. */
static pier_err fail_info(void)
{
    pier_err err = win_fail();

    switch (pierp_native_error()) {
    case WSAEINVAL:
    case WSAENOPROTOOPT:
    case WSAEOPNOTSUPP:
        return PIER_ENOTSUP;
    default:
        return err;
    }
}

pier_err pierp_tcp_info(pier_handle h, struct pier_tcp_info *out)
{
    struct info info = { 0 };
    DWORD version = 0;
    DWORD used;

    if (WSAIoctl((SOCKET)h, SIO_TCP_INFO, &version, sizeof(version), &info,
                 sizeof(info), &used, NULL, NULL))
        return fail_info();
    /* Of a shorter one nobody knows what is in it. */
    if (used < sizeof(info)) {
        (void)win_fail_with(WSAEOPNOTSUPP);
        return PIER_ENOTSUP;
    }
    convert(out, &info);
    return PIER_OK;
}
