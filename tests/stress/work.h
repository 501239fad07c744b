/* SPDX-License-Identifier: MIT */
/* What the threads do, each until it is told to stop. */
#ifndef STRESS_WORK_H
#define STRESS_WORK_H

#include <pier/pier.h>
#include <stdbool.h>

/* One thread, as the one that watches it sees it. */
struct worker {
    bool ends;             /* closes, fires, replaces; else opens and uses */
    uint64_t state;        /* of its random numbers; never 0 */
    _Atomic int64_t began; /* its call; 0: it is in none */
    const char *_Atomic what; /* the call */
};

/* What became of all the calls. */
struct tally {
    _Atomic unsigned long calls, channels, lookups, received, foreign;
    _Atomic unsigned long closed, canceled, late; /* results of ended calls */
    _Atomic unsigned long unexpected;
    const char *_Atomic first_call; /* the first unexpected */
    _Atomic int first_error;
};

extern struct tally tally;
extern _Atomic bool is_over;

void work(void *worker);

#endif
