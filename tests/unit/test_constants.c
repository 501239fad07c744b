/* SPDX-License-Identifier: MIT */
/* The generated constants and their registry, on whatever the target is. */
#include "check.h"
#include "headers.h"

#include <string.h>

#include <pier/constants.h>
#include <pier/error.h>

#define HIGHEST_ABSENT (-0x40000000LL)

struct row {
    const char *name;
    const char *group;
    long long value;
    int have;
};

/* Every number of the data: a name that the header lacks does not compile. */
#define TEXT(name)
#define REGISTERED(name, group)
#define ROW(name, group) { #name, #group, PIER_##name, PIER_HAVE_##name },
static const struct row rows[] = {
#include "constant_rows.inc"
};
#undef TEXT
#undef ROW

/* What the data says of this target. */
#define LISTED(name, group, here) { #name, #group, 0, here },
static const struct row listed[] = {
#include "constants_listed.inc"
};
#undef LISTED

struct text_row {
    const char *name;
    int have;
};

#define ROW(name, group)
#define TEXT(name) { #name, PIER_HAVE_##name },
static const struct text_row texts[] = {
#include "constant_rows.inc"
};
#undef TEXT
#undef ROW
#undef REGISTERED

/* What no header of pier has: the registry tells the system's number. */
#define ROW(name, group)
#define TEXT(name)
#define REGISTERED(name, group) { #name, #group, 0, 1 },
static const struct row registered[] = {
#include "constant_rows.inc"
};
#undef ROW
#undef TEXT
#undef REGISTERED

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* A value is a constant of the preprocessor too. */
#if PIER_AF_UNSPEC != 0 || PIER_INADDR_BROADCAST != 4294967295U
#error "the values of the header do not serve in conditions"
#endif

static bool is_flag(const struct row *row)
{
    return strcmp(row->group, "msg_flag") == 0;
}

static void every_present_number_is_found_by_name(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        long long value = -1;

        if (!rows[i].have)
            continue;
        CHECK_OK(pier_constant(rows[i].name, &value));
        CHECK_INT(value, rows[i].value);
    }
}

static void an_absent_number_is_not_found(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        long long value = 77;

        if (rows[i].have)
            continue;
        CHECK_ERR(pier_constant(rows[i].name, &value), PIER_ENOENT);
        CHECK_INT(value, 77);
    }
}

static void an_unknown_name_is_not_found(void **state)
{
    static const char *const unknown[] = {
        "",
        "AF",
        "AF_INE",
        "AF_INET ",
        "af_inet",
        "PIER_AF_INET",
        "AAAA",
        "zzzz",
        "PIER_EAI_AGAIN",
        "HV_GUID_ZERO",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(unknown); i++) {
        long long value = 77;

        CHECK_ERR(pier_constant(unknown[i], &value), PIER_ENOENT);
        CHECK_INT(value, 77);
    }
}

static void null_arguments_are_refused(void **state)
{
    long long value = 77;

    (void)state;
    CHECK_ERR(pier_constant(NULL, &value), PIER_EINVAL);
    CHECK_INT(value, 77);
    CHECK_ERR(pier_constant("AF_INET", NULL), PIER_EINVAL);
    CHECK(pier_constant_text(NULL) == NULL);
    CHECK(pier_constants(NULL) != NULL);
}

static bool is_found(const char *name)
{
    long long value;

    return pier_constant(name, &value) == PIER_OK;
}

static void the_table_is_sorted_and_holds_what_is_present(void **state)
{
    size_t count = 0;
    size_t present = 0;
    const struct pier_constant *table = pier_constants(&count);

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        present += rows[i].have ? 1 : 0;
    for (size_t i = 0; i < COUNT(registered); i++)
        present += is_found(registered[i].name) ? 1 : 0;
    CHECK_INT((long long)count, (long long)present);
    for (size_t i = 1; i < count; i++)
        CHECK(strcmp(table[i - 1].name, table[i].name) < 0);
}

static const struct pier_constant *find(const char *name)
{
    size_t count = 0;
    const struct pier_constant *table = pier_constants(&count);

    for (size_t i = 0; i < count; i++) {
        if (strcmp(table[i].name, name) == 0)
            return &table[i];
    }
    return NULL;
}

static void the_table_tells_group_and_value(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct pier_constant *found = find(rows[i].name);

        CHECK((found != NULL) == (rows[i].have != 0));
        if (found == NULL)
            continue;
        assert_string_equal(found->group, rows[i].group);
        CHECK_INT(found->value, rows[i].value);
    }
}

static void the_errors_of_the_resolver_are_the_systems(void **state)
{
    (void)state;
    CHECK(is_found("EAI_AGAIN") && is_found("EAI_NONAME"));
    for (size_t i = 0; i < COUNT(registered); i++) {
        const struct pier_constant *found = find(registered[i].name);

        CHECK((found != NULL) == is_found(registered[i].name));
        if (found)
            assert_string_equal(found->group, registered[i].group);
    }
}

/* What is found and what the data says, with its exceptions. */
static void the_registry_has_what_the_data_lists_for_this_system(void **state)
{
    unsigned differences = 0;

    (void)state;
    for (size_t i = 0; i < COUNT(listed); i++) {
        bool found = is_found(listed[i].name) ||
                     pier_constant_text(listed[i].name) != NULL;

        if (found == (listed[i].have != 0))
            continue;
        print_message("%s is %s\n", listed[i].name,
                      found ? "not listed" : "missing");
        differences++;
    }
    CHECK_INT(differences, 0);
}

static void what_the_headers_define_is_in_the_registry(void **state)
{
    unsigned differences = 0;

    (void)state;
    CHECK(probed_count > 100);
    for (size_t i = 0; i < probed_count; i++) {
        long long value = 0;

        if (pier_constant(probed[i].name, &value) == PIER_OK &&
            value == probed[i].value)
            continue;
        print_message("%s is %lld to the headers and %lld to pier\n",
                      probed[i].name, probed[i].value, value);
        differences++;
    }
    CHECK_INT(differences, 0);
}

static void absent_values_are_unique_and_out_of_range(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        if (rows[i].have || is_flag(&rows[i]))
            continue;
        CHECK(rows[i].value <= HIGHEST_ABSENT);
        CHECK(rows[i].value >= INT32_MIN);
        for (size_t k = 0; k < i; k++)
            CHECK(rows[k].value != rows[i].value);
    }
}

static void no_present_value_looks_absent(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        if (rows[i].have)
            CHECK(rows[i].value > HIGHEST_ABSENT);
    }
}

static void an_absent_flag_is_one_bit_of_its_own(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        long long bit = rows[i].value;

        if (rows[i].have || !is_flag(&rows[i]))
            continue;
        CHECK(bit > 0 && bit < 0x80000000LL && (bit & (bit - 1)) == 0);
        for (size_t k = 0; k < COUNT(rows); k++) {
            if (k != i && is_flag(&rows[k]))
                CHECK_INT(rows[k].value & bit, 0);
        }
    }
}

static void texts_are_found_where_present(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++) {
        const char *text = pier_constant_text(texts[i].name);

        CHECK((text != NULL) == (texts[i].have != 0));
        CHECK(text == NULL || strlen(text) >= strlen("00:00:00:00:00:00"));
    }
    CHECK(pier_constant_text("AF_INET") == NULL);
    CHECK(pier_constant_text("") == NULL);
}

static void bluetooth_addresses_have_their_text(void **state)
{
    (void)state;
    if (!PIER_HAVE_AF_BLUETOOTH)
        skip_because("no Bluetooth in the system's headers");
    assert_string_equal(pier_constant_text("BDADDR_ANY"), "00:00:00:00:00:00");
    assert_string_equal(pier_constant_text("BDADDR_LOCAL"),
                        "00:00:00:FF:FF:FF");
}

/* What every system's standards or documents agree on. */
static void portable_numbers_are_what_all_systems_say(void **state)
{
    (void)state;
    CHECK_INT(PIER_AF_UNSPEC, 0);
    CHECK_INT(PIER_AF_INET, 2);
    CHECK_INT(PIER_AF_UNIX, 1);
    CHECK_INT(PIER_SHUT_RD, 0);
    CHECK_INT(PIER_SHUT_WR, 1);
    CHECK_INT(PIER_SHUT_RDWR, 2);
    CHECK_INT(PIER_IPPROTO_TCP, 6);
    CHECK_INT(PIER_IPPROTO_UDP, 17);
    CHECK_INT(PIER_IPPROTO_IPV6, 41);
    CHECK_INT(PIER_SOL_TCP, 6);
    CHECK_INT(PIER_INADDR_LOOPBACK, 0x7f000001);
    CHECK_INT(PIER_INADDR_NONE, 0xffffffffLL);
    CHECK_INT(PIER_IPPORT_RESERVED, 1024);
}

static void what_every_system_has_is_present(void **state)
{
    (void)state;
    CHECK(PIER_HAVE_SOCK_STREAM && PIER_HAVE_SOCK_DGRAM);
    CHECK(PIER_HAVE_SOL_SOCKET && PIER_HAVE_SO_REUSEADDR);
    CHECK(PIER_HAVE_MSG_PEEK && PIER_HAVE_MSG_WAITALL);
    CHECK(PIER_HAVE_TCP_NODELAY && PIER_HAVE_IPV6_V6ONLY);
    CHECK(PIER_HAVE_AI_PASSIVE && PIER_HAVE_NI_NUMERICHOST);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_present_number_is_found_by_name),
        cmocka_unit_test(an_absent_number_is_not_found),
        cmocka_unit_test(an_unknown_name_is_not_found),
        cmocka_unit_test(null_arguments_are_refused),
        cmocka_unit_test(the_table_is_sorted_and_holds_what_is_present),
        cmocka_unit_test(the_table_tells_group_and_value),
        cmocka_unit_test(the_errors_of_the_resolver_are_the_systems),
        cmocka_unit_test(the_registry_has_what_the_data_lists_for_this_system),
        cmocka_unit_test(what_the_headers_define_is_in_the_registry),
        cmocka_unit_test(absent_values_are_unique_and_out_of_range),
        cmocka_unit_test(no_present_value_looks_absent),
        cmocka_unit_test(an_absent_flag_is_one_bit_of_its_own),
        cmocka_unit_test(texts_are_found_where_present),
        cmocka_unit_test(bluetooth_addresses_have_their_text),
        cmocka_unit_test(portable_numbers_are_what_all_systems_say),
        cmocka_unit_test(what_every_system_has_is_present),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
