/* SPDX-License-Identifier: MIT */
#include "system.h"

#include <signal.h>
#include <sys/ioctl.h>
#include <unistd.h>

bool system_start(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    /*
     * A reader that went away and a file size limit are errors to report and
     * to clean up after, not reasons to vanish.
     */
    (void)signal(SIGPIPE, SIG_IGN);
    (void)signal(SIGXFSZ, SIG_IGN);
    return true;
}

unsigned long system_process_id(void)
{
    return (unsigned long)getpid();
}

int system_terminal_width(void)
{
    struct winsize size = { 0 };

    if (!isatty(STDERR_FILENO))
        return 0;
    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) || size.ws_col == 0)
        return 80;
    return size.ws_col;
}
