/* SPDX-License-Identifier: MIT */
#include "common.h"
#include "priv.h"

/* What headers older than the system lack. */
#ifndef TCP_FASTOPEN
#define TCP_FASTOPEN 15
#endif

const struct plat_option plat_options[PIERP_OPTIONS] = {
    [PIERP_HOP_LIMIT] = { .ipv4 = { IPPROTO_IP, IP_TTL },
                          .ipv6 = { IPPROTO_IPV6, IPV6_UNICAST_HOPS } },
    [PIERP_TRAFFIC_CLASS] = { .ipv4 = { IPPROTO_IP, IP_TOS },
                              .ipv6 = { IPPROTO_IPV6, IPV6_TCLASS } },
    /* IP_MTU_DISCOVER came with Windows 10, these two with Vista (Q79). */
    [PIERP_DONTFRAGMENT] = { .ipv4 = { IPPROTO_IP, IP_DONTFRAGMENT },
                             .ipv6 = { IPPROTO_IPV6, IPV6_DONTFRAG },
                             .on = 1 },
    [PIERP_PATH_MTU] = { .ipv4 = { IPPROTO_IP, IP_MTU },
                         .ipv6 = { IPPROTO_IPV6, IPV6_MTU } },
    /* Since Windows 10 1607; a client needs ConnectEx() besides (Q52). */
    [PIERP_FASTOPEN_QUEUE] = { .ipv4 = { IPPROTO_TCP, TCP_FASTOPEN },
                               .ipv6 = { IPPROTO_TCP, TCP_FASTOPEN },
                               .on = 1 },

    /* Timestamps are the counter of a clock that a message does not name. */
    [PIERP_TELL_DESTINATION] = { .ipv4 = { IPPROTO_IP, IP_PKTINFO },
                                 .ipv6 = { IPPROTO_IPV6, IPV6_PKTINFO },
                                 .on = 1 },
    [PIERP_TELL_HOP_LIMIT] = { .ipv4 = { IPPROTO_IP, IP_RECVTTL },
                               .ipv6 = { IPPROTO_IPV6, IPV6_HOPLIMIT },
                               .on = 1 },
    [PIERP_TELL_TRAFFIC_CLASS] = { .ipv4 = { IPPROTO_IP, IP_RECVTOS },
                                   .ipv6 = { IPPROTO_IPV6, IPV6_RECVTCLASS },
                                   .on = 1 },
};
