/* SPDX-License-Identifier: MIT */
/*
 * The numbers and layouts of FreeBSD: a struct in_addr and a struct
 * sockaddr_dl where others have one structure, a struct timeval of two long,
 * and struct sockcred2, which has process, effective user and group after its
 * version.
 */
#include "common.h"

#define OF_SOCKETS 0xffff
#define OF_IPV4    0
#define OF_IPV6    41
#define LONG       sizeof(long)

const struct plat_item plat_items[] = {
    { PLAT_ITEM_IPV4, OF_IPV4, 7, 4, { 0, PLAT_NOWHERE, 0 }, true },
    { PLAT_ITEM_INTERFACE, OF_IPV4, 20, 4, { 2, 2 }, false },
    { PLAT_ITEM_IPV6, OF_IPV6, 46, 20, { 0, 16, 0 }, true },
    { PLAT_ITEM_HOPS, OF_IPV4, 65, 1, { 0 }, false },
    { PLAT_ITEM_HOPS, OF_IPV6, 47, 1, { 0 }, true },
    { PLAT_ITEM_CLASS, OF_IPV4, 68, 1, { 0 }, false },
    { PLAT_ITEM_CLASS, OF_IPV6, 61, 1, { 0 }, true },
    { PLAT_ITEM_US, OF_SOCKETS, 2, 2 * LONG, { LONG, LONG, LONG }, false },
    { PLAT_ITEM_CREDENTIALS, OF_SOCKETS, 8, 24, { 4, 12, 20 }, false },
};

const size_t plat_item_count = sizeof plat_items / sizeof *plat_items;
