/* SPDX-License-Identifier: MIT */
/*
 * Locks may be shared between subjects, so there is one for all of them here,
 * which finds every thread that takes two. It is contended only when threads
 * change between calls, since none may wait while it holds a lock.
 */
#include "inside.h"

static struct sim_thread *holder;
static const void *held;

static bool is_free(void)
{
    return !holder;
}

bool sim_lock_held(void)
{
    return holder == sim_self();
}

void pierp_lock(const void *subject)
{
    sim_count(FAKE_LOCK);
    if (holder == sim_self()) {
        sim_misuse("a thread takes a lock while it holds one");
        return;
    }
    if (holder) {
        struct sim_wait w = { .h = PIER_INVALID_HANDLE,
                              .until = SIM_NEVER,
                              .other = is_free };

        sim_block(&w);
    }
    holder = sim_self();
    held = subject;
}

void pierp_unlock(const void *subject)
{
    if (holder != sim_self() || held != subject) {
        sim_misuse("a lock is given back that the thread does not hold");
        return;
    }
    holder = NULL;
    held = NULL;
    sim_count(FAKE_UNLOCK);
}

void sim_locks_reset(void)
{
    holder = NULL;
    held = NULL;
}
