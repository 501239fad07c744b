/* SPDX-License-Identifier: MIT */
#include "sweep.h"

/* More calls than any scenario makes. */
#define CALLS_MAX 500

bool failed(pier_err *first, pier_err err)
{
    if (err && !*first)
        *first = err;
    return err != PIER_OK;
}

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

    fake_fail_call(0, PIER_OK);
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
        if (err ? !is_right(err, code, function)
                : !may_be_tolerated(function)) {
            complain(scenario, n, err);
            CHECK(!"the failure is told as it is");
        }
        if (err && function != FAKE_THREAD_STORAGE)
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
            err != PIER_EAI_MEMORY) {
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
    return function == FAKE_WAIT || function == FAKE_RECV ||
           function == FAKE_SEND || function == FAKE_RECVFROM ||
           function == FAKE_SENDTO || function == FAKE_ACCEPT;
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
        if (err && !may_be_interrupted(err, fake_failed())) {
            complain(scenario, n, err);
            CHECK(!"what is interrupted is made again");
        }
        fake_reset();
        if (!met)
            return;
    }
    CHECK(!"the sweep ends");
}

void sweep_all(const struct scenario *scenarios, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        print_message("%s\n", scenarios[i].name);
        sweep_once(&scenarios[i], PIER_ENOBUFS);
        sweep_once(&scenarios[i], PIER_EMFILE);
        sweep_for_good(&scenarios[i], PIER_ENOBUFS);
        sweep_interrupted(&scenarios[i]);
    }
}
