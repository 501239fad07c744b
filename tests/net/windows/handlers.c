/* SPDX-License-Identifier: MIT */
/* The system runs the handler of a console in a thread that it starts for it.
 * A console of its own keeps the key from everybody else. */
#include "../handlers.h"

#include <errno.h>
#include <windows.h>

static void (*handler)(void);
static _Atomic unsigned runs;
static _Atomic bool spoiled;

static BOOL WINAPI handle(DWORD event)
{
    if (event != CTRL_C_EVENT)
        return FALSE;
    errno = EDOM;
    handler();
    spoiled = spoiled || errno != EDOM;
    runs++;
    return TRUE;
}

bool set_handler(void (*run)(void))
{
    handler = run;
    (void)FreeConsole();
    /* A parent may have told its children to pass over the key. */
    return AllocConsole() && SetConsoleCtrlHandler(NULL, FALSE) &&
           SetConsoleCtrlHandler(handle, TRUE);
}

void unset_handler(void)
{
    (void)SetConsoleCtrlHandler(handle, FALSE);
    (void)FreeConsole();
}

void mark_blocked(void)
{
}

unsigned handler_runs(void)
{
    return runs;
}

bool handler_left_errno(void)
{
    return !spoiled;
}

static bool press_control_c(void)
{
    return GenerateConsoleCtrlEvent(CTRL_C_EVENT, 0) != 0;
}

const struct interruption interruptions[] = {
    { "Ctrl-C on the console", press_control_c },
};
const size_t interruption_count =
    sizeof(interruptions) / sizeof(interruptions[0]);
