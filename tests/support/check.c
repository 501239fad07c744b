/* SPDX-License-Identifier: MIT */
#include "check.h"

#include <stdlib.h>

static const struct {
    long long code;
    const char *name;
} names[] = {
#include "error_names.inc"
};

static const char *name_of(long long code)
{
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (names[i].code == code)
            return names[i].name;
    }
    return "no code of pier";
}

_Noreturn void check_fails(const char *what, const char *file, int line)
{
    print_error("does not hold: %s\n", what);
    _fail(file, line);
    abort(); /* cmocka does not say that it never returns */
}

void check_ok(long long result, const char *what, const char *file, int line)
{
    if (result >= 0)
        return;
    print_error("%s gave %lld (%s), not success\n", what, result,
                name_of(result));
    _fail(file, line);
}

void check_err(long long result, long long code, const char *what,
               const char *code_name, const char *file, int line)
{
    if (result == code && code < 0)
        return;
    print_error("%s gave %lld (%s), not %s (%lld)\n", what, result,
                name_of(result), code_name, code);
    _fail(file, line);
}

void check_int(long long result, long long expected, const char *what,
               const char *file, int line)
{
    if (result == expected)
        return;
    print_error("%s is %lld, not %lld\n", what, result, expected);
    _fail(file, line);
}

_Noreturn void skip_because(const char *reason)
{
    print_message("SKIP: %s\n", reason);
    skip();
    abort();
}
