/* SPDX-License-Identifier: MIT */
/* pier's headers beside those of the system, in either order and language:
 * they compile, and say the same. */
#include "check.h"
#include "layout.h"

#include <pier/pier.h>
#include <string.h>

static void check_same(struct layout (*seen)(void))
{
    struct layout expected = layout_alone();
    struct layout found = seen();
    struct pier_address a, b;

    CHECK(memcmp(found.sizes, expected.sizes, sizeof found.sizes) == 0);
    CHECK(memcmp(found.numbers, expected.numbers, sizeof found.numbers) == 0);
    CHECK_OK(pier_address_inet(&a, "127.0.0.1", 80));
    CHECK_OK(pier_address_inet(&b, "127.0.0.1", 81));
    CHECK(found.is_equal(&a, &a));
    CHECK(!found.is_equal(&a, &b));
}

static void the_systems_headers_may_come_first(void **state)
{
    (void)state;
    check_same(layout_behind);
    check_same(layout_behind_in_cxx);
}

static void the_systems_headers_may_come_last(void **state)
{
    (void)state;
    check_same(layout_before);
    check_same(layout_before_in_cxx);
}

/* windows.h alone brings Winsock 1 with it, and words as macros. */
static void the_systems_macros_do_no_harm(void **state)
{
    (void)state;
    check_same(layout_bare);
    check_same(layout_bare_in_cxx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_systems_headers_may_come_first),
        cmocka_unit_test(the_systems_headers_may_come_last),
        cmocka_unit_test(the_systems_macros_do_no_harm),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
