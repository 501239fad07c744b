/* SPDX-License-Identifier: MIT */
/*
 * leave   starts a child that holds a mutex for a minute, and is terminated
 * look    succeeds when nobody holds the mutex any more
 */
#include "process.h"

#include <stdio.h>
#include <string.h>
#include <windows.h>

#define HELD  L"pier-canary-orphan"
#define READY L"pier-canary-orphan-ready"

enum {
    CHILD_MS = 60000,
    READY_MS = 20000,
    GONE_MS = 5000,
    STEP_MS = 20
};

static int hold(void)
{
    HANDLE held = CreateMutexW(NULL, TRUE, HELD);
    HANDLE ready = OpenEventW(EVENT_MODIFY_STATE, FALSE, READY);

    if (!held || !ready || !SetEvent(ready))
        return 1;
    Sleep(CHILD_MS);
    return 0;
}

static int leave(void)
{
    const char *arguments[] = { "hold", NULL };
    HANDLE ready = CreateEventW(NULL, TRUE, FALSE, READY);

    process_start(arguments);
    if (WaitForSingleObject(ready, READY_MS) != WAIT_OBJECT_0)
        return 1;
    /* The way CTest ends a program that took too long: nothing is tidied. */
    TerminateProcess(GetCurrentProcess(), 0);
    return 1;
}

static int look(void)
{
    for (int ms = 0; ms < GONE_MS; ms += STEP_MS) {
        HANDLE held = OpenMutexW(SYNCHRONIZE, FALSE, HELD);

        if (!held)
            return 0;
        CloseHandle(held);
        Sleep(STEP_MS);
    }
    (void)fprintf(stderr, "the child outlived its test\n");
    return 1;
}

int main(int argc, char **argv)
{
    const char *what = argc == 2 ? argv[1] : "";

    if (!strcmp(what, "hold"))
        return hold();
    if (!strcmp(what, "leave"))
        return leave();
    return strcmp(what, "look") ? 2 : look();
}
