/* SPDX-License-Identifier: MIT */
#include "family.h"

#include <pier/address_families.h>

#include "address_text.h"

#include <stdio.h>
#include <string.h>

pier_err pier_address_vsock(struct pier_address *out, uint32_t cid,
                            uint32_t port)
{
    struct pierp_fields f = { .form = PIERP_VSOCK, .numbers = { cid, port } };

    return pieri_family_make("address_vsock", out, &f, PIER_OK);
}

pier_err pier_address_get_vsock(const struct pier_address *a, uint32_t *cid,
                                uint32_t *port)
{
    struct pierp_fields f;
    pier_err err = pieri_family_read("address_get_vsock", &f, PIERP_VSOCK, a);

    if (err)
        return err;
    pieri_give_u32(cid, f.numbers[0]);
    pieri_give_u32(port, f.numbers[1]);
    return PIER_OK;
}

/* Digits without leading zeros up to end, behind which *text is moved. */
static pier_err parse_number(uint32_t *out, const char **text, char end)
{
    size_t digits = strspn(*text, "0123456789");
    uint64_t value = 0;

    if (digits == 0 || (**text == '0' && digits > 1) || (*text)[digits] != end)
        return PIER_EINVAL;
    for (size_t i = 0; i < digits; i++) {
        value = value * 10 + (uint64_t)((*text)[i] - '0');
        if (value > UINT32_MAX)
            return PIER_ERANGE;
    }
    *out = (uint32_t)value;
    *text += digits + 1;
    return PIER_OK;
}

pier_err pieri_vsock_parse(struct pier_address *out, const char *text)
{
    uint32_t cid = 0;
    uint32_t port = 0;
    pier_err err = parse_number(&cid, &text, ':');

    if (err == PIER_OK)
        err = parse_number(&port, &text, '\0');
    return err ? err : pier_address_vsock(out, cid, port);
}

pier_err pieri_vsock_format(char text[PIERI_VSOCK_TEXT],
                            const struct pier_address *a, bool whole)
{
    struct pierp_fields f;
    pier_err err = pierp_address_decode(&f, PIERP_VSOCK, a);

    if (err)
        return err;
    if (whole) {
        (void)snprintf(text, PIERI_VSOCK_TEXT, "vsock:%lu:%lu",
                       (unsigned long)f.numbers[0],
                       (unsigned long)f.numbers[1]);
    } else {
        (void)snprintf(text, PIERI_VSOCK_TEXT, "%lu",
                       (unsigned long)f.numbers[0]);
    }
    return PIER_OK;
}
