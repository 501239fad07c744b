/* SPDX-License-Identifier: MIT */
/* Tokens that end calls. */
#include "unit.h"

#include <pier/error.h>

static char buffer[64];

static struct pier_cancel *new_token(void)
{
    struct pier_cancel *token;

    CHECK_OK(pier_cancel_new(&token));
    return token;
}

static void firing_ends_every_blocking_call_at_once(void **state)
{
    (void)state;
    for (size_t i = 0; i < blocking_call_count; i++) {
        const struct blocking_call *call = &blocking_calls[i];
        struct pier_socket *s = call->open();
        struct pier_cancel *token = new_token();
        int64_t before = fake_now();

        print_message("%s\n", call->name);
        CHECK_OK(pier_set_cancel(s, token));
        fake_at(50 * MS, do_fire, token);
        CHECK_ERR(call->run(s), PIER_ECANCELED);
        CHECK_INT(fake_now() - before, 50 * MS);
        fake_join();
        pier_free(s);
        pier_cancel_free(token);
    }
}

static void a_fired_token_ends_calls_before_they_begin(void **state)
{
    (void)state;
    for (size_t i = 0; i < blocking_call_count; i++) {
        const struct blocking_call *call = &blocking_calls[i];
        struct pier_socket *s = call->open();
        struct pier_cancel *token = new_token();

        print_message("%s\n", call->name);
        pier_cancel_fire(token);
        CHECK(pier_cancel_fired(token));
        CHECK_OK(pier_set_cancel(s, token));
        fake_clear_calls();
        CHECK_ERR(call->run(s), PIER_ECANCELED);
        CHECK_INT(fake_system_calls(), 0);
        pier_free(s);
        pier_cancel_free(token);
    }
}

static void a_cancelled_call_loses_no_data(void **state)
{
    struct pier_socket *s = open_connected();
    struct pier_cancel *token = new_token();

    (void)state;
    CHECK_OK(pier_set_cancel(s, token));
    fake_at(10 * MS, do_fire, token);
    fake_feed(pier_fileno(s), "abc", 3, 10 * MS + 1);
    CHECK_ERR(pier_recv(s, buffer, 8, 0), PIER_ECANCELED);
    fake_advance(5 * MS);
    CHECK_ERR(pier_recv(s, buffer, 8, 0), PIER_ECANCELED);
    pier_cancel_reset(token);
    CHECK(!pier_cancel_fired(token));
    CHECK_INT(pier_recv(s, buffer, 8, 0), 3);
    fake_join();
    pier_free(s);
    pier_cancel_free(token);
}

static void a_token_ends_the_calls_of_many_sockets(void **state)
{
    struct pier_cancel *token = new_token();
    struct pier_socket *s[3];

    (void)state;
    for (int i = 0; i < 3; i++) {
        s[i] = open_connected();
        CHECK_OK(pier_set_cancel(s[i], token));
    }
    pier_cancel_fire(token);
    pier_cancel_fire(token);
    for (int i = 0; i < 3; i++) {
        CHECK_ERR(pier_recv(s[i], buffer, 8, 0), PIER_ECANCELED);
        pier_free(s[i]);
    }
    pier_cancel_free(token);
}

static void a_reset_token_does_not_end_the_next_wait(void **state)
{
    struct pier_socket *s = open_connected();
    struct pier_cancel *token = new_token();

    (void)state;
    CHECK_OK(pier_set_cancel(s, token));
    CHECK_OK(pier_settimeout(s, 20 * MS));
    pier_cancel_fire(token);
    CHECK_ERR(pier_recv(s, buffer, 8, 0), PIER_ECANCELED);
    pier_cancel_reset(token);
    CHECK_ERR(pier_recv(s, buffer, 8, 0), PIER_EDEADLINE);
    CHECK_INT(fake_now(), 20 * MS);
    pier_free(s);
    pier_cancel_free(token);
}

static void do_reset(void *token)
{
    pier_cancel_reset(token);
}

/* The other one comes between the two steps of a fire or a reset. */
static void a_reset_within_a_fire_leaves_no_signal(void **state)
{
    struct pier_socket *s = open_connected();
    struct pier_cancel *token = new_token();

    (void)state;
    CHECK_OK(pier_set_cancel(s, token));
    CHECK_OK(pier_settimeout(s, 20 * MS));
    fake_at_call(1, do_reset, token);
    pier_cancel_fire(token);
    CHECK(!pier_cancel_fired(token));
    CHECK_ERR(pier_recv(s, buffer, 8, 0), PIER_EDEADLINE);
    CHECK_INT(fake_now(), 20 * MS);
    CHECK(fake_calls_of(FAKE_WAIT) < 10);
    pier_free(s);
    pier_cancel_free(token);
}

/* Fires between the two steps of the reset. */
static int64_t fired_at;

static void do_reset_and_fire(void *token)
{
    fake_at_call(1, do_fire, token);
    pier_cancel_reset(token);
    fired_at = fake_now();
}

static void a_fire_within_a_reset_is_not_lost(void **state)
{
    (void)state;
    for (unsigned n = 1; n < 20; n++) {
        struct pier_socket *s = open_connected();
        struct pier_cancel *token = new_token();
        ptrdiff_t result;

        CHECK_OK(pier_set_cancel(s, token));
        CHECK_OK(pier_settimeout(s, 20 * MS));
        fired_at = INT64_MAX;
        fake_at_call(n, do_reset_and_fire, token);
        result = pier_recv(s, buffer, 8, 0);
        CHECK(result == PIER_ECANCELED || result == PIER_EDEADLINE);
        /* At the very end of its time the call may have been decided. */
        if (fired_at < 20 * MS) {
            CHECK_ERR(result, PIER_ECANCELED);
            CHECK_INT(fake_now(), fired_at);
        }
        fake_at_call(0, do_nothing, NULL);
        fake_join();
        pier_free(s);
        pier_cancel_free(token);
        fake_reset();
    }
}

static void without_its_token_a_socket_waits_again(void **state)
{
    struct pier_socket *s = open_connected();
    struct pier_cancel *token = new_token();

    (void)state;
    CHECK_OK(pier_set_cancel(s, token));
    CHECK_OK(pier_set_cancel(s, NULL));
    CHECK_OK(pier_settimeout(s, 20 * MS));
    pier_cancel_fire(token);
    CHECK_ERR(pier_recv(s, buffer, 8, 0), PIER_EDEADLINE);
    pier_free(s);
    pier_cancel_free(token);
}

static void a_token_is_one_wake_and_one_block(void **state)
{
    struct pier_cancel *token = new_token();

    (void)state;
    CHECK_INT(fake_wakes(), 1);
    CHECK_INT(fake_allocations(), 1);
    fake_clear_calls();
    pier_cancel_fire(token);
    CHECK_INT(fake_calls(), 0);
    CHECK_INT(fake_calls_of(FAKE_LOCK), 0);
    CHECK_INT(fake_calls_of(FAKE_WAKE_SIGNAL), 1);
    pier_cancel_free(token);
}

static void no_token_is_fine(void **state)
{
    (void)state;
    pier_cancel_fire(NULL);
    pier_cancel_reset(NULL);
    pier_cancel_free(NULL);
    CHECK(!pier_cancel_fired(NULL));
    CHECK_ERR(pier_cancel_new(NULL), PIER_EINVAL);
}

static void a_connect_that_was_cancelled_can_be_asked_again(void **state)
{
    struct pier_address to = fake_inet(1, 80);
    struct pier_socket *s = open_tcp();
    struct pier_cancel *token = new_token();

    (void)state;
    fake_remote_set(&to, FAKE_ACCEPTS, 30 * MS);
    CHECK_OK(pier_set_cancel(s, token));
    fake_at(10 * MS, do_fire, token);
    CHECK_ERR(pier_connect(s, &to), PIER_ECANCELED);
    pier_cancel_reset(token);
    CHECK_INT(pier_send(s, "x", 1, 0), 1);
    CHECK_INT(fake_now(), 30 * MS);
    fake_join();
    pier_free(s);
    pier_cancel_free(token);
}

static void a_progress_is_told_when_cancelled(void **state)
{
    struct pier_socket *s = open_connected();
    struct pier_cancel *token = new_token();
    size_t sent = 0;

    (void)state;
    fake_send_room(pier_fileno(s), 10);
    fake_drain(pier_fileno(s), 10, 20 * MS);
    CHECK_OK(pier_set_cancel(s, token));
    fake_at(50 * MS, do_fire, token);
    CHECK_ERR(pier_sendall(s, buffer, 64, 0, &sent), PIER_ECANCELED);
    CHECK(sent == 30);
    fake_join();
    pier_free(s);
    pier_cancel_free(token);
}

/* The token fires between any two steps of the call. */
static void sweep(const struct blocking_call *call)
{
    ptrdiff_t result = PIER_ECANCELED;

    for (unsigned n = 1; result == PIER_ECANCELED; n++) {
        struct pier_socket *s = call->open();
        struct pier_cancel *token = new_token();

        CHECK_OK(pier_settimeout(s, 50 * MS));
        CHECK_OK(pier_set_cancel(s, token));
        fake_at_call(n, do_fire, token);
        result = call->run(s);
        CHECK(result == PIER_ECANCELED || result == PIER_EDEADLINE);
        CHECK(n > 5 || result == PIER_ECANCELED);
        fake_at_call(0, do_nothing, NULL);
        fake_join();
        pier_free(s);
        pier_cancel_free(token);
        fake_reset();
    }
}

static void a_token_may_fire_between_any_two_steps(void **state)
{
    (void)state;
    for (size_t i = 0; i < blocking_call_count; i++) {
        print_message("%s\n", blocking_calls[i].name);
        sweep(&blocking_calls[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_FAKE(firing_ends_every_blocking_call_at_once),
        ON_FAKE(a_fired_token_ends_calls_before_they_begin),
        ON_FAKE(a_cancelled_call_loses_no_data),
        ON_FAKE(a_token_ends_the_calls_of_many_sockets),
        ON_FAKE(a_reset_token_does_not_end_the_next_wait),
        ON_FAKE(a_reset_within_a_fire_leaves_no_signal),
        ON_FAKE(a_fire_within_a_reset_is_not_lost),
        ON_FAKE(without_its_token_a_socket_waits_again),
        ON_FAKE(a_token_is_one_wake_and_one_block),
        ON_FAKE(no_token_is_fine),
        ON_FAKE(a_connect_that_was_cancelled_can_be_asked_again),
        ON_FAKE(a_progress_is_told_when_cancelled),
        ON_FAKE(a_token_may_fire_between_any_two_steps),
    };

    return cmocka_run_group_tests_name("cancel", tests, NULL, NULL);
}
