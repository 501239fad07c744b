/* SPDX-License-Identifier: MIT */
/* A pipe of the system, which is no socket; <system>/pipes.c. */
#ifndef NET_PIPES_H
#define NET_PIPES_H

#include <stdbool.h>
#include <stdint.h>

/* Whether the system waits for a pipe as it does for a socket. */
extern const bool pipes_can_be_polled;

/* ends[0] is read from, ends[1] is written to. */
bool open_pipe(intptr_t ends[2]);
bool write_to_pipe(intptr_t end);
void close_pipe(const intptr_t ends[2]);

#endif
