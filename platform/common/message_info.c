/* SPDX-License-Identifier: MIT */
/* What items of control data mean, by the backend's table of where each number
 * lies in them. */
#include "common.h"
#include "priv.h"

#include <pier/message_info.h>

#define SECOND_NS INT64_C(1000000000)

static const struct plat_item *find_item(int level, int type)
{
    for (size_t i = 0; i < plat_item_count; i++) {
        if (plat_items[i].level == level && plat_items[i].type == type)
            return &plat_items[i];
    }
    return NULL;
}

/* ------------------------------------------------------------- reading --- */

static int64_t read_int(const unsigned char *at, unsigned width)
{
    int64_t wide;
    int32_t narrow;
    uint16_t half;

    if (width == sizeof wide) {
        memcpy(&wide, at, sizeof wide);
        return wide;
    }
    if (width == sizeof narrow) {
        memcpy(&narrow, at, sizeof narrow);
        return narrow;
    }
    if (width == sizeof half) {
        memcpy(&half, at, sizeof half);
        return half;
    }
    return *at;
}

static unsigned read_unsigned(const unsigned char *at, unsigned offset)
{
    return offset == PLAT_NOWHERE ? 0
                                  : (unsigned)read_int(at + offset, PLAT_INT);
}

/* A link-local address means nothing without its interface. */
static bool needs_scope(const unsigned char *ip)
{
    return (ip[0] == 0xfe && (ip[1] & 0xc0) == 0x80) ||
           (ip[0] == 0xff && (ip[1] & 0x0f) == 0x02);
}

static void read_address(struct pier_message_info *out,
                         const struct plat_item *row, const unsigned char *at)
{
    const bool is_ipv6 = row->kind == PLAT_ITEM_IPV6;
    struct pierp_endpoint e = { .family = is_ipv6 ? AF_INET6 : AF_INET };

    out->interface_index = read_unsigned(at, row->at[1]);
    memcpy(e.ip, at + row->at[0], is_ipv6 ? 16 : 4);
    if (is_ipv6 && needs_scope(e.ip))
        e.scope_id = out->interface_index;
    if (pierp_address_pack(&out->destination, &e) == PIER_OK)
        out->known = PIER_INFO_DESTINATION;
}

/* One byte, or an int: which of them differs even on one system (Q77). What
 * is beyond a byte no system has said. */
static void read_number(struct pier_message_info *out, int *number,
                        unsigned known, const struct pier_control *item)
{
    int64_t value =
        read_int(item->data, item->length >= PLAT_INT ? PLAT_INT : 1);

    if (value < 0 || value > UINT8_MAX)
        return;
    *number = (int)value;
    out->known = known;
}

static void read_time(struct pier_message_info *out,
                      const struct plat_item *row, const unsigned char *at)
{
    const int64_t unit = row->kind == PLAT_ITEM_NS ? 1 : 1000;
    int64_t seconds = read_int(at, row->at[0]);
    int64_t fraction = read_int(at + row->at[1], row->at[2]);

    if (seconds < 0 || seconds >= INT64_MAX / SECOND_NS || fraction < 0 ||
        fraction >= SECOND_NS / unit)
        return;
    out->timestamp_ns = seconds * SECOND_NS + fraction * unit;
    out->known = PIER_INFO_TIMESTAMP;
}

static void read_credentials(struct pier_message_info *out,
                             const struct plat_item *row,
                             const unsigned char *at)
{
    out->process_id = read_int(at + row->at[0], PLAT_INT);
    out->user_id = read_unsigned(at, row->at[1]);
    out->group_id = read_unsigned(at, row->at[2]);
    out->known = PIER_INFO_CREDENTIALS;
}

void pierp_info_read(struct pier_message_info *out,
                     const struct pier_control *item)
{
    const struct plat_item *row = find_item(item->level, item->type);

    if (!row || item->length < row->length)
        return;
    switch (row->kind) {
    case PLAT_ITEM_IPV4:
    case PLAT_ITEM_IPV6:
        read_address(out, row, item->data);
        break;
    case PLAT_ITEM_INTERFACE:
        out->interface_index = (unsigned)read_int(
            (const unsigned char *)item->data + row->at[0], row->at[1]);
        break;
    case PLAT_ITEM_HOPS:
        read_number(out, &out->hop_limit, PIER_INFO_HOP_LIMIT, item);
        break;
    case PLAT_ITEM_CLASS:
        read_number(out, &out->traffic_class, PIER_INFO_TRAFFIC_CLASS, item);
        break;
    case PLAT_ITEM_NS:
    case PLAT_ITEM_US:
        read_time(out, row, item->data);
        break;
    default:
        read_credentials(out, row, item->data);
        break;
    }
}

/* ------------------------------------------------------------- writing --- */

static bool says(const struct plat_item *row, int family, unsigned which)
{
    switch (row->kind) {
    case PLAT_ITEM_IPV4:
        return which == PIER_INFO_DESTINATION && family == AF_INET;
    case PLAT_ITEM_IPV6:
        return which == PIER_INFO_DESTINATION && family == AF_INET6;
    case PLAT_ITEM_HOPS:
    case PLAT_ITEM_CLASS:
        return which == (row->kind == PLAT_ITEM_HOPS
                             ? PIER_INFO_HOP_LIMIT
                             : PIER_INFO_TRAFFIC_CLASS) &&
               row->level == (family == AF_INET ? IPPROTO_IP : IPPROTO_IPV6);
    case PLAT_ITEM_CREDENTIALS:
        return which == PIER_INFO_CREDENTIALS;
    default:
        return false;
    }
}

static const struct plat_item *find_sent(int family, unsigned which)
{
    for (size_t i = 0; i < plat_item_count; i++) {
        if (plat_items[i].is_sent && says(&plat_items[i], family, which))
            return &plat_items[i];
    }
    return NULL;
}

static void write_int(struct pierp_info_item *item, unsigned offset,
                      int64_t value)
{
    const uint32_t narrow = (uint32_t)value;

    memcpy(item->data + offset, &narrow, sizeof narrow);
}

static pier_err write_address(struct pierp_info_item *item,
                              const struct plat_item *row,
                              const struct pier_message_info *info)
{
    struct pierp_endpoint e = { .family = AF_UNSPEC };
    pier_err err = PIER_OK;

    if (info->destination.length > 0)
        err = pierp_address_unpack(&e, &info->destination);
    if (err)
        return err;
    if (info->interface_index > 0 && row->at[1] == PLAT_NOWHERE)
        return PIER_ENOTSUP;
    if (row->at[1] != PLAT_NOWHERE)
        write_int(item, row->at[1], info->interface_index);
    memcpy(item->data + row->at[2], e.ip,
           row->kind == PLAT_ITEM_IPV6 ? 16 : 4);
    return PIER_OK;
}

pier_err pierp_info_write(struct pierp_info_item *out, int family,
                          unsigned which, const struct pier_message_info *info)
{
    const struct plat_item *row = find_sent(family, which);
    struct pierp_info_item item = { .length = PLAT_INT };
    pier_err err = PIER_OK;

    if (!row)
        return PIER_ENOTSUP;
    item.level = row->level;
    item.type = row->type;
    if (which == PIER_INFO_HOP_LIMIT) {
        write_int(&item, 0, info->hop_limit);
    } else if (which == PIER_INFO_TRAFFIC_CLASS) {
        write_int(&item, 0, info->traffic_class);
    } else if (which == PIER_INFO_DESTINATION) {
        item.length = row->length;
        err = write_address(&item, row, info);
    } else {
        item.length = row->length;
        write_int(&item, row->at[0], info->process_id);
        write_int(&item, row->at[1], info->user_id);
        write_int(&item, row->at[2], info->group_id);
    }
    if (!err)
        *out = item;
    return err;
}
