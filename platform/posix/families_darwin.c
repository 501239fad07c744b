/* SPDX-License-Identifier: MIT */
/* The addresses of macOS: struct sockaddr_ctl of kernel controls, whose kind
 * of address is AF_SYS_CONTROL, and struct sockaddr_vm. */
#include "common.h"
#include "priv.h"

/* What older headers lack. */
#ifndef AF_SYSTEM
#define AF_SYSTEM 32
#endif
#ifndef AF_VSOCK
#define AF_VSOCK 40
#endif

#define DARWIN_AF_SYS_CONTROL 2

const struct plat_layout plat_layouts[] = {
    { PIERP_SYSTEM,
      AF_SYSTEM,
      32,
      12,
      { { PLAT_FIXED, 2, 2, DARWIN_AF_SYS_CONTROL },
        { PLAT_HOST, 4, 4, 0 },
        { PLAT_HOST, 8, 4, 1 } } },
    { PIERP_VSOCK,
      AF_VSOCK,
      12,
      12,
      { { PLAT_HOST, 8, 4, 0 }, { PLAT_HOST, 4, 4, 1 } } },
};

const size_t plat_layout_count = sizeof plat_layouts / sizeof *plat_layouts;
