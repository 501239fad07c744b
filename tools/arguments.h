/* SPDX-License-Identifier: MIT */
#ifndef TOOLS_ARGUMENTS_H
#define TOOLS_ARGUMENTS_H

#include "command.h"

/* Reports a text that is no port from lowest to 65535 and cannot be the name
 * of one either, as OUTCOME_USAGE. */
enum outcome arguments_check_port(const char *command, const char *text,
                                  int lowest);

/*
 * Reads the arguments after the command's name, options and operands in any
 * order, "--" ending the options. Strict: a failure is reported in one line
 * and OUTCOME_USAGE returned.
 */
enum outcome arguments_parse(struct settings *out,
                             const struct command *command, int count,
                             char **arguments);

#endif
