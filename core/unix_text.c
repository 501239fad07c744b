/* SPDX-License-Identifier: MIT */
/*
 * AF_UNIX names as text. A name is any bytes; in the text, what is no
 * printable UTF-8 and what the text itself uses is written as %HH.
 */
#include "address_text.h"
#include "ip_text.h"

#include <string.h>

#define NAME_ROOM sizeof(((struct pier_address *)0)->storage.bytes)

/* One byte of a name from text, which is moved on. */
static pier_err read_byte(char *out, const char **text)
{
    const char *p = *text;

    if (*p != '%') {
        *out = *p;
        *text = p + 1;
        return PIER_OK;
    }
    if (pieri_hex_digit(p[1]) < 0 || pieri_hex_digit(p[2]) < 0)
        return PIER_EINVAL;
    *out = (char)(pieri_hex_digit(p[1]) << 4 | pieri_hex_digit(p[2]));
    *text = p + 3;
    return PIER_OK;
}

pier_err pieri_unix_parse(struct pier_address *out, const char *text)
{
    char name[NAME_ROOM];
    size_t length = 0;

    if (*text == '@') {
        name[length++] = '\0';
        text++;
    }
    while (*text) {
        if (length == sizeof name)
            return PIER_ENAMETOOLONG;
        if (read_byte(&name[length], &text))
            return PIER_EINVAL;
        length++;
    }
    return pier_address_unix(out, name, length);
}

/*
 * How many bytes the UTF-8 character at p has; 0 when there is none within
 * left bytes. Overlong forms, surrogates and what is above U+10FFFF are none
 * (RFC 3629, 4).
 */
static size_t character(const unsigned char *p, size_t left)
{
    static const struct {
        unsigned char first, last;     /* of the first byte */
        unsigned char lowest, highest; /* of the second byte */
        size_t bytes;
    } forms[] = {
        { 0x20, 0x7e, 0, 0, 1 },       { 0xc2, 0xdf, 0x80, 0xbf, 2 },
        { 0xe0, 0xe0, 0xa0, 0xbf, 3 }, { 0xe1, 0xec, 0x80, 0xbf, 3 },
        { 0xed, 0xed, 0x80, 0x9f, 3 }, { 0xee, 0xef, 0x80, 0xbf, 3 },
        { 0xf0, 0xf0, 0x90, 0xbf, 4 }, { 0xf1, 0xf3, 0x80, 0xbf, 4 },
        { 0xf4, 0xf4, 0x80, 0x8f, 4 },
    };
    size_t i = 0;
    size_t k;

    while (i<sizeof forms / sizeof *forms && * p> forms[i].last)
        i++;
    if (i == sizeof forms / sizeof *forms || *p < forms[i].first ||
        left < forms[i].bytes)
        return 0;
    if (forms[i].bytes > 1 &&
        (p[1] < forms[i].lowest || p[1] > forms[i].highest))
        return 0;
    for (k = 2; k < forms[i].bytes; k++) {
        if ((p[k] & 0xc0) != 0x80)
            return 0;
    }
    return forms[i].bytes;
}

static size_t escape(char *text, unsigned char byte)
{
    static const char digits[] = "0123456789abcdef";

    text[0] = '%';
    text[1] = digits[byte >> 4];
    text[2] = digits[byte & 15];
    return 3;
}

size_t pieri_unix_format(char text[PIERI_UNIX_TEXT],
                         const struct pier_address *a)
{
    size_t length;
    const unsigned char *name = pierp_address_path(a, &length);
    size_t used = 0;
    size_t i = 0;

    if (length > 0 && name[0] == '\0') {
        text[used++] = '@';
        i = 1;
    }
    while (i < length) {
        size_t bytes = character(name + i, length - i);

        if (bytes == 0 || name[i] == '%' || (name[i] == '@' && i == 0)) {
            used += escape(text + used, name[i++]);
            continue;
        }
        memcpy(text + used, name + i, bytes);
        used += bytes;
        i += bytes;
    }
    text[used] = '\0';
    return used;
}
