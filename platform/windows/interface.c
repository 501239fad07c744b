/* SPDX-License-Identifier: MIT */
/*
 * Interfaces. Their names are UTF-16, and made of the number of the kind and
 * one that counts ("ethernet_32768"); what users call them ("Ethernet 2") can
 * be changed and is no name of an interface.
 */
#include "text.h"

#include <iphlpapi.h>
#include <netioapi.h>

#define NAME_ROOM (NDIS_IF_MAX_STRING_SIZE + 1)

pier_err pierp_if_nametoindex(unsigned *out, const char *name)
{
    WCHAR wide[NAME_ROOM];
    NET_LUID luid;
    NET_IFINDEX index;
    DWORD failure;

    if (!win_widen(wide, NAME_ROOM, name)) {
        (void)win_fail();
        return PIER_ENXIO;
    }
    failure = ConvertInterfaceNameToLuidW(wide, &luid);
    if (failure == NO_ERROR)
        failure = ConvertInterfaceLuidToIndex(&luid, &index);
    if (failure != NO_ERROR) {
        (void)win_fail_with((int)failure);
        return PIER_ENXIO;
    }
    *out = index;
    return PIER_OK;
}

static DWORD name_of(char name[PIERP_INTERFACE_NAME], const NET_LUID *luid)
{
    WCHAR wide[NAME_ROOM];
    DWORD failure = ConvertInterfaceLuidToNameW(luid, wide, NAME_ROOM);

    if (failure == NO_ERROR && win_give(name, PIERP_INTERFACE_NAME, wide))
        failure = ERROR_INSUFFICIENT_BUFFER;
    return failure;
}

pier_err pierp_if_indextoname(char name[PIERP_INTERFACE_NAME], unsigned index)
{
    NET_LUID luid;
    DWORD failure = ConvertInterfaceIndexToLuid(index, &luid);

    if (failure == NO_ERROR)
        failure = name_of(name, &luid);
    if (failure == NO_ERROR)
        return PIER_OK;
    (void)win_fail_with((int)failure);
    return PIER_ENXIO;
}

/* The system's two tables, to be freed with FreeMibTable(). */
struct tables {
    MIB_IF_TABLE2 *interfaces;
    MIB_UNICASTIPADDRESS_TABLE *addresses; /* NULL: there are none */
};

/* The scope is a field of its own in the row, and no promise is made for the
 * one in the address: a link-local one means nothing without it. */
static void copy_address(struct pier_address *out,
                         const MIB_UNICASTIPADDRESS_ROW *row)
{
    SOCKADDR_INET from = row->Address;
    size_t length = sizeof(from.Ipv4);

    if (from.si_family == AF_INET6) {
        length = sizeof(from.Ipv6);
        if (IN6_IS_ADDR_LINKLOCAL(&from.Ipv6.sin6_addr))
            from.Ipv6.sin6_scope_id = row->InterfaceIndex;
    }
    memcpy(out->storage.bytes, &from, length);
    out->length = (uint32_t)length;
}

static bool is_known(const SOCKADDR_INET *a)
{
    return a->si_family == AF_INET || a->si_family == AF_INET6;
}

/* What has no name is gone since. */
static size_t add_interfaces(struct pierp_interface *lines,
                             const MIB_IF_TABLE2 *from)
{
    size_t count = 0;

    for (ULONG i = 0; i < from->NumEntries; i++) {
        const MIB_IF_ROW2 *row = &from->Table[i];

        lines[count].index = row->InterfaceIndex;
        if (row->InterfaceIndex &&
            name_of(lines[count].name, &row->InterfaceLuid) == NO_ERROR)
            count++;
    }
    lines[count].index = 0;
    return count;
}

static size_t add_addresses(struct pierp_interface *lines,
                            const MIB_UNICASTIPADDRESS_TABLE *from)
{
    size_t count = 0;

    for (ULONG i = 0; from && i < from->NumEntries; i++) {
        const MIB_UNICASTIPADDRESS_ROW *row = &from->Table[i];

        if (!is_known(&row->Address) || row->InterfaceIndex == 0)
            continue;
        lines[count].index = row->InterfaceIndex;
        copy_address(&lines[count].address, row);
        count++;
    }
    return count;
}

static pier_err copy_tables(struct pierp_interface **out, size_t *count,
                            const struct tables *from)
{
    const size_t interfaces = from->interfaces->NumEntries;
    const size_t addresses = from->addresses ? from->addresses->NumEntries : 0;
    struct pierp_interface *lines;

    /* One more than needed: a line is begun before it is known to be one. */
    lines = pierp_alloc((interfaces + addresses + 1) * sizeof *lines);
    if (!lines)
        return win_fail_with(ERROR_NOT_ENOUGH_MEMORY);
    *count = add_interfaces(lines, from->interfaces);
    *count += add_addresses(lines + *count, from->addresses);
    *out = lines;
    return PIER_OK;
}

/* GetAdaptersAddresses() would leave out what has no stack bound to it. */
pier_err pierp_if_list(struct pierp_interface **out, size_t *count)
{
    struct tables tables = { NULL, NULL };
    DWORD failure = GetIfTable2Ex(MibIfTableNormal, &tables.interfaces);
    pier_err err;

    if (failure != NO_ERROR)
        return win_fail_with((int)failure);
    failure = GetUnicastIpAddressTable(AF_UNSPEC, &tables.addresses);
    if (failure == NO_ERROR || failure == ERROR_NOT_FOUND) {
        err = copy_tables(out, count, &tables);
    } else {
        err = win_fail_with((int)failure);
    }
    if (failure == NO_ERROR)
        FreeMibTable(tables.addresses);
    FreeMibTable(tables.interfaces);
    return err;
}
