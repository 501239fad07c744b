/* SPDX-License-Identifier: MIT */
/* Every option whose constant this system has, as a new socket has it. */
#include "probe.h"

#include <pier/constants.h>
#include <pier/socket.h>
#include <stdio.h>
#include <string.h>

#include "facts.h"

/* A group of the table of constants, and where its options are at home. */
struct place {
    const char *title;
    const char *group;
    const char *prefix;
    int family;
    int type;
    int level;
};

static const struct place places[] = {
    { "options of sockets (TCP)", "socket_option", "SO_", PIER_AF_INET,
      PIER_SOCK_STREAM, PIER_SOL_SOCKET },
    { "options of TCP", "tcp_option", "TCP_", PIER_AF_INET, PIER_SOCK_STREAM,
      PIER_IPPROTO_TCP },
    { "options of IPv4 (UDP)", "ipv4_option", "IP_", PIER_AF_INET,
      PIER_SOCK_DGRAM, PIER_IPPROTO_IP },
    { "options of IPv6 (UDP)", "ipv6_option", "IPV6_", PIER_AF_INET6,
      PIER_SOCK_DGRAM, PIER_IPPROTO_IPV6 },
};

static void print_option(struct pier_socket *s, const struct place *place,
                         const struct pier_constant *constant)
{
    union {
        int number;
        unsigned char bytes[512];
    } value = { 0 };
    char text[32];
    size_t length = sizeof value;
    pier_err error = pier_getsockopt(s, place->level, (int)constant->value,
                                     &value, &length);

    if (error) {
        facts_works(constant->name, error);
    } else if (length == sizeof value.number || length == sizeof value) {
        /* Some systems fill a number in and leave the length. */
        facts_integer(constant->name, value.number);
    } else if (length == 1) {
        facts_integer(constant->name, value.bytes[0]);
    } else {
        (void)snprintf(text, sizeof text, "%zu bytes", length);
        facts_text(constant->name, text);
    }
}

static void probe_place(const struct place *place)
{
    size_t count;
    const struct pier_constant *list = pier_constants(&count);
    struct pier_socket *s = NULL;

    if (pier_open(&s, place->family, place->type, 0))
        return;
    facts_group(place->title);
    for (size_t i = 0; i < count; i++) {
        if (strcmp(list[i].group, place->group) == 0 &&
            strncmp(list[i].name, place->prefix, strlen(place->prefix)) == 0)
            print_option(s, place, &list[i]);
    }
    pier_free(s);
}

void probe_options(void)
{
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        probe_place(&places[i]);
}
