/* SPDX-License-Identifier: MIT */
#include "network.h"

#include <pier/connection.h>
#include <pier/constants.h>
#include <stdio.h>
#include <string.h>

#include "interrupt.h"

static int family_of(const struct settings *settings)
{
    if (settings->ipv4)
        return PIER_AF_INET;
    return settings->ipv6 ? PIER_AF_INET6 : PIER_AF_UNSPEC;
}

static void format_target(char *out, const char *host, const char *port)
{
    const char *format = strchr(host, ':') ? "[%s]:%s" : "%s:%s";

    (void)snprintf(out, NETWORK_NAME, format, host, port);
}

/* The codes of the resolver have a range of their own. */
static bool is_resolver_error(pier_err error)
{
    return error <= -1001 && error > -2001;
}

/* Names the address that failed where the library knows it. */
static enum outcome report_reach(const char *operation, const char *host,
                                 const char *port, pier_err error)
{
    struct pier_detail detail = { 0 };
    char target[NETWORK_NAME];

    if (is_resolver_error(error))
        return report_call(OUTCOME_UNREACHED, "resolve", host, error);
    format_target(target, host, port);
    pier_error_detail(&detail);
    if (detail.code == error && detail.address.length > 0)
        (void)!pier_address_format(&detail.address, target, sizeof target);
    return report_call(OUTCOME_UNREACHED, operation, target, error);
}

static pier_err resolve(struct pier_addrinfo **out,
                        const struct settings *settings, const char *host,
                        const char *port)
{
    struct pier_addrinfo_hints hints = { 0 };
    struct pier_wait wait = PIER_WAIT_INIT;

    hints.family = family_of(settings);
    hints.type = settings->udp ? PIER_SOCK_DGRAM : PIER_SOCK_STREAM;
    wait.timeout = settings->timeout;
    wait.cancel = interrupt_token();
    return pier_getaddrinfo(out, host, port, &hints, &wait);
}

/* What every socket of the program has. */
static pier_err prepare(struct pier_socket *s, pier_timeout timeout)
{
    pier_err error = pier_settimeout(s, timeout);

    if (!error)
        error = pier_set_cancel(s, interrupt_token());
    /* Best effort: without it an answer waits for an acknowledgement. */
    if (!error && pier_type(s) == PIER_SOCK_STREAM)
        (void)!pier_setsockopt_int(s, PIER_IPPROTO_TCP, PIER_TCP_NODELAY, 1);
    return error;
}

static pier_err connect_stream(struct pier_socket **out,
                               const struct settings *settings,
                               const char *host, const char *port)
{
    struct pier_connect_options options = PIER_CONNECT_OPTIONS_INIT;

    options.timeout = settings->timeout;
    options.cancel = interrupt_token();
    options.family = family_of(settings);
    return pier_create_connection(out, host, port, &options);
}

static pier_err open_datagram(struct pier_socket **out,
                              const struct pier_address *local,
                              const struct pier_address *peer)
{
    const struct pier_address *any = local ? local : peer;
    pier_err error =
        pier_open(out, pier_address_family(any), PIER_SOCK_DGRAM, 0);

    if (error)
        return error;
    error = local ? pier_bind(*out, local) : pier_connect(*out, peer);
    if (error) {
        pier_free(*out);
        *out = NULL;
    }
    return error;
}

static pier_err connect_datagram(struct pier_socket **out,
                                 const struct settings *settings,
                                 const char *host, const char *port)
{
    struct pier_addrinfo *list;
    pier_err error = resolve(&list, settings, host, port);
    const struct pier_addrinfo *item;

    if (error)
        return error;
    for (item = list; item; item = item->next) {
        error = open_datagram(out, NULL, &item->address);
        if (!error)
            break;
    }
    pier_freeaddrinfo(list);
    return error;
}

enum outcome network_connect(struct pier_socket **out,
                             const struct settings *settings, const char *host,
                             const char *port)
{
    struct pier_socket *s = NULL;
    pier_err error = settings->udp ? connect_datagram(&s, settings, host, port)
                                   : connect_stream(&s, settings, host, port);

    if (error)
        return report_reach("connect", host, port, error);
    error = prepare(s, settings->timeout);
    if (error) {
        pier_free(s);
        return report_reach("connect", host, port, error);
    }
    *out = s;
    return OUTCOME_OK;
}

static const char *local_host(const struct settings *settings,
                              const char *host)
{
    if (!host)
        return settings->ipv6 ? "::1" : "127.0.0.1";
    if (strcmp(host, "*") == 0)
        return settings->ipv6 ? "::" : "0.0.0.0";
    return host;
}

static pier_err open_server(struct pier_socket **out,
                            const struct settings *settings, const char *host,
                            const char *port)
{
    struct pier_addrinfo *list;
    pier_err error = resolve(&list, settings, host, port);

    if (error)
        return error;
    error = settings->udp ? open_datagram(out, &list->address, NULL)
                          : pier_create_server(out, &list->address, NULL);
    pier_freeaddrinfo(list);
    if (!error)
        error = prepare(*out, settings->timeout);
    return error;
}

static pier_err announce(struct pier_socket *s)
{
    struct pier_address address;
    char text[NETWORK_NAME];
    pier_err error = pier_getsockname(s, &address);

    if (!error)
        error = pier_address_format(&address, text, sizeof text);
    if (!error)
        report_note("listening on %s", text);
    return error;
}

enum outcome network_serve(struct pier_socket **out,
                           const struct settings *settings, const char *host,
                           const char *port)
{
    struct pier_socket *s = NULL;
    pier_err error;

    host = local_host(settings, host);
    error = open_server(&s, settings, host, port);
    if (!error)
        error = announce(s);
    if (error) {
        pier_free(s);
        return report_reach("listen on", host, port, error);
    }
    *out = s;
    return OUTCOME_OK;
}

enum outcome network_accept(struct pier_socket **out,
                            struct pier_socket *listener,
                            const struct settings *settings)
{
    struct pier_socket *s = NULL;
    pier_err error = pier_accept(&s, listener, NULL);

    if (!error)
        error = prepare(s, settings->timeout);
    if (error) {
        pier_free(s);
        return report_call(OUTCOME_UNREACHED, "accept", "a connection", error);
    }
    *out = s;
    return OUTCOME_OK;
}

void network_peer_name(struct pier_socket *s, char name[NETWORK_NAME])
{
    struct pier_address address;

    (void)snprintf(name, NETWORK_NAME, "the peer");
    if (!pier_getpeername(s, &address))
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
