/* SPDX-License-Identifier: MIT */
#include <pier/pier.h>
#include <stdio.h>
#include <string.h>

#include "arguments.h"
#include "interrupt.h"
#include "system.h"

static const struct command *const commands[] = {
    &command_send_file,
    &command_recv_file,
    &command_connect,
    &command_listen,
};

#define COMMANDS (sizeof commands / sizeof commands[0])

static enum outcome finish_output(void)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return OUTCOME_OK;
    return report(OUTCOME_FILE, "write standard output: failed");
}

static void print_exit_codes(void)
{
    (void)fputs("\nExit codes:\n"
                "    0  success\n"
                "    1  the peer or the transfer failed (vanished, checksum)\n"
                "    2  bad arguments\n"
                "    3  cannot resolve, connect or listen\n"
                "    4  a file or a standard stream here failed\n"
                "    5  a time limit ran out\n"
                "  130  interrupted\n",
                stdout);
}

static enum outcome print_help(void)
{
    (void)fputs("Usage: pier COMMAND [OPTIONS] ARGUMENTS\n"
                "       pier COMMAND --help\n"
                "       pier --help | --version\n"
                "\nCommands:\n",
                stdout);
    for (size_t i = 0; i < COMMANDS; i++)
        (void)printf("  %-10s  %s\n", commands[i]->name, commands[i]->summary);
    print_exit_codes();
    return finish_output();
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
    (void)printf("  %-28s %s\n", left, option->help);
}

static enum outcome print_command_help(const struct command *command)
{
    (void)printf("Usage: pier %s [OPTIONS] %s\n\n%s.\n%s\nOptions:\n",
                 command->name, command->operands, command->summary,
                 command->about);
    for (size_t i = 0; i < command->option_count; i++)
        print_option(&command->options[i]);
    print_exit_codes();
    return finish_output();
}

static enum outcome run_command(const struct command *command, int count,
                                char **arguments)
{
    struct settings settings = SETTINGS_INIT;
    enum outcome outcome =
        arguments_parse(&settings, command, count, arguments);

    if (outcome)
        return outcome;
    if (settings.help)
        return print_command_help(command);
    if (!interrupt_start())
        return report(OUTCOME_FILE, "start: out of memory or descriptors");
    return command->run(&settings);
}

static enum outcome run(int argc, char **argv)
{
    if (argc < 2)
        return report(OUTCOME_USAGE, "missing command (see 'pier --help')");
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
        return print_help();
    if (strcmp(argv[1], "--version") == 0) {
        (void)printf("pier %s\n", pier_version());
        return finish_output();
    }
    for (size_t i = 0; i < COMMANDS; i++) {
        if (strcmp(argv[1], commands[i]->name) == 0)
            return run_command(commands[i], argc - 2, argv + 2);
    }
    return report(OUTCOME_USAGE, "unknown command '%s' (see 'pier --help')",
                  argv[1]);
}

int main(int argc, char **argv)
{
    if (!system_start(&argc, &argv))
        return report(OUTCOME_FILE, "start: out of memory");
    return run(argc, argv);
}
