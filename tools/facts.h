/* SPDX-License-Identifier: MIT */
/*
 * Facts in groups, for people (a table) or programs (an object of objects).
 * Each is written as soon as it is known.
 */
#ifndef TOOLS_FACTS_H
#define TOOLS_FACTS_H

#include <pier/types.h>

#include "report.h"

void facts_begin(bool json);
void facts_group(const char *name);

void facts_text(const char *name, const char *value);
void facts_integer(const char *name, long long value);
void facts_real(const char *name, double value, const char *unit);

/* Whether something works, or why not: an object with "works", "error". */
void facts_works(const char *name, pier_err error);

enum outcome facts_end(void);

#endif
