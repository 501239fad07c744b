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

static struct pierp_fields marked(void)
{
    struct pierp_fields f;

    memset(&f, 0x5a, sizeof f);
    return f;
}

static bool same_fields(const struct pierp_fields *a,
                        const struct pierp_fields *b)
{
    return a->form == b->form &&
           memcmp(a->numbers, b->numbers, sizeof a->numbers) == 0 &&
           memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

static bool is_marked(const struct pierp_fields *f)
{
    struct pierp_fields expected = marked();

    return same_fields(f, &expected);
}

/* What lies beyond the length is nobody's: it is read neither way. */
static bool reads_as(enum pierp_form form, struct pier_address a,
                     const struct pierp_fields *whole)
{
    struct pierp_fields f = marked();
    struct pierp_fields before = f;
    bool read;

    for (size_t i = a.length; i < sizeof a.storage.bytes; i++)
        a.storage.bytes[i] ^= 0xff;
    read = pierp_address_decode(&f, form, &a) == PIER_OK;
    CHECK(same_fields(&f, read ? whole : &before));
    return read;
}

/* From its whole length down to none: readable, and from one length on not. */
static void check_lengths(enum pierp_form form, struct pier_address a)
{
    struct pierp_fields whole;
    bool readable = true;

    CHECK_OK(pierp_address_decode(&whole, form, &a));
    for (; a.length > 0; a.length--) {
        bool read = reads_as(form, a, &whole);

        CHECK(readable || !read);
        readable = read;
    }
    CHECK(!readable);
}

static void a_shorter_address_is_read_whole_or_not_at_all(void **state)
{
    struct pier_address a;

    (void)state;
    for (size_t i = 0; i < FORMS; i++) {
        if (has(forms[i], &a))
            check_lengths(forms[i], a);
    }
}

static void check_family(const struct pier_address *a, enum pierp_form form)
{
    struct pier_address other;
    struct pierp_fields f = marked();

    if (has(form, &other) &&
        pierp_address_family(&other) == pierp_address_family(a))
        return;
    CHECK_ERR(pierp_address_decode(&f, form, a), PIER_EAFNOSUPPORT);
    CHECK(is_marked(&f));
}

static void an_address_of_another_family_is_not_read(void **state)
{
    struct pier_address inet = loopback(PIER_AF_INET, 80);
    struct pier_address a;

    (void)state;
    for (size_t i = 0; i < FORMS * FORMS; i++) {
        if (has(forms[i / FORMS], &a))
            check_family(&a, forms[i % FORMS]);
        check_family(&inet, forms[i % FORMS]);
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

/* What becomes of a number in this place: the same one, or 0 in a place that
 * the form does not have. PIER_ERANGE, and nothing is written. */
static pier_err pass_number(enum pierp_form form, size_t place,
                            uint64_t *number)
{
    struct pierp_fields f = { .form = form };
    struct pier_address a = { .length = 77 };
    pier_err err;

    f.numbers[place] = *number;
    err = pierp_address_encode(&a, &f);
    if (err != PIER_OK) {
        CHECK_INT(a.length, 77);
        return err;
    }
    CHECK_OK(pierp_address_decode(&f, form, &a));
    *number = f.numbers[place];
    return PIER_OK;
}

static void check_place(enum pierp_form form, size_t place)
{
    uint64_t lowest = 1;

    CHECK_OK(pass_number(form, place, &lowest));
    for (int bit = 1; bit < 64; bit++) {
        uint64_t number = UINT64_C(1) << bit;
        pier_err err = pass_number(form, place, &number);

        if (err != PIER_OK) {
            CHECK_ERR(err, PIER_ERANGE);
        } else {
            CHECK(number == lowest << bit);
        }
    }
}

static void a_number_is_stored_whole_or_refused(void **state)
{
    struct pier_address a;

    (void)state;
    for (size_t i = 0; i < FORMS; i++) {
        for (size_t place = 0; place < PIERP_NUMBERS; place++) {
            if (has(forms[i], &a))
                check_place(forms[i], place);
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
