/* SPDX-License-Identifier: MIT */
#include "library.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <string.h>

enum {
    DESCRIPTORS_MAX = 1000,
    KEYS_MAX = 2000
};

struct library *library_load(const char *path)
{
    return dlopen(path, RTLD_NOW | RTLD_LOCAL);
}

void (*library_find(struct library *library, const char *name))(void)
{
    void *symbol = dlsym(library, name);
    void (*function)(void) = NULL;

    memcpy(&function, &symbol, sizeof(function));
    return function;
}

void library_unload(struct library *library)
{
    (void)dlclose(library);
}

bool library_is_loaded(const char *path)
{
    void *found = dlopen(path, RTLD_NOW | RTLD_NOLOAD);

    if (found)
        (void)dlclose(found);
    return found != NULL;
}

bool sockets_are_started(void)
{
    return true;
}

void start_and_end_sockets(void)
{
}

int count_handles(void)
{
    int count = 0;

    for (int fd = 0; fd < DESCRIPTORS_MAX; fd++)
        count += fcntl(fd, F_GETFD) >= 0;
    return count;
}

int count_free_slots(void)
{
    pthread_key_t keys[KEYS_MAX];
    int count = 0;

    while (count < KEYS_MAX && pthread_key_create(&keys[count], NULL) == 0)
        count++;
    for (int i = 0; i < count; i++)
        (void)pthread_key_delete(keys[i]);
    return count;
}
