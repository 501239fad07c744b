/* SPDX-License-Identifier: MIT */
/* Windows can neither tell the mode of a socket nor interrupt a thread. */
#include "../mode.h"

int handle_is_nonblocking(intptr_t handle)
{
    (void)handle;
    return -1;
}

int number_of_file(FILE *file)
{
    return _fileno(file);
}

int signal_every(unsigned ms)
{
    (void)ms;
    return 0;
}

void avoid_signals(int avoid)
{
    (void)avoid;
}

unsigned signals_seen(void)
{
    return 0;
}

int sigpipe_kills(void)
{
    return 0;
}
