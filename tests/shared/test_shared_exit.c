/* SPDX-License-Identifier: MIT */
/* A process that ends with the library loaded, or after it: cleanly. */
#include "check.h"
#include "process.h"
#include "thread.h"
#include "user.h"

#include <stdlib.h>
#include <string.h>

enum {
    DONE = 42,
    USERS = 3
};

/* What is in use when the process ends. */
static struct {
    struct calls calls;
    struct pier_socket *ends[2];
    struct gate *blocking;
    struct test_thread *blocked;
    struct user *users[USERS];
} shared;

static void block(void *unused)
{
    char byte;

    (void)unused;
    gate_open(shared.blocking);
    (void)!shared.calls.recv(shared.ends[0], &byte, 1, 0);
}

static int exit_while_blocked(void)
{
    (void)load_calls(&shared.calls);
    if (shared.calls.socketpair(shared.ends, PIER_AF_INET, PIER_SOCK_STREAM,
                                0) < 0)
        return 1;
    shared.blocking = gate_new();
    shared.blocked = thread_start(block, NULL);
    gate_wait(shared.blocking);
    return DONE;
}

static int exit_with_waiters(void)
{
    (void)load_calls(&shared.calls);
    for (int i = 0; i < USERS; i++)
        shared.users[i] = user_start(&shared.calls);
    return DONE;
}

static int exit_after_unloading(void)
{
    struct library *library = load_calls(&shared.calls);

    shared.users[0] = user_start(&shared.calls);
    library_unload(library);
    return DONE;
}

static const struct way {
    const char *name;
    int (*end)(void);
} ways[] = {
    { "while_blocked", exit_while_blocked },
    { "with_waiters", exit_with_waiters },
    { "after_unloading", exit_after_unloading },
};

static void expect_clean_end(const char *how)
{
    const char *arguments[] = { how, NULL };

    for (int i = 0; i < 10; i++)
        CHECK_INT(process_join(process_start(arguments)), DONE);
}

static void a_process_ends_while_a_thread_is_blocked(void **state)
{
    (void)state;
    expect_clean_end("while_blocked");
}

static void a_process_ends_while_threads_that_waited_live(void **state)
{
    (void)state;
    expect_clean_end("with_waiters");
}

static void a_process_ends_after_the_library(void **state)
{
    (void)state;
    expect_clean_end("after_unloading");
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_process_ends_while_a_thread_is_blocked),
        cmocka_unit_test(a_process_ends_while_threads_that_waited_live),
        cmocka_unit_test(a_process_ends_after_the_library),
    };

    for (size_t i = 0; argc > 1 && i < sizeof(ways) / sizeof(ways[0]); i++) {
        if (!strcmp(argv[1], ways[i].name))
            return ways[i].end();
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
