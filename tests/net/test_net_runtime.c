/* SPDX-License-Identifier: MIT */
/*
 * A runtime whose threads run only with its one lock, a mutex of the system's,
 * in every call that waits: all of them can be blocked while somebody else has
 * the lock, and none comes back from a call without it.
 */
#include "endings.h"
#include "lock.h"
#include "lookups.h"
#include "mode.h"

#define PATIENCE (10 * SECOND)

enum {
    MANY = 3
};

/* The threads of the runtime; the one that tests is none. */
static _Thread_local bool attached;
static _Thread_local bool has_lock;
static _Atomic unsigned mistakes;
static _Atomic unsigned returns;

static struct pier_cancel *token;

/* Those that are blocked at once, each in a scene of its own. */
static struct scene scenes[MANY];
static struct blocked calls[MANY];

static void take(void)
{
    mistakes += has_lock;
    take_lock();
    has_lock = true;
}

static void give(void)
{
    mistakes += !has_lock;
    has_lock = false;
    mistakes += !give_lock();
}

static void enter_wait(void)
{
    if (attached)
        give();
}

static void leave_wait(void)
{
    if (attached)
        take();
}

static void begin_call(void)
{
    attached = true;
    take();
}

/* Control has returned. */
static void end_of_call(void)
{
    mistakes += !has_lock;
    returns++;
    give();
    attached = false;
}

static int set_up(void **state)
{
    return make_lock(state) || watch_waits(state) || pier_cancel_new(&token);
}

static int tear_down(void **state)
{
    (void)state;
    pier_cancel_free(token);
    return 0;
}

static int begin(void **state)
{
    (void)state;
    mistakes = 0;
    at_each_wait(enter_wait, leave_wait);
    before_each_call(begin_call);
    after_each_call(end_of_call);
    return 0;
}

static int end(void **state)
{
    (void)signal_every(0);
    at_each_wait(NULL, NULL);
    before_each_call(NULL);
    after_each_call(NULL);
    pier_cancel_reset(token);
    return free_sockets(state);
}

/* Somebody who has the turn already is the second thread of his scene. */
static int open_all(const struct blocking_call *call)
{
    int count = 0;

    print_message("%s %s over %s\n", call->name, call->detail,
                  transport_name(call->transport));
    do {
        open_scene(call, &scenes[count]);
    } while (!scenes[count++].first && count < MANY);
    return count;
}

static void start_all(const struct blocking_call *call, int count)
{
    for (int i = 0; i < count; i++)
        start_blocked(&calls[i], call->run, &scenes[i]);
}

static int threads_of(int count)
{
    return scenes[0].first ? 2 : count;
}

static void check_lock(int count)
{
    CHECK_INT(mistakes, 0);
    CHECK_INT(returns, threads_of(count));
}

/* All have ended with this, and each with the lock. */
static void end_all(int count, pier_err expected)
{
    for (int i = 0; i < count; i++)
        CHECK_ERR(end_blocked(&calls[i]), expected);
    if (scenes[0].first) {
        CHECK_OK(pier_close(scenes[0].s));
        CHECK_ERR(end_blocked(scenes[0].first), PIER_EBADF);
    }
    check_lock(count);
    for (int i = 0; i < count; i++)
        end_lookups(&scenes[i]);
    free_sockets(NULL);
    returns = 0;
}

/* Nobody who is blocked has the lock. */
static void take_from_the_blocked(void)
{
    int64_t begin_of_try = pier_monotonic();

    while (!try_lock()) {
        CHECK(pier_monotonic() - begin_of_try < PATIENCE);
        sleep_ms(1);
    }
}

static void give_token(struct scene *scene)
{
    scene->wait.cancel = token;
    if (scene->s)
        CHECK_OK(pier_set_cancel(scene->s, token));
}

static void check_blocked(const struct blocking_call *call)
{
    int count = open_all(call);
    int others = threads_of(count) - count;

    for (int i = 0; i < count; i++)
        give_token(&scenes[i]);
    start_all(call, count);
    await_waits(threads_of(count));
    take_from_the_blocked();
    pier_cancel_fire(token);
    /* They stand before the lock now, in their calls. */
    await_only(others);
    for (int i = 0; i < count; i++)
        CHECK(!calls[i].ended);
    CHECK(give_lock());
    end_all(count, PIER_ECANCELED);
    pier_cancel_reset(token);
}

static void nobody_is_blocked_with_the_lock_or_returns_without(void **state)
{
    const struct blocking_call *call;

    (void)state;
    for (size_t i = 0; (call = call_that_waits(i)) != NULL; i++) {
        if (can_run(call))
            check_blocked(call);
    }
}

static void limit_time(struct scene *scene)
{
    scene->wait.timeout = ENDING_LIMIT;
    if (scene->s)
        CHECK_OK(pier_settimeout(scene->s, ENDING_LIMIT));
}

/* Here they take the lock from each other. */
static void a_limit_returns_with_the_lock_also_among_signals(void **state)
{
    const struct blocking_call *call;

    (void)state;
    (void)signal_every(5);
    for (size_t i = 0; (call = call_that_waits(i)) != NULL; i++) {
        int count;

        if (!can_run(call))
            continue;
        count = open_all(call);
        for (int j = 0; j < count; j++)
            limit_time(&scenes[j]);
        start_all(call, count);
        end_all(count, PIER_EDEADLINE);
    }
}

#define LOCK_TEST(function)                                                   \
    cmocka_unit_test_setup_teardown(function, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        LOCK_TEST(nobody_is_blocked_with_the_lock_or_returns_without),
        LOCK_TEST(a_limit_returns_with_the_lock_also_among_signals),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
