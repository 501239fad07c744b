/* SPDX-License-Identifier: MIT */
#ifndef PIERI_OBJECT_H
#define PIERI_OBJECT_H

#include "layer.h"
#include "waiter.h"
#include <pier/cancel.h>
#include <pier/constants.h>
#include <pier/socket.h>

enum pieri_direction {
    PIERI_RECEIVING,
    PIERI_SENDING
};

enum {
    PIERI_SHUT_RECEIVING = 1,
    PIERI_SHUT_SENDING = 2
};

/*
 * The heap budget of a socket is 256 bytes; a static assertion in socket.c
 * holds it.
 */
struct pier_socket {
    _Atomic uint64_t state;      /* state.h */
    _Atomic unsigned generation; /* the process it belongs to */
    pier_handle handle;          /* fixed from birth to release */
    int family;
    int type;
    int protocol;
    _Atomic int mode;      /* enum pier_descriptor_mode */
    _Atomic unsigned shut; /* PIERI_SHUT_*: what pier_shutdown() has ended */
    _Atomic bool shares_mode; /* with a duplicate: see mode.c */
    uint64_t write_turn; /* PIERI_WRITE_TURN of a stream; 0: needs no turn */
    _Atomic int64_t timeout[2];
    _Atomic int64_t deadline; /* absolute; 0: none */
    struct pier_cancel *_Atomic cancel;
    const struct pieri_layer *layer; /* NULL: the plain calls */
    void *layer_state;
    struct pieri_waiters waiters; /* guarded by pierp_lock(s) */
    unsigned streams;             /* that keep the memory; guarded likewise */
    _Atomic size_t read_ahead;    /* bytes that streams hold */
};

/* An object without a handle, with the process's defaults. NULL: no memory. */
struct pier_socket *pieri_socket_new(int family, int type, int protocol);

/* Gives a new object the family, type and protocol of another. */
void pieri_socket_set_kind(struct pier_socket *s,
                           const struct pier_socket *other);

/* Gives a new object its handle. */
void pieri_socket_open(struct pier_socket *s, pier_handle handle);

/* Frees an object that never had a handle; NULL is fine. */
void pieri_socket_discard(struct pier_socket *s);

/* Takes a reference for a call that does not block; records its failure
 * (PIER_EINVAL for NULL, PIER_EBADF) under the name of the operation. */
pier_err pieri_begin(struct pier_socket *s, const char *operation);

/* Gives it back and records err, a result of the seam; returns err. */
pier_err pieri_end(struct pier_socket *s, const char *operation, pier_err err,
                   const struct pier_address *address);

/* Puts the handle into the mode that the socket's timeout and descriptor mode
 * ask for; a new handle is non-blocking. */
pier_err pieri_mode_apply(struct pier_socket *s, pier_handle handle);

/* Round an attempt that has no flag of its own to keep it from blocking; to
 * be dropped where *held is set. */
pier_err pieri_mode_hold(struct pier_socket *s, bool *held);
void pieri_mode_drop(struct pier_socket *s);

/* Whether pier_shutdown() has ended that direction: what is there all the same
 * is nobody's, on every system. */
static inline bool pieri_ended(const struct pier_socket *s,
                               enum pieri_direction direction)
{
    return s->shut & (direction == PIERI_RECEIVING ? PIERI_SHUT_RECEIVING
                                                   : PIERI_SHUT_SENDING);
}

static inline bool pieri_is_stream(const struct pier_socket *s)
{
    return s->type == PIER_SOCK_STREAM;
}

/* Whether a constant is one that this system lacks: see constants.h. */
static inline bool pieri_absent(int value)
{
    return value <= -0x40000000;
}

#endif
