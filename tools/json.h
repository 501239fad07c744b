/* SPDX-License-Identifier: MIT */
/*
 * One JSON value on standard output, indented. name is the member's, NULL in
 * an array and for the outermost value.
 */
#ifndef TOOLS_JSON_H
#define TOOLS_JSON_H

#include <stdbool.h>

void json_object(const char *name);
void json_array(const char *name);
void json_end(void); /* of the innermost object or array */

void json_text(const char *name, const char *value); /* NULL: null */
void json_integer(const char *name, long long value);
void json_real(const char *name, double value);
void json_bool(const char *name, bool value);

#endif
