/* SPDX-License-Identifier: MIT */
#include "private.h"

static void (*when_interrupted)(void);
static void (*when_abandoned)(void);
static int code;

/*
 * The system runs this in a thread of its own. It does not return, because
 * returning from the closing of the console ends the process at once.
 */
static BOOL WINAPI take(DWORD event)
{
    (void)event;
    when_interrupted();
    Sleep(SYSTEM_GRACE_MS);
    when_abandoned();
    (void)TerminateProcess(GetCurrentProcess(), (UINT)code);
    return TRUE;
}

bool system_watch_interrupts(void (*interrupted)(void), void (*abandon)(void),
                             int exit_code)
{
    when_interrupted = interrupted;
    when_abandoned = abandon;
    code = exit_code;
    return SetConsoleCtrlHandler(take, TRUE) != 0;
}
