/* SPDX-License-Identifier: MIT */
#include "../pipes.h"

#include <unistd.h>

const bool pipes_can_be_polled = true;

bool open_pipe(intptr_t ends[2])
{
    int fds[2];

    if (pipe(fds) != 0)
        return false;
    ends[0] = fds[0];
    ends[1] = fds[1];
    return true;
}

bool write_to_pipe(intptr_t end)
{
    return write((int)end, "x", 1) == 1;
}

void close_pipe(const intptr_t ends[2])
{
    (void)close((int)ends[0]);
    (void)close((int)ends[1]);
}
