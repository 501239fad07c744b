/* SPDX-License-Identifier: MIT */
/* The same for the families of buses, radios and machines. */
#include "families.h"

#include <limits.h>
#include <string.h>

/* -------------------------------------------------------------- CAN --- */

static void can_is_read_as_it_was_made(void **state)
{
    struct pier_address a = untouched();
    unsigned index = 0;

    (void)state;
    check_refused(pier_address_can(&a, UINT_MAX), PIER_ERANGE,
                  PIER_HAVE_AF_CAN, &a);
    if (!made(pier_address_can(&a, 7), PIER_HAVE_AF_CAN, &a))
        return;
    CHECK_INT(pier_address_family(&a), PIER_AF_CAN);
    CHECK_OK(pier_address_get_can(&a, &index));
    CHECK_INT(index, 7);
    CHECK_OK(pier_address_get_can(&a, NULL));
    check_passes_through(&a);
}

static void isotp_is_read_as_it_was_made(void **state)
{
    struct pier_address a = untouched();
    unsigned index = 0;
    uint32_t rx = 0;
    uint32_t tx = 0;

    (void)state;
    if (!made(pier_address_isotp(&a, 3, 0x7ff, 0x9fffffff), PIER_HAVE_AF_CAN,
              &a))
        return;
    CHECK_OK(pier_address_get_isotp(&a, &index, &rx, &tx));
    CHECK_INT(index, 3);
    CHECK_INT(rx, 0x7ff);
    CHECK_INT(tx, 0x9fffffff);
    CHECK_OK(pier_address_get_can(&a, &index));
    CHECK_INT(index, 3);
    CHECK_OK(pier_address_isotp(&a, 3, PIER_CAN_NO_ID, 1));
    CHECK_OK(pier_address_get_isotp(&a, NULL, &rx, NULL));
    CHECK_INT(rx, PIER_CAN_NO_ID);
}

static void identifiers_have_11_or_29_bits(void **state)
{
    static const uint32_t bad[] = { 0x800,      0x1fffffff, 0xa0000000,
                                    0xfffffffe, 0x40000000, 0xc0000001 };
    struct pier_address a = untouched();

    (void)state;
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        check_refused(pier_address_isotp(&a, 1, bad[i], 1), PIER_ERANGE,
                      PIER_HAVE_AF_CAN, &a);
        check_refused(pier_address_isotp(&a, 1, 1, bad[i]), PIER_ERANGE,
                      PIER_HAVE_AF_CAN, &a);
    }
    check_refused(pier_address_isotp(&a, 1, 1, PIER_CAN_NO_ID), PIER_ERANGE,
                  PIER_HAVE_AF_CAN, &a);
    check_refused(pier_address_isotp(&a, UINT_MAX, 1, 1), PIER_ERANGE,
                  PIER_HAVE_AF_CAN, &a);
}

static void j1939_is_read_as_it_was_made(void **state)
{
    struct pier_address a = untouched();
    unsigned index = 0;
    uint64_t name = 0;
    uint32_t pgn = 0;
    int addr = 0;

    (void)state;
    if (!made(pier_address_j1939(&a, 4, UINT64_MAX - 1, 0x40000, 255),
              PIER_HAVE_AF_CAN, &a))
        return;
    CHECK_OK(pier_address_get_j1939(&a, &index, &name, &pgn, &addr));
    CHECK_INT(index, 4);
    CHECK(name == UINT64_MAX - 1);
    CHECK_INT(pgn, 0x40000);
    CHECK_INT(addr, 255);
    CHECK_OK(pier_address_get_j1939(&a, NULL, NULL, NULL, NULL));
}

static void groups_and_addresses_of_j1939_have_their_width(void **state)
{
    struct pier_address a = untouched();

    (void)state;
    check_refused(pier_address_j1939(&a, 1, 0, 0x40001, 0), PIER_ERANGE,
                  PIER_HAVE_AF_CAN, &a);
    check_refused(pier_address_j1939(&a, 1, 0, UINT32_MAX, 0), PIER_ERANGE,
                  PIER_HAVE_AF_CAN, &a);
    check_refused(pier_address_j1939(&a, 1, 0, 0, 256), PIER_ERANGE,
                  PIER_HAVE_AF_CAN, &a);
    check_refused(pier_address_j1939(&a, 1, 0, 0, -1), PIER_ERANGE,
                  PIER_HAVE_AF_CAN, &a);
    check_refused(pier_address_j1939(&a, UINT_MAX, 0, 0, 0), PIER_ERANGE,
                  PIER_HAVE_AF_CAN, &a);
}

/* A kernel may give the part of it alone that its protocol uses. */
static void a_short_can_address_is_read_as_far_as_it_goes(void **state)
{
    struct pier_address a = untouched();
    uint32_t rx = 0;
    int addr = 0;

    (void)state;
    if (!made(pier_address_isotp(&a, 3, 5, 6), PIER_HAVE_AF_CAN, &a))
        return;
    a.length = 16;
    CHECK_OK(pier_address_get_isotp(&a, NULL, &rx, NULL));
    CHECK_INT(rx, 5);
    CHECK_ERR(pier_address_get_j1939(&a, NULL, NULL, NULL, &addr),
              PIER_EINVAL);
    a.length = 8;
    CHECK_OK(pier_address_get_can(&a, NULL));
    CHECK_ERR(pier_address_get_isotp(&a, NULL, &rx, NULL), PIER_EINVAL);
    a.length = 7;
    CHECK_ERR(pier_address_get_can(&a, NULL), PIER_EINVAL);
}

/* -------------------------------------------------------- Bluetooth --- */

/* Windows knows RFCOMM alone, which is told by the sockets it can make. */
static bool has_form(pier_err err)
{
    if (err != PIER_OK || !PIER_HAVE_AF_BLUETOOTH)
        CHECK_ERR(err, PIER_EAFNOSUPPORT);
    return err == PIER_OK;
}

static void l2cap_is_read_as_it_was_made(void **state)
{
    struct pier_address a = untouched();
    char bdaddr[PIER_BDADDR_ROOM];
    int psm = 0;
    int cid = 0;
    int type = 0;

    (void)state;
    if (!has_form(
            pier_address_l2cap(&a, "01:23:45:67:89:aB", 0xffff, 0xfffe, 2))) {
        CHECK(is_untouched(&a));
        return;
    }
    CHECK_INT(pier_address_family(&a), PIER_AF_BLUETOOTH);
    CHECK_OK(pier_address_get_l2cap(&a, bdaddr, &psm, &cid, &type));
    CHECK(strcmp(bdaddr, "01:23:45:67:89:AB") == 0);
    CHECK_INT(psm, 0xffff);
    CHECK_INT(cid, 0xfffe);
    CHECK_INT(type, 2);
    CHECK_OK(pier_address_get_l2cap(&a, NULL, NULL, NULL, NULL));
    check_passes_through(&a);
}

static void the_numbers_of_l2cap_have_their_width(void **state)
{
    static const int bad[][3] = {
        { -1, 0, 0 },      { 0x10000, 0, 0 }, { INT_MIN, 0, 0 }, { 0, -1, 0 },
        { 0, 0x10000, 0 }, { 0, INT_MAX, 0 }, { 0, 0, -1 },      { 0, 0, 3 },
        { 0, 0, 256 },     { 0, 0, INT_MAX },
    };
    struct pier_address a = untouched();
    bool has = has_form(pier_address_l2cap(&a, NULL, 0, 0, 0));

    (void)state;
    a = untouched();
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        check_refused(
            pier_address_l2cap(&a, NULL, bad[i][0], bad[i][1], bad[i][2]),
            PIER_ERANGE, has, &a);
    }
}

static void rfcomm_is_read_as_it_was_made(void **state)
{
    struct pier_address a = untouched();
    char bdaddr[PIER_BDADDR_ROOM];
    uint32_t channel = 0;

    (void)state;
    if (!made(pier_address_rfcomm(&a, "fe:dc:ba:98:76:54", 30),
              PIER_HAVE_AF_BLUETOOTH, &a))
        return;
    CHECK_INT(pier_address_family(&a), PIER_AF_BLUETOOTH);
    CHECK_OK(pier_address_get_rfcomm(&a, bdaddr, &channel));
    CHECK(strcmp(bdaddr, "FE:DC:BA:98:76:54") == 0);
    CHECK_INT(channel, 30);
    CHECK_OK(pier_address_get_rfcomm(&a, NULL, NULL));
    check_passes_through(&a);
    CHECK_OK(pier_address_rfcomm(&a, NULL, 0));
    CHECK_OK(pier_address_get_rfcomm(&a, bdaddr, &channel));
    CHECK(strcmp(bdaddr, "00:00:00:00:00:00") == 0);
    CHECK_INT(channel, 0);
}

static void a_channel_of_rfcomm_is_stored_whole_or_refused(void **state)
{
    static const uint32_t channels[] = { 255, 256, 0xffff, UINT32_MAX };
    struct pier_address a;

    (void)state;
    if (!PIER_HAVE_AF_BLUETOOTH)
        return;
    for (size_t i = 0; i < COUNT_OF(channels); i++) {
        uint32_t channel = 0;
        pier_err err;

        a = untouched();
        err = pier_address_rfcomm(&a, NULL, channels[i]);
        if (err != PIER_OK) {
            CHECK_ERR(err, PIER_ERANGE);
            CHECK(is_untouched(&a));
            CHECK(i > 0);
            continue;
        }
        CHECK_OK(pier_address_get_rfcomm(&a, NULL, &channel));
        CHECK_INT(channel, channels[i]);
    }
}

static void hci_is_read_as_it_was_made(void **state)
{
    struct pier_address a = untouched();
    int device = 0;
    int channel = 0;
    bool has = has_form(pier_address_hci(&a, 0xffff, 3));

    (void)state;
    if (has) {
        CHECK_OK(pier_address_get_hci(&a, &device, &channel));
        CHECK_INT(device, 0xffff);
        CHECK_INT(channel, 3);
        CHECK_OK(pier_address_get_hci(&a, NULL, NULL));
        check_passes_through(&a);
    }
    a = untouched();
    check_refused(pier_address_hci(&a, -1, 0), PIER_ERANGE, has, &a);
    check_refused(pier_address_hci(&a, 0x10000, 0), PIER_ERANGE, has, &a);
    check_refused(pier_address_hci(&a, 0, -1), PIER_ERANGE, has, &a);
    check_refused(pier_address_hci(&a, 0, 0x10000), PIER_ERANGE, has, &a);
}

static void sco_is_read_as_it_was_made(void **state)
{
    struct pier_address a = untouched();
    char bdaddr[PIER_BDADDR_ROOM];

    (void)state;
    if (!has_form(pier_address_sco(&a, "00:00:00:FF:FF:FF")))
        return;
    CHECK_OK(pier_address_get_sco(&a, bdaddr));
    CHECK(strcmp(bdaddr, "00:00:00:FF:FF:FF") == 0);
    CHECK_OK(pier_address_get_sco(&a, NULL));
    check_passes_through(&a);
}

static void a_device_is_six_pairs_of_digits(void **state)
{
    static const char *const bad[] = {
        "",
        ":",
        "01:23:45:67:89",
        "01:23:45:67:89:",
        "01:23:45:67:89:a",
        "01:23:45:67:89:ab:",
        "01:23:45:67:89:abc",
        "01:23:45:67:89:ab:cd",
        "1:23:45:67:89:ab:c",
        "01-23-45-67-89-ab",
        "01:23:45:67:89 ab",
        " 1:23:45:67:89:ab",
        "01:23:45:67:89:ag",
        "01:23:45:67:+9:ab",
        "0123456789ab",
        "01:23:45::67:89:a",
    };
    struct pier_address a = untouched();

    (void)state;
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        check_refused(pier_address_rfcomm(&a, bad[i], 1), PIER_EINVAL,
                      PIER_HAVE_AF_BLUETOOTH, &a);
        check_refused(pier_address_l2cap(&a, bad[i], 1, 0, 0), PIER_EINVAL,
                      false, &a);
        check_refused(pier_address_sco(&a, bad[i]), PIER_EINVAL, false, &a);
    }
}

/* ---------------------------------------------- Hyper-V --- */

static void hyperv_is_read_as_it_was_made(void **state)
{
    static const char loopback[] = "e0e16197-dd56-4a10-9195-5ee7a155a838";
    struct pier_address a = untouched();
    char vm[PIER_UUID_ROOM];
    char service[PIER_UUID_ROOM];

    (void)state;
    if (!made(pier_address_hyperv(&a, "01234567-89ab-cdef-FEDC-BA9876543210",
                                  loopback),
              PIER_HAVE_AF_HYPERV, &a))
        return;
    CHECK_INT(pier_address_family(&a), PIER_AF_HYPERV);
    CHECK_OK(pier_address_get_hyperv(&a, vm, service));
    CHECK(strcmp(vm, "01234567-89ab-cdef-fedc-ba9876543210") == 0);
    CHECK(strcmp(service, loopback) == 0);
    CHECK_OK(pier_address_get_hyperv(&a, NULL, NULL));
    check_passes_through(&a);
}

static void a_uuid_has_one_form(void **state)
{
    static const char good[] = "e0e16197-dd56-4a10-9195-5ee7a155a838";
    static const char *const bad[] = {
        NULL,
        "",
        "e0e16197-dd56-4a10-9195-5ee7a155a83",
        "e0e16197-dd56-4a10-9195-5ee7a155a8388",
        "{e0e16197-dd56-4a10-9195-5ee7a155a8}",
        "e0e16197dd564a1091955ee7a155a838",
        "e0e1619-7dd56-4a10-9195-5ee7a155a838",
        "e0e16197-dd56-4a10-9195-5ee7a155a83g",
        "e0e16197-dd56-4a10-9195 5ee7a155a838",
        "-0e16197-dd56-4a10-9195-5ee7a155a838",
    };
    struct pier_address a = untouched();

    (void)state;
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        check_refused(pier_address_hyperv(&a, bad[i], good), PIER_EINVAL,
                      PIER_HAVE_AF_HYPERV, &a);
        check_refused(pier_address_hyperv(&a, good, bad[i]), PIER_EINVAL,
                      PIER_HAVE_AF_HYPERV, &a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(can_is_read_as_it_was_made),
        cmocka_unit_test(isotp_is_read_as_it_was_made),
        cmocka_unit_test(identifiers_have_11_or_29_bits),
        cmocka_unit_test(j1939_is_read_as_it_was_made),
        cmocka_unit_test(groups_and_addresses_of_j1939_have_their_width),
        cmocka_unit_test(a_short_can_address_is_read_as_far_as_it_goes),
        cmocka_unit_test(l2cap_is_read_as_it_was_made),
        cmocka_unit_test(the_numbers_of_l2cap_have_their_width),
        cmocka_unit_test(rfcomm_is_read_as_it_was_made),
        cmocka_unit_test(a_channel_of_rfcomm_is_stored_whole_or_refused),
        cmocka_unit_test(hci_is_read_as_it_was_made),
        cmocka_unit_test(sco_is_read_as_it_was_made),
        cmocka_unit_test(a_device_is_six_pairs_of_digits),
        cmocka_unit_test(hyperv_is_read_as_it_was_made),
        cmocka_unit_test(a_uuid_has_one_form),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
