/* SPDX-License-Identifier: MIT */
#ifndef BENCH_MEASURE_H
#define BENCH_MEASURE_H

#include <pier/pier.h>

#include <stdio.h>
#include <stdlib.h>

/* Ends the program when what it measures does not work. */
static inline void require(int holds, const char *what)
{
    char text[160];

    if (holds)
        return;
    pier_error_text(text, sizeof(text));
    (void)fprintf(stderr, "%s: %s\n", what, text);
    exit(1);
}

static inline int compare_times(const void *a, const void *b)
{
    const int64_t *x = a;
    const int64_t *y = b;

    return (*x > *y) - (*x < *y);
}

/* The value below which percent of the sorted times are. */
static inline double percentile(const int64_t *sorted, size_t count,
                                size_t percent)
{
    return (double)sorted[(count - 1) * percent / 100];
}

#endif
