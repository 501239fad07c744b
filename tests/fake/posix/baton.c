/* SPDX-License-Identifier: MIT */
#include "baton.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

struct baton {
    pthread_mutex_t mutex;
    pthread_cond_t given;
    bool is_given;
};

struct baton *baton_new(void)
{
    struct baton *baton = calloc(1, sizeof(*baton));

    if (!baton)
        return NULL;
    pthread_mutex_init(&baton->mutex, NULL);
    pthread_cond_init(&baton->given, NULL);
    return baton;
}

void baton_free(struct baton *baton)
{
    pthread_cond_destroy(&baton->given);
    pthread_mutex_destroy(&baton->mutex);
    free(baton);
}

void baton_give(struct baton *baton)
{
    pthread_mutex_lock(&baton->mutex);
    baton->is_given = true;
    pthread_cond_signal(&baton->given);
    pthread_mutex_unlock(&baton->mutex);
}

void baton_take(struct baton *baton)
{
    pthread_mutex_lock(&baton->mutex);
    while (!baton->is_given)
        pthread_cond_wait(&baton->given, &baton->mutex);
    baton->is_given = false;
    pthread_mutex_unlock(&baton->mutex);
}

struct baton_thread {
    pthread_t id;
    void (*run)(void *argument);
    void *argument;
};

static void *begin(void *argument)
{
    struct baton_thread *thread = argument;

    thread->run(thread->argument);
    return NULL;
}

struct baton_thread *baton_thread_start(void (*run)(void *argument),
                                        void *argument)
{
    struct baton_thread *thread = calloc(1, sizeof(*thread));

    if (!thread)
        return NULL;
    thread->run = run;
    thread->argument = argument;
    if (pthread_create(&thread->id, NULL, begin, thread)) {
        free(thread);
        return NULL;
    }
    return thread;
}

void baton_thread_exit(void)
{
    pthread_exit(NULL);
}

void baton_thread_join(struct baton_thread *thread)
{
    pthread_join(thread->id, NULL);
    free(thread);
}
