/* SPDX-License-Identifier: MIT */
/* Deadlines, cancel and close on real sockets while waits end for nothing,
 * signals interrupt and every call takes its time. */
#include "sweep.h"
#include "thread.h"

#define LIMIT   (40 * MS)
#define AT_MOST (2 * SECOND)

static struct pier_socket *pair[2];
static char buffer[8];

static int open_pair(void **state)
{
    (void)state;
    shim_clear();
    CHECK_OK(pier_socketpair(pair, PIER_AF_INET, PIER_SOCK_STREAM, 0));
    return 0;
}

static int free_pair(void **state)
{
    (void)state;
    shim_clear();
    pier_free(pair[0]);
    pier_free(pair[1]);
    return 0;
}

static void check_ends_in_time(pier_err code)
{
    int64_t begin = pier_monotonic(), took;

    CHECK_OK(pier_settimeout(pair[1], LIMIT));
    CHECK_ERR(pier_recv(pair[1], buffer, sizeof(buffer), 0), code);
    took = pier_monotonic() - begin;
    CHECK(took >= LIMIT && took < AT_MOST);
}

static void a_deadline_holds_whatever_ends_the_waits(void **state)
{
    const unsigned all = SHIM_EARLY | SHIM_SPURIOUS | SHIM_WOKEN;

    (void)state;
    for (unsigned kinds = 1; kinds <= all; kinds++) {
        shim_clear();
        shim_disturb(kinds);
        check_ends_in_time(PIER_EDEADLINE);
        CHECK(shim_disturbances() > 0);
    }
}

static void a_deadline_holds_when_every_call_is_slow(void **state)
{
    (void)state;
    shim_delay(SHIM_WAIT, 15);
    shim_delay(SHIM_RECV, 15);
    check_ends_in_time(PIER_EDEADLINE);
}

static void a_deadline_holds_when_waits_are_interrupted(void **state)
{
    (void)state;
    for (unsigned n = 1; n <= 3; n++) {
        shim_clear();
        shim_fail_function(SHIM_WAIT, 1, PIER_EINTR);
        check_ends_in_time(PIER_EDEADLINE);
        CHECK_INT(shim_failures(), 1);
    }
}

/* A system that takes no more of many bytes may yet take one. */
static void fill_stream(void)
{
    static const char zeros[65536];

    CHECK_OK(pier_settimeout(pair[0], 60 * MS));
    while (pier_send(pair[0], zeros, sizeof(zeros), 0) > 0)
        continue;
    for (size_t piece = sizeof(zeros); piece > 0; piece /= 256) {
        while (pier_send(pair[0], zeros, piece, PIER_MSG_DONTWAIT) > 0)
            continue;
    }
}

static void a_full_stream_obeys_its_deadline_whatever_ends_waits(void **state)
{
    static const char zeros[65536];
    int64_t begin, took;
    size_t sent = 0;

    (void)state;
    fill_stream();
    CHECK_OK(pier_settimeout(pair[0], LIMIT));
    shim_disturb(SHIM_SPURIOUS | SHIM_WOKEN);
    begin = pier_monotonic();
    CHECK_ERR(pier_sendall(pair[0], zeros, sizeof(zeros), 0, &sent),
              PIER_EDEADLINE);
    took = pier_monotonic() - begin;
    CHECK(sent < sizeof(zeros));
    CHECK(took >= LIMIT && took < AT_MOST);
}

static void close_pair_later(void *unused)
{
    (void)unused;
    shim_spare_thread();
    while (shim_waiting() == 0)
        sleep_ms(1);
    CHECK_OK(pier_close(pair[1]));
}

static void a_close_ends_a_wait_that_ends_for_nothing_anyway(void **state)
{
    const unsigned all = SHIM_EARLY | SHIM_SPURIOUS | SHIM_WOKEN;
    struct test_thread *closer;

    (void)state;
    shim_disturb(all);
    closer = thread_start(close_pair_later, NULL);
    CHECK_ERR(pier_recv(pair[1], buffer, sizeof(buffer), 0), PIER_EBADF);
    thread_join(closer);
    CHECK_INT(pier_fileno(pair[1]), PIER_INVALID_HANDLE);
}

static void fire_later(void *token)
{
    shim_spare_thread();
    while (shim_waiting() == 0)
        sleep_ms(1);
    pier_cancel_fire(token);
}

static void a_cancelled_call_leaves_the_socket_usable(void **state)
{
    struct pier_cancel *token;
    struct test_thread *other;

    (void)state;
    CHECK_OK(pier_cancel_new(&token));
    CHECK_OK(pier_set_cancel(pair[1], token));
    shim_disturb(SHIM_EARLY | SHIM_WOKEN);
    other = thread_start(fire_later, token);
    CHECK_ERR(pier_recv(pair[1], buffer, sizeof(buffer), 0), PIER_ECANCELED);
    thread_join(other);
    pier_cancel_reset(token);
    CHECK_INT(pier_send(pair[0], "abc", 3, 0), 3);
    CHECK_INT(pier_recv(pair[1], buffer, sizeof(buffer), 0), 3);
    CHECK_OK(pier_set_cancel(pair[1], NULL));
    pier_cancel_free(token);
}

/* The release waits for the call; the number stays taken until then. */
static void a_slow_call_keeps_its_handle_until_it_has_left(void **state)
{
    struct shim_holdings before = shim_holdings();
    struct test_thread *closer;

    (void)state;
    CHECK_OK(pier_settimeout(pair[1], AT_MOST));
    shim_delay(SHIM_RECV, 30);
    closer = thread_start(close_pair_later, NULL);
    CHECK_ERR(pier_recv(pair[1], buffer, sizeof(buffer), 0), PIER_EBADF);
    thread_join(closer);
    CHECK_INT(shim_holdings().handles, before.handles - 1);
}

static void a_connect_is_asked_for_its_result_after_every_wake_up(void **state)
{
    struct pier_address here = any_port(PIER_AF_INET);
    struct pier_socket *l, *c;

    (void)state;
    CHECK_OK(pier_create_server(&l, &here, NULL));
    CHECK_OK(pier_getsockname(l, &here));
    pier_free(l);
    for (unsigned kinds = 0; kinds < 8; kinds++) {
        shim_disturb(kinds);
        CHECK_OK(pier_open(&c, PIER_AF_INET, PIER_SOCK_STREAM, 0));
        CHECK_ERR(pier_connect(c, &here), PIER_ECONNREFUSED);
        pier_free(c);
    }
}

#define PAIR_TEST(function)                                                   \
    cmocka_unit_test_setup_teardown(function, open_pair, free_pair)

int main(void)
{
    const struct CMUnitTest tests[] = {
        PAIR_TEST(a_deadline_holds_whatever_ends_the_waits),
        PAIR_TEST(a_deadline_holds_when_every_call_is_slow),
        PAIR_TEST(a_deadline_holds_when_waits_are_interrupted),
        PAIR_TEST(a_full_stream_obeys_its_deadline_whatever_ends_waits),
        PAIR_TEST(a_close_ends_a_wait_that_ends_for_nothing_anyway),
        PAIR_TEST(a_cancelled_call_leaves_the_socket_usable),
        PAIR_TEST(a_slow_call_keeps_its_handle_until_it_has_left),
        PAIR_TEST(a_connect_is_asked_for_its_result_after_every_wake_up),
    };

    return cmocka_run_group_tests_name("shim.disturbed", tests, NULL, NULL);
}
