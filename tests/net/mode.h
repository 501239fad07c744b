/* SPDX-License-Identifier: MIT */
/* What a test asks the system itself. */
#ifndef NET_MODE_H
#define NET_MODE_H

#include <stdint.h>
#include <stdio.h>

/* Whether the descriptor has O_NONBLOCK; -1 where nobody can tell. */
int handle_is_nonblocking(intptr_t handle);

/* The number that the C library has for a file. */
int number_of_file(FILE *file);

/* Lets a signal interrupt this process every so many milliseconds; 0: no
 * more. False where there are no signals. */
int signal_every(unsigned ms);

/* Whether this thread leaves these signals to the others; the threads that it
 * starts do as it does, until they say otherwise. */
void avoid_signals(int avoid);

/* How many signals have come; and whether writing to a dead peer would still
 * kill this process. */
unsigned signals_seen(void);
int sigpipe_kills(void);

#endif
