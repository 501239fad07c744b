/* SPDX-License-Identifier: MIT */
#include "partial.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ATTEMPTS   1000
#define SUFFIX_MAX 64

/* Guarded by the monitor; the name of the one file that may be partial. */
static char *pending;

static void set_pending(char *name)
{
    system_lock();
    pending = name;
    system_unlock();
}

/* "dir/name" becomes "dir/.pier-PROCESS-NUMBER.part". */
static void name_temporary(char *out, size_t capacity, const char *path,
                           int number)
{
    int directory = (int)(system_path_base(path) - path);

    (void)snprintf(out, capacity, "%.*s.pier-%lu-%d.part", directory, path,
                   system_process_id(), number);
}

enum system_error partial_open(struct partial *out, const char *path)
{
    struct partial none = PARTIAL_NONE;
    size_t capacity = strlen(path) + SUFFIX_MAX;
    char *name = malloc(capacity);
    enum system_error error = SYSTEM_EXISTS;

    *out = none;
    if (!name)
        return SYSTEM_NO_SPACE;
    for (int i = 0; error == SYSTEM_EXISTS && i < ATTEMPTS; i++) {
        name_temporary(name, capacity, path, i);
        error = system_file_create(&out->file, name);
    }
    if (error) {
        free(name);
        return error;
    }
    out->temporary = name;
    set_pending(name);
    return SYSTEM_OK;
}

enum system_error partial_write(struct partial *partial, const void *buffer,
                                size_t length)
{
    return system_file_write(&partial->file, buffer, length);
}

enum system_error partial_sync(struct partial *partial)
{
    return system_file_sync(&partial->file);
}

static void forget(struct partial *partial)
{
    set_pending(NULL);
    free(partial->temporary);
    partial->temporary = NULL;
}

enum system_error partial_commit(struct partial *partial, const char *path,
                                 bool replace, bool sync)
{
    enum system_error error = system_file_close(&partial->file);

    if (!error)
        error = system_file_publish(partial->temporary, path, replace, sync);
    if (!error)
        forget(partial);
    return error;
}

void partial_discard(struct partial *partial)
{
    (void)system_file_close(&partial->file);
    if (!partial->temporary)
        return;
    system_file_remove(partial->temporary);
    forget(partial);
}

void partial_abandon(void)
{
    system_lock();
    if (pending)
        system_file_remove(pending);
    system_unlock();
}
