/* SPDX-License-Identifier: MIT */
/* What the layer's functions ask before and after they call the backend. */
#ifndef SHIM_INSIDE_H
#define SHIM_INSIDE_H

#include "platform.h"
#include "shim.h"

#include <stddef.h>

/* real_pierp_x() for each pierp_x(); made by the build. */
#include "real.h"

/* Counts a call; the failure that it is to have, or PIER_OK. */
pier_err shim_enter(enum shim_function function);

/* As much of length as may be moved now. */
size_t shim_cut(size_t length);

/* Whether a wait ends at once, and then with *got. */
bool shim_ends_wait(unsigned *got);

void shim_wait_begins(void);
void shim_wait_ends(void);

void shim_hold_handles(long more);
void shim_hold_blocks(long more);
void shim_hold_wakes(long more);
void shim_hold_threads(long more);

/* Marks the calling thread as one of the library's own. */
void shim_own_thread(void);

#endif
