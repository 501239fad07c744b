/* SPDX-License-Identifier: MIT */
#include "numeric.h"
#include "addrinfo.h"
#include "error.h"
#include "ip_text.h"
#include <pier/constants.h>
#include <stdio.h>
#include <string.h>

enum {
    PORT_MAX = 65535
};

/* The port that a service is; -1 when it is a name. PIER_EAI_SERVICE for what
 * is neither: systems wrap "99999" and read " 80", pier does not. */
static pier_err read_service(const char *service, int *port)
{
    const size_t digits = service ? strspn(service, "0123456789") : 0;
    long value = 0;

    *port = 0;
    if (!service)
        return PIER_OK;
    if (service[digits] != '\0') {
        *port = -1;
        return strchr(" \t\r\n+-", service[0]) ? PIER_EAI_SERVICE : PIER_OK;
    }
    if (digits == 0)
        return PIER_EAI_SERVICE;
    for (size_t i = 0; i < digits && value <= PORT_MAX; i++)
        value = value * 10 + (service[i] - '0');
    *port = (int)value;
    return value <= PORT_MAX ? PIER_OK : PIER_EAI_SERVICE;
}

/* An IPv4 address as an IPv6 socket sees it. */
static pier_err map(struct pier_address *a)
{
    struct pierp_endpoint e;
    pier_err err = pierp_address_unpack(&e, a);

    if (err)
        return err;
    e.family = PIER_AF_INET6;
    memcpy(e.ip + 12, e.ip, 4);
    memset(e.ip, 0, 10);
    e.ip[10] = 0xff;
    e.ip[11] = 0xff;
    return pierp_address_pack(a, &e);
}

/* Brings a literal to the family that was asked for. */
static pier_err fit_family(struct pier_address *a,
                           const struct pierp_query *query)
{
    int family = pier_address_family(a);

    if (query->family == PIER_AF_UNSPEC || query->family == family)
        return PIER_OK;
    if (query->family == PIER_AF_INET6 && family == PIER_AF_INET &&
        PIER_HAVE_AI_V4MAPPED && (query->flags & PIER_AI_V4MAPPED))
        return map(a);
    return PIER_EAI_ADDRFAMILY;
}

static bool is_literal(struct pier_address *out, const char *host)
{
    const struct pier_detail detail = pieri_detail_save();
    bool literal = pier_address_inet(out, host, 0) == PIER_OK ||
                   pier_address_inet6(out, host, 0, 0, 0) == PIER_OK;

    /* A name is no failure. */
    pieri_detail_restore(&detail);
    return literal;
}

static pier_err add_address(struct pieri_addrinfo_list *list,
                            const struct pier_address *a,
                            const struct pierp_query *query, int port)
{
    struct pierp_name name = {
        .family = pier_address_family(a),
        .type = query->type,
        .protocol = query->protocol,
        .address = *a,
    };
    pier_err err = pier_address_set_port(&name.address, port);

    if (!err)
        err = pieri_addrinfo_add(list, &name);
    /* A protocol that is of no type. */
    return err || list->first ? err : PIER_EAI_SOCKTYPE;
}

/* No host: the wildcard to listen on, or this machine to connect to. */
static pier_err add_own(struct pieri_addrinfo_list *list,
                        const struct pierp_query *query, int port)
{
    const bool passive = query->flags & PIER_AI_PASSIVE;
    const char *const hosts[2] = { passive ? "0.0.0.0" : "::1",
                                   passive ? "::" : "127.0.0.1" };
    pier_err err = PIER_OK;

    for (int i = 0; i < 2 && !err; i++) {
        struct pier_address a;

        if (!is_literal(&a, hosts[i]))
            return PIER_EAI_FAIL;
        if (query->family == PIER_AF_UNSPEC ||
            query->family == pier_address_family(&a))
            err = add_address(list, &a, query, port);
    }
    return err;
}

static pier_err add_literal(struct pieri_addrinfo_list *list,
                            struct pier_address *a,
                            const struct pierp_query *query, int port)
{
    pier_err err = fit_family(a, query);

    if (!err)
        err = add_address(list, a, query, port);
    if (!err && (query->flags & PIER_AI_CANONNAME))
        err = pieri_addrinfo_set_canonname(list, query->host);
    return err;
}

static pier_err check(const struct pierp_query *query)
{
    const bool known = query->family == PIER_AF_UNSPEC ||
                       query->family == PIER_AF_INET ||
                       query->family == PIER_AF_INET6;

    if (!query->host && !query->service)
        return PIER_EAI_NONAME;
    if (query->flags < 0)
        return PIER_EAI_BADFLAGS;
    if (!known)
        return PIER_EAI_FAMILY;
    if (query->type < 0 || query->protocol < 0 ||
        !pieri_addrinfo_fits(query->type, query->protocol))
        return PIER_EAI_SOCKTYPE;
    return PIER_OK;
}

/* A host that is no literal and yet must not reach the resolver: some read
 * "[::1]" and "127.1", some do not; musl's asks the network for " 1.2.3.4". */
static pier_err refuse_host(const struct pierp_query *query)
{
    unsigned char loose[4];

    if (query->host[0] == '\0' || (query->flags & PIER_AI_NUMERICHOST) ||
        strpbrk(query->host, ":[]% \t\r\n") ||
        pieri_inet_aton(query->host, loose) == PIER_OK)
        return PIER_EAI_NONAME;
    return PIER_OK;
}

pier_err pieri_numeric_getaddrinfo(struct pier_addrinfo **out,
                                   const struct pierp_query *query,
                                   bool *answered)
{
    struct pieri_addrinfo_list list;
    struct pier_address a;
    bool literal;
    int port = 0;
    pier_err err = check(query);

    *answered = true;
    if (!err)
        err = read_service(query->service, &port);
    if (err)
        return err;
    literal = query->host && is_literal(&a, query->host);
    if (query->host && !literal)
        err = refuse_host(query);
    if (!err && port < 0 && (query->flags & PIER_AI_NUMERICSERV))
        err = PIER_EAI_NONAME;
    if (err)
        return err;
    if (port < 0 || (query->host && !literal)) {
        *answered = false;
        return PIER_OK;
    }
    pieri_addrinfo_begin(&list);
    err = literal ? add_literal(&list, &a, query, port)
                  : add_own(&list, query, port);
    if (err) {
        pier_freeaddrinfo(list.first);
    } else {
        *out = list.first;
    }
    return err;
}

pier_err pieri_numeric_getnameinfo(const struct pier_address *a, char *host,
                                   size_t host_capacity, char *service,
                                   size_t service_capacity)
{
    char digits[8];
    int length = snprintf(digits, sizeof(digits), "%d", pier_address_port(a));

    if (service_capacity > 0 && (size_t)length >= service_capacity)
        return PIER_EAI_OVERFLOW;
    if (host_capacity > 0 && pier_address_host(a, host, host_capacity))
        return PIER_EAI_OVERFLOW;
    if (service_capacity > 0)
        memcpy(service, digits, (size_t)length + 1);
    return PIER_OK;
}
