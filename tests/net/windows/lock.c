/* SPDX-License-Identifier: MIT */
#include "../lock.h"

#include <windows.h>

/* A mutex, since a critical section does not mind who leaves it. */
static HANDLE lock;

int make_lock(void **state)
{
    (void)state;
    lock = CreateMutexW(NULL, FALSE, NULL);
    return lock ? 0 : -1;
}

void take_lock(void)
{
    (void)WaitForSingleObject(lock, INFINITE);
}

bool try_lock(void)
{
    return WaitForSingleObject(lock, 0) == WAIT_OBJECT_0;
}

bool give_lock(void)
{
    return ReleaseMutex(lock) != 0;
}
