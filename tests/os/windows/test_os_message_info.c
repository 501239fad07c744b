/* SPDX-License-Identifier: MIT */
/* What messages tell on Windows, and what they are told. Wine passes over the
 * control data of what is sent, so its bytes are looked at here. */
#include "scripted.h"

#include <pier/message_info.h>
#include <string.h>

static const unsigned char some_ip[4] = { 192, 0, 2, 7 };

static struct pier_message_info read_item(int level, int type,
                                          const void *bytes, size_t length)
{
    const struct pier_control item = {
        .level = level, .type = type, .data = bytes, .length = length
    };
    struct pier_message_info info = { .known = 0 };

    pierp_info_read(&info, &item);
    return info;
}

/* IN_PKTINFO has the address first. */
static void
q78_the_address_of_a_packet_comes_before_its_interface(void **state)
{
    const unsigned char bytes[8] = { 192, 0, 2, 7, 5, 1, 0, 0 };
    struct pier_address a = script_inet(some_ip, 0);
    struct pier_message_info info;

    (void)state;
    CHECK_INT(sizeof(IN_PKTINFO), sizeof bytes);
    info = read_item(0, 19, bytes, sizeof bytes);
    CHECK_INT(info.known, PIER_INFO_DESTINATION);
    CHECK(script_is_same(&info.destination, &a));
    CHECK_INT(info.interface_index, 261);
    info = read_item(0, 19, bytes, 7);
    CHECK_INT(info.known, 0);
}

static void q78_an_address_of_ipv6_has_its_scope(void **state)
{
    struct pierp_endpoint e;
    struct pier_message_info info;
    IN6_PKTINFO packet;

    (void)state;
    memset(&packet, 0, sizeof packet);
    packet.ipi6_addr.s6_addr[0] = 0xfe;
    packet.ipi6_addr.s6_addr[1] = 0x80;
    packet.ipi6_addr.s6_addr[15] = 1;
    packet.ipi6_ifindex = 12;
    info = read_item(41, 19, &packet, sizeof packet);
    CHECK_INT(info.known, PIER_INFO_DESTINATION);
    CHECK_OK(pierp_address_unpack(&e, &info.destination));
    CHECK_INT(e.scope_id, 12);
    CHECK_INT(info.interface_index, 12);
}

static void check_number(int level, int type, unsigned known)
{
    const DWORD value = 200;
    struct pier_message_info info =
        read_item(level, type, &value, sizeof value);

    CHECK_INT(info.known, known);
    CHECK_INT(info.hop_limit + info.traffic_class, 200);
    info = read_item(level, type, &value, 3);
    CHECK_INT(info.known, 0);
}

static void q79_hops_and_class_are_dwords(void **state)
{
    (void)state;
    check_number(0, 4, PIER_INFO_HOP_LIMIT);
    check_number(41, 21, PIER_INFO_HOP_LIMIT);
    check_number(0, 3, PIER_INFO_TRAFFIC_CLASS);
    check_number(41, 39, PIER_INFO_TRAFFIC_CLASS);
}

static struct pierp_info_item write_item(int family, unsigned which)
{
    struct pier_message_info info = { .interface_index = 261,
                                      .hop_limit = 9,
                                      .traffic_class = 0xb9 };
    struct pierp_info_item item;

    if (family == AF_INET)
        info.destination = script_inet(some_ip, 0);
    if (family == AF_INET6)
        info.destination = script_loopback(AF_INET6, 0);
    CHECK_OK(pierp_info_write(&item, family, which, &info));
    return item;
}

static void check_item(const struct pierp_info_item *item, int level, int type,
                       const void *bytes, size_t length)
{
    CHECK_INT(item->level, level);
    CHECK_INT(item->type, type);
    CHECK_INT(item->length, length);
    CHECK(memcmp(item->data, bytes, length) == 0);
}

static void q78_what_is_sent_has_the_same_forms(void **state)
{
    static const unsigned char four[8] = { 192, 0, 2, 7, 5, 1 };
    static const unsigned char six[20] = { [15] = 1, [16] = 5, [17] = 1 };
    const DWORD hops = 9, bits = 0xb9;
    struct pierp_info_item item;

    (void)state;
    item = write_item(AF_INET, PIER_INFO_DESTINATION);
    check_item(&item, 0, 19, four, sizeof four);
    item = write_item(AF_INET6, PIER_INFO_DESTINATION);
    check_item(&item, 41, 19, six, sizeof six);
    item = write_item(AF_INET, PIER_INFO_HOP_LIMIT);
    check_item(&item, 0, 4, &hops, sizeof hops);
    item = write_item(AF_INET6, PIER_INFO_HOP_LIMIT);
    check_item(&item, 41, 21, &hops, sizeof hops);
    item = write_item(AF_INET, PIER_INFO_TRAFFIC_CLASS);
    check_item(&item, 0, 3, &bits, sizeof bits);
    item = write_item(AF_INET6, PIER_INFO_TRAFFIC_CLASS);
    check_item(&item, 41, 39, &bits, sizeof bits);
}

static void plan_switch(int level, int name, int error)
{
    NEXT(setsockopt, .result = error ? SOCKET_ERROR : 0, .error = error,
         .when = { ARGUMENT(2, level), ARGUMENT(3, name),
                   ARGUMENT(5, sizeof(DWORD)) });
}

static void check_switch(enum pierp_option option, int ipv4, int ipv6)
{
    plan_switch(0, ipv4, 0);
    CHECK_OK(pierp_set_option(SOME_SOCKET, AF_INET, option, 1));
    plan_switch(41, ipv6, 0);
    plan_switch(0, ipv4, 0);
    CHECK_OK(pierp_set_option(SOME_SOCKET, AF_INET6, option, 1));
    plan_switch(0, ipv4, WSAENOPROTOOPT);
    CHECK_ERR(pierp_set_option(SOME_SOCKET, AF_INET, option, 1), PIER_ENOTSUP);
}

static void q78_both_families_are_asked_to_tell(void **state)
{
    (void)state;
    check_switch(PIERP_TELL_DESTINATION, 19, 19);
    check_switch(PIERP_TELL_HOP_LIMIT, 21, 21);
    check_switch(PIERP_TELL_TRAFFIC_CLASS, 40, 40);
}

static void timestamps_and_credentials_are_not_told(void **state)
{
    (void)state;
    CHECK_ERR(pierp_set_option(SOME_SOCKET, AF_INET, PIERP_TELL_TIMESTAMP, 1),
              PIER_ENOTSUP);
    CHECK_ERR(
        pierp_set_option(SOME_SOCKET, AF_UNIX, PIERP_TELL_CREDENTIALS, 1),
        PIER_ENOTSUP);
    CHECK_CALLS("");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        OS_TEST(q78_the_address_of_a_packet_comes_before_its_interface),
        OS_TEST(q78_an_address_of_ipv6_has_its_scope),
        OS_TEST(q79_hops_and_class_are_dwords),
        OS_TEST(q78_what_is_sent_has_the_same_forms),
        OS_TEST(q78_both_families_are_asked_to_tell),
        OS_TEST(timestamps_and_credentials_are_not_told),
    };

    return cmocka_run_group_tests(tests, script_start, NULL);
}
