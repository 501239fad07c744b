/* SPDX-License-Identifier: MIT */
#include "../stuck.h"

#include <winsock2.h>
#include <ws2tcpip.h>

static INT WSAAPI look_up(PCWSTR host, PCWSTR service, const ADDRINFOW *hints,
                          ADDRINFOW **list)
{
    (void)host;
    (void)service;
    (void)hints;
    *list = NULL;
    stand_in_resolver();
    return WSANO_RECOVERY;
}

/* NOLINTNEXTLINE(readability-function-size): the parameters of Winsock. */
static INT WSAAPI name(const SOCKADDR *a, socklen_t length, PWCHAR host,
                       DWORD host_room, PWCHAR service, DWORD service_room,
                       INT flags)
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
(PCWSTR, PCWSTR, const ADDRINFOW *,
 ADDRINFOW **)__asm__(IMPORT_OF_GETADDRINFO) = look_up;

INT(WSAAPI *import_name)
(const SOCKADDR *, socklen_t, PWCHAR, DWORD, PWCHAR, DWORD,
 INT) __asm__(IMPORT_OF_GETNAMEINFO) = name;
