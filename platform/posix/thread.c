/* SPDX-License-Identifier: MIT */
#include "priv.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>

_Atomic unsigned pierp_generation;

/* -------------------------------------------------------------- locks --- */

#define LOCK   PTHREAD_MUTEX_INITIALIZER
#define LOCKS4 LOCK, LOCK, LOCK, LOCK
#define LOCKS  LOCKS4, LOCKS4, LOCKS4, LOCKS4

enum {
    LOCK_COUNT = 64
};

static pthread_mutex_t locks[LOCK_COUNT] = { LOCKS, LOCKS, LOCKS, LOCKS };

static pthread_mutex_t *lock_of(const void *subject)
{
    uint64_t address = (uintptr_t)subject;

    /* The high bits of the product depend on every bit of the address. */
    return &locks[(address * UINT64_C(0x9E3779B97F4A7C15)) >> 58];
}

void pierp_lock(const void *subject)
{
    (void)pthread_mutex_lock(lock_of(subject));
}

void pierp_unlock(const void *subject)
{
    (void)pthread_mutex_unlock(lock_of(subject));
}

static pthread_mutex_t libc = PTHREAD_MUTEX_INITIALIZER;

void posix_lock_libc(void)
{
    (void)pthread_mutex_lock(&libc);
}

void posix_unlock_libc(void)
{
    (void)pthread_mutex_unlock(&libc);
}

/* ------------------------------------------------------------ storage --- */

static _Thread_local _Alignas(
    max_align_t) unsigned char storage[PIERP_THREAD_STORAGE];

void *pierp_thread_storage(void)
{
    return storage;
}

/* -------------------------------------------------------------- start --- */

struct start {
    void (*run)(void *argument);
    void *argument;
};

static void *enter(void *argument)
{
    struct start start = *(struct start *)argument;

    pierp_free(argument);
    start.run(start.argument);
    return NULL;
}

/* A look-up needs little of the 8 MiB that are usual; musl gives less. */
static void limit_stack(pthread_attr_t *attributes)
{
    const size_t enough = (size_t)256 * 1024;
    size_t usual = 0;

    if (pthread_attr_getstacksize(attributes, &usual) == 0 && usual > enough)
        (void)pthread_attr_setstacksize(attributes, enough);
}

/* The code of a thread must not be unmapped below it, and a thread cannot give
 * up its own: the library that pier is in stays from its first thread on. A
 * program that holds pier itself stays anyway, and is not found. */
static void keep_library(void)
{
#ifdef RTLD_NOLOAD
    Dl_info here;

    if (dladdr(&pierp_generation, &here) && here.dli_fname)
        (void)dlopen(here.dli_fname, RTLD_LAZY | RTLD_NOLOAD);
#endif
}

/* The new thread has the mask of the one that makes it. */
static int create_masked(const pthread_attr_t *attributes, struct start *start)
{
    sigset_t all, before;
    pthread_t thread;
    int native;

    sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    native = pthread_create(&thread, attributes, enter, start);
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    return native;
}

/* With the stack that is usual here. */
static int create_detached(struct start *start)
{
    pthread_attr_t attributes;
    int native = pthread_attr_init(&attributes);

    if (native)
        return native;
    (void)pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    native = create_masked(&attributes, start);
    (void)pthread_attr_destroy(&attributes);
    return native;
}

pier_err pierp_thread_start(void (*run)(void *argument), void *argument)
{
    static pthread_once_t kept = PTHREAD_ONCE_INIT;
    struct start *start = pierp_alloc(sizeof *start);
    pthread_attr_t attributes;
    int native;

    if (!start)
        return posix_fail_with(ENOMEM);
    (void)pthread_once(&kept, keep_library);
    start->run = run;
    start->argument = argument;
    native = pthread_attr_init(&attributes);
    if (native == 0) {
        (void)pthread_attr_setdetachstate(&attributes,
                                          PTHREAD_CREATE_DETACHED);
        limit_stack(&attributes);
        native = create_masked(&attributes, start);
        /* Much thread-local storage in the program takes it from the stack,
         * which then is too small. */
        if (native == EINVAL)
            native = create_detached(start);
        (void)pthread_attr_destroy(&attributes);
    }
    if (native == 0)
        return PIER_OK;
    pierp_free(start);
    /* EAGAIN means a lack of threads here, never that a call would block. */
    (void)posix_fail_with(native);
    return PIER_ENOMEM;
}

/* ---------------------------------------------- the wake of a thread --- */

/* Listed, so that fork and the end of the library find those of others. */
struct owned {
    struct pierp_wake *wake;
    struct owned *next, **link;
    unsigned generation;
};

static pthread_mutex_t listing = PTHREAD_MUTEX_INITIALIZER;
static struct owned *living;  /* wakes of threads of this process */
static struct owned *strayed; /* copies of those of the parent's threads */
static pthread_key_t ending;
static bool is_prepared;
static _Thread_local struct owned *mine;

static void insert(struct owned *o)
{
    (void)pthread_mutex_lock(&listing);
    o->next = living;
    o->link = &living;
    if (o->next)
        o->next->link = &o->next;
    living = o;
    (void)pthread_mutex_unlock(&listing);
}

static void withdraw(struct owned *o)
{
    (void)pthread_mutex_lock(&listing);
    *o->link = o->next;
    if (o->next)
        o->next->link = o->link;
    (void)pthread_mutex_unlock(&listing);
}

static void release(struct owned *o)
{
    pierp_wake_free(o->wake);
    pierp_free(o);
}

static void release_all(struct owned **list)
{
    while (*list) {
        struct owned *o = *list;

        *list = o->next;
        release(o);
    }
}

/* Runs when the thread that owns it ends. */
static void end_thread(void *argument)
{
    struct owned *o = argument;

    mine = NULL;
    withdraw(o);
    release(o);
}

static pier_err make_mine(void)
{
    struct owned *o = pierp_alloc(sizeof *o);
    pier_err err;
    int native;

    if (!o)
        return posix_fail_with(ENOMEM);
    err = pierp_wake_new(&o->wake);
    if (err) {
        pierp_free(o);
        return err;
    }
    o->generation = atomic_load(&pierp_generation);
    native = pthread_setspecific(ending, o);
    if (native != 0) {
        release(o);
        return posix_fail_with(native);
    }
    insert(o);
    mine = o;
    return PIER_OK;
}

/* What a child of fork has of its parent goes when it makes its own. */
static void forget_parent(void)
{
    struct owned *list;

    (void)pthread_mutex_lock(&listing);
    list = strayed;
    strayed = NULL;
    (void)pthread_mutex_unlock(&listing);
    release_all(&list);
}

pier_err pierp_thread_wake(struct pierp_wake **out)
{
    pier_err err = pierp_start();

    if (err)
        return err;
    if (mine && mine->generation != atomic_load(&pierp_generation)) {
        mine = NULL;
        (void)pthread_setspecific(ending, NULL);
        forget_parent();
    }
    if (!mine)
        err = make_mine();
    if (err == PIER_OK)
        *out = mine->wake;
    return err;
}

/* --------------------------------------------------------------- fork --- */

static void before_fork(void)
{
    (void)pthread_mutex_lock(&listing);
}

static void after_fork_in_parent(void)
{
    (void)pthread_mutex_unlock(&listing);
}

/* Only what is safe in a signal handler is done here. */
static void after_fork_in_child(void)
{
    struct owned **end = &living;

    for (size_t i = 0; i < LOCK_COUNT; i++)
        (void)pthread_mutex_init(&locks[i], NULL);
    (void)pthread_mutex_init(&libc, NULL);
    while (*end)
        end = &(*end)->next;
    *end = strayed;
    if (strayed)
        strayed->link = end;
    strayed = living;
    if (strayed)
        strayed->link = &strayed;
    living = NULL;
    atomic_fetch_add(&pierp_generation, 1);
    (void)pthread_mutex_unlock(&listing);
}

pier_err posix_threads_prepare(void)
{
    pier_err err = posix_exit_watch();
    int native;

    if (err)
        return err;
    native = pthread_key_create(&ending, end_thread);
    if (native == 0) {
        native = pthread_atfork(before_fork, after_fork_in_parent,
                                after_fork_in_child);
        if (native != 0)
            (void)pthread_key_delete(ending);
    }
    is_prepared = native == 0;
    return native ? posix_fail_with(native) : PIER_OK;
}

/* ------------------------------------------------ end of the library --- */

/*
 * Runs when the library is unloaded, after which no code of it may run at the
 * end of a thread; nobody is inside then. At exit others may be, and nothing
 * is taken from them.
 */
__attribute__((destructor)) static void end_library(void)
{
    if (!is_prepared || posix_exiting())
        return;
    (void)pthread_key_delete(ending);
    posix_exit_unwatch();
    release_all(&living);
    release_all(&strayed);
}
