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

/* As those systems have them that have them. */
#define OF_GETHOSTBYNAME2_R                                                   \
    (const char *host, int family, struct hostent *room, char *more,          \
     size_t size, struct hostent **found, int *number)
#define OF_GETHOSTBYADDR_R                                                    \
    (const void *ip, socklen_t length, int family, struct hostent *room,      \
     char *more, size_t size, struct hostent **found, int *number)

/* No header declares them for everybody. */
int gethostbyname2_r OF_GETHOSTBYNAME2_R;
int gethostbyaddr_r OF_GETHOSTBYADDR_R;

static int fail(struct hostent **found, int *number)
{
    stand_in_resolver();
    *found = NULL;
    *number = NO_RECOVERY;
    return 0;
}

/* NOLINTNEXTLINE(readability-function-size): as many as it has. */
int gethostbyname2_r OF_GETHOSTBYNAME2_R
{
    (void)host;
    (void)family;
    (void)room;
    (void)more;
    (void)size;
    return fail(found, number);
}

/* NOLINTNEXTLINE(readability-function-size): as many as it has. */
int gethostbyaddr_r OF_GETHOSTBYADDR_R
{
    (void)ip;
    (void)length;
    (void)family;
    (void)room;
    (void)more;
    (void)size;
    return fail(found, number);
}

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
