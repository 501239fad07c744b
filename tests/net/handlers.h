/* SPDX-License-Identifier: MIT */
/* What the system runs in the middle of a program: the handler of a signal, or
 * of a console; <system>/handlers.c. */
#ifndef NET_HANDLERS_H
#define NET_HANDLERS_H

#include <stdbool.h>
#include <stddef.h>

/* A way in which the handler comes to run. */
struct interruption {
    const char *name;
    bool (*come)(void); /* false: it cannot */
};

extern const struct interruption interruptions[];
extern const size_t interruption_count;

/* Has the handler call run(). */
bool set_handler(void (*run)(void));
void unset_handler(void);

/* The calling thread is the one that will be blocked. */
void mark_blocked(void);

/* How often the handler has ended, and whether run() left errno as it was. */
unsigned handler_runs(void);
bool handler_left_errno(void);

#endif
