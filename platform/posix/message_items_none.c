/* SPDX-License-Identifier: MIT */
/* What RFC 3542 gives every system. */
#include "common.h"
#include "priv.h"

const struct plat_item plat_items[] = {
    { PLAT_ITEM_IPV6, IPPROTO_IPV6, IPV6_PKTINFO, 20, { 0, 16, 0 }, true },
    { PLAT_ITEM_HOPS, IPPROTO_IPV6, IPV6_HOPLIMIT, 1, { 0 }, true },
    { PLAT_ITEM_CLASS, IPPROTO_IPV6, IPV6_TCLASS, 1, { 0 }, true },
};

const size_t plat_item_count = sizeof plat_items / sizeof *plat_items;
