/* SPDX-License-Identifier: MIT */
#include "family.h"

#include <pier/address_families.h>

pier_err pier_address_qipcrtr(struct pier_address *out, uint32_t node,
                              uint32_t port)
{
    struct pierp_fields f = { .form = PIERP_QIPCRTR,
                              .numbers = { node, port } };

    return pieri_family_make("address_qipcrtr", out, &f, PIER_OK);
}

pier_err pier_address_get_qipcrtr(const struct pier_address *a, uint32_t *node,
                                  uint32_t *port)
{
    struct pierp_fields f;
    pier_err err =
        pieri_family_read("address_get_qipcrtr", &f, PIERP_QIPCRTR, a);

    if (err)
        return err;
    pieri_give_u32(node, f.numbers[0]);
    pieri_give_u32(port, f.numbers[1]);
    return PIER_OK;
}
