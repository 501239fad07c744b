/* SPDX-License-Identifier: MIT */
/* What the machine says of itself: its name, its interfaces, and its lists of
 * services and protocols. */
#include "unit.h"

#include <pier/error.h>
#include <pier/interface.h>
#include <pier/resolver.h>
#include <string.h>

/* ---------------------------------------------------------- interfaces --- */

static struct pier_interface *list;
static size_t count;

static int end_list(void **state)
{
    pier_if_freenameindex(list, count);
    list = NULL;
    return end_fake(state);
}

static bool has(const struct pier_interface *i, size_t which,
                struct pier_address wanted)
{
    return fake_same_address(&i->addresses[which], &wanted);
}

/* What belongs together comes in no order, and the name only once. */
static void lines_become_interfaces_in_the_order_of_their_index(void **state)
{
    struct pier_address a = fake_loopback6(0), b = fake_inet(1, 0),
                        c = fake_inet(2, 0);

    (void)state;
    fake_interface_line(9, NULL, 0, &b);
    fake_interface_line(2, "fake2", 1, NULL);
    fake_interface_line(9, "fake9", 4, NULL);
    fake_interface_line(9, "fake9", 2, &c);
    fake_interface_line(FAKE_INTERFACE_INDEX, NULL, 8, &a);
    CHECK_OK(pier_if_nameindex(&list, &count));
    CHECK_INT(count, 3);
    CHECK_INT(list[0].index, 2);
    assert_string_equal(list[0].name, "fake2");
    CHECK_INT(list[0].flags, 1);
    CHECK_INT(list[0].address_count, 0);
    CHECK(list[0].addresses == NULL);
    CHECK_INT(list[1].index, FAKE_INTERFACE_INDEX);
    assert_string_equal(list[1].name, FAKE_INTERFACE);
    CHECK_INT(list[1].flags, 8);
    CHECK_INT(list[1].address_count, 1);
    CHECK(has(&list[1], 0, a));
    CHECK_INT(list[2].index, 9);
    assert_string_equal(list[2].name, "fake9");
    CHECK_INT(list[2].flags, 6);
    CHECK_INT(list[2].address_count, 2);
    CHECK(has(&list[2], 0, b) && has(&list[2], 1, c));
}

/* It went away while the system was asked for the addresses. */
static void who_has_no_name_any_more_is_left_out(void **state)
{
    struct pier_address a = fake_inet(1, 0);

    (void)state;
    fake_interface_line(3, NULL, 1, &a);
    fake_interface_line(9, NULL, 1, &a);
    CHECK_OK(pier_if_nameindex(&list, &count));
    CHECK_INT(count, 1);
    CHECK_INT(list[0].index, FAKE_INTERFACE_INDEX);
}

static void a_list_that_cannot_be_had_is_none(void **state)
{
    (void)state;
    count = 77;
    fake_fail(FAKE_IF_LIST, 1, PIER_EMFILE);
    list = (void *)&count;
    CHECK_ERR(pier_if_nameindex(&list, &count), PIER_EMFILE);
    CHECK(list == NULL);
    list = (void *)&count;
    CHECK_ERR(pier_if_nameindex(&list, NULL), PIER_EINVAL);
    CHECK(list == NULL);
    CHECK_ERR(pier_if_nameindex(NULL, &count), PIER_EINVAL);
    CHECK_INT(count, 77);
    pier_if_freenameindex(NULL, 77);
}

static void an_interface_is_found_by_name_and_by_number(void **state)
{
    char name[257] = "kept";
    unsigned index = 77;

    (void)state;
    CHECK_OK(pier_if_nametoindex(&index, FAKE_INTERFACE));
    CHECK_INT(index, FAKE_INTERFACE_INDEX);
    CHECK_ERR(pier_if_nametoindex(&index, "no"), PIER_ENXIO);
    CHECK_ERR(pier_if_nametoindex(&index, ""), PIER_ENXIO);
    CHECK_ERR(pier_if_nametoindex(&index, NULL), PIER_EINVAL);
    CHECK_ERR(pier_if_nametoindex(NULL, FAKE_INTERFACE), PIER_EINVAL);
    CHECK_INT(index, FAKE_INTERFACE_INDEX);
    CHECK_ERR(pier_if_indextoname(name, sizeof(name), 8), PIER_ENXIO);
    fake_clear_calls();
    CHECK_ERR(pier_if_indextoname(name, sizeof(name), 0), PIER_ENXIO);
    CHECK_INT(fake_system_calls(), 0);
    CHECK_ERR(pier_if_indextoname(NULL, 5, FAKE_INTERFACE_INDEX), PIER_EINVAL);
    CHECK_ERR(pier_if_indextoname(name, 5, FAKE_INTERFACE_INDEX),
              PIER_ENOBUFS);
    CHECK_ERR(pier_if_indextoname(name, 0, FAKE_INTERFACE_INDEX),
              PIER_ENOBUFS);
    assert_string_equal(name, "kept");
    CHECK_OK(pier_if_indextoname(name, 6, FAKE_INTERFACE_INDEX));
    assert_string_equal(name, FAKE_INTERFACE);
}

static void the_longest_name_is_given_whole(void **state)
{
    char name[PIERP_INTERFACE_NAME], longest[PIERP_INTERFACE_NAME];

    (void)state;
    memset(longest, 'x', sizeof(longest) - 1);
    longest[sizeof(longest) - 1] = '\0';
    fake_interface_line(9, longest, 0, NULL);
    CHECK_ERR(pier_if_indextoname(name, sizeof(name) - 1, 9), PIER_ENOBUFS);
    CHECK_OK(pier_if_indextoname(name, sizeof(name), 9));
    assert_string_equal(name, longest);
    CHECK_OK(pier_if_nameindex(&list, &count));
    assert_string_equal(list[1].name, longest);
}

/* ---------------------------------------------------------- the machine ---
 */

static void the_machine_has_a_name_and_gets_another(void **state)
{
    char name[256] = "kept";

    (void)state;
    CHECK_ERR(pier_gethostname(name, sizeof(FAKE_HOST_NAME) - 1),
              PIER_ENOBUFS);
    CHECK_ERR(pier_gethostname(name, 0), PIER_ENOBUFS);
    CHECK_ERR(pier_gethostname(NULL, 8), PIER_EINVAL);
    assert_string_equal(name, "kept");
    CHECK_OK(pier_gethostname(name, sizeof(FAKE_HOST_NAME)));
    assert_string_equal(name, FAKE_HOST_NAME);
    CHECK_OK(pier_sethostname("other"));
    CHECK_OK(pier_gethostname(name, sizeof(name)));
    assert_string_equal(name, "other");
    CHECK_ERR(pier_sethostname(NULL), PIER_EINVAL);
}

static void a_name_that_cannot_be_given_is_told(void **state)
{
    struct pier_detail detail;

    (void)state;
    fake_fail(FAKE_SETHOSTNAME, 1, PIER_EPERM);
    CHECK_ERR(pier_sethostname("other"), PIER_EPERM);
    pier_error_detail(&detail);
    CHECK_INT(detail.native_code, -PIER_EPERM);
    fake_fail(FAKE_SETHOSTNAME, 1, PIER_ENOTSUP);
    CHECK_ERR(pier_sethostname("other"), PIER_ENOTSUP);
    pier_error_detail(&detail);
    CHECK_INT(detail.native_code, 0);
    assert_string_equal(detail.operation, "sethostname");
}

/* ------------------------------------------------- services, protocols --- */

static void a_service_has_a_port_and_back(void **state)
{
    char name[16] = "kept";
    int port = 7;

    (void)state;
    CHECK_OK(pier_getservbyname(&port, "http", "tcp"));
    CHECK_INT(port, 80);
    CHECK_OK(pier_getservbyname(&port, "domain", NULL));
    CHECK_INT(port, 53);
    CHECK_ERR(pier_getservbyname(&port, "domain", "tcp"), PIER_EAI_SERVICE);
    CHECK_ERR(pier_getservbyport(name, sizeof(name), 80, "udp"),
              PIER_EAI_SERVICE);
    CHECK_ERR(pier_getservbyport(name, 4, 80, "tcp"), PIER_ENOBUFS);
    CHECK_INT(port, 53);
    assert_string_equal(name, "kept");
    CHECK_OK(pier_getservbyport(name, 5, 80, "tcp"));
    assert_string_equal(name, "http");
}

/* Some systems would read it as a port. */
static void a_number_is_no_service(void **state)
{
    static const char *const names[] = { "", "80", "0080" };
    int port = 7;

    (void)state;
    for (int i = 0; i < 3; i++) {
        CHECK_ERR(pier_getservbyname(&port, names[i], NULL), PIER_EAI_SERVICE);
    }
    CHECK_INT(fake_system_calls(), 0);
    CHECK_INT(port, 7);
}

static void ports_beyond_the_last_have_no_service(void **state)
{
    static const int ports[] = { -1, 65536, 65536 + 80, 1 << 30 };
    char name[16] = "kept";

    (void)state;
    for (int i = 0; i < 4; i++) {
        CHECK_ERR(pier_getservbyport(name, sizeof(name), ports[i], NULL),
                  PIER_ERANGE);
    }
    CHECK_ERR(pier_getservbyport(name, sizeof(name), 65535, NULL),
              PIER_EAI_SERVICE);
    assert_string_equal(name, "kept");
}

static void a_protocol_has_a_number(void **state)
{
    int number = 7;

    (void)state;
    CHECK_ERR(pier_getprotobyname(&number, "no"), PIER_ENOENT);
    CHECK_INT(number, 7);
    CHECK_OK(pier_getprotobyname(&number, "udp"));
    CHECK_INT(number, 17);
}

static void bad_arguments_are_told(void **state)
{
    int number = 7;

    (void)state;
    CHECK_ERR(pier_getservbyname(NULL, "http", NULL), PIER_EINVAL);
    CHECK_ERR(pier_getservbyname(&number, NULL, NULL), PIER_EINVAL);
    CHECK_ERR(pier_getservbyport(NULL, 5, 80, NULL), PIER_EINVAL);
    CHECK_ERR(pier_getprotobyname(NULL, "tcp"), PIER_EINVAL);
    CHECK_ERR(pier_getprotobyname(&number, NULL), PIER_EINVAL);
    CHECK_INT(number, 7);
    CHECK_INT(fake_system_calls(), 0);
}

#define ON_LIST(function)                                                     \
    cmocka_unit_test_setup_teardown(function, begin_fake, end_list)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_LIST(lines_become_interfaces_in_the_order_of_their_index),
        ON_LIST(who_has_no_name_any_more_is_left_out),
        ON_LIST(a_list_that_cannot_be_had_is_none),
        ON_LIST(the_longest_name_is_given_whole),
        ON_FAKE(an_interface_is_found_by_name_and_by_number),
        ON_FAKE(the_machine_has_a_name_and_gets_another),
        ON_FAKE(a_name_that_cannot_be_given_is_told),
        ON_FAKE(a_service_has_a_port_and_back),
        ON_FAKE(a_number_is_no_service),
        ON_FAKE(ports_beyond_the_last_have_no_service),
        ON_FAKE(a_protocol_has_a_number),
        ON_FAKE(bad_arguments_are_told),
    };

    return cmocka_run_group_tests_name("machine", tests, NULL, NULL);
}
