/* SPDX-License-Identifier: MIT */
/* The interfaces of this machine. Every one has a loopback. */
#include "net.h"
#include "system.h"

#include <stdio.h>
#include <string.h>

static struct pier_interface *list;
static size_t count;

static int get_list(void **state)
{
    (void)state;
    return pier_if_nameindex(&list, &count);
}

static int free_list(void **state)
{
    pier_if_freenameindex(list, count);
    list = NULL;
    return free_sockets(state);
}

static const struct pier_interface *find_loopback(void)
{
    for (size_t i = 0; i < count; i++) {
        if (list[i].index == loopback_index())
            return &list[i];
    }
    CHECK(!"there is no loopback");
    return NULL;
}

static bool has(const struct pier_interface *i, const char *text)
{
    struct pier_address a;

    CHECK_OK(pier_address_parse(&a, text));
    for (size_t n = 0; n < i->address_count; n++) {
        if (pier_address_equal(&i->addresses[n], &a))
            return true;
    }
    return false;
}

static void the_loopback_has_its_addresses(void **state)
{
    const struct pier_interface *i = find_loopback();

    (void)state;
    CHECK(has(i, "127.0.0.1:0"));
    if (has_ipv6())
        CHECK_INT(has(i, "[::1]:0"), EXPECTED_IPV6_ADDRESSES);
}

static void they_come_in_the_order_of_their_numbers(void **state)
{
    (void)state;
    CHECK(count > 0);
    CHECK(list[0].index > 0);
    for (size_t i = 1; i < count; i++)
        CHECK(list[i - 1].index < list[i].index);
}

static void each_has_its_number_and_name_both_ways(void **state)
{
    char name[257];
    unsigned index;

    (void)state;
    for (size_t i = 0; i < count; i++) {
        print_message("%u %s\n", list[i].index, list[i].name);
        CHECK(list[i].name[0]);
        CHECK_OK(pier_if_nametoindex(&index, list[i].name));
        CHECK_INT(index, list[i].index);
        CHECK_OK(pier_if_indextoname(name, sizeof(name), index));
        CHECK(strcmp(name, list[i].name) == 0);
        CHECK_ERR(pier_if_indextoname(name, strlen(name), index),
                  PIER_ENOBUFS);
        CHECK_OK(pier_if_indextoname(name, strlen(name) + 1, index));
    }
}

static void each_name_is_the_zone_of_an_address(void **state)
{
    char text[300];
    struct pier_address a;

    (void)state;
    for (size_t i = 0; i < count; i++) {
        (void)snprintf(text, sizeof(text), "fe80::1%%%s", list[i].name);
        CHECK_OK(pier_address_inet6(&a, text, 0, 0, 0));
        CHECK_INT(pier_address_scope_id(&a), list[i].index);
    }
}

/* A zone is that of the interface; a port is nobody's. */
static void check_address(const struct pier_address *a, unsigned index)
{
    uint32_t zone = pier_address_scope_id(a);
    int family = pier_address_family(a);

    CHECK_INT(pier_address_port(a), 0);
    CHECK(zone == 0 || zone == index);
    if (pier_address_is_loopback(a))
        CHECK_OK(pier_bind(open_socket(family, PIER_SOCK_DGRAM), a));
}

static void addresses_are_ready_to_be_bound(void **state)
{
    (void)state;
    for (size_t i = 0; i < count; i++) {
        CHECK((list[i].addresses != NULL) == (list[i].address_count > 0));
        for (size_t n = 0; n < list[i].address_count; n++)
            check_address(&list[i].addresses[n], list[i].index);
    }
}

static void what_is_no_interface_is_told(void **state)
{
    static const char *const names[] = { "", " ", "no-such", "\xFF\xFE",
                                         "a name that is too long for any" };
    unsigned index = 77;
    char name[257] = "kept";

    (void)state;
    for (size_t i = 0; i < COUNT_OF(names); i++)
        CHECK_ERR(pier_if_nametoindex(&index, names[i]), PIER_ENXIO);
    CHECK_INT(index, 77);
    CHECK_ERR(pier_if_indextoname(name, sizeof(name), 0), PIER_ENXIO);
    CHECK_ERR(pier_if_indextoname(name, sizeof(name), 0x7ffffff1), PIER_ENXIO);
    CHECK_ERR(pier_if_indextoname(name, 0, list[0].index), PIER_ENOBUFS);
    CHECK(strcmp(name, "kept") == 0);
}

#define LIST_TEST(function)                                                   \
    cmocka_unit_test_setup_teardown(function, get_list, free_list)

int main(void)
{
    const struct CMUnitTest tests[] = {
        LIST_TEST(the_loopback_has_its_addresses),
        LIST_TEST(they_come_in_the_order_of_their_numbers),
        LIST_TEST(each_has_its_number_and_name_both_ways),
        LIST_TEST(each_name_is_the_zone_of_an_address),
        LIST_TEST(addresses_are_ready_to_be_bound),
        LIST_TEST(what_is_no_interface_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
