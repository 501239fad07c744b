/* SPDX-License-Identifier: MIT */
/*
 * A file that appears under its name only when it is complete. Until then it
 * has a temporary name in the same directory, and whatever ends the program
 * takes that away.
 */
#ifndef TOOLS_PARTIAL_H
#define TOOLS_PARTIAL_H

#include "system.h"

struct partial {
    struct system_file file;
    char *temporary; /* NULL: none */
};

#define PARTIAL_NONE                                                          \
    {                                                                         \
        SYSTEM_NO_FILE, NULL                                                  \
    }

/* Makes the temporary file that is to become path. */
enum system_error partial_open(struct partial *out, const char *path);

enum system_error partial_write(struct partial *partial, const void *buffer,
                                size_t length);

/* Waits until the disk has it, so that no name leads to less of it. */
enum system_error partial_sync(struct partial *partial);

/* Closes and renames; on failure partial_discard() is still to be called. */
enum system_error partial_commit(struct partial *partial, const char *path,
                                 bool replace, bool sync);

/* Closes and removes what is left; fine after everything. */
void partial_discard(struct partial *partial);

/* Removes the temporary file while its owner may be stuck: any thread. */
void partial_abandon(void);

#endif
