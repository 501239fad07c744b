/* SPDX-License-Identifier: MIT */
/* The addresses of FreeBSD: struct sockaddr_nl, sockaddr_l2cap,
 * sockaddr_rfcomm and sockaddr_sco. */
#include "common.h"
#include "priv.h"

/* What older headers lack. */
#ifndef AF_NETLINK
#define AF_NETLINK 38
#endif
#ifndef AF_BLUETOOTH
#define AF_BLUETOOTH 36
#endif

const struct plat_layout plat_layouts[] = {
    { PIERP_NETLINK,
      AF_NETLINK,
      12,
      12,
      { { PLAT_HOST, 4, 4, 0 }, { PLAT_HOST, 8, 4, 1 } } },
    { PIERP_L2CAP,
      AF_BLUETOOTH,
      14,
      13,
      { { PLAT_LITTLE, 4, 6, 0 },
        { PLAT_LITTLE, 2, 2, 1 },
        { PLAT_LITTLE, 10, 2, 2 },
        { PLAT_HOST, 12, 1, 3 } } },
    { PIERP_RFCOMM,
      AF_BLUETOOTH,
      9,
      9,
      { { PLAT_LITTLE, 2, 6, 0 }, { PLAT_HOST, 8, 1, 1 } } },
    { PIERP_SCO, AF_BLUETOOTH, 8, 8, { { PLAT_LITTLE, 2, 6, 0 } } },
};

const size_t plat_layout_count = sizeof plat_layouts / sizeof *plat_layouts;
