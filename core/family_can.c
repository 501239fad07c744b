/* SPDX-License-Identifier: MIT */
/* CAN: the address of raw and broadcast-manager sockets, and the longer ones
 * of ISO-TP and SAE J1939. */
#include "family.h"

#include <pier/address_families.h>

/* Of an identifier, as <linux/can.h> has them: the long form's flag and the
 * bits that each form has. */
#define EXTENDED      0x80000000u
#define EXTENDED_BITS 0x1fffffffu
#define STANDARD_BITS 0x000007ffu

/* J1939_NO_PGN of <linux/can/j1939.h>; the groups end before it. */
#define NO_GROUP 0x40000

pier_err pier_address_can(struct pier_address *out, unsigned interface_index)
{
    struct pierp_fields f = { .form = PIERP_CAN,
                              .numbers = { interface_index } };

    return pieri_family_make("address_can", out, &f,
                             pieri_range_interface(interface_index));
}

pier_err pier_address_get_can(const struct pier_address *a,
                              unsigned *interface_index)
{
    struct pierp_fields f;
    pier_err err = pieri_family_read("address_get_can", &f, PIERP_CAN, a);

    if (err == PIER_OK)
        pieri_give_unsigned(interface_index, f.numbers[0]);
    return err;
}

static bool is_identifier(uint32_t id)
{
    uint32_t bits = id & EXTENDED ? EXTENDED | EXTENDED_BITS : STANDARD_BITS;

    return (id & ~bits) == 0;
}

pier_err pier_address_isotp(struct pier_address *out, unsigned interface_index,
                            uint32_t rx_id, uint32_t tx_id)
{
    struct pierp_fields f = { .form = PIERP_ISOTP,
                              .numbers = { interface_index, rx_id, tx_id } };
    pier_err err = pieri_range_interface(interface_index);

    if (!is_identifier(tx_id) ||
        (!is_identifier(rx_id) && rx_id != PIER_CAN_NO_ID))
        err = PIER_ERANGE;
    return pieri_family_make("address_isotp", out, &f, err);
}

pier_err pier_address_get_isotp(const struct pier_address *a,
                                unsigned *interface_index, uint32_t *rx_id,
                                uint32_t *tx_id)
{
    struct pierp_fields f;
    pier_err err = pieri_family_read("address_get_isotp", &f, PIERP_ISOTP, a);

    if (err)
        return err;
    pieri_give_unsigned(interface_index, f.numbers[0]);
    pieri_give_u32(rx_id, f.numbers[1]);
    pieri_give_u32(tx_id, f.numbers[2]);
    return PIER_OK;
}

pier_err pier_address_j1939(struct pier_address *out, unsigned interface_index,
                            uint64_t name, uint32_t pgn, int addr)
{
    struct pierp_fields f = { .form = PIERP_J1939,
                              .numbers = { interface_index, name, pgn,
                                           (uint64_t)addr } };
    pier_err err = pieri_range_interface(interface_index);

    if (pgn > NO_GROUP)
        err = PIER_ERANGE;
    return pieri_family_make("address_j1939", out, &f, err);
}

pier_err pier_address_get_j1939(const struct pier_address *a,
                                unsigned *interface_index, uint64_t *name,
                                uint32_t *pgn, int *addr)
{
    struct pierp_fields f;
    pier_err err = pieri_family_read("address_get_j1939", &f, PIERP_J1939, a);

    if (err)
        return err;
    pieri_give_unsigned(interface_index, f.numbers[0]);
    if (name)
        *name = f.numbers[1];
    pieri_give_u32(pgn, f.numbers[2]);
    pieri_give_int(addr, f.numbers[3]);
    return PIER_OK;
}
