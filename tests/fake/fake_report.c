/* SPDX-License-Identifier: MIT */
/* What a test has done wrong, told when it ends. */
#include "inside.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char report[4096];
static char taken[4096];
static void (*fail_test)(const char *what);

void sim_misuse(const char *format, ...)
{
    size_t used = strlen(report);
    va_list arguments;

    if (used)
        used += (size_t)snprintf(report + used, sizeof(report) - used, "\n");
    if (used + 200 > sizeof(report))
        return;
    va_start(arguments, format);
    (void)vsnprintf(report + used, sizeof(report) - used, format, arguments);
    va_end(arguments);
}

bool sim_has_report(void)
{
    return report[0] != '\0';
}

const char *fake_misuse(void)
{
    memcpy(taken, report, sizeof(taken));
    report[0] = '\0';
    return taken;
}

void sim_report(void)
{
    const char *what = fake_misuse();

    if (fail_test)
        fail_test(what);
    (void)fprintf(stderr, "%s\n", what);
    abort();
}

void sim_report_reset(void (*fail)(const char *what))
{
    report[0] = '\0';
    fail_test = fail;
}
