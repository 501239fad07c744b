/* SPDX-License-Identifier: MIT */
#include "common.h"
#include "priv.h"

#include <sys/time.h>
#include <time.h>

#define SECONDS  sizeof(time_t)
#define FRACTION sizeof(long)

/* struct in_pktinfo: the interface, an address of this machine, the address in
 * the packet. struct ucred. A dual-stack socket gets items of both families.
 */
const struct plat_item plat_items[] = {
    { PLAT_ITEM_IPV4, IPPROTO_IP, IP_PKTINFO, 12, { 8, 0, 4 }, true },
    { PLAT_ITEM_IPV6, IPPROTO_IPV6, IPV6_PKTINFO, 20, { 0, 16, 0 }, true },
    { PLAT_ITEM_HOPS, IPPROTO_IP, IP_TTL, 1, { 0 }, true },
    { PLAT_ITEM_HOPS, IPPROTO_IPV6, IPV6_HOPLIMIT, 1, { 0 }, true },
    { PLAT_ITEM_CLASS, IPPROTO_IP, IP_TOS, 1, { 0 }, true },
    { PLAT_ITEM_CLASS, IPPROTO_IPV6, IPV6_TCLASS, 1, { 0 }, true },
    { PLAT_ITEM_NS,
      SOL_SOCKET,
      SO_TIMESTAMPNS,
      sizeof(struct timespec),
      { SECONDS, offsetof(struct timespec, tv_nsec), FRACTION },
      false },
    { PLAT_ITEM_US,
      SOL_SOCKET,
      SO_TIMESTAMP,
      sizeof(struct timeval),
      { SECONDS, offsetof(struct timeval, tv_usec),
        sizeof(((struct timeval *)0)->tv_usec) },
      false },
    { PLAT_ITEM_CREDENTIALS,
      SOL_SOCKET,
      SCM_CREDENTIALS,
      12,
      { 0, 4, 8 },
      true },
};

const size_t plat_item_count = sizeof plat_items / sizeof *plat_items;
