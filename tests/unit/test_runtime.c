/* SPDX-License-Identifier: MIT */
/*
 * A runtime with one lock, which its threads hold whenever they run: nobody
 * holds it across what may block, and whoever comes back from pier has it. The
 * system that is simulated here knows each moment at which a thread may block.
 */
#include "unit.h"

#include <pier/hooks.h>
#include <pier/resolver.h>

enum {
    MANY = 3
};

static const void *holder; /* the thread that has the lock */
static unsigned released;  /* by the hooks */
static unsigned blocks;
static unsigned held_across, not_held, by_library;

static bool is_free(void)
{
    return !holder;
}

static void take_lock(void)
{
    while (holder)
        fake_stand(is_free);
    holder = fake_self();
}

static void release_lock(void)
{
    not_held += holder != fake_self();
    holder = NULL;
}

static void *PIER_CALL enter(void *context)
{
    by_library += fake_is_of_library();
    released++;
    release_lock();
    return context;
}

static void PIER_CALL leave(void *context, void *token)
{
    (void)context;
    (void)token;
    take_lock();
}

static int PIER_CALL interrupted(void *context)
{
    (void)context;
    not_held += holder != fake_self();
    return 0;
}

static const struct pier_hooks hooks = {
    .size = sizeof(hooks),
    .enter_blocking = enter,
    .leave_blocking = leave,
    .interrupted = interrupted,
};

static void watch_block(void)
{
    blocks++;
    held_across += holder == fake_self();
}

static int begin(void **state)
{
    holder = NULL;
    released = 0;
    blocks = 0;
    held_across = 0;
    not_held = 0;
    by_library = 0;
    (void)begin_fake(state);
    fake_watch_blocks(watch_block);
    take_lock();
    return 0;
}

/* The library's threads need no lock to end; the test's do. */
static int end(void **state)
{
    holder = NULL;
    fake_watch_blocks(NULL);
    return end_fake(state);
}

static void check_lock(void)
{
    CHECK(holder == fake_self());
    CHECK(blocks > 0);
    CHECK_INT(held_across, 0);
    CHECK_INT(not_held, 0);
    CHECK_INT(by_library, 0);
}

/* ------------------------------------------------- threads of a runtime ---
 */

static struct {
    const struct blocking_call *call;
    struct pier_socket *s;
    ptrdiff_t results[MANY];
    unsigned count;
} shared;

static void run_shared(void *unused)
{
    ptrdiff_t result;

    (void)unused;
    take_lock();
    result = shared.call->run(shared.s);
    not_held += holder != fake_self();
    shared.results[shared.count++] = result;
    release_lock();
}

/* The threads that the test has started run while it waits for them. */
static void let_them_end(void)
{
    release_lock();
    fake_join();
    take_lock();
}

static void start_shared(const struct blocking_call *call)
{
    print_message("%s\n", call->name);
    shared.call = call;
    shared.s = call->open();
    shared.count = 0;
    for (int i = 0; i < MANY; i++)
        fake_thread_start(run_shared, NULL);
}

/* A second connect to the same socket finds the first one under way. */
static void check_results(pier_err expected)
{
    CHECK_INT(shared.count, MANY);
    for (int i = 0; i < MANY; i++) {
        if (shared.results[i] != PIER_EALREADY)
            CHECK_ERR(shared.results[i], expected);
    }
}

static void nobody_blocks_with_the_lock_and_all_come_back_with_it(void **state)
{
    (void)state;
    for (size_t i = 0; i < blocking_call_count; i++) {
        start_shared(&blocking_calls[i]);
        CHECK_OK(pier_settimeout(shared.s, 50 * MS));
        let_them_end();
        check_results(PIER_EDEADLINE);
        check_lock();
        pier_free(shared.s);
    }
}

static void close_with_lock(void *unused)
{
    (void)unused;
    take_lock();
    (void)pier_close(shared.s);
    release_lock();
}

static void so_it_is_when_a_close_ends_the_calls(void **state)
{
    (void)state;
    for (size_t i = 0; i < blocking_call_count; i++) {
        start_shared(&blocking_calls[i]);
        fake_at(10 * MS, close_with_lock, NULL);
        let_them_end();
        check_results(PIER_EBADF);
        check_lock();
        pier_free(shared.s);
    }
}

static void so_it_is_while_signals_come(void **state)
{
    (void)state;
    fake_interrupt_every(3 * MS);
    for (size_t i = 0; i < blocking_call_count; i++) {
        start_shared(&blocking_calls[i]);
        CHECK_OK(pier_settimeout(shared.s, 50 * MS));
        let_them_end();
        check_results(PIER_EDEADLINE);
        check_lock();
        pier_free(shared.s);
    }
}

static void so_it_is_wherever_threads_change(void **state)
{
    (void)state;
    for (unsigned seed = 1; seed <= 20; seed++) {
        const struct blocking_call *call =
            &blocking_calls[seed % blocking_call_count];

        start_shared(call);
        CHECK_OK(pier_settimeout(shared.s, 50 * MS));
        fake_preempt(seed);
        let_them_end();
        fake_preempt(0);
        check_results(PIER_EDEADLINE);
        check_lock();
        pier_free(shared.s);
    }
}

/* ----------------------------------------------------- what else blocks ---
 */

static void a_look_up_is_no_block_of_the_one_who_asks(void **state)
{
    struct pier_address a = fake_inet(7, 0);
    struct pier_addrinfo *list;

    (void)state;
    fake_name_set("host.test", &a, 1, SECOND, PIER_OK);
    CHECK_OK(pier_getaddrinfo(&list, "host.test", "80", NULL, NULL));
    pier_freeaddrinfo(list);
    CHECK_INT(fake_now(), SECOND);
    check_lock();
}

static void a_close_that_lingers_is_without_the_lock(void **state)
{
    (void)state;
    for (int way = 0; way < 3; way++) {
        struct pier_socket *s = open_connected();
        unsigned before = blocks;

        CHECK_OK(pier_set_linger(s, true, 5));
        if (way == 0)
            CHECK_OK(pier_close(s));
        if (way == 1)
            CHECK_OK(pier_close_wait(s, PIER_FOREVER));
        pier_free(s);
        CHECK_INT(blocks - before, 1);
        check_lock();
    }
}

static void what_need_not_wait_keeps_the_lock(void **state)
{
    struct pier_socket *s = open_connected();
    char byte;

    (void)state;
    fake_feed(pier_fileno(s), "x", 1, 0);
    CHECK_INT(pier_recv(s, &byte, 1, 0), 1);
    CHECK_INT(pier_send(s, &byte, 1, 0), 1);
    CHECK_OK(pier_settimeout(s, 0));
    CHECK_ERR(pier_recv(s, &byte, 1, 0), PIER_EAGAIN);
    CHECK_INT(released, 0);
    CHECK_INT(blocks, 0);
    CHECK(holder == fake_self());
    pier_free(s);
}

#define WITH_LOCK(function)                                                   \
    cmocka_unit_test_setup_teardown(function, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_LOCK(nobody_blocks_with_the_lock_and_all_come_back_with_it),
        WITH_LOCK(so_it_is_when_a_close_ends_the_calls),
        WITH_LOCK(so_it_is_while_signals_come),
        WITH_LOCK(so_it_is_wherever_threads_change),
        WITH_LOCK(a_look_up_is_no_block_of_the_one_who_asks),
        WITH_LOCK(a_close_that_lingers_is_without_the_lock),
        WITH_LOCK(what_need_not_wait_keeps_the_lock),
    };

    if (pier_set_hooks(&hooks))
        return 1;
    return cmocka_run_group_tests_name("runtime", tests, NULL, NULL);
}
