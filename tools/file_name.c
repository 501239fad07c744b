/* SPDX-License-Identifier: MIT */
#include "file_name.h"

#include <stddef.h>
#include <string.h>

static bool same_letter(char c, char upper)
{
    return c == upper ||
           (upper >= 'A' && upper <= 'Z' && c - 'a' == upper - 'A');
}

/* Whether the first length characters of name spell word. */
static bool spells(const char *name, size_t length, const char *word)
{
    if (strlen(word) != length)
        return false;
    for (size_t i = 0; i < length; i++) {
        if (!same_letter(name[i], word[i]))
            return false;
    }
    return true;
}

/* Windows takes "nul.txt" for the device as well. */
static bool is_reserved(const char *name)
{
    static const char *const words[] = { "CON", "PRN",    "AUX",
                                         "NUL", "CONIN$", "CONOUT$" };
    size_t length = strcspn(name, ". ");

    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (spells(name, length, words[i]))
            return true;
    }
    if (!spells(name, length < 3 ? length : 3, "COM") &&
        !spells(name, length < 3 ? length : 3, "LPT"))
        return false;
    /* A digit, or a superscript 1, 2 or 3: C2 B9, C2 B2, C2 B3. */
    if (length == 4)
        return name[3] >= '0' && name[3] <= '9';
    return length == 5 && name[3] == '\xc2' &&
           (name[4] == '\xb9' || name[4] == '\xb2' || name[4] == '\xb3');
}

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

/* The bytes of the UTF-8 sequence at text; 0: none begins here. */
static size_t sequence(const char *text)
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

static void replace_bad(char *name)
{
    for (char *p = name; *p;) {
        size_t length = sequence(p);

        if (length == 0 || (unsigned char)*p < 0x20 || *p == 0x7f ||
            strchr("<>:\"|?*", *p)) {
            *p = '_';
            length = 1;
        }
        p += length;
    }
}

bool file_name_sanitise(char *name)
{
    char *base = name;
    size_t length;

    for (char *p = name; *p; p++) {
        if (*p == '/' || *p == '\\')
            base = p + 1;
    }
    memmove(name, base, strlen(base) + 1);
    if (*name == '\0' || strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
        return false;
    replace_bad(name);
    length = strlen(name);
    while (length > 0 && strchr(". ", name[length - 1]))
        name[--length] = '_';
    if (is_reserved(name))
        name[0] = '_';
    return true;
}
