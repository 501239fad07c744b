/* SPDX-License-Identifier: MIT */
/* The bytes of Linux's further addresses, as the kernel documents them. What
 * is a number in host order here is one there. */
#include "loopback.h"

#include <string.h>
#include <sys/socket.h>

struct expected {
    unsigned char bytes[128];
    size_t length;
};

static void put(struct expected *e, size_t at, const void *bytes, size_t count)
{
    memcpy(e->bytes + at, bytes, count);
}

static void put16(struct expected *e, size_t at, uint16_t value)
{
    put(e, at, &value, sizeof value);
}

static void put32(struct expected *e, size_t at, uint32_t value)
{
    put(e, at, &value, sizeof value);
}

static void put64(struct expected *e, size_t at, uint64_t value)
{
    put(e, at, &value, sizeof value);
}

static struct expected bytes_of(int family, size_t length)
{
    struct expected e = { .length = length };

    put16(&e, 0, (uint16_t)family);
    return e;
}

/* Encoding gives these bytes, decoding them gives the fields again. */
static void check_bytes(const struct pierp_fields *f, const struct expected *e)
{
    struct pier_address a;
    struct pierp_fields back;

    memset(&a, 0x5a, sizeof a);
    memset(&back, 0x5a, sizeof back);
    CHECK_OK(pierp_address_encode(&a, f));
    CHECK_INT(a.length, e->length);
    CHECK_INT(a.reserved, 0);
    CHECK(memcmp(a.storage.bytes, e->bytes, sizeof e->bytes) == 0);
    CHECK_OK(pierp_address_decode(&back, f->form, &a));
    CHECK_INT(back.form, f->form);
    CHECK(memcmp(back.numbers, f->numbers, sizeof back.numbers) == 0);
    CHECK(memcmp(back.bytes, f->bytes, sizeof back.bytes) == 0);
}

static void netlink_has_its_bytes(void **state)
{
    struct pierp_fields f = { .form = PIERP_NETLINK,
                              .numbers = { 0x01020304, 0xa0b0c0d0 } };
    struct expected e = bytes_of(16, 12);

    (void)state;
    put32(&e, 4, 0x01020304);
    put32(&e, 8, 0xa0b0c0d0);
    check_bytes(&f, &e);
}

static void packet_has_its_bytes(void **state)
{
    struct pierp_fields f = { .form = PIERP_PACKET,
                              .numbers = { 0x01020304, 0x88cc, 4, 0x0506, 6 },
                              .bytes = { { 1, 2, 3, 4, 5, 6 } } };
    struct expected e = bytes_of(17, 20);

    (void)state;
    put(&e, 2, "\x88\xcc", 2);
    put32(&e, 4, 0x01020304);
    put16(&e, 8, 0x0506);
    put(&e, 10, "\x04\x06\1\2\3\4\5\6", 8);
    check_bytes(&f, &e);
}

static void a_long_hardware_address_makes_a_packet_longer(void **state)
{
    struct pierp_fields f = { .form = PIERP_PACKET,
                              .numbers = { 3, 0x0800, 0, 32, 20 } };
    struct expected e = bytes_of(17, 32);

    (void)state;
    memset(f.bytes[0], 0xee, 20);
    put(&e, 2, "\x08\0", 2);
    put32(&e, 4, 3);
    put16(&e, 8, 32);
    e.bytes[11] = 20;
    memset(e.bytes + 12, 0xee, 20);
    check_bytes(&f, &e);
}

static void can_has_its_bytes(void **state)
{
    struct pierp_fields f = { .form = PIERP_CAN, .numbers = { 0x01020304 } };
    struct expected e = bytes_of(29, 24);

    (void)state;
    put32(&e, 4, 0x01020304);
    check_bytes(&f, &e);
    f.form = PIERP_ISOTP;
    f.numbers[1] = 0x98765432;
    f.numbers[2] = 0x7ff;
    put32(&e, 8, 0x98765432);
    put32(&e, 12, 0x7ff);
    check_bytes(&f, &e);
}

static void j1939_has_its_bytes(void **state)
{
    struct pierp_fields f = { .form = PIERP_J1939,
                              .numbers = { 7, 0x1122334455667788, 0x3ffff,
                                           0xfe } };
    struct expected e = bytes_of(29, 24);

    (void)state;
    put32(&e, 4, 7);
    put64(&e, 8, 0x1122334455667788);
    put32(&e, 16, 0x3ffff);
    e.bytes[20] = 0xfe;
    check_bytes(&f, &e);
}

static void vsock_has_its_bytes(void **state)
{
    struct pierp_fields f = { .form = PIERP_VSOCK,
                              .numbers = { 2, 0xfffffffe } };
    struct expected e = bytes_of(40, 16);

    (void)state;
    put32(&e, 4, 0xfffffffe);
    put32(&e, 8, 2);
    check_bytes(&f, &e);
}

static void tipc_has_its_bytes(void **state)
{
    struct pierp_fields f = { .form = PIERP_TIPC,
                              .numbers = { 1, 0xfe, 1000, 2, 3 } };
    struct expected e = bytes_of(30, 16);

    (void)state;
    put(&e, 2, "\1\xfe", 2);
    put32(&e, 4, 1000);
    put32(&e, 8, 2);
    put32(&e, 12, 3);
    check_bytes(&f, &e);
}

static void the_reference_of_tipc_precedes_the_node(void **state)
{
    struct pierp_fields f = { .form = PIERP_TIPC_ID,
                              .numbers = { 3, 0, 0x01001001, 77 } };
    struct expected e = bytes_of(30, 16);

    (void)state;
    e.bytes[2] = 3;
    put32(&e, 4, 77);
    put32(&e, 8, 0x01001001);
    check_bytes(&f, &e);
}

static void alg_has_its_bytes(void **state)
{
    struct pierp_fields f = { .form = PIERP_ALG,
                              .numbers = { 0x12345678, 0x9abcdef0 } };
    struct expected e = bytes_of(38, 88);

    (void)state;
    memcpy(f.bytes[0], "hash", 4);
    memcpy(f.bytes[1], "sha256", 6);
    put(&e, 2, "hash", 4);
    put32(&e, 16, 0x12345678);
    put32(&e, 20, 0x9abcdef0);
    put(&e, 24, "sha256", 6);
    check_bytes(&f, &e);
}

static void qipcrtr_has_its_bytes(void **state)
{
    struct pierp_fields f = { .form = PIERP_QIPCRTR,
                              .numbers = { 9, 0xfffffffe } };
    struct expected e = bytes_of(42, 12);

    (void)state;
    put32(&e, 4, 9);
    put32(&e, 8, 0xfffffffe);
    check_bytes(&f, &e);
}

static void l2cap_has_its_bytes(void **state)
{
    struct pierp_fields f = {
        .form = PIERP_L2CAP, .numbers = { 0x0123456789ab, 0x1001, 0x0040, 2 }
    };
    struct expected e = bytes_of(31, 14);

    (void)state;
    put(&e, 2, "\x01\x10\xab\x89\x67\x45\x23\x01\x40\x00\x02", 11);
    check_bytes(&f, &e);
}

static void rfcomm_has_its_bytes(void **state)
{
    struct pierp_fields f = { .form = PIERP_RFCOMM,
                              .numbers = { 0x0123456789ab, 30 } };
    struct expected e = bytes_of(31, 10);

    (void)state;
    put(&e, 2, "\xab\x89\x67\x45\x23\x01\x1e", 7);
    check_bytes(&f, &e);
}

static void hci_has_its_bytes(void **state)
{
    struct pierp_fields f = { .form = PIERP_HCI, .numbers = { 0xffff, 3 } };
    struct expected e = bytes_of(31, 6);

    (void)state;
    put16(&e, 2, 0xffff);
    put16(&e, 4, 3);
    check_bytes(&f, &e);
}

static void sco_has_its_bytes(void **state)
{
    struct pierp_fields f = { .form = PIERP_SCO,
                              .numbers = { 0xffeeddccbbaa } };
    struct expected e = bytes_of(31, 8);

    (void)state;
    put(&e, 2, "\xaa\xbb\xcc\xdd\xee\xff", 6);
    check_bytes(&f, &e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(netlink_has_its_bytes),
        cmocka_unit_test(packet_has_its_bytes),
        cmocka_unit_test(a_long_hardware_address_makes_a_packet_longer),
        cmocka_unit_test(can_has_its_bytes),
        cmocka_unit_test(j1939_has_its_bytes),
        cmocka_unit_test(vsock_has_its_bytes),
        cmocka_unit_test(tipc_has_its_bytes),
        cmocka_unit_test(the_reference_of_tipc_precedes_the_node),
        cmocka_unit_test(alg_has_its_bytes),
        cmocka_unit_test(qipcrtr_has_its_bytes),
        cmocka_unit_test(l2cap_has_its_bytes),
        cmocka_unit_test(rfcomm_has_its_bytes),
        cmocka_unit_test(hci_has_its_bytes),
        cmocka_unit_test(sco_has_its_bytes),
    };

    return cmocka_run_group_tests(tests, start_seam, NULL);
}
