/* SPDX-License-Identifier: MIT */
#include "wrap.h"

#include <stdio.h>
#include <string.h>

#define COLUMNS 79

/* Ends the line and begins the next; returns its column. */
static size_t begin_line(size_t indent)
{
    (void)printf("\n%*s", (int)indent, "");
    return indent;
}

void wrap_print(const char *text, size_t column, size_t indent)
{
    size_t start = column;

    while (*text) {
        size_t length = strcspn(text, " \n");

        if (column != start && column + 1 + length > COLUMNS) {
            column = start = begin_line(indent);
        } else if (column != start) {
            (void)putchar(' ');
            column++;
        }
        (void)fwrite(text, 1, length, stdout);
        column += length;
        text += length;
        if (*text == '\n') {
            text += strspn(text, "\n");
            (void)putchar('\n');
            column = start = begin_line(indent);
        }
        text += *text == ' ';
    }
    (void)putchar('\n');
}
