/* SPDX-License-Identifier: MIT */
/* Addresses from fields and from the system's sockaddr, and their fields. */
#include "unit.h"

#include <pier/address.h>
#include <pier/constants.h>
#include <pier/error.h>

#include <string.h>

/* Field by field and byte by byte, padding of the sockaddr included. */
static bool identical(const struct pier_address *a,
                      const struct pier_address *b)
{
    return a->length == b->length && a->reserved == b->reserved &&
           memcmp(a->storage.bytes, b->storage.bytes,
                  sizeof a->storage.bytes) == 0;
}

/* What an out-parameter holds before a call that must not touch it. */
static struct pier_address untouched(void)
{
    struct pier_address a;

    memset(&a, 0x5a, sizeof a);
    return a;
}

static bool is_untouched(const struct pier_address *a)
{
    struct pier_address expected = untouched();

    return identical(a, &expected);
}

static struct pier_address inet(const char *ip, int port)
{
    struct pier_address a = untouched();

    CHECK_OK(pier_address_inet(&a, ip, port));
    return a;
}

static struct pier_address inet6(const char *ip, int port)
{
    struct pier_address a = untouched();

    CHECK_OK(pier_address_inet6(&a, ip, port, 0, 0));
    return a;
}

static struct pier_address unix_path(const char *path)
{
    struct pier_address a = untouched();

    CHECK_OK(pier_address_unix(&a, path, strlen(path)));
    return a;
}

static bool has_abstract_names(void)
{
    struct pier_address a;

    return pier_address_unix(&a, "\0x", 2) == PIER_OK;
}

/* ------------------------------------------------------- from fields --- */

static void an_inet_address_has_its_family_and_port(void **state)
{
    struct pier_address a = inet("192.0.2.1", 65535);

    (void)state;
    CHECK_INT(pier_address_family(&a), PIER_AF_INET);
    CHECK_INT(pier_address_port(&a), 65535);
    CHECK_INT(pier_address_scope_id(&a), 0);
    CHECK_INT(pier_address_flowinfo(&a), 0);
    CHECK_INT(a.length, 16);
    CHECK_INT(a.reserved, 0);
    CHECK(pier_address_path(&a, NULL) == NULL);
}

static void an_inet6_address_has_all_its_fields(void **state)
{
    struct pier_address a = untouched();

    (void)state;
    CHECK_OK(pier_address_inet6(&a, "fe80::1", 443, 0xfffff, UINT32_MAX));
    CHECK_INT(pier_address_family(&a), PIER_AF_INET6);
    CHECK_INT(pier_address_port(&a), 443);
    CHECK_INT(pier_address_scope_id(&a), UINT32_MAX);
    CHECK_INT(pier_address_flowinfo(&a), 0xfffff);
    CHECK_INT(a.length, 28);
}

static void no_ip_is_the_wildcard(void **state)
{
    struct pier_address a = inet(NULL, 0);
    struct pier_address b = inet("0.0.0.0", 0);
    struct pier_address c = inet6(NULL, 0);
    struct pier_address d = inet6("::", 0);

    (void)state;
    CHECK(pier_address_equal(&a, &b));
    CHECK(pier_address_equal(&c, &d));
}

static void a_port_outside_16_bits_is_out_of_range(void **state)
{
    static const int ports[] = { -1, 65536, 99999, INT32_MAX, INT32_MIN };
    struct pier_address a = untouched();
    struct pier_address b = inet("192.0.2.1", 1);

    (void)state;
    for (size_t i = 0; i < sizeof ports / sizeof *ports; i++) {
        CHECK_ERR(pier_address_inet(&a, "1.2.3.4", ports[i]), PIER_ERANGE);
        CHECK_ERR(pier_address_inet6(&a, "::1", ports[i], 0, 0), PIER_ERANGE);
        CHECK_ERR(pier_address_set_port(&b, ports[i]), PIER_ERANGE);
    }
    CHECK(is_untouched(&a));
    CHECK_INT(pier_address_port(&b), 1);
}

static void a_flow_label_has_20_bits(void **state)
{
    struct pier_address a = untouched();

    (void)state;
    CHECK_ERR(pier_address_inet6(&a, "::1", 1, 0x100000, 0), PIER_ERANGE);
    CHECK_ERR(pier_address_inet6(&a, "::1", 1, UINT32_MAX, 0), PIER_ERANGE);
    CHECK(is_untouched(&a));
}

static void a_zone_in_the_text_and_one_beside_it_must_agree(void **state)
{
    struct pier_address a = untouched();

    (void)state;
    CHECK_ERR(pier_address_inet6(&a, "fe80::1%2", 1, 0, 3), PIER_EINVAL);
    CHECK_ERR(pier_address_inet6(&a, "fe80::1%0", 1, 0, 3), PIER_EINVAL);
    CHECK_ERR(pier_address_inet6(&a, "fe80::1%", 1, 0, 3), PIER_EINVAL);
    CHECK(is_untouched(&a));
    CHECK_OK(pier_address_inet6(&a, "fe80::1%3", 1, 0, 3));
    CHECK_INT(pier_address_scope_id(&a), 3);
    CHECK_OK(pier_address_inet6(&a, "fe80::1%4294967295", 1, 0, 0));
    CHECK_INT(pier_address_scope_id(&a), UINT32_MAX);
}

static void a_zone_that_does_not_exist_is_told_apart(void **state)
{
    struct pier_address a = untouched();
    char text[512] = "fe80::1%";

    (void)state;
    CHECK_ERR(pier_address_inet6(&a, "::1%4294967296", 1, 0, 0), PIER_ERANGE);
    CHECK_ERR(pier_address_inet6(&a, "::1%no-such-zone", 1, 0, 0), PIER_ENXIO);
    memset(text + strlen(text), 'x', 400);
    CHECK_ERR(pier_address_inet6(&a, text, 1, 0, 0), PIER_ENXIO);
    CHECK(is_untouched(&a));
}

static void missing_arguments_are_invalid(void **state)
{
    struct pier_address a = inet("192.0.2.1", 1);
    struct pier_address none = { 0 };
    size_t length = 7;

    (void)state;
    CHECK_ERR(pier_address_inet(NULL, "1.2.3.4", 1), PIER_EINVAL);
    CHECK_ERR(pier_address_inet6(NULL, "::1", 1, 0, 0), PIER_EINVAL);
    CHECK_ERR(pier_address_unix(NULL, "/x", 2), PIER_EINVAL);
    CHECK_ERR(pier_address_unix(&a, NULL, 2), PIER_EINVAL);
    CHECK_ERR(pier_address_set_port(NULL, 1), PIER_EINVAL);
    CHECK_ERR(pier_address_set_port(&none, 1), PIER_EINVAL);
    CHECK_INT(pier_address_family(NULL), PIER_AF_UNSPEC);
    CHECK_INT(pier_address_family(&none), PIER_AF_UNSPEC);
    CHECK_INT(pier_address_port(NULL), -1);
    CHECK_INT(pier_address_port(&none), -1);
    CHECK(pier_address_sockaddr(NULL) == NULL);
    CHECK(pier_address_sockaddr(&none) == NULL);
    CHECK(pier_address_path(NULL, &length) == NULL);
    CHECK_INT((long long)length, 0);
    CHECK(!pier_address_is_loopback(NULL));
    CHECK(!pier_address_is_multicast(&none));
}

static void set_port_changes_nothing_else(void **state)
{
    struct pier_address a = untouched();
    struct pier_address b;

    (void)state;
    CHECK_OK(pier_address_inet6(&a, "fe80::1%2", 80, 5, 0));
    b = a;
    CHECK_OK(pier_address_set_port(&b, 81));
    CHECK_INT(pier_address_port(&b), 81);
    CHECK_INT(pier_address_flowinfo(&b), 5);
    CHECK_INT(pier_address_scope_id(&b), 2);
    CHECK(!pier_address_equal(&a, &b));
    CHECK_OK(pier_address_set_port(&b, 80));
    CHECK(identical(&a, &b));
}

/* ----------------------------------------------------------- AF_UNIX --- */

static void a_path_comes_back_without_its_nul(void **state)
{
    struct pier_address a = unix_path("/run/x");
    size_t length = 0;

    (void)state;
    CHECK_INT(pier_address_family(&a), PIER_AF_UNIX);
    CHECK(memcmp(pier_address_path(&a, &length), "/run/x", 7) == 0);
    CHECK_INT((long long)length, 6);
    CHECK_INT(pier_address_port(&a), -1);
    CHECK_ERR(pier_address_set_port(&a, 1), PIER_EAFNOSUPPORT);
}

static void a_path_is_never_cut(void **state)
{
    struct pier_address a = untouched();
    char path[200];
    size_t length = 1;
    size_t kept;

    (void)state;
    memset(path, 'p', sizeof path);
    while (pier_address_unix(&a, path, length) == PIER_OK) {
        CHECK(pier_address_path(&a, &kept) != NULL);
        CHECK_INT((long long)kept, (long long)length);
        a = untouched();
        length++;
    }
    CHECK(is_untouched(&a));
    CHECK(length > 90 && length < sizeof a.storage.bytes);
    CHECK_ERR(pier_address_unix(&a, path, length), PIER_ENAMETOOLONG);
    CHECK_ERR(pier_address_unix(&a, path, sizeof path), PIER_ENAMETOOLONG);
    CHECK_ERR(pier_address_unix(&a, path, SIZE_MAX), PIER_ENAMETOOLONG);
    CHECK(is_untouched(&a));
}

static void a_nul_inside_a_path_is_invalid(void **state)
{
    struct pier_address a = untouched();

    (void)state;
    CHECK_ERR(pier_address_unix(&a, "/a\0b", 4), PIER_EINVAL);
    CHECK_ERR(pier_address_unix(&a, "/a\0", 3), PIER_EINVAL);
    CHECK(is_untouched(&a));
}

static void an_abstract_name_keeps_every_byte_where_there_are_any(void **state)
{
    struct pier_address a = untouched();
    pier_err err = pier_address_unix(&a, "\0a\0b\0", 5);
    size_t length = 0;

    (void)state;
    if (err == PIER_OK) {
        CHECK(memcmp(pier_address_path(&a, &length), "\0a\0b\0", 5) == 0);
        CHECK_INT((long long)length, 5);
        return;
    }
    CHECK_ERR(err, PIER_EAFNOSUPPORT);
    CHECK(is_untouched(&a));
}

static void length_0_is_the_unnamed_address(void **state)
{
    struct pier_address a = untouched();
    struct pier_address b = unix_path("x");
    size_t length = 9;

    (void)state;
    CHECK_OK(pier_address_unix(&a, NULL, 0));
    CHECK_INT(pier_address_family(&a), PIER_AF_UNIX);
    (void)pier_address_path(&a, &length);
    CHECK_INT((long long)length, 0);
    CHECK(pier_address_equal(&a, &a));
    CHECK(!pier_address_equal(&a, &b));
}

/* ----------------------------------------------------- from sockaddr --- */

static void a_sockaddr_comes_back_equal(void **state)
{
    struct pier_address given[] = { inet("192.0.2.1", 80),
                                    inet6("2001:db8::1%7", 81),
                                    unix_path("/run/x") };

    (void)state;
    for (size_t i = 0; i < sizeof given / sizeof *given; i++) {
        struct pier_address a = untouched();

        CHECK_OK(pier_address_from_sockaddr(
            &a, pier_address_sockaddr(&given[i]), given[i].length));
        CHECK(identical(&a, &given[i]));
    }
}

/* accept() and its like report the size of the room that they were given. */
static void what_lies_behind_an_inet_sockaddr_is_left_out(void **state)
{
    struct pier_address given = inet("192.0.2.1", 80);
    struct pier_address plain = given;
    struct pier_address a = untouched();

    (void)state;
    memset(given.storage.bytes + 8, 0xee, sizeof given.storage.bytes - 8);
    CHECK_OK(pier_address_from_sockaddr(&a, pier_address_sockaddr(&given),
                                        sizeof given.storage.bytes));
    CHECK(identical(&a, &plain));
}

static void a_sockaddr_too_short_for_its_family_is_invalid(void **state)
{
    struct pier_address given = inet("192.0.2.1", 80);
    struct pier_address given6 = inet6("::1", 80);
    struct pier_address a = untouched();
    const struct sockaddr *sa = pier_address_sockaddr(&given);
    const struct sockaddr *sa6 = pier_address_sockaddr(&given6);

    (void)state;
    for (size_t length = 0; length < given.length; length++)
        CHECK_ERR(pier_address_from_sockaddr(&a, sa, length), PIER_EINVAL);
    for (size_t length = 0; length < given6.length; length++)
        CHECK_ERR(pier_address_from_sockaddr(&a, sa6, length), PIER_EINVAL);
    CHECK_ERR(pier_address_from_sockaddr(&a, sa, 129), PIER_EINVAL);
    CHECK_ERR(pier_address_from_sockaddr(&a, sa, SIZE_MAX), PIER_EINVAL);
    CHECK_ERR(pier_address_from_sockaddr(&a, NULL, 16), PIER_EINVAL);
    CHECK_ERR(pier_address_from_sockaddr(NULL, sa, 16), PIER_EINVAL);
    CHECK(is_untouched(&a));
}

static void other_families_pass_as_they_are(void **state)
{
    struct pier_address given = { 0 };
    struct pier_address a = untouched();

    (void)state;
    memset(given.storage.bytes, 0x6b, sizeof given.storage.bytes);
    given.length = sizeof given.storage.bytes;
    CHECK_OK(pier_address_from_sockaddr(&a, pier_address_sockaddr(&given),
                                        given.length));
    CHECK(identical(&a, &given));
    CHECK(pier_address_equal(&a, &given));
    CHECK_INT(pier_address_port(&a), -1);
    CHECK_ERR(pier_address_set_port(&a, 1), PIER_EAFNOSUPPORT);
    a.storage.bytes[127] = 0;
    CHECK(!pier_address_equal(&a, &given));
}

/* A kernel may fill the whole of sun_path and write no NUL. */
static void a_path_without_a_nul_is_read_whole(void **state)
{
    struct pier_address a = unix_path("/run/x");
    struct pier_address b = a;
    size_t length = 0;

    (void)state;
    b.length--;
    CHECK(memcmp(pier_address_path(&b, &length), "/run/x", 6) == 0);
    CHECK_INT((long long)length, 6);
    CHECK(pier_address_equal(&a, &b));
}

/* -------------------------------------------------------- comparison --- */

static void equality_is_of_meaning_not_of_padding(void **state)
{
    struct pier_address a = inet("192.0.2.1", 80);
    struct pier_address b = a;
    struct pier_address c = inet6("fe80::1%2", 80);
    struct pier_address d = untouched();

    (void)state;
    memset(b.storage.bytes + 8, 0xee, sizeof b.storage.bytes - 8);
    CHECK(pier_address_equal(&a, &b));
    CHECK_OK(pier_address_inet6(&d, "fe80::1", 80, 99, 2));
    CHECK(pier_address_equal(&c, &d));
}

static void each_field_makes_a_difference(void **state)
{
    struct pier_address all[] = {
        inet("192.0.2.1", 80),
        inet("192.0.2.2", 80),
        inet("192.0.2.1", 81),
        inet6("::ffff:192.0.2.1", 80),
        inet6("fe80::1", 80),
        inet6("fe80::1%2", 80),
        inet6("fe80::2", 80),
        inet6("fe80::1", 81),
        unix_path("/run/x"),
        unix_path("/run/xy"),
        { 0 },
    };
    size_t count = sizeof all / sizeof *all;

    (void)state;
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < count; k++)
            CHECK_INT(pier_address_equal(&all[i], &all[k]), i == k);
    }
    CHECK(pier_address_equal(NULL, &all[count - 1]));
    CHECK(pier_address_equal(NULL, NULL));
    CHECK(!pier_address_equal(NULL, &all[0]));
}

static void abstract_names_differ_from_paths(void **state)
{
    struct pier_address a = untouched();
    struct pier_address b = untouched();
    struct pier_address path = unix_path("x");

    (void)state;
    if (!has_abstract_names())
        return;
    CHECK_OK(pier_address_unix(&a, "\0x", 2));
    CHECK_OK(pier_address_unix(&b, "\0x\0", 3));
    CHECK(pier_address_equal(&a, &a));
    CHECK(!pier_address_equal(&a, &b));
    CHECK(!pier_address_equal(&a, &path));
}

struct kind {
    const char *ip;
    bool loopback;
    bool multicast;
};

static void loopback_and_multicast_are_known(void **state)
{
    static const struct kind kinds[] = {
        { "127.0.0.1", true, false },
        { "127.255.255.255", true, false },
        { "126.255.255.255", false, false },
        { "128.0.0.0", false, false },
        { "224.0.0.0", false, true },
        { "239.255.255.255", false, true },
        { "240.0.0.0", false, false },
        { "223.255.255.255", false, false },
        { "::1", true, false },
        { "::2", false, false },
        { "::", false, false },
        { "::ffff:127.1.2.3", true, false },
        { "::127.0.0.1", false, false },
        { "::ffff:224.0.0.1", false, true },
        { "ff02::1", false, true },
        { "fe80::1", false, false },
    };

    (void)state;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        struct pier_address a = strchr(kinds[i].ip, ':')
                                    ? inet6(kinds[i].ip, 1)
                                    : inet(kinds[i].ip, 1);

        CHECK_INT(pier_address_is_loopback(&a), kinds[i].loopback);
        CHECK_INT(pier_address_is_multicast(&a), kinds[i].multicast);
    }
}

static void byte_order_is_big_endian_in_memory(void **state)
{
    uint16_t s = pier_htons(0x1234);
    uint32_t l = pier_htonl(0x12345678);

    (void)state;
    CHECK(memcmp(&s, "\x12\x34", 2) == 0);
    CHECK(memcmp(&l, "\x12\x34\x56\x78", 4) == 0);
    CHECK_INT(pier_ntohs(s), 0x1234);
    CHECK_INT(pier_ntohl(l), 0x12345678);
    CHECK_INT(pier_ntohs(pier_htons(0xff01)), 0xff01);
    CHECK_INT(pier_ntohl(pier_htonl(0xff000001)), 0xff000001);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_FAKE(an_inet_address_has_its_family_and_port),
        ON_FAKE(an_inet6_address_has_all_its_fields),
        ON_FAKE(no_ip_is_the_wildcard),
        ON_FAKE(a_port_outside_16_bits_is_out_of_range),
        ON_FAKE(a_flow_label_has_20_bits),
        ON_FAKE(a_zone_in_the_text_and_one_beside_it_must_agree),
        ON_FAKE(a_zone_that_does_not_exist_is_told_apart),
        ON_FAKE(missing_arguments_are_invalid),
        ON_FAKE(set_port_changes_nothing_else),
        ON_FAKE(a_path_comes_back_without_its_nul),
        ON_FAKE(a_path_is_never_cut),
        ON_FAKE(a_nul_inside_a_path_is_invalid),
        ON_FAKE(an_abstract_name_keeps_every_byte_where_there_are_any),
        ON_FAKE(length_0_is_the_unnamed_address),
        ON_FAKE(a_sockaddr_comes_back_equal),
        ON_FAKE(what_lies_behind_an_inet_sockaddr_is_left_out),
        ON_FAKE(a_sockaddr_too_short_for_its_family_is_invalid),
        ON_FAKE(other_families_pass_as_they_are),
        ON_FAKE(a_path_without_a_nul_is_read_whole),
        ON_FAKE(equality_is_of_meaning_not_of_padding),
        ON_FAKE(each_field_makes_a_difference),
        ON_FAKE(abstract_names_differ_from_paths),
        ON_FAKE(loopback_and_multicast_are_known),
        ON_FAKE(byte_order_is_big_endian_in_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
