/* SPDX-License-Identifier: MIT */
/* Bluetooth: one family, and a form of address for each protocol. */
#include "family.h"

#include <pier/address_families.h>

#include "ip_text.h"

#include <string.h>

#define TYPE_MAX 2 /* BDADDR_LE_RANDOM */

/* Two digits each, as everybody writes them; the first is the highest. */
static pier_err parse(uint64_t *out, const char *text)
{
    *out = 0;
    if (!text)
        return PIER_OK;
    if (strlen(text) != PIER_BDADDR_ROOM - 1)
        return PIER_EINVAL;
    for (size_t i = 0; i < PIER_BDADDR_ROOM; i += 3) {
        int high = pieri_hex_digit(text[i]);
        int low = pieri_hex_digit(text[i + 1]);
        char after = i + 3 < PIER_BDADDR_ROOM ? ':' : '\0';

        if (high < 0 || low < 0 || text[i + 2] != after)
            return PIER_EINVAL;
        *out = *out << 8 | (uint64_t)high << 4 | (uint64_t)low;
    }
    return PIER_OK;
}

static void format(char *out, uint64_t bdaddr)
{
    static const char digits[] = "0123456789ABCDEF";

    if (!out)
        return;
    for (size_t i = 0; i < PIER_BDADDR_ROOM; i += 3) {
        out[i] = digits[bdaddr >> 44 & 15];
        out[i + 1] = digits[bdaddr >> 40 & 15];
        out[i + 2] = ':';
        bdaddr <<= 8;
    }
    out[PIER_BDADDR_ROOM - 1] = '\0';
}

pier_err pier_address_l2cap(struct pier_address *out, const char *bdaddr,
                            int psm, int cid, int bdaddr_type)
{
    struct pierp_fields f = { .form = PIERP_L2CAP,
                              .numbers = { 0, (uint64_t)psm, (uint64_t)cid,
                                           (uint64_t)bdaddr_type } };
    pier_err err = parse(&f.numbers[0], bdaddr);

    if (err == PIER_OK)
        err = pieri_range(bdaddr_type, 0, TYPE_MAX);
    return pieri_family_make("address_l2cap", out, &f, err);
}

pier_err pier_address_get_l2cap(const struct pier_address *a,
                                char bdaddr[PIER_BDADDR_ROOM], int *psm,
                                int *cid, int *bdaddr_type)
{
    struct pierp_fields f;
    pier_err err = pieri_family_read("address_get_l2cap", &f, PIERP_L2CAP, a);

    if (err)
        return err;
    format(bdaddr, f.numbers[0]);
    pieri_give_int(psm, f.numbers[1]);
    pieri_give_int(cid, f.numbers[2]);
    pieri_give_int(bdaddr_type, f.numbers[3]);
    return PIER_OK;
}

pier_err pier_address_rfcomm(struct pier_address *out, const char *bdaddr,
                             uint32_t channel)
{
    struct pierp_fields f = { .form = PIERP_RFCOMM,
                              .numbers = { 0, channel } };
    pier_err err = parse(&f.numbers[0], bdaddr);

    return pieri_family_make("address_rfcomm", out, &f, err);
}

pier_err pier_address_get_rfcomm(const struct pier_address *a,
                                 char bdaddr[PIER_BDADDR_ROOM],
                                 uint32_t *channel)
{
    struct pierp_fields f;
    pier_err err =
        pieri_family_read("address_get_rfcomm", &f, PIERP_RFCOMM, a);

    if (err)
        return err;
    format(bdaddr, f.numbers[0]);
    pieri_give_u32(channel, f.numbers[1]);
    return PIER_OK;
}

pier_err pier_address_hci(struct pier_address *out, int device, int channel)
{
    struct pierp_fields f = {
        .form = PIERP_HCI, .numbers = { (uint64_t)device, (uint64_t)channel }
    };

    return pieri_family_make("address_hci", out, &f, PIER_OK);
}

pier_err pier_address_get_hci(const struct pier_address *a, int *device,
                              int *channel)
{
    struct pierp_fields f;
    pier_err err = pieri_family_read("address_get_hci", &f, PIERP_HCI, a);

    if (err)
        return err;
    pieri_give_int(device, f.numbers[0]);
    pieri_give_int(channel, f.numbers[1]);
    return PIER_OK;
}

pier_err pier_address_sco(struct pier_address *out, const char *bdaddr)
{
    struct pierp_fields f = { .form = PIERP_SCO };
    pier_err err = parse(&f.numbers[0], bdaddr);

    return pieri_family_make("address_sco", out, &f, err);
}

pier_err pier_address_get_sco(const struct pier_address *a,
                              char bdaddr[PIER_BDADDR_ROOM])
{
    struct pierp_fields f;
    pier_err err = pieri_family_read("address_get_sco", &f, PIERP_SCO, a);

    if (err == PIER_OK)
        format(bdaddr, f.numbers[0]);
    return err;
}
