/* SPDX-License-Identifier: MIT */
/* Reaching a peer, with failures reported, and moving whole buffers. */
#ifndef TOOLS_NETWORK_H
#define TOOLS_NETWORK_H

#include <pier/socket.h>

#include "report.h"
#include "settings.h"

#define NETWORK_NAME 192 /* room for the text of an address */

/*
 * Connects to host, over UDP when the settings say so, within their timeout.
 * The new socket has the token of interruptions attached.
 */
enum outcome network_connect(struct pier_socket **out,
                             const struct settings *settings, const char *host,
                             const char *port);

/*
 * Listens (UDP: binds) on host, NULL for the loopback address and "*" for
 * all, and says on standard error where.
 */
enum outcome network_serve(struct pier_socket **out,
                           const struct settings *settings, const char *host,
                           const char *port);

/* Waits for a peer, within the settings' timeout. */
enum outcome network_accept(struct pier_socket **out,
                            struct pier_socket *listener,
                            const struct settings *settings);

/* The text of the peer's address, for messages. */
void network_peer_name(struct pier_socket *s, char name[NETWORK_NAME]);

/*
 * All of it. The socket's timeout is for each part that is moved, not for the
 * whole, as pier_sendall() and pier_recvall() have it: a slow peer is fine, a
 * silent one is not. PIER_EEOF: the stream ended first.
 */
PIER_MUST_CHECK pier_err network_send(struct pier_socket *s,
                                      const void *buffer, size_t length);
PIER_MUST_CHECK pier_err network_receive(struct pier_socket *s, void *buffer,
                                         size_t length);

#endif
