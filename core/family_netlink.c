/* SPDX-License-Identifier: MIT */
#include "family.h"

#include <pier/address_families.h>

pier_err pier_address_netlink(struct pier_address *out, uint32_t pid,
                              uint32_t groups)
{
    struct pierp_fields f = { .form = PIERP_NETLINK,
                              .numbers = { pid, groups } };

    return pieri_family_make("address_netlink", out, &f, PIER_OK);
}

pier_err pier_address_get_netlink(const struct pier_address *a, uint32_t *pid,
                                  uint32_t *groups)
{
    struct pierp_fields f;
    pier_err err =
        pieri_family_read("address_get_netlink", &f, PIERP_NETLINK, a);

    if (err)
        return err;
    pieri_give_u32(pid, f.numbers[0]);
    pieri_give_u32(groups, f.numbers[1]);
    return PIER_OK;
}
