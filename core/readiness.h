/* SPDX-License-Identifier: MIT */
/*
 * What is ready of a socket besides what its handle tells: bytes that a layer
 * or a stream holds, and directions that were shut down here, of which not
 * every system tells.
 */
#ifndef PIERI_READINESS_H
#define PIERI_READINESS_H

#include "object.h"

/* Those of events (PIER_POLL*) that are known without asking the system, and
 * PIER_POLLHUP. */
unsigned pieri_readiness_known(const struct pier_socket *s, unsigned events);

/* What to ask the handle for, to answer for events; and the answer. */
unsigned pieri_readiness_ask(const struct pier_socket *s, unsigned events);
unsigned pieri_readiness_tell(const struct pier_socket *s, unsigned events,
                              unsigned revents);

#endif
