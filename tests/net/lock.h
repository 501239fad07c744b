/* SPDX-License-Identifier: MIT */
/* The one lock of a runtime, as its system has them; <system>/lock.c. */
#ifndef NET_LOCK_H
#define NET_LOCK_H

#include <stdbool.h>

/* Group setup. */
int make_lock(void **state);

void take_lock(void);
bool try_lock(void);

/* False: the system says that another thread has it, or none. */
bool give_lock(void);

#endif
