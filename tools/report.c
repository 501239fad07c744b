/* SPDX-License-Identifier: MIT */
#include "report.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "progress.h"
#include "text.h"

/*
 * One write, so that lines of several programs do not mix. Control characters
 * may come from a file name or from the peer and must not reach a terminal.
 */
static void print_line(char *line, size_t capacity)
{
    size_t length = strlen(line);

    if (length > capacity - 2)
        length = capacity - 2;
    line[length] = '\0';
    text_clean(line);
    line[length] = '\n';
    line[length + 1] = '\0';
    progress_clear();
    (void)fputs(line, stderr);
    (void)fflush(stderr);
}

enum outcome report(enum outcome outcome, const char *format, ...)
{
    char line[REPORT_CAPACITY] = "pier: ";
    size_t start = strlen(line);
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(line + start, sizeof line - start, format, arguments);
    va_end(arguments);
    print_line(line, sizeof line);
    return outcome;
}

void report_note(const char *format, ...)
{
    char line[REPORT_CAPACITY];
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    print_line(line, sizeof line);
}

enum outcome report_outcome(enum outcome failed, pier_err error)
{
    if (error == PIER_ECANCELED)
        return OUTCOME_INTERRUPTED;
    return pier_is_timeout(error) ? OUTCOME_TIMEOUT : failed;
}

enum outcome report_call(enum outcome failed, const char *operation,
                         const char *target, pier_err error)
{
    enum outcome outcome = report_outcome(failed, error);
    const char *cause = pier_strerror(error);

    if (outcome == OUTCOME_INTERRUPTED)
        cause = "interrupted";
    return report(outcome, "%s %s: %s", operation, target, cause);
}

enum outcome report_file(const char *operation, const char *target,
                         enum system_error error)
{
    return report(OUTCOME_FILE, "%s %s: %s", operation, target,
                  system_error_text(error));
}
