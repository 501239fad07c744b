/* SPDX-License-Identifier: MIT */
/* Winsock's resolver, by its wide functions: the others take and give the
 * code page of the system. */
#include "text.h"
#include <stdio.h>

/* No name of the DNS is longer than 255, no service than a few letters; and
 * what is no UTF-8 names nothing. */
#define SERVICE_MAX 256

/* Room for a number in place of a scope of one letter. */
#define NAME_MAX_UNITS (NI_MAXHOST + 12)

static char *copy_text(const wchar_t *text)
{
    size_t size = win_narrow_size(text);
    char *copy = size > 0 ? pierp_alloc(size) : NULL;

    if (copy)
        (void)win_narrow(copy, size, text);
    return copy;
}

/* An address that does not fit is of a family that pier cannot name. */
static size_t copy_addresses(struct pierp_name *out, const ADDRINFOW *from)
{
    size_t count = 0;

    for (; from; from = from->ai_next) {
        if (from->ai_addrlen > sizeof(out->address.storage.bytes))
            continue;
        if (out) {
            struct pierp_name *name = &out[count];

            name->family = from->ai_family;
            name->type = from->ai_socktype;
            name->protocol = from->ai_protocol;
            name->address.length = (uint32_t)from->ai_addrlen;
            memcpy(name->address.storage.bytes, from->ai_addr,
                   from->ai_addrlen);
        }
        count++;
    }
    return count;
}

static pier_err copy_answer(struct pierp_answer *out, const ADDRINFOW *from)
{
    size_t count = copy_addresses(NULL, from);
    struct pierp_name *names = NULL;
    char *canonname = NULL;

    if (count == 0)
        return win_fail_resolver(WSAHOST_NOT_FOUND);
    names = pierp_alloc(count * sizeof(*names));
    if (from->ai_canonname)
        canonname = copy_text(from->ai_canonname);
    if (!names || (from->ai_canonname && !canonname)) {
        pierp_free(names);
        pierp_free(canonname);
        return win_fail_with(ERROR_NOT_ENOUGH_MEMORY);
    }
    copy_addresses(names, from);
    *out = (struct pierp_answer){ names, count, canonname };
    return PIER_OK;
}

static ADDRINFOW hints_of(const struct pierp_query *query)
{
    ADDRINFOW hints = { .ai_flags = query->flags,
                        .ai_family = query->family,
                        .ai_socktype = query->type,
                        .ai_protocol = query->protocol };

    return hints;
}

pier_err pierp_getaddrinfo(struct pierp_answer *out,
                           const struct pierp_query *query)
{
    wchar_t host[NI_MAXHOST];
    wchar_t service[SERVICE_MAX];
    ADDRINFOW hints = hints_of(query);
    ADDRINFOW *list = NULL;
    pier_err err;
    int failed;

    /* Winsock takes the empty name for this host's (Q40). */
    if (query->host &&
        (!*query->host || !win_widen(host, NI_MAXHOST, query->host)))
        return win_fail_resolver(WSAHOST_NOT_FOUND);
    if (query->service && !win_widen(service, SERVICE_MAX, query->service))
        return win_fail_resolver(WSATYPE_NOT_FOUND);
    failed = GetAddrInfoW(query->host ? host : NULL,
                          query->service ? service : NULL, &hints, &list);
    if (failed)
        return win_fail_resolver(failed);
    err = copy_answer(out, list);
    FreeAddrInfoW(list);
    return err;
}

/*
 * A scope is a number on Windows; Wine writes the name that its host gives to
 * the interface, which Wine itself cannot read back.
 */
static void number_scope(wchar_t *host, const struct pier_address *a)
{
    wchar_t *scope = wcschr(host, L'%');
    struct pierp_endpoint e;

    if (scope && pierp_address_unpack(&e, a) == PIER_OK &&
        e.family == AF_INET6)
        _snwprintf(scope, 12, L"%%%u", e.scope_id);
}

/* One part of an answer: as the system gave it, and for the caller. */
struct part {
    wchar_t wide[NAME_MAX_UNITS];
    char text[NAME_MAX_UNITS];
    DWORD room; /* 0 leaves it out */
};

static bool convert(struct part *part, size_t capacity)
{
    return !part->room ||
           (win_narrow(part->text, sizeof(part->text), part->wide) &&
            strlen(part->text) < capacity);
}

static void give(char *out, const struct part *part)
{
    if (part->room)
        memcpy(out, part->text, strlen(part->text) + 1);
}

pier_err pierp_getnameinfo(const struct pier_address *a, char *host,
                           size_t host_capacity, char *service,
                           size_t service_capacity, int flags)
{
    struct part name = { .room = host_capacity ? NI_MAXHOST : 0 };
    struct part port = { .room = service_capacity ? NI_MAXHOST : 0 };
    int failed = GetNameInfoW(win_sockaddr(a), (socklen_t)a->length,
                              name.room ? name.wide : NULL, name.room,
                              port.room ? port.wide : NULL, port.room, flags);

    if (failed)
        return win_fail_resolver(failed);
    number_scope(name.wide, a);
    /* Nothing is given out unless both parts fit. */
    if (!convert(&name, host_capacity) || !convert(&port, service_capacity))
        return win_fail_resolver(ERROR_INSUFFICIENT_BUFFER);
    give(host, &name);
    give(service, &port);
    return PIER_OK;
}
