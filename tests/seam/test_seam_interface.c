/* SPDX-License-Identifier: MIT */
/* Interfaces by name. The one that every system has is the loopback. */
#include "check.h"
#include "platform.h"

#include <pier/constants.h>
#include <string.h>

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

static void every_interface_is_listed_with_its_number_and_name(void **state)
{
    struct pierp_interface *lines;
    char name[PIERP_INTERFACE_NAME];
    size_t count = 0, named = 0;
    unsigned index;

    (void)state;
    CHECK_OK(pierp_if_list(&lines, &count));
    for (size_t i = 0; i < count; i++) {
        CHECK(lines[i].index != 0);
        CHECK_OK(pierp_if_indextoname(name, lines[i].index));
        if (!lines[i].name[0])
            continue;
        CHECK(strcmp(name, lines[i].name) == 0);
        CHECK_OK(pierp_if_nametoindex(&index, name));
        CHECK_INT(index, lines[i].index);
        named++;
    }
    CHECK(named > 0);
    pierp_free(lines);
}

static void an_address_is_of_ipv4_or_ipv6_and_has_no_port(void **state)
{
    struct pierp_interface *lines;
    size_t count, addresses = 0;

    (void)state;
    CHECK_OK(pierp_if_list(&lines, &count));
    for (size_t i = 0; i < count; i++) {
        struct pierp_endpoint e;

        if (lines[i].address.length == 0)
            continue;
        CHECK_OK(pierp_address_unpack(&e, &lines[i].address));
        CHECK(e.family == PIER_AF_INET || e.family == PIER_AF_INET6);
        CHECK_INT(e.port, 0);
        CHECK(e.scope_id == 0 || e.scope_id == lines[i].index);
        addresses++;
    }
    CHECK(addresses > 0);
    pierp_free(lines);
}

static void a_number_that_nobody_has_names_nothing(void **state)
{
    static const unsigned numbers[] = { 0, 0x7ffffff1, 0xffffffff };
    char name[PIERP_INTERFACE_NAME] = "kept";

    (void)state;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        CHECK_ERR(pierp_if_indextoname(name, numbers[i]), PIER_ENXIO);
    CHECK(strcmp(name, "kept") == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_loopback_has_an_index_under_its_name_here),
        cmocka_unit_test(text_that_names_nothing_has_none),
        cmocka_unit_test(every_interface_is_listed_with_its_number_and_name),
        cmocka_unit_test(an_address_is_of_ipv4_or_ipv6_and_has_no_port),
        cmocka_unit_test(a_number_that_nobody_has_names_nothing),
    };

    return cmocka_run_group_tests(tests, start, NULL);
}
