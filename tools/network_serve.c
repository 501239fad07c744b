/* SPDX-License-Identifier: MIT */
#include "network.h"

#include <pier/connection.h>
#include <pier/constants.h>
#include <string.h>

#include "place.h"

static const char *local_host(char buffer[PLACE_CAPACITY],
                              const struct settings *settings,
                              const char *host)
{
    if (!host)
        return settings->ipv6 ? "::1" : "127.0.0.1";
    if (strcmp(host, "*") == 0)
        return settings->ipv6 ? "::" : "0.0.0.0";
    return place_host(buffer, host);
}

static pier_err open_at(struct pier_socket **out,
                        const struct settings *settings,
                        const struct pier_address *address)
{
    struct pier_server_options options = PIER_SERVER_OPTIONS_INIT;

    if (settings->udp)
        return network_open_datagram(out, address, NULL);
    options.remove_stale_path = true;
    return pier_create_server(out, address, &options);
}

static pier_err open_server(struct pier_socket **out,
                            const struct settings *settings, const char *host,
                            const char *port)
{
    struct pier_address address;
    struct pier_addrinfo *list;
    pier_err error;

    if (!port) {
        error = pier_address_parse(&address, host);
    } else {
        error = network_resolve(&list, settings, host, port);
        if (!error)
            address = list->address;
        if (!error)
            pier_freeaddrinfo(list);
    }
    if (!error)
        error = open_at(out, settings, &address);
    if (!error)
        error = network_prepare(*out, settings->timeout);
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
    char bare[PLACE_CAPACITY];
    enum outcome outcome;
    pier_err error;

    host = local_host(bare, settings, host);
    error = open_server(&s, settings, host, port);
    if (!error)
        error = announce(s);
    if (error) {
        outcome = network_report("listen on", host, port, error);
        pier_free(s);
        return outcome;
    }
    *out = s;
    return OUTCOME_OK;
}

void network_remove_path(struct pier_socket *s)
{
    struct pier_address address;
    char name[sizeof address.storage + 1];
    const char *path;
    size_t length;

    if (!s || pier_getsockname(s, &address))
        return;
    path = pier_address_path(&address, &length);
    /* The abstract namespace has no files; its names begin with a NUL. */
    if (!path || length == 0 || *path == '\0')
        return;
    memcpy(name, path, length);
    name[length] = '\0';
    system_file_remove(name);
}
