/* SPDX-License-Identifier: MIT */
/* Items of control data as other systems write them, by their numbers. */
#ifndef OS_ITEMS_H
#define OS_ITEMS_H

#include "wrapped.h"

#include <pier/message_info.h>
#include <string.h>

/* The levels of macOS and BSD. */
#define OF_SOCKETS 0xffff
#define OF_IPV4    0
#define OF_IPV6    41

static inline struct pier_message_info
read_item(int level, int type, const void *bytes, size_t length)
{
    const struct pier_control item = {
        .level = level, .type = type, .data = bytes, .length = length
    };
    struct pier_message_info info = { .known = 0 };

    pierp_info_read(&info, &item);
    return info;
}

static inline void check_ipv4(const struct pier_message_info *info,
                              const unsigned char ip[4])
{
    struct pier_address a = script_inet(ip, 0);

    CHECK_INT(info->known, PIER_INFO_DESTINATION);
    CHECK(script_is_same(&info->destination, &a));
}

static inline void check_nothing(int level, int type, const void *bytes,
                                 size_t length)
{
    struct pier_message_info info = read_item(level, type, bytes, length);

    CHECK_INT(info.known, 0);
    CHECK_INT(info.destination.length, 0);
    CHECK_INT(info.interface_index, 0);
}

#endif
