/* SPDX-License-Identifier: MIT */
/* Closing a socket while others use it; test_net_ends.c has every call. */
#include "blocked.h"

static void end_each_by(void (*act)(struct pier_socket *s))
{
    for (size_t i = 0; i < blocking_call_count; i++) {
        struct scene scene;
        struct blocked b;

        if (!can_run(&blocking_calls[i]))
            continue;
        start_scene(&blocking_calls[i], &scene, &b);
        act(scene.s);
        CHECK_ERR(end_blocked(&b), PIER_EBADF);
        if (scene.first)
            CHECK_ERR(end_blocked(scene.first), PIER_EBADF);
        free_sockets(NULL);
    }
}

static void close_and_wait(struct pier_socket *s)
{
    CHECK_OK(pier_close_wait(s, SOON));
}

static void close_wait_returns_when_the_calls_have_left(void **state)
{
    (void)state;
    end_each_by(close_and_wait);
}

static void free_now(struct pier_socket *s)
{
    let_go(s);
}

static void free_ends_every_blocked_call(void **state)
{
    (void)state;
    end_each_by(free_now);
}

static pier_handle detached;

static void detach_now(struct pier_socket *s)
{
    struct pier_socket *again;

    detached = pier_detach(s);
    CHECK(detached != PIER_INVALID_HANDLE);
    CHECK_OK(pier_adopt(&again, detached, -1, -1, -1));
    keep(again);
}

static void detach_ends_every_blocked_call(void **state)
{
    (void)state;
    end_each_by(detach_now);
}

/* No time for the thread to come to the point where it waits: the close falls
 * anywhere. */
static void close_at_any_moment_ends_a_call(void **state)
{
    (void)state;
    for (int i = 0; i < 150; i++) {
        const struct blocking_call *call =
            i % 2 ? find_call("accept", TCP) : find_call("recv", TCP);
        struct scene scene;
        struct blocked b;

        open_scene(call, &scene);
        start_blocked(&b, call->run, &scene);
        for (volatile int spin = 0; spin < i * 200; spin++)
            continue;
        CHECK_OK(pier_close(scene.s));
        CHECK_ERR(end_blocked(&b), PIER_EBADF);
        free_sockets(NULL);
    }
}

enum {
    CROWD = 12
};

static void close_ends_all_threads_of_one_socket(void **state)
{
    const struct blocking_call *call = find_call("recv", TCP);
    struct blocked crowd[CROWD];
    struct scene scene;

    (void)state;
    open_scene(call, &scene);
    for (int i = 0; i < CROWD; i++)
        start_blocked(&crowd[i], call->run, &scene);
    await_waits(CROWD);
    CHECK_OK(pier_close(scene.s));
    for (int i = 0; i < CROWD; i++)
        CHECK_ERR(end_blocked(&crowd[i]), PIER_EBADF);
}

static void closing_twice_is_no_error(void **state)
{
    struct pier_socket *s = open_socket(PIER_AF_INET, PIER_SOCK_STREAM);

    (void)state;
    CHECK_OK(pier_close(s));
    CHECK_OK(pier_close(s));
    CHECK_OK(pier_close_wait(s, 0));
    CHECK_INT(pier_detach(s), PIER_INVALID_HANDLE);
}

static void names_of_a_closed_socket_are_an_error(void **state)
{
    struct pier_socket *s = open_socket(PIER_AF_INET, PIER_SOCK_STREAM);
    struct pier_socket *other = s;
    struct pier_address a = loopback(PIER_AF_INET, ANY_PORT);
    bool on;
    int value;

    (void)state;
    CHECK_OK(pier_close(s));
    CHECK_ERR(pier_getsockname(s, &a), PIER_EBADF);
    CHECK_ERR(pier_getpeername(s, &a), PIER_EBADF);
    CHECK_ERR(pier_bind(s, &a), PIER_EBADF);
    CHECK_ERR(pier_listen(s, 1), PIER_EBADF);
    CHECK_ERR(pier_connect(s, &a), PIER_EBADF);
    CHECK_ERR(pier_accept(&other, s, NULL), PIER_EBADF);
    CHECK(other == NULL);
    CHECK_ERR(pier_dup(&other, s), PIER_EBADF);
    CHECK_ERR(pier_shutdown(s, PIER_SHUT_RDWR), PIER_EBADF);
    CHECK_ERR(pier_get_inheritable(s, &on), PIER_EBADF);
    CHECK_ERR(pier_set_inheritable(s, true), PIER_EBADF);
    CHECK_ERR(pier_getsockopt_int(s, PIER_SOL_SOCKET, PIER_SO_TYPE, &value),
              PIER_EBADF);
    CHECK_INT(pier_fileno(s), PIER_INVALID_HANDLE);
    CHECK_INT(pier_family(s), PIER_AF_INET);
    CHECK_INT(pier_type(s), PIER_SOCK_STREAM);
}

static void data_of_a_closed_socket_is_an_error(void **state)
{
    struct pier_socket *s = open_socket(PIER_AF_INET, PIER_SOCK_STREAM);
    struct pier_address a = loopback(PIER_AF_INET, 9);
    char b[4];

    (void)state;
    CHECK_OK(pier_close(s));
    CHECK_ERR(pier_recv(s, b, 4, 0), PIER_EBADF);
    CHECK_ERR(pier_recv(s, b, 0, 0), PIER_EBADF);
    CHECK_ERR(pier_recvfrom(s, b, 4, 0, &a), PIER_EBADF);
    CHECK_ERR(pier_recvall(s, b, 4, 0, NULL), PIER_EBADF);
    CHECK_ERR(pier_send(s, "x", 1, 0), PIER_EBADF);
    CHECK_ERR(pier_send(s, "x", 0, 0), PIER_EBADF);
    CHECK_ERR(pier_sendto(s, "x", 1, 0, &a), PIER_EBADF);
    CHECK_ERR(pier_sendall(s, "x", 1, 0, NULL), PIER_EBADF);
    CHECK_ERR(pier_sendall(s, "x", 0, 0, NULL), PIER_EBADF);
    CHECK_ERR(pier_settimeout(s, 1), PIER_EBADF);
    CHECK_ERR(pier_set_cancel(s, NULL), PIER_EBADF);
}

/* A thread is held on its way out of a wait: the handle is still its own. */
static void the_handle_stays_until_the_last_call_has_left(void **state)
{
    const struct blocking_call *call = find_call("recv", TCP);
    struct scene scene;
    struct blocked b;
    pier_handle number;

    (void)state;
    start_scene(call, &scene, &b);
    number = pier_fileno(scene.s);
    hold_next();
    CHECK_OK(pier_close(scene.s));
    await_held();
    for (int i = 0; i < 8; i++) {
        CHECK(pier_fileno(open_socket(PIER_AF_INET, PIER_SOCK_STREAM)) !=
              number);
    }
    CHECK_ERR(pier_close_wait(scene.s, 0), PIER_EDEADLINE);
    release_held();
    CHECK_ERR(end_blocked(&b), PIER_EBADF);
    CHECK_OK(pier_close_wait(scene.s, SOON));
}

static void the_peer_sees_the_end_after_a_close(void **state)
{
    struct pier_socket *ends[2];
    char byte;

    (void)state;
    open_streams(PIER_AF_INET, ends);
    CHECK_OK(pier_close(ends[0]));
    CHECK_INT(pier_recv(ends[1], &byte, 1, 0), 0);
}

static void freeing_nothing_is_fine(void **state)
{
    (void)state;
    pier_free(NULL);
    CHECK_ERR(pier_close(NULL), PIER_EINVAL);
    CHECK_ERR(pier_close_wait(NULL, 0), PIER_EINVAL);
    CHECK_INT(pier_detach(NULL), PIER_INVALID_HANDLE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        NET_TEST(close_wait_returns_when_the_calls_have_left),
        NET_TEST(free_ends_every_blocked_call),
        NET_TEST(detach_ends_every_blocked_call),
        NET_TEST(close_at_any_moment_ends_a_call),
        NET_TEST(close_ends_all_threads_of_one_socket),
        NET_TEST(closing_twice_is_no_error),
        NET_TEST(names_of_a_closed_socket_are_an_error),
        NET_TEST(data_of_a_closed_socket_is_an_error),
        NET_TEST(the_handle_stays_until_the_last_call_has_left),
        NET_TEST(the_peer_sees_the_end_after_a_close),
        NET_TEST(freeing_nothing_is_fine),
    };

    return cmocka_run_group_tests(tests, watch_waits, NULL);
}
