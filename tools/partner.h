/* SPDX-License-Identifier: MIT */
/* A thread that does something with one end of a pair of sockets. */
#ifndef TOOLS_PARTNER_H
#define TOOLS_PARTNER_H

#include <pier/socket.h>

#include "system.h"

struct partner {
    struct pier_socket *s; /* its end */
    void (*run)(struct partner *partner);
    uint64_t bytes; /* what it likes to tell */
    pier_err error;
    int64_t ended; /* when, once it was joined */
    struct system_thread thread;
};

/*
 * Starts partner->run; false when there is no thread. partner_join() waits
 * until it has returned.
 */
bool partner_start(struct partner *partner);
void partner_join(struct partner *partner);

#endif
