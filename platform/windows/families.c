/* SPDX-License-Identifier: MIT */
/*
 * The addresses of Windows: SOCKADDR_BTH, which is packed, and SOCKADDR_HV.
 * They are written down since ws2bth.h and hvsocket.h are not in every kit; a
 * test compares them with the headers.
 */
#include "common.h"
#include "priv.h"

#ifndef AF_HYPERV
#define AF_HYPERV 34
#endif

const struct plat_layout plat_layouts[] = {
    { PIERP_RFCOMM,
      AF_BTH,
      30,
      30,
      { { PLAT_HOST, 2, 8, 0 }, { PLAT_HOST, 26, 4, 1 } } },
    { PIERP_HYPERV,
      AF_HYPERV,
      36,
      36,
      { { PLAT_GUID, 4, PIERP_UUID_LENGTH, 0 },
        { PLAT_GUID, 20, PIERP_UUID_LENGTH, 1 } } },
};

const size_t plat_layout_count = sizeof plat_layouts / sizeof *plat_layouts;
