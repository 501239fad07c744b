/* SPDX-License-Identifier: MIT */
#include "echo.h"

#include <pier/constants.h>
#include <stdlib.h>

#include "network.h"

#define ECHO_BYTES ((size_t)64 * 1024)

static enum outcome report_echo(const char *name, pier_err error)
{
    if (error == PIER_EDEADLINE) {
        return report(OUTCOME_TIMEOUT, "echo to %s: silent for too long",
                      name);
    }
    return report_call(OUTCOME_PEER, "echo to", name, error);
}

static pier_err return_all(struct pier_socket *s, char *buffer)
{
    pier_err error = PIER_OK;
    ptrdiff_t n = 0;

    while (!error && (n = pier_recv(s, buffer, ECHO_BYTES, 0)) > 0)
        error = network_send(s, buffer, (size_t)n);
    if (!error && n < 0)
        error = (pier_err)n;
    return error ? error : pier_shutdown(s, PIER_SHUT_WR);
}

enum outcome echo_stream(struct pier_socket *s,
                         const struct settings *settings)
{
    char name[NETWORK_NAME];
    char *buffer = malloc(ECHO_BYTES);
    pier_err error = pier_settimeout(s, settings->idle_timeout);

    network_peer_name(s, name);
    if (!buffer)
        error = PIER_ENOMEM;
    if (!error)
        error = return_all(s, buffer);
    free(buffer);
    return error ? report_echo(name, error) : OUTCOME_OK;
}

static ptrdiff_t return_datagram(struct pier_socket *s, char *buffer)
{
    struct pier_address from;
    ptrdiff_t n = pier_recvfrom(s, buffer, ECHO_BYTES, 0, &from);

    /* A sender without a name, as AF_UNIX has them, hears nothing. */
    if (n >= 0 && from.length > 0)
        n = pier_sendto(s, buffer, (size_t)n, 0, &from);
    /* One that is gone is no reason to leave the others. */
    return n < 0 && !pier_is_connection_error((pier_err)n) ? n : 0;
}

enum outcome echo_datagrams(struct pier_socket *s,
                            const struct settings *settings)
{
    static char buffer[ECHO_BYTES];
    pier_timeout idle = settings->idle_timeout;
    pier_err error =
        pier_settimeout(s, network_sooner(idle, settings->timeout));

    if (!error)
        error = (pier_err)return_datagram(s, buffer);
    if (!error)
        error = pier_settimeout(s, idle);
    while (!error)
        error = (pier_err)return_datagram(s, buffer);
    return report_echo("datagram senders", error);
}
