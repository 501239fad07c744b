/* SPDX-License-Identifier: MIT */
/* The calls that wait for the resolver, for programs in which it is stuck
 * (stuck.h); beside those of scenes.h. */
#ifndef NET_LOOKUPS_H
#define NET_LOOKUPS_H

#include "scenes.h"

extern const struct blocking_call blocking_lookups[];
extern const size_t blocking_lookup_count;

/* Frees the look-up of a scene, if it has one, and lets those that were given
 * up go, so that they do not pile up. */
void end_lookups(struct scene *scene);

#endif
