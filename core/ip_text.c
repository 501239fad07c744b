/* SPDX-License-Identifier: MIT */
#include "ip_text.h"

#include <stdio.h>
#include <string.h>

#define GROUPS 8

int pieri_hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/* One number of an IPv4 address; NULL when there is none. */
static const char *parse_byte(unsigned char *out, const char *text,
                              const char *end)
{
    const char *p = text;
    int value = 0;

    while (p < end && *p >= '0' && *p <= '9' && p - text < 3)
        value = value * 10 + (*p++ - '0');
    if (p == text || value > 255 || (*text == '0' && p - text > 1))
        return NULL;
    *out = (unsigned char)value;
    return p;
}

pier_err pieri_inet_parse(unsigned char ip[4], const char *text,
                          const char *end)
{
    unsigned char bytes[4];
    const char *p = text;
    int i;

    for (i = 0; i < 4; i++) {
        if (i > 0 && (p == end || *p++ != '.'))
            return PIER_EINVAL;
        p = parse_byte(&bytes[i], p, end);
        if (!p)
            return PIER_EINVAL;
    }
    if (p != end)
        return PIER_EINVAL;
    memcpy(ip, bytes, sizeof bytes);
    return PIER_OK;
}

/* What has been read of an IPv6 address. */
struct groups {
    unsigned char bytes[16];
    int count; /* groups read */
    int gap;   /* how many of them stand before the "::"; -1: there is none */
};

static void add_group(struct groups *g, unsigned value)
{
    unsigned char *p = g->bytes + (ptrdiff_t)2 * g->count;

    p[0] = (unsigned char)(value >> 8);
    p[1] = (unsigned char)(value & 0xff);
    g->count++;
}

/* One group of at most four digits, or the IPv4 address that ends the text;
 * NULL for neither. */
static const char *parse_group(struct groups *g, const char *text,
                               const char *end)
{
    const char *p = text;
    unsigned value = 0;

    if (g->count == GROUPS)
        return NULL;
    while (p < end && pieri_hex_digit(*p) >= 0 && p - text < 4)
        value = value << 4 | (unsigned)pieri_hex_digit(*p++);
    if (p == text)
        return NULL;
    if (p == end || *p != '.') {
        add_group(g, value);
        return p;
    }
    if (g->count > GROUPS - 2 ||
        pieri_inet_parse(g->bytes + (ptrdiff_t)2 * g->count, text, end))
        return NULL;
    g->count += 2;
    return end;
}

static bool at_gap(const char *p, const char *end)
{
    return end - p >= 2 && p[0] == ':' && p[1] == ':';
}

/* What stands between two groups, a colon or the one gap; NULL for neither,
 * and for a colon at the end. */
static const char *parse_separator(struct groups *g, const char *p,
                                   const char *end)
{
    if (at_gap(p, end)) {
        if (g->gap >= 0)
            return NULL;
        g->gap = g->count;
        return p + 2;
    }
    if (g->count == 0)
        return p;
    return *p == ':' && p + 1 < end ? p + 1 : NULL;
}

/* Puts the zeroes of the gap in; it stands for at least one group. */
static pier_err fill_gap(struct groups *g)
{
    size_t after;

    if (g->gap < 0)
        return g->count == GROUPS ? PIER_OK : PIER_EINVAL;
    if (g->count == GROUPS)
        return PIER_EINVAL;
    after = (size_t)(g->count - g->gap) * 2;
    memmove(g->bytes + 16 - after, g->bytes + (ptrdiff_t)2 * g->gap, after);
    memset(g->bytes + (ptrdiff_t)2 * g->gap, 0,
           16 - after - (size_t)g->gap * 2);
    return PIER_OK;
}

pier_err pieri_inet6_parse(unsigned char ip[16], const char *text,
                           const char *end)
{
    struct groups g = { { 0 }, 0, -1 };
    const char *p = text;

    while (p < end) {
        p = parse_separator(&g, p, end);
        if (p && p < end)
            p = parse_group(&g, p, end);
        if (!p)
            return PIER_EINVAL;
    }
    if (fill_gap(&g))
        return PIER_EINVAL;
    memcpy(ip, g.bytes, sizeof g.bytes);
    return PIER_OK;
}

size_t pieri_inet_format(char text[PIERI_INET_TEXT], const unsigned char ip[4])
{
    return (size_t)snprintf(text, PIERI_INET_TEXT, "%u.%u.%u.%u", ip[0], ip[1],
                            ip[2], ip[3]);
}

static unsigned group(const unsigned char ip[16], int i)
{
    const unsigned char *p = ip + (ptrdiff_t)2 * i;

    return (unsigned)p[0] << 8 | p[1];
}

/* The longest run of zero groups, the first of equals; shorter than two does
 * not count (RFC 5952, 4.2). */
static void find_gap(const unsigned char ip[16], int *start, int *length)
{
    int i;
    int run = 0;

    *start = GROUPS;
    *length = 0;
    for (i = 0; i < GROUPS; i++) {
        run = group(ip, i) ? 0 : run + 1;
        if (run > 1 && run > *length) {
            *length = run;
            *start = i + 1 - run;
        }
    }
}

size_t pieri_inet6_format(char text[PIERI_INET6_TEXT],
                          const unsigned char ip[16])
{
    int i = 0;
    int start;
    int length;
    size_t used = 0;
    int groups = GROUPS;

    find_gap(ip, &start, &length);
    /* Compatible and mapped addresses end in IPv4 (RFC 5952, 5). */
    if (start == 0 && (length == 6 || (length == 5 && group(ip, 5) == 0xffff)))
        groups = 6;
    text[0] = '\0';
    while (i < groups) {
        if (i == start) {
            used +=
                (size_t)snprintf(text + used, PIERI_INET6_TEXT - used, "::");
            i += length;
            continue;
        }
        used += (size_t)snprintf(text + used, PIERI_INET6_TEXT - used, "%s%x",
                                 i > 0 && i != start + length ? ":" : "",
                                 group(ip, i));
        i++;
    }
    if (groups == GROUPS)
        return used;
    if (text[used - 1] != ':')
        text[used++] = ':';
    return used + pieri_inet_format(text + used, ip + 12);
}
