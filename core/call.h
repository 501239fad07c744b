/* SPDX-License-Identifier: MIT */
/*
 * The engine that runs every operation that may block. Try first, wait
 * second, under one deadline that covers the whole call.
 */
#ifndef PIERI_CALL_H
#define PIERI_CALL_H

#include "object.h"

/* What one call works on. An operation that needs more puts this first in a
 * structure of its own. */
struct pieri_io {
    void *buffer;
    size_t length;
    size_t done; /* progress, kept over waits and interruptions */
    const struct pier_address *to;
    int flags;              /* native ones */
    unsigned char want;     /* wait for this, not for the operation's; 0: no */
    unsigned char pause_ms; /* wait this long, not for the handle; 0: no */
    bool goes_on;           /* PIER_EAGAIN is no reason to wait: what may end
                             * the call is looked at, then it is tried again */
    bool wait_source;       /* wait for source instead, to be readable unless
                             * want says otherwise */
    bool no_wait;           /* PIER_MSG_DONTWAIT */
    bool whole;             /* PIER_MSG_WAITALL */
    bool starts_clock;      /* attempts take time: the deadline begins with the
                             * call, not with its first wait */
    bool unlimited;         /* set by the engine: neither limit nor token */
    pier_handle source;
    /* Whether an attempt needs nothing of the system: then it is not waited
     * before it. NULL: it does. */
    bool (*is_at_hand)(struct pieri_io *io);
    /* If not NULL, called when the call ends and is still inside. */
    void (*finish)(const struct pier_socket *s, struct pieri_io *io);
};

struct pieri_operation {
    const char *name;
    enum pieri_direction direction;
    unsigned want;
    uint64_t turn; /* the turn to hold during the call; 0: none */
    /* One attempt: a count, or PIER_EAGAIN to wait and be tried again. */
    ptrdiff_t (*attempt)(struct pier_socket *s, struct pieri_io *io);
};

/* Runs an operation from its beginning. */
ptrdiff_t pieri_call(struct pier_socket *s,
                     const struct pieri_operation *operation,
                     struct pieri_io *io);

/* Goes on with one that has entered, and whose first attempt gave result, a
 * negative code; leaves. */
ptrdiff_t pieri_call_on(struct pier_socket *s,
                        const struct pieri_operation *operation,
                        struct pieri_io *io, ptrdiff_t result);

#endif
