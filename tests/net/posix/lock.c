/* SPDX-License-Identifier: MIT */
#include "../lock.h"

#include <pthread.h>
#include <stdlib.h>

static pthread_mutex_t lock;

int make_lock(void **state)
{
    pthread_mutexattr_t checked;
    int failed;

    (void)state;
    if (pthread_mutexattr_init(&checked))
        return -1;
    failed = pthread_mutexattr_settype(&checked, PTHREAD_MUTEX_ERRORCHECK) ||
             pthread_mutex_init(&lock, &checked);
    (void)pthread_mutexattr_destroy(&checked);
    return failed ? -1 : 0;
}

void take_lock(void)
{
    if (pthread_mutex_lock(&lock))
        abort();
}

bool try_lock(void)
{
    return pthread_mutex_trylock(&lock) == 0;
}

bool give_lock(void)
{
    return pthread_mutex_unlock(&lock) == 0;
}
