/* SPDX-License-Identifier: MIT */
#include "family.h"

#include <pier/address_families.h>
#include <pier/constants.h>

/* A negative scope takes a name back. */
#define SCOPE_MAX 3

static pier_err check(const struct pierp_fields *f, int scope)
{
    pier_err err = pieri_range(scope, -SCOPE_MAX, SCOPE_MAX);
    int addr_type = (int)f->numbers[0];

    if (addr_type != PIER_TIPC_ADDR_NAMESEQ &&
        addr_type != PIER_TIPC_ADDR_NAME && addr_type != PIER_TIPC_ADDR_ID)
        err = PIER_EINVAL;
    if (addr_type == PIER_TIPC_ADDR_NAMESEQ && f->numbers[3] > f->numbers[4])
        err = PIER_EINVAL;
    if (addr_type == PIER_TIPC_ADDR_ID && f->numbers[4] != 0)
        err = PIER_EINVAL;
    return err;
}

pier_err pier_address_tipc(struct pier_address *out, int addr_type,
                           uint32_t v1, uint32_t v2, uint32_t v3, int scope)
{
    struct pierp_fields f = { .form = PIERP_TIPC,
                              .numbers = { (uint64_t)addr_type, (uint8_t)scope,
                                           v1, v2, v3 } };
    pier_err err = PIER_EAFNOSUPPORT;

    if (PIER_HAVE_AF_TIPC)
        err = check(&f, scope);
    if (addr_type == PIER_TIPC_ADDR_ID)
        f.form = PIERP_TIPC_ID;
    return pieri_family_make("address_tipc", out, &f, err);
}

static void give_scope(int *out, uint64_t byte)
{
    if (out)
        *out = byte < 128 ? (int)byte : (int)byte - 256;
}

pier_err pier_address_get_tipc(const struct pier_address *a, int *addr_type,
                               uint32_t *v1, uint32_t *v2, uint32_t *v3,
                               int *scope)
{
    static const char operation[] = "address_get_tipc";
    struct pierp_fields f;
    pier_err err = pieri_family_read(operation, &f, PIERP_TIPC, a);

    if (err == PIER_OK && (int)f.numbers[0] == PIER_TIPC_ADDR_ID)
        err = pieri_family_read(operation, &f, PIERP_TIPC_ID, a);
    if (err)
        return err;
    pieri_give_int(addr_type, f.numbers[0]);
    pieri_give_u32(v1, f.numbers[2]);
    pieri_give_u32(v2, f.numbers[3]);
    pieri_give_u32(v3, f.numbers[4]);
    give_scope(scope, f.numbers[1]);
    return PIER_OK;
}
