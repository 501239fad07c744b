/* SPDX-License-Identifier: MIT */
/* What holds of the addresses of every further family that this system has,
 * whichever those are. */
#include "loopback.h"

#include <string.h>

static const enum pierp_form forms[] = {
    PIERP_NETLINK, PIERP_PACKET,  PIERP_CAN,    PIERP_ISOTP,
    PIERP_J1939,   PIERP_VSOCK,   PIERP_TIPC,   PIERP_TIPC_ID,
    PIERP_ALG,     PIERP_QIPCRTR, PIERP_L2CAP,  PIERP_RFCOMM,
    PIERP_HCI,     PIERP_SCO,     PIERP_HYPERV, PIERP_SYSTEM,
};

#define FORMS (sizeof forms / sizeof *forms)

/* An address of the form, if the system has such addresses. */
static bool has(enum pierp_form form, struct pier_address *out)
{
    struct pierp_fields f = { .form = form, .numbers = { 1, 1, 1, 1, 1 } };

    memset(f.bytes, 'x', sizeof f.bytes);
    return pierp_address_encode(out, &f) == PIER_OK;
}

static void each_form_that_is_there_has_a_family_of_its_own(void **state)
{
    struct pier_address a;

    (void)state;
    for (size_t i = 0; i < FORMS; i++) {
        if (!has(forms[i], &a))
            continue;
        CHECK(pierp_address_family(&a) != PIER_AF_UNSPEC);
        CHECK(pierp_address_family(&a) != PIER_AF_UNIX);
        CHECK(pierp_address_family(&a) != PIER_AF_INET);
        CHECK(a.length <= sizeof a.storage.bytes);
    }
}

static void a_form_that_is_not_there_is_refused(void **state)
{
    struct pierp_fields f = { .form = PIERP_SYSTEM };
    struct pier_address a;
    struct pier_address empty = { 0 };

    (void)state;
    memset(&a, 0x5a, sizeof a);
    for (size_t i = 0; i < FORMS; i++) {
        f.form = forms[i];
        if (has(forms[i], &a))
            continue;
        a.length = 77;
        CHECK_ERR(pierp_address_encode(&a, &f), PIER_EAFNOSUPPORT);
        CHECK_INT(a.length, 77);
        CHECK_ERR(pierp_address_decode(&f, forms[i], &empty),
                  PIER_EAFNOSUPPORT);
    }
}

/* As kernels may give them, and callers. Down to its least length an address
 * is read; below it, never; and never is anything written then. */
static void a_shorter_address_is_read_whole_or_not_at_all(void **state)
{
    struct pierp_fields f;
    struct pierp_fields before;
    struct pier_address a;

    (void)state;
    for (size_t i = 0; i < FORMS; i++) {
        bool readable = true;

        if (!has(forms[i], &a))
            continue;
        for (; a.length > 0; a.length--) {
            memset(&before, 0x5a, sizeof before);
            f = before;
            if (pierp_address_decode(&f, forms[i], &a) == PIER_OK) {
                CHECK(readable);
                continue;
            }
            readable = false;
            CHECK(memcmp(&f, &before, sizeof f) == 0);
        }
        CHECK(!readable);
    }
}

static void an_address_of_another_family_is_not_read(void **state)
{
    struct pier_address inet = loopback(PIER_AF_INET, 80);
    struct pier_address a;
    struct pierp_fields f;

    (void)state;
    for (size_t i = 0; i < FORMS; i++) {
        CHECK_ERR(pierp_address_decode(&f, forms[i], &inet),
                  PIER_EAFNOSUPPORT);
        if (!has(forms[i], &a))
            continue;
        for (size_t k = 0; k < FORMS; k++) {
            struct pier_address b;

            if (has(forms[k], &b) &&
                pierp_address_family(&a) != pierp_address_family(&b))
                CHECK_ERR(pierp_address_decode(&f, forms[k], &a),
                          PIER_EAFNOSUPPORT);
        }
    }
}

static void a_length_beyond_the_storage_is_refused(void **state)
{
    struct pierp_fields f;
    struct pier_address a;

    (void)state;
    for (size_t i = 0; i < FORMS; i++) {
        if (!has(forms[i], &a))
            continue;
        a.length = sizeof a.storage.bytes + 1;
        CHECK_ERR(pierp_address_decode(&f, forms[i], &a), PIER_EINVAL);
    }
}

/* A number that is one bit too wide for its field, in any place. */
static void a_number_is_stored_whole_or_refused(void **state)
{
    struct pier_address a;

    (void)state;
    for (size_t i = 0; i < FORMS * PIERP_NUMBERS; i++) {
        struct pierp_fields f = { .form = forms[i / PIERP_NUMBERS] };
        struct pierp_fields back = { 0 };
        uint64_t *number = &f.numbers[i % PIERP_NUMBERS];

        if (!has(f.form, &a))
            continue;
        for (int bit = 0; bit < 64; bit++) {
            pier_err err;

            *number = (uint64_t)1 << bit;
            memset(&a, 0x5a, sizeof a);
            err = pierp_address_encode(&a, &f);
            if (err != PIER_OK) {
                CHECK_ERR(err, PIER_ERANGE);
                CHECK_INT(a.length, 0x5a5a5a5a);
                continue;
            }
            CHECK_OK(pierp_address_decode(&back, f.form, &a));
            /* Numbers that the form does not have are nowhere. */
            CHECK(back.numbers[i % PIERP_NUMBERS] == *number ||
                  back.numbers[i % PIERP_NUMBERS] == 0);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_form_that_is_there_has_a_family_of_its_own),
        cmocka_unit_test(a_form_that_is_not_there_is_refused),
        cmocka_unit_test(a_shorter_address_is_read_whole_or_not_at_all),
        cmocka_unit_test(an_address_of_another_family_is_not_read),
        cmocka_unit_test(a_length_beyond_the_storage_is_refused),
        cmocka_unit_test(a_number_is_stored_whole_or_refused),
    };

    return cmocka_run_group_tests(tests, start_seam, NULL);
}
