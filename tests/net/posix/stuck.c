/* SPDX-License-Identifier: MIT */
#include "../stuck.h"

#include <netdb.h>
#include <stddef.h>
#include <sys/socket.h>

/* As POSIX has them; nothing of it matters here. */
#define OF_GETADDRINFO                                                        \
    (const char *host, const char *service, const struct addrinfo *hints,     \
     struct addrinfo **list)
#define OF_GETNAMEINFO                                                        \
    (const struct sockaddr *a, socklen_t length, char *host,                  \
     socklen_t host_room, char *service, socklen_t service_room, int flags)

/* The linker takes these before the system's. */
int getaddrinfo OF_GETADDRINFO
{
    (void)host;
    (void)service;
    (void)hints;
    *list = NULL;
    stand_in_resolver();
    return EAI_FAIL;
}

/* NOLINTNEXTLINE(readability-function-size): as many as POSIX has. */
int getnameinfo OF_GETNAMEINFO
{
    (void)a;
    (void)length;
    (void)host;
    (void)host_room;
    (void)service;
    (void)service_room;
    (void)flags;
    stand_in_resolver();
    return EAI_FAIL;
}
