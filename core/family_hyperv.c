/* SPDX-License-Identifier: MIT */
#include "family.h"

#include <pier/address_families.h>

#include "ip_text.h"

#include <string.h>

#define TEXT_LENGTH (PIER_UUID_ROOM - 1)

static bool is_dash(size_t i)
{
    return i == 8 || i == 13 || i == 18 || i == 23;
}

/* 8-4-4-4-12 hexadecimal digits and nothing else (RFC 9562, 4). */
static pier_err parse(unsigned char *out, const char *text)
{
    size_t i;

    if (!text || strlen(text) != TEXT_LENGTH)
        return PIER_EINVAL;
    for (i = 0; i < TEXT_LENGTH; i++) {
        if (is_dash(i) ? text[i] != '-' : pieri_hex_digit(text[i]) < 0)
            return PIER_EINVAL;
    }
    /* An even number of digits stands between any two dashes. */
    for (i = 0; i < TEXT_LENGTH; i += 2) {
        i += is_dash(i);
        *out++ = (unsigned char)(pieri_hex_digit(text[i]) << 4 |
                                 pieri_hex_digit(text[i + 1]));
    }
    return PIER_OK;
}

static void format(char *out, const unsigned char *bytes)
{
    static const char digits[] = "0123456789abcdef";

    if (!out)
        return;
    for (size_t i = 0; i < TEXT_LENGTH; i += 2, bytes++) {
        if (is_dash(i))
            out[i++] = '-';
        out[i] = digits[*bytes >> 4];
        out[i + 1] = digits[*bytes & 15];
    }
    out[TEXT_LENGTH] = '\0';
}

pier_err pier_address_hyperv(struct pier_address *out, const char *vm_id,
                             const char *service_id)
{
    struct pierp_fields f = { .form = PIERP_HYPERV };
    pier_err err = parse(f.bytes[0], vm_id);

    if (err == PIER_OK)
        err = parse(f.bytes[1], service_id);
    return pieri_family_make("address_hyperv", out, &f, err);
}

pier_err pier_address_get_hyperv(const struct pier_address *a,
                                 char vm_id[PIER_UUID_ROOM],
                                 char service_id[PIER_UUID_ROOM])
{
    struct pierp_fields f;
    pier_err err =
        pieri_family_read("address_get_hyperv", &f, PIERP_HYPERV, a);

    if (err)
        return err;
    format(vm_id, f.bytes[0]);
    format(service_id, f.bytes[1]);
    return PIER_OK;
}
