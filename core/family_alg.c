/* SPDX-License-Identifier: MIT */
#include "family.h"

#include <pier/address_families.h>

#include <string.h>

_Static_assert(PIER_ALG_TYPE_ROOM == PIERP_ALG_TYPE, "room of a type");
_Static_assert(PIER_ALG_NAME_ROOM == PIERP_ALG_NAME, "room of a name");

/* Text with its NUL into room bytes. */
static pier_err put_text(unsigned char *to, size_t room, const char *text)
{
    if (!text || !*text)
        return PIER_EINVAL;
    if (strlen(text) >= room)
        return PIER_ENAMETOOLONG;
    memcpy(to, text, strlen(text) + 1);
    return PIER_OK;
}

pier_err pier_address_alg(struct pier_address *out, const char *type,
                          const char *name, uint32_t feat, uint32_t mask)
{
    struct pierp_fields f = { .form = PIERP_ALG, .numbers = { feat, mask } };
    pier_err err = put_text(f.bytes[0], PIERP_ALG_TYPE, type);

    if (err == PIER_OK)
        err = put_text(f.bytes[1], PIERP_ALG_NAME, name);
    return pieri_family_make("address_alg", out, &f, err);
}

/* The system's text may fill its field without a NUL. */
static void give_text(char *out, size_t room, const unsigned char *from)
{
    if (!out)
        return;
    memcpy(out, from, room);
    out[room - 1] = '\0';
}

pier_err pier_address_get_alg(const struct pier_address *a,
                              char type[PIER_ALG_TYPE_ROOM],
                              char name[PIER_ALG_NAME_ROOM], uint32_t *feat,
                              uint32_t *mask)
{
    struct pierp_fields f;
    pier_err err = pieri_family_read("address_get_alg", &f, PIERP_ALG, a);

    if (err)
        return err;
    give_text(type, PIERP_ALG_TYPE, f.bytes[0]);
    give_text(name, PIERP_ALG_NAME, f.bytes[1]);
    pieri_give_u32(feat, f.numbers[0]);
    pieri_give_u32(mask, f.numbers[1]);
    return PIER_OK;
}
