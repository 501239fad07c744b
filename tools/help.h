/* SPDX-License-Identifier: MIT */
/* What the table of commands tells people and shells, on standard output. */
#ifndef TOOLS_HELP_H
#define TOOLS_HELP_H

#include "command.h"

#define HELP_SUMMARY "sockets that behave the same on every system"

/* What a code of enum outcome means. */
struct help_code {
    enum outcome code;
    const char *text;
};
extern const struct help_code help_codes[];
extern const size_t help_code_count;

enum outcome help_print(void);
enum outcome help_print_command(const struct command *command);

/* The manual page pier(1), in mdoc(7). */
enum outcome help_print_man(void);

/* A script for bash that completes commands and options. */
enum outcome help_print_bash(void);

/* Reports what printing to standard output met. */
enum outcome help_finish(void);

#endif
