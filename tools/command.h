/* SPDX-License-Identifier: MIT */
/*
 * A command of the program. To add one, write its file, declare its struct
 * here and name it in the table of main.c; parsing and help come from it.
 */
#ifndef TOOLS_COMMAND_H
#define TOOLS_COMMAND_H

#include "report.h"
#include "settings.h"

enum option_kind {
    OPTION_FLAG,    /* bool */
    OPTION_TEXT,    /* const char *, not empty */
    OPTION_PORT,    /* const char *, checked: 0 to 65535 */
    OPTION_SECONDS, /* pier_timeout, above 0 */
};

struct option {
    char letter; /* '\0': none */
    enum option_kind kind;
    const char *name;  /* without "--" */
    const char *value; /* what the help calls it; NULL: a flag */
    const char *help;
    size_t field; /* offset in struct settings */
};

struct command {
    const char *name;
    const char *operands; /* as the help shows them */
    const char *summary;
    const char *about; /* more sentences of the help, lines of 79 columns */
    const struct option *options;
    size_t option_count;
    size_t operands_min;
    size_t operands_max;
    enum outcome (*run)(const struct settings *settings);
};

extern const struct command command_send_file;
extern const struct command command_recv_file;
extern const struct command command_connect;
extern const struct command command_listen;

/* Options that several commands offer alike. */
#define OPTION_IPV4                                                           \
    {                                                                         \
        '4', OPTION_FLAG, "ipv4", NULL, "use IPv4 only",                      \
            offsetof(struct settings, ipv4)                                   \
    }
#define OPTION_IPV6                                                           \
    {                                                                         \
        '6', OPTION_FLAG, "ipv6", NULL, "use IPv6 only",                      \
            offsetof(struct settings, ipv6)                                   \
    }
#define OPTION_QUIET                                                          \
    {                                                                         \
        'q', OPTION_FLAG, "quiet", NULL, "no progress bar and no summary",    \
            offsetof(struct settings, quiet)                                  \
    }
#define OPTION_HELP                                                           \
    {                                                                         \
        'h', OPTION_FLAG, "help", NULL, "show this and exit",                 \
            offsetof(struct settings, help)                                   \
    }

#endif
