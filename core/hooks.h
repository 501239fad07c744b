/* SPDX-License-Identifier: MIT */
#ifndef PIERI_HOOKS_H
#define PIERI_HOOKS_H

/* The first socket exists: hooks may no longer be set. */
void pieri_hooks_settle(void);

#endif
