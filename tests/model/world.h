/* SPDX-License-Identifier: MIT */
/*
 * What the threads of the model share, and what must hold in it.
 *
 * Three threads run the real code of core/ on one socket. Whatever one of
 * them does that another can see is a step: an access to the state word,
 * taking the lock, signalling or draining a wake, the end of a wait, touching
 * and releasing the handle. Before each step the thread rests and the
 * explorer chooses whose step comes next. Giving the lock back is no step,
 * since nobody can tell when it happened; accesses to memory that the lock
 * guards are none either, but have to be made under it.
 */
#ifndef MODEL_WORLD_H
#define MODEL_WORLD_H

#include "coroutine.h"
#include "error.h"
#include "state.h"

#define THREADS       COROUTINES
#define MODEL_HANDLE  ((pier_handle)7)
#define MODEL_TIMEOUT INT64_C(1000000000)

enum step {
    STEP_BEGIN, /* an operation, up to its first look at the state word */
    STEP_FREE,  /* pier_free(): once every call that began is inside */
    STEP_STATE,
    STEP_LOCK,
    STEP_SIGNAL,
    STEP_DRAIN,
    STEP_WAIT,
    STEP_TOUCH, /* an attempt on the handle */
    STEP_RELEASE,
    STEP_OVER, /* nothing is left to do */
};

/* How a step may go; all but a wait go the first way. */
enum {
    WAY_ONLY = 1,
    WAY_WOKEN = 1,
    WAY_READY = 2,
    WAY_LATE = 4,
    WAYS = 3, /* bits */
};

struct pierp_wake {
    bool signalled;
};

struct thread {
    const char *operations; /* those to come */
    char operation;         /* the one that runs; 0: none */
    enum step step;         /* the next one */
    unsigned way;           /* how the explorer has it go */
    bool begins;            /* its first look at the state word is due */
    bool inside;            /* it holds the memory: free may begin */
    bool closed_before;     /* the socket was closed when it began */
    bool late;              /* its time has passed */
    pier_handle waits_for;  /* by STEP_WAIT */
    int64_t left;           /* of the time, by STEP_WAIT */
    struct pierp_wake wake;
    struct pieri_thread storage; /* core's own for each thread */
};

/* All there is besides the stacks; copied as a whole. */
struct world {
    struct pier_socket socket;
    struct thread threads[THREADS];
    int running;
    int lock_owner; /* -1: nobody */
    int turn_owner;
    bool freeing; /* pier_free() has begun: nothing else begins */
    bool freed;
    bool released;
    bool detached; /* the handle was given away */
};

extern struct world world;

/* A fresh socket, and threads about to begin these operations. */
void world_reset(const char *const operations[THREADS]);

static inline struct thread *world_thread(void)
{
    return &world.threads[world.running];
}

/* Rests until the explorer has the calling thread go on; the way it goes. */
unsigned world_step(enum step step);

/* The ways in which the next step of a thread can go now; 0: it is blocked. */
unsigned world_ways(const struct thread *t);

/* Whether the next step of a thread concerns nobody else, now or later: no
 * other order has to be tried. */
bool world_is_private(const struct thread *t);

/* The state word was changed by the running thread. */
void world_state_changed(uint64_t before, uint64_t after);

/* Memory that all share is about to be touched, by an atomic operation or
 * otherwise. */
void world_touch(const void *address, bool atomic);

/* The running thread's operation has ended. */
void world_check_after(void);

/* No thread can go on. */
void world_check_end(void);

/* Says what does not hold, and how it came to that; ends the program. */
_Noreturn void world_fail(const char *what);

#endif
