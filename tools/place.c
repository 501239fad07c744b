/* SPDX-License-Identifier: MIT */
#include "place.h"

#include <string.h>

/* Only IPv6 addresses stand in brackets; they alone have colons. */
static bool is_bracketed(const char *text, size_t length)
{
    return length > 2 && text[0] == '[' && text[length - 1] == ']' &&
           memchr(text, ':', length) != NULL;
}

bool place_split(struct place *out, const char *text)
{
    const char *colon = strrchr(text, ':');
    size_t length = colon ? (size_t)(colon - text) : 0;
    size_t skipped = 0;

    if (length == 0 || colon[1] == '\0' || strlen(text) >= sizeof out->text)
        return false;
    if (is_bracketed(text, length)) {
        skipped = 1;
    } else if (strchr(text, ':') != colon) {
        return false;
    }
    memcpy(out->text, text, strlen(text) + 1);
    out->text[length - skipped] = '\0';
    out->host = out->text + skipped;
    out->port = out->text + length + 1;
    return true;
}

const char *place_host(char buffer[PLACE_CAPACITY], const char *text)
{
    size_t length = strlen(text);

    if (length >= PLACE_CAPACITY || !is_bracketed(text, length))
        return text;
    memcpy(buffer, text + 1, length - 2);
    buffer[length - 2] = '\0';
    return buffer;
}
