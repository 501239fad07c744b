/* SPDX-License-Identifier: MIT */
/*
 * A layer replaces the plain calls of one socket, as TLS does. Its functions
 * make one attempt on the handle and never wait: PIER_EAGAIN, with *want set
 * when the handle must become ready for something else than the direction of
 * the call (a TLS receive may have to send). They run inside a call, so the
 * handle is there; sends hold the write turn.
 */
#ifndef PIERI_LAYER_H
#define PIERI_LAYER_H

#include "platform.h"

struct pieri_layer {
    ptrdiff_t (*recv)(void *state, pier_handle h, void *buffer, size_t length,
                      int flags, unsigned *want);
    ptrdiff_t (*send)(void *state, pier_handle h, const void *buffer,
                      size_t length, int flags, unsigned *want);
    pier_err (*shutdown)(void *state, pier_handle h, int how, unsigned *want);
    size_t (*pending)(void *state); /* bytes that a receive would give */
    void (*close)(void *state);     /* before the handle is released */
};

struct pier_socket;

/* Puts a layer on s, which must have none: PIER_EISCONN. */
pier_err pieri_layer_set(struct pier_socket *s,
                         const struct pieri_layer *layer, void *state);

/* Bytes that the layer of s holds ready; 0 without one. A poller counts them
 * as readable. */
size_t pieri_layer_pending(const struct pier_socket *s);

#endif
