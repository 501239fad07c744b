/* SPDX-License-Identifier: MIT */
/*
 * For systems with neither MSG_NOSIGNAL nor SO_NOSIGPIPE. SIGPIPE is raised in
 * the thread that sends, so blocking it there and taking a new one back leaves
 * the process's disposition alone.
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

void posix_sigpipe_block(struct posix_sigpipe *state)
{
    sigset_t set;

    state->was_pending = is_pending();
    make_set(&set);
    (void)pthread_sigmask(SIG_BLOCK, &set, &state->before);
}

void posix_sigpipe_restore(const struct posix_sigpipe *state)
{
    int kept = errno;
    int taken;
    sigset_t set;

    make_set(&set);
    /* One that was pending before the call belongs to somebody else. */
    if (!state->was_pending && is_pending())
        (void)sigwait(&set, &taken);
    (void)pthread_sigmask(SIG_SETMASK, &state->before, NULL);
    errno = kept;
}
