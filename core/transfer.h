/* SPDX-License-Identifier: MIT */
/*
 * The long way of the four calls of data.c. first is PIERI_NOT_TRIED, or the
 * negative result of an attempt that was made inside the socket with the turn
 * of the call; then the rest of the call leaves it.
 */
#ifndef PIERI_TRANSFER_H
#define PIERI_TRANSFER_H

#include "object.h"

#define PIERI_NOT_TRIED ((ptrdiff_t)0)

struct pieri_room {
    void *buffer;
    size_t length;
    struct pier_address *from; /* may be NULL */
};

struct pieri_message {
    const void *buffer;
    size_t length;
    const struct pier_address *to;
};

ptrdiff_t pieri_receive(struct pier_socket *s, void *buffer, size_t length,
                        int flags, ptrdiff_t first);
ptrdiff_t pieri_receive_from(struct pier_socket *s,
                             const struct pieri_room *room, int flags,
                             ptrdiff_t first);
ptrdiff_t pieri_send(struct pier_socket *s, const void *buffer, size_t length,
                     int flags, ptrdiff_t first);
ptrdiff_t pieri_send_to(struct pier_socket *s, const struct pieri_message *m,
                        int flags, ptrdiff_t first);

struct pieri_io;

/* One attempt to receive, or to send, through the layer if there is one. */
ptrdiff_t pieri_receive_once(struct pier_socket *s, struct pieri_io *io);
ptrdiff_t pieri_send_once(struct pier_socket *s, struct pieri_io *io);

/* After an attempt to send that gave result: has the call try again after a
 * pause where nothing announces that there is room. */
void pieri_pause_if_full(const struct pier_socket *s, struct pieri_io *io,
                         ptrdiff_t result);

#endif
