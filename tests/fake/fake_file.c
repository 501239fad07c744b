/* SPDX-License-Identifier: MIT */
/* The files that AF_UNIX sockets are bound to; they outlive the sockets. */
#include "inside.h"

#include <pier/constants.h>
#include <stdlib.h>

struct file {
    struct file *next;
    struct pier_address address;
    bool is_socket;
};

static struct file *files;

static struct file **find(const struct pier_address *a)
{
    struct file **place = &files;

    while (*place && !fake_same_address(&(*place)->address, a))
        place = &(*place)->next;
    return place;
}

static void add(const struct pier_address *a, bool is_socket)
{
    struct file *file = sim_new(sizeof(*file));

    file->address = *a;
    file->is_socket = is_socket;
    file->next = files;
    files = file;
}

bool sim_has_file(const struct pier_address *a)
{
    size_t length;
    const unsigned char *path;

    if (pierp_address_family(a) != PIER_AF_UNIX)
        return false;
    path = pierp_address_path(a, &length);
    return path && length && path[0];
}

bool sim_file_exists(const struct pier_address *a)
{
    return *find(a) != NULL;
}

void sim_file_make(const struct pier_address *a)
{
    if (sim_has_file(a))
        add(a, true);
}

void fake_file(const char *path)
{
    struct pier_address a = fake_path(path);

    add(&a, false);
}

bool fake_file_exists(const char *path)
{
    struct pier_address a = fake_path(path);

    return sim_file_exists(&a);
}

pier_err pierp_remove_socket_file(const struct pier_address *a)
{
    pier_err err = sim_enter(FAKE_REMOVE_SOCKET_FILE);
    struct file **place = find(a);
    struct file *file = *place;

    if (err)
        return err;
    if (!file)
        return sim_fail(PIER_ENOENT);
    if (!file->is_socket)
        return sim_fail(PIER_ENOTSOCK);
    *place = file->next;
    free(file);
    return PIER_OK;
}

void sim_files_reset(void)
{
    while (files) {
        struct file *file = files;

        files = file->next;
        free(file);
    }
}
