/* SPDX-License-Identifier: MIT */
#include "waiter.h"
#include "error.h"

/* Waits of one thread may be nested: a hook of one may begin another. They
 * share the thread's wake. */

bool pieri_waits_nested(void)
{
    const struct pieri_thread *thread = pierp_thread_storage();

    return thread && thread->waits > 0;
}

bool pieri_wait_disturbed(void)
{
    const struct pieri_thread *thread = pierp_thread_storage();

    return thread && thread->disturbed;
}

bool pieri_wait_take_disturbed(void)
{
    struct pieri_thread *thread = pierp_thread_storage();
    bool disturbed = thread && thread->disturbed;

    if (disturbed)
        thread->disturbed = false;
    return disturbed;
}

static void count_in(struct pieri_waiter *waiter)
{
    waiter->thread = pierp_thread_storage();
    if (!waiter->thread)
        return;
    waiter->thread->waits++;
    waiter->thread->disturbed = false;
}

/* What was drained inside may have been for the wait outside. It is told by a
 * mark of its own, since a signal would end the next wait inside as well. */
static void count_out(struct pieri_waiter *waiter)
{
    if (waiter->thread)
        waiter->thread->disturbed = --waiter->thread->waits > 0;
}

pier_err pieri_waiter_add(struct pieri_waiters *list, const void *owner,
                          struct pieri_waiter *waiter, unsigned kind)
{
    pier_err err;

    *waiter = (struct pieri_waiter){ .kind = kind };
    err = pierp_thread_wake(&waiter->wake);
    if (err)
        return err;
    waiter->generation = pierp_generation;
    pierp_lock(owner);
    waiter->next = list->first;
    if (list->first)
        list->first->previous = waiter;
    list->first = waiter;
    pierp_unlock(owner);
    count_in(waiter);
    return PIER_OK;
}

static void unlink_waiter(struct pieri_waiters *list,
                          struct pieri_waiter *waiter)
{
    if (waiter->previous) {
        waiter->previous->next = waiter->next;
    } else {
        list->first = waiter->next;
    }
    if (waiter->next)
        waiter->next->previous = waiter->previous;
}

void pieri_waiter_remove(struct pieri_waiters *list, const void *owner,
                         struct pieri_waiter *waiter)
{
    bool signalled;

    count_out(waiter);
    /* A hook may have forked: in the child the list was dropped, and the wake
     * is the parent's. */
    if (waiter->generation != pierp_generation)
        return;
    pierp_lock(owner);
    unlink_waiter(list, waiter);
    signalled = waiter->signalled;
    pierp_unlock(owner);
    if (signalled)
        pierp_wake_drain(waiter->wake);
}

void pieri_waiters_signal(struct pieri_waiters *list, unsigned kinds)
{
    for (struct pieri_waiter *w = list->first; w; w = w->next) {
        if (!(w->kind & kinds))
            continue;
        w->signalled = true;
        pierp_wake_signal(w->wake);
    }
}

bool pieri_waiters_any(const struct pieri_waiters *list, unsigned kinds)
{
    for (const struct pieri_waiter *w = list->first; w; w = w->next) {
        if (w->kind & kinds)
            return true;
    }
    return false;
}
