/* SPDX-License-Identifier: MIT */
#include "system.h"

#include <winsock2.h>

#include <iphlpapi.h>

const unsigned long code_of_bytes_waiting = FIONREAD;

/* The interface that has 127.0.0.1. */
unsigned loopback_index(void)
{
    union {
        MIB_IPADDRTABLE table;
        unsigned char
            room[sizeof(MIB_IPADDRTABLE) + 64 * sizeof(MIB_IPADDRROW)];
    } found;
    ULONG size = sizeof(found);

    if (GetIpAddrTable(&found.table, &size, FALSE) != NO_ERROR)
        return 0;
    for (DWORD i = 0; i < found.table.dwNumEntries; i++) {
        if (found.table.table[i].dwAddr == htonl(INADDR_LOOPBACK))
            return found.table.table[i].dwIndex;
    }
    return 0;
}
