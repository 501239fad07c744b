/* SPDX-License-Identifier: MIT */
/*
 * A wake as the rest of the backend sees it. What it is made of is in
 * wake_eventfd.c or wake_pipe.c; both take eight bytes as one signal.
 */
#include "priv.h"

pier_err pierp_wake_new(struct pierp_wake **out)
{
    struct pierp_wake *wake = pierp_alloc(sizeof *wake);
    pier_err err;

    if (!wake)
        return posix_fail_with(ENOMEM);
    err = posix_wake_open(wake);
    if (err) {
        pierp_free(wake);
        return err;
    }
    *out = wake;
    return PIER_OK;
}

void pierp_wake_free(struct pierp_wake *wake)
{
    if (!wake)
        return;
    if (wake->signal_fd != wake->wait_fd)
        (void)close(wake->signal_fd);
    (void)close(wake->wait_fd);
    pierp_free(wake);
}

void pierp_wake_signal(struct pierp_wake *wake)
{
    int kept = errno;
    uint64_t one = 1;
    /* Would block: it holds all the signals it can, so it is signalled. */
    ssize_t ignored = write(wake->signal_fd, &one, sizeof one);

    (void)ignored;
    errno = kept;
}

void pierp_wake_drain(struct pierp_wake *wake)
{
    int kept = errno;
    char room[256];

    /* An eventfd gives eight bytes once; a pipe all that was written. */
    while (read(wake->wait_fd, room, sizeof room) == (ssize_t)sizeof room)
        continue;
    errno = kept;
}
