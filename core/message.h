/* SPDX-License-Identifier: MIT */
/* What single messages and batches of them share. */
#ifndef PIERI_MESSAGE_H
#define PIERI_MESSAGE_H

#include "call.h"
#include <pier/message.h>

/*
 * Refuses what is missing (PIER_EINVAL): a NULL where memory is needed, or
 * buffers that no memory could hold together.
 */
pier_err pieri_message_check(const struct pier_message *m);

/* Bytes in its buffers. */
size_t pieri_message_bytes(const struct pier_message *m);

/* Whether it asks for nothing: neither bytes nor control data. */
bool pieri_message_is_empty(const struct pier_message *m);

/* Nothing has come: what the message says then. */
void pieri_message_nothing(struct pier_message *m);

/* Notes in io what to wait for before m is tried again, if that is result. */
void pieri_message_refused(const struct pier_socket *s,
                           const struct pier_message *m, ptrdiff_t result,
                           struct pieri_io *io);

/* One attempt each. */
ptrdiff_t pieri_message_receive(const struct pier_socket *s,
                                struct pier_message *m, int flags);
ptrdiff_t pieri_message_send(const struct pier_socket *s,
                             const struct pier_message *m,
                             struct pieri_io *io);

/* Where there is nothing to do on a stream: no system call, but a closed
 * socket is told. */
pier_err pieri_message_skip(struct pier_socket *s, const char *operation);

#endif
