/* SPDX-License-Identifier: MIT */
/* Wakes end waits, till they are drained. */
#include "loopback.h"
#include "thread.h"

static unsigned wait_on(pier_handle h, struct pierp_wake *const *wakes,
                        size_t count, int64_t timeout)
{
    unsigned got = 99;

    CHECK_OK(pierp_wait(h, PIERP_READ, wakes, count, timeout, &got));
    return got;
}

/* The thread's own wake and some more. */
static void make_wakes(struct pierp_wake **wakes, size_t count)
{
    CHECK_OK(pierp_thread_wake(&wakes[0]));
    for (size_t i = 1; i < count; i++)
        CHECK_OK(pierp_wake_new(&wakes[i]));
}

static void free_wakes(struct pierp_wake **wakes, size_t count)
{
    for (size_t i = 1; i < count; i++)
        pierp_wake_free(wakes[i]);
}

static void a_wake_signalled_before_the_wait_ends_it(void **state)
{
    struct pierp_wake *wakes[2];

    (void)state;
    make_wakes(wakes, 2);
    CHECK_INT(wait_on(PIER_INVALID_HANDLE, wakes, 2, 0), 0);
    pierp_wake_signal(wakes[1]);
    CHECK_INT(wait_on(PIER_INVALID_HANDLE, wakes, 2, 10 * SECONDS),
              PIERP_WOKEN);
    free_wakes(wakes, 2);
}

static void a_signal_stays_until_it_is_drained(void **state)
{
    struct pierp_wake *wakes[2];

    (void)state;
    make_wakes(wakes, 2);
    pierp_wake_signal(wakes[1]);
    for (int i = 0; i < 3; i++) {
        CHECK_INT(wait_on(PIER_INVALID_HANDLE, wakes, 2, 10 * SECONDS),
                  PIERP_WOKEN);
    }
    pierp_wake_drain(wakes[1]);
    CHECK_INT(wait_on(PIER_INVALID_HANDLE, wakes, 2, 5 * MS), 0);
    pierp_wake_signal(wakes[1]);
    CHECK_INT(wait_on(PIER_INVALID_HANDLE, wakes, 2, 10 * SECONDS),
              PIERP_WOKEN);
    free_wakes(wakes, 2);
}

static void many_signals_are_drained_at_once(void **state)
{
    struct pierp_wake *wakes[2];

    (void)state;
    make_wakes(wakes, 2);
    /* More than a pipe can hold. */
    for (int i = 0; i < 20000; i++)
        pierp_wake_signal(wakes[1]);
    CHECK_INT(wait_on(PIER_INVALID_HANDLE, wakes, 2, 0), PIERP_WOKEN);
    pierp_wake_drain(wakes[1]);
    CHECK_INT(wait_on(PIER_INVALID_HANDLE, wakes, 2, 0), 0);
    free_wakes(wakes, 2);
}

static void draining_what_is_not_signalled_does_nothing(void **state)
{
    struct pierp_wake *wakes[2];

    (void)state;
    make_wakes(wakes, 2);
    pierp_wake_drain(wakes[1]);
    pierp_wake_drain(wakes[0]);
    CHECK_INT(wait_on(PIER_INVALID_HANDLE, wakes, 2, 0), 0);
    free_wakes(wakes, 2);
}

static void each_of_several_wakes_ends_the_wait(void **state)
{
    struct pierp_wake *wakes[PIERP_WAKES_MAX];

    (void)state;
    make_wakes(wakes, PIERP_WAKES_MAX);
    for (size_t i = 0; i < PIERP_WAKES_MAX; i++) {
        CHECK_INT(wait_on(PIER_INVALID_HANDLE, wakes, PIERP_WAKES_MAX, 0), 0);
        pierp_wake_signal(wakes[i]);
        CHECK_INT(
            wait_on(PIER_INVALID_HANDLE, wakes, PIERP_WAKES_MAX, 10 * SECONDS),
            PIERP_WOKEN);
        pierp_wake_drain(wakes[i]);
    }
    free_wakes(wakes, PIERP_WAKES_MAX);
}

static void a_wake_ends_the_wait_for_a_handle(void **state)
{
    struct pierp_wake *wakes[PIERP_WAKES_MAX];
    pier_handle ends[2];

    (void)state;
    open_connection(ends);
    make_wakes(wakes, PIERP_WAKES_MAX);
    for (size_t i = 0; i < PIERP_WAKES_MAX; i++) {
        pierp_wake_signal(wakes[i]);
        CHECK_INT(wait_on(ends[0], wakes, PIERP_WAKES_MAX, 10 * SECONDS),
                  PIERP_WOKEN);
        pierp_wake_drain(wakes[i]);
        CHECK_INT(wait_on(ends[0], wakes, PIERP_WAKES_MAX, 0), 0);
    }
    free_wakes(wakes, PIERP_WAKES_MAX);
    close_all(ends, 2);
}

static void a_ready_handle_is_not_hidden_by_a_wake(void **state)
{
    struct pierp_wake *wakes[2];
    pier_handle ends[2];

    (void)state;
    open_connection(ends);
    make_wakes(wakes, 2);
    CHECK_INT(pierp_send(ends[0], "x", 1, 0), 1);
    CHECK_INT(wait_for(ends[1], PIERP_READ), PIERP_READY);
    pierp_wake_signal(wakes[1]);
    CHECK(wait_on(ends[1], wakes, 2, 10 * SECONDS) & PIERP_WOKEN);
    pierp_wake_drain(wakes[1]);
    CHECK_INT(wait_on(ends[1], wakes, 2, 10 * SECONDS), PIERP_READY);
    free_wakes(wakes, 2);
    close_all(ends, 2);
}

static void signal_later(void *argument)
{
    struct pierp_wake *const *wake = argument;

    sleep_ms(60);
    pierp_wake_signal(*wake);
}

static void a_wake_from_another_thread_ends_the_wait(void **state)
{
    struct pierp_wake *wakes[3];
    pier_handle ends[2];

    (void)state;
    open_connection(ends);
    make_wakes(wakes, 3);
    for (int i = 0; i < 6; i++) {
        struct test_thread *thread = thread_start(signal_later, &wakes[i % 3]);
        pier_handle h = i < 3 ? ends[0] : PIER_INVALID_HANDLE;

        CHECK_INT(wait_on(h, wakes, 3, -1), PIERP_WOKEN);
        thread_join(thread);
        pierp_wake_drain(wakes[i % 3]);
    }
    free_wakes(wakes, 3);
    close_all(ends, 2);
}

struct watcher {
    pier_handle handle;
    struct pierp_wake *token;
    unsigned got;
};

static void watch(void *argument)
{
    struct watcher *w = argument;
    struct pierp_wake *wakes[2] = { NULL, w->token };

    if (pierp_thread_wake(&wakes[0]) == PIER_OK &&
        pierp_wait(w->handle, PIERP_READ, wakes, 2, -1, &w->got) != PIER_OK)
        w->got = 0;
}

static void one_wake_ends_the_waits_of_many_threads(void **state)
{
    struct watcher watchers[6];
    struct test_thread *threads[6];
    pier_handle ends[2];
    struct pierp_wake *token;

    (void)state;
    open_connection(ends);
    CHECK_OK(pierp_wake_new(&token));
    for (int i = 0; i < 6; i++) {
        watchers[i] = (struct watcher){ i % 2 ? ends[0] : PIER_INVALID_HANDLE,
                                        token, 0 };
        threads[i] = thread_start(watch, &watchers[i]);
    }
    sleep_ms(60);
    pierp_wake_signal(token);
    for (int i = 0; i < 6; i++) {
        thread_join(threads[i]);
        CHECK_INT(watchers[i].got, PIERP_WOKEN);
    }
    pierp_wake_free(token);
    close_all(ends, 2);
}

static void freeing_no_wake_is_fine(void **state)
{
    (void)state;
    pierp_wake_free(NULL);
}

static void a_thread_keeps_its_wake(void **state)
{
    struct pierp_wake *first, *again;

    (void)state;
    CHECK_OK(pierp_thread_wake(&first));
    CHECK_OK(pierp_thread_wake(&again));
    CHECK(first != NULL);
    CHECK(first == again);
}

struct meeting {
    struct pierp_wake *mine, *theirs;
    pier_err made, waited;
};

/* Tells its own wake, and lives till somebody has signalled it. */
static void show_wake(void *argument)
{
    struct meeting *m = argument;
    unsigned got = 0;

    m->made = pierp_thread_wake(&m->theirs);
    pierp_wake_signal(m->mine);
    if (m->made != PIER_OK)
        return;
    m->waited = pierp_wait(PIER_INVALID_HANDLE, 0, &m->theirs, 1, -1, &got);
    pierp_wake_drain(m->theirs);
}

static void each_thread_has_a_wake_of_its_own(void **state)
{
    struct meeting m = { 0 };
    struct test_thread *thread;

    (void)state;
    CHECK_OK(pierp_thread_wake(&m.mine));
    for (int i = 0; i < 20; i++) {
        thread = thread_start(show_wake, &m);
        CHECK_INT(wait_on(PIER_INVALID_HANDLE, &m.mine, 1, -1), PIERP_WOKEN);
        pierp_wake_drain(m.mine);
        CHECK_OK(m.made);
        CHECK(m.theirs != m.mine);
        pierp_wake_signal(m.theirs);
        thread_join(thread);
        CHECK_OK(m.waited);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_wake_signalled_before_the_wait_ends_it),
        cmocka_unit_test(a_signal_stays_until_it_is_drained),
        cmocka_unit_test(many_signals_are_drained_at_once),
        cmocka_unit_test(draining_what_is_not_signalled_does_nothing),
        cmocka_unit_test(each_of_several_wakes_ends_the_wait),
        cmocka_unit_test(a_wake_ends_the_wait_for_a_handle),
        cmocka_unit_test(a_ready_handle_is_not_hidden_by_a_wake),
        cmocka_unit_test(a_wake_from_another_thread_ends_the_wait),
        cmocka_unit_test(one_wake_ends_the_waits_of_many_threads),
        cmocka_unit_test(freeing_no_wake_is_fine),
        cmocka_unit_test(a_thread_keeps_its_wake),
        cmocka_unit_test(each_thread_has_a_wake_of_its_own),
    };

    return cmocka_run_group_tests(tests, start_seam, NULL);
}
