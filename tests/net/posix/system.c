/* SPDX-License-Identifier: MIT */
#include "system.h"

#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

const unsigned long code_of_bytes_waiting = FIONREAD;
const int option_of_sources = MCAST_JOIN_SOURCE_GROUP;

bool has_option(int family, int level, int name)
{
    int fd = socket(family, SOCK_DGRAM, 0);
    char nothing = 0;
    bool has = fd >= 0 && (setsockopt(fd, level, name, &nothing, 0) == 0 ||
                           errno != ENOPROTOOPT);

    if (fd >= 0)
        (void)close(fd);
    return has;
}

unsigned loopback_index(void)
{
    unsigned index = if_nametoindex("lo");

    return index ? index : if_nametoindex("lo0");
}
