/* SPDX-License-Identifier: MIT */
/* O_NONBLOCK: always, or as the timeout says. */
#include "unit.h"

#include <pier/error.h>

static char buffer[64];

static bool is_nonblocking(const struct pier_socket *s)
{
    return fake_is_nonblocking(pier_fileno(s));
}

/* A socket that follows its timeout, which is for ever. */
static struct pier_socket *following(struct pier_socket *s)
{
    CHECK_OK(pier_set_descriptor_mode(s, PIER_DESCRIPTOR_FOLLOWS_TIMEOUT));
    CHECK(!is_nonblocking(s));
    return s;
}

static void a_handle_is_non_blocking_whatever_the_timeout(void **state)
{
    struct pier_socket *s = open_tcp();

    (void)state;
    CHECK(is_nonblocking(s));
    CHECK_OK(pier_settimeout(s, PIER_NONBLOCKING));
    CHECK(is_nonblocking(s));
    CHECK_OK(pier_settimeout(s, PIER_FOREVER));
    CHECK(is_nonblocking(s));
    CHECK_INT(fake_calls_of(FAKE_SET_NONBLOCKING), 0);
    pier_free(s);
}

static void a_following_handle_is_what_its_timeout_says(void **state)
{
    struct pier_socket *s = following(open_tcp());

    (void)state;
    CHECK_OK(pier_settimeout(s, SECOND));
    CHECK(is_nonblocking(s));
    CHECK_OK(pier_settimeout(s, PIER_FOREVER));
    CHECK(!is_nonblocking(s));
    CHECK_OK(pier_setblocking(s, false));
    CHECK(is_nonblocking(s));
    CHECK_OK(pier_settimeout(s, PIER_FOREVER));
    CHECK_OK(pier_set_send_timeout(s, SECOND));
    CHECK(!is_nonblocking(s));
    CHECK_OK(pier_set_descriptor_mode(s, PIER_DESCRIPTOR_NONBLOCKING));
    CHECK(is_nonblocking(s));
    pier_free(s);
}

static void no_call_is_made_where_the_mode_stays(void **state)
{
    struct pier_socket *s = following(open_tcp());

    (void)state;
    CHECK_OK(pier_settimeout(s, SECOND));
    fake_clear_calls();
    CHECK_OK(pier_settimeout(s, 2 * SECOND));
    CHECK_OK(pier_settimeout(s, 0));
    CHECK_INT(fake_calls_of(FAKE_SET_NONBLOCKING), 0);
    pier_free(s);
}

static void a_failure_leaves_timeout_and_mode_as_they_were(void **state)
{
    struct pier_socket *s = following(open_tcp());

    (void)state;
    fake_fail(FAKE_SET_NONBLOCKING, 1, PIER_EIO);
    CHECK_ERR(pier_settimeout(s, SECOND), PIER_EIO);
    CHECK(pier_gettimeout(s) < 0);
    CHECK(pier_get_send_timeout(s) < 0);
    CHECK(!is_nonblocking(s));
    fake_fail(FAKE_SET_NONBLOCKING, 1, PIER_EIO);
    CHECK_ERR(pier_set_descriptor_mode(s, PIER_DESCRIPTOR_NONBLOCKING),
              PIER_EIO);
    CHECK_OK(pier_settimeout(s, SECOND));
    CHECK(is_nonblocking(s));
    CHECK_OK(pier_settimeout(s, PIER_FOREVER));
    CHECK(!is_nonblocking(s));
    pier_free(s);
}

static void a_blocking_handle_is_received_from_with_a_timeout(void **state)
{
    struct pier_socket *s = following(open_connected());

    (void)state;
    fake_feed(pier_fileno(s), "x", 1, 10 * MS);
    fake_clear_calls();
    CHECK_INT(pier_recv(s, buffer, 8, 0), 1);
    CHECK_INT(pier_send(s, buffer, 8, 0), 8);
    CHECK_INT(fake_calls_of(FAKE_SET_NONBLOCKING), 0);
    CHECK(!is_nonblocking(s));
    pier_free(s);
}

static void an_accept_is_non_blocking_for_its_moment(void **state)
{
    struct pier_socket *l = following(open_server(4000, 5)), *a;
    struct pier_address from = fake_inet(1, 1);

    (void)state;
    fake_incoming(pier_fileno(l), &from, 10 * MS);
    CHECK_OK(pier_accept(&a, l, NULL));
    CHECK(!is_nonblocking(l));
    fake_at(10 * MS, do_close, l);
    pier_free(a);
    CHECK_ERR(pier_accept(&a, l, NULL), PIER_EBADF);
    fake_join();
    pier_free(l);
}

static void a_connect_is_non_blocking_for_its_moment(void **state)
{
    struct pier_socket *s = following(open_tcp());
    struct pier_address to = fake_inet(1, 80);

    (void)state;
    fake_remote_set(&to, FAKE_ACCEPTS, 10 * MS);
    CHECK_OK(pier_connect(s, &to));
    CHECK(!is_nonblocking(s));
    CHECK_INT(fake_calls_of(FAKE_CONNECT), 1);
    pier_free(s);
}

static void a_mode_that_cannot_be_set_fails_the_call(void **state)
{
    struct pier_socket *s = following(open_tcp());
    struct pier_address to = fake_inet(1, 80);

    (void)state;
    fake_remote_set(&to, FAKE_ACCEPTS, 0);
    fake_fail(FAKE_SET_NONBLOCKING, 1, PIER_EIO);
    CHECK_ERR(pier_connect(s, &to), PIER_EIO);
    CHECK_INT(fake_calls_of(FAKE_CONNECT), 0);
    CHECK(!is_nonblocking(s));
    CHECK_OK(pier_connect(s, &to));
    CHECK(!is_nonblocking(s));
    pier_free(s);
}

static void new_sockets_have_the_default_mode(void **state)
{
    struct pier_socket *s, *pair[2];

    (void)state;
    CHECK_OK(
        pier_set_default_descriptor_mode(PIER_DESCRIPTOR_FOLLOWS_TIMEOUT));
    s = open_tcp();
    CHECK_OK(pier_socketpair(pair, PIER_AF_UNIX, PIER_SOCK_STREAM, 0));
    CHECK_OK(pier_set_default_descriptor_mode(PIER_DESCRIPTOR_NONBLOCKING));
    CHECK(!is_nonblocking(s));
    CHECK(!is_nonblocking(pair[0]) && !is_nonblocking(pair[1]));
    CHECK_ERR(pier_set_default_descriptor_mode((enum pier_descriptor_mode)7),
              PIER_EINVAL);
    CHECK_ERR(pier_set_descriptor_mode(s, (enum pier_descriptor_mode)7),
              PIER_EINVAL);
    pier_free(s);
    pier_free(pair[0]);
    pier_free(pair[1]);
}

static void an_accepted_socket_follows_if_that_is_the_default(void **state)
{
    struct pier_socket *l = open_server(4000, 5), *a;
    struct pier_address from = fake_inet(1, 1);

    (void)state;
    fake_incoming(pier_fileno(l), &from, 0);
    CHECK_OK(
        pier_set_default_descriptor_mode(PIER_DESCRIPTOR_FOLLOWS_TIMEOUT));
    CHECK_OK(pier_accept(&a, l, NULL));
    CHECK_OK(pier_set_default_descriptor_mode(PIER_DESCRIPTOR_NONBLOCKING));
    CHECK(!is_nonblocking(a));
    pier_free(a);
    pier_free(l);
}

struct acceptor {
    struct pier_socket *listener;
    struct pier_socket *accepted;
    pier_err err;
};

static void accept_it(void *argument)
{
    struct acceptor *a = argument;

    a->err = pier_accept(&a->accepted, a->listener, NULL);
}

/* While the timeout changes, and in every order, the mode in the end is what
 * the timeout says. */
static void the_mode_is_right_in_the_end_whatever_the_order(void **state)
{
    (void)state;
    for (unsigned seed = 1; seed <= 100; seed++) {
        struct pier_socket *l = following(open_server(4000, 5));
        struct pier_address from = fake_inet(1, 1);
        struct acceptor a[2] = { { .listener = l }, { .listener = l } };

        fake_preempt(seed);
        for (int i = 0; i < 2; i++) {
            fake_incoming(pier_fileno(l), &from, i * MS);
            fake_thread_start(accept_it, &a[i]);
        }
        CHECK_OK(pier_settimeout(l, SECOND));
        CHECK_OK(pier_settimeout(l, PIER_FOREVER));
        fake_join();
        CHECK(!is_nonblocking(l));
        for (int i = 0; i < 2; i++) {
            CHECK_OK(a[i].err);
            pier_free(a[i].accepted);
        }
        pier_free(l);
        fake_reset();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_FAKE(a_handle_is_non_blocking_whatever_the_timeout),
        ON_FAKE(a_following_handle_is_what_its_timeout_says),
        ON_FAKE(no_call_is_made_where_the_mode_stays),
        ON_FAKE(a_failure_leaves_timeout_and_mode_as_they_were),
        ON_FAKE(a_blocking_handle_is_received_from_with_a_timeout),
        ON_FAKE(an_accept_is_non_blocking_for_its_moment),
        ON_FAKE(a_connect_is_non_blocking_for_its_moment),
        ON_FAKE(a_mode_that_cannot_be_set_fails_the_call),
        ON_FAKE(new_sockets_have_the_default_mode),
        ON_FAKE(an_accepted_socket_follows_if_that_is_the_default),
        ON_FAKE(the_mode_is_right_in_the_end_whatever_the_order),
    };

    return cmocka_run_group_tests_name("modes", tests, NULL, NULL);
}
