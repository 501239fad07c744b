/* SPDX-License-Identifier: MIT */
/* Waiting for many real sources at once. */
#include "blocked.h"
#include "pipes.h"

#include <stdlib.h>
#include <string.h>

#define MANY      70 /* more than any array of a fixed size, or of select() */
#define UNTOUCHED 0x5555u
#define ALL                                                                   \
    (PIER_POLLIN | PIER_POLLPRI | PIER_POLLOUT | PIER_POLLRDHUP |             \
     PIER_POLLERR | PIER_POLLHUP)

static struct pier_pollitem of(struct pier_socket *s, unsigned events)
{
    return (struct pier_pollitem){ .socket = s,
                                   .handle = PIER_INVALID_HANDLE,
                                   .events = events,
                                   .revents = UNTOUCHED };
}

/* What comes of one socket within the time in which everything ends. */
static unsigned await(struct pier_socket *s, unsigned events)
{
    struct pier_pollitem item = of(s, events);

    CHECK_INT(pier_poll(&item, 1, SOON, NULL), 1);
    return item.revents;
}

static void nothing_comes(struct pier_socket *s, unsigned events)
{
    struct pier_pollitem item = of(s, events);

    CHECK_INT(pier_poll(&item, 1, 0, NULL), 0);
    CHECK_INT(item.revents, 0);
}

/* Nothing comes from elsewhere: the port was somebody's before, to whom
 * another program of the machine may still send. */
static void hear_only(struct pier_socket *s, const struct pier_address *peer)
{
    char byte;

    CHECK_OK(pier_connect(s, peer));
    while (pier_recv(s, &byte, 1, PIER_MSG_DONTWAIT) >= 0)
        ;
}

/* The first hears the second. */
static void open_private_datagrams(struct pier_socket *ends[2])
{
    struct pier_address sender;

    open_datagrams(PIER_AF_INET, ends);
    sender = name_of(ends[1]);
    hear_only(ends[0], &sender);
}

static void only_what_is_ready_is_told(void **state)
{
    struct pier_socket *a[2], *b[2], *l = open_listener(PIER_AF_INET, 4);
    struct pier_socket *d[2];
    struct pier_pollitem items[5];

    (void)state;
    open_streams(PIER_AF_INET, a);
    open_streams(PIER_AF_INET, b);
    open_private_datagrams(d);
    items[0] = of(a[0], PIER_POLLIN);
    items[1] = of(l, PIER_POLLIN);
    items[2] = of(b[0], PIER_POLLIN | PIER_POLLOUT);
    items[3] = of(NULL, PIER_POLLIN);
    items[4] = of(d[0], PIER_POLLIN);
    CHECK_INT(pier_send(b[1], "x", 1, 0), 1);
    CHECK_INT(await(b[0], PIER_POLLIN), PIER_POLLIN);
    CHECK_INT(pier_poll(items, COUNT_OF(items), SOON, NULL), 1);
    CHECK_INT(items[0].revents, 0);
    CHECK_INT(items[1].revents, 0);
    CHECK_INT(items[2].revents, PIER_POLLIN | PIER_POLLOUT);
    CHECK_INT(items[3].revents, 0);
    CHECK_INT(items[4].revents, 0);
}

static void every_kind_of_source_ends_a_wait(void **state)
{
    struct pier_socket *l = open_listener(PIER_AF_INET, 4), *d[2];
    struct pier_socket *s = open_socket(PIER_AF_INET, PIER_SOCK_STREAM);
    struct pier_address listener = name_of(l), receiver;
    struct pier_pollitem items[3];

    (void)state;
    open_private_datagrams(d);
    receiver = name_of(d[0]);
    items[0] = of(l, PIER_POLLIN);
    items[1] = of(d[0], PIER_POLLIN);
    items[2] = of(s, PIER_POLLOUT);
    CHECK_INT(pier_sendto(d[1], "x", 1, 0, &receiver), 1);
    CHECK_INT(pier_poll(items, 3, SOON, NULL), 1);
    CHECK_INT(items[1].revents, PIER_POLLIN);
    CHECK_OK(pier_connect(s, &listener));
    items[1].events = 0;
    CHECK_INT(await(l, PIER_POLLIN), PIER_POLLIN);
    CHECK_INT(pier_poll(items, 3, SOON, NULL), 2);
    CHECK_INT(items[0].revents, PIER_POLLIN);
    CHECK_INT(items[1].revents, 0);
    CHECK_INT(items[2].revents, PIER_POLLOUT);
}

static void many_sources_are_polled(void **state)
{
    struct pier_pollitem items[MANY];
    struct pier_socket *s[MANY];
    struct pier_address first, last;

    (void)state;
    for (int i = 0; i < MANY; i++) {
        CHECK_OK(pier_open(&s[i], PIER_AF_INET, PIER_SOCK_DGRAM, 0));
        last = loopback(PIER_AF_INET, ANY_PORT);
        CHECK_OK(pier_bind(s[i], &last));
        items[i] = of(s[i], PIER_POLLIN);
    }
    first = name_of(s[0]);
    last = name_of(s[MANY - 1]);
    for (int i = 0; i < MANY; i++)
        hear_only(s[i], i == 0 ? &last : &first);
    CHECK_INT(pier_poll(items, MANY, 0, NULL), 0);
    CHECK_INT(pier_send(s[0], "x", 1, 0), 1);
    CHECK_INT(pier_poll(items, MANY, SOON, NULL), 1);
    for (int i = 0; i < MANY; i++) {
        CHECK_INT(items[i].revents, i == MANY - 1 ? PIER_POLLIN : 0);
        pier_free(s[i]);
    }
}

/* ------------------------------------------------------------- time --- */

static void without_a_source_it_sleeps(void **state)
{
    int64_t begin = pier_monotonic();

    (void)state;
    CHECK_INT(pier_poll(NULL, 0, 30 * MS, NULL), 0);
    CHECK(pier_monotonic() - begin >= 30 * MS);
    begin = pier_monotonic();
    CHECK_INT(pier_poll(NULL, 0, 1500, NULL), 0); /* less than any tick */
    CHECK(pier_monotonic() - begin >= 1500);
    CHECK(pier_monotonic() - begin < SOON);
}

static void a_timeout_is_never_early(void **state)
{
    struct pier_socket *ends[2];
    struct pier_pollitem items[2];
    int64_t begin;

    (void)state;
    open_streams(PIER_AF_INET, ends);
    items[0] = of(ends[0], PIER_POLLIN);
    items[1] = of(ends[1], PIER_POLLIN | PIER_POLLPRI | PIER_POLLRDHUP);
    begin = pier_monotonic();
    CHECK_INT(pier_poll(items, 2, 40 * MS, NULL), 0);
    CHECK(pier_monotonic() - begin >= 40 * MS);
    CHECK(pier_monotonic() - begin < SOON);
    CHECK_INT(items[0].revents, 0);
    CHECK_INT(items[1].revents, 0);
}

/* On some systems it would hang up at once, again and again. */
static void a_fresh_stream_has_nothing_to_tell(void **state)
{
    struct pier_socket *s = open_socket(PIER_AF_INET, PIER_SOCK_STREAM);
    struct pier_socket *ends[2];
    struct pier_pollitem items[2];
    int64_t begin;

    (void)state;
    open_streams(PIER_AF_INET, ends);
    items[0] = of(s, ALL);
    items[1] = of(ends[0], PIER_POLLIN);
    begin = pier_monotonic();
    CHECK_INT(pier_poll(items, 2, 30 * MS, NULL), 0);
    CHECK(pier_monotonic() - begin >= 30 * MS);
    CHECK_INT(pier_send(ends[1], "x", 1, 0), 1);
    CHECK_INT(pier_poll(items, 2, SOON, NULL), 1);
    CHECK_INT(items[0].revents, 0);
    CHECK_INT(items[1].revents, PIER_POLLIN);
}

/* ----------------------------------------------------------- events --- */

static void ends_are_told(void **state)
{
    struct pier_socket *ends[2];

    (void)state;
    open_streams(PIER_AF_INET, ends);
    CHECK_OK(pier_shutdown(ends[1], PIER_SHUT_WR));
    CHECK_INT(await(ends[0], PIER_POLLRDHUP), PIER_POLLRDHUP);
    CHECK_INT(await(ends[0], PIER_POLLIN | PIER_POLLRDHUP | PIER_POLLHUP),
              PIER_POLLIN | PIER_POLLRDHUP);
    nothing_comes(ends[0], 0);
    CHECK_OK(pier_shutdown(ends[0], PIER_SHUT_WR));
    CHECK_INT(await(ends[0], 0), PIER_POLLHUP);
}

static void urgent_data_is_told_apart(void **state)
{
    struct pier_socket *ends[2];

    (void)state;
    open_streams(PIER_AF_INET, ends);
    nothing_comes(ends[0], PIER_POLLPRI);
    CHECK_INT(pier_send(ends[1], "!", 1, PIER_MSG_OOB), 1);
    CHECK_INT(await(ends[0], PIER_POLLPRI), PIER_POLLPRI);
}

static void a_connect_that_fails_is_writable(void **state)
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

static void a_reset_is_an_error(void **state)
{
    struct pier_socket *ends[2];

    (void)state;
    open_streams(PIER_AF_INET, ends);
    CHECK_OK(pier_set_linger(ends[1], true, 0));
    CHECK_OK(pier_close(ends[1]));
    CHECK_INT(await(ends[0], 0), PIER_POLLERR | PIER_POLLHUP);
}

/* ---------------------------------------------- sources of other kinds --- */

static void a_handle_is_polled_beside_a_socket(void **state)
{
    struct pier_socket *ends[2], *again;
    struct pier_pollitem items[3];
    pier_handle h;

    (void)state;
    open_streams(PIER_AF_INET, ends);
    CHECK_OK(pier_dup(&again, ends[0]));
    h = pier_detach(again);
    pier_free(again);
    items[0] = of(NULL, PIER_POLLIN);
    items[0].handle = h;
    items[1] = of(ends[1], PIER_POLLIN);
    CHECK_INT(pier_poll(items, 2, 0, NULL), 0);
    CHECK_INT(pier_send(ends[1], "x", 1, 0), 1);
    CHECK_INT(pier_poll(items, 2, SOON, NULL), 1);
    CHECK_INT(items[0].revents, PIER_POLLIN);
    CHECK_INT(items[1].revents, 0);
    CHECK_OK(pier_adopt(&again, h, -1, -1, -1));
    pier_free(again);
    /* The number is nobody's now, and spoils nothing. */
    items[2] = of(ends[0], PIER_POLLIN);
    CHECK_INT(pier_poll(items, 3, SOON, NULL), 2);
    CHECK_INT(items[0].revents, PIER_POLLNVAL);
    CHECK_INT(items[1].revents, 0);
    CHECK_INT(items[2].revents, PIER_POLLIN);
}

/* The first so many are ready, and the call ends with them. */
static void check_ready(struct pier_pollitem items[3], int count)
{
    CHECK_INT(pier_poll(items, 3, 10 * SECOND, NULL), count);
    for (int i = 0; i < 3; i++)
        CHECK_INT(items[i].revents, i < count ? PIER_POLLIN : 0);
}

static void every_kind_of_source_is_in_one_array(void **state)
{
    struct pier_socket *a[2], *b[2], *copy;
    struct pier_pollitem items[3];
    struct pier_addrinfo *list;
    struct pier_lookup *lookup;

    (void)state;
    open_streams(PIER_AF_INET, a);
    open_streams(PIER_AF_INET, b);
    CHECK_OK(pier_dup(&copy, a[0]));
    CHECK_OK(pier_lookup_start(&lookup, "localhost", "80", NULL));
    for (int i = 0; i < 3; i++)
        items[i] = of(i == 2 ? b[0] : NULL, PIER_POLLIN);
    items[0].lookup = lookup;
    items[1].handle = pier_detach(copy);
    pier_free(copy);
    check_ready(items, 1);
    CHECK_INT(pier_send(a[1], "x", 1, 0), 1);
    CHECK_INT(await(a[0], PIER_POLLIN), PIER_POLLIN);
    check_ready(items, 2);
    CHECK_INT(pier_send(b[1], "x", 1, 0), 1);
    CHECK_INT(await(b[0], PIER_POLLIN), PIER_POLLIN);
    check_ready(items, 3);
    CHECK_OK(pier_lookup_result(&list, lookup));
    pier_freeaddrinfo(list);
    pier_lookup_free(lookup);
    CHECK_OK(pier_adopt(&copy, items[1].handle, -1, -1, -1));
    pier_free(copy);
}

/* A pipe is not Winsock's; elsewhere it is a source like any other. */
static void what_is_no_socket_spoils_nothing(void **state)
{
    struct pier_socket *ends[2];
    struct pier_pollitem items[2];
    intptr_t pipe[2];

    (void)state;
    CHECK(open_pipe(pipe));
    open_streams(PIER_AF_INET, ends);
    items[0] = of(NULL, PIER_POLLIN);
    items[0].handle = pipe[0];
    items[1] = of(ends[0], PIER_POLLIN);
    CHECK_INT(pier_poll(items, 2, 0, NULL), !pipes_can_be_polled);
    CHECK_INT(items[0].revents, pipes_can_be_polled ? 0 : PIER_POLLNVAL);
    CHECK_INT(items[1].revents, 0);
    CHECK(write_to_pipe(pipe[1]));
    CHECK_INT(pier_send(ends[1], "x", 1, 0), 1);
    CHECK_INT(await(ends[0], PIER_POLLIN), PIER_POLLIN);
    CHECK_INT(pier_poll(items, 2, SOON, NULL), 2);
    CHECK_INT(items[0].revents,
              pipes_can_be_polled ? PIER_POLLIN : PIER_POLLNVAL);
    CHECK_INT(items[1].revents, PIER_POLLIN);
    close_pipe(pipe);
}

/* --------------------------------------------------- close and cancel --- */

static void a_closed_socket_spoils_nothing(void **state)
{
    struct pier_socket *ends[2];
    struct pier_pollitem items[2];

    (void)state;
    open_streams(PIER_AF_INET, ends);
    items[0] = of(ends[0], PIER_POLLIN);
    items[1] = of(ends[1], PIER_POLLOUT);
    CHECK_OK(pier_close(ends[0]));
    CHECK_INT(pier_poll(items, 2, SOON, NULL), 2);
    CHECK_INT(items[0].revents, PIER_POLLNVAL);
    CHECK(items[1].revents & PIER_POLLOUT);
}

struct polled {
    struct pier_socket *quiet[2];
    struct pier_cancel *token;
    pier_timeout timeout;
    struct pier_pollitem items[2];
    struct scene scene;
    struct blocked call;
};

static struct polled *polled;

static long long poll_both(struct scene *scene)
{
    (void)scene;
    return pier_poll(polled->items, 2, polled->timeout, polled->token);
}

static void begin_poll_within(struct polled *p, struct pier_cancel *token,
                              pier_timeout timeout)
{
    struct pier_socket *ends[2];

    memset(p, 0, sizeof(*p));
    open_streams(PIER_AF_INET, p->quiet);
    open_streams(PIER_AF_INET, ends);
    p->scene.s = ends[0];
    p->scene.peer = ends[1];
    p->token = token;
    p->timeout = timeout;
    p->items[0] = of(p->quiet[0], PIER_POLLIN);
    p->items[1] = of(ends[0], PIER_POLLIN);
    polled = p;
    start_blocked(&p->call, poll_both, &p->scene);
    await_waits(1);
}

static void begin_poll(struct polled *p, struct pier_cancel *token)
{
    begin_poll_within(p, token, PIER_FOREVER);
}

static void check_told(const struct polled *p, unsigned revents)
{
    CHECK_INT(p->items[0].revents, 0);
    CHECK_INT(p->items[1].revents, revents);
}

static void data_ends_a_wait(void **state)
{
    struct polled p;

    (void)state;
    begin_poll(&p, NULL);
    CHECK_INT(pier_send(p.scene.peer, "x", 1, 0), 1);
    CHECK_INT(end_blocked(&p.call), 1);
    check_told(&p, PIER_POLLIN);
}

/* Longer than any clock of a system goes, and than some can be told. */
static void data_ends_the_longest_of_waits(void **state)
{
    static const pier_timeout long_ones[] = {
        INT64_MAX,
        INT64_MAX - 1,
        INT64_MAX / 2,
        (INT64_C(1) << 53) + 1,
    };

    for (size_t i = 0; i < COUNT_OF(long_ones); i++) {
        struct polled p;

        begin_poll_within(&p, NULL, long_ones[i]);
        CHECK_INT(pier_send(p.scene.peer, "x", 1, 0), 1);
        CHECK_INT(end_blocked(&p.call), 1);
        check_told(&p, PIER_POLLIN);
        CHECK_INT(pier_poll(p.items, 2, long_ones[i], NULL), 1);
        (void)free_sockets(state);
    }
}

static void closing_one_of_them_ends_a_wait(void **state)
{
    struct polled p;

    (void)state;
    begin_poll(&p, NULL);
    CHECK_OK(pier_close(p.scene.s));
    CHECK_INT(end_blocked(&p.call), 1);
    check_told(&p, PIER_POLLNVAL);
}

/* The system's socket stays open behind the double, so it tells nothing. */
static void closing_one_that_has_a_double_ends_a_wait(void **state)
{
    struct pier_socket *again;
    struct polled p;

    (void)state;
    begin_poll(&p, NULL);
    CHECK_OK(pier_dup(&again, p.scene.s));
    keep(again);
    CHECK_OK(pier_close(p.scene.s));
    CHECK_INT(end_blocked(&p.call), 1);
    check_told(&p, PIER_POLLNVAL);
    /* What comes then belongs to the double alone. */
    CHECK_INT(pier_send(p.scene.peer, "x", 1, 0), 1);
    CHECK_INT(await(again, PIER_POLLIN), PIER_POLLIN);
    CHECK_INT(pier_poll(p.items, 2, 0, NULL), 1);
    check_told(&p, PIER_POLLNVAL);
}

static void closing_a_double_leaves_the_wait_alone(void **state)
{
    struct pier_socket *again;
    struct polled p;

    (void)state;
    begin_poll(&p, NULL);
    CHECK_OK(pier_dup(&again, p.scene.s));
    CHECK_OK(pier_close_wait(again, SOON));
    pier_free(again);
    CHECK_INT(pier_send(p.scene.peer, "x", 1, 0), 1);
    CHECK_INT(end_blocked(&p.call), 1);
    check_told(&p, PIER_POLLIN);
}

static void a_shutdown_of_one_of_them_ends_a_wait(void **state)
{
    struct polled p;

    (void)state;
    begin_poll(&p, NULL);
    CHECK_OK(pier_shutdown(p.scene.s, PIER_SHUT_RD));
    CHECK_INT(end_blocked(&p.call), 1);
    check_told(&p, PIER_POLLIN);
}

static void a_token_ends_a_wait(void **state)
{
    struct pier_cancel *token;
    struct polled p;

    (void)state;
    CHECK_OK(pier_cancel_new(&token));
    begin_poll(&p, token);
    pier_cancel_fire(token);
    CHECK_ERR(end_blocked(&p.call), PIER_ECANCELED);
    CHECK_INT(p.items[0].revents, UNTOUCHED);
    CHECK_INT(p.items[1].revents, UNTOUCHED);
    pier_cancel_reset(token);
    CHECK_INT(pier_poll(p.items, 2, 0, token), 0);
    pier_cancel_free(token);
}

static void a_token_ends_a_sleep(void **state)
{
    struct pier_cancel *token;
    struct pier_socket *ends[2];
    struct polled p = { .timeout = PIER_FOREVER };

    (void)state;
    open_streams(PIER_AF_INET, ends);
    CHECK_OK(pier_cancel_new(&token));
    p.token = token;
    p.items[0] = of(NULL, 0);
    p.items[1] = of(NULL, 0);
    polled = &p;
    start_blocked(&p.call, poll_both, &p.scene);
    await_waits(1);
    pier_cancel_fire(token);
    CHECK_ERR(end_blocked(&p.call), PIER_ECANCELED);
    pier_cancel_free(token);
}

static void a_bad_argument_is_refused(void **state)
{
    struct pier_socket *s = open_socket(PIER_AF_INET, PIER_SOCK_STREAM);
    struct pier_pollitem item = of(s, PIER_POLLEDGE);

    (void)state;
    CHECK_ERR(pier_poll(NULL, 1, 0, NULL), PIER_EINVAL);
    CHECK_ERR(pier_poll(&item, 1, 0, NULL), PIER_EINVAL);
    item.events = PIER_POLLIN;
    item.handle = pier_fileno(s);
    CHECK_ERR(pier_poll(&item, 1, 0, NULL), PIER_EINVAL);
    CHECK_INT(item.revents, UNTOUCHED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        NET_TEST(only_what_is_ready_is_told),
        NET_TEST(every_kind_of_source_ends_a_wait),
        NET_TEST(many_sources_are_polled),
        NET_TEST(without_a_source_it_sleeps),
        NET_TEST(a_timeout_is_never_early),
        NET_TEST(a_fresh_stream_has_nothing_to_tell),
        NET_TEST(ends_are_told),
        NET_TEST(urgent_data_is_told_apart),
        NET_TEST(a_connect_that_fails_is_writable),
        NET_TEST(a_reset_is_an_error),
        NET_TEST(a_handle_is_polled_beside_a_socket),
        NET_TEST(every_kind_of_source_is_in_one_array),
        NET_TEST(what_is_no_socket_spoils_nothing),
        NET_TEST(a_closed_socket_spoils_nothing),
        NET_TEST(data_ends_a_wait),
        NET_TEST(data_ends_the_longest_of_waits),
        NET_TEST(closing_one_of_them_ends_a_wait),
        NET_TEST(closing_one_that_has_a_double_ends_a_wait),
        NET_TEST(closing_a_double_leaves_the_wait_alone),
        NET_TEST(a_shutdown_of_one_of_them_ends_a_wait),
        NET_TEST(a_token_ends_a_wait),
        NET_TEST(a_token_ends_a_sleep),
        NET_TEST(a_bad_argument_is_refused),
    };

    return cmocka_run_group_tests_name("poll", tests, watch_waits, NULL);
}
