/* SPDX-License-Identifier: MIT */
/*
 * Standard input and output joined with a peer. One thread reads standard
 * input, once for the whole program; the caller's thread serves the peer.
 */
#ifndef TOOLS_RELAY_H
#define TOOLS_RELAY_H

#include <pier/socket.h>

#include "report.h"
#include "settings.h"

/* Starts to read standard input. To be called once, before the others. */
enum outcome relay_start(const struct settings *settings);

/*
 * Serves one peer until both directions have ended. Takes s: it is closed and
 * freed when this returns.
 */
enum outcome relay_stream(struct pier_socket *s);

/*
 * The same for datagrams. With a connected socket it ends once standard input
 * has ended and nothing came for the linger time; else it answers the latest
 * sender and ends only by a failure, an interruption, the idle timeout, or the
 * timeout when not even a first datagram came.
 */
enum outcome relay_datagrams(struct pier_socket *s, bool connected);

/* Ends what relay_start() began; a thread that still reads is left to it. */
void relay_stop(void);

#endif
