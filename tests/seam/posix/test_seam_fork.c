/* SPDX-License-Identifier: MIT */
/* What is left of pier in the child of a fork. */
#include "../loopback.h"
#include "thread.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

/* Runs check in a child; true when it says so there. */
static bool holds_in_child(bool (*check)(void *argument), void *argument)
{
    pid_t child = fork();
    int status = 0;

    CHECK(child >= 0);
    if (child == 0)
        _exit(check(argument) ? 0 : 1);
    while (waitpid(child, &status, 0) < 0)
        continue;
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static int count_descriptors(void)
{
    int count = 0;

    for (int fd = 0; fd < 1000; fd++)
        count += fcntl(fd, F_GETFD) >= 0;
    return count;
}

static bool is_next_generation(void *argument)
{
    const unsigned *expected = argument;
    unsigned next = *expected + 1;

    if (atomic_load(&pierp_generation) != *expected)
        return false;
    return *expected >= 3 || holds_in_child(is_next_generation, &next);
}

static void each_fork_is_counted(void **state)
{
    unsigned next = 1;

    (void)state;
    CHECK(holds_in_child(is_next_generation, &next));
    CHECK_INT(atomic_load(&pierp_generation), 0);
}

/* A child that signals its parent's wake by mistake would disturb it. */
static bool has_quiet_wake_of_its_own(void *argument)
{
    struct pierp_wake *const *parents = argument;
    struct pierp_wake *own;
    unsigned got = 99;

    pierp_wake_signal(*parents);
    return pierp_thread_wake(&own) == PIER_OK &&
           pierp_wait(PIER_INVALID_HANDLE, 0, &own, 1, 0, &got) == PIER_OK &&
           got == 0;
}

static void a_child_has_a_wake_of_its_own(void **state)
{
    struct pierp_wake *own;

    (void)state;
    CHECK_OK(pierp_thread_wake(&own));
    CHECK(holds_in_child(has_quiet_wake_of_its_own, &own));
    pierp_wake_drain(own);
}

static bool keeps_no_copy_of_a_wake(void *argument)
{
    const int *parents = argument;
    struct pierp_wake *own;

    /* One wake instead of those of the parent's two threads. */
    return pierp_thread_wake(&own) == PIER_OK &&
           count_descriptors() < *parents;
}

struct waiter {
    struct pierp_wake *ready, *end;
    pier_err err;
};

static void wait_for_end(void *argument)
{
    struct waiter *w = argument;
    struct pierp_wake *wakes[2] = { NULL, w->end };
    unsigned got;

    w->err = pierp_thread_wake(&wakes[0]);
    pierp_wake_signal(w->ready);
    if (w->err == PIER_OK)
        w->err = pierp_wait(PIER_INVALID_HANDLE, 0, wakes, 2, -1, &got);
}

static void start_waiter(struct waiter *w, struct test_thread **thread)
{
    unsigned got;

    CHECK_OK(pierp_thread_wake(&w->ready));
    CHECK_OK(pierp_wake_new(&w->end));
    *thread = thread_start(wait_for_end, w);
    CHECK_OK(pierp_wait(PIER_INVALID_HANDLE, 0, &w->ready, 1, -1, &got));
    pierp_wake_drain(w->ready);
}

static void a_child_closes_its_copies_of_the_parents_wakes(void **state)
{
    struct waiter w = { 0 };
    struct test_thread *thread;
    int parents;

    (void)state;
    start_waiter(&w, &thread);
    parents = count_descriptors();
    CHECK(holds_in_child(keeps_no_copy_of_a_wake, &parents));
    CHECK_INT(count_descriptors(), parents);
    pierp_wake_signal(w.end);
    thread_join(thread);
    CHECK_OK(w.err);
    pierp_wake_free(w.end);
}

struct holder {
    char subject;
    struct pierp_wake *locked, *release;
};

static void hold_lock(void *argument)
{
    struct holder *holder = argument;
    unsigned got;

    pierp_lock(&holder->subject);
    pierp_wake_signal(holder->locked);
    (void)!pierp_wait(PIER_INVALID_HANDLE, 0, &holder->release, 1, -1, &got);
    pierp_wake_drain(holder->release);
    pierp_unlock(&holder->subject);
}

static bool can_lock(void *argument)
{
    struct holder *holder = argument;

    alarm(10);
    pierp_lock(&holder->subject);
    pierp_unlock(&holder->subject);
    return true;
}

static void locks_are_free_in_a_child(void **state)
{
    struct holder holder = { 0 };
    struct test_thread *thread;
    unsigned got;

    (void)state;
    CHECK_OK(pierp_wake_new(&holder.locked));
    CHECK_OK(pierp_wake_new(&holder.release));
    thread = thread_start(hold_lock, &holder);
    CHECK_OK(pierp_wait(PIER_INVALID_HANDLE, 0, &holder.locked, 1, -1, &got));
    pierp_wake_drain(holder.locked);
    CHECK(holds_in_child(can_lock, &holder));
    pierp_wake_signal(holder.release);
    thread_join(thread);
    CHECK(can_lock(&holder));
    alarm(0);
    pierp_wake_free(holder.locked);
    pierp_wake_free(holder.release);
}

static bool can_talk(void *argument)
{
    const pier_handle *ends = argument;
    char byte = 0;

    return pierp_send(ends[0], "x", 1, 0) == 1 &&
           wait_for(ends[1], PIERP_READ) == PIERP_READY &&
           pierp_recv(ends[1], &byte, 1, 0) == 1 && byte == 'x' &&
           pierp_close(ends[0]) == PIER_OK && pierp_close(ends[1]) == PIER_OK;
}

static void a_child_can_use_and_close_what_it_inherited(void **state)
{
    pier_handle ends[2];

    (void)state;
    open_connection(ends);
    CHECK(holds_in_child(can_talk, ends));
    CHECK(can_talk(ends));
}

static void nothing_to_do(void *argument)
{
    pierp_wake_signal(argument);
}

static bool can_start_threads(void *argument)
{
    struct pierp_wake *wakes[2];
    unsigned got = 0;

    (void)argument;
    return pierp_thread_wake(&wakes[0]) == PIER_OK &&
           pierp_wake_new(&wakes[1]) == PIER_OK &&
           pierp_thread_start(nothing_to_do, wakes[1]) == PIER_OK &&
           pierp_wait(PIER_INVALID_HANDLE, 0, wakes, 2, -1, &got) == PIER_OK &&
           got == PIERP_WOKEN;
}

static void a_child_can_start_threads(void **state)
{
    (void)state;
    CHECK(holds_in_child(can_start_threads, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_fork_is_counted),
        cmocka_unit_test(a_child_has_a_wake_of_its_own),
        cmocka_unit_test(a_child_closes_its_copies_of_the_parents_wakes),
        cmocka_unit_test(locks_are_free_in_a_child),
        cmocka_unit_test(a_child_can_use_and_close_what_it_inherited),
        cmocka_unit_test(a_child_can_start_threads),
    };

    return cmocka_run_group_tests(tests, start_seam, NULL);
}
