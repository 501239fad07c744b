/* SPDX-License-Identifier: MIT */
/*
 * What the sweeps have met: every function of the seam that can fail has
 * failed in one of them, and every public function has told of a failure,
 * but for those in exempt.txt, which says why they need not.
 */
#include "sweep.h"

#include <string.h>

static const char *const exported[] = {
#include "exported.inc"
};
static const char *const exempt[] = {
#include "exempt.inc"
};

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static void sweep(const struct scenario_group *group)
{
    for (size_t i = 0; i < group->count; i++)
        sweep_once(&group->list[i], PIER_ENOBUFS);
}

/* Core asks for no random bytes so far. */
static bool is_unused(enum fake_function function)
{
    return function == FAKE_RANDOM;
}

static void every_function_of_the_seam_has_failed(void **state)
{
    bool is_whole = true;

    (void)state;
    sweep(&socket_scenarios);
    sweep(&data_scenarios);
    sweep(&handover_scenarios);
    sweep(&message_scenarios);
    sweep(&option_scenarios);
    sweep(&name_scenarios);
    sweep(&stream_scenarios);
    /* FAKE_ALLOC is the last that can fail. */
    for (enum fake_function f = 0; f <= FAKE_ALLOC; f++) {
        if (was_swept(f) != is_unused(f))
            continue;
        print_error("function %d of the seam (%s) has failed in %s sweep\n",
                    (int)f, fake_function_name(f), was_swept(f) ? "a" : "no");
        is_whole = false;
    }
    CHECK(is_whole);
}

/* A pattern may end in an asterisk. */
static bool fits(const char *name, const char *pattern)
{
    size_t length = strcspn(pattern, "*");

    return strncmp(name, pattern, length) == 0 &&
           (pattern[length] || !name[length]);
}

static bool is_exempt(const char *name)
{
    for (size_t i = 0; i < COUNT_OF(exempt); i++) {
        if (fits(name, exempt[i]))
            return true;
    }
    return false;
}

static bool is_needed(const char *pattern)
{
    for (size_t i = 0; i < COUNT_OF(exported); i++) {
        if (fits(exported[i], pattern))
            return true;
    }
    return false;
}

static void every_public_function_has_told_of_a_failure(void **state)
{
    bool is_whole = true;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(exported); i++) {
        if (was_told(exported[i]) != is_exempt(exported[i]))
            continue;
        print_error(was_told(exported[i])
                        ? "%s is in exempt.txt, but is swept\n"
                        : "%s is in no sweep, nor in exempt.txt\n",
                    exported[i]);
        is_whole = false;
    }
    CHECK(is_whole);
}

static void what_is_exempt_exists(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(exempt); i++) {
        if (is_needed(exempt[i]))
            continue;
        print_error("no such function: %s\n", exempt[i]);
        CHECK(!"exempt.txt is up to date");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_FAKE(every_function_of_the_seam_has_failed),
        ON_FAKE(every_public_function_has_told_of_a_failure),
        ON_FAKE(what_is_exempt_exists),
    };

    return cmocka_run_group_tests_name("fault.coverage", tests, NULL, NULL);
}
