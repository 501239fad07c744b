/* SPDX-License-Identifier: MIT */
#include "waiter.h"
#include "error.h"

/* How many waits of this thread are nested: a hook of one may begin another.
 * They share the thread's wake. */
static unsigned *depth(void)
{
    struct pieri_thread *thread = pierp_thread_storage();

    return thread ? &thread->waits : NULL;
}

bool pieri_waits_nested(void)
{
    const unsigned *waits = depth();

    return waits && *waits > 0;
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
    waiter->nesting = depth();
    if (waiter->nesting)
        (*waiter->nesting)++;
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
    bool nested = waiter->nesting && --*waiter->nesting > 0;
    bool signalled;

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
    /* What was drained here may have been for the wait outside. */
    if (nested)
        pierp_wake_signal(waiter->wake);
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
