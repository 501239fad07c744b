/* SPDX-License-Identifier: MIT */
/* What the two threads of a relay share, under the monitor. */
#ifndef TOOLS_RELAY_STATE_H
#define TOOLS_RELAY_STATE_H

#include <pier/address.h>
#include <pier/socket.h>

#include "system.h"

#define RELAY_BYTES (64 * 1024)

struct relay_state {
    struct pier_socket *peer; /* whom standard input goes to; NULL: wait */
    bool datagrams;
    bool connected;             /* else datagrams go to sender */
    struct pier_address sender; /* of the latest datagram */
    bool busy;                  /* the input thread is in a call on peer */
    bool input_ended;
    enum system_error input_error;
    pier_err send_error; /* what the input thread met with this peer */
    int64_t active;      /* when anything last moved */
};
extern struct relay_state relay_state;

/* The thread of standard input. */
void relay_read_input(void *unused);

#endif
