/* SPDX-License-Identifier: MIT */
/* What the system's headers say, read by a source file that includes them in
 * the ordinary way and knows nothing of how pier looks for constants. */
#ifndef UNIT_HEADERS_H
#define UNIT_HEADERS_H

#include <stddef.h>

struct probed {
    const char *name;
    long long value;
};

extern const struct probed probed[];
extern const size_t probed_count;

#endif
