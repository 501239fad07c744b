/* SPDX-License-Identifier: MIT */
/*
 * The signals are blocked in every thread and taken by one that waits for
 * them, so that what happens then is ordinary code and not a signal handler.
 */
#include "system.h"

#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <time.h>
#include <unistd.h>

static sigset_t watched;
static void (*when_interrupted)(void);
static void (*when_abandoned)(void);
static int code;
static struct system_thread waiter;

/* A signal that the parent had us ignore, as nohup does, stays ignored. */
static void watch(int number)
{
    struct sigaction old;

    if (sigaction(number, NULL, &old) == 0 && old.sa_handler != SIG_IGN)
        (void)sigaddset(&watched, number);
}

static void await(void *argument)
{
    struct timespec grace = { SYSTEM_GRACE_MS / 1000,
                              SYSTEM_GRACE_MS % 1000 * 1000000L };
    int number = 0;

    (void)argument;
    if (sigwait(&watched, &number))
        return;
    when_interrupted();
    (void)nanosleep(&grace, NULL);
    when_abandoned();
    _exit(code);
}

bool system_watch_interrupts(void (*interrupted)(void), void (*abandon)(void),
                             int exit_code)
{
    when_interrupted = interrupted;
    when_abandoned = abandon;
    code = exit_code;
    (void)sigemptyset(&watched);
    watch(SIGINT);
    watch(SIGTERM);
    watch(SIGHUP);
    if (pthread_sigmask(SIG_BLOCK, &watched, NULL))
        return false;
    return system_thread_start(&waiter, await, NULL);
}
