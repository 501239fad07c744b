/* SPDX-License-Identifier: MIT */
#include "sweep.h"

static void every_failure_is_told_and_leaks_nothing(void **state)
{
    (void)state;
    sweep_all(&stream_scenarios);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_FAKE(every_failure_is_told_and_leaks_nothing),
    };

    return cmocka_run_group_tests_name("fault.streams", tests, NULL, NULL);
}
