/* SPDX-License-Identifier: MIT */
/* The parts of "pier probe"; each prints one or more groups of facts. */
#ifndef TOOLS_PROBE_H
#define TOOLS_PROBE_H

void probe_families(void);
void probe_behaviour(void);
void probe_limits(void);
void probe_options(void);

#endif
