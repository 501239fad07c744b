/* SPDX-License-Identifier: MIT */
/* What messages tell on macOS. */
#include "items.h"

static void q78_the_address_of_a_packet_is_the_last_of_its_item(void **state)
{
    const unsigned char bytes[12] = { 3, 0, 0, 0, 10, 0, 0, 1, 192, 0, 2, 7 };
    struct pier_message_info info;
    uint32_t index;

    (void)state;
    memcpy(&index, bytes, sizeof index);
    info = read_item(OF_IPV4, 26, bytes, sizeof bytes);
    check_ipv4(&info, bytes + 8);
    CHECK_INT(info.interface_index, index);
    check_nothing(OF_IPV4, 26, bytes, 11);
}

static void q78_the_address_to_send_from_is_in_the_middle(void **state)
{
    static const unsigned char ip[4] = { 192, 0, 2, 7 };
    const uint32_t index = 9;
    struct pier_message_info info = { .interface_index = index,
                                      .destination = script_inet(ip, 0) };
    struct pierp_info_item item;

    (void)state;
    CHECK_OK(pierp_info_write(&item, AF_INET, PIER_INFO_DESTINATION, &info));
    CHECK(item.level == OF_IPV4 && item.type == 26 && item.length == 12);
    CHECK(memcmp(item.data, &index, 4) == 0);
    CHECK(memcmp(item.data + 4, ip, 4) == 0);
    CHECK(memcmp(item.data + 8, "\0\0\0\0", 4) == 0);
}

/* Of eight bytes for the fraction four are no more than padding. */
static void the_fraction_of_a_timestamp_has_32_bits(void **state)
{
    const int64_t seconds = 1700000000;
    const int32_t fraction = 5;
    unsigned char bytes[16];
    struct pier_message_info info;

    (void)state;
    memset(bytes, 0xee, sizeof bytes);
    memcpy(bytes, &seconds, sizeof seconds);
    memcpy(bytes + 8, &fraction, sizeof fraction);
    info = read_item(OF_SOCKETS, 2, bytes, sizeof bytes);
    CHECK_INT(info.known, PIER_INFO_TIMESTAMP);
    CHECK_INT(info.timestamp_ns, INT64_C(1700000000000005000));
}

static void credentials_are_not_told(void **state)
{
    int value = 77;

    (void)state;
    CHECK_ERR(pierp_set_option(SOME_FD, AF_UNIX, PIERP_TELL_CREDENTIALS, 1),
              PIER_ENOTSUP);
    CHECK_ERR(
        pierp_get_option(SOME_FD, AF_UNIX, PIERP_TELL_CREDENTIALS, &value),
        PIER_ENOTSUP);
    CHECK_INT(value, 77);
    CHECK_CALLS("");
}

static void timestamps_are_asked_for_in_microseconds(void **state)
{
    (void)state;
    NEXT(setsockopt, .result = 0,
         .when = { ARGUMENT(2, SOL_SOCKET), ARGUMENT(3, SO_TIMESTAMP) });
    CHECK_OK(pierp_set_option(SOME_FD, AF_INET6, PIERP_TELL_TIMESTAMP, 1));
    CHECK_INT(CALLS(setsockopt), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        OS_TEST(q78_the_address_of_a_packet_is_the_last_of_its_item),
        OS_TEST(q78_the_address_to_send_from_is_in_the_middle),
        OS_TEST(the_fraction_of_a_timestamp_has_32_bits),
        OS_TEST(credentials_are_not_told),
        OS_TEST(timestamps_are_asked_for_in_microseconds),
    };

    return cmocka_run_group_tests(tests, script_start, NULL);
}
