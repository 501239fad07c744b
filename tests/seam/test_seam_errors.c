/* SPDX-License-Identifier: MIT */
/* How a failure is reported: pier's code, and the system's beside it. */
#include "loopback.h"
#include "thread.h"

static void provoke(pier_err *err, int *native)
{
    pier_handle h;

    *err = pierp_open(&h, 9999, PIER_SOCK_STREAM, 0);
    *native = pierp_native_error();
}

static void the_systems_code_means_what_was_returned(void **state)
{
    pier_err err;
    int native;

    (void)state;
    provoke(&err, &native);
    CHECK_ERR(err, PIER_EAFNOSUPPORT);
    CHECK(native != 0);
    CHECK_ERR(pierp_error_from_native(native), PIER_EAFNOSUPPORT);
}

static void the_latest_failure_is_the_one_that_is_kept(void **state)
{
    struct pier_address where = loopback(PIER_AF_INET, ANY_PORT);
    pier_handle h, accepted;
    pier_err err;
    int first;

    (void)state;
    provoke(&err, &first);
    CHECK_OK(pierp_open(&h, PIER_AF_INET, PIER_SOCK_STREAM, 0));
    CHECK_OK(pierp_bind(h, &where));
    CHECK_ERR(pierp_accept(&accepted, h, NULL), PIER_EINVAL);
    CHECK(pierp_native_error() != first);
    CHECK_ERR(pierp_error_from_native(pierp_native_error()), PIER_EINVAL);
    CHECK_OK(pierp_close(h));
}

struct seen {
    int before, after;
    pier_err err;
};

static void fail_elsewhere(void *argument)
{
    struct seen *seen = argument;

    seen->before = pierp_native_error();
    provoke(&seen->err, &seen->after);
}

static void each_thread_keeps_its_own_failure(void **state)
{
    struct pier_address peer;
    struct seen seen = { 99, 0, PIER_OK };
    pier_handle h;
    int native;

    (void)state;
    CHECK_OK(pierp_open(&h, PIER_AF_INET, PIER_SOCK_STREAM, 0));
    CHECK_ERR(pierp_getpeername(h, &peer), PIER_ENOTCONN);
    native = pierp_native_error();
    thread_join(thread_start(fail_elsewhere, &seen));
    CHECK_INT(seen.before, 0);
    CHECK_ERR(seen.err, PIER_EAFNOSUPPORT);
    CHECK(seen.after != native);
    CHECK_INT(pierp_native_error(), native);
    CHECK_OK(pierp_close(h));
}

static void a_code_without_meaning_is_unknown(void **state)
{
    (void)state;
    CHECK_ERR(pierp_error_from_native(987654321), PIER_EUNKNOWN);
    CHECK_ERR(pierp_error_from_native(-987654321), PIER_EUNKNOWN);
    CHECK_INT(pierp_error_from_native(0), PIER_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_systems_code_means_what_was_returned),
        cmocka_unit_test(the_latest_failure_is_the_one_that_is_kept),
        cmocka_unit_test(each_thread_keeps_its_own_failure),
        cmocka_unit_test(a_code_without_meaning_is_unknown),
    };

    return cmocka_run_group_tests(tests, start_seam, NULL);
}
