/* SPDX-License-Identifier: MIT */
/*
 * Assertions for pier's results over cmocka's, which this header includes.
 * A failed one ends the running test, so they belong into the thread that
 * runs it: other threads leave their results to be checked after the join.
 */
#ifndef TEST_CHECK_H
#define TEST_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* The condition holds. */
#define CHECK(condition)                                                      \
    ((condition) ? (void)0 : check_fails(#condition, __FILE__, __LINE__))

/* The call gave 0 or a count; failures are shown by their name. */
#define CHECK_OK(result) check_ok((result), #result, __FILE__, __LINE__)

/* The call gave exactly this negative PIER_E* code. */
#define CHECK_ERR(result, code)                                               \
    check_err((result), (code), #result, #code, __FILE__, __LINE__)

/* Two integers are equal; both are shown when they are not. */
#define CHECK_INT(result, expected)                                           \
    check_int((long long)(result), (long long)(expected), #result, __FILE__,  \
              __LINE__)

_Noreturn void check_fails(const char *what, const char *file, int line);
void check_ok(long long result, const char *what, const char *file, int line);
void check_err(long long result, long long code, const char *what,
               const char *code_name, const char *file, int line);
void check_int(long long result, long long expected, const char *what,
               const char *file, int line);

/*
 * Ends the running test as skipped; the reason is one line without a colon
 * that ci/test.sh compares with tests/expected/skips-<preset>.txt.
 */
_Noreturn void skip_because(const char *reason);

#endif
