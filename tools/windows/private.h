/* SPDX-License-Identifier: MIT */
#ifndef TOOLS_WINDOWS_PRIVATE_H
#define TOOLS_WINDOWS_PRIVATE_H

#include "system.h"

#include <wchar.h>
#include <windows.h>

/* What GetLastError() means. */
enum system_error win_error(void);

/* Allocated copies in the other encoding; NULL: no memory or not valid. */
wchar_t *win_wide(const char *text);
char *win_utf8(const wchar_t *text);

/* WriteFile() until all is written. */
enum system_error win_write(HANDLE file, const void *buffer, size_t length);

#endif
