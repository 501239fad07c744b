/* SPDX-License-Identifier: MIT */
/* The bytes of Windows' further addresses: those of the structures in its
 * headers, and written out. */
#include "loopback.h"

#include <winsock2.h>

#include <windows.h>

#include <hvsocket.h>
#include <string.h>
#include <ws2bth.h>

static void check_bytes(const struct pierp_fields *f, const void *bytes,
                        size_t length)
{
    struct pier_address a;
    struct pierp_fields back;

    memset(&a, 0x5a, sizeof a);
    memset(&back, 0x5a, sizeof back);
    CHECK_OK(pierp_address_encode(&a, f));
    CHECK_INT(a.length, length);
    CHECK(memcmp(a.storage.bytes, bytes, length) == 0);
    CHECK_OK(pierp_address_decode(&back, f->form, &a));
    CHECK(memcmp(back.numbers, f->numbers, sizeof back.numbers) == 0);
    CHECK(memcmp(back.bytes, f->bytes, sizeof back.bytes) == 0);
}

static void rfcomm_has_its_bytes(void **state)
{
    static const unsigned char bytes[30] = { 32,   0,    0xab, 0x89,    0x67,
                                             0x45, 0x23, 0x01, [26] = 3 };
    struct pierp_fields f = { .form = PIERP_RFCOMM,
                              .numbers = { 0x0123456789ab, 3 } };
    SOCKADDR_BTH bth = { .addressFamily = AF_BTH,
                         .btAddr = 0x0123456789ab,
                         .port = 3 };

    (void)state;
    check_bytes(&f, bytes, sizeof bytes);
    check_bytes(&f, &bth, sizeof bth);
    f.numbers[1] = bth.port = BT_PORT_ANY;
    check_bytes(&f, &bth, sizeof bth);
}

static void hyperv_has_its_bytes(void **state)
{
    /* a42e7cda-d03f-480c-9cc2-a4de20abb878, the constant of the parent. */
    static const unsigned char text_order[] = { 0xa4, 0x2e, 0x7c, 0xda,
                                                0xd0, 0x3f, 0x48, 0x0c,
                                                0x9c, 0xc2, 0xa4, 0xde,
                                                0x20, 0xab, 0xb8, 0x78 };
    static const unsigned char bytes[] = {
        34,   0,    0,    0,    0xda, 0x7c, 0x2e, 0xa4, 0x3f, 0xd0, 0x0c, 0x48,
        0x9c, 0xc2, 0xa4, 0xde, 0x20, 0xab, 0xb8, 0x78, 0xda, 0x7c, 0x2e, 0xa4,
        0x3f, 0xd0, 0x0c, 0x48, 0x9c, 0xc2, 0xa4, 0xde, 0x20, 0xab, 0xb8, 0x78
    };
    static const GUID parent = { 0xa42e7cda,
                                 0xd03f,
                                 0x480c,
                                 { 0x9c, 0xc2, 0xa4, 0xde, 0x20, 0xab, 0xb8,
                                   0x78 } };
    struct pierp_fields f = { .form = PIERP_HYPERV };
    SOCKADDR_HV hv = { .Family = 34, .VmId = parent, .ServiceId = parent };

    (void)state;
    memcpy(f.bytes[0], text_order, sizeof text_order);
    memcpy(f.bytes[1], text_order, sizeof text_order);
    check_bytes(&f, bytes, sizeof bytes);
    check_bytes(&f, &hv, sizeof hv);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rfcomm_has_its_bytes),
        cmocka_unit_test(hyperv_has_its_bytes),
    };

    return cmocka_run_group_tests(tests, start_seam, NULL);
}
