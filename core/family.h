/* SPDX-License-Identifier: MIT */
/* What the families of address_families.h share: each is a file family_*.c,
 * which knows its fields, and a row of the backend, which knows their places.
 */
#ifndef PIERI_FAMILY_H
#define PIERI_FAMILY_H

#include "platform.h"

/*
 * Checked ranges, both ends included. PIER_ERANGE or PIER_OK.
 */
pier_err pieri_range(long long value, long long low, long long high);

/* An index that fits the system's int. */
pier_err pieri_range_interface(unsigned index);

/*
 * The last step of a constructor: err, when the caller has found one already,
 * or the address in *out. Notes a failure.
 */
pier_err pieri_family_make(const char *operation, struct pier_address *out,
                           const struct pierp_fields *f, pier_err err);

/* The first step of a reader. PIER_EINVAL: a is NULL or no address. Notes a
 * failure. */
pier_err pieri_family_read(const char *operation, struct pierp_fields *out,
                           enum pierp_form form, const struct pier_address *a);

/* *out = value, for those out-parameters that are there. */
void pieri_give_u32(uint32_t *out, uint64_t value);
void pieri_give_int(int *out, uint64_t value);
void pieri_give_unsigned(unsigned *out, uint64_t value);

#endif
