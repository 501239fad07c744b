/* SPDX-License-Identifier: MIT */
/*
 * The structure has grown with the kernel, and headers are older or newer than
 * the kernel that runs, so its layout, which never changes, is written down
 * here. How much of it was filled tells what this kernel knows.
 */
#include "priv.h"

#include <pier/socket.h>
#include <stddef.h>

#ifndef TCP_INFO
#define TCP_INFO 11
#endif

struct linux_info {
    uint8_t state, ca_state, retransmits, probes, backoff, options, scales,
        flags;
    uint32_t rto, ato, snd_mss, rcv_mss;
    uint32_t unacked, sacked, lost, retrans, fackets;
    uint32_t last_data_sent, last_ack_sent, last_data_recv, last_ack_recv;
    uint32_t pmtu, rcv_ssthresh, rtt, rttvar, snd_ssthresh, snd_cwnd, advmss,
        reordering;
    uint32_t rcv_rtt, rcv_space, total_retrans;
    uint64_t pacing_rate, max_pacing_rate, bytes_acked, bytes_received;
    uint32_t segs_out, segs_in, notsent_bytes, min_rtt, data_segs_in,
        data_segs_out;
    uint64_t delivery_rate, busy_time, rwnd_limited, sndbuf_limited;
    uint32_t delivered, delivered_ce;
    uint64_t bytes_sent, bytes_retrans;
    uint32_t dsack_dups, reord_seen, rcv_ooopack, snd_wnd, rcv_wnd, rehash;
};

_Static_assert(offsetof(struct linux_info, total_retrans) == 100,
               "as Linux 2.6 has it");
_Static_assert(offsetof(struct linux_info, segs_out) == 136,
               "as Linux 4.2 has it");
_Static_assert(offsetof(struct linux_info, rcv_wnd) == 232,
               "as Linux 6.2 has it");

#define END_OF(field)                                                         \
    (offsetof(struct linux_info, field) +                                     \
     sizeof((struct linux_info *)0)->field)

static const struct {
    uint32_t bits;
    size_t end;
} since[] = {
    { PIERP_TCP_RTT | PIERP_TCP_RTT_VARIANCE | PIERP_TCP_SEND_MSS |
          PIERP_TCP_CONGESTION_WINDOW | PIERP_TCP_STATE,
      END_OF(snd_cwnd) },
    { PIERP_TCP_BYTES_RECEIVED, END_OF(bytes_received) },
    { PIERP_TCP_SEGMENTS_SENT | PIERP_TCP_SEGMENTS_RECEIVED, END_OF(segs_in) },
    { PIERP_TCP_MIN_RTT, END_OF(min_rtt) },
    { PIERP_TCP_BYTES_SENT | PIERP_TCP_BYTES_RETRANSMITTED,
      END_OF(bytes_retrans) },
    { PIERP_TCP_SEND_WINDOW, END_OF(snd_wnd) },
    { PIERP_TCP_RECEIVE_WINDOW, END_OF(rcv_wnd) },
};

static uint32_t known_in(size_t length)
{
    uint32_t known = 0;

    for (size_t i = 0; i < sizeof since / sizeof since[0]; i++) {
        if (length >= since[i].end)
            known |= since[i].bits;
    }
    return known;
}

static int64_t from_microseconds(uint32_t us)
{
    return (int64_t)us * 1000;
}

/* What was not filled is 0. */
static void convert(struct pier_tcp_info *out, const struct linux_info *from)
{
    uint64_t window = (uint64_t)from->snd_cwnd * from->snd_mss;

    out->rtt_ns = from_microseconds(from->rtt);
    out->rtt_variance_ns = from_microseconds(from->rttvar);
    out->min_rtt_ns = from_microseconds(from->min_rtt);
    out->bytes_sent = from->bytes_sent;
    out->bytes_received = from->bytes_received;
    out->bytes_retransmitted = from->bytes_retrans;
    out->segments_sent = from->segs_out;
    out->segments_received = from->segs_in;
    out->send_mss = from->snd_mss;
    out->congestion_window_bytes =
        window < UINT32_MAX ? (uint32_t)window : UINT32_MAX;
    out->receive_window_bytes = from->rcv_wnd;
    out->send_window_bytes = from->snd_wnd;
    out->state = from->state;
}

static pier_err ask(pier_handle h, struct linux_info *out, uint32_t *known)
{
    socklen_t length = sizeof *out;

    if (getsockopt((int)h, IPPROTO_TCP, TCP_INFO, out, &length) < 0)
        return posix_fail();
    *known = known_in(length);
    /* Less than any kernel fills: qemu takes the option for an int, whose
     * bytes it even reverses where the two byte orders differ. */
    return *known ? PIER_OK : posix_fail_with(ENOPROTOOPT);
}

pier_err pierp_tcp_info(pier_handle h, struct pier_tcp_info *out)
{
    struct linux_info info = { 0 };
    uint32_t known = 0;
    pier_err err = ask(h, &info, &known);

    /* Sockets that are none of TCP lack the option or the level. */
    if (err == PIER_ENOPROTOOPT)
        return PIER_ENOTSUP;
    if (err)
        return err;
    /* All bits set: nothing was measured yet. */
    if (info.min_rtt == UINT32_MAX) {
        info.min_rtt = 0;
        known &= ~(uint32_t)PIERP_TCP_MIN_RTT;
    }
    convert(out, &info);
    out->known = known;
    return PIER_OK;
}
