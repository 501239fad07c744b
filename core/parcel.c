/* SPDX-License-Identifier: MIT */
#include "parcel.h"
#include "mode.h"
#include "state.h"
#include <pier/constants.h>
#include <string.h>

/* Where the fields of the header are; numbers are little-endian. */
enum {
    MAGIC = 0, /* 8 bytes */
    WAY = 8,
    SHUT = 9,
    EXTENT = 10, /* of the system's bytes: 2 bytes */
    FAMILY = 12, /* these: 4 bytes each */
    TYPE = 16,
    PROTOCOL = 20,
    RESERVED = 24,
    CHECKSUM = 28
};

/* Its last letter is the version. */
static const char magic[] = "pier/sk1";

_Static_assert(PIERI_PARCEL_HEADER + PIERP_SHARE_MAX <=
                   sizeof(((struct pier_share_info *)0)->bytes),
               "what the system needs may be too much for a parcel");

static void put(unsigned char *at, uint32_t value, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        at[i] = (unsigned char)(value >> (8 * i));
}

static uint32_t get(const unsigned char *at, size_t bytes)
{
    uint32_t value = 0;

    for (size_t i = 0; i < bytes; i++)
        value |= (uint32_t)at[i] << (8 * i);
    return value;
}

/* FNV-1a, of everything but itself: it finds accidents, not intent. */
static uint32_t checksum(const struct pier_share_info *p)
{
    uint32_t sum = UINT32_C(2166136261);

    for (size_t i = 0; i < p->length; i++) {
        if (i >= CHECKSUM && i < PIERI_PARCEL_HEADER)
            continue;
        sum = (sum ^ p->bytes[i]) * UINT32_C(16777619);
    }
    return sum;
}

/* ------------------------------------------------------------- packing --- */

pier_err pieri_parcel_pack(struct pier_share_info *out, struct pier_socket *s,
                           enum pieri_way way, int64_t process_id)
{
    struct pier_share_info p = { .length = 0 };
    size_t extent = PIERP_SHARE_MAX;
    pier_err err = PIER_OK;

    /* What a layer knows of the stream stays here. */
    if (s->layer)
        return PIER_EOPNOTSUPP;
    if (way == PIERI_BY_SHARE) {
        err = pierp_share(p.bytes + PIERI_PARCEL_HEADER, &extent, s->handle,
                          process_id);
    } else {
        extent = 0;
    }
    if (err)
        return err;
    memcpy(p.bytes + MAGIC, magic, sizeof(magic) - 1);
    p.bytes[WAY] = (unsigned char)way;
    p.bytes[SHUT] = (unsigned char)s->shut;
    put(p.bytes + EXTENT, (uint32_t)extent, 2);
    put(p.bytes + FAMILY, (uint32_t)s->family, 4);
    put(p.bytes + TYPE, (uint32_t)s->type, 4);
    put(p.bytes + PROTOCOL, (uint32_t)s->protocol, 4);
    p.length = PIERI_PARCEL_HEADER + extent;
    put(p.bytes + CHECKSUM, checksum(&p), 4);
    *out = p;
    return PIER_OK;
}

/* ----------------------------------------------------------- unpacking --- */

size_t pieri_parcel_needs(const struct pier_share_info *p)
{
    const size_t known = sizeof(magic) - 1;
    size_t extent;

    if (memcmp(p->bytes, magic, p->length < known ? p->length : known) != 0)
        return 0;
    if (p->length < PIERI_PARCEL_HEADER)
        return PIERI_PARCEL_HEADER;
    extent = get(p->bytes + EXTENT, 2);
    return extent > PIERP_SHARE_MAX ? 0 : PIERI_PARCEL_HEADER + extent;
}

bool pieri_parcel_is(const struct pier_share_info *p, enum pieri_way way)
{
    const unsigned shuts = PIERI_SHUT_RECEIVING | PIERI_SHUT_SENDING;

    return p->length >= PIERI_PARCEL_HEADER && p->length <= sizeof(p->bytes) &&
           p->length == pieri_parcel_needs(p) &&
           get(p->bytes + CHECKSUM, 4) == checksum(p) &&
           p->bytes[WAY] == (unsigned char)way &&
           (p->bytes[SHUT] & ~shuts) == 0 && get(p->bytes + RESERVED, 4) == 0;
}

/* The system knows best what a handle is, but not always the protocol. */
static pier_err verify(const struct pier_socket *s, pier_handle handle)
{
    int family = -1, type = -1, protocol = -1;
    pier_err err = pierp_adopt(handle, &family, &type, &protocol);

    if (err)
        return err == PIER_EBADF || err == PIER_ENOTSOCK ? PIER_EINVAL : err;
    return family == s->family && type == s->type ? PIER_OK : PIER_EINVAL;
}

static pier_err open_parcel(struct pier_socket *s, pier_handle handle)
{
    pier_err err = verify(s, handle);

    if (!err)
        err = pieri_mode_apply(s, handle);
    if (!err) {
        pieri_socket_open(s, handle);
    } else {
        (void)pierp_close(handle);
    }
    return err;
}

pier_err pieri_parcel_unpack(struct pier_socket *s,
                             const struct pier_share_info *p,
                             pier_handle handle)
{
    pier_err err = PIER_OK;

    s->family = (int)get(p->bytes + FAMILY, 4);
    s->type = (int)get(p->bytes + TYPE, 4);
    s->protocol = (int)get(p->bytes + PROTOCOL, 4);
    s->write_turn = s->type == PIER_SOCK_STREAM ? PIERI_WRITE_TURN : 0;
    s->shut = p->bytes[SHUT];
    /* Both ends have one mode. */
    s->shares_mode = true;
    if (p->bytes[WAY] == PIERI_BY_SHARE) {
        err = pierp_fromshare(&handle, p->bytes + PIERI_PARCEL_HEADER,
                              p->length - PIERI_PARCEL_HEADER);
    }
    return err ? err : open_parcel(s, handle);
}
