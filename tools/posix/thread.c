/* SPDX-License-Identifier: MIT */
#include "system.h"

#include <errno.h>
#include <pthread.h>
#include <time.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;

static void *enter(void *pointer)
{
    struct system_thread *thread = pointer;

    thread->run(thread->argument);
    return NULL;
}

bool system_thread_start(struct system_thread *thread,
                         void (*run)(void *argument), void *argument)
{
    pthread_t handle;

    thread->run = run;
    thread->argument = argument;
    if (pthread_create(&handle, NULL, enter, thread))
        return false;
    thread->handle = (uintptr_t)handle;
    return true;
}

void system_thread_join(struct system_thread *thread)
{
    (void)pthread_join((pthread_t)thread->handle, NULL);
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
