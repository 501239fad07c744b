/* SPDX-License-Identifier: MIT */
/*
 * The engine that runs every operation that may block. Try first, wait
 * second, under one deadline that covers the whole call.
 */
#ifndef PIERI_CALL_H
#define PIERI_CALL_H

#include "object.h"

/* What one call works on. An operation uses the fields that it needs. */
struct pieri_io {
    void *buffer;
    size_t length;
    size_t done; /* progress, kept over waits and interruptions */
    const struct pier_address *to;
    struct pier_address *from;
    pier_handle accepted;
    int64_t pause; /* wait this long instead of for the handle; 0: do not */
    unsigned want; /* wait for this instead of the operation's; 0: do not */
    int flags;     /* native ones */
    bool no_wait;  /* PIER_MSG_DONTWAIT */
    bool whole;    /* PIER_MSG_WAITALL */
    bool connecting;
};

struct pieri_operation {
    const char *name;
    enum pieri_direction direction;
    unsigned want;
    uint64_t turn; /* the turn to hold during the call; 0: none */
    /* One attempt: a count, or PIER_EAGAIN to wait and be tried again. */
    ptrdiff_t (*attempt)(struct pier_socket *s, struct pieri_io *io);
};

ptrdiff_t pieri_call(struct pier_socket *s,
                     const struct pieri_operation *operation,
                     struct pieri_io *io);

#endif
