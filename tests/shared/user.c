/* SPDX-License-Identifier: MIT */
#include "user.h"

#include "check.h"
#include "thread.h"

#include <stdlib.h>
#include <string.h>

struct user {
    const struct calls *calls;
    struct test_thread *thread;
    struct gate *waited, *may_end;
    ptrdiff_t result;
};

/* A pointer to a function becomes one of another type, whichever it is. */
static void find(struct library *library, const char *name, void *function)
{
    void (*found)(void) = library_find(library, name);

    CHECK(found != NULL);
    memcpy(function, &found, sizeof(found));
}

struct library *load_calls(struct calls *calls)
{
    struct library *library = library_load(LIBRARY_PATH);

    CHECK(library != NULL);
    find(library, "pier_socketpair", &calls->socketpair);
    find(library, "pier_settimeout", &calls->settimeout);
    find(library, "pier_recv", &calls->recv);
    find(library, "pier_free", &calls->free);
    find(library, "pier_getaddrinfo", &calls->getaddrinfo);
    find(library, "pier_freeaddrinfo", &calls->freeaddrinfo);
    return library;
}

/* A millisecond with no data: long enough for the system to be asked. */
static ptrdiff_t wait_in_vain(const struct calls *calls)
{
    struct pier_socket *ends[2];
    ptrdiff_t result =
        calls->socketpair(ends, PIER_AF_INET, PIER_SOCK_STREAM, 0);
    char byte;

    if (result < 0)
        return result;
    result = calls->settimeout(ends[0], 1000000);
    if (result == PIER_OK)
        result = calls->recv(ends[0], &byte, 1, 0);
    for (int i = 0; i < 2; i++)
        calls->free(ends[i]);
    return result;
}

static void use_and_outlive(void *argument)
{
    struct user *user = argument;

    user->result = wait_in_vain(user->calls);
    gate_open(user->waited);
    gate_wait(user->may_end);
}

struct user *user_start(const struct calls *calls)
{
    struct user *user = calloc(1, sizeof(*user));

    if (!user)
        abort();
    user->calls = calls;
    user->waited = gate_new();
    user->may_end = gate_new();
    user->thread = thread_start(use_and_outlive, user);
    gate_wait(user->waited);
    return user;
}

ptrdiff_t user_result(const struct user *user)
{
    return user->result;
}

void user_end(struct user *user)
{
    gate_open(user->may_end);
    thread_join(user->thread);
    gate_free(user->waited);
    gate_free(user->may_end);
    free(user);
}
