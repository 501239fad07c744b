/* SPDX-License-Identifier: MIT */
#include "loopback.h"

#include <string.h>

static void check_round_trip(const struct pierp_endpoint *e)
{
    struct pierp_endpoint back;
    struct pier_address a;

    memset(&back, 0xA5, sizeof back);
    memset(&a, 0xA5, sizeof a);
    CHECK_OK(pierp_address_pack(&a, e));
    CHECK_INT(pierp_address_family(&a), e->family);
    CHECK_OK(pierp_address_unpack(&back, &a));
    CHECK_INT(back.family, e->family);
    CHECK_INT(back.port, e->port);
    CHECK_INT(back.flowinfo, e->flowinfo);
    CHECK_INT(back.scope_id, e->scope_id);
    CHECK(memcmp(back.ip, e->ip, sizeof back.ip) == 0);
}

static void an_ipv4_address_comes_back_as_it_went(void **state)
{
    struct pierp_endpoint e = { .family = PIER_AF_INET,
                                .port = 0x1234,
                                .ip = { 192, 0, 2, 255 } };

    (void)state;
    check_round_trip(&e);
    e.port = 65535;
    memset(e.ip, 255, 4);
    check_round_trip(&e);
}

static void an_ipv6_address_comes_back_as_it_went(void **state)
{
    struct pierp_endpoint e = { .family = PIER_AF_INET6,
                                .port = 443,
                                .ip = { 0xfe, 0x80, 1, 2, 3, 4, 5, 6, 7, 8, 9,
                                        10, 11, 12, 13, 14 },
                                .flowinfo = 0x12345,
                                .scope_id = 0x87654321 };

    (void)state;
    check_round_trip(&e);
}

static void equal_addresses_have_equal_bytes(void **state)
{
    struct pierp_endpoint e = { .family = PIER_AF_INET, .port = 80 };
    struct pier_address a, b;

    (void)state;
    memset(&a, 0, sizeof a);
    memset(&b, 0xFF, sizeof b);
    CHECK_OK(pierp_address_pack(&a, &e));
    CHECK_OK(pierp_address_pack(&b, &e));
    CHECK_INT(a.length, b.length);
    CHECK(memcmp(a.storage.bytes, b.storage.bytes, a.length) == 0);
}

static void a_family_without_endpoints_is_refused(void **state)
{
    struct pierp_endpoint e = { .family = PIER_AF_UNIX, .port = 7 };
    struct pier_address a = { .length = 5 };

    (void)state;
    CHECK_ERR(pierp_address_pack(&a, &e), PIER_EAFNOSUPPORT);
    CHECK_INT(a.length, 5);
    CHECK_OK(pierp_address_pack_unix(&a, "/x", 2));
    CHECK_ERR(pierp_address_unpack(&e, &a), PIER_EAFNOSUPPORT);
    CHECK_INT(e.port, 7);
}

static void a_short_address_is_not_read_past_its_end(void **state)
{
    struct pierp_endpoint e = { .port = 7 };
    struct pier_address a = loopback(PIER_AF_INET, 80);

    (void)state;
    a.length--;
    CHECK(pierp_address_unpack(&e, &a) < 0);
    a = loopback(PIER_AF_INET6, 80);
    a.length /= 2;
    CHECK(pierp_address_unpack(&e, &a) < 0);
    CHECK_INT(e.port, 7);
}

static void an_address_too_short_for_a_family_has_none(void **state)
{
    struct pier_address a = loopback(PIER_AF_INET, 80);

    (void)state;
    a.length = 1;
    CHECK_INT(pierp_address_family(&a), PIER_AF_UNSPEC);
    a.length = 0;
    CHECK_INT(pierp_address_family(&a), PIER_AF_UNSPEC);
}

static void a_path_comes_back_without_its_nul(void **state)
{
    struct pier_address a;
    const char *path;
    size_t length = 99;

    (void)state;
    CHECK_OK(pierp_address_pack_unix(&a, "/tmp/name", 9));
    CHECK_INT(pierp_address_family(&a), PIER_AF_UNIX);
    path = pierp_address_path(&a, &length);
    CHECK_INT(length, 9);
    CHECK(memcmp(path, "/tmp/name", 10) == 0);
}

static void the_unnamed_path_is_empty(void **state)
{
    struct pier_address a;
    size_t length = 99;

    (void)state;
    CHECK_OK(pierp_address_pack_unix(&a, "", 0));
    CHECK_INT(pierp_address_family(&a), PIER_AF_UNIX);
    (void)pierp_address_path(&a, &length);
    CHECK_INT(length, 0);
}

static void a_path_that_does_not_fit_is_refused(void **state)
{
    struct pier_address a = { .length = 5 };
    char path[200];

    (void)state;
    memset(path, 'x', sizeof path);
    CHECK_ERR(pierp_address_pack_unix(&a, path, sizeof path),
              PIER_ENAMETOOLONG);
    CHECK_ERR(pierp_address_pack_unix(&a, path, SIZE_MAX), PIER_ENAMETOOLONG);
    CHECK_INT(a.length, 5);
}

static void an_abstract_name_is_kept_or_not_supported(void **state)
{
    static const char name[] = "\0pier\0x";
    struct pier_address a = { .length = 5 };
    pier_err err = pierp_address_pack_unix(&a, name, sizeof name - 1);
    size_t length = 99;
    const void *path;

    (void)state;
    if (err != PIER_OK) {
        CHECK_ERR(err, PIER_EAFNOSUPPORT);
        CHECK_INT(a.length, 5);
        return;
    }
    path = pierp_address_path(&a, &length);
    CHECK_INT(length, sizeof name - 1);
    CHECK(memcmp(path, name, sizeof name - 1) == 0);
}

static void only_a_local_address_has_a_path(void **state)
{
    struct pier_address a = loopback(PIER_AF_INET, 80);
    size_t length = 99;

    (void)state;
    CHECK(pierp_address_path(&a, &length) == NULL);
    CHECK_INT(length, 0);
}

static void a_network_interface_that_is_not_there_has_no_index(void **state)
{
    unsigned index = 7;

    (void)state;
    CHECK_ERR(pierp_if_nametoindex(&index, "no-such-thing"), PIER_ENXIO);
    CHECK_ERR(pierp_if_nametoindex(&index, ""), PIER_ENXIO);
    CHECK_ERR(pierp_if_nametoindex(
                  &index, "a-name-far-longer-than-any-interface-has-one"),
              PIER_ENXIO);
    CHECK_INT(index, 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_ipv4_address_comes_back_as_it_went),
        cmocka_unit_test(an_ipv6_address_comes_back_as_it_went),
        cmocka_unit_test(equal_addresses_have_equal_bytes),
        cmocka_unit_test(a_family_without_endpoints_is_refused),
        cmocka_unit_test(a_short_address_is_not_read_past_its_end),
        cmocka_unit_test(an_address_too_short_for_a_family_has_none),
        cmocka_unit_test(a_path_comes_back_without_its_nul),
        cmocka_unit_test(the_unnamed_path_is_empty),
        cmocka_unit_test(a_path_that_does_not_fit_is_refused),
        cmocka_unit_test(an_abstract_name_is_kept_or_not_supported),
        cmocka_unit_test(only_a_local_address_has_a_path),
        cmocka_unit_test(a_network_interface_that_is_not_there_has_no_index),
    };

    return cmocka_run_group_tests(tests, start_seam, NULL);
}
