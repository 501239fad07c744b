/* SPDX-License-Identifier: MIT */
/* What the program says when it fails, and the exit codes a script can use. */
#ifndef TOOLS_REPORT_H
#define TOOLS_REPORT_H

#include <pier/error.h>

#include "system.h"

enum outcome {
    OUTCOME_OK = 0,
    OUTCOME_PEER = 1,      /* vanished, wrong checksum, said no */
    OUTCOME_USAGE = 2,     /* bad arguments */
    OUTCOME_UNREACHED = 3, /* cannot resolve, connect or listen */
    OUTCOME_FILE = 4,      /* a file or a standard stream here */
    OUTCOME_TIMEOUT = 5,   /* a time limit ran out */
    OUTCOME_INTERRUPTED = 130,
};

#define REPORT_CAPACITY 1024

/* Prints "pier: ..." as one line on standard error; returns outcome. */
PIER_PRINTF(2, 3)
enum outcome report(enum outcome outcome, const char *format, ...);

/* A line that is no failure, without "pier: ". */
PIER_PRINTF(1, 2) void report_note(const char *format, ...);

/*
 * What a failed call of the library means for the program: a cancelled one
 * was interrupted, an expired one timed out, any other is failed.
 */
enum outcome report_outcome(enum outcome failed, pier_err error);

/* "operation target: cause" of a failed call, the outcome as above. */
enum outcome report_call(enum outcome failed, const char *operation,
                         const char *target, pier_err error);

/* The same for a file or a standard stream; the outcome is OUTCOME_FILE. */
enum outcome report_file(const char *operation, const char *target,
                         enum system_error error);

#endif
