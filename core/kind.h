/* SPDX-License-Identifier: MIT */
/* Family, type and protocol as a caller names them. */
#ifndef PIERI_KIND_H
#define PIERI_KIND_H

#include "platform.h"

/* Refuses what this system lacks before it is asked: see constants.h. */
pier_err pieri_kind_check(int family, int type, int protocol);

/* The type without the bits that some systems accept beside it; a negative
 * one (to be detected) is left. */
int pieri_kind_type(int type);

/* Whether the type asks for a socket that never blocks (SOCK_NONBLOCK). */
bool pieri_kind_never_blocks(int type);

#endif
