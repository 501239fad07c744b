/* SPDX-License-Identifier: MIT */
#include "waiter.h"

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
