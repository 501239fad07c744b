/* SPDX-License-Identifier: MIT */
#include "blocked.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define PATIENCE (10 * SECOND)

static _Atomic int waits;
static _Atomic bool to_hold;
static _Atomic bool holding;
static void (*entering)(void);
static void (*leaving)(void);

static void *PIER_CALL enter_wait(void *context)
{
    (void)context;
    if (entering)
        entering();
    atomic_fetch_add(&waits, 1);
    return NULL;
}

static void hold_here(void)
{
    atomic_store(&holding, true);
    while (atomic_load(&holding))
        sleep_ms(1);
}

static void PIER_CALL leave_wait(void *context, void *token)
{
    (void)context;
    (void)token;
    atomic_fetch_sub(&waits, 1);
    if (atomic_exchange(&to_hold, false))
        hold_here();
    if (leaving)
        leaving();
}

void at_each_wait(void (*enter)(void), void (*leave)(void))
{
    entering = enter;
    leaving = leave;
}

int watch_waits(void **state)
{
    const struct pier_hooks hooks = { .size = sizeof(hooks),
                                      .enter_blocking = enter_wait,
                                      .leave_blocking = leave_wait };

    (void)state;
    return pier_set_hooks(&hooks);
}

int waits_now(void)
{
    return atomic_load(&waits);
}

void hold_next(void)
{
    atomic_store(&to_hold, true);
}

void await_held(void)
{
    int64_t begin = pier_monotonic();

    while (!atomic_load(&holding)) {
        CHECK(pier_monotonic() - begin < PATIENCE);
        sleep_ms(1);
    }
}

void release_held(void)
{
    atomic_store(&holding, false);
}

void await_waits(int count)
{
    int64_t begin = pier_monotonic();

    while (waits_now() < count) {
        CHECK(pier_monotonic() - begin < PATIENCE);
        sleep_ms(1);
    }
}

void await_only(int count)
{
    int64_t begin = pier_monotonic();

    while (waits_now() > count) {
        CHECK(pier_monotonic() - begin < PATIENCE);
        sleep_ms(1);
    }
}

static void (*prelude)(void);
static void (*postlude)(void);

void before_each_call(void (*run)(void))
{
    prelude = run;
}

void after_each_call(void (*run)(void))
{
    postlude = run;
}

static void enter(void *argument)
{
    struct blocked *b = argument;

    if (prelude)
        prelude();
    b->begin = pier_monotonic();
    b->result = b->run(b->scene);
    b->end = pier_monotonic();
    if (postlude)
        postlude();
    atomic_store(&b->ended, true);
}

void start_blocked(struct blocked *b, long long (*run)(struct scene *scene),
                   struct scene *scene)
{
    memset(b, 0, sizeof(*b));
    b->run = run;
    b->scene = scene;
    b->thread = thread_start(enter, b);
}

long long end_blocked(struct blocked *b)
{
    int64_t asked = pier_monotonic();

    thread_join(b->thread);
    CHECK(b->end - asked < SOON);
    return b->result;
}

void start_scene(const struct blocking_call *call, struct scene *scene,
                 struct blocked *b)
{
    open_scene(call, scene);
    start_blocked(b, call->run, scene);
    await_waits(scene->first ? 2 : 1);
}
