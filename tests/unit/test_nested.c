/* SPDX-License-Identifier: MIT */
/*
 * A hook may wait itself: a signal handler of a runtime closes, receives and
 * looks names up while the call it interrupted is waiting. The inner wait
 * shares the wake of the thread with the outer one, and neither may miss what
 * ends it.
 */
#include "unit.h"

#include <pier/hooks.h>
#include <pier/poll.h>
#include <pier/resolver.h>

static struct pier_socket *outer, *inner;
static void (*in_interrupted)(void);
static void (*in_enter)(void);
static ptrdiff_t inner_result;
static int64_t inner_end;
static char buffer[8];

/* Each runs once. */
static void run_once(void (**act)(void))
{
    void (*once)(void) = *act;

    *act = NULL;
    if (once)
        once();
}

static void *PIER_CALL enter(void *context)
{
    run_once(&in_enter);
    return context;
}

static int PIER_CALL interrupted(void *context)
{
    (void)context;
    run_once(&in_interrupted);
    return 0;
}

static const struct pier_hooks hooks = {
    .size = sizeof(hooks),
    .enter_blocking = enter,
    .interrupted = interrupted,
};

static int begin(void **state)
{
    (void)begin_fake(state);
    in_interrupted = NULL;
    in_enter = NULL;
    inner_result = 0;
    inner_end = -1;
    outer = open_connected();
    inner = open_connected();
    fake_clear_calls();
    return pier_settimeout(inner, 50 * MS);
}

static void end_inner(ptrdiff_t result)
{
    inner_result = result;
    inner_end = fake_now();
}

static void receive_inside(void)
{
    char byte;

    end_inner(pier_recv(inner, &byte, 1, 0));
}

static void wait_inside(void)
{
    end_inner(pier_wait_for(inner, PIER_POLLIN, 50 * MS, NULL));
}

static void look_up_inside(void)
{
    struct pier_wait wait = PIER_WAIT_INIT;
    struct pier_addrinfo *list;

    wait.timeout = 50 * MS;
    end_inner(pier_getaddrinfo(&list, "slow.test", "80", NULL, &wait));
}

static void nest_again(void)
{
    in_interrupted = wait_inside;
    fake_interrupt_wait(1);
    receive_inside();
}

/* Where a hook waits, and in which call. */
static const struct place {
    const char *name;
    bool entering;
    void (*act)(void);
} places[] = {
    { "recv when interrupted", false, receive_inside },
    { "recv when entering", true, receive_inside },
    { "wait_for when interrupted", false, wait_inside },
    { "wait_for when entering", true, wait_inside },
    { "getaddrinfo when interrupted", false, look_up_inside },
    { "getaddrinfo when entering", true, look_up_inside },
};

enum {
    PLACES = sizeof(places) / sizeof(places[0])
};

static void prepare(const struct place *p)
{
    struct pier_address a = fake_inet(7, 0);

    print_message("%s\n", p->name);
    fake_name_set("slow.test", &a, 1, 60 * MS, PIER_OK);
    if (p->entering) {
        in_enter = p->act;
    } else {
        in_interrupted = p->act;
        fake_interrupt_wait(1);
    }
}

/* The wait inside took its whole time, and nobody was busy meanwhile. */
static void finish(void **state)
{
    CHECK_ERR(inner_result, PIER_EDEADLINE);
    CHECK_INT(inner_end, 50 * MS);
    CHECK(fake_calls_of(FAKE_WAIT) + fake_calls_of(FAKE_POLL) <= 10);
    fake_join();
    pier_free(outer);
    pier_free(inner);
    fake_reset();
    CHECK_INT(begin(state), 0);
}

static void end(void)
{
    pier_free(outer);
    pier_free(inner);
}

static void a_close_during_a_nested_wait_ends_the_outer_one(void **state)
{
    for (int i = 0; i < PLACES; i++) {
        prepare(&places[i]);
        fake_at(20 * MS, do_close, outer);
        CHECK_ERR(pier_recv(outer, buffer, 8, 0), PIER_EBADF);
        CHECK_INT(fake_now(), 50 * MS);
        finish(state);
    }
    end();
}

static void a_shutdown_during_a_nested_wait_ends_the_outer_one(void **state)
{
    for (int i = 0; i < PLACES; i++) {
        prepare(&places[i]);
        fake_shut_down_quietly(true);
        fake_at(20 * MS, do_shut_down, outer);
        CHECK_INT(pier_recv(outer, buffer, 8, 0), 0);
        CHECK_INT(fake_now(), 50 * MS);
        finish(state);
    }
    end();
}

static void a_token_during_a_nested_wait_ends_the_outer_one(void **state)
{
    for (int i = 0; i < PLACES; i++) {
        struct pier_cancel *token;

        CHECK_OK(pier_cancel_new(&token));
        CHECK_OK(pier_set_cancel(outer, token));
        prepare(&places[i]);
        fake_at(20 * MS, do_fire, token);
        CHECK_ERR(pier_recv(outer, buffer, 8, 0), PIER_ECANCELED);
        CHECK_INT(fake_now(), 50 * MS);
        CHECK_OK(pier_set_cancel(outer, NULL));
        fake_join();
        pier_cancel_free(token);
        finish(state);
    }
    end();
}

static void a_close_after_a_nested_wait_ends_the_outer_one(void **state)
{
    for (int i = 0; i < PLACES; i++) {
        prepare(&places[i]);
        fake_at(80 * MS, do_close, outer);
        CHECK_ERR(pier_recv(outer, buffer, 8, 0), PIER_EBADF);
        CHECK_INT(fake_now(), 80 * MS);
        finish(state);
    }
    end();
}

static void a_deadline_holds_over_a_nested_wait(void **state)
{
    for (int i = 0; i < PLACES; i++) {
        CHECK_OK(pier_settimeout(outer, 70 * MS));
        prepare(&places[i]);
        CHECK_ERR(pier_recv(outer, buffer, 8, 0), PIER_EDEADLINE);
        CHECK_INT(fake_now(), 70 * MS);
        finish(state);
    }
    end();
}

static void a_close_ends_the_nested_wait_alone(void **state)
{
    (void)state;
    CHECK_OK(pier_settimeout(outer, 70 * MS));
    prepare(&places[0]);
    fake_at(20 * MS, do_close, inner);
    CHECK_ERR(pier_recv(outer, buffer, 8, 0), PIER_EDEADLINE);
    CHECK_INT(fake_now(), 70 * MS);
    CHECK_ERR(inner_result, PIER_EBADF);
    CHECK_INT(inner_end, 20 * MS);
    fake_join();
    end();
}

static void a_close_reaches_through_two_nested_waits(void **state)
{
    (void)state;
    in_interrupted = nest_again;
    fake_interrupt_wait(1);
    fake_at(20 * MS, do_close, outer);
    CHECK_ERR(pier_recv(outer, buffer, 8, 0), PIER_EBADF);
    CHECK_INT(fake_now(), 50 * MS);
    CHECK_ERR(inner_result, PIER_EDEADLINE);
    CHECK(fake_calls_of(FAKE_WAIT) + fake_calls_of(FAKE_POLL) <= 20);
    fake_join();
    end();
}

static void a_nested_wait_leaves_nothing_for_the_next_call(void **state)
{
    (void)state;
    prepare(&places[0]);
    fake_feed(pier_fileno(outer), "x", 1, 60 * MS);
    CHECK_INT(pier_recv(outer, buffer, 8, 0), 1);
    CHECK_OK(pier_settimeout(outer, 40 * MS));
    fake_clear_calls();
    CHECK_ERR(pier_recv(outer, buffer, 8, 0), PIER_EDEADLINE);
    CHECK_INT(fake_now(), 100 * MS);
    CHECK(fake_calls_of(FAKE_WAIT) <= 2);
    end();
}

static void a_lookup_goes_on_after_a_nested_wait(void **state)
{
    for (int i = 0; i < 4; i++) {
        struct pier_address a = fake_inet(7, 0);
        struct pier_addrinfo *list;

        prepare(&places[i]);
        fake_name_set("host.test", &a, 1, 90 * MS, PIER_OK);
        CHECK_OK(pier_getaddrinfo(&list, "host.test", "80", NULL, NULL));
        CHECK_INT(fake_now(), 90 * MS);
        pier_freeaddrinfo(list);
        finish(state);
    }
    end();
}

static void fork_inside(void)
{
    fake_fork();
}

static void receive_one(void *socket)
{
    char byte;

    (void)!pier_recv(socket, &byte, 1, 0);
}

/* The child's later waits are no nested ones. */
static void a_fork_in_a_close_leaves_the_child_no_wait_behind(void **state)
{
    (void)state;
    fake_thread_start(receive_one, outer);
    fake_settle();
    in_interrupted = fork_inside;
    fake_interrupt_wait(1);
    CHECK_OK(pier_close_wait(outer, PIER_FOREVER));
    fake_clear_calls();
    CHECK_ERR(pier_recv(inner, buffer, 8, 0), PIER_EDEADLINE);
    CHECK_ERR(pier_recv(inner, buffer, 8, 0), PIER_EDEADLINE);
    CHECK(fake_calls_of(FAKE_WAIT) <= 4);
    CHECK_INT(fake_calls_of(FAKE_WAKE_SIGNAL), 0);
    end();
}

#define NESTED(function)                                                      \
    cmocka_unit_test_setup_teardown(function, begin, end_fake)

int main(void)
{
    const struct CMUnitTest tests[] = {
        NESTED(a_close_during_a_nested_wait_ends_the_outer_one),
        NESTED(a_shutdown_during_a_nested_wait_ends_the_outer_one),
        NESTED(a_token_during_a_nested_wait_ends_the_outer_one),
        NESTED(a_close_after_a_nested_wait_ends_the_outer_one),
        NESTED(a_deadline_holds_over_a_nested_wait),
        NESTED(a_close_ends_the_nested_wait_alone),
        NESTED(a_close_reaches_through_two_nested_waits),
        NESTED(a_nested_wait_leaves_nothing_for_the_next_call),
        NESTED(a_lookup_goes_on_after_a_nested_wait),
        NESTED(a_fork_in_a_close_leaves_the_child_no_wait_behind),
    };

    if (pier_set_hooks(&hooks))
        return 1;
    return cmocka_run_group_tests_name("nested", tests, NULL, NULL);
}
