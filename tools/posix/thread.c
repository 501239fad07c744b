/* SPDX-License-Identifier: MIT */
#include "system.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

struct start {
    void (*run)(void *argument);
    void *argument;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;

static void *enter(void *pointer)
{
    struct start start = *(struct start *)pointer;

    free(pointer);
    start.run(start.argument);
    return NULL;
}

bool system_thread_start(void (*run)(void *argument), void *argument)
{
    struct start *start = malloc(sizeof *start);
    pthread_t thread;

    if (!start)
        return false;
    start->run = run;
    start->argument = argument;
    if (pthread_create(&thread, NULL, enter, start)) {
        free(start);
        return false;
    }
    (void)pthread_detach(thread);
    return true;
}

void system_lock(void)
{
    (void)pthread_mutex_lock(&lock);
}

void system_unlock(void)
{
    (void)pthread_mutex_unlock(&lock);
}

void system_notify(void)
{
    (void)pthread_cond_broadcast(&changed);
}

void system_wait(int64_t timeout)
{
    struct timespec until;

    /* A day is long enough: a wait may end early for no reason. */
    if (timeout > INT64_C(86400000000000))
        timeout = -1;
    if (timeout < 0) {
        (void)pthread_cond_wait(&changed, &lock);
        return;
    }
    /* A clock that is set ends the wait early or late; callers look at
     * the monotonic one. */
    (void)clock_gettime(CLOCK_REALTIME, &until);
    timeout += until.tv_nsec;
    until.tv_sec += (time_t)(timeout / 1000000000);
    until.tv_nsec = (long)(timeout % 1000000000);
    (void)pthread_cond_timedwait(&changed, &lock, &until);
}
