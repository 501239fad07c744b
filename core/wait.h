/* SPDX-License-Identifier: MIT */
#ifndef PIERI_WAIT_H
#define PIERI_WAIT_H

#include "platform.h"
#include <pier/cancel.h>

/* A deadline is a time of pierp_clock(), or one of these. */
#define PIERI_NEVER   INT64_MAX
#define PIERI_UNFIXED INT64_C(0)

/* The time that timeout from now is; PIERI_NEVER when it is negative or lies
 * beyond what the clock can count. */
int64_t pieri_deadline(pier_timeout timeout);

/* The same for a call on a socket with a limit (pier_set_deadline(); 0:
 * none): whichever comes first. */
int64_t pieri_deadline_within(pier_timeout timeout, int64_t limit);

/* What is left of it: 0 when it has passed, negative when it is never. */
int64_t pieri_left(int64_t deadline);

/* What one wait waits for. */
struct pieri_wait {
    pier_handle handle; /* PIER_INVALID_HANDLE: only wakes and time */
    unsigned want;
    struct pierp_pollitem *items; /* asked instead of handle, if any */
    size_t item_count;
    int64_t deadline;
    struct pierp_wake *wake;    /* the thread's own */
    struct pier_cancel *cancel; /* may be NULL */
};

/*
 * Waits until the handle is ready or the thread's wake is signalled (which it
 * then drains): the caller looks again. PIER_EDEADLINE, PIER_ECANCELED,
 * PIER_EINTR when the interrupted hook ends the call, or what the system
 * reports. The only loop of the library that waits.
 */
pier_err pieri_wait(const struct pieri_wait *w);

/*
 * Whether a token fires the calls it is attached to. The wake is made anew in
 * the child of a fork (PIER_EMFILE ...).
 */
pier_err pieri_cancel_wake(struct pier_cancel *c, struct pierp_wake **out);

/* Takes a signal away that a reset left standing: a fire is two steps, and
 * the reset may have come between them. */
void pieri_cancel_calm(struct pier_cancel *c);

/* Records why a wait failed: what pier itself decides on has no code of the
 * system. PIER_OK is passed on. */
pier_err pieri_wait_fail(const char *operation, pier_err code,
                         const struct pier_address *address);

/* Asks the interrupted hook whether EINTR ends the call. */
bool pieri_interrupted(void);

/* Round every call that may block. */
void *pieri_enter_blocking(void);
void pieri_leave_blocking(void *token);

#endif
