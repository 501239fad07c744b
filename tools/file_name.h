/* SPDX-License-Identifier: MIT */
#ifndef TOOLS_FILE_NAME_H
#define TOOLS_FILE_NAME_H

#include <stdbool.h>

/*
 * Makes a name that came from a stranger safe to create on every system, in
 * place: what stands before a separator goes; control characters, those that
 * Windows refuses and bytes that are no UTF-8 become '_', as do points and
 * spaces at the end and the first character of a reserved Windows name.
 * False: nothing is left, as of "..".
 */
bool file_name_sanitise(char *name);

#endif
