/* SPDX-License-Identifier: MIT */
/* Strict numbers: the whole text, decimal digits, in range. */
#ifndef TOOLS_NUMBERS_H
#define TOOLS_NUMBERS_H

#include <pier/time.h>

/* From lowest to 65535. */
bool number_is_port(const char *text, int lowest);

/* What may be the name of a service, such as "http": a letter first. */
bool number_is_service(const char *text);

/* "5", "0.25", ".5": above 0, at most 1e9 seconds. */
bool number_seconds(const char *text, pier_timeout *out);

#endif
