/* SPDX-License-Identifier: MIT */
#include "common.h"
#include "priv.h"

/* What headers older than the system lack. */
#ifndef TCP_FASTOPEN
#define TCP_FASTOPEN 15
#endif

const struct plat_option plat_options[PIERP_OPTIONS] = {
    [PIERP_HOP_LIMIT] = { { IPPROTO_IP, IP_TTL },
                          { IPPROTO_IPV6, IPV6_UNICAST_HOPS },
                          0,
                          0 },
    [PIERP_TRAFFIC_CLASS] = { { IPPROTO_IP, IP_TOS },
                              { IPPROTO_IPV6, IPV6_TCLASS },
                              0,
                              0 },
    /* IP_MTU_DISCOVER came with Windows 10, these two with Vista (Q79). */
    [PIERP_DONTFRAGMENT] = { { IPPROTO_IP, IP_DONTFRAGMENT },
                             { IPPROTO_IPV6, IPV6_DONTFRAG },
                             0,
                             1 },
    [PIERP_PATH_MTU] = { { IPPROTO_IP, IP_MTU },
                         { IPPROTO_IPV6, IPV6_MTU },
                         0,
                         0 },
    /* Since Windows 10 1607; a client needs ConnectEx() besides (Q52). */
    [PIERP_FASTOPEN_QUEUE] = { { IPPROTO_TCP, TCP_FASTOPEN },
                               { IPPROTO_TCP, TCP_FASTOPEN },
                               0,
                               1 },
};
