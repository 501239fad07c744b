/* SPDX-License-Identifier: MIT */
#include "baton.h"

#include <stdlib.h>
#include <windows.h>

struct baton {
    HANDLE given; /* an event that one taker resets */
};

struct baton *baton_new(void)
{
    struct baton *baton = calloc(1, sizeof(*baton));

    if (!baton)
        return NULL;
    baton->given = CreateEventW(NULL, FALSE, FALSE, NULL);
    if (!baton->given) {
        free(baton);
        return NULL;
    }
    return baton;
}

void baton_free(struct baton *baton)
{
    CloseHandle(baton->given);
    free(baton);
}

void baton_give(struct baton *baton)
{
    SetEvent(baton->given);
}

void baton_take(struct baton *baton)
{
    WaitForSingleObject(baton->given, INFINITE);
}

struct baton_thread {
    HANDLE handle;
    void (*run)(void *argument);
    void *argument;
};

static DWORD WINAPI begin(void *argument)
{
    struct baton_thread *thread = argument;

    thread->run(thread->argument);
    return 0;
}

struct baton_thread *baton_thread_start(void (*run)(void *argument),
                                        void *argument)
{
    struct baton_thread *thread = calloc(1, sizeof(*thread));

    if (!thread)
        return NULL;
    thread->run = run;
    thread->argument = argument;
    thread->handle = CreateThread(NULL, 0, begin, thread, 0, NULL);
    if (!thread->handle) {
        free(thread);
        return NULL;
    }
    return thread;
}

void baton_thread_exit(void)
{
    ExitThread(0);
}

void baton_thread_join(struct baton_thread *thread)
{
    WaitForSingleObject(thread->handle, INFINITE);
    CloseHandle(thread->handle);
    free(thread);
}
