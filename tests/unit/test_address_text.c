/* SPDX-License-Identifier: MIT */
/* The text of addresses, in both directions. */
#include "unit.h"

#include <pier/address.h>
#include <pier/constants.h>
#include <pier/error.h>

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const char *const good_inet[] = {
    "0.0.0.0", "127.0.0.1", "1.2.3.4", "255.255.255.255", "10.0.200.99",
};

static const char *const bad_inet[] = {
    "",          ".",          "1",         "127.1",     "1.2.3",
    "1.2.3.4.",  ".1.2.3.4",   "1.2.3.4.5", "1..2.3",    "256.0.0.1",
    "1.2.3.256", "1.2.3.1000", "01.2.3.4",  "1.2.3.04",  "1.2.3.00",
    " 1.2.3.4",  "1.2.3.4 ",   "1.2.3.4\n", "1. 2.3.4",  "+1.2.3.4",
    "-1.2.3.4",  "0x1.2.3.4",  "1.2.3.a",   "1,2,3,4",   "1.2.3.4/8",
    "1.2.3.",    "localhost",  "::1",       "1.2.3.4%1", "\xef\xbc\x91.2.3.4",
};

struct pair {
    const char *text;
    const char *written;
};

/* What RFC 5952 writes for what RFC 4291 reads. */
static const struct pair good_inet6[] = {
    { "::", "::" },
    { "::1", "::1" },
    { "1::", "1::" },
    { "0:0:0:0:0:0:0:0", "::" },
    { "2001:DB8::A", "2001:db8::a" },
    { "2001:0db8:0000:0000:0000:0000:0000:0001", "2001:db8::1" },
    { "2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1" },
    { "2001:db8::1:1:1:1:1", "2001:db8:0:1:1:1:1:1" },
    { "2001:0:0:1:0:0:0:1", "2001:0:0:1::1" },
    { "2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1" },
    { "1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0" },
    { "::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8" },
    { "1:0:0:4:5:6:0:0", "1::4:5:6:0:0" },
    { "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8" },
    { "::ffff:1.2.3.4", "::ffff:1.2.3.4" },
    { "::ffff:102:304", "::ffff:1.2.3.4" },
    { "::1.2.3.4", "::1.2.3.4" },
    { "::0.0.1.2", "::102" },
    { "1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304" },
    { "64:ff9b::192.0.2.33", "64:ff9b::c000:221" },
    { "1:2:3:4:5::1.2.3.4", "1:2:3:4:5:0:102:304" },
    { "::fffe:102:304", "::fffe:102:304" },
    { "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
      "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff" },
};

static const char *const bad_inet6[] = {
    "",
    ":",
    ":::",
    ":1",
    "1:",
    "1",
    "1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:",
    ":1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:8:9",
    "1:2:3:4:5:6:7:8::",
    "::1:2:3:4:5:6:7:8",
    "1:2:3:4::5:6:7:8",
    "1::2::3",
    "1:::2",
    ":::1",
    "1:2:3:4:5:6:7:1.2.3.4",
    "1:2:3:4:5:6:7:8.1.2.3",
    "::1.2.3",
    "::1.2.3.4.5",
    "::1.2.3.4:5",
    "1.2.3.4::",
    "1.2.3.4",
    "::01.2.3.4",
    "::256.2.3.4",
    "12345::",
    "00001::",
    "g::",
    "::-1",
    " ::1",
    "::1 ",
    "::1/64",
    "[::1]",
    "::1\n",
    "0x1::",
};

static void four_decimal_numbers_are_ipv4(void **state)
{
    unsigned char ip[4];
    char text[16];

    (void)state;
    for (size_t i = 0; i < COUNT(good_inet); i++) {
        CHECK_OK(pier_inet_pton(PIER_AF_INET, good_inet[i], ip));
        CHECK_OK(pier_inet_ntop(PIER_AF_INET, ip, text, sizeof text));
        assert_string_equal(text, good_inet[i]);
    }
    CHECK_OK(pier_inet_pton(PIER_AF_INET, "1.2.3.4", ip));
    CHECK(memcmp(ip, "\1\2\3\4", 4) == 0);
}

static void nothing_else_is_ipv4(void **state)
{
    unsigned char ip[4] = { 9, 9, 9, 9 };
    struct pier_address a = { 0 };

    (void)state;
    for (size_t i = 0; i < COUNT(bad_inet); i++) {
        CHECK_ERR(pier_inet_pton(PIER_AF_INET, bad_inet[i], ip), PIER_EINVAL);
        CHECK_ERR(pier_address_inet(&a, bad_inet[i], 1), PIER_EINVAL);
    }
    CHECK(memcmp(ip, "\x9\x9\x9\x9", 4) == 0);
    CHECK_INT(a.length, 0);
}

static void ipv6_is_read_and_written_as_the_standards_say(void **state)
{
    unsigned char ip[16];
    unsigned char again[16];
    char text[46];

    (void)state;
    for (size_t i = 0; i < COUNT(good_inet6); i++) {
        CHECK_OK(pier_inet_pton(PIER_AF_INET6, good_inet6[i].text, ip));
        CHECK_OK(pier_inet_ntop(PIER_AF_INET6, ip, text, sizeof text));
        assert_string_equal(text, good_inet6[i].written);
        CHECK_OK(pier_inet_pton(PIER_AF_INET6, text, again));
        CHECK(memcmp(ip, again, sizeof ip) == 0);
    }
    CHECK_OK(pier_inet_pton(PIER_AF_INET6, "1:2::7:1.2.3.4", ip));
    CHECK(memcmp(ip, "\0\1\0\2\0\0\0\0\0\0\0\7\1\2\3\4", 16) == 0);
}

static void nothing_else_is_ipv6(void **state)
{
    unsigned char ip[16] = { 9 };
    struct pier_address a = { 0 };

    (void)state;
    for (size_t i = 0; i < COUNT(bad_inet6); i++) {
        CHECK_ERR(pier_inet_pton(PIER_AF_INET6, bad_inet6[i], ip),
                  PIER_EINVAL);
        CHECK_ERR(pier_address_inet6(&a, bad_inet6[i], 1, 0, 0), PIER_EINVAL);
    }
    CHECK_ERR(pier_inet_pton(PIER_AF_INET6, "fe80::1%1", ip), PIER_EINVAL);
    CHECK_INT(ip[0], 9);
    CHECK_INT(a.length, 0);
}

static void conversions_check_their_arguments(void **state)
{
    unsigned char ip[16] = { 0 };
    char text[46] = "#";

    (void)state;
    CHECK_ERR(pier_inet_pton(PIER_AF_UNIX, "x", ip), PIER_EAFNOSUPPORT);
    CHECK_ERR(pier_inet_pton(PIER_AF_INET, NULL, ip), PIER_EINVAL);
    CHECK_ERR(pier_inet_pton(PIER_AF_INET, "1.2.3.4", NULL), PIER_EINVAL);
    CHECK_ERR(pier_inet_ntop(PIER_AF_UNIX, ip, text, 46), PIER_EAFNOSUPPORT);
    CHECK_ERR(pier_inet_ntop(PIER_AF_INET, NULL, text, 46), PIER_EINVAL);
    CHECK_ERR(pier_inet_ntop(PIER_AF_INET, ip, NULL, 46), PIER_EINVAL);
    CHECK_ERR(pier_inet_ntop(PIER_AF_INET, ip, text, 7), PIER_ENOBUFS);
    CHECK_ERR(pier_inet_ntop(PIER_AF_INET, ip, text, 0), PIER_ENOBUFS);
    assert_string_equal(text, "#");
    CHECK_OK(pier_inet_ntop(PIER_AF_INET, ip, text, 8));
    assert_string_equal(text, "0.0.0.0");
}

/* -------------------------------------------------------------- aton --- */

static const struct pair loose[] = {
    { "1.2.3.4", "1.2.3.4" },
    { "127.1", "127.0.0.1" },
    { "127.65535", "127.0.255.255" },
    { "1.2.515", "1.2.2.3" },
    { "1", "0.0.0.1" },
    { "0", "0.0.0.0" },
    { "4294967295", "255.255.255.255" },
    { "0xffffffff", "255.255.255.255" },
    { "0x7f.1", "127.0.0.1" },
    { "0X7F.1", "127.0.0.1" },
    { "010.010.010.010", "8.8.8.8" },
    { "037777777777", "255.255.255.255" },
    { "1.16777215", "1.255.255.255" },
    { "00.0.0.01", "0.0.0.1" },
};

static const char *const not_even_loose[] = {
    "",          ".",          "1.",          ".1",
    "1..2",      "1.2.3.4.",   "1.2.3.4.5",   "1.2.3.256",
    "256.1",     "1.256.1",    "1.2.256.1",   "1.16777216",
    "1.2.65536", "4294967296", "0x100000000", "08",
    "1.09",      "0x",         "0xg",         "1.0x",
    "1.2.3.4 ",  " 1.2.3.4",   "1.2.3.4\n",   "1a",
    "a",         "-1",         "+1",          "0x1.0xffffffffffffffffff",
    "1.2.3.4x",
};

static void aton_reads_the_historical_forms(void **state)
{
    unsigned char ip[4];
    char text[16];

    (void)state;
    for (size_t i = 0; i < COUNT(loose); i++) {
        CHECK_OK(pier_inet_aton(loose[i].text, ip));
        CHECK_OK(pier_inet_ntop(PIER_AF_INET, ip, text, sizeof text));
        assert_string_equal(text, loose[i].written);
    }
}

static void aton_reads_nothing_else(void **state)
{
    unsigned char ip[4] = { 9, 9, 9, 9 };

    (void)state;
    for (size_t i = 0; i < COUNT(not_even_loose); i++)
        CHECK_ERR(pier_inet_aton(not_even_loose[i], ip), PIER_EINVAL);
    CHECK_ERR(pier_inet_aton(NULL, ip), PIER_EINVAL);
    CHECK_ERR(pier_inet_aton("1.2.3.4", NULL), PIER_EINVAL);
    CHECK(memcmp(ip, "\x9\x9\x9\x9", 4) == 0);
}

/* ----------------------------------------------------- whole address --- */

static const struct pair whole[] = {
    { "1.2.3.4:80", "1.2.3.4:80" },
    { "0.0.0.0:0", "0.0.0.0:0" },
    { "255.255.255.255:65535", "255.255.255.255:65535" },
    { "[::]:0", "[::]:0" },
    { "[::1]:80", "[::1]:80" },
    { "[FE80:0::1%2]:80", "[fe80::1%2]:80" },
    { "[fe80::1%4294967295]:1", "[fe80::1%4294967295]:1" },
    { "[fe80::1%0]:1", "[fe80::1]:1" },
    { "[fe80::1%007]:1", "[fe80::1%7]:1" },
    { "[::ffff:1.2.3.4]:443", "[::ffff:1.2.3.4]:443" },
    { "unix:", "unix:" },
    { "unix:/run/x", "unix:/run/x" },
    { "unix:relative name", "unix:relative name" },
    { "unix:C:\\run\\x", "unix:C:\\run\\x" },
    { "unix:/tmp/100%25", "unix:/tmp/100%25" },
    { "unix:%2frun%2Fx", "unix:/run/x" },
    { "unix:%40x", "unix:%40x" },
    { "unix:/a@b", "unix:/a@b" },
    { "unix:/gr\xc3\xbc\xc3\x9f", "unix:/gr\xc3\xbc\xc3\x9f" },
    { "unix:/%c3%bc", "unix:/\xc3\xbc" },
    { "unix:/\xff\xc3", "unix:/%ff%c3" },
    { "unix:/a\nb\x7f", "unix:/a%0ab%7f" },
};

static void each_form_is_read_and_written(void **state)
{
    struct pier_address a;
    struct pier_address b;
    char text[420];

    (void)state;
    for (size_t i = 0; i < COUNT(whole); i++) {
        CHECK_OK(pier_address_parse(&a, whole[i].text));
        CHECK_OK(pier_address_format(&a, text, sizeof text));
        assert_string_equal(text, whole[i].written);
        CHECK_OK(pier_address_parse(&b, text));
        CHECK(pier_address_equal(&a, &b));
    }
}

static const struct {
    const char *text;
    pier_err err;
} bad_whole[] = {
    { "", PIER_EINVAL },
    { "1.2.3.4", PIER_EINVAL },
    { "1.2.3.4:", PIER_EINVAL },
    { "1.2.3.4:80 ", PIER_EINVAL },
    { "1.2.3.4: 80", PIER_EINVAL },
    { "1.2.3.4:+80", PIER_EINVAL },
    { "1.2.3.4:-1", PIER_EINVAL },
    { "1.2.3.4:080", PIER_EINVAL },
    { "1.2.3.4:0x50", PIER_EINVAL },
    { "1.2.3.4:http", PIER_EINVAL },
    { "1.2.3.4:80:80", PIER_EINVAL },
    { "1.2.3.4:65536", PIER_ERANGE },
    { "1.2.3.4:99999", PIER_ERANGE },
    { "1.2.3.4:4294967376", PIER_ERANGE },
    { "1.2.3.4:99999999999999999999999", PIER_ERANGE },
    { ":80", PIER_EINVAL },
    { "127.1:80", PIER_EINVAL },
    { "localhost:80", PIER_EINVAL },
    { "::1:80", PIER_EINVAL },
    { "[::1]", PIER_EINVAL },
    { "[::1]80", PIER_EINVAL },
    { "[::1]:", PIER_EINVAL },
    { "[::1", PIER_EINVAL },
    { "[", PIER_EINVAL },
    { "[]:80", PIER_EINVAL },
    { "[1.2.3.4]:80", PIER_EINVAL },
    { "[::1]:65536", PIER_ERANGE },
    { "[::1%]:80", PIER_EINVAL },
    { "[::1%1%1]:80", PIER_ENXIO },
    { "[::1%-1]:80", PIER_ENXIO },
    { "[::1%4294967296]:80", PIER_ERANGE },
    { "[::1%no-such-zone]:80", PIER_ENXIO },
    { "[%1]:80", PIER_EINVAL },
    { "UNIX:/x", PIER_EINVAL },
    { "unix", PIER_EINVAL },
    { "unix:/x%", PIER_EINVAL },
    { "unix:/x%2", PIER_EINVAL },
    { "unix:/x%zz", PIER_EINVAL },
    { "unix:/x%00y", PIER_EINVAL },
};

static void everything_else_is_an_error(void **state)
{
    struct pier_address a = { 0 };
    struct pier_address zero = { 0 };

    (void)state;
    for (size_t i = 0; i < COUNT(bad_whole); i++)
        CHECK_ERR(pier_address_parse(&a, bad_whole[i].text), bad_whole[i].err);
    CHECK_ERR(pier_address_parse(&a, NULL), PIER_EINVAL);
    CHECK_ERR(pier_address_parse(NULL, "1.2.3.4:1"), PIER_EINVAL);
    CHECK_INT(a.length, 0);
    CHECK(memcmp(a.storage.bytes, zero.storage.bytes,
                 sizeof a.storage.bytes) == 0);
}

static void a_path_too_long_for_the_system_is_not_cut(void **state)
{
    struct pier_address a = { 0 };
    char text[600] = "unix:";

    (void)state;
    memset(text + 5, 'p', 500);
    CHECK_ERR(pier_address_parse(&a, text), PIER_ENAMETOOLONG);
    text[5 + 120] = '\0';
    CHECK_ERR(pier_address_parse(&a, text), PIER_ENAMETOOLONG);
    CHECK_INT(a.length, 0);
}

/* Where there are abstract names, every byte of one survives its text. */
static void abstract_names_are_written_with_an_at(void **state)
{
    static const char name[] = "\0a\0b%@\xff/";
    struct pier_address a;
    struct pier_address b;
    char text[64];
    pier_err err = pier_address_parse(&a, "unix:@a%00b%25@%ff/");

    (void)state;
    if (err) {
        CHECK_ERR(err, PIER_EAFNOSUPPORT);
        return;
    }
    CHECK_OK(pier_address_unix(&b, name, sizeof name - 1));
    CHECK(pier_address_equal(&a, &b));
    CHECK_OK(pier_address_format(&b, text, sizeof text));
    assert_string_equal(text, "unix:@a%00b%25@%ff/");
    CHECK_OK(pier_address_host(&b, text, sizeof text));
    assert_string_equal(text, "@a%00b%25@%ff/");
}

static void the_longest_texts_fit_what_the_header_says(void **state)
{
    struct pier_address a;
    char path[128];
    char text[420];
    size_t length = sizeof path;

    (void)state;
    memset(path, 0xff, sizeof path);
    while (pier_address_unix(&a, path, length))
        length--;
    CHECK_OK(pier_address_host(&a, text, 330));
    CHECK_INT((long long)strlen(text), (long long)(3 * length));
    CHECK_OK(pier_address_format(&a, text, 338));
    CHECK_OK(pier_address_inet6(
        &a, "1111:2222:3333:4444:5555:6666:7777:8888%4294967295", 65535, 0,
        0));
    CHECK_OK(pier_address_host(&a, text, 65));
    CHECK_OK(pier_address_format(&a, text, 73));
}

static void the_host_comes_without_its_port(void **state)
{
    static const struct pair hosts[] = {
        { "1.2.3.4:80", "1.2.3.4" },
        { "[fe80::1%2]:80", "fe80::1%2" },
        { "unix:/run/x", "/run/x" },
        { "unix:", "" },
    };
    struct pier_address a;
    char text[64];

    (void)state;
    for (size_t i = 0; i < COUNT(hosts); i++) {
        CHECK_OK(pier_address_parse(&a, hosts[i].text));
        CHECK_OK(pier_address_host(&a, text, sizeof text));
        assert_string_equal(text, hosts[i].written);
    }
}

static void a_text_that_does_not_fit_is_not_begun(void **state)
{
    struct pier_address a;
    char text[16] = "#";

    (void)state;
    CHECK_OK(pier_address_parse(&a, "1.2.3.4:80"));
    for (size_t capacity = 0; capacity <= 10; capacity++)
        CHECK_ERR(pier_address_format(&a, text, capacity), PIER_ENOBUFS);
    for (size_t capacity = 0; capacity <= 7; capacity++)
        CHECK_ERR(pier_address_host(&a, text, capacity), PIER_ENOBUFS);
    assert_string_equal(text, "#");
    CHECK_OK(pier_address_host(&a, text, 8));
    CHECK_OK(pier_address_format(&a, text, 11));
    assert_string_equal(text, "1.2.3.4:80");
}

static void what_has_no_text_says_so(void **state)
{
    struct pier_address a = { 0 };
    char text[16];

    (void)state;
    CHECK_ERR(pier_address_format(&a, text, sizeof text), PIER_EINVAL);
    CHECK_ERR(pier_address_format(NULL, text, sizeof text), PIER_EINVAL);
    CHECK_ERR(pier_address_host(NULL, text, sizeof text), PIER_EINVAL);
    memset(a.storage.bytes, 0x7f, 16);
    a.length = 16;
    CHECK_ERR(pier_address_format(&a, text, 16), PIER_EAFNOSUPPORT);
    CHECK_ERR(pier_address_host(&a, text, 16), PIER_EAFNOSUPPORT);
    CHECK_OK(pier_address_inet(&a, NULL, 1));
    CHECK_ERR(pier_address_format(&a, NULL, 16), PIER_EINVAL);
}

/* --------------------------------------------------- generated texts --- */

#define TEXTS 100000

/* The same texts in every run, on every system. */
static uint32_t next_random(uint32_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 17;
    *seed ^= *seed << 5;
    return *seed;
}

/* A valid text, some bytes of which are replaced, doubled or left out. */
static void generate(char *text, size_t room, uint32_t *seed)
{
    static const char bytes[] = "0123456789abcdefF:::...[]%%@/ unix\\\xc3\xbc";
    const char *base = whole[next_random(seed) % COUNT(whole)].text;
    size_t used = 0;

    for (; *base && used + 2 < room; base++) {
        uint32_t dice = next_random(seed) % 24;

        if (dice == 0)
            continue;
        text[used++] = *base;
        if (dice == 1)
            text[used - 1] = bytes[next_random(seed) % (sizeof bytes - 1)];
        if (dice == 2)
            text[used++] = *base;
    }
    text[used] = '\0';
}

static void what_is_accepted_is_written_back_to_an_equal_address(void **state)
{
    uint32_t seed = 20240229;
    unsigned accepted = 0;
    struct pier_address a;
    struct pier_address b;
    char text[128];
    char written[420];

    (void)state;
    for (int i = 0; i < TEXTS; i++) {
        generate(text, sizeof text, &seed);
        if (pier_address_parse(&a, text))
            continue;
        accepted++;
        CHECK_OK(pier_address_format(&a, written, sizeof written));
        CHECK_OK(pier_address_parse(&b, written));
        CHECK(pier_address_equal(&a, &b));
    }
    /* The generator is of use only while it meets both cases often. */
    CHECK(accepted > TEXTS / 10);
    CHECK(accepted < TEXTS - TEXTS / 10);
}

static void random_addresses_survive_their_text(void **state)
{
    uint32_t seed = 4711;
    char text[64];

    (void)state;
    for (int i = 0; i < TEXTS; i++) {
        unsigned char ip[16];
        unsigned char again[16];

        /* Zero groups are what the short forms are about. */
        for (int k = 0; k < 16; k++) {
            ip[k] =
                next_random(&seed) % 3 ? 0 : (unsigned char)next_random(&seed);
        }
        CHECK_OK(pier_inet_ntop(PIER_AF_INET6, ip, text, sizeof text));
        CHECK_OK(pier_inet_pton(PIER_AF_INET6, text, again));
        CHECK(memcmp(ip, again, sizeof ip) == 0);
    }
}

static void random_bytes_as_a_name_survive_their_text(void **state)
{
    uint32_t seed = 815;
    struct pier_address a;
    struct pier_address b;
    char written[420];

    (void)state;
    for (int i = 0; i < TEXTS / 10; i++) {
        unsigned char name[90];
        size_t length = 1 + next_random(&seed) % (sizeof name - 1);

        for (size_t k = 0; k < length; k++)
            name[k] = (unsigned char)(next_random(&seed) % 255 + 1);
        CHECK_OK(pier_address_unix(&a, name, length));
        CHECK_OK(pier_address_format(&a, written, sizeof written));
        CHECK_OK(pier_address_parse(&b, written));
        CHECK(pier_address_equal(&a, &b));
    }
}

static void four_bytes_are_written_as_numbers_with_dots(void **state)
{
    static const unsigned char bytes[4] = { 192, 0, 2, 255 };
    char text[16] = "untouched";

    (void)state;
    CHECK_ERR(pier_inet_ntoa(bytes, text, 11), PIER_ENOBUFS);
    CHECK_ERR(pier_inet_ntoa(NULL, text, sizeof(text)), PIER_EINVAL);
    CHECK_ERR(pier_inet_ntoa(bytes, NULL, sizeof(text)), PIER_EINVAL);
    assert_string_equal(text, "untouched");
    CHECK_OK(pier_inet_ntoa(bytes, text, 12));
    assert_string_equal(text, "192.0.2.255");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_FAKE(four_decimal_numbers_are_ipv4),
        ON_FAKE(nothing_else_is_ipv4),
        ON_FAKE(ipv6_is_read_and_written_as_the_standards_say),
        ON_FAKE(nothing_else_is_ipv6),
        ON_FAKE(conversions_check_their_arguments),
        ON_FAKE(aton_reads_the_historical_forms),
        ON_FAKE(aton_reads_nothing_else),
        ON_FAKE(four_bytes_are_written_as_numbers_with_dots),
        ON_FAKE(each_form_is_read_and_written),
        ON_FAKE(everything_else_is_an_error),
        ON_FAKE(a_path_too_long_for_the_system_is_not_cut),
        ON_FAKE(abstract_names_are_written_with_an_at),
        ON_FAKE(the_longest_texts_fit_what_the_header_says),
        ON_FAKE(the_host_comes_without_its_port),
        ON_FAKE(a_text_that_does_not_fit_is_not_begun),
        ON_FAKE(what_has_no_text_says_so),
        ON_FAKE(what_is_accepted_is_written_back_to_an_equal_address),
        ON_FAKE(random_addresses_survive_their_text),
        ON_FAKE(random_bytes_as_a_name_survive_their_text),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
