/* SPDX-License-Identifier: MIT */
/* Waiting for events of one socket. */
#include "layer.h"
#include "unit.h"

#include <pier/error.h>
#include <pier/poll.h>

#define UNTOUCHED 99

static unsigned found;

static pier_err wait_for(struct pier_socket *s, unsigned events,
                         pier_timeout t)
{
    found = UNTOUCHED;
    return pier_wait_for(s, events, t, &found);
}

static void what_is_ready_is_told_at_once(void **state)
{
    struct pier_socket *s = open_connected();

    (void)state;
    fake_feed(pier_fileno(s), "x", 1, 0);
    CHECK_OK(wait_for(s, PIER_POLLIN | PIER_POLLOUT, PIER_FOREVER));
    CHECK_INT(found, PIER_POLLIN | PIER_POLLOUT);
    CHECK_OK(wait_for(s, PIER_POLLOUT, 0));
    CHECK_INT(found, PIER_POLLOUT);
    CHECK_OK(pier_wait_for(s, PIER_POLLIN, SECOND, NULL));
    CHECK_INT(fake_now(), 0);
    pier_free(s);
}

static void what_comes_is_waited_for(void **state)
{
    struct pier_socket *s = open_blocked();

    (void)state;
    fake_feed(pier_fileno(s), "x", 1, 30 * MS);
    CHECK_OK(wait_for(s, PIER_POLLIN | PIER_POLLOUT, SECOND));
    CHECK_INT(found, PIER_POLLIN);
    CHECK_INT(fake_now(), 30 * MS);
    pier_free(s);
}

static void a_wait_ends_exactly_at_its_limit(void **state)
{
    struct pier_socket *s = open_connected();

    (void)state;
    CHECK_OK(pier_settimeout(s, MS));
    CHECK_ERR(wait_for(s, PIER_POLLIN, 50 * MS), PIER_EDEADLINE);
    CHECK_INT(found, UNTOUCHED);
    CHECK_INT(fake_now(), 50 * MS);
    CHECK_ERR(wait_for(s, PIER_POLLIN, 0), PIER_EAGAIN);
    CHECK_OK(pier_set_deadline(s, pier_monotonic() + 10 * MS));
    CHECK_ERR(wait_for(s, PIER_POLLIN, 50 * MS), PIER_EDEADLINE);
    CHECK_INT(fake_now(), 60 * MS);
    pier_free(s);
}

static void signals_and_false_readiness_are_waited_out(void **state)
{
    struct pier_socket *s = open_connected();

    (void)state;
    fake_interrupt_every(300 * MS);
    fake_wait_early(5, PIERP_READY);
    CHECK_ERR(wait_for(s, PIER_POLLIN, SECOND), PIER_EDEADLINE);
    CHECK_INT(fake_now(), SECOND);
    pier_free(s);
}

static void close_and_cancel_end_the_wait(void **state)
{
    struct pier_socket *s = open_connected();
    struct pier_cancel *token;

    (void)state;
    CHECK_OK(pier_cancel_new(&token));
    CHECK_OK(pier_set_cancel(s, token));
    fake_at(10 * MS, do_fire, token);
    CHECK_ERR(wait_for(s, PIER_POLLIN, PIER_FOREVER), PIER_ECANCELED);
    CHECK_INT(fake_now(), 10 * MS);
    CHECK_ERR(wait_for(s, PIER_POLLIN, 0), PIER_ECANCELED);
    pier_cancel_reset(token);
    fake_at(10 * MS, do_close, s);
    CHECK_ERR(wait_for(s, PIER_POLLIN, PIER_FOREVER), PIER_EBADF);
    CHECK_INT(fake_now(), 20 * MS);
    CHECK_INT(found, UNTOUCHED);
    CHECK_INT(fake_handles(), 0);
    fake_join();
    CHECK_ERR(wait_for(s, PIER_POLLIN, 0), PIER_EBADF);
    pier_free(s);
    pier_cancel_free(token);
}

static void ends_and_errors_are_told_unasked(void **state)
{
    struct pier_socket *s = open_connected();

    (void)state;
    fake_feed_reset(pier_fileno(s), 10 * MS);
    CHECK_OK(wait_for(s, PIER_POLLPRI, PIER_FOREVER));
    CHECK_INT(fake_now(), 10 * MS);
    CHECK(found & PIER_POLLERR);
    CHECK(!(found & PIER_POLLIN));
    pier_free(s);
}

static void the_end_of_the_peer_is_told_when_asked(void **state)
{
    struct pier_socket *s = open_connected();

    (void)state;
    fake_feed_eof(pier_fileno(s), 10 * MS);
    CHECK_OK(wait_for(s, PIER_POLLRDHUP, PIER_FOREVER));
    CHECK_INT(found, PIER_POLLRDHUP);
    CHECK_ERR(wait_for(s, PIER_POLLPRI, 5 * MS), PIER_EDEADLINE);
    CHECK_OK(pier_shutdown(s, PIER_SHUT_WR));
    CHECK_OK(wait_for(s, PIER_POLLPRI, 5 * MS));
    CHECK_INT(found, PIER_POLLHUP);
    pier_free(s);
}

static void shutting_down_ends_the_wait(void **state)
{
    struct pier_socket *s = open_connected();

    (void)state;
    fake_shut_down_quietly(true);
    fake_at(10 * MS, do_shut_down, s);
    CHECK_OK(wait_for(s, PIER_POLLIN, PIER_FOREVER));
    CHECK_INT(fake_now(), 10 * MS);
    CHECK(found & PIER_POLLIN);
    fake_join();
    pier_free(s);
}

static void a_listener_is_readable_when_a_connection_comes(void **state)
{
    struct pier_socket *l = open_server(4000, 5), *a;
    struct pier_address from = fake_inet(1, 1);

    (void)state;
    fake_incoming(pier_fileno(l), &from, 10 * MS);
    CHECK_OK(wait_for(l, PIER_POLLIN, PIER_FOREVER));
    CHECK_INT(fake_now(), 10 * MS);
    CHECK_OK(pier_settimeout(l, 0));
    CHECK_OK(pier_accept(&a, l, NULL));
    pier_free(a);
    pier_free(l);
}

static void the_end_of_a_connect_is_writable(void **state)
{
    struct pier_address to = fake_inet(1, 80);
    struct pier_socket *s = open_tcp();

    (void)state;
    fake_remote_set(&to, FAKE_ACCEPTS, 30 * MS);
    CHECK_OK(pier_settimeout(s, 0));
    CHECK_ERR(pier_connect(s, &to), PIER_EINPROGRESS);
    CHECK_OK(wait_for(s, PIER_POLLOUT, PIER_FOREVER));
    CHECK_INT(fake_now(), 30 * MS);
    CHECK_INT(found, PIER_POLLOUT);
    pier_free(s);
}

static size_t some_pending(void *state)
{
    return *(size_t *)state;
}

static const struct pieri_layer layer = { .pending = some_pending };

static void bytes_in_a_layer_are_readable(void **state)
{
    struct pier_socket *s = open_connected();
    size_t pending = 5;

    (void)state;
    CHECK_OK(pieri_layer_set(s, &layer, &pending));
    CHECK_OK(wait_for(s, PIER_POLLIN, PIER_FOREVER));
    CHECK_INT(found, PIER_POLLIN);
    pending = 0;
    CHECK_ERR(wait_for(s, PIER_POLLIN, 5 * MS), PIER_EDEADLINE);
    pier_free(s);
}

static void unknown_events_are_refused(void **state)
{
    struct pier_socket *s = open_connected();

    (void)state;
    CHECK_ERR(wait_for(s, 1u << 30, 0), PIER_EINVAL);
    CHECK_ERR(wait_for(NULL, PIER_POLLIN, 0), PIER_EINVAL);
    CHECK_INT(found, UNTOUCHED);
    pier_free(s);
}

static void a_failing_wait_is_told(void **state)
{
    const pier_timeout limits[] = { 0, SECOND };
    struct pier_socket *s = open_connected();

    (void)state;
    for (int i = 0; i < 2; i++) {
        fake_fail(FAKE_POLL, 1, PIER_ENOMEM);
        CHECK_ERR(wait_for(s, PIER_POLLIN, limits[i]), PIER_ENOMEM);
        CHECK_INT(found, UNTOUCHED);
    }
    pier_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_FAKE(what_is_ready_is_told_at_once),
        ON_FAKE(what_comes_is_waited_for),
        ON_FAKE(a_wait_ends_exactly_at_its_limit),
        ON_FAKE(signals_and_false_readiness_are_waited_out),
        ON_FAKE(close_and_cancel_end_the_wait),
        ON_FAKE(ends_and_errors_are_told_unasked),
        ON_FAKE(the_end_of_the_peer_is_told_when_asked),
        ON_FAKE(shutting_down_ends_the_wait),
        ON_FAKE(a_listener_is_readable_when_a_connection_comes),
        ON_FAKE(the_end_of_a_connect_is_writable),
        ON_FAKE(bytes_in_a_layer_are_readable),
        ON_FAKE(unknown_events_are_refused),
        ON_FAKE(a_failing_wait_is_told),
    };

    return cmocka_run_group_tests_name("wait_for", tests, NULL, NULL);
}
