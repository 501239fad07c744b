/* SPDX-License-Identifier: MIT */
#ifndef TOOLS_POSIX_PRIVATE_H
#define TOOLS_POSIX_PRIVATE_H

#include "system.h"

/* Makes the monitor. False: out of memory. */
bool posix_start_monitor(void);

/* What errno means. */
enum system_error posix_error(void);

/* write(2) until all is written, also on a non-blocking descriptor. */
enum system_error posix_write(int fd, const void *buffer, size_t length);

/* read(2), also on a non-blocking descriptor. */
enum system_error posix_read(int fd, void *buffer, size_t length, size_t *got);

#endif
