/* SPDX-License-Identifier: MIT */
/* Structures of options begin with their size, so that they may grow. */
#ifndef PIERI_OPTIONS_H
#define PIERI_OPTIONS_H

#include "platform.h"
#include <string.h>

/*
 * Copies what the caller's version of the structure has over the defaults in
 * known. False: no size at all, or a version newer than this library.
 */
static inline bool pieri_options_copy(void *known, size_t known_size,
                                      const void *given)
{
    size_t size;

    memcpy(&size, given, sizeof(size));
    if (size == 0 || size > known_size)
        return false;
    memcpy(known, given, size);
    return true;
}

/*
 * The other way round: fills as much of the structure at out as its size says,
 * which stays; callers built against an older header have room for less.
 */
static inline void pieri_options_copy_out(void *out, const void *known)
{
    const size_t begin = sizeof(size_t);
    size_t size;

    memcpy(&size, out, begin);
    if (size > begin)
        memcpy((char *)out + begin, (const char *)known + begin, size - begin);
}

#endif
