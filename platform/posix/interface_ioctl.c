/* SPDX-License-Identifier: MIT */
/* Where there is no getifaddrs(): of each interface its flags and its first
 * IPv4 address. */
#include "interface_list.h"

#include <sys/ioctl.h>

/* POSIX and musl have an int where glibc and BSD have an unsigned long. */
#define REQUEST(code)                                                         \
    _Generic(&ioctl, int (*)(int, int, ...) : (int)(code), default : (code))

/* What an interface lacks it has not; none of it is a failure. */
static void ask(int fd, struct pierp_interface *line)
{
    struct ifreq request;
    const socklen_t length = sizeof(struct sockaddr_in);

    memset(&request, 0, sizeof request);
    memcpy(request.ifr_name, line->name, IF_NAMESIZE);
    if (ioctl(fd, REQUEST(SIOCGIFFLAGS), &request) == 0)
        line->flags = (unsigned short)request.ifr_flags;
    memcpy(request.ifr_name, line->name, IF_NAMESIZE);
    if (ioctl(fd, REQUEST(SIOCGIFADDR), &request) != 0 ||
        request.ifr_addr.sa_family != AF_INET)
        return;
    memcpy(line->address.storage.bytes, &request.ifr_addr, length);
    posix_set_length(&line->address, length);
}

pier_err posix_list_interfaces(struct posix_interfaces *list)
{
    pier_handle h;
    pier_err err;

    if (list->name_count == 0)
        return PIER_OK;
    err = pierp_open(&h, AF_INET, SOCK_DGRAM, 0);
    if (err)
        return err;
    list->lines = pierp_alloc(list->name_count * sizeof *list->lines);
    for (; list->lines && list->count < list->name_count; list->count++) {
        struct pierp_interface *line = &list->lines[list->count];

        posix_name_interface(line, list->names[list->count].if_index,
                             list->names[list->count].if_name);
        ask((int)h, line);
    }
    (void)pierp_close(h);
    return list->lines ? PIER_OK : posix_fail_with(ENOMEM);
}
