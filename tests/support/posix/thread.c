/* SPDX-License-Identifier: MIT */
#include "thread.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>

struct test_thread {
    pthread_t id;
    void (*run)(void *argument);
    void *argument;
    bool detached;
    bool leaving; /* under the lock */
};

/* Nobody can wait for the end of a detached thread, but for its last code. */
static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t key;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;

static void *enter(void *opaque)
{
    struct test_thread *thread = opaque;

    thread->run(thread->argument);
    return NULL;
}

struct test_thread *thread_start(void (*run)(void *argument), void *argument)
{
    struct test_thread *thread = calloc(1, sizeof(*thread));

    if (!thread)
        abort();
    thread->run = run;
    thread->argument = argument;
    if (pthread_create(&thread->id, NULL, enter, thread))
        abort();
    return thread;
}

static void leave(void *value)
{
    struct test_thread *thread = value;

    pthread_mutex_lock(&lock);
    thread->leaving = true;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
}

static void make_key(void)
{
    if (pthread_key_create(&key, leave))
        abort();
}

struct test_thread *thread_self(void)
{
    struct test_thread *thread = calloc(1, sizeof(*thread));

    pthread_once(&once, make_key);
    if (!thread || pthread_setspecific(key, thread))
        abort();
    thread->detached = true;
    return thread;
}

static void await_last_code(const struct test_thread *thread)
{
    pthread_mutex_lock(&lock);
    while (!thread->leaving)
        pthread_cond_wait(&changed, &lock);
    pthread_mutex_unlock(&lock);
}

void thread_join(struct test_thread *thread)
{
    if (thread->detached) {
        await_last_code(thread);
    } else if (pthread_join(thread->id, NULL)) {
        abort();
    }
    free(thread);
}

void sleep_ms(unsigned ms)
{
    struct timespec left = { .tv_sec = (time_t)(ms / 1000),
                             .tv_nsec = (long)(ms % 1000) * 1000000 };

    while (nanosleep(&left, &left) && errno == EINTR)
        ;
}
