/* SPDX-License-Identifier: MIT */
#include "bsd_sockaddr.h"

#include "common.h"

#include <string.h>

const bool plat_has_abstract_names = false;

void plat_set_family(struct pier_address *a, int family, size_t length)
{
    a->storage.bytes[0] = (unsigned char)length;
    a->storage.bytes[1] = (unsigned char)family;
    a->length = (uint32_t)length;
}

int pierp_address_family(const struct pier_address *a)
{
    return a->length < 2 ? 0 : a->storage.bytes[1];
}

void check_bsd_bytes(const struct pierp_fields *f, const void *bytes,
                     size_t length)
{
    struct pierp_fields back = { 0 };
    struct pier_address a;

    memset(&a, 0x5a, sizeof a);
    CHECK_OK(pierp_address_encode(&a, f));
    CHECK_INT(a.length, length);
    CHECK(memcmp(a.storage.bytes, bytes, length) == 0);
    CHECK_OK(pierp_address_decode(&back, f->form, &a));
    CHECK(memcmp(back.numbers, f->numbers, sizeof back.numbers) == 0);
}
