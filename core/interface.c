/* SPDX-License-Identifier: MIT */
#include "error.h"
#include "text.h"
#include <pier/interface.h>
#include <stdlib.h>
#include <string.h>

/* A line of what the system tells. */
struct place {
    const struct pierp_interface *line;
};

/* All of them, as they came and in order. */
struct lines {
    struct pierp_interface *all;
    struct place *sorted;
    size_t count;
};

/* Those of one interface. */
struct group {
    const struct place *first;
    size_t length;
};

/* Lines of one interface stay in the order in which they came. */
static int compare(const void *a, const void *b)
{
    const struct pierp_interface *one = ((const struct place *)a)->line;
    const struct pierp_interface *other = ((const struct place *)b)->line;

    if (one->index != other->index)
        return one->index < other->index ? -1 : 1;
    return one < other ? -1 : one > other;
}

static pier_err sort(struct lines *lines)
{
    if (lines->count == 0)
        return PIER_OK;
    lines->sorted = pierp_alloc(lines->count * sizeof(*lines->sorted));
    if (!lines->sorted)
        return PIER_ENOMEM;
    for (size_t i = 0; i < lines->count; i++)
        lines->sorted[i].line = &lines->all[i];
    qsort(lines->sorted, lines->count, sizeof(*lines->sorted), compare);
    return PIER_OK;
}

static struct group group_at(const struct lines *lines, size_t begin)
{
    const unsigned index = lines->sorted[begin].line->index;
    size_t end = begin;

    while (end < lines->count && lines->sorted[end].line->index == index)
        end++;
    return (struct group){ &lines->sorted[begin], end - begin };
}

static const char *name_of(const struct group *group)
{
    for (size_t i = 0; i < group->length; i++) {
        if (group->first[i].line->name[0])
            return group->first[i].line->name;
    }
    return NULL;
}

static pier_err copy_addresses(struct pier_interface *to,
                               const struct group *group)
{
    size_t count = 0;

    for (size_t i = 0; i < group->length; i++)
        count += group->first[i].line->address.length != 0;
    if (count == 0)
        return PIER_OK;
    to->addresses = pierp_alloc(count * sizeof(*to->addresses));
    if (!to->addresses)
        return PIER_ENOMEM;
    for (size_t i = 0; i < group->length; i++) {
        const struct pier_address *a = &group->first[i].line->address;

        if (a->length)
            to->addresses[to->address_count++] = *a;
    }
    return PIER_OK;
}

static pier_err copy_interface(struct pier_interface *to, const char *name,
                               const struct group *group)
{
    to->index = group->first->line->index;
    to->name = pieri_text_copy(name);
    for (size_t i = 0; i < group->length; i++)
        to->flags |= group->first[i].line->flags;
    return to->name ? copy_addresses(to, group) : PIER_ENOMEM;
}

/* An interface that nobody names any more went away in between. */
static pier_err copy_all(struct pier_interface *list, size_t *count,
                         const struct lines *lines)
{
    struct group group;
    pier_err err = PIER_OK;

    for (size_t i = 0; i < lines->count && !err; i += group.length) {
        const char *name;

        group = group_at(lines, i);
        name = name_of(&group);
        if (name)
            err = copy_interface(&list[(*count)++], name, &group);
    }
    return err;
}

/* As many as there are lines is enough, and none is one as well: an array
 * needs no other sign of success than its pointer. */
static pier_err make_list(struct pier_interface **out, size_t *count,
                          const struct lines *lines)
{
    struct pier_interface *list =
        pierp_alloc((lines->count + 1) * sizeof(*list));
    size_t made = 0;
    pier_err err;

    if (!list)
        return PIER_ENOMEM;
    err = copy_all(list, &made, lines);
    if (err) {
        pier_if_freenameindex(list, made);
        return err;
    }
    *out = list;
    *count = made;
    return PIER_OK;
}

static pier_err list_interfaces(struct pier_interface **out, size_t *count)
{
    struct lines lines = { NULL, NULL, 0 };
    pier_err err = pierp_start();

    if (!err)
        err = pierp_if_list(&lines.all, &lines.count);
    if (err)
        return pieri_os_fail("if_nameindex", err, NULL);
    err = sort(&lines);
    if (!err)
        err = make_list(out, count, &lines);
    pierp_free(lines.sorted);
    pierp_free(lines.all);
    return err ? pieri_fail("if_nameindex", err, NULL) : PIER_OK;
}

pier_err pier_if_nameindex(struct pier_interface **out, size_t *count)
{
    if (out)
        *out = NULL;
    if (!out || !count)
        return pieri_fail("if_nameindex", PIER_EINVAL, NULL);
    return list_interfaces(out, count);
}

void pier_if_freenameindex(struct pier_interface *list, size_t count)
{
    if (!list)
        return;
    for (size_t i = 0; i < count; i++) {
        pierp_free(list[i].name);
        pierp_free(list[i].addresses);
    }
    pierp_free(list);
}

pier_err pier_if_nametoindex(unsigned *index, const char *name)
{
    pier_err err;

    if (!index || !name)
        return pieri_fail("if_nametoindex", PIER_EINVAL, NULL);
    err = pierp_if_nametoindex(index, name);
    return err ? pieri_os_fail("if_nametoindex", err, NULL) : PIER_OK;
}

pier_err pier_if_indextoname(char *buffer, size_t capacity, unsigned index)
{
    char name[PIERP_INTERFACE_NAME] = "";
    pier_err err;

    if (!buffer)
        return pieri_fail("if_indextoname", PIER_EINVAL, NULL);
    if (index == 0)
        return pieri_fail("if_indextoname", PIER_ENXIO, NULL);
    err = pierp_if_indextoname(name, index);
    if (err)
        return pieri_os_fail("if_indextoname", err, NULL);
    if (strlen(name) >= capacity)
        return pieri_fail("if_indextoname", PIER_ENOBUFS, NULL);
    memcpy(buffer, name, strlen(name) + 1);
    return PIER_OK;
}
