/* SPDX-License-Identifier: MIT */
/* Locks, threads and what each thread has of its own. */
#include "loopback.h"
#include "thread.h"

#include <string.h>

enum {
    THREADS = 4,
    ROUNDS = 20000,
    SUBJECTS = 200
};

struct counter {
    long value;
    bool busy, overlapped;
};

/* Without the lock some of the increments would be lost. */
static void count_under_lock(void *argument)
{
    struct counter *c = argument;

    for (int i = 0; i < ROUNDS; i++) {
        pierp_lock(c);
        c->overlapped = c->overlapped || c->busy;
        c->busy = true;
        c->value++;
        c->busy = false;
        pierp_unlock(c);
    }
}

static void a_lock_lets_one_thread_in_at_a_time(void **state)
{
    struct counter counter = { 0 };
    struct test_thread *threads[THREADS];

    (void)state;
    for (int i = 0; i < THREADS; i++)
        threads[i] = thread_start(count_under_lock, &counter);
    for (int i = 0; i < THREADS; i++)
        thread_join(threads[i]);
    CHECK_INT(counter.value, (long)THREADS * ROUNDS);
    CHECK(!counter.overlapped);
}

static void every_address_has_a_lock(void **state)
{
    static char subjects[SUBJECTS];
    static struct counter apart[SUBJECTS];

    (void)state;
    for (int i = 0; i < SUBJECTS; i++) {
        pierp_lock(&subjects[i]);
        pierp_unlock(&subjects[i]);
        pierp_lock(&apart[i]);
        pierp_unlock(&apart[i]);
    }
    pierp_lock(NULL);
    pierp_unlock(NULL);
}

/* What a detached thread saw; done says so. */
struct report {
    struct pierp_wake *done;
    struct test_thread *thread;
    void *argument;
    unsigned char *storage;
    bool was_zero, was_aligned;
    struct pierp_wake *own;
    pier_err err;
};

static bool is_zero(const unsigned char *bytes, size_t length)
{
    bool zero = true;

    for (size_t i = 0; zero && i < length; i++)
        zero = bytes[i] == 0;
    return zero;
}

static void look_around(void *argument)
{
    struct report *r = argument;

    r->thread = thread_self();
    r->argument = argument;
    r->storage = pierp_thread_storage();
    if (r->storage) {
        r->was_zero = is_zero(r->storage, PIERP_THREAD_STORAGE);
        r->was_aligned = (uintptr_t)r->storage % _Alignof(max_align_t) == 0;
        memset(r->storage, 0xA5, PIERP_THREAD_STORAGE);
    }
    r->err = pierp_thread_wake(&r->own);
    pierp_wake_signal(r->done);
}

static void await(const struct report *r)
{
    struct pierp_wake *wakes[2] = { NULL, r->done };
    unsigned got = 0;

    CHECK_OK(pierp_thread_wake(&wakes[0]));
    CHECK_OK(pierp_wait(PIER_INVALID_HANDLE, 0, wakes, 2, 10 * SECONDS, &got));
    CHECK_INT(got, PIERP_WOKEN);
    pierp_wake_drain(r->done);
    thread_join(r->thread);
}

static void a_started_thread_runs_with_its_argument(void **state)
{
    struct report r = { 0 };

    (void)state;
    CHECK_OK(pierp_wake_new(&r.done));
    CHECK_OK(pierp_thread_start(look_around, &r));
    await(&r);
    CHECK(r.argument == &r);
    CHECK_OK(r.err);
    pierp_wake_free(r.done);
}

static void the_storage_of_a_thread_is_zero_at_first(void **state)
{
    struct report r = { 0 };

    (void)state;
    CHECK_OK(pierp_wake_new(&r.done));
    /* The memory of one that ended may serve the next. */
    for (int i = 0; i < 20; i++) {
        CHECK_OK(pierp_thread_start(look_around, &r));
        await(&r);
        CHECK(r.storage != NULL);
        CHECK(r.was_zero);
        CHECK(r.was_aligned);
        CHECK(r.storage != pierp_thread_storage());
    }
    pierp_wake_free(r.done);
}

static void the_storage_of_a_thread_stays_as_it_was_left(void **state)
{
    unsigned char *storage = pierp_thread_storage();
    struct report r = { 0 };

    (void)state;
    CHECK(is_zero(storage, PIERP_THREAD_STORAGE));
    memset(storage, 0x5A, PIERP_THREAD_STORAGE);
    CHECK_OK(pierp_wake_new(&r.done));
    CHECK_OK(pierp_thread_start(look_around, &r));
    await(&r);
    pierp_wake_free(r.done);

    CHECK(pierp_thread_storage() == storage);
    for (size_t i = 0; i < PIERP_THREAD_STORAGE; i++)
        CHECK_INT(storage[i], 0x5A);
}

static void many_threads_may_come_and_go(void **state)
{
    struct report r = { 0 };

    (void)state;
    CHECK_OK(pierp_wake_new(&r.done));
    /* More than there are descriptors, were their wakes not given back. */
    for (int i = 0; i < 2000; i++) {
        CHECK_OK(pierp_thread_start(look_around, &r));
        await(&r);
        CHECK_OK(r.err);
    }
    pierp_wake_free(r.done);
}

/* Name look-ups take a good part of the stack on some systems. */
static void use_stack(void *argument)
{
    struct report *r = argument;
    volatile unsigned char room[100000];

    r->thread = thread_self();
    for (size_t i = 0; i < sizeof room; i++)
        room[i] = (unsigned char)i;
    r->was_zero = room[sizeof room - 1] == (unsigned char)(sizeof room - 1);
    pierp_wake_signal(r->done);
}

static void a_thread_has_the_stack_that_a_look_up_needs(void **state)
{
    struct report r = { 0 };

    (void)state;
    CHECK_OK(pierp_wake_new(&r.done));
    CHECK_OK(pierp_thread_start(use_stack, &r));
    await(&r);
    CHECK(r.was_zero);
    pierp_wake_free(r.done);
}

static void no_fork_lies_behind_the_first_process(void **state)
{
    (void)state;
    CHECK_INT(atomic_load(&pierp_generation), 0);
}

static void starting_again_changes_nothing(void **state)
{
    (void)state;
    CHECK_OK(pierp_start());
    CHECK_OK(pierp_start());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_lock_lets_one_thread_in_at_a_time),
        cmocka_unit_test(every_address_has_a_lock),
        cmocka_unit_test(a_started_thread_runs_with_its_argument),
        cmocka_unit_test(the_storage_of_a_thread_is_zero_at_first),
        cmocka_unit_test(the_storage_of_a_thread_stays_as_it_was_left),
        cmocka_unit_test(many_threads_may_come_and_go),
        cmocka_unit_test(a_thread_has_the_stack_that_a_look_up_needs),
        cmocka_unit_test(no_fork_lies_behind_the_first_process),
        cmocka_unit_test(starting_again_changes_nothing),
    };

    return cmocka_run_group_tests(tests, start_seam, NULL);
}
