/* SPDX-License-Identifier: MIT */
#include "world.h"

#include <string.h>

struct world world;

void world_reset(const char *const operations[THREADS])
{
    struct pier_socket *s = &world.socket;

    memset(&world, 0, sizeof(world));
    world.lock_owner = -1;
    world.turn_owner = -1;
    for (int i = 0; i < THREADS; i++)
        world.threads[i].operations = operations[i];
    s->handle = MODEL_HANDLE;
    s->write_turn = PIERI_WRITE_TURN;
    s->timeout[PIERI_RECEIVING] = MODEL_TIMEOUT;
    s->timeout[PIERI_SENDING] = MODEL_TIMEOUT;
    s->state = PIERI_REFERENCE;
}

unsigned world_step(enum step step)
{
    world_thread()->step = step;
    coroutine_rest();
    return world_thread()->way;
}

static bool all_are_inside(const struct thread *but)
{
    for (const struct thread *t = world.threads; t < world.threads + THREADS;
         t++) {
        if (t != but && t->operation && !t->inside)
            return false;
    }
    return true;
}

/* How a wait can end: early only for the operations that say so, so that a
 * missing signal is not made good by the time. */
static unsigned wait_ways(const struct thread *t)
{
    bool limited =
        t->operation == 'L' || t->operation == 'r' || t->operation == 'z';
    bool ready = t->waits_for != PIER_INVALID_HANDLE && t->operation != 'R' &&
                 t->operation != 'B';
    unsigned ways = 0;

    if (t->wake.signalled)
        return WAY_WOKEN;
    if (t->left == 0)
        return WAY_LATE;
    if (limited)
        ways |= WAY_LATE;
    if (ready)
        ways |= WAY_READY;
    return ways;
}

/* Whether nobody can signal the thread's wake any more: the step of draining
 * it then commutes with all that others do, and need not wait for them. */
bool world_is_private(const struct thread *t)
{
    const struct pieri_waiter *w = world.socket.waiters.first;

    if (t->step != STEP_DRAIN || world.lock_owner >= 0 || world.freed)
        return false;
    while (w && w->wake != &t->wake)
        w = w->next;
    return !w;
}

unsigned world_ways(const struct thread *t)
{
    switch (t->step) {
    case STEP_LOCK:
        return world.lock_owner < 0 ? WAY_ONLY : 0U;
    case STEP_FREE:
        return all_are_inside(t) ? WAY_ONLY : 0U;
    case STEP_WAIT:
        return wait_ways(t);
    case STEP_OVER:
        return 0;
    default:
        return WAY_ONLY;
    }
}

static uint64_t references(uint64_t state)
{
    return (state & PIERI_REFERENCES) / PIERI_REFERENCE;
}

static uint64_t pins(uint64_t state)
{
    return (state & PIERI_PINS) / PIERI_PIN;
}

static void check_counts(uint64_t before, uint64_t after)
{
    uint64_t few = THREADS + 1;

    if (references(after) > few || pins(after) > few)
        world_fail("a count has wrapped");
    if ((before & PIERI_CLOSED) && references(after) > references(before))
        world_fail("a call enters a closed socket");
    if ((after & PIERI_RELEASED) && references(after))
        world_fail("the handle is released before the last call left");
}

static void check_turn(uint64_t before, uint64_t after)
{
    bool had = before & PIERI_WRITE_TURN;
    bool has = after & PIERI_WRITE_TURN;

    if (has && !had)
        world.turn_owner = world.running;
    if (had && !has && world.turn_owner != world.running)
        world_fail("a call gives up the turn of another");
    if (had && !has)
        world.turn_owner = -1;
}

void world_state_changed(uint64_t before, uint64_t after)
{
    const uint64_t ends = PIERI_CLOSED | PIERI_RELEASED | PIERI_FREED;

    if (before & ends & ~after)
        world_fail("the end of a socket is taken back");
    if ((after & PIERI_RELEASED) && !(after & PIERI_CLOSED))
        world_fail("the handle of an open socket is released");
    check_counts(before, after);
    check_turn(before, after);
    if (references(after) > references(before) || pins(after) > pins(before) ||
        (after & ~before & PIERI_CLOSED))
        world_thread()->inside = true;
}

/* Whether address is one that more than one thread uses, under the lock. */
static bool is_guarded(const void *address)
{
    const char *p = address;
    const char *list = (const char *)&world.socket.waiters;

    if (p >= list && p < list + sizeof(world.socket.waiters))
        return true;
    for (int i = 0; i < THREADS; i++) {
        if (i != world.running && coroutine_owns(i, address))
            return true;
    }
    return false;
}

void world_touch(const void *address, bool atomic)
{
    const char *p = address;
    const char *memory = (const char *)&world.socket;

    if (world.freed && p >= memory && p < memory + sizeof(world.socket))
        world_fail("memory is touched after it was freed");
    if (!atomic && is_guarded(address) && world.lock_owner != world.running)
        world_fail("the waiters are touched without the lock");
}

static void check_waiters(void)
{
    const struct pieri_waiter *w = world.socket.waiters.first;

    for (; !world.freed && w; w = w->next) {
        if (coroutine_owns(world.running, w))
            world_fail("a waiter is left behind");
    }
}

void world_check_after(void)
{
    if (world_thread()->wake.signalled)
        world_fail("a stale signal reaches the thread's next call");
    if (world.lock_owner == world.running)
        world_fail("the lock is kept");
    if (world.turn_owner == world.running)
        world_fail("a turn is kept");
    check_waiters();
}

/* A socket that nobody closed: who is blocked on it may stay so. */
static void check_blocked(const struct thread *t)
{
    bool for_turn = t->waits_for == PIER_INVALID_HANDLE;

    if (t->step != STEP_WAIT)
        world_fail("a thread is blocked for ever");
    if (for_turn && world.turn_owner < 0)
        world_fail("a call waits for a turn that nobody has");
    if (!for_turn && t->operation != 'R' && t->operation != 'B')
        world_fail("a call waits for a handle that was ready");
}

static void check_closed(uint64_t state)
{
    const bool released = world.released;

    if (!(state & PIERI_RELEASED) || references(state))
        world_fail("nobody released a closed socket");
    if (released && (state & PIERI_DETACHED))
        world_fail("a detached handle was released");
    if (!released && !(state & PIERI_DETACHED))
        world_fail("the handle was not released");
    if (world.freeing != world.freed)
        world_fail("the memory was not freed");
}

static void check_left(uint64_t state, unsigned blocked)
{
    const uint64_t marks = PIERI_WRITE_TURN | PIERI_TURN_WAITED;

    if (references(state) + pins(state) !=
        blocked + (state & PIERI_CLOSED ? 0 : 1))
        world_fail("a reference or a pin is left behind");
    if (!blocked && (state & marks))
        world_fail("a mark is left behind");
    if (!blocked && !world.freed && world.socket.waiters.first)
        world_fail("a waiter is left behind");
}

void world_check_end(void)
{
    /* A copy without the qualifier: the last value counts after a free. */
    uint64_t state = world.socket.state;
    unsigned blocked = 0;

    for (const struct thread *t = world.threads; t < world.threads + THREADS;
         t++) {
        if (t->step == STEP_OVER)
            continue;
        if (state & PIERI_CLOSED)
            world_fail("a thread is blocked on a closed socket");
        check_blocked(t);
        blocked++;
    }
    if (state & PIERI_CLOSED)
        check_closed(state);
    check_left(state, blocked);
}
