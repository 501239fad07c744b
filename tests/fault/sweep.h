/* SPDX-License-Identifier: MIT */
/*
 * Sweeps: a scenario is run again and again while the first, second, third
 * ... call of the seam fails, until a run meets no failure.
 */
#ifndef FAULT_SWEEP_H
#define FAULT_SWEEP_H

#include "unit.h"

#include <pier/error.h>

struct scenario {
    const char *name;
    /* Runs from a new fake to the end, gives back all that it got, and
     * returns the first failure of a call of pier's. */
    pier_err (*run)(void);
};

/*
 * Fails each call once: the scenario fails with the code (or with what it
 * must become: see sweep.c), or tolerates it where that is right; nothing is
 * left over; the detail of the error is the scenario's result.
 */
void sweep_once(const struct scenario *scenario, pier_err code);

/* Fails each call and all that follow it. */
void sweep_for_good(const struct scenario *scenario, pier_err code);

/* Interrupts each call: the scenario must succeed, or end with PIER_EINTR
 * where a call is none that pier repeats. */
void sweep_interrupted(const struct scenario *scenario);

/* All three, for all scenarios. */
void sweep_all(const struct scenario *scenarios, size_t count);

/* Notes the first failure of a scenario; true when err is one. */
bool failed(pier_err *first, pier_err err);

#endif
