/* SPDX-License-Identifier: MIT */
/*
 * Calls that block for ever unless something ends them, each in a thread of
 * its own, for tests that end them. That a call is waiting is known from the
 * hooks, not from the time that has passed.
 */
#ifndef NET_BLOCKED_H
#define NET_BLOCKED_H

#include "net.h"
#include "thread.h"

/* What a call blocks on. */
struct scene {
    struct pier_socket *s;       /* the socket of the call */
    struct pier_socket *peer;    /* its other end; NULL: none */
    struct pier_address address; /* to connect or send to */
    struct blocked *first;       /* a call that has the turn; NULL: none */
};

struct blocking_call {
    const char *name;
    int family; /* a test is left out where there is none of it */
    void (*open)(struct scene *scene, int family);
    long long (*run)(struct scene *scene);
};

extern const struct blocking_call blocking_calls[];
extern const size_t blocking_call_count;

/* Whether this system has the family. */
bool can_run(const struct blocking_call *call);

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

/* Returns when count threads are inside a wait. */
void await_waits(int count);

/* Starts the call; with await_waits() it is known to be blocked. */
void start_blocked(struct blocked *b, long long (*run)(struct scene *scene),
                   struct scene *scene);

/* Joins the thread and checks that the call ended in time. */
long long end_blocked(struct blocked *b);

/* Opens the scene, starts the call in it and returns when it is blocked. */
void start_scene(const struct blocking_call *call, struct scene *scene,
                 struct blocked *b);

#endif
