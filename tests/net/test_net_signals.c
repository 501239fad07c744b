/* SPDX-License-Identifier: MIT */
/* Signals that come during calls, and the one that must not. */
#include "blocked.h"
#include "mode.h"

static int stop_signals(void **state)
{
    signal_every(0);
    return free_sockets(state);
}

/* For each call a timed one in a thread of its own; the signals may meet any
 * of them. */
static void check_expiry(pier_timeout t)
{
    const struct blocking_call *which[4] = { find_call("accept", TCP),
                                             find_call("recv", TCP),
                                             find_call("recvall", TCP),
                                             find_call("recvfrom", UDP) };
    struct scene scenes[4];
    struct blocked calls[4];

    for (int i = 0; i < 4; i++) {
        open_scene(which[i], &scenes[i]);
        CHECK_OK(pier_settimeout(scenes[i].s, t));
    }
    for (int i = 1; i < 4; i++)
        start_blocked(&calls[i], which[i]->run, &scenes[i]);
    calls[0].begin = pier_monotonic();
    CHECK_ERR(which[0]->run(&scenes[0]), PIER_EDEADLINE);
    calls[0].end = pier_monotonic();
    for (int i = 0; i < 4; i++) {
        if (i > 0)
            CHECK_ERR(end_blocked(&calls[i]), PIER_EDEADLINE);
        CHECK(calls[i].end - calls[i].begin >= t);
        CHECK(calls[i].end - calls[i].begin < t + SOON);
    }
}

static void signals_do_not_change_when_a_call_ends(void **state)
{
    (void)state;
    if (!signal_every(300))
        skip_because("no signals here");
    check_expiry(PIER_SECONDS(1));
    check_expiry(PIER_SECONDS(3));
    CHECK(signals_seen() >= 10);
}

static void signals_do_not_disturb_a_transfer(void **state)
{
    struct pier_socket *ends[2];
    unsigned before;

    (void)state;
    if (!signal_every(1))
        skip_because("no signals here");
    open_streams(PIER_AF_INET, ends);
    before = signals_seen();
    while (signals_seen() - before < 50) {
        CHECK_OK(pier_sendall(ends[0], "ping", 4, 0, NULL));
        check_arrives(ends[1], "ping");
    }
}

static void write_to_a_dead_peer(struct pier_socket *ends[2])
{
    ptrdiff_t n = 0;

    CHECK_OK(pier_close(ends[1]));
    for (int i = 0; i < 2000 && n >= 0; i++)
        n = pier_send(ends[0], "x", 1, 0);
    CHECK(n == PIER_EPIPE || n == PIER_ECONNRESET);
    n = pier_sendall(ends[0], "x", 1, 0, NULL);
    CHECK(n == PIER_EPIPE || n == PIER_ECONNRESET);
}

/* The signal has its default: it would end this program. */
static void writing_to_a_dead_peer_is_an_error_and_no_signal(void **state)
{
    struct pier_socket *ends[2];

    (void)state;
    if (!sigpipe_kills())
        skip_because("no signals here");
    open_streams(PIER_AF_INET, ends);
    write_to_a_dead_peer(ends);
    open_pair(PIER_AF_UNSPEC, PIER_SOCK_STREAM, ends);
    write_to_a_dead_peer(ends);
    open_streams(PIER_AF_INET, ends);
    CHECK_OK(pier_shutdown(ends[0], PIER_SHUT_WR));
    CHECK_ERR(pier_send(ends[0], "x", 1, 0), PIER_EPIPE);
    CHECK(sigpipe_kills());
}

#define SIGNAL_TEST(function) cmocka_unit_test_teardown(function, stop_signals)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SIGNAL_TEST(signals_do_not_change_when_a_call_ends),
        SIGNAL_TEST(signals_do_not_disturb_a_transfer),
        SIGNAL_TEST(writing_to_a_dead_peer_is_an_error_and_no_signal),
    };

    return cmocka_run_group_tests(tests, watch_waits, NULL);
}
