/* SPDX-License-Identifier: MIT */
/* Reports calls to the function that pier_set_trace() names. */
#ifndef PIERI_TRACE_H
#define PIERI_TRACE_H

#include "state.h"

/*
 * What sends a call of each direction the long way: while calls are traced,
 * every bit of the state word, some of which are always set. So tracing costs
 * the quick way no question of its own.
 */
extern _Atomic uint64_t pieri_obstacles[2];

static inline uint64_t pieri_trace_obstacles(enum pieri_direction direction)
{
    return atomic_load_explicit(&pieri_obstacles[direction],
                                memory_order_relaxed);
}

/* When the call began; 0 while nothing is traced, which costs no clock. */
int64_t pieri_trace_begin(void);

/* Reports a call that began at start, unless that is 0; returns result. */
ptrdiff_t pieri_trace_end(const char *operation, struct pier_socket *s,
                          ptrdiff_t result, int64_t start);

#endif
