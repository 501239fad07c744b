/* SPDX-License-Identifier: MIT */
#include "addrinfo.h"
#include "text.h"
#include <pier/constants.h>

/* What a look-up means by a type or by a protocol alone. */
static const struct kind {
    int type;
    int protocol;
} kinds[] = {
    { PIER_SOCK_STREAM, PIER_IPPROTO_TCP },
    { PIER_SOCK_DGRAM, PIER_IPPROTO_UDP },
    { PIER_SOCK_RAW, 0 },
};

enum {
    KINDS = sizeof(kinds) / sizeof(kinds[0])
};

void pieri_addrinfo_begin(struct pieri_addrinfo_list *list)
{
    list->first = NULL;
    list->end = &list->first;
}

static bool kind_fits(const struct kind *kind, int type, int protocol)
{
    if (type != 0 && type != kind->type)
        return false;
    return protocol == 0 || kind->protocol == 0 || protocol == kind->protocol;
}

bool pieri_addrinfo_fits(int type, int protocol)
{
    for (int i = 0; i < KINDS; i++) {
        if (kind_fits(&kinds[i], type, protocol))
            return true;
    }
    /* Types that only the system knows are its business. */
    return type > PIER_SOCK_RAW;
}

static bool is_listed(const struct pieri_addrinfo_list *list,
                      const struct pierp_name *name)
{
    for (const struct pier_addrinfo *i = list->first; i; i = i->next) {
        if (i->type == name->type && i->protocol == name->protocol &&
            pier_address_equal(&i->address, &name->address))
            return true;
    }
    return false;
}

static pier_err add_entry(struct pieri_addrinfo_list *list,
                          const struct pierp_name *name)
{
    struct pier_addrinfo *entry;

    if (is_listed(list, name))
        return PIER_OK;
    entry = pierp_alloc(sizeof(*entry));
    if (!entry)
        return PIER_ENOMEM;
    entry->family = name->family;
    entry->type = name->type;
    entry->protocol = name->protocol;
    entry->address = name->address;
    *list->end = entry;
    list->end = &entry->next;
    return PIER_OK;
}

pier_err pieri_addrinfo_add(struct pieri_addrinfo_list *list,
                            const struct pierp_name *name)
{
    struct pierp_name entry = *name;
    pier_err err = PIER_OK;

    if (name->type != 0 && name->protocol != 0)
        return add_entry(list, name);
    for (int i = 0; i < KINDS && !err; i++) {
        if (!kind_fits(&kinds[i], name->type, name->protocol))
            continue;
        /* A protocol alone does not ask for raw sockets. */
        if (name->type == 0 && name->protocol != 0 &&
            kinds[i].protocol != name->protocol)
            continue;
        entry.type = kinds[i].type;
        entry.protocol =
            name->protocol != 0 ? name->protocol : kinds[i].protocol;
        err = add_entry(list, &entry);
    }
    if (!err && name->type > PIER_SOCK_RAW)
        err = add_entry(list, name);
    return err;
}

pier_err pieri_addrinfo_set_canonname(struct pieri_addrinfo_list *list,
                                      const char *name)
{
    if (!name || !list->first || list->first->canonname)
        return PIER_OK;
    list->first->canonname = pieri_text_copy(name);
    return list->first->canonname ? PIER_OK : PIER_ENOMEM;
}

void pier_freeaddrinfo(struct pier_addrinfo *list)
{
    while (list) {
        struct pier_addrinfo *next = list->next;

        pierp_free(list->canonname);
        pierp_free(list);
        list = next;
    }
}
