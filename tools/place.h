/* SPDX-License-Identifier: MIT */
/* Where a peer is, as people write it. */
#ifndef TOOLS_PLACE_H
#define TOOLS_PLACE_H

#include <stdbool.h>

#define PLACE_CAPACITY 1100 /* the longest name that can be, and a service */

struct place {
    const char *host;
    const char *port;
    char text[PLACE_CAPACITY]; /* what both point into */
};

/* Takes "HOST:PORT" or "[ADDRESS]:PORT" apart; false: text is neither. */
bool place_split(struct place *out, const char *text);

/* "[ADDRESS]" without its brackets, in buffer; any other text as it is. */
const char *place_host(char buffer[PLACE_CAPACITY], const char *text);

#endif
