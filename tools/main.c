/* SPDX-License-Identifier: MIT */
#include <pier/pier.h>
#include <stdio.h>
#include <string.h>

#include "arguments.h"
#include "help.h"
#include "interrupt.h"
#include "system.h"
#include "trace.h"

static enum outcome print_version(void)
{
    (void)printf("pier %s\n", pier_version());
    return help_finish();
}

/* Options that stand alone in the place of a command. */
static const struct {
    const char *name;
    enum outcome (*run)(void);
} alone[] = {
    { "--help", help_print },           { "-h", help_print },
    { "--version", print_version },     { "--help-man", help_print_man },
    { "--help-bash", help_print_bash },
};

static enum outcome run_command(const struct command *command,
                                struct settings *settings, int count,
                                char **arguments)
{
    enum outcome outcome =
        arguments_parse(settings, command, count, arguments);

    if (outcome)
        return outcome;
    if (settings->help)
        return help_print_command(command);
    if (settings->trace && !trace_start())
        return report(OUTCOME_FILE, "start: cannot trace");
    if (!interrupt_start())
        return report(OUTCOME_FILE, "start: out of memory or descriptors");
    return command->run(settings);
}

/* "help" and "help COMMAND" for those who look for them. */
static enum outcome run_help(int count, char **arguments)
{
    const struct command *command = NULL;

    if (count == 0)
        return help_print();
    if (count == 1)
        command = command_find(arguments[0]);
    if (command)
        return help_print_command(command);
    return report(OUTCOME_USAGE,
                  "help: not a command: '%s' (see 'pier --help')",
                  arguments[count - 1]);
}

static enum outcome run_alone(int count, char **arguments)
{
    for (size_t i = 0; i < sizeof alone / sizeof *alone; i++) {
        if (strcmp(arguments[0], alone[i].name) != 0)
            continue;
        if (count == 1)
            return alone[i].run();
        return report(OUTCOME_USAGE,
                      "%s: unexpected argument '%s' (see 'pier --help')",
                      arguments[0], arguments[1]);
    }
    return report(OUTCOME_USAGE, "unknown command '%s' (see 'pier --help')",
                  arguments[0]);
}

static enum outcome run(int count, char **arguments)
{
    struct settings settings = SETTINGS_INIT;
    const struct command *command;

    if (count > 0 && strcmp(arguments[0], "--trace") == 0) {
        settings.trace = true;
        count--;
        arguments++;
    }
    if (count == 0)
        return report(OUTCOME_USAGE, "missing command (see 'pier --help')");
    command = command_find(arguments[0]);
    if (command)
        return run_command(command, &settings, count - 1, arguments + 1);
    if (strcmp(arguments[0], "help") == 0)
        return run_help(count - 1, arguments + 1);
    return run_alone(count, arguments);
}

int main(int argc, char **argv)
{
    int named = 1; /* the first argument is the program's name, if any */

    if (!system_start(&argc, &argv)) {
        return (int)report(OUTCOME_FILE,
                           "start: out of memory or descriptors");
    }
    if (argc < named)
        named = argc;
    return (int)run(argc - named, argv + named);
}
