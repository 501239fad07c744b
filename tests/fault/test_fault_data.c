/* SPDX-License-Identifier: MIT */
#include "sweep.h"

static void every_failure_is_told_and_leaks_nothing(void **state)
{
    (void)state;
    sweep_all(&data_scenarios);
}

static void the_same_holds_of_one_byte_a_call(void **state)
{
    (void)state;
    limit_data(1);
    sweep_all(&data_scenarios);
}

static void the_same_holds_of_three_bytes_a_call(void **state)
{
    (void)state;
    limit_data(3);
    sweep_all(&data_scenarios);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_FAKE(every_failure_is_told_and_leaks_nothing),
        ON_FAKE(the_same_holds_of_one_byte_a_call),
        ON_FAKE(the_same_holds_of_three_bytes_a_call),
    };

    return cmocka_run_group_tests_name("fault.data", tests, NULL, NULL);
}
