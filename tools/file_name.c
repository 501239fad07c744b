/* SPDX-License-Identifier: MIT */
#include "file_name.h"

#include <stddef.h>
#include <string.h>

#include "text.h"

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

static void replace_bad(char *name)
{
    for (char *p = name; *p;) {
        size_t length = text_sequence(p);

        if (length == 0 || text_is_control(p) || strchr("<>:\"|?*", *p)) {
            memset(p, '_', length ? length : 1);
            length = length ? length : 1;
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
    /* A leading point hides a file, and may be one that a shell obeys. */
    if (is_reserved(name) || name[0] == '.')
        name[0] = '_';
    return true;
}
