/* SPDX-License-Identifier: MIT */
/* What seldom happens: nothing to wait with, questions that meet, answers
 * that surprise, things taken away during a call. */
#include "unit.h"

#include <pier/connection.h>
#include <pier/error.h>
#include <pier/hooks.h>
#include <pier/poll.h>
#include <pier/resolver.h>
#include <string.h>

static char buffer[64];

/* --------------------------------------------- nothing to wait with --- */

static void without_a_wake_nothing_is_waited_for(void **state)
{
    struct pier_socket *s = open_connected();
    unsigned events;

    (void)state;
    for (int i = 0; i < 2; i++) {
        fake_fail(FAKE_THREAD_WAKE, 1, PIER_EMFILE);
        if (i == 0) {
            CHECK_ERR(pier_wait_for(s, PIER_POLLIN, SECOND, &events),
                      PIER_EMFILE);
        } else {
            CHECK_ERR(pier_recv(s, buffer, 1, 0), PIER_EMFILE);
        }
        CHECK_INT(fake_now(), 0);
    }
    fake_feed(pier_fileno(s), "x", 1, 20 * MS);
    CHECK_INT(pier_recv(s, buffer, 1, 0), 1);
    pier_free(s);
}

static ptrdiff_t received;

static void receive(void *socket)
{
    received = pier_recv(socket, buffer, 1, 0);
}

static void a_close_that_cannot_wait_has_closed(void **state)
{
    struct pier_socket *s = open_connected();

    (void)state;
    fake_thread_start(receive, s);
    fake_settle();
    fake_fail(FAKE_THREAD_WAKE, 1, PIER_EMFILE);
    CHECK_ERR(pier_close_wait(s, SECOND), PIER_EMFILE);
    CHECK_INT(pier_fileno(s), PIER_INVALID_HANDLE);
    fake_join();
    CHECK_ERR(received, PIER_EBADF);
    CHECK_INT(fake_handles(), 0);
    pier_free(s);
}

/* It has no result that could tell of it. */
static void a_detach_that_cannot_wait_looks_again(void **state)
{
    struct pier_socket *s = open_connected(), *again;
    pier_handle h;

    (void)state;
    fake_thread_start(receive, s);
    fake_settle();
    fake_fail(FAKE_THREAD_WAKE, 1, PIER_EMFILE);
    h = pier_detach(s);
    CHECK(h != PIER_INVALID_HANDLE);
    CHECK(fake_now() <= MS);
    fake_join();
    CHECK_ERR(received, PIER_EBADF);
    CHECK_OK(pier_adopt(&again, h, -1, -1, -1));
    pier_free(s);
    pier_free(again);
}

static void a_token_that_a_child_cannot_renew_is_renewed_later(void **state)
{
    struct pier_socket *s = open_connected();
    struct pier_cancel *token;

    (void)state;
    CHECK_OK(pier_cancel_new(&token));
    CHECK_OK(pier_set_cancel(s, token));
    CHECK_OK(pier_settimeout(s, 20 * MS));
    fake_fork();
    fake_fail(FAKE_WAKE_NEW, 1, PIER_EMFILE);
    CHECK_ERR(pier_recv(s, buffer, 1, 0), PIER_EMFILE);
    CHECK_ERR(pier_recv(s, buffer, 1, 0), PIER_EDEADLINE);
    pier_cancel_fire(token);
    CHECK_ERR(pier_recv(s, buffer, 1, 0), PIER_ECANCELED);
    pier_free(s);
    pier_cancel_free(token);
}

/* Wherever it fires, before the child has a wake of its own or after. */
static void a_token_that_fires_as_a_child_renews_it_is_not_lost(void **state)
{
    int ended = 0;

    (void)state;
    for (unsigned n = 1; n <= 12; n++) {
        struct pier_socket *s = open_connected();
        struct pier_cancel *token;
        int64_t before;

        CHECK_OK(pier_cancel_new(&token));
        CHECK_OK(pier_set_cancel(s, token));
        CHECK_OK(pier_settimeout(s, 20 * MS));
        fake_fork();
        fake_at_call(n, do_fire, token);
        before = fake_now();
        if (pier_recv(s, buffer, 1, 0) == PIER_ECANCELED) {
            CHECK_INT(fake_now(), before);
            ended++;
        } else {
            CHECK_INT(fake_now() - before, 20 * MS);
        }
        fake_at_call(0, do_nothing, NULL);
        fake_join();
        pier_free(s);
        pier_cancel_free(token);
    }
    CHECK(ended >= 6);
}

/* ---------------------------------------------------- nothing to move --- */

static void nothing_is_moved_over_a_stream_without_a_system_call(void **state)
{
    struct pier_address to = fake_inet(7, 80), from = to;
    struct pier_socket *s = open_connected();

    (void)state;
    fake_clear_calls();
    CHECK_INT(pier_recv(s, buffer, 0, 0), 0);
    CHECK_INT(pier_send(s, "", 0, 0), 0);
    CHECK_INT(pier_recvfrom(s, buffer, 0, 0, &from), 0);
    CHECK_INT(from.length, 0);
    CHECK_INT(pier_sendto(s, "", 0, 0, &to), 0);
    CHECK_INT(fake_system_calls(), 0);
    CHECK_OK(pier_close(s));
    CHECK_ERR(pier_sendto(s, "", 0, 0, &to), PIER_EBADF);
    pier_free(s);
}

/* --------------------------------------------------------- look-ups --- */

static void try_again_of_the_resolver_is_no_lookup_under_way(void **state)
{
    struct pier_addrinfo *list;

    (void)state;
    fake_name_set("again.test", NULL, 0, 10 * MS, PIER_EAGAIN);
    CHECK_ERR(pier_getaddrinfo(&list, "again.test", "80", NULL, NULL),
              PIER_EAI_AGAIN);
    CHECK_INT(fake_now(), 10 * MS);
}

static void names_without_an_address_are_no_names(void **state)
{
    struct pier_addrinfo *list;

    (void)state;
    fake_name_set("empty.test", NULL, 0, 0, PIER_OK);
    CHECK_ERR(pier_getaddrinfo(&list, "empty.test", "80", NULL, NULL),
              PIER_EAI_NONAME);
    CHECK(list == NULL);
}

static struct pier_address host;
static unsigned named;

static void name_host(void *unused)
{
    char name[64];

    (void)unused;
    if (pier_getnameinfo(&host, name, sizeof(name), NULL, 0, 0, NULL) ==
            PIER_OK &&
        strcmp(name, "host.test") == 0)
        named++;
}

static void the_same_question_for_a_name_is_asked_once(void **state)
{
    (void)state;
    host = fake_inet(7, 80);
    named = 0;
    fake_name_set("host.test", &host, 1, 40 * MS, PIER_OK);
    fake_clear_calls();
    for (int i = 0; i < 3; i++)
        fake_thread_start(name_host, NULL);
    fake_join();
    CHECK_INT(named, 3);
    CHECK_INT(fake_calls_of(FAKE_GETNAMEINFO), 1);
    CHECK_INT(fake_now(), 40 * MS);
}

static void a_name_of_another_address_is_another_question(void **state)
{
    struct pier_address other = fake_inet(8, 80);

    (void)state;
    host = fake_inet(7, 80);
    named = 0;
    fake_name_set("host.test", &host, 1, 40 * MS, PIER_OK);
    fake_name_set("other.test", &other, 1, 40 * MS, PIER_OK);
    fake_clear_calls();
    fake_thread_start(name_host, NULL);
    fake_settle();
    host = other;
    fake_thread_start(name_host, NULL);
    fake_join();
    CHECK_INT(named, 1);
    CHECK_INT(fake_calls_of(FAKE_GETNAMEINFO), 2);
}

static pier_err PIER_CALL find_nothing(void *context,
                                       struct pier_addrinfo **out,
                                       const char *name, const char *service,
                                       const struct pier_addrinfo_hints *hints,
                                       const struct pier_wait *wait)
{
    (void)context;
    (void)name;
    (void)service;
    (void)hints;
    (void)wait;
    *out = NULL;
    return PIER_OK;
}

static void a_resolver_that_finds_nothing_is_told_as_such(void **state)
{
    struct pier_connect_options options = PIER_CONNECT_OPTIONS_INIT;
    struct pier_socket *s;

    (void)state;
    options.resolve = find_nothing;
    CHECK_ERR(pier_create_connection(&s, "host.test", "80", &options),
              PIER_EAI_NONAME);
    CHECK(s == NULL);
    CHECK_INT(fake_handles(), 0);
}

/* ------------------------------------------------------------ the rest --- */

static unsigned told;

static void PIER_CALL tell(void *context, const struct pier_trace_event *event)
{
    (void)context;
    (void)event;
    told++;
}

static void end_trace(void *unused)
{
    (void)unused;
    (void)!pier_set_trace(NULL, NULL);
}

static void a_trace_taken_away_during_a_call_is_not_told(void **state)
{
    struct pier_socket *s = open_connected();

    (void)state;
    CHECK_OK(pier_set_trace(tell, NULL));
    told = 0;
    fake_at(10 * MS, end_trace, NULL);
    fake_feed(pier_fileno(s), "x", 1, 20 * MS);
    CHECK_INT(pier_recv(s, buffer, 1, 0), 1);
    CHECK_INT(told, 0);
    fake_join();
    pier_free(s);
}

static void where_the_system_has_no_pairs_they_are_made(void **state)
{
    struct pier_socket *pair[2];

    (void)state;
    fake_fail(FAKE_PAIR, 1, PIER_EAFNOSUPPORT);
    CHECK_OK(pier_socketpair(pair, PIER_AF_UNSPEC, PIER_SOCK_STREAM, 0));
    if (PIER_HAVE_AF_UNIX)
        CHECK_INT(fake_failures(), 1);
    CHECK_INT(pier_family(pair[0]), PIER_AF_INET);
    CHECK_INT(pier_send(pair[0], "x", 1, 0), 1);
    CHECK_INT(pier_recv(pair[1], buffer, 8, 0), 1);
    pier_free(pair[0]);
    pier_free(pair[1]);
}

static void without_ipv6_there_is_no_dual_stack(void **state)
{
    (void)state;
    fake_fail(FAKE_OPEN, 1, PIER_EAFNOSUPPORT);
    CHECK(!pier_has_dualstack_ipv6());
    CHECK(pier_has_dualstack_ipv6());
    CHECK_INT(fake_handles(), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_FAKE(without_a_wake_nothing_is_waited_for),
        ON_FAKE(a_close_that_cannot_wait_has_closed),
        ON_FAKE(a_detach_that_cannot_wait_looks_again),
        ON_FAKE(a_token_that_a_child_cannot_renew_is_renewed_later),
        ON_FAKE(a_token_that_fires_as_a_child_renews_it_is_not_lost),
        ON_FAKE(nothing_is_moved_over_a_stream_without_a_system_call),
        ON_FAKE(try_again_of_the_resolver_is_no_lookup_under_way),
        ON_FAKE(names_without_an_address_are_no_names),
        ON_FAKE(the_same_question_for_a_name_is_asked_once),
        ON_FAKE(a_name_of_another_address_is_another_question),
        ON_FAKE(a_resolver_that_finds_nothing_is_told_as_such),
        ON_FAKE(a_trace_taken_away_during_a_call_is_not_told),
        ON_FAKE(where_the_system_has_no_pairs_they_are_made),
        ON_FAKE(without_ipv6_there_is_no_dual_stack),
    };

    return cmocka_run_group_tests_name("rare", tests, NULL, NULL);
}
