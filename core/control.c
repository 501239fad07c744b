/* SPDX-License-Identifier: MIT */
/*
 * Control data: written item by item, read with a look at every bound. What a
 * header says is believed only as far as there is memory; it comes from the
 * system, or from whoever filled the buffer.
 */
#include "error.h"
#include "platform.h"
#include <pier/message.h>
#include <string.h>

/* What fits the narrowest length that a system has for it. */
#define LENGTH_MAX ((size_t)INT32_MAX)

/* n with the padding after it. */
static size_t padded(size_t n)
{
    const size_t mask = pierp_control_alignment - 1;

    return (n + mask) & ~mask;
}

size_t pier_cmsg_len(size_t n)
{
    if (n > LENGTH_MAX - pierp_control_header)
        return 0;
    return n + pierp_control_header;
}

size_t pier_cmsg_space(size_t n)
{
    if (n > LENGTH_MAX - pierp_control_header - pierp_control_alignment)
        return 0;
    return padded(n + pierp_control_header);
}

pier_err pier_control_put(struct pier_message *m, size_t capacity, int level,
                          int type, const void *data, size_t n)
{
    const struct pierp_control item = { pier_cmsg_len(n), level, type };
    const size_t space = pier_cmsg_space(n);
    unsigned char *at;

    if (!m || !m->control || (!data && n > 0))
        return pieri_fail("control_put", PIER_EINVAL, NULL);
    if (space == 0 || m->control_length > capacity ||
        space > capacity - m->control_length)
        return pieri_fail("control_put", PIER_ENOBUFS, NULL);
    at = (unsigned char *)m->control + m->control_length;
    memset(at, 0, space);
    pierp_control_write(at, &item);
    if (n > 0)
        memcpy(at + pierp_control_header, data, n);
    m->control_length += space;
    return PIER_OK;
}

/* Where the item after one of this length begins; the end where there is no
 * room for it. */
static size_t next_after(size_t begin, size_t length, size_t end)
{
    const size_t left = end - begin;

    return length < left && padded(length) <= left ? begin + padded(length)
                                                   : end;
}

bool pier_control_next(const struct pier_message *m, struct pier_control *it)
{
    const unsigned char *at;
    struct pierp_control item;
    size_t begin;
    size_t left;

    if (!m || !it || !m->control || it->next > m->control_length ||
        m->control_length - it->next < pierp_control_header)
        return false;
    begin = it->next;
    left = m->control_length - begin;
    at = (const unsigned char *)m->control + begin;
    pierp_control_read(&item, at);
    if (item.length < pierp_control_header)
        return false;
    it->next = next_after(begin, item.length, m->control_length);
    it->level = item.level;
    it->type = item.type;
    it->data = at + pierp_control_header;
    it->length =
        (item.length < left ? item.length : left) - pierp_control_header;
    return true;
}
