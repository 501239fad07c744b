/* SPDX-License-Identifier: MIT */
/* Timeouts: never early, never for ever, for the whole call. That each call
 * has them is in test_net_ends.c. */
#include "blocked.h"

#include <stdatomic.h>
#include <stdlib.h>

static void check_short(struct pier_socket *s, pier_timeout t)
{
    int64_t begin;
    int64_t taken;
    char byte;

    CHECK_OK(pier_settimeout(s, t));
    begin = pier_monotonic();
    CHECK_ERR(pier_recv(s, &byte, 1, 0), PIER_EDEADLINE);
    taken = pier_monotonic() - begin;
    CHECK(taken >= t);
    CHECK(taken < SOON);
}

static void the_shortest_timeouts_are_neither_zero_nor_for_ever(void **state)
{
    static const pier_timeout timeouts[] = {
        1, 999, 1000, PIER_MICROSECONDS(100), 999999, 1000001, 2500000
    };
    struct pier_socket *stream[2];

    (void)state;
    open_streams(PIER_AF_INET, stream);
    for (size_t i = 0; i < COUNT_OF(timeouts); i++) {
        for (int again = 0; again < 3; again++)
            check_short(stream[0], timeouts[i]);
    }
}

static void zero_never_blocks(void **state)
{
    struct pier_socket *listener = open_listener(PIER_AF_INET, 1);
    struct pier_socket *ends[2];
    struct pier_socket *s;
    char byte;

    (void)state;
    CHECK_OK(pier_settimeout(listener, 0));
    CHECK_ERR(pier_accept(&s, listener, NULL), PIER_EAGAIN);
    open_streams(PIER_AF_INET, ends);
    CHECK_OK(pier_setblocking(ends[0], false));
    CHECK(!pier_getblocking(ends[0]));
    CHECK_ERR(pier_recv(ends[0], &byte, 1, 0), PIER_EAGAIN);
    CHECK_ERR(pier_recvall(ends[0], &byte, 1, 0, NULL), PIER_EAGAIN);
    CHECK_ERR(pier_recvfrom(ends[0], &byte, 1, 0, NULL), PIER_EAGAIN);
    CHECK_OK(pier_setblocking(ends[0], true));
    CHECK_INT(pier_gettimeout(ends[0]), PIER_FOREVER);
}

static void a_connect_that_may_not_block_is_under_way(void **state)
{
    struct pier_address where = full_listener(PIER_AF_INET);
    struct pier_socket *s = open_socket(PIER_AF_INET, PIER_SOCK_STREAM);

    (void)state;
    CHECK_OK(pier_settimeout(s, 0));
    CHECK_ERR(pier_connect(s, &where), PIER_EINPROGRESS);
}

static void dontwait_never_blocks_whatever_the_timeout(void **state)
{
    struct pier_socket *ends[2];
    ptrdiff_t n;
    char byte;

    (void)state;
    open_streams(PIER_AF_INET, ends);
    CHECK_ERR(pier_recv(ends[0], &byte, 1, PIER_MSG_DONTWAIT), PIER_EAGAIN);
    CHECK_ERR(pier_recvfrom(ends[0], &byte, 1, PIER_MSG_DONTWAIT, NULL),
              PIER_EAGAIN);
    fill(ends[0]);
    n = pier_send(ends[0], "x", 1, PIER_MSG_DONTWAIT);
    CHECK_ERR(n, PIER_EAGAIN);
    CHECK_ERR(pier_sendall(ends[0], "x", 1, PIER_MSG_DONTWAIT, NULL),
              PIER_EAGAIN);
}

/* Values that wrap or are cut where a system counts milliseconds or seconds
 * in 32 bits. */
static const pier_timeout huge[] = {
    INT64_MAX,
    INT64_MAX - 1,
    PIER_SECONDS(86400),
    PIER_SECONDS(2148),
    PIER_SECONDS(4295),
    PIER_MILLISECONDS(4294967400),
    PIER_MILLISECONDS(2147483647),
    PIER_MILLISECONDS(2147483648),
    PIER_MILLISECONDS(2147483649),
    PIER_MILLISECONDS(4294967295),
    PIER_MILLISECONDS(4294967296),
    PIER_MILLISECONDS(4294967297),
    PIER_SECONDS(2147483648),
    PIER_FOREVER,
    INT64_MIN,
};

static void the_longest_timeouts_do_not_end_early(void **state)
{
    struct scene scenes[COUNT_OF(huge)] = { { NULL } };
    struct blocked calls[COUNT_OF(huge)];
    const struct blocking_call *recv_call = find_call("recv", TCP);

    (void)state;
    for (size_t i = 0; i < COUNT_OF(huge); i++) {
        open_scene(recv_call, &scenes[i]);
        CHECK_OK(pier_settimeout(scenes[i].s, huge[i]));
        start_blocked(&calls[i], recv_call->run, &scenes[i]);
    }
    await_waits(COUNT_OF(huge));
    sleep_ms(900);
    CHECK_INT(waits_now(), COUNT_OF(huge));
    for (size_t i = 0; i < COUNT_OF(huge); i++) {
        CHECK_INT(pier_send(scenes[i].peer, "x", 1, 0), 1);
        CHECK_INT(end_blocked(&calls[i]), 1);
        CHECK(calls[i].end - calls[i].begin >= 700 * MS);
    }
}

struct dripping {
    struct pier_socket *s;
    _Atomic bool done;
};

static void drip(void *argument)
{
    struct dripping *d = argument;

    while (!atomic_load(&d->done)) {
        (void)(pier_send(d->s, "x", 1, 0) == 1);
        sleep_ms(20);
    }
}

static void bytes_that_come_one_by_one_do_not_extend_the_time(void **state)
{
    struct pier_socket *ends[2];
    struct dripping d;
    struct test_thread *thread;
    char buffer[4096];
    size_t received = 0;
    int64_t begin;
    int64_t taken;

    (void)state;
    open_streams(PIER_AF_INET, ends);
    d = (struct dripping){ .s = ends[1] };
    CHECK_OK(pier_settimeout(ends[0], 300 * MS));
    thread = thread_start(drip, &d);
    begin = pier_monotonic();
    CHECK_ERR(pier_recvall(ends[0], buffer, sizeof(buffer), 0, &received),
              PIER_EDEADLINE);
    taken = pier_monotonic() - begin;
    atomic_store(&d.done, true);
    thread_join(thread);
    CHECK(taken >= 300 * MS && taken < 300 * MS + SOON);
    CHECK(received > 0 && received < sizeof(buffer));
}

static void sip(void *argument)
{
    static char buffer[20000];
    struct dripping *d = argument;

    while (!atomic_load(&d->done)) {
        (void)(pier_recv(d->s, buffer, sizeof(buffer), PIER_MSG_DONTWAIT) < 0);
        sleep_ms(20);
    }
}

static void a_slow_reader_does_not_extend_the_time_of_sendall(void **state)
{
    enum {
        LARGE = 64 << 20
    };
    struct pier_socket *ends[2];
    struct dripping d;
    struct test_thread *thread;
    char *data = test_calloc(1, LARGE);
    size_t sent = 0;
    int64_t begin;
    int64_t taken;

    (void)state;
    open_streams(PIER_AF_INET, ends);
    d = (struct dripping){ .s = ends[1] };
    CHECK_OK(pier_settimeout(ends[0], 300 * MS));
    thread = thread_start(sip, &d);
    begin = pier_monotonic();
    CHECK_ERR(pier_sendall(ends[0], data, LARGE, 0, &sent), PIER_EDEADLINE);
    taken = pier_monotonic() - begin;
    atomic_store(&d.done, true);
    thread_join(thread);
    CHECK(taken >= 300 * MS && taken < 300 * MS + SOON);
    CHECK(sent > 0 && sent < LARGE);
    test_free(data);
}

static void new_sockets_have_the_default_timeout(void **state)
{
    struct pier_socket *ends[2];

    (void)state;
    CHECK_INT(pier_getdefaulttimeout(), PIER_FOREVER);
    CHECK_OK(pier_setdefaulttimeout(30 * MS));
    open_streams(PIER_AF_INET, ends);
    CHECK_OK(pier_setdefaulttimeout(INT64_MIN));
    CHECK_INT(pier_getdefaulttimeout(), PIER_FOREVER);
    for (int i = 0; i < 2; i++) {
        char byte;

        CHECK_INT(pier_gettimeout(ends[i]), 30 * MS);
        CHECK_INT(pier_get_send_timeout(ends[i]), 30 * MS);
        CHECK_ERR(pier_recv(ends[i], &byte, 1, 0), PIER_EDEADLINE);
    }
}

static void each_direction_has_its_timeout(void **state)
{
    struct pier_socket *ends[2];
    char byte;

    (void)state;
    open_streams(PIER_AF_INET, ends);
    CHECK_OK(pier_set_recv_timeout(ends[0], 20 * MS));
    CHECK_INT(pier_get_send_timeout(ends[0]), PIER_FOREVER);
    CHECK_ERR(pier_recv(ends[0], &byte, 1, 0), PIER_EDEADLINE);
    CHECK_OK(pier_set_recv_timeout(ends[0], PIER_FOREVER));
    CHECK_OK(pier_set_send_timeout(ends[0], 20 * MS));
    CHECK_INT(pier_get_recv_timeout(ends[0]), PIER_FOREVER);
    fill(ends[0]);
    CHECK_ERR(pier_send(ends[0], "x", 1, 0), PIER_EDEADLINE);
}

static void the_earlier_of_deadline_and_timeout_wins(void **state)
{
    struct pier_socket *ends[2];
    int64_t begin = pier_monotonic();
    char byte;

    (void)state;
    open_streams(PIER_AF_INET, ends);
    CHECK_OK(pier_set_deadline(ends[0], begin + 60 * MS));
    CHECK_ERR(pier_recv(ends[0], &byte, 1, 0), PIER_EDEADLINE);
    CHECK(pier_monotonic() - begin >= 60 * MS);
    /* It has passed: nothing waits, but what is there is received. */
    CHECK_ERR(pier_recv(ends[0], &byte, 1, 0), PIER_EDEADLINE);
    CHECK_INT(pier_send(ends[1], "x", 1, 0), 1);
    CHECK_OK(pier_set_deadline(ends[0], pier_monotonic() + 60 * SECOND));
    CHECK_INT(pier_recv(ends[0], &byte, 1, 0), 1);
    check_short(ends[0], 20 * MS);
    CHECK_OK(pier_set_deadline(ends[0], 0));
    CHECK_ERR(pier_set_deadline(ends[0], -1), PIER_EINVAL);
    CHECK(pier_monotonic() - begin < SOON);
}

static void a_receive_after_a_timeout_loses_nothing(void **state)
{
    struct pier_socket *ends[2];

    (void)state;
    open_streams(PIER_AF_INET, ends);
    check_short(ends[0], 5 * MS);
    CHECK_OK(pier_settimeout(ends[0], PIER_FOREVER));
    CHECK_OK(pier_sendall(ends[1], "later", 5, 0, NULL));
    check_arrives(ends[0], "later");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        NET_TEST(the_shortest_timeouts_are_neither_zero_nor_for_ever),
        NET_TEST(zero_never_blocks),
        NET_TEST(a_connect_that_may_not_block_is_under_way),
        NET_TEST(dontwait_never_blocks_whatever_the_timeout),
        NET_TEST(the_longest_timeouts_do_not_end_early),
        NET_TEST(bytes_that_come_one_by_one_do_not_extend_the_time),
        NET_TEST(a_slow_reader_does_not_extend_the_time_of_sendall),
        NET_TEST(new_sockets_have_the_default_timeout),
        NET_TEST(each_direction_has_its_timeout),
        NET_TEST(the_earlier_of_deadline_and_timeout_wins),
        NET_TEST(a_receive_after_a_timeout_loses_nothing),
    };

    return cmocka_run_group_tests(tests, watch_waits, NULL);
}
