/* SPDX-License-Identifier: MIT */
/* A test program that ends in every way there is; see CMakeLists.txt. */
#include "check.h"
#include "process.h"
#include "thread.h"

#include <pier/error.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Through a volatile pointer, so that no compiler or sanitizer foresees it. */
static void crash(void *unused)
{
    volatile int *volatile nowhere = NULL;

    (void)unused;
    *nowhere = 1; /* NOLINT(clang-analyzer-core.NullDereference) */
}

static void crashes(void **state)
{
    crash(state);
}

static void crashes_in_a_thread(void **state)
{
    thread_join(thread_start(crash, state));
}

static void fails(void **state)
{
    (void)state;
    CHECK(1 == 2);
}

static void fails_by_code(void **state)
{
    (void)state;
    CHECK_ERR(PIER_ECONNREFUSED, PIER_EAGAIN);
}

static void is_skipped(void **state)
{
    (void)state;
    skip_because("the canary says so");
}

static int run(void (*function)(void **state))
{
    const struct CMUnitTest tests[] = { { "canary", function, NULL, NULL,
                                          NULL } };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

static int see_a_child_exit(void)
{
    const char *arguments[] = { "exit", "42", NULL };

    return process_join(process_start(arguments)) == 42 ? 0 : 1;
}

static int end_as_told(const char *how)
{
    if (!strcmp(how, "crash"))
        crash(NULL);
    if (!strcmp(how, "crash_in_test"))
        return run(crashes);
    if (!strcmp(how, "crash_in_thread"))
        return run(crashes_in_a_thread);
    if (!strcmp(how, "fail"))
        return run(fails);
    if (!strcmp(how, "fail_by_code"))
        return run(fails_by_code);
    if (!strcmp(how, "skip"))
        return run(is_skipped);
    if (!strcmp(how, "parent"))
        return see_a_child_exit();
    return 2;
}

int main(int argc, char **argv)
{
    if (argc == 3 && !strcmp(argv[1], "exit"))
        return (int)strtol(argv[2], NULL, 10);
    if (argc == 3 && !strcmp(argv[1], "print"))
        return printf("the magic value is %s\n", argv[2]) < 0;
    return argc == 2 ? end_as_told(argv[1]) : 2;
}
