/* SPDX-License-Identifier: MIT */
/* Reaching a peer, with failures reported, and moving whole buffers. */
#ifndef TOOLS_NETWORK_H
#define TOOLS_NETWORK_H

#include <pier/resolver.h>
#include <pier/socket.h>

#include "report.h"
#include "settings.h"

#define NETWORK_NAME 384 /* room for the text of an address */

/* Whether text is an AF_UNIX address, "unix:PATH", which needs no port. */
bool network_is_unix(const char *text);

/*
 * Connects to host, over UDP when the settings say so, within their timeout
 * and from their source. port is NULL when host is "unix:PATH". The new socket
 * has the token of interruptions attached.
 */
enum outcome network_connect(struct pier_socket **out,
                             const struct settings *settings, const char *host,
                             const char *port);

/*
 * Listens (UDP: binds) on host, NULL for the loopback address and "*" for
 * all, and says on standard error where. port is as above.
 */
enum outcome network_serve(struct pier_socket **out,
                           const struct settings *settings, const char *host,
                           const char *port);

/* Removes the file to which a socket of AF_UNIX is bound, if it is. */
void network_remove_path(struct pier_socket *s);

/* Waits for a peer, within the settings' timeout. */
enum outcome network_accept(struct pier_socket **out,
                            struct pier_socket *listener,
                            const struct settings *settings);

/* The shorter of two limits, of which a negative one is none. */
pier_timeout network_sooner(pier_timeout a, pier_timeout b);

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

/* ------------------------- what the files of network_*.c share --- */

/* PIER_AF_UNSPEC unless the settings choose one. */
int network_family(const struct settings *settings);

/* The addresses of host, of the settings' family and type. */
PIER_MUST_CHECK pier_err network_resolve(struct pier_addrinfo **out,
                                         const struct settings *settings,
                                         const char *host, const char *port);

/* Gives s what every socket of the program has. */
PIER_MUST_CHECK pier_err network_prepare(struct pier_socket *s,
                                         pier_timeout timeout);

/* A datagram socket bound to local and connected to peer; NULL: not. */
PIER_MUST_CHECK pier_err network_open_datagram(
    struct pier_socket **out, const struct pier_address *local,
    const struct pier_address *peer);

/* A look-up that failed, with the host and, where it was that, the service;
 * the library names neither. */
enum outcome network_report_lookup(const char *host, const char *port,
                                   pier_err error);

/* Names the address that failed where the library knows it. */
enum outcome network_report(const char *operation, const char *host,
                            const char *port, pier_err error);

#endif
