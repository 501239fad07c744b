/* SPDX-License-Identifier: MIT */
/* Waiting for the events of one real socket. */
#include "blocked.h"

#include <stdlib.h>
#include <string.h>

#define ALL                                                                   \
    (PIER_POLLIN | PIER_POLLPRI | PIER_POLLOUT | PIER_POLLRDHUP |             \
     PIER_POLLERR | PIER_POLLHUP)

/* What comes of events within the time in which everything ends. */
static unsigned await(struct pier_socket *s, unsigned events)
{
    unsigned found = 77;

    CHECK_OK(pier_wait_for(s, events, SOON, &found));
    CHECK(found != 0);
    return found;
}

static void nothing_comes(struct pier_socket *s, unsigned events)
{
    unsigned found = 77;

    CHECK_ERR(pier_wait_for(s, events, 0, &found), PIER_EAGAIN);
    CHECK_INT(found, 77);
}

static void a_new_stream_is_writable_and_not_readable(void **state)
{
    struct pier_socket *ends[2];

    (void)state;
    open_streams(PIER_AF_INET, ends);
    CHECK_INT(await(ends[0], ALL), PIER_POLLOUT);
    nothing_comes(ends[0], ALL & ~(unsigned)PIER_POLLOUT);
}

static void what_arrives_is_readable(void **state)
{
    struct pier_socket *ends[2];

    (void)state;
    open_streams(PIER_AF_INET, ends);
    CHECK_INT(pier_send(ends[1], "x", 1, 0), 1);
    CHECK_INT(await(ends[0], PIER_POLLIN | PIER_POLLRDHUP), PIER_POLLIN);
    check_arrives(ends[0], "x");
    nothing_comes(ends[0], PIER_POLLIN);
}

static void a_datagram_is_readable(void **state)
{
    struct pier_socket *ends[2];
    struct pier_address to;

    (void)state;
    open_datagrams(PIER_AF_INET, ends);
    to = name_of(ends[1]);
    nothing_comes(ends[1], PIER_POLLIN);
    CHECK_INT(await(ends[1], PIER_POLLIN | PIER_POLLOUT), PIER_POLLOUT);
    CHECK_INT(pier_sendto(ends[0], "", 0, 0, &to), 0);
    CHECK_INT(await(ends[1], PIER_POLLIN), PIER_POLLIN);
}

static void a_connection_makes_a_listener_readable(void **state)
{
    struct pier_socket *l = open_listener(PIER_AF_INET, 4);
    struct pier_socket *s = open_socket(PIER_AF_INET, PIER_SOCK_STREAM);
    struct pier_address to = name_of(l);

    (void)state;
    nothing_comes(l, PIER_POLLIN);
    CHECK_OK(pier_connect(s, &to));
    CHECK_INT(await(l, PIER_POLLIN), PIER_POLLIN);
}

/* Reads what is there; there may be nothing while it is on its way. */
static void read_some(struct pier_socket *s)
{
    char room[65536];
    pier_err err = pier_wait_for(s, PIER_POLLIN, 20 * MS, NULL);

    if (err == PIER_EDEADLINE)
        return;
    CHECK_OK(err);
    CHECK_OK(pier_recv(s, room, sizeof(room), 0));
}

static void a_full_stream_is_not_writable(void **state)
{
    struct pier_socket *ends[2];
    int64_t begin = pier_monotonic();

    (void)state;
    open_streams(PIER_AF_INET, ends);
    fill(ends[0]);
    nothing_comes(ends[0], PIER_POLLOUT);
    /* A window that has closed opens when half is read. */
    while (pier_wait_for(ends[0], PIER_POLLOUT, 0, NULL) == PIER_EAGAIN) {
        CHECK(pier_monotonic() - begin < 10 * SECOND);
        read_some(ends[1]);
    }
    CHECK_INT(await(ends[0], PIER_POLLOUT), PIER_POLLOUT);
}

static void urgent_data_is_told_apart(void **state)
{
    struct pier_socket *ends[2];
    char byte = 0;

    (void)state;
    open_streams(PIER_AF_INET, ends);
    nothing_comes(ends[0], PIER_POLLPRI);
    CHECK_INT(pier_send(ends[1], "!", 1, PIER_MSG_OOB), 1);
    CHECK(await(ends[0], PIER_POLLPRI) & PIER_POLLPRI);
    CHECK_INT(pier_recv(ends[0], &byte, 1, PIER_MSG_OOB), 1);
    CHECK_INT(byte, '!');
    nothing_comes(ends[0], PIER_POLLPRI);
}

static void the_end_of_a_stream_is_readable(void **state)
{
    struct pier_socket *ends[2];
    char byte;

    (void)state;
    open_streams(PIER_AF_INET, ends);
    CHECK_OK(pier_shutdown(ends[1], PIER_SHUT_WR));
    CHECK_INT(await(ends[0], PIER_POLLRDHUP), PIER_POLLRDHUP);
    CHECK_INT(await(ends[0], PIER_POLLIN), PIER_POLLIN);
    CHECK_INT(await(ends[0], PIER_POLLIN | PIER_POLLRDHUP | PIER_POLLHUP),
              PIER_POLLIN | PIER_POLLRDHUP);
    CHECK_INT(pier_recv(ends[0], &byte, 1, 0), 0);
}

/* The other half of a half-closed stream is waited for without its end. */
static void a_half_close_does_not_end_a_wait_to_write(void **state)
{
    struct pier_socket *ends[2];
    int64_t begin;

    (void)state;
    open_streams(PIER_AF_INET, ends);
    CHECK_OK(pier_shutdown(ends[1], PIER_SHUT_WR));
    CHECK_INT(await(ends[0], PIER_POLLIN), PIER_POLLIN);
    fill(ends[0]);
    begin = pier_monotonic();
    CHECK_ERR(pier_wait_for(ends[0], PIER_POLLOUT, 50 * MS, NULL),
              PIER_EDEADLINE);
    CHECK(pier_monotonic() - begin >= 50 * MS);
    nothing_comes(ends[0], PIER_POLLOUT);
}

static void both_ends_hang_up(void **state)
{
    struct pier_socket *ends[2];
    unsigned found;

    (void)state;
    open_streams(PIER_AF_INET, ends);
    CHECK_OK(pier_shutdown(ends[0], PIER_SHUT_WR));
    CHECK_INT(await(ends[0], PIER_POLLOUT), PIER_POLLOUT);
    CHECK_OK(pier_shutdown(ends[1], PIER_SHUT_WR));
    found = await(ends[0], 0);
    CHECK_INT(found, PIER_POLLHUP);
    found = await(ends[0], PIER_POLLIN | PIER_POLLOUT | PIER_POLLRDHUP);
    CHECK_INT(found,
              PIER_POLLIN | PIER_POLLOUT | PIER_POLLRDHUP | PIER_POLLHUP);
}

static void own_directions_that_were_ended_are_ready(void **state)
{
    struct pier_socket *ends[2];

    (void)state;
    open_streams(PIER_AF_INET, ends);
    fill(ends[0]);
    nothing_comes(ends[0], PIER_POLLIN | PIER_POLLOUT);
    CHECK_OK(pier_shutdown(ends[0], PIER_SHUT_RD));
    CHECK_INT(await(ends[0], PIER_POLLIN | PIER_POLLOUT), PIER_POLLIN);
    CHECK_OK(pier_shutdown(ends[0], PIER_SHUT_WR));
    CHECK_INT(await(ends[0], PIER_POLLOUT), PIER_POLLOUT | PIER_POLLHUP);
}

static void a_reset_is_an_error(void **state)
{
    struct pier_socket *ends[2];
    unsigned found;

    (void)state;
    open_streams(PIER_AF_INET, ends);
    CHECK_OK(pier_set_linger(ends[1], true, 0));
    CHECK_OK(pier_close(ends[1]));
    found = await(ends[0], PIER_POLLIN);
    CHECK(found & PIER_POLLIN);
    found = await(ends[0], 0);
    CHECK_INT(found, PIER_POLLERR | PIER_POLLHUP);
}

static void a_connect_that_ends_is_writable(void **state)
{
    struct pier_socket *l = open_listener(PIER_AF_INET, 4);
    struct pier_socket *s = open_socket(PIER_AF_INET, PIER_SOCK_STREAM);
    struct pier_address to = name_of(l);
    pier_err err;

    (void)state;
    CHECK_OK(pier_settimeout(s, 0));
    err = pier_connect(s, &to);
    CHECK(err == PIER_OK || err == PIER_EINPROGRESS);
    CHECK_INT(await(s, PIER_POLLOUT), PIER_POLLOUT);
    CHECK_OK(pier_getsockopt_int(s, PIER_SOL_SOCKET, PIER_SO_ERROR, &err));
    CHECK_INT(err, 0);
}

static void a_connect_that_fails_is_writable_too(void **state)
{
    struct pier_socket *s = open_socket(PIER_AF_INET, PIER_SOCK_STREAM);
    struct pier_address to = closed_port();
    pier_err err;

    (void)state;
    CHECK_OK(pier_settimeout(s, 0));
    err = pier_connect(s, &to);
    if (err == PIER_ECONNREFUSED)
        return; /* at once, and nothing is left to be told */
    CHECK_ERR(err, PIER_EINPROGRESS);
    CHECK_INT(await(s, PIER_POLLOUT) & (PIER_POLLOUT | PIER_POLLERR),
              PIER_POLLOUT | PIER_POLLERR);
}

/* On some systems it would hang up at once, again and again. */
static void a_fresh_stream_has_nothing_to_tell(void **state)
{
    const int families[] = { PIER_AF_INET, PIER_AF_INET6, PIER_AF_UNIX };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(families); i++) {
        struct pier_socket *s;
        int64_t begin = pier_monotonic();

        if (families[i] == PIER_AF_UNIX ? !has_unix() : i == 1 && !has_ipv6())
            continue;
        s = open_socket(families[i], PIER_SOCK_STREAM);
        nothing_comes(s, ALL);
        CHECK_ERR(pier_wait_for(s, ALL, 30 * MS, NULL), PIER_EDEADLINE);
        CHECK(pier_monotonic() - begin >= 30 * MS);
    }
}

struct connecting {
    struct pier_socket *s;
    struct pier_address to;
    pier_err err;
};

static void connect_it(void *argument)
{
    struct connecting *c = argument;

    await_waits(1);
    c->err = pier_connect(c->s, &c->to);
}

static void a_fresh_stream_that_gets_connected_is_noticed(void **state)
{
    struct pier_socket *l = open_listener(PIER_AF_INET, 4);
    struct connecting c = { .s = open_socket(PIER_AF_INET, PIER_SOCK_STREAM),
                            .to = name_of(l),
                            .err = PIER_EUNKNOWN };
    struct test_thread *thread = thread_start(connect_it, &c);
    unsigned found = 0;
    pier_err err = pier_wait_for(c.s, PIER_POLLOUT, 10 * SECOND, &found);

    (void)state;
    thread_join(thread);
    CHECK_OK(c.err);
    CHECK_OK(err);
    CHECK_INT(found, PIER_POLLOUT);
}

static void a_timeout_is_never_early(void **state)
{
    struct pier_socket *ends[2];
    int64_t begin;

    (void)state;
    open_streams(PIER_AF_INET, ends);
    /* The socket's own timeout does not count. */
    CHECK_OK(pier_settimeout(ends[0], 1 * MS));
    begin = pier_monotonic();
    CHECK_ERR(pier_wait_for(ends[0], PIER_POLLIN, 40 * MS, NULL),
              PIER_EDEADLINE);
    CHECK(pier_monotonic() - begin >= 40 * MS);
    CHECK(pier_monotonic() - begin < SOON);
    CHECK_OK(pier_set_deadline(ends[0], pier_monotonic() + 20 * MS));
    begin = pier_monotonic();
    CHECK_ERR(pier_wait_for(ends[0], PIER_POLLIN, 10 * SECOND, NULL),
              PIER_EDEADLINE);
    CHECK(pier_monotonic() - begin < SOON);
}

static long long wait_to_read(struct scene *scene)
{
    return pier_wait_for(scene->s, PIER_POLLIN, PIER_FOREVER, NULL);
}

static void begin_wait(struct scene *scene, struct blocked *b)
{
    struct pier_socket *ends[2];

    memset(scene, 0, sizeof(*scene));
    open_streams(PIER_AF_INET, ends);
    scene->s = ends[0];
    scene->peer = ends[1];
    start_blocked(b, wait_to_read, scene);
    await_waits(1);
}

static void closing_ends_a_wait(void **state)
{
    struct scene scene;
    struct blocked b;

    (void)state;
    begin_wait(&scene, &b);
    CHECK_OK(pier_close(scene.s));
    CHECK_ERR(end_blocked(&b), PIER_EBADF);
    CHECK_ERR(pier_wait_for(scene.s, PIER_POLLIN, 0, NULL), PIER_EBADF);
}

static void a_token_ends_a_wait(void **state)
{
    struct pier_socket *ends[2];
    struct pier_cancel *token;
    struct scene scene;
    struct blocked b;

    (void)state;
    CHECK_OK(pier_cancel_new(&token));
    memset(&scene, 0, sizeof(scene));
    open_streams(PIER_AF_INET, ends);
    scene.s = ends[0];
    CHECK_OK(pier_set_cancel(scene.s, token));
    start_blocked(&b, wait_to_read, &scene);
    await_waits(1);
    pier_cancel_fire(token);
    CHECK_ERR(end_blocked(&b), PIER_ECANCELED);
    CHECK_ERR(pier_wait_for(scene.s, PIER_POLLOUT, 0, NULL), PIER_ECANCELED);
    CHECK_OK(pier_set_cancel(scene.s, NULL));
    CHECK_INT(await(scene.s, PIER_POLLOUT), PIER_POLLOUT);
    pier_cancel_free(token);
}

static void data_ends_a_wait(void **state)
{
    struct scene scene;
    struct blocked b;

    (void)state;
    begin_wait(&scene, &b);
    CHECK_INT(pier_send(scene.peer, "x", 1, 0), 1);
    CHECK_OK(end_blocked(&b));
}

static void a_shutdown_ends_a_wait(void **state)
{
    struct scene scene;
    struct blocked b;

    (void)state;
    begin_wait(&scene, &b);
    CHECK_OK(pier_shutdown(scene.s, PIER_SHUT_RD));
    CHECK_OK(end_blocked(&b));
}

static void a_bad_argument_is_refused(void **state)
{
    struct pier_socket *s = open_socket(PIER_AF_INET, PIER_SOCK_STREAM);
    unsigned found = 5;

    (void)state;
    CHECK_ERR(pier_wait_for(NULL, PIER_POLLIN, 0, &found), PIER_EINVAL);
    CHECK_INT(found, 5);
    CHECK_ERR(pier_wait_for(s, PIER_POLLEDGE, 0, NULL), PIER_EINVAL);
    CHECK_ERR(pier_wait_for(s, PIER_POLLONESHOT, 0, NULL), PIER_EINVAL);
    CHECK_ERR(pier_wait_for(s, 0x8000, 0, NULL), PIER_EINVAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        NET_TEST(a_new_stream_is_writable_and_not_readable),
        NET_TEST(what_arrives_is_readable),
        NET_TEST(a_datagram_is_readable),
        NET_TEST(a_connection_makes_a_listener_readable),
        NET_TEST(a_full_stream_is_not_writable),
        NET_TEST(urgent_data_is_told_apart),
        NET_TEST(the_end_of_a_stream_is_readable),
        NET_TEST(a_half_close_does_not_end_a_wait_to_write),
        NET_TEST(both_ends_hang_up),
        NET_TEST(own_directions_that_were_ended_are_ready),
        NET_TEST(a_reset_is_an_error),
        NET_TEST(a_connect_that_ends_is_writable),
        NET_TEST(a_connect_that_fails_is_writable_too),
        NET_TEST(a_fresh_stream_has_nothing_to_tell),
        NET_TEST(a_fresh_stream_that_gets_connected_is_noticed),
        NET_TEST(a_timeout_is_never_early),
        NET_TEST(closing_ends_a_wait),
        NET_TEST(a_token_ends_a_wait),
        NET_TEST(data_ends_a_wait),
        NET_TEST(a_shutdown_ends_a_wait),
        NET_TEST(a_bad_argument_is_refused),
    };

    return cmocka_run_group_tests(tests, watch_waits, NULL);
}
