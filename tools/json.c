/* SPDX-License-Identifier: MIT */
#include "json.h"

#include <stdio.h>

#define DEPTH_MAX 8

static struct {
    unsigned depth;
    bool filled; /* the innermost value has a member already */
    char closing[DEPTH_MAX];
} json;

static void put_string(const char *text)
{
    (void)putchar('"');
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;

        if (c == '"' || c == '\\') {
            (void)printf("\\%c", c);
        } else if (c < 0x20) {
            (void)printf("\\u%04x", c);
        } else {
            (void)putchar(c);
        }
    }
    (void)putchar('"');
}

static void begin(const char *name)
{
    if (json.filled)
        (void)putchar(',');
    if (json.depth > 0)
        (void)printf("\n%*s", 2 * (int)json.depth, "");
    if (name) {
        put_string(name);
        (void)fputs(": ", stdout);
    }
    json.filled = true;
}

static void open_value(const char *name, char opening, char closing)
{
    begin(name);
    (void)putchar(opening);
    json.closing[json.depth++] = closing;
    json.filled = false;
}

void json_object(const char *name)
{
    open_value(name, '{', '}');
}

void json_array(const char *name)
{
    open_value(name, '[', ']');
}

void json_end(void)
{
    json.depth--;
    if (json.filled)
        (void)printf("\n%*s", 2 * (int)json.depth, "");
    (void)putchar(json.closing[json.depth]);
    json.filled = true;
    if (json.depth == 0)
        (void)putchar('\n');
}

void json_text(const char *name, const char *value)
{
    begin(name);
    if (value) {
        put_string(value);
    } else {
        (void)fputs("null", stdout);
    }
}

void json_integer(const char *name, long long value)
{
    begin(name);
    (void)printf("%lld", value);
}

void json_real(const char *name, double value)
{
    begin(name);
    (void)printf("%.3f", value);
}

void json_bool(const char *name, bool value)
{
    begin(name);
    (void)fputs(value ? "true" : "false", stdout);
}
