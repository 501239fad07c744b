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

#define SOCKET(option)                                                        \
    {                                                                         \
        SOL_SOCKET, option                                                    \
    }

const struct plat_option plat_options[PIERP_OPTIONS] = {
    [PIERP_HOP_LIMIT] = { .ipv4 = IPV4(IP_TTL),
                          .ipv6 = IPV6(IPV6_UNICAST_HOPS) },
    [PIERP_TRAFFIC_CLASS] = { .ipv4 = IPV4(IP_TOS),
                              .ipv6 = IPV6(IPV6_TCLASS) },

#ifdef HAVE_IP_MTU_DISCOVER
    [PIERP_DONTFRAGMENT] = { .ipv4 = IPV4(IP_MTU_DISCOVER),
                             .ipv6 = IPV6(IPV6_MTU_DISCOVER),
                             .off = IP_PMTUDISC_DONT,
                             .on = IP_PMTUDISC_DO },
#elif defined(HAVE_IP_DONTFRAG)
    [PIERP_DONTFRAGMENT] = { .ipv4 = IPV4(IP_DONTFRAG),
                             .ipv6 = IPV6(IPV6_DONTFRAG),
                             .on = 1 },
#else
    [PIERP_DONTFRAGMENT] = { .ipv6 = IPV6(IPV6_DONTFRAG), .on = 1 },
#endif

#ifdef HAVE_IP_MTU
    [PIERP_PATH_MTU] = { .ipv4 = IPV4(IP_MTU), .ipv6 = IPV6(IPV6_MTU) },
#endif

#ifdef HAVE_IP_RECVERR
    [PIERP_RECVERR] = { .ipv4 = IPV4(IP_RECVERR),
                        .ipv6 = IPV6(IPV6_RECVERR),
                        .on = 1 },
#endif

/* Linux wants the length of the queue, the others whether there is one;
 * it is Linux that has the option for clients too (Q52). */
#ifdef HAVE_TCP_FASTOPEN_CONNECT
    [PIERP_FASTOPEN_QUEUE] = { .ipv4 = TCP(TCP_FASTOPEN),
                               .ipv6 = TCP(TCP_FASTOPEN) },
    [PIERP_FASTOPEN_CONNECT] = { .ipv4 = TCP(TCP_FASTOPEN_CONNECT),
                                 .ipv6 = TCP(TCP_FASTOPEN_CONNECT),
                                 .on = 1 },
#elif defined(HAVE_TCP_FASTOPEN)
    [PIERP_FASTOPEN_QUEUE] = { .ipv4 = TCP(TCP_FASTOPEN),
                               .ipv6 = TCP(TCP_FASTOPEN),
                               .on = 1 },
#endif

/* FreeBSD tells address and interface one by one. */
#ifdef HAVE_IP_PKTINFO
    [PIERP_TELL_DESTINATION] = { .ipv4 = IPV4(IP_PKTINFO),
                                 .ipv6 = IPV6(IPV6_RECVPKTINFO),
                                 .on = 1 },
#elif defined(HAVE_IP_RECVDSTADDR)
    [PIERP_TELL_DESTINATION] = { .ipv4 = IPV4(IP_RECVDSTADDR),
                                 .ipv6 = IPV6(IPV6_RECVPKTINFO),
                                 .also = IPV4(IP_RECVIF),
                                 .on = 1 },
#else
    [PIERP_TELL_DESTINATION] = { .ipv6 = IPV6(IPV6_RECVPKTINFO), .on = 1 },
#endif

#ifdef HAVE_IP_RECVTTL
    [PIERP_TELL_HOP_LIMIT] = { .ipv4 = IPV4(IP_RECVTTL),
                               .ipv6 = IPV6(IPV6_RECVHOPLIMIT),
                               .on = 1 },
#else
    [PIERP_TELL_HOP_LIMIT] = { .ipv6 = IPV6(IPV6_RECVHOPLIMIT), .on = 1 },
#endif

#ifdef HAVE_IP_RECVTOS
    [PIERP_TELL_TRAFFIC_CLASS] = { .ipv4 = IPV4(IP_RECVTOS),
                                   .ipv6 = IPV6(IPV6_RECVTCLASS),
                                   .on = 1 },
#else
    [PIERP_TELL_TRAFFIC_CLASS] = { .ipv6 = IPV6(IPV6_RECVTCLASS), .on = 1 },
#endif

#ifdef HAVE_SO_TIMESTAMPNS
    [PIERP_TELL_TIMESTAMP] = { .ipv4 = SOCKET(SO_TIMESTAMPNS),
                               .ipv6 = SOCKET(SO_TIMESTAMPNS),
                               .on = 1 },
#elif defined(HAVE_SO_TIMESTAMP)
    [PIERP_TELL_TIMESTAMP] = { .ipv4 = SOCKET(SO_TIMESTAMP),
                               .ipv6 = SOCKET(SO_TIMESTAMP),
                               .on = 1 },
#endif

/* The first is Linux's, for all families, the second AF_UNIX's own. */
#ifdef HAVE_SO_PASSCRED
    [PIERP_TELL_CREDENTIALS] = { .ipv4 = SOCKET(SO_PASSCRED), .on = 1 },
#elif defined(HAVE_LOCAL_CREDS_PERSISTENT)
    [PIERP_TELL_CREDENTIALS] = { .ipv4 = { 0, LOCAL_CREDS_PERSISTENT },
                                 .on = 1 },
#endif
};
