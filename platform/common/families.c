/* SPDX-License-Identifier: MIT */
/*
 * Addresses of the families that only some systems have, by the backend's
 * table of where each field lies.
 */
#include "common.h"
#include "priv.h"

#define ROOM sizeof(((struct pier_address *)0)->storage.bytes)

static const struct plat_layout *find_layout(enum pierp_form form)
{
    for (size_t i = 0; i < plat_layout_count; i++) {
        if (plat_layouts[i].form == form)
            return &plat_layouts[i];
    }
    return NULL;
}

static bool is_big_endian(void)
{
    const uint16_t one = 1;
    unsigned char first;

    memcpy(&first, &one, 1);
    return first == 0;
}

/* Whether the most significant byte of the field comes first. */
static bool begins_high(const struct plat_field *field)
{
    if (field->kind == PLAT_BIG || field->kind == PLAT_LITTLE)
        return field->kind == PLAT_BIG;
    return is_big_endian();
}

static void put_number(unsigned char *to, const struct plat_field *field,
                       uint64_t value)
{
    size_t last = field->width - 1u;

    for (size_t i = 0; i <= last; i++, value >>= 8)
        to[begins_high(field) ? last - i : i] = (unsigned char)value;
}

static uint64_t get_number(const unsigned char *from,
                           const struct plat_field *field)
{
    size_t last = field->width - 1u;
    uint64_t value = 0;

    for (size_t i = 0; i <= last; i++)
        value = value << 8 | from[begins_high(field) ? i : last - i];
    return value;
}

/* Either way: the parts of 4, 2 and 2 bytes change their order, or do not. */
static void copy_guid(unsigned char *to, const unsigned char *from)
{
    static const unsigned char swapped[16] = { 3, 2, 1,  0,  5,  4,  7,  6,
                                               8, 9, 10, 11, 12, 13, 14, 15 };

    for (size_t i = 0; i < sizeof swapped; i++)
        to[i] = from[is_big_endian() ? i : swapped[i]];
}

/* The length that the address needs for this field is raised to in *length. */
static pier_err put_tail(unsigned char *sockaddr, size_t *length,
                         const struct plat_field *field,
                         const struct pierp_fields *f)
{
    uint64_t count = f->numbers[field->source];

    if (count > field->width)
        return PIER_ERANGE;
    memcpy(sockaddr + field->offset, f->bytes[0], (size_t)count);
    if (field->offset + count > *length)
        *length = field->offset + (size_t)count;
    return PIER_OK;
}

static pier_err put_field(unsigned char *sockaddr, size_t *length,
                          const struct plat_field *field,
                          const struct pierp_fields *f)
{
    unsigned char *to = sockaddr + field->offset;
    uint64_t value = field->source;

    switch (field->kind) {
    case PLAT_TAIL:
        return put_tail(sockaddr, length, field, f);
    case PLAT_BYTES:
        memcpy(to, f->bytes[field->source], field->width);
        return PIER_OK;
    case PLAT_GUID:
        copy_guid(to, f->bytes[field->source]);
        return PIER_OK;
    case PLAT_FIXED:
        break;
    default:
        value = f->numbers[field->source];
        break;
    }
    if (field->width < 8 && value >> (8u * field->width) != 0)
        return PIER_ERANGE;
    put_number(to, field, value);
    return PIER_OK;
}

pier_err pierp_address_encode(struct pier_address *out,
                              const struct pierp_fields *f)
{
    const struct plat_layout *layout = find_layout(f->form);
    struct pier_address a = { 0 };
    size_t length;

    if (!layout)
        return PIER_EAFNOSUPPORT;
    length = layout->length;
    for (size_t i = 0; i < PLAT_FIELDS && layout->fields[i].width > 0; i++) {
        pier_err err =
            put_field(a.storage.bytes, &length, &layout->fields[i], f);

        if (err)
            return err;
    }
    plat_set_family(&a, layout->family, length);
    *out = a;
    return PIER_OK;
}

static pier_err get_field(struct pierp_fields *f,
                          const struct plat_field *field,
                          const struct pier_address *a)
{
    const unsigned char *from = a->storage.bytes + field->offset;

    switch (field->kind) {
    case PLAT_TAIL:
        if (f->numbers[field->source] > field->width ||
            field->offset + f->numbers[field->source] > a->length)
            return PIER_EINVAL;
        memcpy(f->bytes[0], from, (size_t)f->numbers[field->source]);
        break;
    case PLAT_BYTES:
        memcpy(f->bytes[field->source], from, field->width);
        break;
    case PLAT_GUID:
        copy_guid(f->bytes[field->source], from);
        break;
    case PLAT_FIXED:
        break;
    default:
        f->numbers[field->source] = get_number(from, field);
        break;
    }
    return PIER_OK;
}

pier_err pierp_address_decode(struct pierp_fields *out, enum pierp_form form,
                              const struct pier_address *a)
{
    const struct plat_layout *layout = find_layout(form);
    struct pierp_fields f = { .form = form };

    if (!layout || pierp_address_family(a) != layout->family)
        return PIER_EAFNOSUPPORT;
    if (a->length < layout->least || a->length > ROOM)
        return PIER_EINVAL;
    for (size_t i = 0; i < PLAT_FIELDS && layout->fields[i].width > 0; i++) {
        pier_err err = get_field(&f, &layout->fields[i], a);

        if (err)
            return err;
    }
    *out = f;
    return PIER_OK;
}
