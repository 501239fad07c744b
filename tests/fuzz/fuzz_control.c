/* SPDX-License-Identifier: MIT */
/*
 * Control data. An input is taken twice: as what a system, or whoever filled
 * the buffer, has put there; and as orders to put items, which must come out
 * again as they went in.
 */
#include "fuzz.h"

#include <pier/constants.h>
#include <pier/error.h>
#include <pier/message.h>
#include <pier/message_info.h>

#include <string.h>

#define ROOM 4096

/* Every item lies within the data, behind the one before. Their number. */
static unsigned walk(const struct pier_message *m)
{
    const unsigned char *begin = m->control;
    struct pier_control it = { 0 };
    unsigned items = 0;
    size_t before = 0;

    while (pier_control_next(m, &it)) {
        const unsigned char *data = it.data;

        PROMISE(data && data > begin + before);
        PROMISE(data <= begin + m->control_length);
        PROMISE(it.length <= m->control_length - (size_t)(data - begin));
        PROMISE(it.next > before && it.next <= m->control_length);
        for (size_t i = 0; i < it.length; i++)
            PROMISE(data[i] == begin[(size_t)(data - begin) + i]);
        before = it.next;
        items++;
    }
    PROMISE(items <= m->control_length / pier_cmsg_len(0));
    PROMISE(!pier_control_next(m, &it));
    return items;
}

/* One more item behind whatever is there: it has its room or changes nothing.
 */
static void append(struct pier_message *m, size_t capacity, size_t n)
{
    static const unsigned char zeroes[256];
    const struct pier_message before = *m;
    size_t space = pier_cmsg_space(n);
    bool fits = space <= capacity - m->control_length;
    pier_err err = pier_control_put(m, capacity, 1, 2, zeroes, n);

    PROMISE(err == (fits ? PIER_OK : PIER_ENOBUFS));
    PROMISE(m->control_length == before.control_length + (fits ? space : 0));
    PROMISE(m->control == before.control);
}

/* What is told is within its range, and can be put for the next reader. */
static void understand(const struct pier_message *m)
{
    struct pier_message_info info = { .size = sizeof(info) }, again = info;
    struct pier_message other = { .control = room(ROOM) };
    int family;

    PROMISE(pier_get_message_info(m, &info) == PIER_OK);
    PROMISE(info.size == sizeof(info));
    PROMISE(info.hop_limit >= 0 && info.hop_limit <= 255);
    PROMISE(info.traffic_class >= 0 && info.traffic_class <= 255);
    family = pier_address_family(&info.destination);
    PROMISE(family == PIER_AF_UNSPEC || family == PIER_AF_INET ||
            family == PIER_AF_INET6);
    info.known &= PIER_INFO_HOP_LIMIT | PIER_INFO_TRAFFIC_CLASS;
    if (info.known &&
        !pier_put_message_info(&other, ROOM, PIER_AF_INET6, &info)) {
        PROMISE(!pier_get_message_info(&other, &again));
        PROMISE(again.known == info.known);
        PROMISE(again.hop_limit == info.hop_limit);
        PROMISE(again.traffic_class == info.traffic_class);
    }
    free(other.control);
}

static void read_any(const uint8_t *data, size_t size)
{
    size_t capacity = size + (size > 0 ? *data % 128u : 0);
    struct pier_message m = { .control = room(capacity) };

    memset(m.control, 0, capacity);
    if (size > 0)
        memcpy(m.control, data, size);
    m.control_length = size;
    (void)walk(&m);
    understand(&m);
    append(&m, capacity, size % 256);
    (void)walk(&m);
    free(m.control);
}

/* An order: level, type, and how many of the following bytes. */
struct order {
    int level, type;
    const uint8_t *data;
    size_t length;
};

static bool next_order(struct order *order, const uint8_t **data, size_t *size)
{
    if (*size < 3)
        return false;
    order->level = (*data)[0];
    order->type = -(int)(*data)[1];
    order->length = (*data)[2];
    *data += 3;
    *size -= 3;
    if (order->length > *size)
        order->length = *size;
    order->data = *data;
    *data += order->length;
    *size -= order->length;
    return true;
}

/* Puts what is ordered for as long as there is room; how many. */
static unsigned put_all(struct pier_message *m, const uint8_t *data,
                        size_t size)
{
    struct order order;
    unsigned items = 0;

    while (next_order(&order, &data, &size)) {
        pier_err err = pier_control_put(m, ROOM, order.level, order.type,
                                        order.data, order.length);

        PROMISE(err == PIER_OK || err == PIER_ENOBUFS);
        PROMISE(m->control_length <= ROOM);
        if (err)
            break;
        items++;
    }
    return items;
}

static void read_back(const uint8_t *data, size_t size)
{
    struct pier_message m = { .control = room(ROOM) };
    unsigned items = put_all(&m, data, size);
    struct pier_control it = { 0 };
    struct order order;

    PROMISE(walk(&m) == items);
    while (items-- > 0) {
        PROMISE(next_order(&order, &data, &size));
        PROMISE(pier_control_next(&m, &it));
        PROMISE(it.level == order.level && it.type == order.type);
        PROMISE(it.length == order.length);
        PROMISE(order.length == 0 ||
                memcmp(it.data, order.data, order.length) == 0);
    }
    PROMISE(!pier_control_next(&m, &it));
    free(m.control);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    read_any(data, size);
    read_back(data, size);
    return 0;
}
