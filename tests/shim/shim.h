/* SPDX-License-Identifier: MIT */
/*
 * The real backend with faults: a layer between core and it that counts the
 * calls of the seam, makes them fail, shortens what they move, and ends waits
 * that nothing has ended. The sockets below are real.
 *
 * Faults are set and cleared by the test's own thread while nothing else is
 * inside; they hold for every thread but those that are spared.
 */
#ifndef SHIM_H
#define SHIM_H

#include <pier/error.h>
#include <stdbool.h>
#include <stddef.h>

#define FAILS(upper, lower)  SHIM_##upper,
#define PASSES(upper, lower) SHIM_##upper,
enum shim_function {
#include "functions.def"
    SHIM_FUNCTION_COUNT
};
#undef FAILS
#undef PASSES

const char *shim_name(enum shim_function function);

/* No fault any more; calls and failures are counted anew. */
void shim_clear(void);

/* The n-th call from now on that can fail, and with stays all after it too,
 * fail with code. */
void shim_fail(unsigned n, pier_err code, bool stays);

/* The same, counting only the calls of one function. */
void shim_fail_function(enum shim_function function, unsigned n,
                        pier_err code);

/* The next call of it that a thread of the library's own makes is held until
 * shim_let_go(), and then fails. */
void shim_hold_worker(enum shim_function function, pier_err code);
bool shim_worker_is_held(void);
void shim_let_go(void);

/* Streams move at most so many bytes a call; 0: no limit. */
void shim_limit(size_t bytes);

/* What happens to waits: two of three end at once, and nothing has come. */
enum {
    SHIM_EARLY = 1,    /* with nothing */
    SHIM_SPURIOUS = 2, /* as if the handle were ready */
    SHIM_WOKEN = 4,    /* as if a wake were signalled */
};

void shim_disturb(unsigned kinds);

/* Each call of this function takes so much longer; 0: no longer. */
void shim_delay(enum shim_function function, unsigned ms);

/* Calls of the calling thread are neither counted nor disturbed. */
void shim_spare_thread(void);

/* Since shim_clear(): calls that can fail, and that did; disturbed waits. */
unsigned shim_calls(void);
unsigned shim_failures(void);
unsigned shim_disturbances(void);

/* Which was the first that failed, SHIM_FUNCTION_COUNT if none, and whether
 * it was made by a thread of the library's own. */
enum shim_function shim_failed(void);
bool shim_failed_elsewhere(void);

/* Threads of the test inside a real wait, but for those that are spared. */
int shim_waiting(void);

/* Threads of the library's own inside a real wait. */
int shim_idle_workers(void);

/* Gives back the share that nobody has made a socket of: the system keeps it
 * for the process that it is for until that ends. */
void shim_take_back_share(void);

/* What core, and for memory the backend, has and has not given back. */
struct shim_holdings {
    long handles;
    long blocks;
    long wakes;
    long threads;
};

struct shim_holdings shim_holdings(void);

#endif
