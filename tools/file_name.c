/* SPDX-License-Identifier: MIT */
#include "file_name.h"

#include <stddef.h>
#include <string.h>

static char upper(char c)
{
    return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

/* Whether the first length characters of name spell word. */
static bool spells(const char *name, size_t length, const char *word)
{
    if (strlen(word) != length)
        return false;
    for (size_t i = 0; i < length; i++) {
        if (upper(name[i]) != word[i])
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
           memchr("\xb9\xb2\xb3", name[4], 3) != NULL;
}

/* The bytes of the UTF-8 sequence at p; 0: none begins here. */
static size_t sequence(const char *text)
{
    const unsigned char *p = (const unsigned char *)text;
    size_t length = p[0] < 0x80                    ? 1
                    : p[0] >= 0xc2 && p[0] <= 0xdf ? 2
                    : p[0] >= 0xe0 && p[0] <= 0xef ? 3
                    : p[0] >= 0xf0 && p[0] <= 0xf4 ? 4
                                                   : 0;

    for (size_t i = 1; i < length; i++) {
        if (p[i] < 0x80 || p[i] > 0xbf)
            return 0;
    }
    /* Overlong forms, surrogates and what is above U+10FFFF. */
    if ((p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xed && p[1] > 0x9f) ||
        (p[0] == 0xf0 && p[1] < 0x90) || (p[0] == 0xf4 && p[1] > 0x8f))
        return 0;
    return length;
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
