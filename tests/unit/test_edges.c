/* SPDX-License-Identifier: MIT */
/* What does not concern a running call, and how calls end where the system
 * never lets them. */
#include "layer.h"
#include "unit.h"

#include <pier/error.h>
#include <pier/resolver.h>
#include <pier/time.h>
#include <string.h>

static char buffer[64];

/* ------------------------------------------- setters during a call --- */

static struct pier_cancel *first_token, *second_token;

static void set_other_token(void *socket)
{
    (void)!pier_set_cancel(socket, second_token);
    pier_cancel_fire(second_token);
}

static void set_no_token(void *socket)
{
    (void)!pier_set_cancel(socket, NULL);
}

static void set_long_timeout(void *socket)
{
    (void)!pier_settimeout(socket, SECOND);
}

static void set_no_timeout(void *socket)
{
    (void)!pier_settimeout(socket, PIER_NONBLOCKING);
}

static void set_deadline(void *socket)
{
    (void)!pier_set_deadline(socket, pier_monotonic() + MS);
}

static void a_setter_during_a_call_governs_later_ones(void **state)
{
    static void (*const setters[])(void *) = {
        set_other_token, set_no_token, set_long_timeout,
        set_no_timeout,  set_deadline,
    };

    (void)state;
    /* At the first call of the system, and in the first wait. */
    for (int i = 0; i < 10; i++) {
        struct pier_socket *s = open_connected();
        int64_t before = fake_now();

        CHECK_OK(pier_cancel_new(&first_token));
        CHECK_OK(pier_cancel_new(&second_token));
        CHECK_OK(pier_set_cancel(s, first_token));
        CHECK_OK(pier_settimeout(s, 50 * MS));
        fake_feed(pier_fileno(s), "x", 1, 20 * MS);
        if (i < 5) {
            fake_at_call(1, setters[i], s);
        } else {
            fake_at(10 * MS, setters[i - 5], s);
        }
        CHECK_ERR(pier_recvall(s, buffer, 2, 0, NULL), PIER_EDEADLINE);
        CHECK_INT(fake_now() - before, 50 * MS);
        fake_join();
        pier_free(s);
        pier_cancel_free(first_token);
        pier_cancel_free(second_token);
    }
}

static void a_token_taken_away_still_ends_the_call_it_had(void **state)
{
    struct pier_socket *s = open_connected();

    (void)state;
    CHECK_OK(pier_cancel_new(&first_token));
    CHECK_OK(pier_set_cancel(s, first_token));
    fake_feed(pier_fileno(s), "x", 1, 20 * MS);
    fake_at(10 * MS, set_no_token, s);
    fake_at(30 * MS, do_fire, first_token);
    CHECK_ERR(pier_recvall(s, buffer, 2, 0, NULL), PIER_ECANCELED);
    CHECK_INT(fake_now(), 30 * MS);
    fake_feed(pier_fileno(s), "x", 1, 0);
    CHECK_INT(pier_recv(s, buffer, 1, 0), 1);
    fake_join();
    pier_free(s);
    pier_cancel_free(first_token);
}

/* --------------------------------------------- rows without an end --- */

enum {
    DEAD = 3000
};

static struct pier_socket *open_dying_server(void)
{
    struct pier_socket *l = open_server(4000, DEAD);

    for (int i = 0; i < DEAD; i++)
        fake_accept_error(pier_fileno(l), PIER_ECONNABORTED, 0);
    fake_clear_calls();
    return l;
}

static void a_deadline_ends_an_accept_that_finds_only_the_dead(void **state)
{
    struct pier_socket *l = open_dying_server(), *a;

    (void)state;
    CHECK_OK(pier_settimeout(l, 50 * MS));
    fake_clock_ticks(MS);
    CHECK_ERR(pier_accept(&a, l, NULL), PIER_EDEADLINE);
    fake_clock_ticks(0);
    CHECK(fake_calls_of(FAKE_ACCEPT) < DEAD);
    pier_free(l);
}

static void a_close_ends_an_accept_that_finds_only_the_dead(void **state)
{
    struct pier_socket *l = open_dying_server(), *a;

    (void)state;
    fake_at_call(500, do_close, l);
    CHECK_ERR(pier_accept(&a, l, NULL), PIER_EBADF);
    CHECK(fake_calls_of(FAKE_ACCEPT) < 1000);
    fake_join();
    pier_free(l);
}

static void a_token_ends_an_accept_that_finds_only_the_dead(void **state)
{
    struct pier_socket *l = open_dying_server(), *a;
    struct pier_cancel *token;

    (void)state;
    CHECK_OK(pier_cancel_new(&token));
    CHECK_OK(pier_set_cancel(l, token));
    fake_at_call(500, do_fire, token);
    CHECK_ERR(pier_accept(&a, l, NULL), PIER_ECANCELED);
    CHECK(fake_calls_of(FAKE_ACCEPT) < 1000);
    fake_join();
    pier_free(l);
    pier_cancel_free(token);
}

static unsigned attempts;

/* The handle is ready, but not with what is asked for. */
static ptrdiff_t find_nothing(void *state, pier_handle h, void *bytes,
                              size_t length, int flags, unsigned *want)
{
    (void)state;
    (void)h;
    (void)bytes;
    (void)length;
    (void)flags;
    (void)want;
    attempts++;
    return PIER_EAGAIN;
}

static const struct pieri_layer empty_layer = { .recv = find_nothing };

static void urgent_data_is_looked_for_from_time_to_time(void **state)
{
    static const int flags[] = {
        PIER_MSG_OOB,
        PIER_HAVE_MSG_ERRQUEUE ? PIER_MSG_ERRQUEUE : PIER_MSG_OOB,
    };

    (void)state;
    for (int i = 0; i < 2; i++) {
        struct pier_socket *s = open_connected();
        int64_t before = fake_now();

        CHECK_OK(pieri_layer_set(s, &empty_layer, NULL));
        CHECK_OK(pier_settimeout(s, 500 * MS));
        fake_feed(pier_fileno(s), "x", 1, 0);
        attempts = 0;
        fake_clear_calls();
        CHECK_ERR(pier_recv(s, buffer, 8, flags[i]), PIER_EDEADLINE);
        CHECK_INT(fake_now() - before, 500 * MS);
        CHECK(attempts >= 90 && attempts <= 110);
        CHECK(fake_calls_of(FAKE_WAIT) <= 220);
        pier_free(s);
    }
}

/* A datagram of ten bytes, however little room there is. */
static ptrdiff_t tell_true_length(void *state, pier_handle h, void *bytes,
                                  size_t length, int flags, unsigned *want)
{
    (void)state;
    (void)h;
    (void)flags;
    (void)want;
    attempts++;
    memset(bytes, 'x', length < 10 ? length : 10);
    return 10;
}

static const struct pieri_layer long_layer = { .recv = tell_true_length };

static void recvall_of_a_longer_datagram_stays_in_its_buffer(void **state)
{
    struct pier_socket *s = open_udp();
    size_t received;

    (void)state;
    CHECK_OK(pieri_layer_set(s, &long_layer, NULL));
    attempts = 0;
    memset(buffer, 'a', sizeof(buffer));
    CHECK_OK(pier_recvall(s, buffer, 4, PIER_MSG_TRUNC, &received));
    CHECK_INT(received, 4);
    CHECK_INT(attempts, 1);
    CHECK(memcmp(buffer, "xxxxaaaa", 8) == 0);
    pier_free(s);
}

/* --------------------------------------------------------- refusal --- */

static void a_refused_receive_leaves_the_sender_untouched(void **state)
{
    struct pier_address before = fake_inet(9, 99), from = before;
    struct pier_socket *s = open_connected();

    (void)state;
    CHECK_OK(pier_close(s));
    CHECK_ERR(pier_recvfrom(s, buffer, 0, 0, &from), PIER_EBADF);
    CHECK(pier_address_equal(&from, &before));
    CHECK_ERR(pier_recvfrom(s, buffer, 8, PIER_MSG_WAITALL, &from),
              PIER_EBADF);
    CHECK(pier_address_equal(&from, &before));
    CHECK_ERR(pier_recvfrom(s, buffer, 8, 0, &from), PIER_EBADF);
    CHECK(pier_address_equal(&from, &before));
    pier_free(s);
}

/* -------------------------------------------------------- look-ups --- */

static void a_fired_token_ends_even_what_needs_no_resolver(void **state)
{
    struct pier_wait wait = PIER_WAIT_INIT;
    struct pier_address a = fake_inet(7, 80);
    struct pier_addrinfo *list;
    char host[64] = "untouched";

    (void)state;
    CHECK_OK(pier_cancel_new(&wait.cancel));
    pier_cancel_fire(wait.cancel);
    CHECK_ERR(pier_getaddrinfo(&list, "192.0.2.7", "80", NULL, &wait),
              PIER_ECANCELED);
    CHECK(list == NULL);
    CHECK_ERR(pier_getnameinfo(&a, host, sizeof(host), NULL, 0,
                               PIER_NI_NUMERICHOST, &wait),
              PIER_ECANCELED);
    assert_string_equal(host, "untouched");
    pier_cancel_free(wait.cancel);
}

static void a_fired_token_ends_the_wait_for_a_lookup(void **state)
{
    static const char *const hosts[] = { "192.0.2.7", "host.test" };
    struct pier_wait wait = PIER_WAIT_INIT;
    struct pier_address a = fake_inet(7, 0);

    (void)state;
    fake_name_set("host.test", &a, 1, 40 * MS, PIER_OK);
    CHECK_OK(pier_cancel_new(&wait.cancel));
    pier_cancel_fire(wait.cancel);
    for (int i = 0; i < 2; i++) {
        struct pier_lookup *l;

        CHECK_OK(pier_lookup_start(&l, hosts[i], "80", NULL));
        CHECK_ERR(pier_lookup_wait(l, &wait), PIER_ECANCELED);
        CHECK_INT(fake_now(), 0);
        pier_lookup_free(l);
    }
    pier_cancel_free(wait.cancel);
}

static pier_err asked;
static int64_t asked_for;
static bool has_asked;

static void ask(void *unused)
{
    int64_t before = fake_now();
    struct pier_addrinfo *list;

    (void)unused;
    asked = pier_getaddrinfo(&list, "second.test", "80", NULL, NULL);
    asked_for = fake_now() - before;
    has_asked = true;
    if (!asked)
        pier_freeaddrinfo(list);
}

static void a_job_that_comes_as_the_idle_worker_goes_is_done(void **state)
{
    struct pier_address a = fake_inet(7, 0);

    (void)state;
    for (unsigned n = 1; n <= 12; n++) {
        struct pier_addrinfo *list;

        fake_name_set("first.test", &a, 1, 40 * MS, PIER_OK);
        fake_name_set("second.test", &a, 1, 40 * MS, PIER_OK);
        CHECK_OK(pier_getaddrinfo(&list, "first.test", "80", NULL, NULL));
        pier_freeaddrinfo(list);
        fake_settle();
        has_asked = false;
        fake_at_call(n, ask, NULL);
        /* Ten seconds later the worker begins to go. */
        fake_advance(12 * SECOND);
        if (has_asked) {
            CHECK_OK(asked);
            CHECK_INT(asked_for, 40 * MS);
        }
        CHECK(has_asked || n > 3);
        fake_reset();
    }
}

/* --------------------------------------------------------- the mode --- */

static struct pier_socket *following(struct pier_socket *s)
{
    CHECK_OK(pier_set_descriptor_mode(s, PIER_DESCRIPTOR_FOLLOWS_TIMEOUT));
    CHECK(!fake_is_nonblocking(pier_fileno(s)));
    return s;
}

static void duplicates_stay_non_blocking(void **state)
{
    struct pier_socket *s = following(open_connected()), *copy, *ends[2];

    (void)state;
    CHECK_OK(pier_dup(&copy, s));
    ends[0] = s;
    ends[1] = copy;
    for (int i = 0; i < 2; i++) {
        CHECK(fake_is_nonblocking(pier_fileno(s)));
        CHECK(fake_is_nonblocking(pier_fileno(copy)));
        CHECK_OK(pier_settimeout(ends[i], SECOND));
        CHECK_OK(pier_settimeout(ends[i], PIER_FOREVER));
        CHECK(fake_is_nonblocking(pier_fileno(s)));
        CHECK(fake_is_nonblocking(pier_fileno(copy)));
        CHECK_OK(
            pier_set_descriptor_mode(ends[i], PIER_DESCRIPTOR_NONBLOCKING));
        CHECK_OK(pier_set_descriptor_mode(ends[i],
                                          PIER_DESCRIPTOR_FOLLOWS_TIMEOUT));
    }
    CHECK(fake_is_nonblocking(pier_fileno(s)));
    CHECK(fake_is_nonblocking(pier_fileno(copy)));
    pier_free(copy);
    CHECK(fake_is_nonblocking(pier_fileno(s)));
    pier_free(s);
}

static unsigned seen_nonblocking;

static void make_it_follow(void *socket)
{
    (void)!pier_set_descriptor_mode(socket, PIER_DESCRIPTOR_FOLLOWS_TIMEOUT);
    seen_nonblocking += fake_is_nonblocking(pier_fileno(socket));
}

/* The handle would block in an accept: the fake reports that as misuse. */
static void a_change_of_mode_does_not_make_an_accept_block(void **state)
{
    struct pier_address from = fake_inet(9, 5000);

    (void)state;
    seen_nonblocking = 0;
    for (unsigned n = 1; n <= 8; n++) {
        struct pier_socket *l = open_server(4000, 5), *a;

        fake_incoming(pier_fileno(l), &from, 20 * MS);
        fake_at_call(n, make_it_follow, l);
        CHECK_OK(pier_accept(&a, l, NULL));
        fake_join();
        CHECK(!fake_is_nonblocking(pier_fileno(l)));
        pier_free(a);
        pier_free(l);
    }
    CHECK(seen_nonblocking > 0);
}

/* -------------------------------------------------------- the pair --- */

static void
a_pair_that_the_system_has_no_room_for_is_not_emulated(void **state)
{
    struct pier_socket *pair[2];

    (void)state;
    if (!PIER_HAVE_AF_UNIX)
        skip_because("this system has no pairs");
    fake_fail(FAKE_PAIR, 1, PIER_EMFILE);
    CHECK_ERR(pier_socketpair(pair, PIER_AF_UNSPEC, PIER_SOCK_STREAM, 0),
              PIER_EMFILE);
    CHECK(pair[0] == NULL && pair[1] == NULL);
    CHECK_INT(fake_calls_of(FAKE_OPEN), 0);
    CHECK_INT(fake_handles(), 0);
}

/* The limit is the pair's own: nothing else would end the wait. */
static void a_pair_whose_connection_never_comes_fails(void **state)
{
    struct pier_socket *pair[2];

    (void)state;
    for (unsigned port = 49152; port < 49160; port++) {
        struct pier_address silent = fake_loopback(port);

        fake_remote_set(&silent, FAKE_IS_SILENT, 0);
    }
    CHECK_ERR(pier_socketpair(pair, PIER_AF_INET, PIER_SOCK_STREAM, 0),
              PIER_EDEADLINE);
    CHECK_INT(fake_now(), 10 * SECOND);
    CHECK(pair[0] == NULL && pair[1] == NULL);
    CHECK_INT(fake_handles(), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_FAKE(a_setter_during_a_call_governs_later_ones),
        ON_FAKE(a_token_taken_away_still_ends_the_call_it_had),
        ON_FAKE(a_deadline_ends_an_accept_that_finds_only_the_dead),
        ON_FAKE(a_close_ends_an_accept_that_finds_only_the_dead),
        ON_FAKE(a_token_ends_an_accept_that_finds_only_the_dead),
        ON_FAKE(urgent_data_is_looked_for_from_time_to_time),
        ON_FAKE(recvall_of_a_longer_datagram_stays_in_its_buffer),
        ON_FAKE(a_refused_receive_leaves_the_sender_untouched),
        ON_FAKE(a_fired_token_ends_even_what_needs_no_resolver),
        ON_FAKE(a_fired_token_ends_the_wait_for_a_lookup),
        ON_FAKE(a_job_that_comes_as_the_idle_worker_goes_is_done),
        ON_FAKE(duplicates_stay_non_blocking),
        ON_FAKE(a_change_of_mode_does_not_make_an_accept_block),
        ON_FAKE(a_pair_that_the_system_has_no_room_for_is_not_emulated),
        ON_FAKE(a_pair_whose_connection_never_comes_fails),
    };

    return cmocka_run_group_tests_name("edges", tests, NULL, NULL);
}
