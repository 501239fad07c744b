/* SPDX-License-Identifier: MIT */
#include "common.h"
#include "priv.h"

/* Aliases that are no more than the official name say nothing (musl). */
static bool says_more(const struct plat_host *from, const char *alias)
{
    return strcmp(alias, from->name) != 0;
}

static size_t size_of_names(const struct plat_host *from)
{
    size_t size = strlen(from->name) + 1;

    for (size_t i = 0; from->aliases && from->aliases[i]; i++) {
        if (says_more(from, from->aliases[i]))
            size += strlen(from->aliases[i]) + 1;
    }
    return size;
}

static void add_name(struct pierp_host *to, char **end, const char *name)
{
    size_t size = strlen(name) + 1;

    memcpy(*end, name, size);
    *end += size;
    to->name_count++;
}

static void copy_names(struct pierp_host *to, const struct plat_host *from)
{
    char *end = to->names;

    add_name(to, &end, from->name);
    for (size_t i = 0; from->aliases && from->aliases[i]; i++) {
        if (says_more(from, from->aliases[i]))
            add_name(to, &end, from->aliases[i]);
    }
}

pier_err plat_host_copy(struct pierp_host *out, const struct plat_host *from)
{
    size_t size = from->address_count * sizeof *from->addresses;
    struct pierp_host made = { pierp_alloc(size_of_names(from)), 0,
                               size ? pierp_alloc(size) : NULL,
                               from->address_count };

    if (!made.names || (size && !made.addresses)) {
        pierp_free(made.names);
        pierp_free(made.addresses);
        return plat_no_memory();
    }
    copy_names(&made, from);
    if (size)
        memcpy(made.addresses, from->addresses, size);
    *out = made;
    return PIER_OK;
}
