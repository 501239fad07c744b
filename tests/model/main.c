/* SPDX-License-Identifier: MIT */
/*
 * Which programs are explored. As a test, every choice of three operations
 * without a limit of time, one for each thread, and the programs of four
 * operations below. MODEL_BOUND=three: every choice of three operations.
 * MODEL_BOUND=four (minutes): also every choice of four without a limit of
 * time, of which one thread has two. MODEL_BOUND=all (most of an hour): of all
 * operations.
 *
 *   model [OPERATIONS OPERATIONS OPERATIONS]    one program: see operation.h
 */
#include "explore.h"
#include "operation.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The ones in which most of the code meets. */
static const char *const chosen[][THREADS] = {
    { "RC", "X", "F" }, { "RC", "Z", "F" }, { "RC", "D", "F" },
    { "rC", "Z", "F" }, { "XF", "R", "R" }, { "ZF", "R", "r" },
    { "ZF", "W", "W" }, { "XF", "B", "W" }, { "XF", "B", "L" },
    { "LL", "W", "X" }, { "LW", "W", "T" }, { "TW", "W", "F" },
    { "BF", "W", "D" }, { "ZC", "Z", "F" }, { "zF", "z", "B" },
    { "DF", "Z", "X" }, { "DZ", "W", "r" }, { "zZ", "R", "F" },
};

static struct explored total;
static unsigned long programs;

static void run(const char *const operations[THREADS])
{
    char all[64] = "";
    const char *first;

    for (int i = 0; i < THREADS; i++)
        strncat(all, operations[i], sizeof(all) - strlen(all) - 1);
    /* A socket is freed once. */
    first = strchr(all, 'F');
    if (first && strchr(first + 1, 'F'))
        return;
    explore(operations, &total);
    programs++;
}

/* Every program in which the threads begin with first, second and one of
 * letters. */
static void run_last(const char *first, char second, const char *letters)
{
    for (const char *p = letters; *p; p++) {
        char texts[2][2] = { { second }, { *p } };
        const char *const operations[THREADS] = { first, texts[0], texts[1] };

        run(operations);
    }
}

/* One operation for each thread; of the orders that make no difference one
 * is enough. */
static void run_three(const char *letters)
{
    for (const char *p = letters; *p; p++) {
        char first[2] = { *p };

        for (const char *q = p; *q; q++)
            run_last(first, *q, q);
    }
}

/* Two for the first thread; the order of the others makes no difference. */
static void run_four(const char *letters)
{
    for (const char *p = letters; *p; p++) {
        for (const char *q = letters; *q; q++) {
            char first[3] = { *p, *q };

            for (const char *r = letters; *r; r++)
                run_last(first, *r, r);
        }
    }
}

static void run_chosen(void)
{
    for (size_t i = 0; i < sizeof(chosen) / sizeof(chosen[0]); i++)
        run(chosen[i]);
}

static void run_bound(const char *bound)
{
    if (strcmp(bound, "all") == 0) {
        run_three(OPERATIONS);
        run_four(OPERATIONS);
    } else if (strcmp(bound, "four") == 0) {
        run_three(OPERATIONS);
        run_four(OPERATIONS_UNLIMITED);
    } else if (strcmp(bound, "three") == 0) {
        run_three(OPERATIONS);
    } else {
        run_three(OPERATIONS_UNLIMITED);
        run_chosen();
    }
}

int main(int argc, char **argv)
{
    const char *bound = getenv("MODEL_BOUND");

    if (argc == THREADS + 1) {
        const char *const operations[THREADS] = { argv[1], argv[2], argv[3] };

        run(operations);
    } else {
        run_bound(bound ? bound : "");
    }
    printf("%lu programs, %lu states, %lu steps, %lu ends\n", programs,
           total.states, total.steps, total.ends);
    return programs > 0 ? 0 : 1;
}
