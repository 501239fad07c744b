/* SPDX-License-Identifier: MIT */
#ifndef TOOLS_WRAP_H
#define TOOLS_WRAP_H

#include <stddef.h>

/*
 * Prints text to standard output with lines of at most 79 columns. It begins
 * at column, further lines at indent; an empty line in text stays one. Ends
 * the last line.
 */
void wrap_print(const char *text, size_t column, size_t indent);

#endif
