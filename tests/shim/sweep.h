/* SPDX-License-Identifier: MIT */
/*
 * Sweeps over real sockets: a scenario is run again and again while the
 * first, second, third ... call of the seam fails, until a run meets no
 * failure. After each run nothing of it is left.
 */
#ifndef SHIM_SWEEP_H
#define SHIM_SWEEP_H

#include "check.h"
#include "shim.h"

#include <pier/pier.h>

#define MS              PIER_MILLISECONDS(1)
#define SECOND          PIER_SECONDS(1)
#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

struct scenario {
    const char *name;
    /* Runs from nothing to the end, gives back all that it got, and returns
     * the first failure of a call of pier's. */
    pier_err (*run)(void);
    /* Another address, or another way, may do where one failed. */
    bool gets_over_failures;
};

/* Each call fails once, and fails for good from then on, with codes of its
 * own and with an interruption. */
void sweep_all(const struct scenario *scenarios, size_t count);

/* The first call of one function fails: for what is called only before
 * anything else has run. */
void fail_first(const struct scenario *scenario, enum shim_function function,
                pier_err code);

/*
 * Each of these has failed in a sweep of this program. A program keeps them in
 * lists whose names begin with met, where check.cmake finds them: every
 * function that can fail is in one of these lists or in exempt.txt.
 */
void check_swept(const enum shim_function *functions, size_t count);

/* Runs with nothing failing, and with all that can disturb it: waits that
 * end for nothing, streams that move a few bytes a call. */
void disturb_all(const struct scenario *scenarios, size_t count);

/* Notes the first failure of a scenario; true when err is one. */
bool failed(pier_err *first, long long err);

struct pier_address any_port(int family);
struct pier_address name_of(struct pier_socket *s);
bool has_family(int family);

/*
 * Another thread, in which nothing fails: it sends length bytes to s once the
 * test's thread waits. After await_peer() it is gone; a peer that had nobody
 * to send to has sent nothing.
 */
struct peer;
struct peer *start_peer(struct pier_socket *s, const void *bytes,
                        size_t length);
void await_peer(struct peer *peer);

#endif
