/* SPDX-License-Identifier: MIT */
#include "facts.h"

#include <pier/error.h>
#include <stdio.h>

#include "help.h"
#include "json.h"

#define NAME_COLUMNS 32

static bool as_json;
static bool in_group;

void facts_begin(bool json)
{
    as_json = json;
    in_group = false;
    if (as_json)
        json_object(NULL);
}

void facts_group(const char *name)
{
    if (as_json) {
        if (in_group)
            json_end();
        json_object(name);
    } else {
        (void)printf("%s%s\n", in_group ? "\n" : "", name);
    }
    in_group = true;
}

static void print_row(const char *name, const char *value)
{
    (void)printf("  %-*s %s\n", NAME_COLUMNS, name, value);
}

void facts_text(const char *name, const char *value)
{
    if (as_json) {
        json_text(name, value);
    } else {
        print_row(name, value);
    }
}

void facts_integer(const char *name, long long value)
{
    char text[32];

    (void)snprintf(text, sizeof text, "%lld", value);
    if (as_json) {
        json_integer(name, value);
    } else {
        print_row(name, text);
    }
}

void facts_real(const char *name, double value, const char *unit)
{
    char text[64];

    (void)snprintf(text, sizeof text, "%.1f %s", value, unit);
    if (as_json) {
        json_real(name, value);
    } else {
        print_row(name, text);
    }
}

void facts_works(const char *name, pier_err error)
{
    char text[128];

    if (as_json) {
        json_object(name);
        json_bool("works", error == PIER_OK);
        if (error)
            json_text("error", pier_errname(error));
        json_end();
        return;
    }
    (void)snprintf(text, sizeof text, "no: %s", pier_strerror(error));
    print_row(name, error ? text : "yes");
}

enum outcome facts_end(void)
{
    if (as_json) {
        if (in_group)
            json_end();
        json_end();
    }
    return help_finish();
}
