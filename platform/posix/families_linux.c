/* SPDX-License-Identifier: MIT */
/*
 * The addresses of Linux. Their layout is the kernel's and never changes, and
 * few machines have all the headers that tell of it: linux/can.h,
 * linux/tipc.h and others, and BlueZ's. So it is written down here; a test
 * compares it with those headers that are there.
 */
#include "common.h"
#include "priv.h"

/* What the headers of older libraries lack. */
#ifndef AF_ALG
#define AF_ALG 38
#endif
#ifndef AF_VSOCK
#define AF_VSOCK 40
#endif
#ifndef AF_QIPCRTR
#define AF_QIPCRTR 42
#endif

const struct plat_layout plat_layouts[] = {
    /* struct sockaddr_nl */
    { PIERP_NETLINK,
      AF_NETLINK,
      12,
      12,
      { { PLAT_HOST, 4, 4, 0 }, { PLAT_HOST, 8, 4, 1 } } },
    /* struct sockaddr_ll; the kernel gives no more of it than it uses */
    { PIERP_PACKET,
      AF_PACKET,
      20,
      12,
      { { PLAT_HOST, 4, 4, 0 },
        { PLAT_BIG, 2, 2, 1 },
        { PLAT_HOST, 10, 1, 2 },
        { PLAT_HOST, 8, 2, 3 },
        { PLAT_HOST, 11, 1, 4 },
        { PLAT_TAIL, 12, PIERP_HARDWARE, 4 } } },
    /* struct sockaddr_can; the same for the other two of its forms */
    { PIERP_CAN, AF_CAN, 24, 8, { { PLAT_HOST, 4, 4, 0 } } },
    { PIERP_ISOTP,
      AF_CAN,
      24,
      16,
      { { PLAT_HOST, 4, 4, 0 },
        { PLAT_HOST, 8, 4, 1 },
        { PLAT_HOST, 12, 4, 2 } } },
    { PIERP_J1939,
      AF_CAN,
      24,
      21,
      { { PLAT_HOST, 4, 4, 0 },
        { PLAT_HOST, 8, 8, 1 },
        { PLAT_HOST, 16, 4, 2 },
        { PLAT_HOST, 20, 1, 3 } } },
    /* struct sockaddr_vm */
    { PIERP_VSOCK,
      AF_VSOCK,
      16,
      12,
      { { PLAT_HOST, 8, 4, 0 }, { PLAT_HOST, 4, 4, 1 } } },
    /* struct sockaddr_tipc */
    { PIERP_TIPC,
      AF_TIPC,
      16,
      16,
      { { PLAT_HOST, 2, 1, 0 },
        { PLAT_HOST, 3, 1, 1 },
        { PLAT_HOST, 4, 4, 2 },
        { PLAT_HOST, 8, 4, 3 },
        { PLAT_HOST, 12, 4, 4 } } },
    { PIERP_TIPC_ID,
      AF_TIPC,
      16,
      16,
      { { PLAT_HOST, 2, 1, 0 },
        { PLAT_HOST, 3, 1, 1 },
        { PLAT_HOST, 8, 4, 2 },
        { PLAT_HOST, 4, 4, 3 } } },
    /* struct sockaddr_alg */
    { PIERP_ALG,
      AF_ALG,
      88,
      88,
      { { PLAT_HOST, 16, 4, 0 },
        { PLAT_HOST, 20, 4, 1 },
        { PLAT_BYTES, 2, PIERP_ALG_TYPE, 0 },
        { PLAT_BYTES, 24, PIERP_ALG_NAME, 1 } } },
    /* struct sockaddr_qrtr */
    { PIERP_QIPCRTR,
      AF_QIPCRTR,
      12,
      12,
      { { PLAT_HOST, 4, 4, 0 }, { PLAT_HOST, 8, 4, 1 } } },
    /* struct sockaddr_l2, sockaddr_rc, sockaddr_hci and sockaddr_sco */
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
      10,
      9,
      { { PLAT_LITTLE, 2, 6, 0 }, { PLAT_HOST, 8, 1, 1 } } },
    { PIERP_HCI,
      AF_BLUETOOTH,
      6,
      6,
      { { PLAT_HOST, 2, 2, 0 }, { PLAT_HOST, 4, 2, 1 } } },
    { PIERP_SCO, AF_BLUETOOTH, 8, 8, { { PLAT_LITTLE, 2, 6, 0 } } },
};

const size_t plat_layout_count = sizeof plat_layouts / sizeof *plat_layouts;
