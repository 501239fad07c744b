/* SPDX-License-Identifier: MIT */
/* What the suites of the further families share. */
#ifndef FAMILIES_H
#define FAMILIES_H

#include "unit.h"

#include <pier/address_families.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* What an out-parameter holds before a call that must not touch it. */
struct pier_address untouched(void);
bool is_untouched(const struct pier_address *a);

/* The result of a constructor whose arguments are good: whether there is an
 * address, which is so exactly where the system has the family. */
bool made(pier_err err, bool has_family, const struct pier_address *a);

/* The result for arguments that are not good; a system without the family may
 * find that first. */
void check_refused(pier_err err, pier_err expected, bool has_family,
                   const struct pier_address *a);

/* What the system's calls take is copied as it is, and compared so. */
void check_passes_through(const struct pier_address *a);

#endif
