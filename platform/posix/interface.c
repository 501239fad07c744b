/* SPDX-License-Identifier: MIT */
/* Interfaces by number and name; interface_*.c has what else there is to be
 * told of them. */
#include "interface_list.h"

_Static_assert(IF_NAMESIZE <= PIERP_INTERFACE_NAME,
               "the names of this system are too long");

pier_err pierp_if_nametoindex(unsigned *out, const char *name)
{
    unsigned index;

    /* musl would look for its beginning. */
    if (strlen(name) >= IF_NAMESIZE) {
        (void)posix_fail_with(ENXIO);
        return PIER_ENXIO;
    }
    index = if_nametoindex(name);
    if (index == 0) {
        (void)posix_fail();
        return PIER_ENXIO;
    }
    *out = index;
    return PIER_OK;
}

pier_err pierp_if_indextoname(char name[PIERP_INTERFACE_NAME], unsigned index)
{
    char found[IF_NAMESIZE] = "";

    if (!if_indextoname(index, found)) {
        (void)posix_fail();
        return PIER_ENXIO;
    }
    memcpy(name, found, strlen(found) + 1);
    return PIER_OK;
}

void posix_name_interface(struct pierp_interface *line, unsigned index,
                          const char *name)
{
    size_t length = strlen(name);

    line->index = index;
    memcpy(line->name, name, length < IF_NAMESIZE ? length : IF_NAMESIZE - 1);
}

static size_t count_names(const struct if_nameindex *names)
{
    size_t count = 0;

    while (names[count].if_index != 0)
        count++;
    return count;
}

pier_err pierp_if_list(struct pierp_interface **out, size_t *count)
{
    struct posix_interfaces list = { .names = if_nameindex() };
    pier_err err;

    if (!list.names)
        return posix_fail();
    list.name_count = count_names(list.names);
    err = posix_list_interfaces(&list);
    if_freenameindex(list.names);
    if (err)
        return err;
    *out = list.lines;
    *count = list.count;
    return PIER_OK;
}
