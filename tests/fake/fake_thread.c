/* SPDX-License-Identifier: MIT */
/*
 * Threads that take turns. The one that has to wait looks who can go on,
 * moves time when nobody can, and hands its baton over.
 */
#include "baton.h"
#include "inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct sim_thread main_thread;
static struct sim_thread *self = &main_thread;
static uint64_t turns;
static bool stopped; /* the test has failed: main has to end it */
static int64_t signal_period, next_signal;
static void (*watch_block)(void);

struct sim_thread *sim_self(void)
{
    return self;
}

struct sim_thread *sim_threads(void)
{
    return &main_thread;
}

const void *fake_self(void)
{
    return self;
}

bool fake_is_of_library(void)
{
    return self != &main_thread && !self->of_test;
}

void fake_watch_blocks(void (*watch)(void))
{
    watch_block = watch;
}

void sim_may_block(void)
{
    if (watch_block && !fake_is_of_library())
        watch_block();
}

static bool alive(const struct sim_thread *t)
{
    return !t->ended && !t->gone;
}

/* Hands the baton to another thread and stands until it comes back. */
static void hand_over(struct sim_thread *to)
{
    struct sim_thread *from = self;

    if (to == from)
        return;
    self = to;
    baton_give(to->baton);
    if (from->ended)
        return;
    baton_take(from->baton);
    if (from->gone)
        baton_thread_exit();
    if (stopped && from == &main_thread)
        sim_report();
}

/* A visitor that has a visitor itself is not done. */
static bool is_done(const struct sim_thread *visitor)
{
    return visitor->ended || (visitor->wait && !visitor->visitor);
}

/* What holds of a wait; time is told last, since what is ready wins. */
static unsigned look(const struct sim_thread *t)
{
    const struct sim_wait *w = t->wait;
    const struct sim_socket *s = sim_find(w->h);
    unsigned holds = 0;

    if (s && sim_ready(s, w->want))
        holds |= SIM_READY;
    if (sim_poll(w->items, w->item_count))
        holds |= SIM_READY;
    for (size_t i = 0; i < w->wake_count; i++) {
        if (w->wakes[i]->signalled)
            holds |= SIM_WOKEN;
    }
    if (w->other && w->other())
        holds |= SIM_OTHER;
    if (t->visitor && is_done(t->visitor))
        holds |= SIM_OTHER;
    if (holds)
        return holds;
    if (t->interrupted)
        return SIM_INTERRUPTED;
    return sim_clock() >= w->until ? SIM_TIME : 0;
}

static struct sim_thread *next_ready(void)
{
    struct sim_thread *best = NULL;

    for (struct sim_thread *t = &main_thread; t; t = t->next) {
        if (!alive(t) || (t->wait && !look(t)))
            continue;
        if (!best || t->turn < best->turn)
            best = t;
    }
    return best;
}

static bool gets_signals(const struct sim_thread *t)
{
    return alive(t) && t->wait && t->wait->interruptible &&
           (t->of_test || t == &main_thread);
}

/* Whether a signal would end a wait; if so it is one more thing to come. */
static int64_t signal_due(void)
{
    for (struct sim_thread *t = &main_thread; t; t = t->next) {
        if (signal_period && gets_signals(t))
            return next_signal;
    }
    return SIM_NEVER;
}

static void signal_threads(void)
{
    if (!signal_period || sim_clock() < next_signal)
        return;
    while (next_signal <= sim_clock())
        next_signal += signal_period;
    for (struct sim_thread *t = &main_thread; t; t = t->next) {
        if (gets_signals(t))
            t->interrupted = true;
    }
}

void fake_interrupt_every(int64_t period)
{
    signal_period = period;
    next_signal = sim_clock() + period;
}

static int64_t next_end(void)
{
    int64_t until = signal_due();

    for (const struct sim_thread *t = &main_thread; t; t = t->next) {
        if (alive(t) && t->wait && t->wait->until < until)
            until = t->wait->until;
    }
    return until;
}

static void describe(const struct sim_thread *t, unsigned number)
{
    const struct sim_wait *w = t->wait;

    sim_misuse("  thread %u%s waits for handle %lld, events %u, %u wakes%s",
               number, t == &main_thread ? " (main)" : "", (long long)w->h,
               w->want, (unsigned)w->wake_count,
               w->other ? ", another thread" : "");
}

/* Nothing will happen any more: the test ends here. */
static void stuck(void)
{
    unsigned number = 0;

    sim_misuse("%s", "every thread waits for what will never happen:");
    for (struct sim_thread *t = &main_thread; t; t = t->next, number++) {
        if (alive(t) && t->wait)
            describe(t, number);
    }
    sim_stop();
}

void sim_stop(void)
{
    stopped = true;
    if (self == &main_thread)
        sim_report();
    if (!self->ended)
        self->gone = true;
    hand_over(&main_thread);
}

static struct sim_thread *choose(void)
{
    for (;;) {
        struct sim_thread *t;

        sim_events_run();
        signal_threads();
        t = next_ready();
        if (t)
            return t;
        if (!sim_time_move(next_end()))
            return NULL;
    }
}

/* Whoever can go on next does. */
static void let_others(void)
{
    struct sim_thread *t = choose();

    if (!t) {
        stuck();
        return;
    }
    hand_over(t);
}

unsigned sim_block(const struct sim_wait *w)
{
    unsigned holds;

    self->wait = w;
    self->turn = ++turns;
    self->interrupted = false;
    let_others();
    holds = look(self);
    self->wait = NULL;
    return holds;
}

void sim_yield(void)
{
    self->turn = ++turns;
    let_others();
}

static void begin(void *argument)
{
    struct sim_thread *t = argument;

    baton_take(t->baton);
    if (t->gone)
        return;
    t->run(t->argument);
    if (sim_lock_held())
        sim_misuse("a thread ends while it holds a lock");
    if (t->wake)
        t->wake->freed = true;
    t->ended = true;
    let_others();
}

static void append(struct sim_thread *t)
{
    struct sim_thread *last = &main_thread;

    while (last->next)
        last = last->next;
    last->next = t;
}

struct sim_thread *sim_thread_new(void (*run)(void *argument), void *argument,
                                  bool of_test)
{
    struct sim_thread *t = sim_new(sizeof(*t));

    t->run = run;
    t->argument = argument;
    t->of_test = of_test;
    t->turn = ++turns;
    t->baton = baton_new();
    if (t->baton)
        t->system = baton_thread_start(begin, t);
    if (!t->system) {
        (void)fputs("the fake cannot start a thread\n", stderr);
        abort();
    }
    append(t);
    return t;
}

void sim_visit(void (*run)(void *argument), void *argument)
{
    struct sim_wait w = { .h = PIER_INVALID_HANDLE, .until = SIM_NEVER };

    self->visitor = sim_thread_new(run, argument, true);
    sim_block(&w);
    self->visitor = NULL;
}

pier_err pierp_thread_start(void (*run)(void *argument), void *argument)
{
    pier_err err = sim_enter(FAKE_THREAD_START);

    if (err)
        return err;
    sim_thread_new(run, argument, false);
    return PIER_OK;
}

void *pierp_thread_storage(void)
{
    if (!self->has_storage && sim_enter(FAKE_THREAD_STORAGE))
        return NULL;
    self->has_storage = true;
    return self->storage.bytes;
}

pier_err pierp_thread_wake(struct pierp_wake **out)
{
    if (!self->wake) {
        pier_err err = sim_enter(FAKE_THREAD_WAKE);

        if (err)
            return err;
        self->wake = sim_wake_new(self);
    }
    *out = self->wake;
    return PIER_OK;
}

unsigned fake_threads(void)
{
    unsigned count = 0;

    for (const struct sim_thread *t = main_thread.next; t; t = t->next)
        count += alive(t);
    return count;
}

bool sim_threads_ended(void)
{
    return fake_threads() == 0;
}

bool sim_test_threads_ended(void)
{
    for (const struct sim_thread *t = main_thread.next; t; t = t->next) {
        if (alive(t) && t->of_test)
            return false;
    }
    return true;
}

void sim_threads_abandon(void)
{
    for (struct sim_thread *t = &main_thread; t; t = t->next) {
        if (t != self)
            t->gone = true;
    }
}

/* A child process has one thread, and here that is its main one too. */
void fake_fork(void)
{
    if (self != &main_thread)
        sim_misuse("only the main thread may fork");
    sim_threads_abandon();
    sim_memory_keep();
    sim_wakes_leave();
    sim_locks_reset();
    if (self->wake)
        self->wake->freed = true;
    self->wake = NULL;
    pierp_generation++;
}

/* A thread that would stand for ever ends where it stands. */
static void dispose(struct sim_thread *t)
{
    if (!t->ended)
        baton_give(t->baton);
    baton_thread_join(t->system);
    baton_free(t->baton);
    free(t);
}

void sim_threads_reset(void)
{
    struct sim_thread *t = main_thread.next;
    struct baton *baton = main_thread.baton;

    while (t) {
        struct sim_thread *next = t->next;

        dispose(t);
        t = next;
    }
    main_thread = (struct sim_thread){ .baton = baton };
    if (!baton)
        main_thread.baton = baton_new();
    stopped = false;
    signal_period = 0;
    turns = 0;
}
