/* SPDX-License-Identifier: MIT */
#ifndef TOOLS_TRACE_H
#define TOOLS_TRACE_H

#include <stdbool.h>

/*
 * From now on every call that pier_set_trace() tells of is a line on standard
 * error: when it ended, its socket, its name, what it returned and how long it
 * took.
 */
bool trace_start(void);

#endif
