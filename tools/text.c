/* SPDX-License-Identifier: MIT */
#include "text.h"

#include <string.h>

/* What may begin a sequence of UTF-8, and what may then come second. */
static const struct {
    unsigned char first, last; /* of the first byte */
    unsigned char low, high;   /* of the second one */
    size_t length;
} sequences[] = {
    /* Without overlong forms, surrogates and what is above U+10FFFF. */
    { 0x01, 0x7f, 0x00, 0xff, 1 }, { 0xc2, 0xdf, 0x80, 0xbf, 2 },
    { 0xe0, 0xe0, 0xa0, 0xbf, 3 }, { 0xe1, 0xec, 0x80, 0xbf, 3 },
    { 0xed, 0xed, 0x80, 0x9f, 3 }, { 0xee, 0xef, 0x80, 0xbf, 3 },
    { 0xf0, 0xf0, 0x90, 0xbf, 4 }, { 0xf1, 0xf3, 0x80, 0xbf, 4 },
    { 0xf4, 0xf4, 0x80, 0x8f, 4 },
};

/* Whether the bytes from the third on continue; a NUL does not. */
static bool continues(const unsigned char *p, size_t length)
{
    for (size_t i = 2; i < length; i++) {
        if (p[i] < 0x80 || p[i] > 0xbf)
            return false;
    }
    return true;
}

size_t text_sequence(const char *text)
{
    const unsigned char *p = (const unsigned char *)text;

    for (size_t i = 0; i < sizeof sequences / sizeof *sequences; i++) {
        if (p[0] < sequences[i].first || p[0] > sequences[i].last)
            continue;
        if (p[1] < sequences[i].low || p[1] > sequences[i].high ||
            !continues(p, sequences[i].length))
            return 0;
        return sequences[i].length;
    }
    return 0;
}

bool text_is_control(const char *text)
{
    const unsigned char *p = (const unsigned char *)text;

    return p[0] < 0x20 || p[0] == 0x7f ||
           (p[0] == 0xc2 && p[1] >= 0x80 && p[1] <= 0x9f);
}

void text_clean(char *text)
{
    for (char *p = text; *p;) {
        size_t length = text_sequence(p);

        if (length == 0 || text_is_control(p)) {
            length = length ? length : 1;
            memset(p, '?', length);
        }
        p += length;
    }
}
