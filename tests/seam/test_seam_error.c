/* SPDX-License-Identifier: MIT */
/* Every code of this system: what it means, and that it is kept. */
#include "check.h"
#include "common.h"
#include "native_codes.h"

#include <errno.h>
#include <limits.h>

static int start(void **state)
{
    (void)state;
    return pierp_start();
}

static void every_code_of_a_call_has_its_meaning(void **state)
{
    (void)state;
    for (size_t i = 0; i < native_calls.count; i++) {
        const struct native_code *row = &native_calls.rows[i];

        CHECK_ERR(pierp_error_from_native(row->native), row->err);
        CHECK(row->err != PIER_EUNKNOWN);
    }
}

static void every_result_of_a_look_up_has_its_meaning(void **state)
{
    (void)state;
    for (size_t i = 0; i < native_lookups.count; i++) {
        const struct native_code *row = &native_lookups.rows[i];

        errno = row->because;
        CHECK_ERR(plat_error_from_eai(row->native), row->err);
    }
}

static void every_h_errno_has_its_meaning(void **state)
{
    (void)state;
    for (size_t i = 0; i < native_hosts.count; i++) {
        const struct native_code *row = &native_hosts.rows[i];

        CHECK_ERR(plat_error_from_herror(row->native), row->err);
    }
    CHECK_ERR(plat_error_from_herror(77), PIER_EUNKNOWN);
}

/* The number that a code is given back as has the same meaning. */
static void every_code_has_a_number_that_means_it(void **state)
{
    (void)state;
    for (size_t i = 0; i < native_calls.count; i++) {
        const pier_err err = native_calls.rows[i].err;
        const int native = pierp_error_to_native(err);

        if (err <= PIER_ECANCELED || native == 0)
            continue; /* with names of another kind, or none */
        CHECK_ERR(pierp_error_from_native(native), err);
    }
    for (size_t i = 0; i < native_lookups.count; i++) {
        const pier_err err = native_lookups.rows[i].err;

        if (err <= PIER_EAI_BADFLAGS && err > PIER_EHOST_NOT_FOUND &&
            pierp_error_to_native(err) != 0)
            CHECK_ERR(plat_error_from_eai(pierp_error_to_native(err)), err);
    }
    for (size_t i = 0; i < native_hosts.count; i++) {
        const struct native_code *row = &native_hosts.rows[i];

        CHECK_INT(pierp_error_to_native(row->err), row->native);
    }
}

static void what_is_no_code_of_the_system_has_no_number(void **state)
{
    static const pier_err none[] = {
        PIER_OK, PIER_EDEADLINE, PIER_EUNKNOWN, PIER_ETLS_CLOSED, 1, INT_MIN
    };

    (void)state;
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        CHECK_INT(pierp_error_to_native(none[i]), 0);
    CHECK(pierp_error_to_native(PIER_ECONNREFUSED) > 0);
    CHECK(pierp_error_to_native(PIER_EAI_NONAME) != 0);
}

static void every_code_is_kept(void **state)
{
    (void)state;
    for (size_t i = 0; i < native_calls.count; i++) {
        const struct native_code *row = &native_calls.rows[i];

        CHECK_ERR(native_fail(row->native), row->err);
        CHECK_INT(pierp_native_error(), row->native);
    }
    for (size_t i = 0; i < native_lookups.count; i++) {
        const struct native_code *row = &native_lookups.rows[i];

        errno = row->because;
        CHECK_ERR(native_fail_lookup(row->native), row->err);
        CHECK_INT(pierp_native_error(),
                  row->because ? row->because : row->native);
    }
}

static void an_unknown_code_is_kept_too(void **state)
{
    static const int unknown[] = { 987654, -987654, INT_MAX, INT_MIN };

    (void)state;
    for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++) {
        CHECK_ERR(native_fail(unknown[i]), PIER_EUNKNOWN);
        CHECK_INT(pierp_native_error(), unknown[i]);
        CHECK_ERR(native_fail_lookup(unknown[i]), PIER_EUNKNOWN);
        CHECK_INT(pierp_native_error(), unknown[i]);
    }
}

/* Systems do fail and leave 0, which must not pass for success. */
static void a_failure_without_a_code_is_a_failure(void **state)
{
    (void)state;
    CHECK_ERR(native_fail(0), PIER_EUNKNOWN);
    CHECK_ERR(native_fail_lookup(0), PIER_EUNKNOWN);
    CHECK_INT(pierp_native_error(), 0);
}

/* Each number that any system uses gives a code of pier or PIER_EUNKNOWN. */
static void every_number_gives_a_code(void **state)
{
    (void)state;
    CHECK_INT(pierp_error_from_native(0), PIER_OK);
    for (int native = 1; native < 20000; native++) {
        pier_err err = pierp_error_from_native(native);

        CHECK(err < 0);
        CHECK(err >= PIER_EUNKNOWN);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_code_of_a_call_has_its_meaning),
        cmocka_unit_test(every_result_of_a_look_up_has_its_meaning),
        cmocka_unit_test(every_h_errno_has_its_meaning),
        cmocka_unit_test(every_code_has_a_number_that_means_it),
        cmocka_unit_test(what_is_no_code_of_the_system_has_no_number),
        cmocka_unit_test(every_code_is_kept),
        cmocka_unit_test(an_unknown_code_is_kept_too),
        cmocka_unit_test(a_failure_without_a_code_is_a_failure),
        cmocka_unit_test(every_number_gives_a_code),
    };

    return cmocka_run_group_tests(tests, start, NULL);
}
