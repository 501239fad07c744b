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
    /* Another address may do where one failed: not every failure is told. */
    bool gets_over_failures;
};

/* scenarios_<name>.c */
struct scenario_group {
    const struct scenario *list;
    size_t count;
};

extern const struct scenario_group socket_scenarios;
extern const struct scenario_group data_scenarios;
extern const struct scenario_group handover_scenarios;
extern const struct scenario_group message_scenarios;
extern const struct scenario_group option_scenarios;
extern const struct scenario_group name_scenarios;
extern const struct scenario_group stream_scenarios;

/* The streams of data_scenarios move at most so much a call; 0: no limit. */
void limit_data(size_t bytes);

#define SCENARIO_GROUP(name, array)                                           \
    const struct scenario_group name = { (array),                             \
                                         sizeof(array) / sizeof((array)[0]) }

/*
 * Fails each call once: the scenario fails with the code (or with what it
 * must become: see sweep.c), or tolerates it where that is right; nothing is
 * left over; the detail of the error is the scenario's result.
 */
void sweep_once(const struct scenario *scenario, pier_err code);

/* Fails each call and all that follow it. */
void sweep_for_good(const struct scenario *scenario, pier_err code);

/* Fails each allocation and all that follow it, and nothing else. */
void sweep_memory(const struct scenario *scenario);

/* Interrupts each call: the scenario must succeed, or end with PIER_EINTR
 * where a call is none that pier repeats. */
void sweep_interrupted(const struct scenario *scenario);

/* Waits end early, with nothing, as if the handle were ready, as if somebody
 * had woken them: the scenario must succeed all the same. */
void sweep_early(const struct scenario *scenario);

/* All of them, for all scenarios. */
void sweep_all(const struct scenario_group *group);

/*
 * What the calls of a scenario go through: keeps the first failure, and that
 * this function of pier's has told of one. true when it failed.
 */
#define failed(first, call) note_failure((first), (call), #call)

bool note_failure(pier_err *first, long long result, const char *call);

/* What has been met by the sweeps so far: a function of the seam that failed
 * in one, a public function that told of it ("pier_open"). */
bool was_swept(enum fake_function function);
bool was_told(const char *name);

/* No call fails any more, so that what is left can be looked at. */
void end_failures(void);

#endif
