/* SPDX-License-Identifier: MIT */
#include "family.h"

#include <pier/address_families.h>

#include <string.h>

_Static_assert(sizeof(((struct pier_hardware *)0)->bytes) == PIERP_HARDWARE,
               "the longest hardware address");

pier_err pier_address_packet(struct pier_address *out,
                             unsigned interface_index, int protocol,
                             int pkttype, int hatype,
                             const struct pier_hardware *hardware)
{
    /* What is negative does not fit its field either. */
    struct pierp_fields f = { .form = PIERP_PACKET,
                              .numbers = { interface_index, (uint64_t)protocol,
                                           (uint64_t)pkttype,
                                           (uint64_t)hatype } };
    pier_err err = pieri_range_interface(interface_index);

    if (hardware && hardware->length > PIERP_HARDWARE) {
        err = PIER_ERANGE;
    } else if (hardware) {
        f.numbers[4] = hardware->length;
        memcpy(f.bytes[0], hardware->bytes, hardware->length);
    }
    return pieri_family_make("address_packet", out, &f, err);
}

static void give_hardware(struct pier_hardware *out,
                          const struct pierp_fields *f)
{
    memset(out, 0, sizeof *out);
    out->length = (size_t)f->numbers[4];
    memcpy(out->bytes, f->bytes[0], out->length);
}

pier_err pier_address_get_packet(const struct pier_address *a,
                                 unsigned *interface_index, int *protocol,
                                 int *pkttype, int *hatype,
                                 struct pier_hardware *hardware)
{
    struct pierp_fields f;
    pier_err err =
        pieri_family_read("address_get_packet", &f, PIERP_PACKET, a);

    if (err)
        return err;
    pieri_give_unsigned(interface_index, f.numbers[0]);
    pieri_give_int(protocol, f.numbers[1]);
    pieri_give_int(pkttype, f.numbers[2]);
    pieri_give_int(hatype, f.numbers[3]);
    if (hardware)
        give_hardware(hardware, &f);
    return PIER_OK;
}
