/* SPDX-License-Identifier: MIT */
/*
 * Who waits for what happens to an object. A waiter lives on the stack of its
 * call; the list is guarded by pierp_lock() of its owner.
 */
#ifndef PIERI_WAITER_H
#define PIERI_WAITER_H

#include "platform.h"

enum {
    PIERI_FOR_READY = 1,   /* for the handle: ended by close and shutdown */
    PIERI_FOR_TURN = 2,    /* for another call to give its turn up */
    PIERI_FOR_RELEASE = 4, /* for the handle to be released */
    PIERI_FOR_AHEAD = 8,   /* for bytes that a stream has read ahead */
};

struct pieri_waiter {
    struct pieri_waiter *next;
    struct pieri_waiter *previous;
    struct pierp_wake *wake;
    unsigned kind;
    unsigned generation; /* a forked child has dropped its parent's list */
    bool signalled;
    struct pieri_thread *thread; /* counts its waits; NULL: unknown */
};

struct pieri_waiters {
    struct pieri_waiter *first;
};

/* Finds the thread's wake and joins the list. PIER_EMFILE, PIER_ENOMEM. */
pier_err pieri_waiter_add(struct pieri_waiters *list, const void *owner,
                          struct pieri_waiter *waiter, unsigned kind);

/* Leaves the list and drains the thread's wake if it was signalled, so that
 * no stale signal reaches the thread's next call. */
void pieri_waiter_remove(struct pieri_waiters *list, const void *owner,
                         struct pieri_waiter *waiter);

/* Whether a wait began and ended inside this one, which may have drained a
 * signal that was meant for it: it then ends as one that was woken. */
bool pieri_wait_disturbed(void);
bool pieri_wait_take_disturbed(void); /* and forgets it */

/* Whether a wait of this thread is going on; whoever drains the thread's wake
 * then signals it again, so that this wait looks. */
bool pieri_waits_nested(void);

/* Signals the waiters of these kinds; the owner's lock is held. */
void pieri_waiters_signal(struct pieri_waiters *list, unsigned kinds);

/* Whether somebody waits for one of kinds; the owner's lock is held. */
bool pieri_waiters_any(const struct pieri_waiters *list, unsigned kinds);

#endif
