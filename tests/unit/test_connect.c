/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <pier/error.h>

static struct pier_address remote(enum fake_behaviour behaviour, int64_t delay)
{
    struct pier_address a = fake_inet(9, 80);

    fake_remote_set(&a, behaviour, delay);
    return a;
}

static void a_connect_ends_when_the_remote_answers(void **state)
{
    struct pier_address to = remote(FAKE_ACCEPTS, 30 * MS), peer;
    struct pier_socket *s = open_tcp();

    (void)state;
    CHECK_OK(pier_settimeout(s, SECOND));
    fake_clear_calls();
    CHECK_OK(pier_connect(s, &to));
    CHECK_INT(fake_now(), 30 * MS);
    assert_string_equal(fake_log(), "connect wait connect_result");
    CHECK_OK(pier_getpeername(s, &peer));
    CHECK(fake_same_address(&peer, &to));
    CHECK_INT(pier_send(s, "x", 1, 0), 1);
    pier_free(s);
}

static void a_connect_that_waited_does_not_make_a_send_wait(void **state)
{
    struct pier_address to = remote(FAKE_ACCEPTS, 30 * MS);
    struct pier_socket *s = open_tcp();

    (void)state;
    CHECK_OK(pier_connect(s, &to));
    fake_clear_calls();
    CHECK_INT(pier_send(s, "x", 1, 0), 1);
    assert_string_equal(fake_log(), "send");
    pier_free(s);
}

static void a_connect_that_is_done_at_once_does_not_wait(void **state)
{
    struct pier_address to = remote(FAKE_ACCEPTS, -1);
    struct pier_socket *s = open_tcp();

    (void)state;
    fake_clear_calls();
    CHECK_OK(pier_connect(s, &to));
    assert_string_equal(fake_log(), "connect");
    CHECK_INT(fake_calls_of(FAKE_CLOCK), 0);
    pier_free(s);
}

static void check_failure(const struct pier_address *to, pier_err code,
                          int64_t when)
{
    struct pier_socket *s = open_tcp();
    struct pier_detail detail;

    CHECK_OK(pier_settimeout(s, SECOND));
    CHECK_ERR(pier_connect(s, to), code);
    CHECK_INT(fake_now(), when);
    pier_error_detail(&detail);
    CHECK_INT(detail.code, code);
    CHECK_INT(detail.native_code, -code);
    assert_string_equal(detail.operation, "connect");
    CHECK(fake_same_address(&detail.address, to));
    pier_free(s);
}

static void a_refusal_is_told_with_the_address(void **state)
{
    struct pier_address to = remote(FAKE_REFUSES, 30 * MS);

    (void)state;
    check_failure(&to, PIER_ECONNREFUSED, 30 * MS);
}

static void a_refusal_in_the_call_itself_is_told_too(void **state)
{
    struct pier_address to = remote(FAKE_UNREACHABLE, -1);

    (void)state;
    check_failure(&to, PIER_EHOSTUNREACH, 0);
}

static void a_silent_remote_uses_up_the_timeout(void **state)
{
    struct pier_address to = remote(FAKE_IS_SILENT, 0);
    struct pier_socket *s = open_tcp();
    struct pier_detail detail;

    (void)state;
    CHECK_OK(pier_settimeout(s, 50 * MS));
    CHECK_ERR(pier_connect(s, &to), PIER_EDEADLINE);
    CHECK_INT(fake_now(), 50 * MS);
    pier_error_detail(&detail);
    CHECK(fake_same_address(&detail.address, &to));
    pier_free(s);
}

static void the_timeout_of_the_network_is_its_own(void **state)
{
    struct pier_address to = remote(FAKE_IS_SILENT, 0);
    struct pier_socket *s = open_tcp();

    (void)state;
    fake_fail(FAKE_CONNECT, 1, PIER_ETIMEDOUT);
    CHECK_ERR(pier_connect(s, &to), PIER_ETIMEDOUT);
    pier_free(s);
}

static void signals_do_not_make_a_connect_begin_anew(void **state)
{
    struct pier_address to = remote(FAKE_ACCEPTS, SECOND);
    struct pier_socket *s = open_tcp();

    (void)state;
    fake_interrupt_every(300 * MS);
    CHECK_OK(pier_connect(s, &to));
    CHECK_INT(fake_now(), SECOND);
    CHECK_INT(fake_calls_of(FAKE_CONNECT), 1);
    pier_free(s);
}

static void false_readiness_is_no_connection(void **state)
{
    struct pier_address to = remote(FAKE_REFUSES, 30 * MS);
    struct pier_socket *s = open_tcp();

    (void)state;
    fake_wait_early(3, PIERP_READY);
    CHECK_ERR(pier_connect(s, &to), PIER_ECONNREFUSED);
    CHECK_INT(fake_now(), 30 * MS);
    CHECK_INT(fake_calls_of(FAKE_CONNECT), 1);
    pier_free(s);
}

static void an_interrupted_question_is_asked_again(void **state)
{
    struct pier_address to = remote(FAKE_ACCEPTS, 30 * MS);
    struct pier_socket *s = open_tcp();

    (void)state;
    fake_fail(FAKE_CONNECT_RESULT, 1, PIER_EINTR);
    CHECK_OK(pier_connect(s, &to));
    CHECK_INT(fake_calls_of(FAKE_CONNECT), 1);
    pier_free(s);
}

static void a_non_blocking_connect_is_in_progress(void **state)
{
    struct pier_address to = remote(FAKE_ACCEPTS, 30 * MS);
    struct pier_socket *s = open_tcp();
    struct pier_detail detail;

    (void)state;
    CHECK_OK(pier_settimeout(s, PIER_NONBLOCKING));
    CHECK_ERR(pier_connect(s, &to), PIER_EINPROGRESS);
    pier_error_detail(&detail);
    CHECK_INT(detail.code, PIER_EINPROGRESS);
    CHECK_ERR(pier_connect(s, &to), PIER_EALREADY);
    fake_advance(30 * MS);
    CHECK_ERR(pier_connect(s, &to), PIER_EISCONN);
    CHECK_INT(pier_send(s, "x", 1, 0), 1);
    pier_free(s);
}

static void a_socket_that_was_refused_can_try_again(void **state)
{
    struct pier_address no = remote(FAKE_REFUSES, 0), yes = fake_inet(8, 80);
    struct pier_socket *s = open_tcp();

    (void)state;
    fake_remote_set(&yes, FAKE_ACCEPTS, MS);
    CHECK_ERR(pier_connect(s, &no), PIER_ECONNREFUSED);
    CHECK_OK(pier_connect(s, &yes));
    pier_free(s);
}

struct path_server {
    struct pier_socket *listener;
    struct pier_socket *accepted;
};

static void accept_one(void *argument)
{
    struct path_server *server = argument;

    if (pier_accept(&server->accepted, server->listener, NULL))
        server->accepted = NULL;
}

/* A listener on a path whose queue one connection fills. */
static struct path_server full_path(struct pier_socket **first)
{
    struct pier_address path = fake_path("/run/x");
    struct path_server server = { open_path(), NULL };

    CHECK_OK(pier_bind(server.listener, &path));
    CHECK_OK(pier_listen(server.listener, 0));
    *first = open_path();
    CHECK_OK(pier_connect(*first, &path));
    return server;
}

static void a_full_queue_of_a_path_is_tried_until_it_has_room(void **state)
{
    struct pier_address path = fake_path("/run/x");
    struct pier_socket *first, *s = open_path();
    struct path_server server = full_path(&first);

    (void)state;
    CHECK_OK(pier_settimeout(s, SECOND));
    fake_at(50 * MS, accept_one, &server);
    CHECK_OK(pier_connect(s, &path));
    CHECK(fake_now() >= 50 * MS && fake_now() <= 100 * MS);
    CHECK(fake_calls_of(FAKE_CONNECT) < 100);
    fake_join();
    pier_free(server.accepted);
    pier_free(server.listener);
    pier_free(first);
    pier_free(s);
}

static void a_full_queue_of_a_path_uses_up_the_timeout(void **state)
{
    struct pier_address path = fake_path("/run/x");
    struct pier_socket *first, *s = open_path();
    struct path_server server = full_path(&first);

    (void)state;
    CHECK_OK(pier_settimeout(s, 51 * MS));
    CHECK_ERR(pier_connect(s, &path), PIER_EDEADLINE);
    CHECK_INT(fake_now(), 51 * MS);
    CHECK_OK(pier_settimeout(s, PIER_NONBLOCKING));
    CHECK_ERR(pier_connect(s, &path), PIER_EAGAIN);
    CHECK_INT(fake_now(), 51 * MS);
    pier_free(server.listener);
    pier_free(first);
    pier_free(s);
}

static void a_close_ends_the_tries_of_a_full_queue(void **state)
{
    struct pier_address path = fake_path("/run/x");
    struct pier_socket *first, *s = open_path();
    struct path_server server = full_path(&first);

    (void)state;
    fake_at(52 * MS, do_close, s);
    CHECK_ERR(pier_connect(s, &path), PIER_EBADF);
    CHECK_INT(fake_now(), 52 * MS);
    fake_join();
    pier_free(server.listener);
    pier_free(first);
    pier_free(s);
}

static void no_address_is_refused(void **state)
{
    struct pier_address none = { 0 }, six = fake_inet6(1, 80);
    struct pier_socket *s = open_tcp();

    (void)state;
    CHECK_ERR(pier_connect(s, NULL), PIER_EINVAL);
    CHECK_ERR(pier_connect(s, &none), PIER_EINVAL);
    CHECK_ERR(pier_connect(s, &six), PIER_EAFNOSUPPORT);
    pier_free(s);
}

static void a_datagram_socket_connects_at_once(void **state)
{
    struct pier_socket *a = open_udp(), *b = open_udp();
    struct pier_address to = name_of(b);
    char buffer[8];

    (void)state;
    CHECK_OK(pier_connect(a, &to));
    CHECK_INT(pier_send(a, "hello", 5, 0), 5);
    CHECK_INT(pier_recv(b, buffer, 8, 0), 5);
    pier_free(a);
    pier_free(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_FAKE(a_connect_ends_when_the_remote_answers),
        ON_FAKE(a_connect_that_waited_does_not_make_a_send_wait),
        ON_FAKE(a_connect_that_is_done_at_once_does_not_wait),
        ON_FAKE(a_refusal_is_told_with_the_address),
        ON_FAKE(a_refusal_in_the_call_itself_is_told_too),
        ON_FAKE(a_silent_remote_uses_up_the_timeout),
        ON_FAKE(the_timeout_of_the_network_is_its_own),
        ON_FAKE(signals_do_not_make_a_connect_begin_anew),
        ON_FAKE(false_readiness_is_no_connection),
        ON_FAKE(an_interrupted_question_is_asked_again),
        ON_FAKE(a_non_blocking_connect_is_in_progress),
        ON_FAKE(a_socket_that_was_refused_can_try_again),
        ON_FAKE(a_full_queue_of_a_path_is_tried_until_it_has_room),
        ON_FAKE(a_full_queue_of_a_path_uses_up_the_timeout),
        ON_FAKE(a_close_ends_the_tries_of_a_full_queue),
        ON_FAKE(no_address_is_refused),
        ON_FAKE(a_datagram_socket_connects_at_once),
    };

    return cmocka_run_group_tests_name("connect", tests, NULL, NULL);
}
