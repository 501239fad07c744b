/* SPDX-License-Identifier: MIT */
/* A system of which no further family is known. */
#include "common.h"

const struct plat_layout plat_layouts[] = { { .form = PIERP_NETLINK } };
const size_t plat_layout_count = 0;
