/* SPDX-License-Identifier: MIT */
#include "interface_list.h"

#include <ifaddrs.h>

static size_t count_addresses(const struct ifaddrs *from)
{
    size_t count = 0;

    for (; from; from = from->ifa_next)
        count++;
    return count;
}

/* An address may come under a label of its own ("eth0:1"), which the system
 * takes as a name, but does not list as one. */
static unsigned index_of(const struct posix_interfaces *list, const char *name)
{
    for (size_t i = 0; i < list->name_count; i++) {
        if (strcmp(list->names[i].if_name, name) == 0)
            return list->names[i].if_index;
    }
    return if_nametoindex(name);
}

static socklen_t length_of(const struct sockaddr *sa)
{
    if (sa && sa->sa_family == AF_INET)
        return sizeof(struct sockaddr_in);
    if (sa && sa->sa_family == AF_INET6)
        return sizeof(struct sockaddr_in6);
    return 0;
}

/* Kernels that came from KAME keep the zone of a link-local address inside of
 * it, in two bytes that are 0 elsewhere, and some let it be seen (Q35). */
static void find_zone(struct pier_address *a)
{
    struct pierp_endpoint e;

    if (pierp_address_unpack(&e, a) || e.family != AF_INET6 ||
        e.ip[0] != 0xfe || (e.ip[1] & 0xc0) != 0x80 || !(e.ip[2] | e.ip[3]))
        return;
    if (e.scope_id == 0)
        e.scope_id = (uint32_t)(e.ip[2] << 8 | e.ip[3]);
    e.ip[2] = 0;
    e.ip[3] = 0;
    (void)pierp_address_pack(a, &e);
}

static void copy_address(struct pierp_interface *line,
                         const struct ifaddrs *from)
{
    socklen_t length = length_of(from->ifa_addr);

    line->flags = from->ifa_flags;
    if (length == 0)
        return;
    memcpy(line->address.storage.bytes, from->ifa_addr, length);
    posix_set_length(&line->address, length);
    find_zone(&line->address);
}

/* A label is no name: the line that has the name comes from the names. */
static void add_lines(struct posix_interfaces *list,
                      const struct ifaddrs *from)
{
    for (size_t i = 0; i < list->name_count; i++) {
        posix_name_interface(&list->lines[list->count++],
                             list->names[i].if_index, list->names[i].if_name);
    }
    for (; from; from = from->ifa_next) {
        struct pierp_interface *line = &list->lines[list->count];

        line->index = index_of(list, from->ifa_name);
        /* It is gone since. */
        if (line->index == 0)
            continue;
        copy_address(line, from);
        list->count++;
    }
}

pier_err posix_list_interfaces(struct posix_interfaces *list)
{
    struct ifaddrs *from;
    size_t room;

    if (getifaddrs(&from) != 0)
        return posix_fail();
    room = list->name_count + count_addresses(from);
    if (room > 0)
        list->lines = pierp_alloc(room * sizeof *list->lines);
    if (list->lines)
        add_lines(list, from);
    freeifaddrs(from);
    return list->lines || room == 0 ? PIER_OK : posix_fail_with(ENOMEM);
}
