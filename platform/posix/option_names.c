/* SPDX-License-Identifier: MIT */
#include "common.h"
#include "priv.h"

#include <netinet/tcp.h>

#define IPV4(option)                                                          \
    {                                                                         \
        IPPROTO_IP, option                                                    \
    }
#define IPV6(option)                                                          \
    {                                                                         \
        IPPROTO_IPV6, option                                                  \
    }
#define TCP(option)                                                           \
    {                                                                         \
        IPPROTO_TCP, option                                                   \
    }

const struct plat_option plat_options[PIERP_OPTIONS] = {
    [PIERP_HOP_LIMIT] = { IPV4(IP_TTL), IPV6(IPV6_UNICAST_HOPS), 0, 0 },
    [PIERP_TRAFFIC_CLASS] = { IPV4(IP_TOS), IPV6(IPV6_TCLASS), 0, 0 },

#ifdef HAVE_IP_MTU_DISCOVER
    [PIERP_DONTFRAGMENT] = { IPV4(IP_MTU_DISCOVER), IPV6(IPV6_MTU_DISCOVER),
                             IP_PMTUDISC_DONT, IP_PMTUDISC_DO },
#elif defined(HAVE_IP_DONTFRAG)
    [PIERP_DONTFRAGMENT] = { IPV4(IP_DONTFRAG), IPV6(IPV6_DONTFRAG), 0, 1 },
#else
    [PIERP_DONTFRAGMENT] = { IPV4(0), IPV6(IPV6_DONTFRAG), 0, 1 },
#endif

#ifdef HAVE_IP_MTU
    [PIERP_PATH_MTU] = { IPV4(IP_MTU), IPV6(IPV6_MTU), 0, 0 },
#endif

#ifdef HAVE_IP_RECVERR
    [PIERP_RECVERR] = { IPV4(IP_RECVERR), IPV6(IPV6_RECVERR), 0, 1 },
#endif

/* Linux wants the length of the queue, the others whether there is one;
 * it is Linux that has the option for clients too (Q52). */
#ifdef HAVE_TCP_FASTOPEN_CONNECT
    [PIERP_FASTOPEN_QUEUE] = { TCP(TCP_FASTOPEN), TCP(TCP_FASTOPEN), 0, 0 },
    [PIERP_FASTOPEN_CONNECT] = { TCP(TCP_FASTOPEN_CONNECT),
                                 TCP(TCP_FASTOPEN_CONNECT), 0, 1 },
#elif defined(HAVE_TCP_FASTOPEN)
    [PIERP_FASTOPEN_QUEUE] = { TCP(TCP_FASTOPEN), TCP(TCP_FASTOPEN), 0, 1 },
#endif
};
