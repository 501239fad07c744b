/* SPDX-License-Identifier: MIT */
#include "../stuck.h"

#include <winsock2.h>
#include <ws2tcpip.h>

/* As Winsock has them; nothing of it matters here. */
#define OF_GETADDRINFO                                                        \
    (PCWSTR host, PCWSTR service, const ADDRINFOW *hints, ADDRINFOW **list)
#define OF_GETNAMEINFO                                                        \
    (const SOCKADDR *a, socklen_t length, PWCHAR host, DWORD host_room,       \
     PWCHAR service, DWORD service_room, INT flags)

static INT WSAAPI look_up OF_GETADDRINFO
{
    (void)host;
    (void)service;
    (void)hints;
    *list = NULL;
    stand_in_resolver();
    return WSANO_RECOVERY;
}

/* NOLINTNEXTLINE(readability-function-size): as many as Winsock has. */
static INT WSAAPI look_back OF_GETNAMEINFO
{
    (void)a;
    (void)length;
    (void)host;
    (void)host_room;
    (void)service;
    (void)service_room;
    (void)flags;
    stand_in_resolver();
    return WSANO_RECOVERY;
}

/* The pointers through which imports are called: the linker takes these
 * before the library's. What they are called depends on the processor. */
INT(WSAAPI *import_look_up)
OF_GETADDRINFO __asm__(IMPORT_OF_GETADDRINFO) = look_up;

INT(WSAAPI *import_look_back)
OF_GETNAMEINFO __asm__(IMPORT_OF_GETNAMEINFO) = look_back;
