/* SPDX-License-Identifier: MIT */
#include "command.h"

#include <string.h>

const struct command *const commands[] = {
    &command_connect, &command_listen, &command_send_file, &command_recv_file,
    &command_resolve, &command_probe,  &command_constants, &command_bench,
};
const size_t command_count = sizeof commands / sizeof commands[0];

static const struct option common[] = {
    { '\0', OPTION_FLAG, "trace", NULL,
      "tell on standard error the calls that open, close, connect, move data, "
      "wait or look up names",
      offsetof(struct settings, trace) },
    { 'h', OPTION_FLAG, "help", NULL, "show this and exit",
      offsetof(struct settings, help) },
};

const struct command *command_find(const char *name)
{
    for (size_t i = 0; i < command_count; i++) {
        if (strcmp(name, commands[i]->name) == 0)
            return commands[i];
    }
    return NULL;
}

const struct option *command_option(const struct command *command,
                                    size_t index)
{
    if (index < command->option_count)
        return &command->options[index];
    index -= command->option_count;
    return index < sizeof common / sizeof *common ? &common[index] : NULL;
}
