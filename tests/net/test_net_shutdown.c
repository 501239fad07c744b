/* SPDX-License-Identifier: MIT */
/* What pier_shutdown() ends, and what it leaves alone, on every system. */
#include "blocked.h"

#include <string.h>

#define ROUNDS 3

static const int families[] = { PIER_AF_INET, PIER_AF_INET6, PIER_AF_UNIX };

static bool has_family(int family)
{
    if (family == PIER_AF_UNIX)
        return has_unix();
    return family != PIER_AF_INET6 || has_ipv6();
}

/* Runs it over each family, with the sockets of one at a time. */
static void for_each_family(void (*run)(int family))
{
    for (size_t i = 0; i < COUNT_OF(families); i++) {
        if (!has_family(families[i]))
            continue;
        run(families[i]);
        (void)free_sockets(NULL);
    }
}

static void await_data(struct pier_socket *s)
{
    CHECK(pier_wait_for(s, PIER_POLLIN, SOON, NULL) >= 0);
}

/* Whatever is asked, and however often. */
static void check_nothing_more(struct pier_socket *s)
{
    struct pier_address from;
    char buffer[4];
    size_t received = 9;

    for (int i = 0; i < ROUNDS; i++) {
        CHECK_INT(pier_recv(s, buffer, sizeof(buffer), 0), 0);
        CHECK_INT(pier_recv(s, buffer, 1, PIER_MSG_PEEK), 0);
        CHECK_INT(pier_recv(s, buffer, 1, PIER_MSG_DONTWAIT), 0);
        CHECK_INT(pier_recvfrom(s, buffer, 1, 0, &from), 0);
        CHECK_INT(pier_recvfrom(s, buffer, 1, PIER_MSG_PEEK, &from), 0);
    }
    if (pier_type(s) != PIER_SOCK_STREAM)
        return;
    CHECK_INT(pier_recv(s, buffer, 2, PIER_MSG_WAITALL), 0);
    CHECK_ERR(pier_recvall(s, buffer, 2, 0, &received), PIER_EEOF);
    CHECK_INT(received, 0);
}

/* ------------------------------------------------- calls that wait --- */

static bool is_named(const struct blocking_call *call, const char *prefix)
{
    return strncmp(call->name, prefix, strlen(prefix)) == 0;
}

static long long expected_of(const struct blocking_call *call)
{
    if (is_named(call, "send"))
        return PIER_EPIPE;
    /* These want a known number of bytes. */
    if (is_named(call, "recvall") || is_named(call, "recv_socket"))
        return PIER_EEOF;
    return 0;
}

static void check_woken(const struct blocking_call *call, int how)
{
    struct scene scene;
    struct blocked b;

    start_scene(call, &scene, &b);
    CHECK_OK(pier_shutdown(scene.s, how));
    CHECK_INT(end_blocked(&b), expected_of(call));
    if (scene.first)
        CHECK_INT(end_blocked(scene.first), expected_of(call));
    CHECK_INT(call->run(&scene), expected_of(call));
    (void)free_sockets(NULL);
}

/* Those with a peer; datagram sockets get theirs below. */
static void check_each(const char *prefix, int how)
{
    for (size_t i = 0; i < blocking_call_count; i++) {
        const struct blocking_call *call = &blocking_calls[i];
        bool streams = call->transport & (TCP | TCP6 | PATH);

        if (is_named(call, prefix) && streams && can_run(call))
            check_woken(call, how);
    }
}

static void receives_that_wait_give_0(void **state)
{
    (void)state;
    check_each("recv", PIER_SHUT_RD);
}

static void sends_that_wait_fail(void **state)
{
    (void)state;
    check_each("send", PIER_SHUT_WR);
}

static void both_directions_are_woken_at_once(void **state)
{
    (void)state;
    check_each("recv", PIER_SHUT_RDWR);
    check_each("send", PIER_SHUT_RDWR);
}

static const struct blocking_call *call_over(const char *name, int family)
{
    if (family == PIER_AF_UNIX)
        return find_call(name, PATH);
    return find_call(name, family == PIER_AF_INET6 ? TCP6 : TCP);
}

static void check_all_are_woken(int family)
{
    const struct blocking_call *call = call_over("recv", family);
    struct scene scene;
    struct blocked b[ROUNDS];

    open_scene(call, &scene);
    for (int i = 0; i < ROUNDS; i++)
        start_blocked(&b[i], call->run, &scene);
    await_waits(ROUNDS);
    CHECK_OK(pier_shutdown(scene.s, PIER_SHUT_RD));
    for (int i = 0; i < ROUNDS; i++)
        CHECK_INT(end_blocked(&b[i]), 0);
}

static void every_receive_is_woken(void **state)
{
    (void)state;
    for_each_family(check_all_are_woken);
}

static void check_other_direction(int family)
{
    struct pier_socket *ends[2];
    struct scene scene = { NULL };
    struct blocked b;

    open_streams(family, ends);
    scene.s = ends[0];
    start_blocked(&b, find_call("recv", TCP)->run, &scene);
    await_waits(1);
    CHECK_OK(pier_shutdown(ends[0], PIER_SHUT_WR));
    CHECK_INT(pier_send(ends[1], "r", 1, 0), 1);
    CHECK_INT(end_blocked(&b), 1);
}

static void the_other_direction_goes_on_waiting(void **state)
{
    (void)state;
    for_each_family(check_other_direction);
}

/* A call that had to wait makes the next one wait first. */
static void check_after_a_wait(int family)
{
    struct pier_socket *ends[2];
    char byte;

    open_streams(family, ends);
    CHECK_OK(pier_settimeout(ends[0], 20 * MS));
    CHECK_ERR(pier_recv(ends[0], &byte, 1, 0), PIER_EDEADLINE);
    CHECK_OK(pier_settimeout(ends[0], PIER_FOREVER));
    CHECK_OK(pier_shutdown(ends[0], PIER_SHUT_RD));
    check_nothing_more(ends[0]);
    fill(ends[0]);
    CHECK_OK(pier_shutdown(ends[0], PIER_SHUT_WR));
    CHECK_ERR(pier_send(ends[0], "x", 1, 0), PIER_EPIPE);
    CHECK_ERR(pier_sendall(ends[0], "x", 1, 0, NULL), PIER_EPIPE);
}

static void a_call_after_one_that_waited_ends_at_once(void **state)
{
    (void)state;
    for_each_family(check_after_a_wait);
}

/* ------------------------------------------------------------ data --- */

static void check_unread(int family)
{
    struct pier_socket *ends[2];

    open_streams(family, ends);
    CHECK_INT(pier_send(ends[1], "abc", 3, 0), 3);
    await_data(ends[0]);
    CHECK_OK(pier_shutdown(ends[0], PIER_SHUT_RD));
    check_nothing_more(ends[0]);
}

/* Linux would still hand it out. */
static void what_was_not_read_is_received_no_more(void **state)
{
    (void)state;
    for_each_family(check_unread);
}

/* The peer may learn of it, by an error of its own. */
static void check_later(int family)
{
    struct pier_socket *ends[2];
    ptrdiff_t n;

    open_streams(family, ends);
    CHECK_OK(pier_shutdown(ends[0], PIER_SHUT_RD));
    CHECK_INT(pier_send(ends[0], "s", 1, 0), 1);
    check_arrives(ends[1], "s");
    n = pier_send(ends[1], "later", 5, 0);
    CHECK(n == 5 || n == PIER_EPIPE || n == PIER_ECONNRESET);
    check_nothing_more(ends[0]);
}

static void what_comes_later_is_not_received(void **state)
{
    (void)state;
    for_each_family(check_later);
}

static void check_rest(int family)
{
    struct pier_socket *ends[2];
    char buffer[8];

    open_streams(family, ends);
    CHECK_INT(pier_send(ends[1], "abc", 3, 0), 3);
    CHECK_OK(pier_shutdown(ends[1], PIER_SHUT_RDWR));
    CHECK_OK(pier_shutdown(ends[0], PIER_SHUT_WR));
    CHECK_INT(pier_recv(ends[0], buffer, 8, PIER_MSG_WAITALL), 3);
    CHECK_INT(pier_recv(ends[0], buffer, 8, 0), 0);
}

static void what_was_sent_before_arrives(void **state)
{
    (void)state;
    for_each_family(check_rest);
}

static void check_again(int family)
{
    struct pier_socket *ends[2];

    open_streams(family, ends);
    for (int again = 0; again < 2; again++) {
        for (int how = PIER_SHUT_RD; how <= PIER_SHUT_RDWR; how++)
            CHECK_OK(pier_shutdown(ends[0], how));
    }
    check_nothing_more(ends[0]);
    CHECK_ERR(pier_send(ends[0], "x", 1, 0), PIER_EPIPE);
    check_nothing_more(ends[1]);
}

static void what_is_shut_down_can_be_again(void **state)
{
    (void)state;
    for_each_family(check_again);
}

/* ------------------------------------------------ what has no peer --- */

static void check_refused(struct pier_socket *s)
{
    for (int how = PIER_SHUT_RD; how <= PIER_SHUT_RDWR; how++)
        CHECK_ERR(pier_shutdown(s, how), PIER_ENOTCONN);
}

static void check_unconnected(int family)
{
    check_refused(open_socket(family, PIER_SOCK_STREAM));
    check_refused(open_bound(family, PIER_SOCK_STREAM));
}

static void what_never_had_a_peer_is_refused(void **state)
{
    (void)state;
    for_each_family(check_unconnected);
}

static void check_listener(int family)
{
    struct scene scene;
    struct blocked b;

    start_scene(call_over("accept", family), &scene, &b);
    check_refused(scene.s);
    CHECK_OK(
        pier_connect(open_socket(family, PIER_SOCK_STREAM), &scene.address));
    CHECK_INT(end_blocked(&b), PIER_OK);
}

static void a_listener_goes_on_accepting(void **state)
{
    (void)state;
    for_each_family(check_listener);
}

static void a_connect_goes_on(void **state)
{
    struct scene scene;
    struct blocked b;

    (void)state;
    start_scene(find_call("connect", TCP), &scene, &b);
    check_refused(scene.s);
    CHECK_INT(waits_now(), 1);
    check_refused(scene.s);
    CHECK_OK(pier_close(scene.s));
    CHECK_ERR(end_blocked(&b), PIER_EBADF);
}

/* ------------------------------------------------------- datagrams --- */

static void check_unconnected_datagrams(int family)
{
    struct pier_socket *ends[2];
    struct scene scene = { NULL };
    struct pier_address to;
    struct blocked b;

    open_datagrams(family, ends);
    scene.s = ends[0];
    to = name_of(ends[0]);
    start_blocked(&b, find_call("recv", UDP)->run, &scene);
    await_waits(1);
    check_refused(ends[0]);
    CHECK_INT(pier_sendto(ends[1], "d", 1, 0, &to), 1);
    CHECK_INT(end_blocked(&b), 1);
}

static void datagrams_without_a_peer_go_on(void **state)
{
    (void)state;
    for_each_family(check_unconnected_datagrams);
}

static void connect_datagrams(int family, struct pier_socket *ends[2])
{
    struct pier_address names[2];

    open_datagrams(family, ends);
    for (int i = 0; i < 2; i++)
        names[i] = name_of(ends[i]);
    for (int i = 0; i < 2; i++)
        CHECK_OK(pier_connect(ends[i], &names[1 - i]));
}

static void check_waiting_datagrams(int family)
{
    static const char *const names[] = { "recv", "recvfrom" };

    for (size_t i = 0; i < COUNT_OF(names); i++) {
        struct pier_socket *ends[2];
        struct scene scene = { NULL };
        struct blocked b;

        connect_datagrams(family, ends);
        scene.s = ends[0];
        start_blocked(&b, find_call(names[i], UDP)->run, &scene);
        await_waits(1);
        CHECK_OK(pier_shutdown(ends[0], PIER_SHUT_RD));
        CHECK_INT(end_blocked(&b), 0);
        check_nothing_more(ends[0]);
    }
}

static void receives_of_datagrams_are_woken(void **state)
{
    (void)state;
    for_each_family(check_waiting_datagrams);
}

static void check_directions_of_datagrams(int family)
{
    struct pier_socket *ends[2];
    char byte;

    connect_datagrams(family, ends);
    CHECK_INT(pier_send(ends[1], "u", 1, 0), 1);
    await_data(ends[0]);
    CHECK_OK(pier_shutdown(ends[0], PIER_SHUT_RD));
    check_nothing_more(ends[0]);
    CHECK_INT(pier_send(ends[0], "s", 1, 0), 1);
    CHECK_INT(pier_recv(ends[1], &byte, 1, 0), 1);
    CHECK_OK(pier_shutdown(ends[0], PIER_SHUT_WR));
    CHECK_OK(pier_shutdown(ends[0], PIER_SHUT_RDWR));
    CHECK_ERR(pier_send(ends[0], "x", 1, 0), PIER_EPIPE);
    check_nothing_more(ends[0]);
}

static void directions_of_datagrams_end_one_by_one(void **state)
{
    (void)state;
    for_each_family(check_directions_of_datagrams);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        NET_TEST(receives_that_wait_give_0),
        NET_TEST(sends_that_wait_fail),
        NET_TEST(both_directions_are_woken_at_once),
        NET_TEST(every_receive_is_woken),
        NET_TEST(the_other_direction_goes_on_waiting),
        NET_TEST(a_call_after_one_that_waited_ends_at_once),
        NET_TEST(what_was_not_read_is_received_no_more),
        NET_TEST(what_comes_later_is_not_received),
        NET_TEST(what_was_sent_before_arrives),
        NET_TEST(what_is_shut_down_can_be_again),
        NET_TEST(what_never_had_a_peer_is_refused),
        NET_TEST(a_listener_goes_on_accepting),
        NET_TEST(a_connect_goes_on),
        NET_TEST(datagrams_without_a_peer_go_on),
        NET_TEST(receives_of_datagrams_are_woken),
        NET_TEST(directions_of_datagrams_end_one_by_one),
    };

    return cmocka_run_group_tests_name("shutdown", tests, watch_waits, NULL);
}
