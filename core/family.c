/* SPDX-License-Identifier: MIT */
#include "family.h"

#include <pier/address_families.h>
#include <pier/constants.h>
#include <pier/socket.h>

#include "error.h"

#include <limits.h>

pier_err pieri_range(long long value, long long low, long long high)
{
    return value < low || value > high ? PIER_ERANGE : PIER_OK;
}

pier_err pieri_range_interface(unsigned index)
{
    return index > INT_MAX ? PIER_ERANGE : PIER_OK;
}

pier_err pieri_family_make(const char *operation, struct pier_address *out,
                           const struct pierp_fields *f, pier_err err)
{
    if (!out)
        err = PIER_EINVAL;
    if (err == PIER_OK)
        err = pierp_address_encode(out, f);
    return err ? pieri_fail(operation, err, NULL) : PIER_OK;
}

pier_err pieri_family_read(const char *operation, struct pierp_fields *out,
                           enum pierp_form form, const struct pier_address *a)
{
    pier_err err = PIER_EINVAL;

    if (a && a->length > 0)
        err = pierp_address_decode(out, form, a);
    return err ? pieri_fail(operation, err, NULL) : PIER_OK;
}

void pieri_give_u32(uint32_t *out, uint64_t value)
{
    if (out)
        *out = (uint32_t)value;
}

void pieri_give_int(int *out, uint64_t value)
{
    if (out)
        *out = (int)value;
}

void pieri_give_unsigned(unsigned *out, uint64_t value)
{
    if (out)
        *out = (unsigned)value;
}

bool pier_has_family(int family)
{
    struct pier_detail before = pieri_detail_save();
    struct pier_socket *s;
    pier_err err = pier_open(&s, family, PIER_SOCK_STREAM, 0);

    pier_free(s);
    pieri_detail_restore(&before);
    switch (err) {
    case PIER_OK:
    case PIER_ESOCKTNOSUPPORT:
    case PIER_EPROTONOSUPPORT:
    case PIER_EPROTOTYPE:
    case PIER_EINVAL:
    case PIER_EACCES:
    case PIER_EPERM:
        return true;
    default:
        return false;
    }
}
