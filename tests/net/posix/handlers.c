/* SPDX-License-Identifier: MIT */
#include "../handlers.h"
#include "thread.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>

static void (*handler)(void);
static pthread_t blocked;
static _Atomic unsigned runs;
static _Atomic bool spoiled;

/* No call that pier makes gives this. */
static void handle(int number)
{
    int kept = errno;

    (void)number;
    errno = EDOM;
    handler();
    spoiled = spoiled || errno != EDOM;
    errno = kept;
    runs++;
}

bool set_handler(void (*run)(void))
{
    struct sigaction action;

    memset(&action, 0, sizeof(action));
    action.sa_handler = handle;
    handler = run;
    return sigaction(SIGUSR1, &action, NULL) == 0;
}

void unset_handler(void)
{
    (void)signal(SIGUSR1, SIG_DFL);
}

void mark_blocked(void)
{
    blocked = pthread_self();
}

unsigned handler_runs(void)
{
    return runs;
}

bool handler_left_errno(void)
{
    return !spoiled;
}

static bool await_run(unsigned before)
{
    for (int ms = 0; ms < 200 && runs == before; ms++)
        sleep_ms(1);
    return runs != before;
}

/* A sanitizer may keep a signal back until the next one, if it came just
 * before the thread was blocked. */
static bool signal_the_blocked(void)
{
    unsigned before = runs;

    for (int tries = 0; tries < 50; tries++) {
        if (pthread_kill(blocked, SIGUSR1))
            return false;
        if (await_run(before))
            return true;
    }
    return false;
}

static bool signal_this_one(void)
{
    return pthread_kill(pthread_self(), SIGUSR1) == 0;
}

const struct interruption interruptions[] = {
    { "a signal to the thread that is blocked", signal_the_blocked },
    { "a signal to another thread", signal_this_one },
};
const size_t interruption_count =
    sizeof(interruptions) / sizeof(interruptions[0]);
