/* SPDX-License-Identifier: MIT */
#include "system.h"

#include <winsock2.h>

#include <iphlpapi.h>
#include <ws2tcpip.h>

const unsigned long code_of_bytes_waiting = FIONREAD;
const int option_of_sources = MCAST_JOIN_SOURCE_GROUP;

bool has_option(int family, int level, int name)
{
    SOCKET s = socket(family, SOCK_DGRAM, 0);
    char nothing = 0;
    bool has =
        s != INVALID_SOCKET && (setsockopt(s, level, name, &nothing, 0) == 0 ||
                                WSAGetLastError() != WSAENOPROTOOPT);

    if (s != INVALID_SOCKET)
        (void)closesocket(s);
    return has;
}

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
