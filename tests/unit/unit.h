/* SPDX-License-Identifier: MIT */
/* What the suites of the fake begin and end each test with. */
#ifndef UNIT_H
#define UNIT_H

#include "check.h"
#include "fake.h"

#include <pier/time.h>

#define MS INT64_C(1000000)

static inline void fail_now(const char *what)
{
    print_error("%s\n", what);
    _fail("tests/fake", 0);
}

static inline int begin_fake(void **state)
{
    (void)state;
    fake_begin(fail_now);
    return 0;
}

static inline int end_fake(void **state)
{
    (void)state;
    fake_reset();
    return 0;
}

/* A test on a new fake, which afterwards is found clean. */
#define ON_FAKE(function)                                                     \
    cmocka_unit_test_setup_teardown(function, begin_fake, end_fake)

#endif
