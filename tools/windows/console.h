/* SPDX-License-Identifier: MIT */
#ifndef TOOLS_WINDOWS_CONSOLE_H
#define TOOLS_WINDOWS_CONSOLE_H

#include "private.h"

/* Whether a standard stream is a console. */
bool win_is_console(HANDLE stream);

/*
 * Waits for a line and gives it as UTF-8, in parts when buffer is small, its
 * end as "\n". As everywhere on Windows, Ctrl-Z at the start of a line is the
 * end: *got is 0.
 */
enum system_error win_read_console(HANDLE input, void *buffer, size_t length,
                                   size_t *got);

#endif
