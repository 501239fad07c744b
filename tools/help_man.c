/* SPDX-License-Identifier: MIT */
/* The manual page in mdoc(7), which man-db, groff and mandoc all read. */
#include "help.h"

#include <stdio.h>
#include <string.h>

#define DATE    "November 21, 2026"
#define COLUMNS 72 /* escapes not counted */

/* A character that roff would take for its own becomes its escape. */
static void put(char c)
{
    switch (c) {
    case '\\':
        (void)fputs("\\e", stdout);
        break;
    case '-':
        (void)fputs("\\-", stdout);
        break;
    case '"':
        (void)fputs("\\(dq", stdout);
        break;
    case '\'':
        (void)fputs("\\(aq", stdout);
        break;
    case '`':
        (void)fputs("\\(ga", stdout);
        break;
    case '~':
        (void)fputs("\\(ti", stdout);
        break;
    case '^':
        (void)fputs("\\(ha", stdout);
        break;
    default:
        (void)putchar(c);
    }
}

/* For an argument of a macro, in which a blank would begin the next one. */
static void put_argument(const char *text)
{
    (void)putchar('"');
    for (; *text; text++)
        put(*text);
    (void)putchar('"');
}

/* A word at the start of a line must not look like a request. */
static void put_word(const char *word, size_t length, bool first)
{
    if (first && *word == '.')
        (void)fputs("\\&", stdout);
    for (size_t i = 0; i < length; i++)
        put(word[i]);
}

/*
 * Each sentence begins a line, as roff wants it to know where one ends; long
 * ones go on in the next. An empty line begins a paragraph.
 */
static void put_paragraphs(const char *text)
{
    size_t column = 0;

    while (*text) {
        size_t length = strcspn(text, " \n");

        if (column > 0 && column + length >= COLUMNS) {
            (void)putchar('\n');
            column = 0;
        }
        if (column > 0)
            (void)putchar(' ');
        put_word(text, length, column == 0);
        column += length + 1;
        text += length;
        if (*text == ' ' && text[-1] == '.') {
            (void)putchar('\n');
            column = 0;
        } else if (*text == '\n') {
            (void)fputs("\n.Pp\n", stdout);
            column = 0;
        }
        text += strspn(text, " \n");
    }
    (void)putchar('\n');
}

static void put_option(const struct option *option)
{
    (void)fputs(".It ", stdout);
    if (option->letter)
        (void)printf("Fl %c , ", option->letter);
    (void)fputs("Fl ", stdout);
    put_argument("");
    (void)fputs(" Ns Fl ", stdout);
    put_argument(option->name);
    if (option->value) {
        (void)fputs(" Ar ", stdout);
        put_argument(option->value);
    }
    (void)putchar('\n');
    put_paragraphs(option->help);
}

static void put_examples(const struct command *command)
{
    for (size_t i = 0; i < command->example_count; i++) {
        (void)fputs(".Pp\n", stdout);
        put_paragraphs(command->examples[i].what);
        (void)fputs(".Dl ", stdout);
        put_argument(command->examples[i].line);
        (void)putchar('\n');
    }
}

static void put_command(const struct command *command)
{
    const struct option *option;

    (void)fputs(".Ss ", stdout);
    put_argument(command->name);
    (void)fputs("\n.Nm Cm ", stdout);
    put_argument(command->name);
    (void)fputs(" Op Ar options\n", stdout);
    if (*command->operands) {
        (void)fputs(".Ar ", stdout);
        put_argument(command->operands);
        (void)putchar('\n');
    }
    (void)printf(".Pp\n%s.\n.Pp\n", command->summary);
    put_paragraphs(command->about);
    (void)fputs(".Bl -tag -width Ds\n", stdout);
    for (size_t i = 0; (option = command_option(command, i)) != NULL; i++)
        put_option(option);
    (void)fputs(".El\n", stdout);
    put_examples(command);
}

static void put_head(void)
{
    (void)printf(".\\\" SPDX-License-Identifier: MIT\n"
                 ".\\\" Written by pier --help-man.\n"
                 ".Dd " DATE "\n.Dt PIER 1\n.Os\n"
                 ".Sh NAME\n.Nm pier\n.Nd ");
    put_paragraphs(HELP_SUMMARY);
    (void)fputs(".Sh SYNOPSIS\n"
                ".Nm\n.Op Fl \"\" Ns Fl trace\n"
                ".Ar command\n.Op Ar options\n.Ar arguments\n"
                ".Sh DESCRIPTION\n",
                stdout);
    put_paragraphs(
        "Options and operands come in any order; -- ends the options. Names "
        "of files and texts are UTF-8. SECONDS is a decimal number above 0, "
        "with or without a fraction. A failure is one line on standard "
        "error.");
}

static void put_tail(void)
{
    (void)fputs(".Sh ENVIRONMENT\n.Bl -tag -width Ds\n"
                ".It Ev PIER_WINDOWS_WAIT\n",
                stdout);
    put_paragraphs("How the library waits on Windows: auto, afd or wsapoll.");
    (void)fputs(".El\n.Sh EXIT STATUS\n.Bl -tag -width 130 -compact\n",
                stdout);
    for (size_t i = 0; i < help_code_count; i++) {
        (void)printf(".It %d\n", help_codes[i].code);
        put_paragraphs(help_codes[i].text);
    }
    (void)fputs(".El\n", stdout);
}

enum outcome help_print_man(void)
{
    put_head();
    for (size_t i = 0; i < command_count; i++)
        put_command(commands[i]);
    put_tail();
    return help_finish();
}
