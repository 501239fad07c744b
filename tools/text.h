/* SPDX-License-Identifier: MIT */
/* Text from elsewhere - a peer, a file name - made fit for a terminal. */
#ifndef TEXT_H
#define TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* The bytes of the UTF-8 sequence at text; 0: none begins here. */
size_t text_sequence(const char *text);

/* Whether the sequence at text is a control character, those of ISO 6429
 * above 0x7f among them, which some terminals obey too. */
bool text_is_control(const char *text);

/* Replaces control characters and what is no UTF-8 by question marks. */
void text_clean(char *text);

#endif
