/* SPDX-License-Identifier: MIT */
#include "private.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <unistd.h>

/*
 * A standard stream that is closed leaves its number to the next descriptor,
 * and what is meant for the stream would go to a socket. In its place comes
 * what ends at once when read, fails when written, or takes messages.
 */
static bool fill_standard_streams(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        int mode = fd == STDERR_FILENO ? O_WRONLY : O_RDONLY;

        if (fcntl(fd, F_GETFD) < 0 && errno == EBADF &&
            open("/dev/null", mode | O_NOCTTY) != fd)
            return false;
    }
    return true;
}

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
    return fill_standard_streams() && posix_start_monitor();
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
