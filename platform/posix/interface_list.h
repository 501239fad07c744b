/* SPDX-License-Identifier: MIT */
/* What interface.c and its variants share. */
#ifndef POSIX_INTERFACE_LIST_H
#define POSIX_INTERFACE_LIST_H

#include "priv.h"

#include <net/if.h>

/* The names are there; the lines are to be made, from pierp_alloc(). */
struct posix_interfaces {
    struct if_nameindex *names;
    size_t name_count;
    struct pierp_interface *lines;
    size_t count;
};

/* interface_addresses.c or interface_ioctl.c. */
pier_err posix_list_interfaces(struct posix_interfaces *list);

/* The line is all zero. */
void posix_name_interface(struct pierp_interface *line, unsigned index,
                          const char *name);

#endif
