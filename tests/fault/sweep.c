/* SPDX-License-Identifier: MIT */
#include "sweep.h"

#include <string.h>

/* More calls than any scenario makes. */
#define CALLS_MAX 500

/* More public functions than there are. */
#define NAMES_MAX 300

static bool swept[FAKE_FUNCTION_COUNT];
static char told[NAMES_MAX][40];

/* -------------------------------------------------- what has been met --- */

bool was_swept(enum fake_function function)
{
    return swept[function];
}

static char (*place_of(const char *name, size_t length))[40]
{
    size_t i = 0;

    CHECK(length < sizeof(told[0]));
    while (i + 1 < NAMES_MAX && told[i][0] &&
           (strncmp(told[i], name, length) != 0 || told[i][length]))
        i++;
    return &told[i];
}

bool was_told(const char *name)
{
    return (*place_of(name, strlen(name)))[0] != '\0';
}

/* call is its text: "n = pier_recv(s, ...)". */
static void note_told(const char *call)
{
    const char *name = strstr(call, "pier_");
    size_t length = name ? strcspn(name, "(") : 0;

    CHECK(name != NULL);
    memcpy(*place_of(name, length), name, length);
}

bool note_failure(pier_err *first, long long result, const char *call)
{
    if (result >= 0)
        return false;
    if (fake_failures() > 0)
        note_told(call);
    if (!*first)
        *first = (pier_err)result;
    return true;
}

void end_failures(void)
{
    fake_fail_call(0, PIER_OK);
    fake_fail_from(0, PIER_OK);
    fake_fail_alloc_from(0);
}

/* ----------------------------------------------------------- failures --- */

/* What a scenario may do all the same when this call has failed: a close has
 * closed, an error is told without its detail, a worker goes home early. */
static bool may_be_tolerated(enum fake_function function)
{
    return function == FAKE_CLOSE || function == FAKE_THREAD_STORAGE ||
           function == FAKE_THREAD_WAKE || function == FAKE_WAIT ||
           function == FAKE_SET_NONBLOCKING;
}

/* What has no code of its own becomes lack of memory. */
static bool is_right(pier_err err, pier_err code, enum fake_function function)
{
    if (function == FAKE_ALLOC)
        return err == PIER_ENOMEM || err == PIER_EAI_MEMORY;
    return err == code;
}

static void check_detail(pier_err err)
{
    struct pier_detail detail;

    end_failures();
    pier_error_detail(&detail);
    CHECK_INT(detail.code, err);
    CHECK(detail.operation != NULL);
}

static void complain(const struct scenario *scenario, unsigned n, pier_err err)
{
    print_error("%s, call %u (%s) failed: %s\n", scenario->name, n,
                fake_function_name(fake_failed()), pier_errname(err));
}

void sweep_once(const struct scenario *scenario, pier_err code)
{
    for (unsigned n = 1; n < CALLS_MAX; n++) {
        enum fake_function function;
        pier_err err;

        fake_fail_call(n, code);
        err = scenario->run();
        function = fake_failed();
        if (function == FAKE_FUNCTION_COUNT) {
            CHECK_OK(err);
            fake_reset();
            return;
        }
        swept[function] = true;
        if (!scenario->gets_over_failures &&
            (err ? !is_right(err, code, function)
                 : !may_be_tolerated(function))) {
            complain(scenario, n, err);
            CHECK(!"the failure is told as it is");
        }
        if (err && function != FAKE_THREAD_STORAGE &&
            !scenario->gets_over_failures)
            check_detail(err);
        fake_reset();
    }
    CHECK(!"the sweep ends");
}

void sweep_for_good(const struct scenario *scenario, pier_err code)
{
    for (unsigned n = 1; n < CALLS_MAX; n++) {
        bool met;
        pier_err err;

        fake_fail_from(n, code);
        err = scenario->run();
        met = fake_failures() > 0;
        fake_fail_from(0, PIER_OK);
        if (err && err != code && err != PIER_ENOMEM &&
            err != PIER_EAI_MEMORY && !scenario->gets_over_failures) {
            complain(scenario, n, err);
            CHECK(!"the failure is told as it is");
        }
        fake_reset();
        if (!met)
            return;
    }
    CHECK(!"the sweep ends");
}

/* The calls that a signal can interrupt on some system. */
static bool is_made_again(enum fake_function function)
{
    return function == FAKE_WAIT || function == FAKE_POLL ||
           function == FAKE_RECV || function == FAKE_SEND ||
           function == FAKE_RECVFROM || function == FAKE_SENDTO ||
           function == FAKE_ACCEPT;
}

static bool may_be_interrupted(pier_err err, enum fake_function function)
{
    if (function == FAKE_ALLOC)
        return err == PIER_ENOMEM || err == PIER_EAI_MEMORY;
    return err == PIER_EINTR && !is_made_again(function);
}

void sweep_interrupted(const struct scenario *scenario)
{
    for (unsigned n = 1; n < CALLS_MAX; n++) {
        bool met;
        pier_err err;

        fake_fail_call(n, PIER_EINTR);
        err = scenario->run();
        met = fake_failures() > 0;
        if (err && !may_be_interrupted(err, fake_failed()) &&
            !scenario->gets_over_failures) {
            complain(scenario, n, err);
            CHECK(!"what is interrupted is made again");
        }
        fake_reset();
        if (!met)
            return;
    }
    CHECK(!"the sweep ends");
}

void sweep_memory(const struct scenario *scenario)
{
    for (unsigned n = 1; n < CALLS_MAX; n++) {
        bool met;
        pier_err err;

        fake_fail_alloc_from(n);
        err = scenario->run();
        met = fake_failures() > 0;
        end_failures();
        if (err && err != PIER_ENOMEM && err != PIER_EAI_MEMORY &&
            !scenario->gets_over_failures) {
            complain(scenario, n, err);
            CHECK(!"lack of memory is told as it is");
        }
        fake_reset();
        if (!met)
            return;
    }
    CHECK(!"the sweep ends");
}

static void run_well(const struct scenario *scenario)
{
    pier_err err = scenario->run();

    if (err)
        print_error("%s: %s\n", scenario->name, pier_errname(err));
    CHECK_OK(err);
    fake_reset();
}

void sweep_early(const struct scenario *scenario)
{
    static const unsigned kinds[] = { 0, PIERP_READY, PIERP_WOKEN };

    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        for (unsigned n = 1; n <= 5; n++) {
            fake_wait_early(n, kinds[i]);
            run_well(scenario);
        }
    }
    fake_wait_longest(1 * MS);
    run_well(scenario);
    fake_interrupt_every(1 * MS);
    run_well(scenario);
}

void sweep_all(const struct scenario_group *group)
{
    for (size_t i = 0; i < group->count; i++) {
        const struct scenario *scenario = &group->list[i];

        print_message("%s\n", scenario->name);
        sweep_once(scenario, PIER_ENOBUFS);
        sweep_once(scenario, PIER_EMFILE);
        sweep_for_good(scenario, PIER_ENOBUFS);
        sweep_memory(scenario);
        sweep_interrupted(scenario);
        sweep_early(scenario);
    }
}
