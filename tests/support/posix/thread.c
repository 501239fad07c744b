/* SPDX-License-Identifier: MIT */
#include "thread.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

struct test_thread {
    pthread_t id;
    void (*run)(void *argument);
    void *argument;
};

static void *enter(void *opaque)
{
    struct test_thread *thread = opaque;

    thread->run(thread->argument);
    return NULL;
}

struct test_thread *thread_start(void (*run)(void *argument), void *argument)
{
    struct test_thread *thread = malloc(sizeof(*thread));

    if (!thread)
        abort();
    thread->run = run;
    thread->argument = argument;
    if (pthread_create(&thread->id, NULL, enter, thread))
        abort();
    return thread;
}

void thread_join(struct test_thread *thread)
{
    if (pthread_join(thread->id, NULL))
        abort();
    free(thread);
}

void sleep_ms(unsigned ms)
{
    struct timespec left = { .tv_sec = (time_t)(ms / 1000),
                             .tv_nsec = (long)(ms % 1000) * 1000000 };

    while (nanosleep(&left, &left) && errno == EINTR)
        ;
}
