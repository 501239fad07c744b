/* SPDX-License-Identifier: MIT */
/* The further addresses of macOS: struct sockaddr_ctl and sockaddr_vm as its
 * headers give them. Numbers are in the order of the processor. */
#include "bsd_sockaddr.h"

#include <string.h>

static void a_kernel_control_has_its_bytes(void **state)
{
    struct pierp_fields f = { .form = PIERP_SYSTEM,
                              .numbers = { 0x01020304, 0xa0b0c0d0 } };
    unsigned char bytes[32] = { 32, 32 };
    const uint16_t sys_control = 2;
    const uint32_t id = 0x01020304;
    const uint32_t unit = 0xa0b0c0d0;

    (void)state;
    memcpy(bytes + 2, &sys_control, sizeof sys_control);
    memcpy(bytes + 4, &id, sizeof id);
    memcpy(bytes + 8, &unit, sizeof unit);
    check_bsd_bytes(&f, bytes, sizeof bytes);
}

static void vsock_has_its_bytes(void **state)
{
    struct pierp_fields f = { .form = PIERP_VSOCK,
                              .numbers = { 2, 0x01020304 } };
    unsigned char bytes[12] = { 12, 40 };
    const uint32_t port = 0x01020304;
    const uint32_t cid = 2;

    (void)state;
    memcpy(bytes + 4, &port, 4);
    memcpy(bytes + 8, &cid, 4);
    check_bsd_bytes(&f, bytes, sizeof bytes);
}

static void what_macos_lacks_is_refused(void **state)
{
    struct pierp_fields f = { .form = PIERP_NETLINK };
    struct pier_address a = { .length = 77 };

    (void)state;
    CHECK_ERR(pierp_address_encode(&a, &f), PIER_EAFNOSUPPORT);
    CHECK_INT(a.length, 77);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_kernel_control_has_its_bytes),
        cmocka_unit_test(vsock_has_its_bytes),
        cmocka_unit_test(what_macos_lacks_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
