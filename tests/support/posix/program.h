/* SPDX-License-Identifier: MIT */
#ifndef TEST_PROGRAM_H
#define TEST_PROGRAM_H

#include <stddef.h>

#define PROGRAM_WORDS_MAX 5

/* What starts this very program, as an argument list begins: its emulator, if
 * it has one, and its own path. How many words these are. */
size_t program_name(char **argv);

#endif
