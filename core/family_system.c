/* SPDX-License-Identifier: MIT */
#include "family.h"

#include <pier/address_families.h>

pier_err pier_address_system(struct pier_address *out, uint32_t id,
                             uint32_t unit)
{
    struct pierp_fields f = { .form = PIERP_SYSTEM, .numbers = { id, unit } };

    return pieri_family_make("address_system", out, &f, PIER_OK);
}

pier_err pier_address_get_system(const struct pier_address *a, uint32_t *id,
                                 uint32_t *unit)
{
    struct pierp_fields f;
    pier_err err =
        pieri_family_read("address_get_system", &f, PIERP_SYSTEM, a);

    if (err)
        return err;
    pieri_give_u32(id, f.numbers[0]);
    pieri_give_u32(unit, f.numbers[1]);
    return PIER_OK;
}
