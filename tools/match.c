/* SPDX-License-Identifier: MIT */
#include "match.h"

#include <stddef.h>
#include <string.h>

static int upper(char c)
{
    return c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c;
}

static bool same(char pattern, char c)
{
    return pattern == '?' || upper(pattern) == upper(c);
}

static bool begins(const char *part, const char *name)
{
    for (; *part; part++, name++) {
        if (upper(*part) != upper(*name))
            return false;
    }
    return true;
}

static bool has_part(const char *part, const char *name)
{
    for (; *name; name++) {
        if (begins(part, name))
            return true;
    }
    return false;
}

/* Only the latest "*" is ever tried again, with one character more. */
static bool has_form(const char *pattern, const char *name)
{
    const char *star = NULL;
    const char *taken = NULL;

    while (*name) {
        if (*pattern == '*') {
            star = ++pattern;
            taken = name;
        } else if (*pattern && same(*pattern, *name)) {
            pattern++;
            name++;
        } else if (star) {
            pattern = star;
            name = ++taken;
        } else {
            return false;
        }
    }
    return pattern[strspn(pattern, "*")] == '\0';
}

bool match_name(const char *pattern, const char *name)
{
    return strpbrk(pattern, "*?") ? has_form(pattern, name)
                                  : has_part(pattern, name);
}
