/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <pier/error.h>

static void an_accept_waits_for_a_connection(void **state)
{
    struct pier_socket *l = open_server(4000, 5), *a;
    struct pier_address from = fake_inet(9, 5000), peer;

    (void)state;
    fake_incoming(pier_fileno(l), &from, 20 * MS);
    fake_clear_calls();
    CHECK_OK(pier_accept(&a, l, &peer));
    CHECK_INT(fake_now(), 20 * MS);
    assert_string_equal(fake_log(), "accept wait accept");
    CHECK(fake_same_address(&peer, &from));
    CHECK_INT(pier_family(a), PIER_AF_INET);
    CHECK_INT(pier_type(a), PIER_SOCK_STREAM);
    CHECK_INT(pier_send(a, "x", 1, 0), 1);
    pier_free(a);
    pier_free(l);
}

static void connections_come_in_the_order_of_their_arrival(void **state)
{
    struct pier_socket *l = open_server(4000, 5);

    (void)state;
    for (unsigned i = 0; i < 3; i++) {
        struct pier_address from = fake_inet(i, 5000);

        fake_incoming(pier_fileno(l), &from, 0);
    }
    for (unsigned i = 0; i < 3; i++) {
        struct pier_address from = fake_inet(i, 5000), peer;
        struct pier_socket *a;

        CHECK_OK(pier_accept(&a, l, &peer));
        CHECK(fake_same_address(&peer, &from));
        pier_free(a);
    }
    pier_free(l);
}

static void a_connection_that_died_in_the_queue_is_passed_over(void **state)
{
    struct pier_socket *l = open_server(4000, 5), *a;
    struct pier_address from = fake_inet(9, 5000);

    (void)state;
    CHECK_OK(pier_settimeout(l, 50 * MS));
    fake_accept_error(pier_fileno(l), PIER_ECONNABORTED, 0);
    fake_accept_error(pier_fileno(l), PIER_ECONNABORTED, 0);
    fake_incoming(pier_fileno(l), &from, 10 * MS);
    CHECK_OK(pier_accept(&a, l, NULL));
    CHECK_INT(fake_now(), 10 * MS);
    pier_free(a);
    fake_accept_error(pier_fileno(l), PIER_ECONNABORTED, 20 * MS);
    CHECK_ERR(pier_accept(&a, l, NULL), PIER_EDEADLINE);
    CHECK(a == NULL);
    CHECK_INT(fake_now(), 60 * MS);
    pier_free(l);
}

static void a_failure_of_the_system_is_told(void **state)
{
    struct pier_socket *l = open_server(4000, 5), *a = l;
    struct pier_address from = fake_inet(9, 5000);

    (void)state;
    fake_incoming(pier_fileno(l), &from, 0);
    fake_fail(FAKE_ACCEPT, 1, PIER_EMFILE);
    CHECK_ERR(pier_accept(&a, l, NULL), PIER_EMFILE);
    CHECK(a == NULL);
    CHECK_OK(pier_accept(&a, l, NULL));
    pier_free(a);
    pier_free(l);
}

static void for_want_of_memory_no_connection_is_lost(void **state)
{
    struct pier_socket *l = open_server(4000, 5), *a;
    struct pier_address from = fake_inet(9, 5000);

    (void)state;
    fake_incoming(pier_fileno(l), &from, 0);
    fake_fail_alloc(1);
    CHECK_ERR(pier_accept(&a, l, NULL), PIER_ENOMEM);
    CHECK(a == NULL);
    CHECK_OK(pier_accept(&a, l, NULL));
    pier_free(a);
    pier_free(l);
}

static void an_accepted_socket_has_the_default_timeout(void **state)
{
    struct pier_socket *l = open_server(4000, 5), *a;
    struct pier_address from = fake_inet(9, 5000);

    (void)state;
    CHECK_OK(pier_settimeout(l, SECOND));
    fake_incoming(pier_fileno(l), &from, 0);
    CHECK_OK(pier_accept(&a, l, NULL));
    CHECK(pier_gettimeout(a) < 0);
    CHECK(fake_is_nonblocking(pier_fileno(a)));
    pier_free(a);
    pier_free(l);
}

struct acceptor {
    struct pier_socket *listener;
    struct pier_socket *accepted;
    pier_err err;
    int64_t end;
};

static void accept_it(void *argument)
{
    struct acceptor *a = argument;

    a->err = pier_accept(&a->accepted, a->listener, NULL);
    a->end = fake_now();
}

static void a_connection_is_for_one_of_two_who_wait(void **state)
{
    struct pier_socket *l = open_server(4000, 5);
    struct pier_address from = fake_inet(9, 5000);
    struct acceptor both[2] = { { .listener = l }, { .listener = l } };

    (void)state;
    CHECK_OK(pier_settimeout(l, 50 * MS));
    fake_thread_start(accept_it, &both[0]);
    fake_thread_start(accept_it, &both[1]);
    fake_incoming(pier_fileno(l), &from, 10 * MS);
    fake_join();
    CHECK_OK(both[0].err);
    CHECK_INT(both[0].end, 10 * MS);
    CHECK_ERR(both[1].err, PIER_EDEADLINE);
    CHECK_INT(both[1].end, 50 * MS);
    CHECK(both[1].accepted == NULL);
    pier_free(both[0].accepted);
    pier_free(l);
}

static void a_socket_that_does_not_listen_accepts_nothing(void **state)
{
    struct pier_socket *s = open_tcp(), *a;

    (void)state;
    CHECK_ERR(pier_accept(&a, s, NULL), PIER_EINVAL);
    CHECK(a == NULL);
    CHECK_ERR(pier_accept(NULL, s, NULL), PIER_EINVAL);
    CHECK_ERR(pier_accept(&a, NULL, NULL), PIER_EINVAL);
    pier_free(s);
}

static void two_sockets_of_one_process_meet(void **state)
{
    struct pier_socket *l = open_server(4000, 5), *c = open_tcp(), *a;
    struct pier_address to = name_of(l), peer, mine;
    char buffer[8];

    (void)state;
    CHECK_OK(pier_connect(c, &to));
    CHECK_OK(pier_accept(&a, l, &peer));
    mine = name_of(c);
    CHECK(fake_same_address(&peer, &mine));
    CHECK_OK(pier_sendall(c, "hello", 5, 0, NULL));
    CHECK_OK(pier_recvall(a, buffer, 5, 0, NULL));
    CHECK_OK(pier_shutdown(c, PIER_SHUT_WR));
    CHECK_INT(pier_recv(a, buffer, 8, 0), 0);
    pier_free(a);
    pier_free(c);
    pier_free(l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_FAKE(an_accept_waits_for_a_connection),
        ON_FAKE(connections_come_in_the_order_of_their_arrival),
        ON_FAKE(a_connection_that_died_in_the_queue_is_passed_over),
        ON_FAKE(a_failure_of_the_system_is_told),
        ON_FAKE(for_want_of_memory_no_connection_is_lost),
        ON_FAKE(an_accepted_socket_has_the_default_timeout),
        ON_FAKE(a_connection_is_for_one_of_two_who_wait),
        ON_FAKE(a_socket_that_does_not_listen_accepts_nothing),
        ON_FAKE(two_sockets_of_one_process_meet),
    };

    return cmocka_run_group_tests_name("accept", tests, NULL, NULL);
}
