/* SPDX-License-Identifier: MIT */
#include "help.h"

#include <stdio.h>

static const char head[] =
    "# bash completion for pier; written by pier --help-bash\n"
    "_pier()\n"
    "{\n"
    "    local current=${COMP_WORDS[COMP_CWORD]} command= words= i\n"
    "    for ((i = 1; i < COMP_CWORD; i++)); do\n"
    "        case ${COMP_WORDS[i]} in\n"
    "        -*) ;;\n"
    "        *)\n"
    "            command=${COMP_WORDS[i]}\n"
    "            break\n"
    "            ;;\n"
    "        esac\n"
    "    done\n"
    "    COMPREPLY=()\n"
    "    case $command in\n";

static const char tail[] =
    "    esac\n"
    "    if [[ -z $command || $current == -* ]]; then\n"
    "        mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$current\")\n"
    "    elif [[ $command == send-file || $command == recv-file ]]; then\n"
    "        mapfile -t COMPREPLY < <(compgen -f -- \"$current\")\n"
    "    fi\n"
    "}\n"
    "complete -o filenames -F _pier pier\n";

static void print_words(const struct command *command)
{
    const struct option *option;

    (void)printf("    %s)\n        words='", command->name);
    for (size_t i = 0; (option = command_option(command, i)) != NULL; i++)
        (void)printf("%s--%s", i > 0 ? "\n            " : "", option->name);
    (void)printf("'\n        ;;\n");
}

enum outcome help_print_bash(void)
{
    (void)fputs(head, stdout);
    (void)printf("    '')\n        words='--help\n            --version\n"
                 "            --trace");
    for (size_t i = 0; i < command_count; i++)
        (void)printf("\n            %s", commands[i]->name);
    (void)printf("'\n        ;;\n");
    for (size_t i = 0; i < command_count; i++)
        print_words(commands[i]);
    (void)fputs(tail, stdout);
    return help_finish();
}
