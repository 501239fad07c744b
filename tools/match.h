/* SPDX-License-Identifier: MIT */
#ifndef TOOLS_MATCH_H
#define TOOLS_MATCH_H

#include <stdbool.h>

/*
 * Whether name has pattern as a part or, when there is a "*" (anything) or a
 * "?" (one character) in pattern, is of its form. ASCII letters match in both
 * cases.
 */
bool match_name(const char *pattern, const char *name);

#endif
