/* SPDX-License-Identifier: MIT */
/*
 * Calls that block for ever unless something ends them, each in a thread of
 * its own, for tests that end them. That a call is waiting is known from the
 * hooks, not from the time that has passed.
 */
#ifndef NET_BLOCKED_H
#define NET_BLOCKED_H

#include "scenes.h"
#include "thread.h"

/* A call under way in its thread. */
struct blocked {
    long long (*run)(struct scene *scene);
    struct scene *scene;
    long long result;
    int64_t begin;
    int64_t end;
    _Atomic bool ended;
    struct test_thread *thread;
};

/* Group setup: watches what waits; before the first socket. */
int watch_waits(void **state);

/* How many threads are inside a wait now. */
int waits_now(void);

/* The next thread that leaves a wait is held there, inside its call, until it
 * is released. */
void hold_next(void);
void await_held(void);
void release_held(void);

/* Returns when count threads are inside a wait, or when no more are. */
void await_waits(int count);
void await_only(int count);

/* What a thread runs before it is counted as inside a wait, and after it no
 * longer is; NULL: nothing. */
void at_each_wait(void (*enter)(void), void (*leave)(void));

/* What each thread runs before its call; NULL: nothing. */
void before_each_call(void (*run)(void));
void after_each_call(void (*run)(void)); /* the same, after it */

/* Starts the call; with await_waits() it is known to be blocked. */
void start_blocked(struct blocked *b, long long (*run)(struct scene *scene),
                   struct scene *scene);

/* Joins the thread and checks that the call ended in time. */
long long end_blocked(struct blocked *b);

/* Opens the scene, starts the call in it and returns when it is blocked. */
void start_scene(const struct blocking_call *call, struct scene *scene,
                 struct blocked *b);

#endif
