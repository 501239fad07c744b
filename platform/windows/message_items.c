/* SPDX-License-Identifier: MIT */
/* IN_PKTINFO has its parts in another order than elsewhere (Q78), and no
 * address but that of the packet. */
#include "common.h"
#include "priv.h"

const struct plat_item plat_items[] = {
    { PLAT_ITEM_IPV4, IPPROTO_IP, IP_PKTINFO, 8, { 0, 4, 0 }, true },
    { PLAT_ITEM_IPV6, IPPROTO_IPV6, IPV6_PKTINFO, 20, { 0, 16, 0 }, true },
    { PLAT_ITEM_HOPS, IPPROTO_IP, IP_TTL, 4, { 0 }, true },
    { PLAT_ITEM_HOPS, IPPROTO_IPV6, IPV6_HOPLIMIT, 4, { 0 }, true },
    { PLAT_ITEM_CLASS, IPPROTO_IP, IP_TOS, 4, { 0 }, true },
    { PLAT_ITEM_CLASS, IPPROTO_IPV6, IPV6_TCLASS, 4, { 0 }, true },
};

const size_t plat_item_count = sizeof(plat_items) / sizeof(plat_items[0]);
