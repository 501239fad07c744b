/* SPDX-License-Identifier: MIT */
/* What a source sees of pier's headers; equal for all of them. */
#ifndef API_LAYOUT_H
#define API_LAYOUT_H

#include <stddef.h>

struct layout {
    size_t sizes[16];
    long long numbers[12];
    int (*is_equal)(const void *a, const void *b);
};

#ifdef __cplusplus
extern "C" {
#endif

/* Each from a source of its own: pier's headers alone; behind or before those
 * of the system; behind the system's with all their macros. */
struct layout layout_alone(void);
struct layout layout_behind(void);
struct layout layout_before(void);
struct layout layout_bare(void);
struct layout layout_behind_in_cxx(void);
struct layout layout_before_in_cxx(void);
struct layout layout_bare_in_cxx(void);

#ifdef __cplusplus
}
#endif

#endif
