/* SPDX-License-Identifier: MIT */
/*
 * SIGPIPE is raised in the thread whose call meets a broken pipe, so blocking
 * it there and taking a new one back leaves the process's disposition alone.
 */
#include "priv.h"

#include <pthread.h>

static bool is_pending(void)
{
    sigset_t pending;

    sigemptyset(&pending);
    (void)sigpending(&pending);
    return sigismember(&pending, SIGPIPE) == 1;
}

static void make_set(sigset_t *set)
{
    sigemptyset(set);
    sigaddset(set, SIGPIPE);
}

/* What is not blocked cannot have been pending. */
void posix_sigpipe_mask(struct posix_mask *mask)
{
    sigset_t set;

    make_set(&set);
    (void)pthread_sigmask(SIG_BLOCK, &set, &mask->before);
    mask->was_blocked = sigismember(&mask->before, SIGPIPE) == 1;
    mask->was_pending = mask->was_blocked && is_pending();
}

void posix_sigpipe_unmask(const struct posix_mask *mask)
{
    int kept = errno;
    int taken;
    sigset_t set;

    make_set(&set);
    /* It comes with progress too: from sendfile(2), which meets the end after
     * its first pages. One that was pending before is somebody else's. */
    if (!mask->was_pending && is_pending())
        (void)sigwait(&set, &taken);
    if (!mask->was_blocked)
        (void)pthread_sigmask(SIG_SETMASK, &mask->before, NULL);
    errno = kept;
}
