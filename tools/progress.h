/* SPDX-License-Identifier: MIT */
/* The bar on standard error, drawn only when that is a terminal. */
#ifndef TOOLS_PROGRESS_H
#define TOOLS_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

/* label is kept; it must outlive the transfer. */
void progress_start(const char *label, uint64_t total, bool quiet);

/* bytes have been transferred so far. */
void progress_update(uint64_t bytes);

/* Takes the bar away, before a line is printed; the next update redraws. */
void progress_clear(void);

/* Ends the transfer; the seconds it took. */
double progress_end(void);

/* "1.5 MiB"; buffer has room for PROGRESS_SIZE_TEXT bytes. */
#define PROGRESS_SIZE_TEXT 32
void progress_format_size(char *buffer, double bytes);

#endif
