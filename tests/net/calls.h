/* SPDX-License-Identifier: MIT */
/* Counts what this program asks of the system and of the heap; the linker
 * leads its calls through calls.c. */
#ifndef NET_CALLS_H
#define NET_CALLS_H

#include <stddef.h>

struct call_counts {
    unsigned moves;  /* recv, send, recvfrom, sendto */
    unsigned waits;  /* poll, ppoll */
    unsigned others; /* of sockets and descriptors */
    unsigned clocks;
    unsigned blocks; /* of memory */
    size_t bytes;    /* of memory */
};

/* What this thread did since it asked last. */
struct call_counts take_counts(void);

#endif
