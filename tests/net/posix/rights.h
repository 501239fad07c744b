/* SPDX-License-Identifier: MIT */
/* The open descriptors of the process, and what the system does to them. */
#ifndef NET_RIGHTS_H
#define NET_RIGHTS_H

#include <stdbool.h>

/* No test has as many. */
#define DESCRIPTORS_END 2048

unsigned open_descriptors(void);

/*
 * Whether those that a message brings are all shown, or closed: qemu gives
 * the kernel twice the room, as items may be longer there, and what the
 * program has no room for then stays open unseen.
 */
bool system_shows_what_it_opens(void);

#endif
