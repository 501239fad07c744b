/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <pier/error.h>

#include <math.h>

#define UNTOUCHED INT64_C(-77)

static pier_timeout converted(double seconds)
{
    pier_timeout t = UNTOUCHED;

    CHECK_OK(pier_timeout_from_double(seconds, &t));
    return t;
}

static void whole_and_decimal_seconds_are_exact(void **state)
{
    (void)state;
    CHECK_INT(converted(0.0), 0);
    CHECK_INT(converted(-0.0), 0);
    CHECK_INT(converted(1.0), PIER_SECONDS(1));
    CHECK_INT(converted(0.1), PIER_MILLISECONDS(100));
    CHECK_INT(converted(0.25), PIER_MILLISECONDS(250));
    CHECK_INT(converted(0.000001), PIER_MICROSECONDS(1));
    CHECK_INT(converted(86400.0), PIER_SECONDS(86400));
}

static void a_part_of_a_nanosecond_counts_as_one(void **state)
{
    (void)state;
    CHECK_INT(converted(1e-10), 1);
    CHECK_INT(converted(5e-324), 1);
    CHECK_INT(converted(1.5e-9), 2);
    CHECK_INT(converted(1.0000000001), PIER_SECONDS(1) + 1);
}

static void the_largest_timeout_is_the_last_double_below_2_63(void **state)
{
    pier_timeout t = UNTOUCHED;

    (void)state;
    CHECK(converted(9223372036.0) > 0);
    CHECK_INT(converted(9223372036.0), PIER_SECONDS(9223372036));
    CHECK_ERR(pier_timeout_from_double(9223372036.8547759, &t), PIER_ERANGE);
    CHECK_ERR(pier_timeout_from_double(1e300, &t), PIER_ERANGE);
    CHECK_ERR(pier_timeout_from_double((double)INFINITY, &t), PIER_ERANGE);
    CHECK_INT(t, UNTOUCHED);
}

static void negative_seconds_and_nan_are_invalid(void **state)
{
    pier_timeout t = UNTOUCHED;

    (void)state;
    CHECK_ERR(pier_timeout_from_double(-1.0, &t), PIER_EINVAL);
    CHECK_ERR(pier_timeout_from_double(-5e-324, &t), PIER_EINVAL);
    CHECK_ERR(pier_timeout_from_double(-(double)INFINITY, &t), PIER_EINVAL);
    CHECK_ERR(pier_timeout_from_double((double)NAN, &t), PIER_EINVAL);
    CHECK_ERR(pier_timeout_from_double(1.0, NULL), PIER_EINVAL);
    CHECK_INT(t, UNTOUCHED);
}

static void a_timeout_comes_back_as_seconds(void **state)
{
    (void)state;
    CHECK(pier_timeout_to_double(0) == 0.0);
    CHECK(pier_timeout_to_double(PIER_MILLISECONDS(1500)) == 1.5);
    CHECK(pier_timeout_to_double(PIER_FOREVER) < 0.0);
    CHECK(pier_timeout_to_double(INT64_MIN) < 0.0);
}

static void the_clock_is_the_one_of_the_seam(void **state)
{
    (void)state;
    CHECK_INT(pier_monotonic(), FAKE_BEGIN);
    fake_advance(3 * MS);
    CHECK_INT(pier_monotonic(), FAKE_BEGIN + 3 * MS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_FAKE(whole_and_decimal_seconds_are_exact),
        ON_FAKE(a_part_of_a_nanosecond_counts_as_one),
        ON_FAKE(the_largest_timeout_is_the_last_double_below_2_63),
        ON_FAKE(negative_seconds_and_nan_are_invalid),
        ON_FAKE(a_timeout_comes_back_as_seconds),
        ON_FAKE(the_clock_is_the_one_of_the_seam),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
