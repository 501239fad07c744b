/* SPDX-License-Identifier: MIT */
/* Interfaces by name. The one that every system has is the loopback. */
#include "check.h"
#include "platform.h"

static const char *const names[] = { "lo", "lo0", "loopback_0", "loopback_1" };

static int start(void **state)
{
    (void)state;
    return pierp_start();
}

static void the_loopback_has_an_index_under_its_name_here(void **state)
{
    unsigned found = 0;

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        unsigned index = 0;
        pier_err err = pierp_if_nametoindex(&index, names[i]);

        CHECK(err == PIER_OK || err == PIER_ENXIO);
        found += err == PIER_OK;
        CHECK_INT(index != 0, err == PIER_OK);
    }
    CHECK(found > 0);
}

static void text_that_names_nothing_has_none(void **state)
{
    static const char *const texts[] = { "", " ", "\xff\xfe", "lo/lo", "%" };
    unsigned index = 77;

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        CHECK_ERR(pierp_if_nametoindex(&index, texts[i]), PIER_ENXIO);
    CHECK_INT(index, 77);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_loopback_has_an_index_under_its_name_here),
        cmocka_unit_test(text_that_names_nothing_has_none),
    };

    return cmocka_run_group_tests(tests, start, NULL);
}
