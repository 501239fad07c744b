/* SPDX-License-Identifier: MIT */
#include "arguments.h"

#include <string.h>

#include "numbers.h"

/* The arguments not read yet. */
struct reader {
    const struct command *command;
    struct settings *out;
    char **next;
    char **end;
};

static enum outcome reject(const struct reader *r, const char *what,
                           const char *text)
{
    return report(OUTCOME_USAGE, "%s: %s '%s' (see 'pier %s --help')",
                  r->command->name, what, text, r->command->name);
}

enum outcome arguments_check_port(const char *command, const char *text,
                                  int lowest)
{
    if (number_is_port(text, lowest) || number_is_service(text))
        return OUTCOME_OK;
    return report(OUTCOME_USAGE,
                  "%s: neither a service nor a port from %d to 65535: '%s' "
                  "(see 'pier %s --help')",
                  command, lowest, text, command);
}

static const struct option *find_name(const struct command *command,
                                      const char *name, size_t length)
{
    const struct option *o;
    size_t i = 0;

    while ((o = command_option(command, i++)) != NULL) {
        if (strlen(o->name) == length && memcmp(o->name, name, length) == 0)
            break;
    }
    return o;
}

static const struct option *find_letter(const struct command *command,
                                        char letter)
{
    const struct option *o;
    size_t i = 0;

    while ((o = command_option(command, i++)) != NULL) {
        if (o->letter == letter)
            break;
    }
    return o;
}

static enum outcome store(const struct reader *r, const struct option *option,
                          const char *value)
{
    void *field = (char *)r->out + option->field;

    switch (option->kind) {
    case OPTION_FLAG:
        *(bool *)field = true;
        return OUTCOME_OK;
    case OPTION_TEXT:
        if (*value == '\0')
            return reject(r, "empty value for option", option->name);
        *(const char **)field = value;
        return OUTCOME_OK;
    case OPTION_PORT:
        if (arguments_check_port(r->command->name, value, 0))
            return OUTCOME_USAGE;
        *(const char **)field = value;
        return OUTCOME_OK;
    case OPTION_SECONDS:
        break;
    }
    if (!number_seconds(value, field))
        return reject(r, "not a number of seconds above 0:", value);
    return OUTCOME_OK;
}

/* value: what was attached to the option, or NULL. */
static enum outcome take_option(struct reader *r, const struct option *option,
                                const char *value)
{
    if (option->kind == OPTION_FLAG && value)
        return reject(r, "no value is taken by option", option->name);
    if (option->kind != OPTION_FLAG && !value) {
        if (r->next == r->end)
            return reject(r, "missing value of option", option->name);
        value = *r->next++;
    }
    return store(r, option, value);
}

static enum outcome take_long(struct reader *r, const char *argument)
{
    const char *name = argument + 2;
    const char *equals = strchr(name, '=');
    size_t length = equals ? (size_t)(equals - name) : strlen(name);
    const struct option *option = find_name(r->command, name, length);

    if (!option)
        return reject(r, "unknown option", argument);
    return take_option(r, option, equals ? equals + 1 : NULL);
}

/* "-q", "-46" and "-oNAME". */
static enum outcome take_short(struct reader *r, const char *argument)
{
    for (const char *p = argument + 1; *p; p++) {
        const struct option *option = find_letter(r->command, *p);
        const char *rest = p[1] ? p + 1 : NULL;
        enum outcome outcome;

        if (!option)
            return reject(r, "unknown option", argument);
        if (option->kind != OPTION_FLAG)
            return take_option(r, option, rest);
        outcome = take_option(r, option, NULL);
        if (outcome)
            return outcome;
    }
    return OUTCOME_OK;
}

static enum outcome take_operand(struct reader *r, const char *argument)
{
    struct settings *out = r->out;

    if (out->operand_count >= r->command->operands_max)
        return reject(r, "unexpected argument", argument);
    if (*argument == '\0')
        return reject(r, "empty argument", argument);
    out->operands[out->operand_count++] = argument;
    return OUTCOME_OK;
}

static enum outcome take_all(struct reader *r)
{
    bool options = true;
    enum outcome outcome = OUTCOME_OK;

    while (!outcome && r->next < r->end) {
        const char *argument = *r->next++;

        if (options && strcmp(argument, "--") == 0) {
            options = false;
        } else if (options && strncmp(argument, "--", 2) == 0) {
            outcome = take_long(r, argument);
        } else if (options && argument[0] == '-' && argument[1] != '\0') {
            outcome = take_short(r, argument);
        } else {
            outcome = take_operand(r, argument);
        }
    }
    return outcome;
}

enum outcome arguments_parse(struct settings *out,
                             const struct command *command, int count,
                             char **arguments)
{
    struct reader reader = { command, out, arguments, arguments + count };
    enum outcome outcome = take_all(&reader);

    if (outcome || out->help)
        return outcome;
    if (out->operand_count < command->operands_min) {
        return reject(&reader, "missing arguments, expected",
                      command->operands);
    }
    if (out->ipv4 && out->ipv6)
        return reject(&reader, "options exclude each other:", "-4 -6");
    return OUTCOME_OK;
}
