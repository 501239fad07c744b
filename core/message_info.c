/* SPDX-License-Identifier: MIT */
/*
 * What a message tells besides its bytes. A backend knows what one item of
 * control data means; here all of them are put together.
 */
#include "error.h"
#include "object.h"
#include "options.h"
#include <pier/constants.h>
#include <pier/message_info.h>

#define HOPS_MAX  255
#define CLASS_MAX 255
#define ITEMS_MAX 12 /* each kind, for both families, and twice in part */
#define INFO_OF_IP                                                            \
    (PIER_INFO_DESTINATION | PIER_INFO_HOP_LIMIT | PIER_INFO_TRAFFIC_CLASS)
#define INFO_OF_ALL (INFO_OF_IP | PIER_INFO_TIMESTAMP | PIER_INFO_CREDENTIALS)

static const char set_name[] = "set message info";
static const char get_name[] = "get message info";
static const char put_name[] = "put message info";

static const struct kind {
    unsigned bit;
    enum pierp_option option;
} kinds[] = {
    { PIER_INFO_DESTINATION, PIERP_TELL_DESTINATION },
    { PIER_INFO_HOP_LIMIT, PIERP_TELL_HOP_LIMIT },
    { PIER_INFO_TRAFFIC_CLASS, PIERP_TELL_TRAFFIC_CLASS },
    { PIER_INFO_TIMESTAMP, PIERP_TELL_TIMESTAMP },
    { PIER_INFO_CREDENTIALS, PIERP_TELL_CREDENTIALS },
};

enum {
    KINDS = sizeof(kinds) / sizeof(kinds[0])
};

static bool is_ip(int family)
{
    return family == PIER_AF_INET || family == PIER_AF_INET6;
}

/* ------------------------------------------------------------ switches --- */

struct change {
    enum pierp_option option;
    int before;
};

/* Asks before anything is changed: what is lacking is found out here, and what
 * was there can be put back. */
static pier_err find_changes(const struct pier_socket *s, unsigned info,
                             struct change *changes, size_t *count)
{
    for (size_t i = 0; i < KINDS; i++) {
        struct change *c = &changes[*count];
        pier_err err;

        if (!(info & kinds[i].bit))
            continue;
        c->option = kinds[i].option;
        err = pierp_get_option(s->handle, s->family, c->option, &c->before);
        if (err)
            return err;
        ++*count;
    }
    return PIER_OK;
}

static void put_back(const struct pier_socket *s, const struct change *changes,
                     size_t count)
{
    for (size_t i = 0; i < count; i++) {
        (void)pierp_set_option(s->handle, s->family, changes[i].option,
                               changes[i].before);
    }
}

static pier_err change_all(const struct pier_socket *s, unsigned info, bool on)
{
    struct change changes[KINDS];
    size_t count = 0;
    pier_err err = find_changes(s, info, changes, &count);

    for (size_t i = 0; !err && i < count; i++) {
        err = pierp_set_option(s->handle, s->family, changes[i].option, on);
        if (err)
            put_back(s, changes, i);
    }
    return err;
}

pier_err pier_set_message_info(struct pier_socket *s, unsigned info, bool on)
{
    unsigned others;
    pier_err err;

    if (!s || info == 0 || (info & ~(unsigned)INFO_OF_ALL))
        return pieri_fail(set_name, PIER_EINVAL, NULL);
    others = is_ip(s->family) ? PIER_INFO_CREDENTIALS : INFO_OF_IP;
    if (info & others)
        return pieri_fail(set_name, PIER_ENOTSUP, NULL);
    err = pieri_begin(s, set_name);
    if (err)
        return err;
    return pieri_end(s, set_name, change_all(s, info, on), NULL);
}

/* ------------------------------------------------------------- reading --- */

/* A datagram of IPv4 on a socket of IPv6 may have an item of each: the one of
 * the socket's own family counts. */
static void merge_destination(struct pier_message_info *all,
                              const struct pier_message_info *one)
{
    const bool has_ipv6 =
        pierp_address_family(&all->destination) == PIER_AF_INET6;

    if (one->interface_index != 0 && all->interface_index == 0)
        all->interface_index = one->interface_index;
    if (one->destination.length == 0 ||
        (has_ipv6 && pierp_address_family(&one->destination) == PIER_AF_INET))
        return;
    all->destination = one->destination;
    all->known |= PIER_INFO_DESTINATION;
}

static void merge(struct pier_message_info *all,
                  const struct pier_message_info *one)
{
    merge_destination(all, one);
    if (one->known & PIER_INFO_HOP_LIMIT)
        all->hop_limit = one->hop_limit;
    if (one->known & PIER_INFO_TRAFFIC_CLASS)
        all->traffic_class = one->traffic_class;
    if (one->known & PIER_INFO_TIMESTAMP)
        all->timestamp_ns = one->timestamp_ns;
    if (one->known & PIER_INFO_CREDENTIALS) {
        all->process_id = one->process_id;
        all->user_id = one->user_id;
        all->group_id = one->group_id;
    }
    all->known |= one->known & ~(unsigned)PIER_INFO_DESTINATION;
}

pier_err pier_get_message_info(const struct pier_message *m,
                               struct pier_message_info *out)
{
    struct pier_message_info all = { .size = 0 };
    struct pier_control item = { .next = 0 };

    if (!m || !out || out->size == 0 || out->size > sizeof(all))
        return pieri_fail(get_name, PIER_EINVAL, NULL);
    while (pier_control_next(m, &item)) {
        struct pier_message_info one = { .size = 0 };

        pierp_info_read(&one, &item);
        merge(&all, &one);
    }
    pieri_options_copy_out(out, &all);
    return PIER_OK;
}

/* ------------------------------------------------------------- writing --- */

static bool is_within(int64_t value, int64_t most)
{
    return value >= 0 && value <= most;
}

static bool is_valid(const struct pier_message_info *info, int family)
{
    if (info->known & ~(unsigned)INFO_OF_ALL)
        return false;
    if ((info->known & PIER_INFO_DESTINATION) &&
        info->destination.length > 0 &&
        pierp_address_family(&info->destination) != family)
        return false;
    if ((info->known & PIER_INFO_HOP_LIMIT) &&
        (info->hop_limit < 1 || info->hop_limit > HOPS_MAX))
        return false;
    if ((info->known & PIER_INFO_TRAFFIC_CLASS) &&
        !is_within(info->traffic_class, CLASS_MAX))
        return false;
    return !(info->known & PIER_INFO_CREDENTIALS) ||
           (is_within(info->process_id, INT32_MAX) &&
            is_within(info->user_id, UINT32_MAX) &&
            is_within(info->group_id, UINT32_MAX));
}

static pier_err put_all(struct pier_message *m, size_t capacity, int family,
                        const struct pier_message_info *info)
{
    for (size_t i = 0; i < KINDS; i++) {
        struct pierp_info_item item;
        pier_err err;

        if (!(info->known & kinds[i].bit))
            continue;
        err = pierp_info_write(&item, family, kinds[i].bit, info);
        if (err)
            return pieri_fail(put_name, err, NULL);
        err = pier_control_put(m, capacity, item.level, item.type, item.data,
                               item.length);
        if (err)
            return err;
    }
    return PIER_OK;
}

pier_err pier_put_message_info(struct pier_message *m, size_t capacity,
                               int family,
                               const struct pier_message_info *info)
{
    struct pier_message_info all = { .size = 0 };
    unsigned others;
    size_t before;
    pier_err err;

    if (!m || !info || !pieri_options_copy(&all, sizeof(all), info) ||
        !is_valid(&all, family))
        return pieri_fail(put_name, PIER_EINVAL, NULL);
    if (!is_ip(family) && family != PIER_AF_UNIX)
        return pieri_fail(put_name, PIER_EAFNOSUPPORT, NULL);
    if (all.known == 0)
        return pieri_fail(put_name, PIER_EINVAL, NULL);
    others = is_ip(family) ? PIER_INFO_CREDENTIALS : INFO_OF_IP;
    if (all.known & (others | PIER_INFO_TIMESTAMP))
        return pieri_fail(put_name, PIER_ENOTSUP, NULL);
    before = m->control_length;
    err = put_all(m, capacity, family, &all);
    if (err)
        m->control_length = before;
    return err;
}

size_t pier_message_info_space(void)
{
    return ITEMS_MAX * pier_cmsg_space(PIERP_INFO_DATA);
}
