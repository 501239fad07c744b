/* SPDX-License-Identifier: MIT */
/* Waiting for many sources at once. */
#include "layer.h"
#include "unit.h"

#include <pier/error.h>
#include <pier/poll.h>

#define MANY      100
#define UNTOUCHED 0x5555u

static struct pier_pollitem of_socket(struct pier_socket *s, unsigned events)
{
    return (struct pier_pollitem){ .socket = s,
                                   .handle = PIER_INVALID_HANDLE,
                                   .events = events,
                                   .revents = UNTOUCHED };
}

static struct pier_pollitem of_lookup(struct pier_lookup *l, unsigned events)
{
    return (struct pier_pollitem){ .lookup = l,
                                   .handle = PIER_INVALID_HANDLE,
                                   .events = events,
                                   .revents = UNTOUCHED };
}

static struct pier_pollitem of_handle(pier_handle h, unsigned events)
{
    return (struct pier_pollitem){ .handle = h,
                                   .events = events,
                                   .revents = UNTOUCHED };
}

static struct pier_lookup *look_up(const char *host)
{
    struct pier_lookup *l;

    CHECK_OK(pier_lookup_start(&l, host, NULL, NULL));
    return l;
}

static void set_host(int64_t delay, pier_err err)
{
    struct pier_address a = fake_inet(7, 0);

    fake_name_set("host.test", &a, 1, delay, err);
}

/* ------------------------------------------------------------- time --- */

static void without_a_source_it_sleeps(void **state)
{
    (void)state;
    CHECK_INT(pier_poll(NULL, 0, 50 * MS, NULL), 0);
    CHECK_INT(fake_now(), 50 * MS);
    CHECK_INT(pier_poll(NULL, 0, 0, NULL), 0);
    CHECK_INT(fake_now(), 50 * MS);
}

static void it_ends_exactly_at_its_limit(void **state)
{
    struct pier_socket *s = open_connected();
    struct pier_pollitem items[] = {
        of_socket(s, PIER_POLLIN), of_handle(PIER_INVALID_HANDLE, PIER_POLLIN)
    };

    (void)state;
    fake_interrupt_every(300 * MS);
    fake_wait_early(3, 0);
    fake_wait_longest(70 * MS);
    CHECK_INT(pier_poll(items, 2, SECOND, NULL), 0);
    CHECK_INT(fake_now(), SECOND);
    CHECK_INT(items[0].revents, 0);
    CHECK_INT(items[1].revents, 0);
    items[0].revents = UNTOUCHED;
    CHECK_INT(pier_poll(items, 2, 0, NULL), 0);
    CHECK_INT(fake_now(), SECOND);
    CHECK_INT(items[0].revents, 0);
    pier_free(s);
}

static void send_no_more(void *socket)
{
    CHECK_OK(pier_shutdown(socket, PIER_SHUT_WR));
}

/* A shutdown wakes who waits, to look again; there may be nothing to see. */
static void who_wakes_it_for_nothing_makes_it_no_longer(void **state)
{
    struct pier_socket *s = open_connected();
    struct pier_pollitem item = of_socket(s, PIER_POLLIN);

    (void)state;
    fake_at(6 * MS, send_no_more, s);
    CHECK_INT(pier_poll(&item, 1, 10 * MS, NULL), 0);
    CHECK_INT(fake_now(), 10 * MS);
    pier_free(s);
}

static void the_limits_of_its_sockets_do_not_count(void **state)
{
    struct pier_socket *s = open_connected();
    struct pier_pollitem item = of_socket(s, PIER_POLLIN);
    struct pier_cancel *token;

    (void)state;
    CHECK_OK(pier_cancel_new(&token));
    CHECK_OK(pier_settimeout(s, MS));
    CHECK_OK(pier_set_deadline(s, pier_monotonic() + 2 * MS));
    CHECK_OK(pier_set_cancel(s, token));
    pier_cancel_fire(token);
    CHECK_INT(pier_poll(&item, 1, 30 * MS, NULL), 0);
    CHECK_INT(fake_now(), 30 * MS);
    pier_free(s);
    pier_cancel_free(token);
}

static void a_limit_beyond_the_clock_never_comes(void **state)
{
    const pier_timeout limits[] = { INT64_MAX, INT64_MAX - 1, PIER_FOREVER,
                                    INT64_MIN };
    struct pier_socket *s = open_connected();
    struct pier_pollitem item = of_socket(s, PIER_POLLIN);
    char byte;

    (void)state;
    fake_advance(10 * SECOND);
    for (int i = 0; i < 4; i++) {
        int64_t before = fake_now();

        fake_feed(pier_fileno(s), "x", 1, 3600 * SECOND);
        CHECK_INT(pier_poll(&item, 1, limits[i], NULL), 1);
        CHECK_INT(fake_now() - before, 3600 * SECOND);
        CHECK_INT(pier_recv(s, &byte, 1, 0), 1);
    }
    pier_free(s);
}

/* ---------------------------------------------------------- sources --- */

static void what_is_ready_is_told_by_one_call_of_the_system(void **state)
{
    struct pier_socket *a = open_connected(), *b = open_connected();
    struct pier_pollitem items[] = {
        of_socket(a, PIER_POLLIN),
        of_handle(PIER_INVALID_HANDLE, PIER_POLLIN),
        of_socket(b, PIER_POLLIN | PIER_POLLOUT),
    };

    (void)state;
    fake_feed(pier_fileno(b), "x", 1, 0);
    fake_clear_calls();
    CHECK_INT(pier_poll(items, 3, SECOND, NULL), 1);
    assert_string_equal(fake_log(), "poll");
    CHECK_INT(fake_calls_of(FAKE_CLOCK) + fake_calls_of(FAKE_LOCK) +
                  fake_calls_of(FAKE_ALLOC),
              0);
    CHECK_INT(items[0].revents, 0);
    CHECK_INT(items[1].revents, 0);
    CHECK_INT(items[2].revents, PIER_POLLIN | PIER_POLLOUT);
    pier_free(a);
    pier_free(b);
}

static void the_first_that_comes_ends_the_wait(void **state)
{
    struct pier_socket *l = open_server(4000, 5), *s = open_connected();
    struct pier_address from = fake_inet(1, 1);
    struct pier_pollitem items[] = { of_socket(l, PIER_POLLIN),
                                     of_socket(s, PIER_POLLIN) };

    (void)state;
    fake_incoming(pier_fileno(l), &from, 20 * MS);
    fake_feed(pier_fileno(s), "x", 1, 30 * MS);
    CHECK_INT(pier_poll(items, 2, PIER_FOREVER, NULL), 1);
    CHECK_INT(fake_now(), 20 * MS);
    CHECK_INT(items[0].revents, PIER_POLLIN);
    CHECK_INT(items[1].revents, 0);
    fake_advance(10 * MS);
    CHECK_INT(pier_poll(items, 2, PIER_FOREVER, NULL), 2);
    CHECK_INT(items[1].revents, PIER_POLLIN);
    pier_free(l);
    pier_free(s);
}

static void a_socket_may_be_asked_twice(void **state)
{
    struct pier_socket *s = open_blocked();
    struct pier_pollitem items[] = { of_socket(s, PIER_POLLIN),
                                     of_socket(s, PIER_POLLOUT),
                                     of_socket(s, PIER_POLLIN) };

    (void)state;
    fake_feed(pier_fileno(s), "x", 1, 5 * MS);
    CHECK_INT(pier_poll(items, 3, SECOND, NULL), 2);
    CHECK_INT(items[0].revents, PIER_POLLIN);
    CHECK_INT(items[1].revents, 0);
    CHECK_INT(items[2].revents, PIER_POLLIN);
    pier_free(s);
    CHECK_INT(fake_handles(), 0);
}

static void a_handle_that_is_nobodys_object_is_polled(void **state)
{
    pier_handle h = fake_connected();
    struct pier_socket *s;
    struct pier_pollitem items[] = { of_handle(h, PIER_POLLIN),
                                     of_handle(h + 1000, PIER_POLLIN) };

    (void)state;
    fake_feed(h, "x", 1, 10 * MS);
    CHECK_INT(pier_poll(items, 1, SECOND, NULL), 1);
    CHECK_INT(fake_now(), 10 * MS);
    CHECK_INT(items[0].revents, PIER_POLLIN);
    CHECK_INT(pier_poll(items, 2, SECOND, NULL), 2);
    CHECK_INT(items[0].revents, PIER_POLLIN);
    CHECK_INT(items[1].revents, PIER_POLLNVAL);
    CHECK_OK(pier_adopt(&s, h, -1, -1, -1));
    pier_free(s);
}

static void a_handle_of_zero_beside_a_socket_names_nothing(void **state)
{
    struct pier_socket *s = open_connected();
    struct pier_pollitem item = { .socket = s, .events = PIER_POLLOUT };

    (void)state;
    CHECK_INT(pier_poll(&item, 1, 0, NULL), 1);
    CHECK_INT(item.revents, PIER_POLLOUT);
    pier_free(s);
}

static void many_sources_are_polled(void **state)
{
    struct pier_socket *sockets[MANY];
    struct pier_pollitem items[MANY];

    (void)state;
    for (int i = 0; i < MANY; i++) {
        sockets[i] = open_connected();
        items[i] = of_socket(sockets[i], PIER_POLLIN);
    }
    fake_feed(pier_fileno(sockets[77]), "x", 1, 5 * MS);
    CHECK_INT(pier_poll(items, MANY, SECOND, NULL), 1);
    CHECK_INT(fake_now(), 5 * MS);
    for (int i = 0; i < MANY; i++) {
        CHECK_INT(items[i].revents, i == 77 ? PIER_POLLIN : 0);
        pier_free(sockets[i]);
    }
}

static size_t some_pending(void *state)
{
    return *(size_t *)state;
}

static const struct pieri_layer layer = { .pending = some_pending };

static void what_a_layer_holds_is_readable(void **state)
{
    struct pier_socket *s = open_connected();
    struct pier_pollitem item = of_socket(s, PIER_POLLIN);
    size_t pending = 5;

    (void)state;
    CHECK_OK(pieri_layer_set(s, &layer, &pending));
    CHECK_INT(pier_poll(&item, 1, PIER_FOREVER, NULL), 1);
    CHECK_INT(item.revents, PIER_POLLIN);
    pending = 0;
    CHECK_INT(pier_poll(&item, 1, 5 * MS, NULL), 0);
    pier_free(s);
}

static void what_the_peer_ends_is_told(void **state)
{
    struct pier_socket *s = open_connected();
    struct pier_pollitem item = of_socket(s, PIER_POLLRDHUP);

    (void)state;
    fake_feed_eof(pier_fileno(s), 10 * MS);
    CHECK_INT(pier_poll(&item, 1, PIER_FOREVER, NULL), 1);
    CHECK_INT(item.revents, PIER_POLLRDHUP);
    item.events = 0;
    CHECK_INT(pier_poll(&item, 1, 5 * MS, NULL), 0);
    CHECK_OK(pier_shutdown(s, PIER_SHUT_WR));
    CHECK_INT(pier_poll(&item, 1, 5 * MS, NULL), 1);
    CHECK_INT(item.revents, PIER_POLLHUP);
    pier_free(s);
}

static void an_error_is_told_unasked(void **state)
{
    struct pier_socket *s = open_connected();
    struct pier_pollitem item = of_socket(s, 0);

    (void)state;
    fake_feed_reset(pier_fileno(s), 10 * MS);
    CHECK_INT(pier_poll(&item, 1, PIER_FOREVER, NULL), 1);
    CHECK_INT(fake_now(), 10 * MS);
    CHECK(item.revents & PIER_POLLERR);
    pier_free(s);
}

/* ------------------------------------------------- close and cancel --- */

static void a_closed_socket_is_told_and_spoils_nothing(void **state)
{
    struct pier_socket *a = open_connected(), *b = open_connected();
    struct pier_pollitem items[] = { of_socket(a, PIER_POLLIN),
                                     of_socket(b, PIER_POLLIN) };

    (void)state;
    CHECK_OK(pier_close(a));
    fake_feed(pier_fileno(b), "x", 1, 0);
    CHECK_INT(pier_poll(items, 2, SECOND, NULL), 2);
    CHECK_INT(items[0].revents, PIER_POLLNVAL);
    CHECK_INT(items[1].revents, PIER_POLLIN);
    CHECK_INT(pier_poll(items, 1, 0, NULL), 1);
    CHECK_INT(items[0].revents, PIER_POLLNVAL);
    pier_free(a);
    pier_free(b);
}

static void closing_one_of_them_ends_the_wait(void **state)
{
    struct pier_socket *a = open_connected(), *b = open_connected();
    struct pier_pollitem items[] = { of_socket(a, PIER_POLLIN),
                                     of_socket(b, PIER_POLLIN) };

    (void)state;
    fake_at(10 * MS, do_close, b);
    CHECK_INT(pier_poll(items, 2, PIER_FOREVER, NULL), 1);
    CHECK_INT(fake_now(), 10 * MS);
    CHECK_INT(items[0].revents, 0);
    CHECK_INT(items[1].revents, PIER_POLLNVAL);
    CHECK_INT(fake_handles(), 1);
    fake_join();
    pier_free(a);
    pier_free(b);
}

static struct pier_socket *victim;
static bool met;
static int64_t closed_at;

static void close_victim(void *unused)
{
    (void)unused;
    if (closed_at < 0)
        closed_at = fake_now();
    (void)pier_close(victim);
}

static void close_victim_at_call(void *unused)
{
    met = true;
    close_victim(unused);
}

/* Whatever the point between two calls of the seam, closing is noticed. */
static void closing_is_noticed_at_any_point(void **state)
{
    unsigned points = 0;

    (void)state;
    do {
        struct pier_pollitem item;

        victim = open_connected();
        item = of_socket(victim, PIER_POLLIN);
        met = false;
        closed_at = -1;
        fake_at_call(++points, close_victim_at_call, NULL);
        fake_at(50 * MS, close_victim, NULL);
        CHECK_INT(pier_poll(&item, 1, PIER_FOREVER, NULL), 1);
        CHECK_INT(item.revents, PIER_POLLNVAL);
        CHECK_INT(fake_now(), closed_at);
        fake_advance(50 * MS);
        fake_join();
        CHECK_INT(fake_handles(), 0);
        pier_free(victim);
        victim = NULL; /* what met no call yet may meet another */
    } while (met);
    CHECK(points > 5);
}

static void shutting_down_ends_the_wait(void **state)
{
    struct pier_socket *s = open_connected();
    struct pier_pollitem item = of_socket(s, PIER_POLLIN);

    (void)state;
    fake_shut_down_quietly(true);
    fake_at(10 * MS, do_shut_down, s);
    CHECK_INT(pier_poll(&item, 1, PIER_FOREVER, NULL), 1);
    CHECK_INT(fake_now(), 10 * MS);
    CHECK(item.revents & PIER_POLLIN);
    fake_join();
    pier_free(s);
}

static void a_token_ends_it_and_nothing_is_touched(void **state)
{
    struct pier_socket *s = open_connected();
    struct pier_pollitem item = of_socket(s, PIER_POLLIN);
    struct pier_cancel *token;
    struct pier_detail detail;

    (void)state;
    CHECK_OK(pier_cancel_new(&token));
    fake_at(10 * MS, do_fire, token);
    CHECK_ERR(pier_poll(&item, 1, PIER_FOREVER, token), PIER_ECANCELED);
    CHECK_INT(fake_now(), 10 * MS);
    CHECK_INT(item.revents, UNTOUCHED);
    pier_error_detail(&detail);
    CHECK_INT(detail.code, PIER_ECANCELED);
    assert_string_equal(detail.operation, "poll");
    CHECK_ERR(pier_poll(&item, 1, 0, token), PIER_ECANCELED);
    CHECK_ERR(pier_poll(NULL, 0, SECOND, token), PIER_ECANCELED);
    fake_join();
    pier_cancel_reset(token);
    fake_at(10 * MS, do_fire, token);
    CHECK_ERR(pier_poll(NULL, 0, SECOND, token), PIER_ECANCELED);
    CHECK_INT(fake_now(), 20 * MS);
    fake_join();
    pier_cancel_free(token);
    pier_free(s);
}

/* ---------------------------------------------------------- look-ups --- */

static void the_end_of_a_lookup_is_readable(void **state)
{
    struct pier_lookup *l;
    struct pier_addrinfo *list;
    struct pier_socket *s = open_connected();
    struct pier_pollitem items[2];

    (void)state;
    set_host(40 * MS, PIER_OK);
    l = look_up("host.test");
    items[0] = of_socket(s, PIER_POLLIN);
    items[1] = of_lookup(l, PIER_POLLIN);
    CHECK_INT(pier_poll(items, 2, PIER_FOREVER, NULL), 1);
    CHECK_INT(fake_now(), 40 * MS);
    CHECK_INT(items[0].revents, 0);
    CHECK_INT(items[1].revents, PIER_POLLIN);
    CHECK_INT(pier_poll(items, 2, 0, NULL), 1);
    items[1].events = 0;
    CHECK_INT(pier_poll(items, 2, 5 * MS, NULL), 0);
    CHECK_OK(pier_lookup_result(&list, l));
    pier_freeaddrinfo(list);
    pier_lookup_free(l);
    pier_free(s);
}

static void so_is_the_end_of_one_that_fails_or_is_known(void **state)
{
    const char *const hosts[] = { "host.test", "192.0.2.1", "" };
    struct pier_addrinfo *list;

    (void)state;
    set_host(MS, PIER_EAI_AGAIN);
    for (int i = 0; i < 3; i++) {
        struct pier_lookup *l = look_up(hosts[i]);
        struct pier_pollitem item = of_lookup(l, PIER_POLLIN);

        CHECK_INT(pier_poll(&item, 1, SECOND, NULL), 1);
        CHECK_INT(item.revents, PIER_POLLIN);
        CHECK(pier_lookup_result(&list, l) != PIER_EAGAIN);
        pier_freeaddrinfo(list);
        pier_lookup_free(l);
    }
    CHECK_INT(fake_now(), MS);
}

static void cancel_it(void *lookup)
{
    pier_lookup_cancel(lookup);
}

static void a_cancelled_lookup_ends_the_wait(void **state)
{
    struct pier_lookup *l;
    struct pier_pollitem item;

    (void)state;
    set_host(SECOND, PIER_OK);
    l = look_up("host.test");
    item = of_lookup(l, 0);
    fake_at(10 * MS, cancel_it, l);
    CHECK_INT(pier_poll(&item, 1, PIER_FOREVER, NULL), 1);
    CHECK_INT(fake_now(), 10 * MS);
    CHECK_INT(item.revents, PIER_POLLERR);
    item.events = PIER_POLLIN;
    CHECK_INT(pier_poll(&item, 1, PIER_FOREVER, NULL), 1);
    CHECK_INT(item.revents, PIER_POLLERR | PIER_POLLIN);
    fake_join();
    pier_lookup_free(l);
    fake_advance(SECOND);
}

/* Eight dead names have all the workers; a ninth look-up gets its own once
 * these count as stuck, though nobody waits for it but a poll. */
static void a_poll_looks_after_the_pool(void **state)
{
    static const char *const names[] = { "a.test", "b.test", "c.test",
                                         "d.test", "e.test", "f.test",
                                         "g.test", "h.test" };
    struct pier_lookup *stuck[8], *l;
    struct pier_pollitem item;

    (void)state;
    for (int i = 0; i < 8; i++) {
        fake_name_set(names[i], NULL, 0, 60 * SECOND, PIER_EAI_NONAME);
        stuck[i] = look_up(names[i]);
    }
    set_host(40 * MS, PIER_OK);
    l = look_up("host.test");
    item = of_lookup(l, PIER_POLLIN);
    CHECK_INT(pier_poll(&item, 1, 30 * SECOND, NULL), 1);
    CHECK(fake_now() < 10 * SECOND);
    pier_lookup_free(l);
    for (int i = 0; i < 8; i++)
        pier_lookup_free(stuck[i]);
    fake_advance(60 * SECOND);
}

static void a_child_has_no_lookup_of_its_parent(void **state)
{
    struct pier_lookup *l;
    struct pier_pollitem item;

    (void)state;
    set_host(SECOND, PIER_OK);
    l = look_up("host.test");
    fake_fork();
    item = of_lookup(l, PIER_POLLIN);
    CHECK_INT(pier_poll(&item, 1, PIER_FOREVER, NULL), 1);
    CHECK_INT(item.revents, PIER_POLLIN | PIER_POLLERR);
    pier_lookup_free(l);
}

/* ------------------------------------------------- refusals, failures --- */

static void what_makes_no_sense_is_refused(void **state)
{
    struct pier_socket *s = open_connected();
    struct pier_lookup *l = look_up("192.0.2.1");
    struct pier_pollitem wrong[] = {
        { s, l, PIER_INVALID_HANDLE, PIER_POLLIN, UNTOUCHED },
        { s, NULL, pier_fileno(s), PIER_POLLIN, UNTOUCHED },
        { NULL, l, pier_fileno(s), PIER_POLLIN, UNTOUCHED },
        of_socket(s, PIER_POLLIN | PIER_POLLONESHOT),
        of_socket(s, PIER_POLLIN | PIER_POLLEDGE),
        of_socket(s, 1u << 30),
        of_handle(PIER_INVALID_HANDLE, 1u << 7),
    };

    (void)state;
    CHECK_ERR(pier_poll(NULL, 1, 0, NULL), PIER_EINVAL);
    for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
        struct pier_pollitem items[] = { of_socket(s, PIER_POLLOUT),
                                         wrong[i] };

        CHECK_ERR(pier_poll(items, 2, 0, NULL), PIER_EINVAL);
        CHECK_INT(items[0].revents, UNTOUCHED);
        CHECK_INT(items[1].revents, UNTOUCHED);
    }
    pier_lookup_free(l);
    pier_free(s);
}

/* Each call of the seam fails once, and for ever, with few sources and with
 * many, until the poll gets through: revents are untouched by a failure, and
 * every socket can be closed. */
static void poll_failing(size_t count, bool for_ever)
{
    for (unsigned n = 1;; n++) {
        struct pier_socket *s = open_connected();
        struct pier_pollitem items[MANY];
        ptrdiff_t result;

        for (size_t i = 0; i < count; i++)
            items[i] = of_socket(s, PIER_POLLIN);
        fake_feed(pier_fileno(s), "x", 1, 10 * MS);
        if (for_ever) {
            fake_fail_from(n, PIER_ENOMEM);
        } else {
            fake_fail_call(n, PIER_ENOMEM);
        }
        result = pier_poll(items, count, SECOND, NULL);
        fake_fail_call(1, PIER_OK);
        fake_fail_from(1, PIER_OK);
        if (result < 0) {
            CHECK_ERR(result, PIER_ENOMEM);
            CHECK_INT(items[0].revents, UNTOUCHED);
            CHECK_INT(items[count - 1].revents, UNTOUCHED);
        } else {
            CHECK_INT(result, count);
        }
        CHECK_OK(pier_close(s));
        CHECK_INT(fake_handles(), 0);
        pier_free(s);
        if (result > 0)
            break;
    }
}

static void a_failure_leaves_everything_as_it_was(void **state)
{
    (void)state;
    poll_failing(2, false);
    poll_failing(2, true);
    poll_failing(MANY, false);
    poll_failing(MANY, true);
}

static void more_than_memory_can_hold_is_told(void **state)
{
    struct pier_socket *s = open_connected();
    struct pier_pollitem items[MANY];

    (void)state;
    for (int i = 0; i < MANY; i++)
        items[i] = of_socket(s, PIER_POLLOUT);
    for (unsigned n = 1; n <= 2; n++) {
        fake_fail_alloc(n);
        CHECK_ERR(pier_poll(items, MANY, 0, NULL), PIER_ENOMEM);
        CHECK_INT(items[0].revents, UNTOUCHED);
    }
    CHECK_INT(pier_poll(items, MANY, 0, NULL), MANY);
    pier_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_FAKE(without_a_source_it_sleeps),
        ON_FAKE(it_ends_exactly_at_its_limit),
        ON_FAKE(who_wakes_it_for_nothing_makes_it_no_longer),
        ON_FAKE(the_limits_of_its_sockets_do_not_count),
        ON_FAKE(a_limit_beyond_the_clock_never_comes),
        ON_FAKE(what_is_ready_is_told_by_one_call_of_the_system),
        ON_FAKE(the_first_that_comes_ends_the_wait),
        ON_FAKE(a_socket_may_be_asked_twice),
        ON_FAKE(a_handle_that_is_nobodys_object_is_polled),
        ON_FAKE(a_handle_of_zero_beside_a_socket_names_nothing),
        ON_FAKE(many_sources_are_polled),
        ON_FAKE(what_a_layer_holds_is_readable),
        ON_FAKE(what_the_peer_ends_is_told),
        ON_FAKE(an_error_is_told_unasked),
        ON_FAKE(a_closed_socket_is_told_and_spoils_nothing),
        ON_FAKE(closing_one_of_them_ends_the_wait),
        ON_FAKE(closing_is_noticed_at_any_point),
        ON_FAKE(shutting_down_ends_the_wait),
        ON_FAKE(a_token_ends_it_and_nothing_is_touched),
        ON_FAKE(the_end_of_a_lookup_is_readable),
        ON_FAKE(so_is_the_end_of_one_that_fails_or_is_known),
        ON_FAKE(a_cancelled_lookup_ends_the_wait),
        ON_FAKE(a_poll_looks_after_the_pool),
        ON_FAKE(a_child_has_no_lookup_of_its_parent),
        ON_FAKE(what_makes_no_sense_is_refused),
        ON_FAKE(a_failure_leaves_everything_as_it_was),
        ON_FAKE(more_than_memory_can_hold_is_told),
    };

    return cmocka_run_group_tests_name("poll", tests, NULL, NULL);
}
