/* SPDX-License-Identifier: MIT */
#include "../pipes.h"

#include <windows.h>

const bool pipes_can_be_polled = false;

bool open_pipe(intptr_t ends[2])
{
    HANDLE read, write;

    if (!CreatePipe(&read, &write, NULL, 0))
        return false;
    ends[0] = (intptr_t)read;
    ends[1] = (intptr_t)write;
    return true;
}

bool write_to_pipe(intptr_t end)
{
    DWORD written = 0;

    return WriteFile((HANDLE)end, "x", 1, &written, NULL) && written == 1;
}

void close_pipe(const intptr_t ends[2])
{
    (void)CloseHandle((HANDLE)ends[0]);
    (void)CloseHandle((HANDLE)ends[1]);
}
