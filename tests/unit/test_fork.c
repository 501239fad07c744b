/* SPDX-License-Identifier: MIT */
/* In the child of a fork: what was the parent's is not used. */
#include "unit.h"

#include <pier/error.h>
#include <pier/resolver.h>

static char buffer[64];

struct reader {
    struct pier_socket *socket;
    ptrdiff_t result;
};

static void read_it(void *argument)
{
    struct reader *r = argument;
    char byte;

    r->result = pier_recv(r->socket, &byte, 1, 0);
}

static void write_much(void *argument)
{
    struct reader *r = argument;

    r->result = pier_sendall(r->socket, buffer, sizeof(buffer), 0, NULL);
}

static void a_child_uses_and_closes_an_inherited_socket(void **state)
{
    struct pier_socket *s = open_connected();

    (void)state;
    CHECK_OK(pier_settimeout(s, 10 * MS));
    CHECK_ERR(pier_recv(s, buffer, 8, 0), PIER_EDEADLINE);
    fake_fork();
    fake_feed(pier_fileno(s), "x", 1, 5 * MS);
    CHECK_INT(pier_recv(s, buffer, 8, 0), 1);
    CHECK_ERR(pier_recv(s, buffer, 8, 0), PIER_EDEADLINE);
    CHECK_OK(pier_close(s));
    CHECK_INT(fake_handles(), 0);
    pier_free(s);
}

static void calls_of_the_parent_do_not_keep_a_handle_open(void **state)
{
    struct pier_socket *s = open_connected();
    struct reader r[2] = { { s, 0 }, { s, 0 } };

    (void)state;
    fake_thread_start(read_it, &r[0]);
    fake_thread_start(read_it, &r[1]);
    fake_settle();
    fake_fork();
    CHECK_OK(pier_close(s));
    CHECK_INT(fake_handles(), 0);
    CHECK_INT(fake_calls_of(FAKE_WAKE_SIGNAL), 0);
    pier_free(s);
    CHECK_INT(fake_allocations(), 0);
}

static void a_child_has_threads_of_its_own(void **state)
{
    struct pier_socket *s = open_connected();
    struct reader r = { s, 0 };
    struct pier_address name;

    (void)state;
    fake_fork();
    fake_thread_start(read_it, &r);
    fake_settle();
    CHECK_OK(pier_getsockname(s, &name));
    CHECK_OK(pier_close(s));
    CHECK_INT(fake_handles(), 1);
    fake_join();
    CHECK_ERR(r.result, PIER_EBADF);
    CHECK_INT(fake_handles(), 0);
    pier_free(s);
}

static void wait_for_lookup(void *lookup)
{
    (void)!pier_lookup_wait(lookup, NULL);
}

/* Those who wait for it are threads of the parent. */
static void a_child_gives_up_a_lookup_alone(void **state)
{
    struct pier_address a = fake_inet(7, 0);
    struct pier_lookup *l;
    struct pier_cancel *own;

    (void)state;
    fake_name_set("host.test", &a, 1, SECOND, PIER_OK);
    CHECK_OK(pier_lookup_start(&l, "host.test", NULL, NULL));
    fake_thread_start(wait_for_lookup, l);
    fake_settle();
    fake_fork();
    CHECK_OK(pier_cancel_new(&own));
    fake_clear_calls();
    pier_lookup_cancel(l);
    CHECK_INT(fake_calls_of(FAKE_WAKE_SIGNAL), 0);
    CHECK_ERR(pier_lookup_wait(l, NULL), PIER_ECANCELED);
    pier_lookup_free(l);
    pier_cancel_free(own);
}

static void turns_of_the_parent_are_free(void **state)
{
    struct pier_socket *s = open_blocked();
    struct reader w = { s, 0 };

    (void)state;
    fake_thread_start(write_much, &w);
    fake_settle();
    fake_fork();
    CHECK_OK(pier_settimeout(s, 20 * MS));
    fake_send_room(pier_fileno(s), 1000);
    CHECK_INT(pier_send(s, buffer, 8, 0), 8);
    CHECK_INT(fake_now(), 0);
    pier_free(s);
}

static void what_the_parent_closed_is_closed_in_the_child(void **state)
{
    struct pier_socket *s = open_connected();
    struct reader r = { s, 0 };

    (void)state;
    fake_thread_start(read_it, &r);
    fake_settle();
    CHECK_OK(pier_close(s));
    CHECK_INT(fake_handles(), 1);
    fake_fork();
    CHECK_ERR(pier_recv(s, buffer, 8, 0), PIER_EBADF);
    CHECK_INT(fake_handles(), 0);
    pier_free(s);
    CHECK_INT(fake_allocations(), 0);
}

static void close_wait_may_be_the_first_call_of_a_child(void **state)
{
    struct pier_socket *s = open_connected();
    struct reader r = { s, 0 };

    (void)state;
    fake_thread_start(read_it, &r);
    fake_settle();
    fake_fork();
    CHECK_OK(pier_close_wait(s, PIER_FOREVER));
    CHECK_INT(fake_now(), 0);
    CHECK_INT(fake_handles(), 0);
    pier_free(s);
    CHECK_INT(fake_allocations(), 0);
}

static void detaching_may_be_the_first_call_of_a_child(void **state)
{
    struct pier_socket *s = open_connected();
    struct reader r = { s, 0 };
    pier_handle h = pier_fileno(s);

    (void)state;
    fake_thread_start(read_it, &r);
    fake_settle();
    fake_fork();
    CHECK_INT(pier_detach(s), h);
    pier_free(s);
    CHECK_INT(fake_allocations(), 0);
    CHECK_OK(pierp_close(h));
}

static void a_token_of_the_parent_works_in_the_child(void **state)
{
    struct pier_socket *s = open_connected();
    struct pier_cancel *token;

    (void)state;
    CHECK_OK(pier_cancel_new(&token));
    CHECK_OK(pier_set_cancel(s, token));
    fake_fork();
    fake_at(10 * MS, do_fire, token);
    CHECK_ERR(pier_recv(s, buffer, 8, 0), PIER_ECANCELED);
    CHECK_INT(fake_now(), 10 * MS);
    fake_join();
    pier_free(s);
    pier_cancel_free(token);
}

static void a_token_fired_before_the_fork_stays_fired(void **state)
{
    struct pier_socket *s = open_connected();
    struct pier_cancel *token;

    (void)state;
    CHECK_OK(pier_cancel_new(&token));
    CHECK_OK(pier_set_cancel(s, token));
    pier_cancel_fire(token);
    fake_fork();
    CHECK(pier_cancel_fired(token));
    CHECK_ERR(pier_recv(s, buffer, 8, 0), PIER_ECANCELED);
    pier_cancel_reset(token);
    CHECK_OK(pier_settimeout(s, 10 * MS));
    CHECK_ERR(pier_recv(s, buffer, 8, 0), PIER_EDEADLINE);
    pier_free(s);
    pier_cancel_free(token);
}

static void a_token_that_cannot_be_renewed_fails_the_call(void **state)
{
    struct pier_socket *s = open_connected();
    struct pier_cancel *token;

    (void)state;
    CHECK_OK(pier_cancel_new(&token));
    CHECK_OK(pier_set_cancel(s, token));
    fake_fork();
    fake_fail(FAKE_WAKE_NEW, 1, PIER_EMFILE);
    CHECK_ERR(pier_recv(s, buffer, 8, 0), PIER_EMFILE);
    CHECK_OK(pier_settimeout(s, 10 * MS));
    CHECK_ERR(pier_recv(s, buffer, 8, 0), PIER_EDEADLINE);
    pier_free(s);
    pier_cancel_free(token);
}

static void look_up(struct pier_addrinfo **list)
{
    struct pier_address a = fake_inet(7, 0);

    fake_name_set("host.test", &a, 1, 10 * MS, PIER_OK);
    CHECK_OK(pier_getaddrinfo(list, "host.test", "80", NULL, NULL));
}

static void a_child_looks_names_up_on_threads_of_its_own(void **state)
{
    struct pier_addrinfo *list;

    (void)state;
    look_up(&list);
    pier_freeaddrinfo(list);
    CHECK_INT(fake_threads(), 1);
    fake_fork();
    CHECK_INT(fake_threads(), 0);
    look_up(&list);
    pier_freeaddrinfo(list);
    CHECK_INT(fake_threads(), 1);
}

static void a_lookup_of_the_parent_never_ends_in_the_child(void **state)
{
    struct pier_address a = fake_inet(7, 0);
    struct pier_addrinfo *list;
    struct pier_lookup *l;

    (void)state;
    fake_name_set("host.test", &a, 1, 10 * MS, PIER_OK);
    CHECK_OK(pier_lookup_start(&l, "host.test", "80", NULL));
    fake_settle();
    fake_fork();
    CHECK_ERR(pier_lookup_wait(l, NULL), PIER_ECANCELED);
    CHECK(pier_lookup_result(&list, l) != PIER_OK);
    CHECK(list == NULL);
    pier_lookup_free(l);
}

static void forking_twice_is_no_different(void **state)
{
    struct pier_socket *s = open_connected();

    (void)state;
    CHECK_OK(pier_settimeout(s, 10 * MS));
    for (int i = 0; i < 3; i++) {
        CHECK_ERR(pier_recv(s, buffer, 8, 0), PIER_EDEADLINE);
        fake_fork();
    }
    pier_free(s);
    CHECK_INT(fake_handles(), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_FAKE(a_child_uses_and_closes_an_inherited_socket),
        ON_FAKE(calls_of_the_parent_do_not_keep_a_handle_open),
        ON_FAKE(a_child_has_threads_of_its_own),
        ON_FAKE(turns_of_the_parent_are_free),
        ON_FAKE(what_the_parent_closed_is_closed_in_the_child),
        ON_FAKE(close_wait_may_be_the_first_call_of_a_child),
        ON_FAKE(detaching_may_be_the_first_call_of_a_child),
        ON_FAKE(a_token_of_the_parent_works_in_the_child),
        ON_FAKE(a_token_fired_before_the_fork_stays_fired),
        ON_FAKE(a_token_that_cannot_be_renewed_fails_the_call),
        ON_FAKE(a_child_looks_names_up_on_threads_of_its_own),
        ON_FAKE(a_lookup_of_the_parent_never_ends_in_the_child),
        ON_FAKE(forking_twice_is_no_different),
        ON_FAKE(a_child_gives_up_a_lookup_alone),
    };

    return cmocka_run_group_tests_name("fork", tests, NULL, NULL);
}
