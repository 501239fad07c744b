/* SPDX-License-Identifier: MIT */
/*
 * Whether the process is ending. exit() and dlclose() run the same functions
 * at a library's end, but at exit other threads may still be inside. So a
 * semaphore is posted by exit() alone: its owner is no library but itself, so
 * the handler is none of dlclose()'s, and its code is libc's, which is there
 * whatever was unloaded. Whoever unloads the library takes it away.
 */
#include "priv.h"

#include <semaphore.h>

/* The Itanium C++ ABI, 3.3.5; every system here has it in libc, and only the
 * compiler declares it. */
/* NOLINTBEGIN(bugprone-reserved-identifier, cert-dcl37-c, cert-dcl51-cpp) */
extern int __cxa_atexit(void (*function)(void *), void *argument, void *owner);
extern void __cxa_finalize(void *owner);
/* NOLINTEND(bugprone-reserved-identifier, cert-dcl37-c, cert-dcl51-cpp) */

static sem_t *ended;

static void post(sem_t *semaphore, void (*handler)(void *))
{
    /* Without any owner the thread sanitizer forgets the argument. */
    if (__cxa_atexit(handler, semaphore, semaphore) == 0)
        ended = semaphore;
}

pier_err posix_exit_watch(void)
{
    sem_t *semaphore = pierp_alloc(sizeof *semaphore);

    if (!semaphore)
        return posix_fail_with(ENOMEM);
    if (sem_init(semaphore, 0, 0) != 0) {
        pierp_free(semaphore);
        return posix_fail();
    }
    /* A function that takes a pointer is called alike whatever it points to,
     * and a result is left unread. */
    post(semaphore, (void (*)(void *))(void (*)(void))sem_post);
    return PIER_OK;
}

bool posix_exiting(void)
{
    int posts = 1;

    if (ended)
        (void)sem_getvalue(ended, &posts);
    return posts > 0;
}

void posix_exit_unwatch(void)
{
    if (!ended)
        return;
    /* Runs the handler, which does no harm, and forgets it. */
    __cxa_finalize(ended);
    (void)sem_destroy(ended);
    pierp_free(ended);
    ended = NULL;
}
