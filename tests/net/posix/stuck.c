/* SPDX-License-Identifier: MIT */
#include "../stuck.h"

#include <netdb.h>
#include <stddef.h>
#include <sys/socket.h>

/* The linker takes these before the system's. */
int getaddrinfo(const char *host, const char *service,
                const struct addrinfo *hints, struct addrinfo **list)
{
    (void)host;
    (void)service;
    (void)hints;
    *list = NULL;
    stand_in_resolver();
    return EAI_FAIL;
}

/* NOLINTNEXTLINE(readability-function-size): the parameters of POSIX. */
int getnameinfo(const struct sockaddr *a, socklen_t length, char *host,
                socklen_t host_room, char *service, socklen_t service_room,
                int flags)
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
