/* SPDX-License-Identifier: MIT */
#include <pier/constants.h>
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "help.h"
#include "json.h"
#include "match.h"

/* The value as a header would write it, when that says more. */
static void format_value(char *out, size_t capacity, long long value)
{
    if (value < 0 || value > 255) {
        (void)snprintf(out, capacity, "%lld (0x%llx)", value,
                       (unsigned long long)value & 0xffffffffU);
    } else {
        (void)snprintf(out, capacity, "%lld", value);
    }
}

static void print_one(const struct pier_constant *constant, bool json)
{
    char value[64];

    if (json) {
        json_object(NULL);
        json_text("name", constant->name);
        json_text("group", constant->group);
        json_integer("value", constant->value);
        json_end();
        return;
    }
    format_value(value, sizeof value, constant->value);
    (void)printf("%-32s %-26s %s\n", constant->name, value, constant->group);
}

static bool is_wanted(const struct pier_constant *constant,
                      const struct settings *settings)
{
    const char *pattern = settings->operands[0];

    if (settings->group && strcmp(settings->group, constant->group) != 0)
        return false;
    return !pattern || match_name(pattern, constant->name);
}

static enum outcome run_constants(const struct settings *settings)
{
    size_t count;
    size_t found = 0;
    const struct pier_constant *list = pier_constants(&count);

    if (settings->json)
        json_array(NULL);
    for (size_t i = 0; i < count; i++) {
        if (is_wanted(&list[i], settings)) {
            print_one(&list[i], settings->json);
            found++;
        }
    }
    if (settings->json)
        json_end();
    if (help_finish())
        return OUTCOME_FILE;
    return found > 0 ? OUTCOME_OK
                     : report(OUTCOME_PEER, "constants: nothing matches");
}

static const struct option options[] = {
    { 'g', OPTION_TEXT, "group", "GROUP",
      "only those of a group, such as socket_option",
      offsetof(struct settings, group) },
    OPTION_JSON,
};

static const struct example examples[] = {
    { "pier constants KEEP", "everything about keep-alive" },
    { "pier constants 'IPV6_*'", "the options of IPv6" },
};

const struct command command_constants = {
    .name = "constants",
    .operands = "[PATTERN]",
    .summary = "List the constants of this system's sockets",
    .about = "One line for each: name, value and group. PATTERN is a part of "
             "the name, or with * and ? all of it; upper and lower case are "
             "the same. Values are this system's own; what it lacks is not "
             "listed.",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .examples = examples,
    .example_count = sizeof examples / sizeof *examples,
    .operands_min = 0,
    .operands_max = 1,
    .run = run_constants,
};
