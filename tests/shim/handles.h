/* SPDX-License-Identifier: MIT */
/* How many descriptors or handles this process has open. */
#ifndef SHIM_HANDLES_H
#define SHIM_HANDLES_H

unsigned count_handles(void);

#endif
