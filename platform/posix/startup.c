/* SPDX-License-Identifier: MIT */
#include "priv.h"

#include <pthread.h>
#include <stdlib.h>

static pthread_mutex_t starting = PTHREAD_MUTEX_INITIALIZER;
static atomic_bool started;

pier_err pierp_start(void)
{
    pier_err err = PIER_OK;

    if (atomic_load_explicit(&started, memory_order_acquire))
        return PIER_OK;
    pthread_mutex_lock(&starting);
    if (!atomic_load_explicit(&started, memory_order_relaxed))
        err = posix_threads_prepare();
    if (err == PIER_OK)
        atomic_store_explicit(&started, true, memory_order_release);
    pthread_mutex_unlock(&starting);
    return err;
}

void pierp_free(void *block)
{
    free(block);
}

void *pierp_alloc(size_t bytes)
{
    return calloc(1, bytes);
}
