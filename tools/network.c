/* SPDX-License-Identifier: MIT */
#include "network.h"

#include <pier/constants.h>
#include <stdio.h>
#include <string.h>

#include "interrupt.h"

bool network_is_unix(const char *text)
{
    return strncmp(text, "unix:", 5) == 0;
}

int network_family(const struct settings *settings)
{
    if (settings->ipv4)
        return PIER_AF_INET;
    return settings->ipv6 ? PIER_AF_INET6 : PIER_AF_UNSPEC;
}

static void format_target(char *out, const char *host, const char *port)
{
    const char *format = strchr(host, ':') ? "[%s]:%s" : "%s:%s";

    if (port) {
        (void)snprintf(out, NETWORK_NAME, format, host, port);
    } else {
        (void)snprintf(out, NETWORK_NAME, "%s", host);
    }
}

/* The codes of the resolver have a range of their own. */
static bool is_resolver_error(pier_err error)
{
    return error <= -1001 && error > -2001;
}

enum outcome network_report_lookup(const char *host, const char *port,
                                   pier_err error)
{
    char target[NETWORK_NAME];

    /* Only one of these says something of the service. */
    format_target(target, host, error == PIER_EAI_SERVICE ? port : NULL);
    return report_call(OUTCOME_UNREACHED, "resolve", target, error);
}

enum outcome network_report(const char *operation, const char *host,
                            const char *port, pier_err error)
{
    struct pier_detail detail = { 0 };
    char target[NETWORK_NAME];

    if (is_resolver_error(error))
        return network_report_lookup(host, port, error);
    format_target(target, host, port);
    pier_error_detail(&detail);
    if (detail.code != error || detail.address.length == 0)
        return report_call(OUTCOME_UNREACHED, operation, target, error);
    /* A source that cannot be had is not the peer's fault. */
    if (strcmp(operation, "connect") == 0 &&
        strcmp(detail.operation, "bind") == 0) {
        operation = "bind";
        port = "";
    }
    if (port)
        (void)!pier_address_format(&detail.address, target, sizeof target);
    return report_call(OUTCOME_UNREACHED, operation, target, error);
}

pier_err network_resolve(struct pier_addrinfo **out,
                         const struct settings *settings, const char *host,
                         const char *port)
{
    struct pier_addrinfo_hints hints = { 0 };
    struct pier_wait wait = PIER_WAIT_INIT;

    hints.family = network_family(settings);
    hints.type = settings->udp ? PIER_SOCK_DGRAM : PIER_SOCK_STREAM;
    wait.timeout = settings->timeout;
    wait.cancel = interrupt_token();
    return pier_getaddrinfo(out, host, port, &hints, &wait);
}

pier_err network_prepare(struct pier_socket *s, pier_timeout timeout)
{
    pier_err error = pier_settimeout(s, timeout);

    if (!error)
        error = pier_set_cancel(s, interrupt_token());
    /* Best effort: without it an answer waits for an acknowledgement. */
    if (!error && pier_type(s) == PIER_SOCK_STREAM &&
        pier_family(s) != PIER_AF_UNIX)
        (void)!pier_set_nodelay(s, true);
    return error;
}

pier_err network_open_datagram(struct pier_socket **out,
                               const struct pier_address *local,
                               const struct pier_address *peer)
{
    int family = pier_address_family(local ? local : peer);
    pier_err error = pier_open(out, family, PIER_SOCK_DGRAM, 0);

    if (!error && local)
        error = pier_bind(*out, local);
    if (!error && peer) {
        error = pier_connect(*out, peer);
        if (error && local)
            network_remove_path(*out);
    }
    if (error) {
        pier_free(*out);
        *out = NULL;
    }
    return error;
}

enum outcome network_accept(struct pier_socket **out,
                            struct pier_socket *listener,
                            const struct settings *settings)
{
    struct pier_socket *s = NULL;
    pier_err error = pier_accept(&s, listener, NULL);

    if (!error)
        error = network_prepare(s, settings->timeout);
    if (error) {
        pier_free(s);
        return report_call(OUTCOME_UNREACHED, "accept", "a connection", error);
    }
    *out = s;
    return OUTCOME_OK;
}

pier_timeout network_sooner(pier_timeout a, pier_timeout b)
{
    if (a < 0)
        return b;
    return b < 0 || a < b ? a : b;
}

void network_peer_name(struct pier_socket *s, char name[NETWORK_NAME])
{
    struct pier_address address;

    (void)snprintf(name, NETWORK_NAME, "the peer");
    if (pier_getpeername(s, &address))
        return;
    /* The unnamed address of AF_UNIX says nothing. */
    if (pier_address_family(&address) == PIER_AF_UNIX)
        (void)!pier_getsockname(s, &address);
    (void)!pier_address_format(&address, name, NETWORK_NAME);
}

pier_err network_send(struct pier_socket *s, const void *buffer, size_t length)
{
    const char *next = buffer;

    while (length > 0) {
        ptrdiff_t n = pier_send(s, next, length, 0);

        if (n < 0)
            return (pier_err)n;
        next += n;
        length -= (size_t)n;
    }
    return PIER_OK;
}

pier_err network_receive(struct pier_socket *s, void *buffer, size_t length)
{
    char *next = buffer;

    while (length > 0) {
        ptrdiff_t n = pier_recv(s, next, length, 0);

        if (n < 0)
            return (pier_err)n;
        if (n == 0)
            return PIER_EEOF;
        next += n;
        length -= (size_t)n;
    }
    return PIER_OK;
}
