/* SPDX-License-Identifier: MIT */
#include "help.h"

#include <stdio.h>

#include "wrap.h"

#define OPTION_COLUMN  31
#define COMMAND_COLUMN 14

const struct help_code help_codes[] = {
    { OUTCOME_OK, "success" },
    { OUTCOME_PEER, "the peer or the transfer failed (vanished, wrong "
                    "checksum); nothing was found" },
    { OUTCOME_USAGE, "bad arguments" },
    { OUTCOME_UNREACHED, "cannot resolve, connect or listen" },
    { OUTCOME_FILE, "a file or a standard stream here failed" },
    { OUTCOME_TIMEOUT, "a time limit ran out" },
    { OUTCOME_INTERRUPTED, "interrupted" },
};
const size_t help_code_count = sizeof help_codes / sizeof *help_codes;

enum outcome help_finish(void)
{
    enum system_error error = system_flush_output();

    return error ? report_file("write", "standard output", error) : OUTCOME_OK;
}

static void print_codes(void)
{
    (void)printf("\nExit codes:\n");
    for (size_t i = 0; i < help_code_count; i++) {
        (void)printf("  %3d  ", help_codes[i].code);
        wrap_print(help_codes[i].text, 7, 7);
    }
}

enum outcome help_print(void)
{
    (void)printf("pier: " HELP_SUMMARY "\n\n"
                 "Usage: pier [--trace] COMMAND [OPTIONS] ARGUMENTS\n"
                 "       pier COMMAND --help\n"
                 "       pier --help | --version | --help-man | --help-bash\n"
                 "\nCommands:\n");
    for (size_t i = 0; i < command_count; i++) {
        (void)printf("  %-*s", COMMAND_COLUMN - 2, commands[i]->name);
        wrap_print(commands[i]->summary, COMMAND_COLUMN, COMMAND_COLUMN);
    }
    print_codes();
    (void)printf("\nThe manual page and the completion for bash:\n"
                 "  pier --help-man | man -l -\n"
                 "  source <(pier --help-bash)\n");
    return help_finish();
}

static void print_option(const struct option *option)
{
    char left[64];
    char letter[8] = "    ";

    if (option->letter)
        (void)snprintf(letter, sizeof letter, "-%c, ", option->letter);
    (void)snprintf(left, sizeof left, "%s--%s%s%s", letter, option->name,
                   option->value ? " " : "",
                   option->value ? option->value : "");
    (void)printf("  %-*s ", OPTION_COLUMN - 3, left);
    wrap_print(option->help, OPTION_COLUMN, OPTION_COLUMN);
}

static void print_examples(const struct command *command)
{
    if (command->example_count > 0)
        (void)printf("\nExamples:\n");
    for (size_t i = 0; i < command->example_count; i++) {
        (void)printf("  %s\n      ", command->examples[i].line);
        wrap_print(command->examples[i].what, 6, 6);
    }
}

enum outcome help_print_command(const struct command *command)
{
    const struct option *option;

    (void)printf("Usage: pier %s [OPTIONS]%s%s\n\n%s.\n\n", command->name,
                 *command->operands ? " " : "", command->operands,
                 command->summary);
    wrap_print(command->about, 0, 0);
    (void)printf("\nOptions:\n");
    for (size_t i = 0; (option = command_option(command, i)) != NULL; i++)
        print_option(option);
    print_examples(command);
    print_codes();
    return help_finish();
}
