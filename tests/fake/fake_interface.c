/* SPDX-License-Identifier: MIT */
/* The interfaces of the fake: what it tells of them, line by line. */
#include "inside.h"

#include <stdio.h>
#include <string.h>

enum {
    LINES_MAX = 16
};

static const struct pierp_interface first = { .index = FAKE_INTERFACE_INDEX,
                                              .name = FAKE_INTERFACE };
static struct pierp_interface lines[LINES_MAX] = {
    { .index = FAKE_INTERFACE_INDEX, .name = FAKE_INTERFACE }
};
static size_t line_count = 1;

void fake_interface_line(unsigned index, const char *name, unsigned flags,
                         const struct pier_address *address)
{
    struct pierp_interface *line = &lines[line_count];

    if (line_count == LINES_MAX) {
        sim_misuse("the fake has room for %d lines of interfaces", LINES_MAX);
        return;
    }
    memset(line, 0, sizeof(*line));
    line->index = index;
    line->flags = flags;
    if (name)
        (void)snprintf(line->name, sizeof(line->name), "%s", name);
    if (address)
        line->address = *address;
    line_count++;
}

pier_err pierp_if_list(struct pierp_interface **out, size_t *count)
{
    pier_err err = sim_enter(FAKE_IF_LIST);

    if (err)
        return err;
    *out = pierp_alloc(sizeof(lines));
    if (!*out)
        return sim_fail(PIER_ENOMEM);
    memcpy(*out, lines, sizeof(lines));
    *count = line_count;
    return PIER_OK;
}

pier_err pierp_if_nametoindex(unsigned *out, const char *name)
{
    pier_err err = sim_enter(FAKE_IF_NAMETOINDEX);

    if (err)
        return err;
    for (size_t i = 0; i < line_count; i++) {
        if (name[0] && strcmp(lines[i].name, name) == 0) {
            *out = lines[i].index;
            return PIER_OK;
        }
    }
    return sim_fail(PIER_ENXIO);
}

pier_err pierp_if_indextoname(char name[PIERP_INTERFACE_NAME], unsigned index)
{
    pier_err err = sim_enter(FAKE_IF_INDEXTONAME);

    if (err)
        return err;
    for (size_t i = 0; i < line_count; i++) {
        if (lines[i].index == index && lines[i].name[0]) {
            memcpy(name, lines[i].name, strlen(lines[i].name) + 1);
            return PIER_OK;
        }
    }
    return sim_fail(PIER_ENXIO);
}

void sim_interfaces_reset(void)
{
    lines[0] = first;
    line_count = 1;
}
