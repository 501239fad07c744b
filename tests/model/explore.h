/* SPDX-License-Identifier: MIT */
#ifndef MODEL_EXPLORE_H
#define MODEL_EXPLORE_H

#include "world.h"

struct explored {
    unsigned long states; /* different ones */
    unsigned long steps;
    unsigned long ends; /* runs that ended in no state seen before */
};

/*
 * Runs the operations of the three threads in every order of their steps, and
 * adds what there was to total. A state is taken up once, however it came
 * about: it is all memory, stacks and registers, compared by a hash of 64
 * bits.
 */
void explore(const char *const operations[THREADS], struct explored *total);

#endif
