/* SPDX-License-Identifier: MIT */
/*
 * The state word of a socket: who is inside and what may still begin.
 *
 * An open socket holds one reference of its own, each call inside another.
 * Closing gives the first one back; whoever gives the last one back releases
 * the handle, so a number the system uses again is never touched. A pin keeps
 * the memory, not the handle. Taking a reference and a turn is one
 * compare-and-swap, giving them back one subtraction.
 */
#ifndef PIERI_STATE_H
#define PIERI_STATE_H

#include "object.h"

#define PIERI_CLOSED     (UINT64_C(1) << 0)  /* no call may begin */
#define PIERI_WRITE_TURN (UINT64_C(1) << 1)  /* a whole message is going out  \
                                              */
#define PIERI_READ_TURN   (UINT64_C(1) << 2) /* a whole result is coming in */
#define PIERI_TURN_WAITED (UINT64_C(1) << 3) /* somebody waits for a turn */
#define PIERI_DETACHED    (UINT64_C(1) << 4) /* the handle is the caller's */
#define PIERI_RELEASED    (UINT64_C(1) << 5) /* the handle is gone */
#define PIERI_FREED       (UINT64_C(1) << 6) /* the memory may go */
#define PIERI_REFERENCE   (UINT64_C(1) << 8) /* 24 bits: own and calls inside \
                                              */
#define PIERI_PIN  (UINT64_C(1) << 32)       /* 16 bits: uses of the memory */
#define PIERI_MODE (UINT64_C(1) << 48)       /* 16 bits: see mode.c */

#define PIERI_REFERENCES (PIERI_PIN - PIERI_REFERENCE)
#define PIERI_PINS       (PIERI_MODE - PIERI_PIN)
#define PIERI_MODES      (~(PIERI_MODE - 1))

/* The rest of pieri_try_enter() and pieri_leave(), off the common path. */
void pieri_state_renew(struct pier_socket *s);
void pieri_state_leave(struct pier_socket *s, uint64_t turn);

static inline bool pieri_closed(const struct pier_socket *s)
{
    return atomic_load_explicit(&s->state, memory_order_acquire) &
           PIERI_CLOSED;
}

/*
 * Takes a reference, and the turn if there is one to take. False when the
 * socket is closed or another call has the turn.
 */
static inline bool pieri_try_enter(struct pier_socket *s, uint64_t turn)
{
    uint64_t seen;

    if (atomic_load_explicit(&s->generation, memory_order_acquire) !=
        atomic_load_explicit(&pierp_generation, memory_order_relaxed))
        pieri_state_renew(s);
    seen = atomic_load_explicit(&s->state, memory_order_relaxed);
    while (!(seen & (PIERI_CLOSED | turn))) {
        if (atomic_compare_exchange_weak_explicit(
                &s->state, &seen, seen + PIERI_REFERENCE + turn,
                memory_order_acquire, memory_order_relaxed))
            return true;
    }
    return false;
}

static inline void pieri_leave(struct pier_socket *s, uint64_t turn)
{
    uint64_t seen = atomic_load_explicit(&s->state, memory_order_relaxed);

    /* One who leaves an open socket is never the last. */
    do {
        if (seen & (PIERI_CLOSED | PIERI_TURN_WAITED)) {
            pieri_state_leave(s, turn);
            return;
        }
    } while (!atomic_compare_exchange_weak_explicit(
        &s->state, &seen, seen - PIERI_REFERENCE - turn, memory_order_release,
        memory_order_relaxed));
}

/* Keeps the memory of s for one who is no call inside. */
void pieri_pin(struct pier_socket *s);
void pieri_unpin(struct pier_socket *s);

/*
 * Marks s closed, with more bits, wakes every call inside and gives the
 * socket's own reference back. False when it was closed before. *err, which
 * may be NULL, is what releasing the handle said if it was released here.
 */
bool pieri_state_close(struct pier_socket *s, uint64_t more, pier_err *err);

/* Waits until the handle of a closed socket is released; s is pinned. */
pier_err pieri_state_wait_released(struct pier_socket *s, int64_t deadline);

/* The memory may go once nobody is inside. */
void pieri_state_free(struct pier_socket *s);

/* Waits for another call to give turn up. PIER_OK: try again. */
pier_err pieri_turn_wait(struct pier_socket *s, uint64_t turn,
                         int64_t deadline, struct pier_cancel *cancel);

#endif
