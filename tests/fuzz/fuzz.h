/* SPDX-License-Identifier: MIT */
/*
 * What reads bytes that somebody else chose, one target a source file. A
 * target takes any input, and ends the program where a promise of the headers
 * does not hold. libFuzzer makes inputs up; corpus.c gives each file of a
 * corpus once, on every system.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* The target; libFuzzer knows it by this name. 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The promise holds; else this is a finding. */
#define PROMISE(condition) promise((condition), #condition, __FILE__, __LINE__)

static inline void promise(bool holds, const char *what, const char *file,
                           int line)
{
    if (holds)
        return;
    (void)fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, what);
    abort();
}

/* Memory of exactly size bytes, so that a sanitizer sees the next one read;
 * to be freed. */
static inline void *room(size_t size)
{
    void *memory = malloc(size ? size : 1);

    if (!memory)
        exit(EXIT_FAILURE);
    return memory;
}

#endif
