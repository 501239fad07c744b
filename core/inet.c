/* SPDX-License-Identifier: MIT */
/* The functions of <arpa/inet.h>, the same on every system. */
#include <pier/address.h>

#include <pier/constants.h>

#include "error.h"
#include "ip_text.h"

#include <string.h>

static pier_err pton(int family, const char *text, void *out)
{
    if (!text || !out)
        return PIER_EINVAL;
    if (family == PIER_AF_INET)
        return pieri_inet_parse(out, text, text + strlen(text));
    if (family == PIER_AF_INET6)
        return pieri_inet6_parse(out, text, text + strlen(text));
    return PIER_EAFNOSUPPORT;
}

pier_err pier_inet_pton(int family, const char *text, void *out)
{
    pier_err err = pton(family, text, out);

    return err ? pieri_fail("inet_pton", err, NULL) : PIER_OK;
}

static pier_err ntop(int family, const void *in, char *buffer, size_t capacity)
{
    char text[PIERI_INET6_TEXT];
    size_t length;

    if (!in || !buffer)
        return PIER_EINVAL;
    if (family == PIER_AF_INET) {
        length = pieri_inet_format(text, in);
    } else if (family == PIER_AF_INET6) {
        length = pieri_inet6_format(text, in);
    } else {
        return PIER_EAFNOSUPPORT;
    }
    if (length >= capacity)
        return PIER_ENOBUFS;
    memcpy(buffer, text, length + 1);
    return PIER_OK;
}

pier_err pier_inet_ntop(int family, const void *in, char *buffer,
                        size_t capacity)
{
    pier_err err = ntop(family, in, buffer, capacity);

    return err ? pieri_fail("inet_ntop", err, NULL) : PIER_OK;
}

pier_err pier_inet_ntoa(const void *in4, char *buffer, size_t capacity)
{
    pier_err err = ntop(PIER_AF_INET, in4, buffer, capacity);

    return err ? pieri_fail("inet_ntoa", err, NULL) : PIER_OK;
}

/* Which of the three bases a number is in; text is moved behind its prefix. */
static int number_base(const char **text)
{
    if (**text != '0')
        return 10;
    if ((*text)[1] == 'x' || (*text)[1] == 'X') {
        *text += 2;
        return 16;
    }
    return 8;
}

/* One number as C writes it, up to 32 bits; NULL when there is none. */
static const char *parse_number(uint32_t *out, const char *text)
{
    uint64_t value = 0;
    int base = number_base(&text);
    const char *p = text;

    for (; pieri_hex_digit(*p) >= 0 && pieri_hex_digit(*p) < base; p++) {
        value = value * (uint64_t)base + (uint64_t)pieri_hex_digit(*p);
        if (value > UINT32_MAX)
            return NULL;
    }
    *out = (uint32_t)value;
    return p == text ? NULL : p;
}

pier_err pieri_inet_aton(const char *text, unsigned char out[4])
{
    uint32_t parts[4];
    uint32_t value;
    int count = 0;
    int i;

    do {
        text = parse_number(&parts[count], text);
        if (!text)
            return PIER_EINVAL;
        count++;
    } while (count < 4 && *text == '.' && *++text);
    if (*text || text[-1] == '.')
        return PIER_EINVAL;
    value = parts[count - 1];
    for (i = 0; i < count - 1; i++) {
        if (parts[i] > 0xff)
            return PIER_EINVAL;
    }
    if (count > 1 && value >> (8 * (5 - count)))
        return PIER_EINVAL;
    for (i = 0; i < count - 1; i++)
        value |= parts[i] << (8 * (3 - i));
    value = pier_htonl(value);
    memcpy(out, &value, 4);
    return PIER_OK;
}

pier_err pier_inet_aton(const char *text, void *out4)
{
    pier_err err = text && out4 ? pieri_inet_aton(text, out4) : PIER_EINVAL;

    return err ? pieri_fail("inet_aton", err, NULL) : PIER_OK;
}

uint16_t pier_htons(uint16_t v)
{
    unsigned char bytes[2];

    bytes[0] = (unsigned char)(v >> 8);
    bytes[1] = (unsigned char)(v & 0xff);
    memcpy(&v, bytes, sizeof v);
    return v;
}

uint32_t pier_htonl(uint32_t v)
{
    unsigned char bytes[4];
    int i;

    for (i = 0; i < 4; i++)
        bytes[i] = (unsigned char)(v >> (8 * (3 - i)));
    memcpy(&v, bytes, sizeof v);
    return v;
}

/* Each exchange of bytes is its own inverse. */
uint16_t pier_ntohs(uint16_t v)
{
    return pier_htons(v);
}

uint32_t pier_ntohl(uint32_t v)
{
    return pier_htonl(v);
}
