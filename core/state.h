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

#define PIERI_CLOSED (UINT64_C(1) << 0) /* no call may begin */
#define PIERI_WRITE_TURN                                                      \
    (UINT64_C(1) << 1)                       /* a whole message is going out  \
                                              */
#define PIERI_READ_TURN   (UINT64_C(1) << 2) /* a whole result is coming in */
#define PIERI_TURN_WAITED (UINT64_C(1) << 3) /* somebody waits for a turn */
#define PIERI_DETACHED    (UINT64_C(1) << 4) /* the handle is the caller's */
#define PIERI_RELEASED    (UINT64_C(1) << 5) /* the handle is gone */
#define PIERI_FREED       (UINT64_C(1) << 6) /* the memory may go */
#define PIERI_RECV_WAITS                                                      \
    (UINT64_C(1) << 7)                       /* the next receive waits first  \
                                              */
#define PIERI_SEND_WAITS (UINT64_C(1) << 8)  /* the next send waits first */
#define PIERI_CANCELABLE (UINT64_C(1) << 9)  /* there is a cancel token */
#define PIERI_LAYERED    (UINT64_C(1) << 10) /* there is a layer */
#define PIERI_RELEASING                                                       \
    (UINT64_C(1) << 11) /* the handle is being given back */
#define PIERI_RECV_SHUT                                                       \
    (UINT64_C(1) << 12)                     /* nothing is received any more   \
                                             */
#define PIERI_REFERENCE (UINT64_C(1) << 13) /* 19 bits: own, calls inside */
#define PIERI_PIN       (UINT64_C(1) << 32) /* 16 bits: memory in use */
#define PIERI_MODE      (UINT64_C(1) << 48) /* 16 bits: see mode.c */

#define PIERI_REFERENCES (PIERI_PIN - PIERI_REFERENCE)
#define PIERI_PINS       (PIERI_MODE - PIERI_PIN)
#define PIERI_MODES      (~(PIERI_MODE - 1))

/* What sends a call the long way round (call.c). */
#define PIERI_LONG_RECV                                                       \
    (PIERI_CLOSED | PIERI_RECV_WAITS | PIERI_CANCELABLE | PIERI_LAYERED |     \
     PIERI_RECV_SHUT)
#define PIERI_LONG_SEND                                                       \
    (PIERI_CLOSED | PIERI_SEND_WAITS | PIERI_CANCELABLE | PIERI_LAYERED)

/* The rest of what follows, off the common path. Those that leave hand a
 * call's result through, so that the common path need not keep it. */
void pieri_state_renew(struct pier_socket *s);
ptrdiff_t pieri_state_left(struct pier_socket *s, uint64_t now,
                           ptrdiff_t result);
ptrdiff_t pieri_state_leave_turn(struct pier_socket *s, uint64_t turn,
                                 ptrdiff_t result);

static inline bool pieri_closed(const struct pier_socket *s)
{
    return atomic_load_explicit(&s->state, memory_order_acquire) &
           PIERI_CLOSED;
}

/* Whether s is of this process and not of its parent before a fork. */
static inline bool pieri_is_own(const struct pier_socket *s)
{
    return atomic_load_explicit(&s->generation, memory_order_acquire) ==
           atomic_load_explicit(&pierp_generation, memory_order_relaxed);
}

/* Takes a reference and a turn (0: none) unless one of obstacles is set. */
static inline bool pieri_enter(struct pier_socket *s, uint64_t obstacles,
                               uint64_t turn)
{
    uint64_t seen = atomic_load_explicit(&s->state, memory_order_relaxed);

    do {
        if (seen & (obstacles | turn))
            return false;
    } while (!atomic_compare_exchange_weak_explicit(
        &s->state, &seen, seen + PIERI_REFERENCE + turn, memory_order_acquire,
        memory_order_relaxed));
    return true;
}

/* The same for a socket that may be its parent's: false when it is closed or
 * another call has the turn. */
static inline bool pieri_try_enter(struct pier_socket *s, uint64_t turn)
{
    if (!pieri_is_own(s))
        pieri_state_renew(s);
    return pieri_enter(s, PIERI_CLOSED, turn);
}

/* Gives the reference back, and result to the caller. */
static inline ptrdiff_t pieri_leave(struct pier_socket *s, ptrdiff_t result)
{
    uint64_t seen = atomic_fetch_sub_explicit(&s->state, PIERI_REFERENCE,
                                              memory_order_acq_rel);

    if (seen & PIERI_CLOSED)
        return pieri_state_left(s, seen - PIERI_REFERENCE, result);
    return result;
}

static inline ptrdiff_t pieri_leave_turn(struct pier_socket *s, uint64_t turn,
                                         ptrdiff_t result)
{
    uint64_t seen = atomic_load_explicit(&s->state, memory_order_relaxed);

    do {
        if (seen & (PIERI_CLOSED | PIERI_TURN_WAITED))
            return pieri_state_leave_turn(s, turn, result);
    } while (!atomic_compare_exchange_weak_explicit(
        &s->state, &seen, seen - PIERI_REFERENCE - turn, memory_order_acq_rel,
        memory_order_relaxed));
    return result;
}

/*
 * A hook may have forked since the call entered in the process *entered. In
 * the child this call is the only one inside, and says so here. PIER_EBADF
 * where s was closed; else err.
 */
pier_err pieri_state_rejoin(struct pier_socket *s, uint64_t turn,
                            unsigned *entered, pier_err err);

/* Notes directions (PIERI_SHUT_*) as shut down, for good. */
void pieri_state_shut(struct pier_socket *s, unsigned directions);

/* Keeps the memory of s for one who is no call inside. */
void pieri_pin(struct pier_socket *s);
void pieri_unpin(struct pier_socket *s);

/* Keeps the memory of s for a stream, as a pin does, but in the children of
 * forks too. The first is called inside s. */
void pieri_join_stream(struct pier_socket *s);
void pieri_part_stream(struct pier_socket *s);

/*
 * Marks s closed, with more bits, wakes every call inside and gives the
 * socket's own reference back. False when it was closed before. *err, which
 * may be NULL, is what releasing the handle said if it was released here.
 */
bool pieri_state_close(struct pier_socket *s, uint64_t more, pier_err *err);

/* Waits until the handle of a closed socket is released; s is pinned. A hook
 * may fork meanwhile: in the child the pin is gone, and s may be. */
pier_err pieri_state_wait_released(struct pier_socket *s, int64_t deadline);

/* The memory may go once nobody is inside. */
void pieri_state_free(struct pier_socket *s);

/* Waits for another call to give turn up; s is pinned. PIER_OK: try again. */
pier_err pieri_turn_wait(struct pier_socket *s, uint64_t turn,
                         int64_t deadline, struct pier_cancel *cancel);

#endif
