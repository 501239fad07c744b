/* SPDX-License-Identifier: MIT */
/* Failures while sockets are made, connected, used and ended. */
#include "sweep.h"

#include <pier/connection.h>

static char buffer[64];

static pier_err run_open(void)
{
    struct pier_socket *s = NULL;
    pier_err first = PIER_OK;

    if (failed(&first, pier_open(&s, PIER_AF_INET, PIER_SOCK_STREAM, 0))) {
        CHECK(s == NULL);
        return first;
    }
    failed(&first, pier_close(s));
    pier_free(s);
    return first;
}

static pier_err run_pair(int family, int type)
{
    struct pier_socket *pair[2];
    pier_err first = PIER_OK;

    if (failed(&first, pier_socketpair(pair, family, type, 0))) {
        CHECK(pair[0] == NULL && pair[1] == NULL);
        return first;
    }
    if (!failed(&first, pier_sendall(pair[0], "x", 1, 0, NULL)))
        failed(&first, pier_recvall(pair[1], buffer, 1, 0, NULL));
    pier_free(pair[0]);
    pier_free(pair[1]);
    return first;
}

static pier_err run_adopt(void)
{
    pier_handle h = fake_connected();
    struct pier_socket *s;
    pier_err first = PIER_OK;

    if (failed(&first, pier_adopt(&s, h, -1, -1, -1))) {
        CHECK(s == NULL && fake_is_open(h));
        fake_fail_from(0, PIER_OK);
        CHECK_OK(pierp_close(h));
    }
    pier_free(s);
    return first;
}

static pier_err run_fromfd_and_dup(void)
{
    pier_handle h = fake_connected();
    struct pier_socket *s, *again = NULL;
    pier_err first = PIER_OK;

    if (!failed(&first, pier_fromfd(&s, h, -1, -1, -1)))
        failed(&first, pier_dup(&again, s));
    CHECK(first == PIER_OK || again == NULL);
    CHECK(fake_is_open(h));
    pier_free(again);
    pier_free(s);
    fake_fail_from(0, PIER_OK);
    (void)!pierp_close(h);
    return first;
}

static pier_err run_accept(void)
{
    struct pier_address here = fake_loopback(4000), from = fake_inet(1, 1);
    struct pier_socket *l, *a = NULL;
    pier_err first = PIER_OK;

    if (failed(&first, pier_create_server(&l, &here, NULL))) {
        CHECK(l == NULL);
        return first;
    }
    fake_incoming(pier_fileno(l), &from, 5 * MS);
    failed(&first, pier_accept(&a, l, NULL));
    CHECK((a != NULL) == (first == PIER_OK));
    pier_free(a);
    pier_free(l);
    return first;
}

static pier_err run_following_accept(void)
{
    struct pier_address here = fake_loopback(4000), from = fake_inet(1, 1);
    struct pier_socket *l, *a = NULL;
    pier_err first = PIER_OK;

    CHECK_OK(
        pier_set_default_descriptor_mode(PIER_DESCRIPTOR_FOLLOWS_TIMEOUT));
    if (!failed(&first, pier_create_server(&l, &here, NULL))) {
        fake_incoming(pier_fileno(l), &from, 5 * MS);
        failed(&first, pier_accept(&a, l, NULL));
        pier_free(a);
    }
    CHECK_OK(pier_set_default_descriptor_mode(PIER_DESCRIPTOR_NONBLOCKING));
    pier_free(l);
    return first;
}

static pier_err run_connect(void)
{
    struct pier_address to = fake_inet(9, 80);
    struct pier_socket *s;
    pier_err first = PIER_OK;

    fake_remote_set(&to, FAKE_ACCEPTS, 5 * MS);
    if (failed(&first, pier_open(&s, PIER_AF_INET, PIER_SOCK_STREAM, 0)))
        return first;
    failed(&first, pier_connect(s, &to));
    pier_free(s);
    return first;
}

static pier_err run_exchange(void)
{
    struct pier_socket *s;
    pier_handle h = fake_connected();
    pier_err first = PIER_OK;

    if (failed(&first, pier_adopt(&s, h, -1, -1, -1))) {
        fake_fail_from(0, PIER_OK);
        (void)!pierp_close(h);
        return first;
    }
    fake_send_room(h, 10);
    fake_drain(h, 10, 5 * MS);
    fake_feed(h, "abc", 3, 50 * MS);
    fake_feed(h, "def", 3, 60 * MS);
    if (!failed(&first, pier_sendall(s, buffer, 64, 0, NULL)))
        failed(&first, pier_recvall(s, buffer, 6, 0, NULL));
    pier_free(s);
    return first;
}

static pier_err run_datagrams(void)
{
    struct pier_address here = fake_loopback(4000), from;
    struct pier_socket *s;
    pier_err first = PIER_OK;
    ptrdiff_t n = 0;

    if (failed(&first, pier_open(&s, PIER_AF_INET, PIER_SOCK_DGRAM, 0)))
        return first;
    if (!failed(&first, pier_bind(s, &here)))
        n = pier_sendto(s, "abc", 3, 0, &here);
    if (n > 0)
        n = pier_recvfrom(s, buffer, 8, 0, &from);
    if (n < 0)
        failed(&first, (pier_err)n);
    pier_free(s);
    return first;
}

static pier_err run_cancel(void)
{
    struct pier_cancel *token;
    pier_handle h = fake_connected();
    struct pier_socket *s = NULL;
    pier_err first = PIER_OK;
    ptrdiff_t n;

    if (!failed(&first, pier_cancel_new(&token)) &&
        !failed(&first, pier_adopt(&s, h, -1, -1, -1)) &&
        !failed(&first, pier_set_cancel(s, token))) {
        fake_feed(h, "abc", 3, 5 * MS);
        n = pier_recv(s, buffer, 8, 0);
        if (n < 0)
            failed(&first, (pier_err)n);
    }
    CHECK((token == NULL) == (fake_wakes() == 0));
    pier_free(s);
    pier_cancel_free(token);
    fake_fail_from(0, PIER_OK);
    if (fake_is_open(h))
        (void)!pierp_close(h);
    return first;
}

static pier_err run_pair_of_paths(void)
{
    return run_pair(PIER_AF_UNIX, PIER_SOCK_STREAM);
}

static pier_err run_udp_pair(void)
{
    return run_pair(PIER_AF_INET, PIER_SOCK_DGRAM);
}

static pier_err run_tcp_pair(void)
{
    return run_pair(PIER_AF_INET6, PIER_SOCK_STREAM);
}

static const struct scenario scenarios[] = {
    { "open and close", run_open },
    { "socketpair", run_pair_of_paths },
    { "socketpair over TCP", run_tcp_pair },
    { "socketpair over UDP", run_udp_pair },
    { "adopt", run_adopt },
    { "fromfd and dup", run_fromfd_and_dup },
    { "create_server and accept", run_accept },
    { "the same, following the timeout", run_following_accept },
    { "connect", run_connect },
    { "sendall and recvall", run_exchange },
    { "datagrams", run_datagrams },
    { "a receive with a token", run_cancel },
};

static void every_failure_is_told_and_leaks_nothing(void **state)
{
    (void)state;
    sweep_all(scenarios, sizeof(scenarios) / sizeof(scenarios[0]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_FAKE(every_failure_is_told_and_leaks_nothing),
    };

    return cmocka_run_group_tests_name("fault.socket", tests, NULL, NULL);
}
