/* SPDX-License-Identifier: MIT */
#include "private.h"

#include <errno.h>
#include <pthread.h>
#include <time.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed;

/* What waits are measured by. One that can be set ends them early or late;
 * callers look at the monotonic clock. */
static clockid_t timer = CLOCK_REALTIME;

static void choose_clock(pthread_condattr_t *attributes)
{
#ifdef HAVE_CONDATTR_SETCLOCK
    if (!pthread_condattr_setclock(attributes, CLOCK_MONOTONIC))
        timer = CLOCK_MONOTONIC;
#else
    (void)attributes;
#endif
}

bool posix_start_monitor(void)
{
    pthread_condattr_t attributes;
    bool made;

    if (pthread_condattr_init(&attributes))
        return false;
    choose_clock(&attributes);
    made = pthread_cond_init(&changed, &attributes) == 0;
    (void)pthread_condattr_destroy(&attributes);
    return made;
}

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

void system_thread_leave(struct system_thread *thread)
{
    (void)pthread_detach((pthread_t)thread->handle);
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
    (void)clock_gettime(timer, &until);
    timeout += until.tv_nsec;
    until.tv_sec += (time_t)(timeout / 1000000000);
    until.tv_nsec = (long)(timeout % 1000000000);
    (void)pthread_cond_timedwait(&changed, &lock, &until);
}
