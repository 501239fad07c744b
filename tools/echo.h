/* SPDX-License-Identifier: MIT */
#ifndef TOOLS_ECHO_H
#define TOOLS_ECHO_H

#include <pier/socket.h>

#include "report.h"
#include "settings.h"

/* Sends back what one peer sends, until it has ended. */
enum outcome echo_stream(struct pier_socket *s,
                         const struct settings *settings);

/*
 * Accepts peers and serves them all at the same time, until accepting fails
 * or an interruption comes. The timeout counts while nobody is served. Some
 * may be served still when it returns: echo_see_off() waits for them.
 */
enum outcome echo_crowd(struct pier_socket *listener,
                        const struct settings *settings);
void echo_see_off(void);

/* Sends every datagram back to its sender; ends as relay_datagrams() does. */
enum outcome echo_datagrams(struct pier_socket *s,
                            const struct settings *settings);

#endif
