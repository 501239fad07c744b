/* SPDX-License-Identifier: MIT */
/* The numbers and layouts of macOS: struct in_pktinfo, in6_pktinfo, and a
 * struct timeval of which the fraction has 32 bits. */
#include "common.h"

#define OF_SOCKETS 0xffff
#define OF_IPV4    0
#define OF_IPV6    41

const struct plat_item plat_items[] = {
    { PLAT_ITEM_IPV4, OF_IPV4, 26, 12, { 8, 0, 4 }, true },
    { PLAT_ITEM_IPV6, OF_IPV6, 46, 20, { 0, 16, 0 }, true },
    { PLAT_ITEM_HOPS, OF_IPV4, 24, 1, { 0 }, false },
    { PLAT_ITEM_HOPS, OF_IPV6, 47, 1, { 0 }, true },
    { PLAT_ITEM_CLASS, OF_IPV4, 27, 1, { 0 }, false },
    { PLAT_ITEM_CLASS, OF_IPV6, 36, 1, { 0 }, true },
    { PLAT_ITEM_US, OF_SOCKETS, 2, 12, { 8, 8, 4 }, false },
};

const size_t plat_item_count = sizeof plat_items / sizeof *plat_items;
