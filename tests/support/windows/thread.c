/* SPDX-License-Identifier: MIT */
#include "thread.h"

#include <stdlib.h>
#include <windows.h>

struct test_thread {
    HANDLE handle;
    void (*run)(void *argument);
    void *argument;
};

static DWORD WINAPI enter(LPVOID opaque)
{
    struct test_thread *thread = opaque;

    thread->run(thread->argument);
    return 0;
}

struct test_thread *thread_start(void (*run)(void *argument), void *argument)
{
    struct test_thread *thread = malloc(sizeof(*thread));

    if (!thread)
        abort();
    thread->run = run;
    thread->argument = argument;
    thread->handle = CreateThread(NULL, 0, enter, thread, 0, NULL);
    if (!thread->handle)
        abort();
    return thread;
}

struct test_thread *thread_self(void)
{
    struct test_thread *thread = calloc(1, sizeof(*thread));
    HANDLE process = GetCurrentProcess();

    if (!thread || !DuplicateHandle(process, GetCurrentThread(), process,
                                    &thread->handle, SYNCHRONIZE, FALSE, 0))
        abort();
    return thread;
}

void thread_join(struct test_thread *thread)
{
    if (WaitForSingleObject(thread->handle, INFINITE) != WAIT_OBJECT_0)
        abort();
    CloseHandle(thread->handle);
    free(thread);
}

void sleep_ms(unsigned ms)
{
    Sleep(ms);
}
