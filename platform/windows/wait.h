/* SPDX-License-Identifier: MIT */
/* Wakes, and what the two ways to wait have in common. */
#ifndef WIN_WAIT_H
#define WIN_WAIT_H

#include "priv.h"

/* One wait of wait_wsapoll.c that watches one wake. */
struct win_watch {
    struct win_watch *next;
    struct win_watch **link;
    SOCKET loop;
};

/*
 * The first two members are the wake. The others belong to the thread whose
 * own wake it is; only that thread uses them, and only when it waits.
 */
struct pierp_wake {
    HANDLE event; /* manual reset: stays until it is drained */
    struct win_watch *watches;

    HANDLE io;    /* AFD or a read sets it; NULL until then */
    HANDLE timer; /* for waits shorter than a tick; NULL until then */
    SOCKET loop;  /* connected to itself; INVALID_SOCKET until needed */
    unsigned loop_faults;
};

struct win_wait {
    SOCKET socket;
    unsigned want;
    struct pierp_wake *const *wakes;
    size_t wake_count;
    struct pierp_wake *own;
    int64_t timeout;
};

/* How the process waits for sockets. */
enum win_way {
    WIN_WAY_UNKNOWN,
    WIN_WAY_AUTO,
    WIN_WAY_AFD,
    WIN_WAY_WSAPOLL
};

enum win_way win_wait_way(void);

/* Makes own->io if it is not there yet. */
pier_err win_io_event(struct pierp_wake *own);

/* An event for an OVERLAPPED. The lowest bit keeps the end of the request from
 * a completion port that the handle's owner may have. */
static inline HANDLE win_private_event(HANDLE event)
{
    return (HANDLE)((uintptr_t)event | 1);
}

/* Begins a wait: w.own is found. */
pier_err win_wait_begin(struct win_wait *w);

/* Until win_unwatch() each signal of wake also writes to loop. */
void win_watch(struct win_watch *watch, struct pierp_wake *wake, SOCKET loop);
void win_unwatch(struct win_watch *watch, struct pierp_wake *wake);

bool win_is_set(HANDLE event);
unsigned win_woken(const struct win_wait *w); /* PIERP_WOKEN or 0 */

/* Rounded up; INFINITE when negative; at most what every wait can take. */
DWORD win_wait_ms(int64_t timeout);

/* Blocks until a wake is signalled (PIERP_WOKEN), also, unless it is NULL, is
 * set (PIERP_READY), or the time has passed. */
pier_err win_wait_events(const struct win_wait *w, HANDLE also, unsigned *got);

/* The timer of win_wait_events(), or NULL: the wait in ms is as good. */
HANDLE win_short_timer(struct pierp_wake *own, int64_t timeout);

/* Wait for socket too. PIER_ENOTSUP from the first: not this handle, or not
 * this system; use the second. */
pier_err win_wait_afd(const struct win_wait *w, unsigned *got);
pier_err win_wait_wsapoll(const struct win_wait *w, unsigned *got);

/* What a wait with WSAPoll() needs to be woken: own's loop socket is opened
 * and watches all wakes; it is drained after the wait. */
pier_err win_loop_enter(const struct win_wait *w, struct win_watch *watches);
pier_err win_loop_leave(const struct win_wait *w, struct win_watch *watches);

/* At most what one wait may trust the loop socket for. */
int64_t win_loop_limit(int64_t timeout);

/* pierp_poll(); socket and want of the wait mean nothing. */
struct win_poll {
    struct win_wait wait;
    struct pierp_pollitem *items;
    size_t count;
};

/* What would be reported again and again though nobody asked for it is looked
 * at so often. */
#define WIN_POLL_INTERVAL_NS INT64_C(20000000)

/* Keeps of found what item asked for and what need not be asked for; whether
 * anything is left. */
bool win_poll_tell(struct pierp_pollitem *item, unsigned found);

/* The two ways, as with the waits. */
pier_err win_poll_afd(const struct win_poll *p, unsigned *got);
pier_err win_poll_wsapoll(const struct win_poll *p, unsigned *got);

#endif
