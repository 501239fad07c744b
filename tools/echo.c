/* SPDX-License-Identifier: MIT */
#include "echo.h"

#include <pier/constants.h>

#include "network.h"

static char buffer[64 * 1024];

static enum outcome report_echo(const char *name, pier_err error)
{
    if (error == PIER_EDEADLINE) {
        return report(OUTCOME_TIMEOUT, "echo to %s: silent for too long",
                      name);
    }
    return report_call(OUTCOME_PEER, "echo to", name, error);
}

enum outcome echo_stream(struct pier_socket *s,
                         const struct settings *settings)
{
    char name[NETWORK_NAME];
    pier_err error = pier_settimeout(s, settings->idle_timeout);
    ptrdiff_t n = 0;

    network_peer_name(s, name);
    while (!error && (n = pier_recv(s, buffer, sizeof buffer, 0)) > 0)
        error = network_send(s, buffer, (size_t)n);
    if (!error && n < 0)
        error = (pier_err)n;
    if (!error)
        error = pier_shutdown(s, PIER_SHUT_WR);
    return error ? report_echo(name, error) : OUTCOME_OK;
}

enum outcome echo_datagrams(struct pier_socket *s,
                            const struct settings *settings)
{
    pier_err error = pier_settimeout(s, settings->idle_timeout);

    while (!error) {
        struct pier_address from;
        ptrdiff_t n = pier_recvfrom(s, buffer, sizeof buffer, 0, &from);

        if (n >= 0)
            n = pier_sendto(s, buffer, (size_t)n, 0, &from);
        /* A sender that is gone is no reason to leave the others. */
        if (n < 0 && !pier_is_connection_error((pier_err)n))
            error = (pier_err)n;
    }
    return report_echo("datagram senders", error);
}
