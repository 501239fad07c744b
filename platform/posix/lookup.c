/* SPDX-License-Identifier: MIT */
#include "priv.h"

#include <netdb.h>

static bool fits(const struct addrinfo *from)
{
    return from->ai_addr && from->ai_addrlen <= POSIX_ADDRESS_ROOM;
}

static size_t count_names(const struct addrinfo *list)
{
    size_t count = 0;

    for (; list; list = list->ai_next)
        count += fits(list);
    return count;
}

static void copy_name(struct pierp_name *out, const struct addrinfo *from)
{
    out->family = from->ai_family;
    out->type = from->ai_socktype;
    out->protocol = from->ai_protocol;
    memcpy(out->address.storage.bytes, from->ai_addr, from->ai_addrlen);
    posix_set_length(&out->address, from->ai_addrlen);
}

/* Some systems name only the first entry, others an entry or all. */
static const char *find_canonname(const struct addrinfo *list)
{
    for (; list; list = list->ai_next) {
        if (list->ai_canonname)
            return list->ai_canonname;
    }
    return NULL;
}

/* musl has a name to tell even where nobody asked for it (Q105). */
static pier_err copy_canonname(char **out, const struct addrinfo *list,
                               int flags)
{
    const char *name = flags & AI_CANONNAME ? find_canonname(list) : NULL;
    size_t size = name ? strlen(name) + 1 : 0;

    *out = NULL;
    if (!name)
        return PIER_OK;
    *out = pierp_alloc(size);
    if (!*out)
        return posix_fail_with(ENOMEM);
    memcpy(*out, name, size);
    return PIER_OK;
}

static pier_err copy_answer(struct pierp_answer *out,
                            const struct addrinfo *list, int flags)
{
    struct pierp_answer made = { NULL, 0, NULL };
    size_t count = count_names(list);
    pier_err err;

    if (count == 0)
        return posix_fail_resolver(EAI_NONAME);
    err = copy_canonname(&made.canonname, list, flags);
    if (err)
        return err;
    made.names = pierp_alloc(count * sizeof *made.names);
    if (!made.names) {
        pierp_free(made.canonname);
        return posix_fail_with(ENOMEM);
    }
    for (; list; list = list->ai_next) {
        if (fits(list))
            copy_name(&made.names[made.count++], list);
    }
    *out = made;
    return PIER_OK;
}

pier_err pierp_getaddrinfo(struct pierp_answer *out,
                           const struct pierp_query *query)
{
    struct addrinfo hints = { 0 };
    struct addrinfo *list = NULL;
    pier_err err;
    int eai;

    hints.ai_flags = query->flags;
    hints.ai_family = query->family;
    hints.ai_socktype = query->type;
    hints.ai_protocol = query->protocol;
    errno = 0; /* what EAI_SYSTEM leaves at 0 has a meaning too (Q24) */
    eai = getaddrinfo(query->host, query->service, &hints, &list);
    if (eai != 0)
        return posix_fail_resolver(eai);
    err = copy_answer(out, list, query->flags);
    freeaddrinfo(list);
    return err;
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

pier_err pierp_getnameinfo(const struct pier_address *a, char *host,
                           size_t host_capacity, char *service,
                           size_t service_capacity, int flags)
{
    /* The system may have written one part when the other fails. */
    char name[1025] = "";
    char port[256] = "";
    size_t name_room = smaller(host_capacity, sizeof name);
    size_t port_room = smaller(service_capacity, sizeof port);
    int eai;

    errno = 0;
    eai = getnameinfo(posix_sockaddr(a), (socklen_t)a->length,
                      name_room ? name : NULL, (socklen_t)name_room,
                      port_room ? port : NULL, (socklen_t)port_room, flags);
    if (eai != 0)
        return posix_fail_resolver(eai);
    if (name_room)
        memcpy(host, name, strlen(name) + 1);
    if (port_room)
        memcpy(service, port, strlen(port) + 1);
    return PIER_OK;
}
