/* SPDX-License-Identifier: MIT */
/*
 * What every test program does before main() so that its end is told truly:
 * its children die with it, since CTest only ends the program itself, and a
 * crash has one exit code that is never 0, whatever debugger is installed.
 */
#include <windows.h>

enum {
    CRASHED = 139
};

static LONG WINAPI end_at_once(EXCEPTION_POINTERS *what)
{
    (void)what;
    TerminateProcess(GetCurrentProcess(), CRASHED);
    return EXCEPTION_EXECUTE_HANDLER;
}

/* The job's only handle belongs to this process: its end closes the job. */
static void take_children_along(void)
{
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits = { 0 };
    HANDLE job = CreateJobObjectW(NULL, NULL);

    limits.BasicLimitInformation.LimitFlags =
        JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE;
    SetInformationJobObject(job, JobObjectExtendedLimitInformation, &limits,
                            sizeof(limits));
    AssignProcessToJobObject(job, GetCurrentProcess());
}

__attribute__((constructor)) static void guard(void)
{
    SetUnhandledExceptionFilter(end_at_once);
    take_children_along();
}
