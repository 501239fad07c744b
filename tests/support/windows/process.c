/* SPDX-License-Identifier: MIT */
#include "process.h"

#include <stdlib.h>
#include <string.h>
#include <windows.h>

enum {
    LINE_MAX_BYTES = 2048
};

struct test_process {
    HANDLE handle;
};

static void append(char *line, const char *text)
{
    size_t used = strlen(line);
    size_t length = strlen(text);

    if (used + length >= LINE_MAX_BYTES)
        abort();
    memcpy(line + used, text, length + 1);
}

static void compose(char *line, const char *const *arguments)
{
    char self[MAX_PATH] = "";

    if (GetModuleFileNameA(NULL, self, sizeof(self)) >= sizeof(self))
        abort();
    append(line, "\"");
    append(line, self);
    append(line, "\"");
    for (; *arguments; arguments++) {
        append(line, " ");
        append(line, *arguments);
    }
}

struct test_process *process_start(const char *const *arguments)
{
    struct test_process *process = malloc(sizeof(*process));
    STARTUPINFOA how = { .cb = sizeof(how) };
    PROCESS_INFORMATION what = { 0 };
    char line[LINE_MAX_BYTES] = "";

    if (!process)
        abort();
    compose(line, arguments);
    if (!CreateProcessA(NULL, line, NULL, NULL, TRUE, 0, NULL, NULL, &how,
                        &what))
        abort();
    CloseHandle(what.hThread);
    process->handle = what.hProcess;
    return process;
}

long long process_self(void)
{
    return GetCurrentProcessId();
}

int process_join(struct test_process *process)
{
    DWORD code = 0;

    if (WaitForSingleObject(process->handle, INFINITE) != WAIT_OBJECT_0 ||
        !GetExitCodeProcess(process->handle, &code))
        abort();
    CloseHandle(process->handle);
    free(process);
    return (int)code;
}
