/* SPDX-License-Identifier: MIT */
#include "network.h"

#include <pier/connection.h>
#include <pier/constants.h>

#include "interrupt.h"
#include "place.h"

/* What the settings say of where to come from; family 0: nothing. */
struct origin {
    struct pier_address address;
    int family;
};

/* With a port or without. */
static pier_err parse_source(struct pier_address *out, const char *text)
{
    char bare[PLACE_CAPACITY];
    pier_err error = pier_address_parse(out, text);

    if (error)
        error = pier_address_inet(out, text, 0);
    if (error)
        error = pier_address_inet6(out, place_host(bare, text), 0, 0, 0);
    return error;
}

/* Whether a peer, reached over wanted if that is chosen, can be reached from
 * an address of family. */
static bool fits(int family, int wanted, bool unix_peer)
{
    if (unix_peer || family == PIER_AF_UNIX)
        return unix_peer && family == PIER_AF_UNIX;
    return wanted == PIER_AF_UNSPEC || wanted == family;
}

static enum outcome read_origin(struct origin *out,
                                const struct settings *settings,
                                bool unix_peer)
{
    int family;

    out->family = network_family(settings);
    if (!settings->source)
        return OUTCOME_OK;
    if (parse_source(&out->address, settings->source)) {
        return report(OUTCOME_USAGE, "connect: not an address: '%s'",
                      settings->source);
    }
    family = pier_address_family(&out->address);
    if (!fits(family, out->family, unix_peer)) {
        return report(OUTCOME_USAGE,
                      "connect: not a source for this kind of peer: '%s'",
                      settings->source);
    }
    out->family = family;
    return OUTCOME_OK;
}

static const struct pier_address *source_of(const struct origin *origin)
{
    return origin->address.length > 0 ? &origin->address : NULL;
}

static pier_err connect_unix_stream(struct pier_socket **out,
                                    const struct settings *settings,
                                    const struct pier_address *peer,
                                    const struct pier_address *source)
{
    pier_err error = pier_open(out, PIER_AF_UNIX, PIER_SOCK_STREAM, 0);

    if (!error)
        error = network_prepare(*out, settings->timeout);
    if (!error && source)
        error = pier_bind(*out, source);
    return error ? error : pier_connect(*out, peer);
}

static pier_err connect_unix(struct pier_socket **out,
                             const struct settings *settings, const char *host,
                             const struct pier_address *source)
{
    struct pier_address peer;
    pier_err error = pier_address_parse(&peer, host);

    if (error)
        return error;
    return settings->udp ? network_open_datagram(out, source, &peer)
                         : connect_unix_stream(out, settings, &peer, source);
}

static pier_err connect_stream(struct pier_socket **out,
                               const struct settings *settings,
                               const struct origin *origin, const char *host,
                               const char *port)
{
    struct pier_connect_options options = PIER_CONNECT_OPTIONS_INIT;

    options.timeout = settings->timeout;
    options.cancel = interrupt_token();
    options.family = origin->family;
    options.source = source_of(origin);
    return pier_create_connection(out, host, port, &options);
}

static pier_err connect_datagram(struct pier_socket **out,
                                 const struct settings *settings,
                                 const struct origin *origin, const char *host,
                                 const char *port)
{
    struct pier_addrinfo *list;
    pier_err error = network_resolve(&list, settings, host, port);
    const struct pier_addrinfo *item;

    if (error)
        return error;
    error = PIER_EAFNOSUPPORT;
    for (item = list; item; item = item->next) {
        if (origin->family != PIER_AF_UNSPEC && item->family != origin->family)
            continue;
        error = network_open_datagram(out, source_of(origin), &item->address);
        if (!error)
            break;
    }
    pier_freeaddrinfo(list);
    return error;
}

static pier_err connect_any(struct pier_socket **out,
                            const struct settings *settings,
                            const struct origin *origin, const char *host,
                            const char *port)
{
    if (!port)
        return connect_unix(out, settings, host, source_of(origin));
    return settings->udp ? connect_datagram(out, settings, origin, host, port)
                         : connect_stream(out, settings, origin, host, port);
}

enum outcome network_connect(struct pier_socket **out,
                             const struct settings *settings, const char *host,
                             const char *port)
{
    struct origin origin = { 0 };
    struct pier_socket *s = NULL;
    enum outcome outcome = read_origin(&origin, settings, !port);
    char bare[PLACE_CAPACITY];
    pier_err error;

    if (outcome)
        return outcome;
    host = place_host(bare, host);
    error = connect_any(&s, settings, &origin, host, port);
    if (!error)
        error = network_prepare(s, settings->timeout);
    if (error) {
        /* Reported first: closing may take the library's detail away. */
        outcome = network_report("connect", host, port, error);
        network_remove_path(s);
        pier_free(s);
        return outcome;
    }
    *out = s;
    return OUTCOME_OK;
}
