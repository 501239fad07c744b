/* SPDX-License-Identifier: MIT */
#ifndef SEAM_UNLOAD_H
#define SEAM_UNLOAD_H

#include <pier/types.h>

/* Waits for a nanosecond, so that the thread has a wake; in the module. */
pier_err unload_wait(void);

#endif
