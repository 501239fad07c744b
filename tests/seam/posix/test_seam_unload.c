/* SPDX-License-Identifier: MIT */
/* A library that holds the backend is unloaded while threads live on that
 * have waited in it. */
#include "check.h"
#include "thread.h"
#include "unload.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <semaphore.h>
#include <string.h>

enum {
    THREADS = 4
};

struct user {
    pier_err (*wait)(void);
    pier_err err;
    sem_t waited, unloaded;
};

static int count_descriptors(void)
{
    int count = 0;

    for (int fd = 0; fd < 1000; fd++)
        count += fcntl(fd, F_GETFD) >= 0;
    return count;
}

static void use_and_outlive(void *argument)
{
    struct user *user = argument;

    user->err = user->wait();
    sem_post(&user->waited);
    while (sem_wait(&user->unloaded) != 0)
        continue;
}

static void *load(struct user *user)
{
    void *module = dlopen(UNLOAD_MODULE, RTLD_NOW | RTLD_LOCAL);
    void *symbol;

    CHECK(module != NULL);
    symbol = dlsym(module, "unload_wait");
    CHECK(symbol != NULL);
    memcpy(&user->wait, &symbol, sizeof symbol);
    sem_init(&user->waited, 0, 0);
    sem_init(&user->unloaded, 0, 0);
    return module;
}

/* musl keeps what it has loaded. */
static void need_unloading(void)
{
    void *module = dlopen(UNLOAD_MODULE, RTLD_NOW | RTLD_LOCAL);

    CHECK(module != NULL);
    CHECK_INT(dlclose(module), 0);
    if (dlopen(UNLOAD_MODULE, RTLD_NOW | RTLD_NOLOAD))
        skip_because("this system unloads no library");
}

static void threads_outlive_the_library_they_waited_in(void **state)
{
    (void)state;
    need_unloading();
    for (int round = 0; round < 20; round++) {
        struct test_thread *threads[THREADS];
        struct user user;
        int before = count_descriptors();
        void *module = load(&user);

        for (int i = 0; i < THREADS; i++) {
            threads[i] = thread_start(use_and_outlive, &user);
            while (sem_wait(&user.waited) != 0)
                continue;
            CHECK_OK(user.err);
        }
        CHECK(count_descriptors() > before);
        CHECK_INT(dlclose(module), 0);
        CHECK_INT(count_descriptors(), before);
        for (int i = 0; i < THREADS; i++)
            sem_post(&user.unloaded);
        for (int i = 0; i < THREADS; i++)
            thread_join(threads[i]);
        sem_destroy(&user.waited);
        sem_destroy(&user.unloaded);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads_outlive_the_library_they_waited_in),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
