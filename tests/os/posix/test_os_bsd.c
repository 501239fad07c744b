/* SPDX-License-Identifier: MIT */
/* The backend as it is built where IPv4 tells an address and an interface in
 * two items, and credentials are an option of AF_UNIX: FreeBSD. */
#include "items.h"

/* As suites.cmake gives them. */
#define RECVDSTADDR 7
#define RECVIF      20
#define PERSISTENT  3

static const unsigned char some_ip[4] = { 192, 0, 2, 7 };

static void plan_switch(int level, int name, int result, int error)
{
    NEXT(setsockopt, .result = result, .error = error,
         .when = { ARGUMENT(2, level), ARGUMENT(3, name),
                   ARGUMENT(5, sizeof(int)) });
}

static void q78_address_and_interface_are_asked_for_one_by_one(void **state)
{
    (void)state;
    plan_switch(IPPROTO_IP, RECVDSTADDR, 0, 0);
    plan_switch(IPPROTO_IP, RECVIF, 0, 0);
    CHECK_OK(pierp_set_option(SOME_FD, AF_INET, PIERP_TELL_DESTINATION, 1));
    plan_switch(IPPROTO_IP, RECVDSTADDR, -1, ENOPROTOOPT);
    CHECK_ERR(pierp_set_option(SOME_FD, AF_INET, PIERP_TELL_DESTINATION, 1),
              PIER_ENOTSUP);
    CHECK_INT(CALLS(setsockopt), 3);
}

static void q78_a_socket_of_ipv6_has_one_item_for_both(void **state)
{
    (void)state;
    plan_switch(IPPROTO_IPV6, IPV6_RECVPKTINFO, 0, 0);
    plan_switch(IPPROTO_IP, RECVDSTADDR, -1, EINVAL);
    CHECK_OK(pierp_set_option(SOME_FD, AF_INET6, PIERP_TELL_DESTINATION, 1));
    CHECK_INT(CALLS(setsockopt), 2);
}

static void q78_address_and_interface_are_read_from_two_items(void **state)
{
    /* A struct sockaddr_dl: length, family, index. */
    unsigned char link[54] = { 54, 18 };
    const uint16_t index = 0x102;
    struct pier_message_info info;

    (void)state;
    memcpy(link + 2, &index, sizeof index);
    info = read_item(OF_IPV4, 7, some_ip, 4);
    check_ipv4(&info, some_ip);
    CHECK_INT(info.interface_index, 0);
    info = read_item(OF_IPV4, 20, link, sizeof link);
    CHECK_INT(info.interface_index, 0x102);
    CHECK_INT(info.known, 0);
    check_nothing(OF_IPV4, 7, some_ip, 3);
    check_nothing(OF_IPV4, 20, link, 3);
}

/* One byte each, under the names of the options. */
static void q77_hops_and_class_of_ipv4_are_bytes(void **state)
{
    const unsigned char byte = 200;
    const int number = 99;
    struct pier_message_info info;

    (void)state;
    info = read_item(OF_IPV4, 65, &byte, 1);
    CHECK_INT(info.known, PIER_INFO_HOP_LIMIT);
    CHECK_INT(info.hop_limit, 200);
    info = read_item(OF_IPV4, 68, &byte, 1);
    CHECK_INT(info.known, PIER_INFO_TRAFFIC_CLASS);
    CHECK_INT(info.traffic_class, 200);
    info = read_item(OF_IPV6, 47, &number, sizeof number);
    CHECK_INT(info.hop_limit, 99);
    info = read_item(OF_IPV6, 61, &number, sizeof number);
    CHECK_INT(info.traffic_class, 99);
    check_nothing(OF_IPV4, 65, &byte, 0);
}

static void a_timestamp_has_microseconds(void **state)
{
    const long value[2] = { 1700000000, 999999 };
    struct pier_message_info info;

    (void)state;
    info = read_item(OF_SOCKETS, 2, value, sizeof value);
    CHECK_INT(info.known, PIER_INFO_TIMESTAMP);
    CHECK_INT(info.timestamp_ns, INT64_C(1700000000999999000));
    check_nothing(OF_SOCKETS, 2, value, sizeof value - 1);
}

static void credentials_are_the_effective_ones(void **state)
{
    /* Version, process, user, effective user, group, effective group. */
    const uint32_t value[8] = { 0, 11, 22, 33, 44, 0xfffffffe };
    struct pier_message_info info;

    (void)state;
    plan_switch(0, PERSISTENT, 0, 0);
    CHECK_OK(pierp_set_option(SOME_FD, AF_UNIX, PIERP_TELL_CREDENTIALS, 1));
    info = read_item(OF_SOCKETS, 8, value, sizeof value);
    CHECK_INT(info.known, PIER_INFO_CREDENTIALS);
    CHECK_INT(info.process_id, 11);
    CHECK_INT(info.user_id, 33);
    CHECK_INT(info.group_id, 0xfffffffe);
    check_nothing(OF_SOCKETS, 8, value, 23);
}

static void an_address_to_send_from_has_no_interface(void **state)
{
    struct pier_message_info info = { .destination = script_inet(some_ip, 0) };
    struct pierp_info_item item;

    (void)state;
    CHECK_OK(pierp_info_write(&item, AF_INET, PIER_INFO_DESTINATION, &info));
    CHECK(item.level == OF_IPV4 && item.type == 7 && item.length == 4);
    CHECK(memcmp(item.data, some_ip, 4) == 0);
    info.interface_index = 3;
    CHECK_ERR(pierp_info_write(&item, AF_INET, PIER_INFO_DESTINATION, &info),
              PIER_ENOTSUP);
    CHECK_ERR(pierp_info_write(&item, AF_INET, PIER_INFO_HOP_LIMIT, &info),
              PIER_ENOTSUP);
    CHECK_ERR(pierp_info_write(&item, AF_UNIX, PIER_INFO_CREDENTIALS, &info),
              PIER_ENOTSUP);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        OS_TEST(q78_address_and_interface_are_asked_for_one_by_one),
        OS_TEST(q78_a_socket_of_ipv6_has_one_item_for_both),
        OS_TEST(q78_address_and_interface_are_read_from_two_items),
        OS_TEST(q77_hops_and_class_of_ipv4_are_bytes),
        OS_TEST(a_timestamp_has_microseconds),
        OS_TEST(credentials_are_the_effective_ones),
        OS_TEST(an_address_to_send_from_has_no_interface),
    };

    return cmocka_run_group_tests(tests, script_start, NULL);
}
