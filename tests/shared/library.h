/* SPDX-License-Identifier: MIT */
/* Libraries that come and go at run time, and what they leave behind. */
#ifndef SHARED_LIBRARY_H
#define SHARED_LIBRARY_H

#include <stdbool.h>

struct library;

/* NULL: it cannot be loaded. */
struct library *library_load(const char *path);

/* NULL: it exports no such function. Cast it to its type. */
void (*library_find(struct library *library, const char *name))(void);

/* Gives up the only reference. */
void library_unload(struct library *library);

/* Whether its code is in the process still. */
bool library_is_loaded(const char *path);

/* Whether a socket can be made: what Windows allows only once somebody has
 * started Winsock in the process. */
bool sockets_are_started(void);

/* What another library does that starts and ends them for itself. */
void start_and_end_sockets(void);

/* How many descriptors or handles the process has. */
int count_handles(void);

/* How many places for data of a thread, with its code for the thread's end,
 * can be had still. */
int count_free_slots(void);

/* A door that one thread opens, once, and others wait at. */
struct gate;

/* Never NULL: a test without gates aborts. */
struct gate *gate_new(void);
void gate_open(struct gate *gate);
void gate_wait(struct gate *gate);
void gate_free(struct gate *gate);

#endif
