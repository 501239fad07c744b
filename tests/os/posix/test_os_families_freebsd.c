/* SPDX-License-Identifier: MIT */
/* The further addresses of FreeBSD as its headers give them. A family number
 * that this system has too is its own here. */
#include "bsd_sockaddr.h"

#include <string.h>
#include <sys/socket.h>

static void netlink_has_its_bytes(void **state)
{
    struct pierp_fields f = { .form = PIERP_NETLINK,
                              .numbers = { 0x01020304, 0xa0b0c0d0 } };
    unsigned char bytes[12] = { 12, AF_NETLINK };
    const uint32_t pid = 0x01020304;
    const uint32_t groups = 0xa0b0c0d0;

    (void)state;
    memcpy(bytes + 4, &pid, 4);
    memcpy(bytes + 8, &groups, 4);
    check_bsd_bytes(&f, bytes, sizeof bytes);
}

static void bluetooth_has_its_bytes(void **state)
{
    static const unsigned char l2cap[14] = {
        14,   AF_BLUETOOTH, 0x01, 0x10, 0xab, 0x89, 0x67,
        0x45, 0x23,         0x01, 0x40, 0x00, 1,    0
    };
    static const unsigned char rfcomm[9] = { 9,    AF_BLUETOOTH, 0xab,
                                             0x89, 0x67,         0x45,
                                             0x23, 0x01,         30 };
    static const unsigned char sco[8] = { 8,    AF_BLUETOOTH, 0xab, 0x89,
                                          0x67, 0x45,         0x23, 0x01 };
    struct pierp_fields f = { .form = PIERP_L2CAP,
                              .numbers = { 0x0123456789ab, 0x1001, 0x40, 1 } };

    (void)state;
    check_bsd_bytes(&f, l2cap, sizeof l2cap);
    f = (struct pierp_fields){ .form = PIERP_RFCOMM,
                               .numbers = { 0x0123456789ab, 30 } };
    check_bsd_bytes(&f, rfcomm, sizeof rfcomm);
    f = (struct pierp_fields){ .form = PIERP_SCO,
                               .numbers = { 0x0123456789ab } };
    check_bsd_bytes(&f, sco, sizeof sco);
}

static void what_freebsd_lacks_is_refused(void **state)
{
    struct pierp_fields f = { .form = PIERP_PACKET };
    struct pier_address a = { .length = 77 };

    (void)state;
    CHECK_ERR(pierp_address_encode(&a, &f), PIER_EAFNOSUPPORT);
    CHECK_INT(a.length, 77);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(netlink_has_its_bytes),
        cmocka_unit_test(bluetooth_has_its_bytes),
        cmocka_unit_test(what_freebsd_lacks_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
