/* SPDX-License-Identifier: MIT */
#include "private.h"

#include <pier/time.h>
#include <process.h>

static SRWLOCK lock = SRWLOCK_INIT;
static CONDITION_VARIABLE changed = CONDITION_VARIABLE_INIT;

static unsigned __stdcall enter(void *pointer)
{
    struct system_thread *thread = pointer;

    system_lock();
    thread->began = true;
    system_notify();
    system_unlock();
    thread->run(thread->argument);
    return 0;
}

bool system_thread_start(struct system_thread *thread,
                         void (*run)(void *argument), void *argument)
{
    thread->run = run;
    thread->argument = argument;
    thread->began = false;
    thread->handle = _beginthreadex(NULL, 0, enter, thread, 0, NULL);
    if (!thread->handle)
        return false;
    /* A process that ends before its thread has begun crashes in Wine. */
    system_lock();
    while (!thread->began)
        system_wait(PIER_FOREVER);
    system_unlock();
    return true;
}

void system_thread_join(struct system_thread *thread)
{
    (void)WaitForSingleObject((HANDLE)thread->handle, INFINITE);
    (void)CloseHandle((HANDLE)thread->handle);
}

void system_thread_leave(struct system_thread *thread)
{
    (void)CloseHandle((HANDLE)thread->handle);
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
