/* SPDX-License-Identifier: MIT */
/* One token ends calls, look-ups and connection attempts; test_net_ends.c has
 * every call. */
#include "blocked.h"

static struct pier_cancel *token;

static int make_token(void **state)
{
    (void)state;
    return pier_cancel_new(&token);
}

static int free_all(void **state)
{
    free_sockets(state);
    pier_cancel_free(token);
    token = NULL;
    return 0;
}

static void a_fired_token_stays_fired(void **state)
{
    struct pier_socket *ends[2];
    char byte;

    (void)state;
    CHECK(!pier_cancel_fired(token));
    open_streams(PIER_AF_INET, ends);
    CHECK_OK(pier_set_cancel(ends[0], token));
    pier_cancel_fire(token);
    pier_cancel_fire(token);
    CHECK(pier_cancel_fired(token));
    for (int i = 0; i < 3; i++) {
        CHECK_ERR(pier_recv(ends[0], &byte, 1, 0), PIER_ECANCELED);
        CHECK_ERR(pier_send(ends[0], "x", 1, 0), PIER_ECANCELED);
        CHECK_ERR(pier_sendall(ends[0], "x", 1, 0, NULL), PIER_ECANCELED);
    }
}

static void a_canceled_socket_is_as_good_as_before(void **state)
{
    struct pier_socket *ends[2];
    char byte;

    (void)state;
    open_streams(PIER_AF_INET, ends);
    CHECK_OK(pier_set_cancel(ends[0], token));
    CHECK_OK(pier_sendall(ends[1], "kept", 4, 0, NULL));
    pier_cancel_fire(token);
    CHECK_ERR(pier_recv(ends[0], &byte, 1, 0), PIER_ECANCELED);
    pier_cancel_reset(token);
    CHECK(!pier_cancel_fired(token));
    check_arrives(ends[0], "kept");
    pier_cancel_fire(token);
    CHECK_OK(pier_set_cancel(ends[0], NULL));
    CHECK_OK(pier_sendall(ends[0], "free", 4, 0, NULL));
    check_arrives(ends[1], "free");
}

static long long receive_four(struct scene *scene)
{
    char buffer[4];
    size_t received = 0;
    pier_err err = pier_recvall(scene->s, buffer, 4, 0, &received);

    return err == PIER_ECANCELED ? (long long)received : err;
}

/* What came in before counts, and the rest is not lost. */
static void a_canceled_recvall_tells_how_far_it_came(void **state)
{
    struct pier_socket *ends[2];
    struct scene scene = { NULL };
    struct blocked b;

    (void)state;
    open_streams(PIER_AF_INET, ends);
    scene.s = ends[0];
    CHECK_OK(pier_set_cancel(ends[0], token));
    CHECK_OK(pier_sendall(ends[1], "ab", 2, 0, NULL));
    start_blocked(&b, receive_four, &scene);
    await_waits(1);
    while (pier_recv(ends[0], &(char){ 0 }, 1,
                     PIER_MSG_PEEK | PIER_MSG_DONTWAIT) == 1)
        continue;
    await_waits(1);
    pier_cancel_fire(token);
    CHECK_INT(end_blocked(&b), 2);
    pier_cancel_reset(token);
    CHECK_OK(pier_sendall(ends[1], "cd", 2, 0, NULL));
    check_arrives(ends[0], "cd");
}

enum {
    MANY = 8
};

static void one_token_ends_the_calls_of_many_sockets(void **state)
{
    const struct blocking_call *call = find_call("recv", TCP);
    struct scene scenes[MANY];
    struct blocked calls[MANY];

    (void)state;
    for (int i = 0; i < MANY; i++) {
        open_scene(call, &scenes[i]);
        CHECK_OK(pier_set_cancel(scenes[i].s, token));
        start_blocked(&calls[i], call->run, &scenes[i]);
    }
    await_waits(MANY);
    pier_cancel_fire(token);
    for (int i = 0; i < MANY; i++)
        CHECK_ERR(end_blocked(&calls[i]), PIER_ECANCELED);
}

static void a_token_fired_before_the_call_ends_it_at_once(void **state)
{
    (void)state;
    pier_cancel_fire(token);
    for (size_t i = 0; i < blocking_call_count; i++) {
        struct scene scene;

        if (!can_run(&blocking_calls[i]))
            continue;
        open_scene(&blocking_calls[i], &scene);
        CHECK_OK(pier_set_cancel(scene.s, token));
        CHECK_ERR(blocking_calls[i].run(&scene), PIER_ECANCELED);
        if (scene.first) {
            CHECK_OK(pier_close(scene.s));
            CHECK_ERR(end_blocked(scene.first), PIER_EBADF);
        }
        free_sockets(NULL);
    }
}

static void a_token_ends_a_look_up(void **state)
{
    struct pier_wait wait = PIER_WAIT_INIT;
    struct pier_addrinfo *list;

    (void)state;
    wait.cancel = token;
    pier_cancel_fire(token);
    CHECK_ERR(
        pier_getaddrinfo(&list, "localhost", "http-not-known", NULL, &wait),
        PIER_ECANCELED);
    CHECK(list == NULL);
    /* Waits for what may have begun: see test_net_names. */
    CHECK_ERR(
        pier_getaddrinfo(&list, "localhost", "http-not-known", NULL, NULL),
        PIER_EAI_SERVICE);
}

static long long connect_to_full(struct scene *scene)
{
    struct pier_connect_options options = PIER_CONNECT_OPTIONS_INIT;
    char service[8];
    struct pier_socket *s;
    pier_err err = pier_getnameinfo(&scene->address, NULL, 0, service, 8,
                                    PIER_NI_NUMERICSERV, NULL);

    options.cancel = token;
    if (!err)
        err = pier_create_connection(&s, "127.0.0.1", service, &options);
    if (!err)
        pier_free(s);
    return err;
}

static void a_token_ends_a_connection_attempt(void **state)
{
    struct scene scene = { .address = full_listener(PIER_AF_INET) };
    struct blocked b;

    (void)state;
    start_blocked(&b, connect_to_full, &scene);
    await_waits(1);
    pier_cancel_fire(token);
    CHECK_ERR(end_blocked(&b), PIER_ECANCELED);
    CHECK_ERR(connect_to_full(&scene), PIER_ECANCELED);
}

static void no_token_is_no_error(void **state)
{
    (void)state;
    pier_cancel_free(NULL);
    CHECK_ERR(pier_cancel_new(NULL), PIER_EINVAL);
    CHECK_ERR(pier_set_cancel(NULL, token), PIER_EINVAL);
}

#define TOKEN_TEST(function)                                                  \
    cmocka_unit_test_setup_teardown(function, make_token, free_all)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TOKEN_TEST(a_fired_token_stays_fired),
        TOKEN_TEST(a_canceled_socket_is_as_good_as_before),
        TOKEN_TEST(a_canceled_recvall_tells_how_far_it_came),
        TOKEN_TEST(one_token_ends_the_calls_of_many_sockets),
        TOKEN_TEST(a_token_fired_before_the_call_ends_it_at_once),
        TOKEN_TEST(a_token_ends_a_look_up),
        TOKEN_TEST(a_token_ends_a_connection_attempt),
        TOKEN_TEST(no_token_is_no_error),
    };

    return cmocka_run_group_tests(tests, watch_waits, NULL);
}
