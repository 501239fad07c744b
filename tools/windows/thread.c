/* SPDX-License-Identifier: MIT */
#include "private.h"

#include <process.h>
#include <stdlib.h>

struct start {
    void (*run)(void *argument);
    void *argument;
};

static SRWLOCK lock = SRWLOCK_INIT;
static CONDITION_VARIABLE changed = CONDITION_VARIABLE_INIT;

static unsigned __stdcall enter(void *pointer)
{
    struct start start = *(struct start *)pointer;

    free(pointer);
    start.run(start.argument);
    return 0;
}

bool system_thread_start(void (*run)(void *argument), void *argument)
{
    struct start *start = malloc(sizeof *start);
    uintptr_t thread;

    if (!start)
        return false;
    start->run = run;
    start->argument = argument;
    thread = _beginthreadex(NULL, 0, enter, start, 0, NULL);
    if (!thread) {
        free(start);
        return false;
    }
    (void)CloseHandle((HANDLE)thread);
    return true;
}

void system_lock(void)
{
    AcquireSRWLockExclusive(&lock);
}

void system_unlock(void)
{
    ReleaseSRWLockExclusive(&lock);
}

void system_notify(void)
{
    WakeAllConditionVariable(&changed);
}

void system_wait(int64_t timeout)
{
    DWORD wait_ms = INFINITE;

    /* A day is long enough: a wait may end early for no reason. */
    if (timeout >= 0 && timeout < INT64_C(86400000000000))
        wait_ms = (DWORD)((timeout + 999999) / 1000000);
    (void)SleepConditionVariableSRW(&changed, &lock, wait_ms, 0);
}
