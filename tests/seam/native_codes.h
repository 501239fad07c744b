/* SPDX-License-Identifier: MIT */
/*
 * What the codes of this system are to mean, written down once more beside
 * the table that the backend uses: one file for each system.
 */
#ifndef NATIVE_CODES_H
#define NATIVE_CODES_H

#include "platform.h"

struct native_code {
    int native;
    pier_err err;
    int because; /* the errno that a look-up points to; 0: none */
};

struct native_codes {
    const struct native_code *rows;
    size_t count;
};

/* Errors of calls, results of name look-ups, and values of h_errno. */
extern const struct native_codes native_calls;
extern const struct native_codes native_lookups;
extern const struct native_codes native_hosts;

/* Fails as a call of the backend that met the code does. */
pier_err native_fail(int native);
pier_err native_fail_lookup(int native);

#endif
