/* SPDX-License-Identifier: MIT */
/*
 * A command of the program. To add one, write its file, declare its struct
 * here and name it in the table of commands.c; parsing, help, manual page and
 * completion come from it.
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

struct example {
    const char *line; /* without the prompt */
    const char *what; /* a sentence part */
};

struct command {
    const char *name;
    const char *operands; /* as the help shows them */
    const char *summary;
    const char *about; /* paragraphs, an empty line between two */
    const struct option *options;
    size_t option_count;
    const struct example *examples;
    size_t example_count;
    size_t operands_min;
    size_t operands_max;
    enum outcome (*run)(const struct settings *settings);
};

extern const struct command command_bench;
extern const struct command command_connect;
extern const struct command command_constants;
extern const struct command command_listen;
extern const struct command command_probe;
extern const struct command command_recv_file;
extern const struct command command_resolve;
extern const struct command command_send_file;

/* Every command, in the order of the help. */
extern const struct command *const commands[];
extern const size_t command_count;

/* The command of that name, or NULL. */
const struct command *command_find(const char *name);

/* One option after the other, its own and then those of every command; NULL
 * after the last. */
const struct option *command_option(const struct command *command,
                                    size_t index);

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
#define OPTION_JSON                                                           \
    {                                                                         \
        'j', OPTION_FLAG, "json", NULL, "print one JSON value, for programs", \
            offsetof(struct settings, json)                                   \
    }

#endif
