/* SPDX-License-Identifier: MIT */
#ifndef TOOLS_SETTINGS_H
#define TOOLS_SETTINGS_H

#include <pier/time.h>

#define OPERANDS_MAX 3

/* What the command line said; a command knows which fields it offers. */
struct settings {
    bool help;
    bool trace;
    bool ipv4; /* -4 */
    bool ipv6; /* -6 */
    bool udp;
    bool echo;
    bool keep_open;
    bool force;
    bool no_sync;
    bool quiet;
    bool json;
    bool reverse;
    const char *output;   /* NULL: by the name the sender gives */
    const char *bind;     /* NULL: the loopback address */
    const char *port;     /* NULL: any */
    const char *source;   /* NULL: the system's choice */
    const char *group;    /* of constants; NULL: all */
    pier_timeout timeout; /* negative: none, as for the next one */
    pier_timeout idle_timeout;
    pier_timeout linger;  /* negative: as relay_linger() has it */
    pier_timeout seconds; /* of one measurement */
    const char *operands[OPERANDS_MAX];
    size_t operand_count;
};

#define SETTINGS_INIT                                                         \
    {                                                                         \
        .timeout = PIER_FOREVER, .idle_timeout = PIER_FOREVER,                \
        .linger = PIER_FOREVER, .seconds = PIER_MILLISECONDS(300)             \
    }

#endif
