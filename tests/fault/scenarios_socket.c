/* SPDX-License-Identifier: MIT */
/* Failures while sockets are made, named, connected and ended. */
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

/* Names, and the whole way of a server by hand. */
static pier_err run_server_by_hand(void)
{
    struct pier_address here = fake_loopback(4000), from = fake_inet(1, 1);
    const struct pier_address none = fake_inet(9, 9);
    struct pier_address name = none;
    struct pier_socket *l, *a = NULL;
    pier_err first = PIER_OK;

    if (failed(&first, pier_open(&l, PIER_AF_INET, PIER_SOCK_STREAM, 0)))
        return first;
    if (!failed(&first, pier_bind(l, &here)) &&
        !failed(&first, pier_listen(l, 4))) {
        fake_incoming(pier_fileno(l), &from, 5 * MS);
        failed(&first, pier_accept(&a, l, NULL));
    }
    CHECK((a != NULL) == (first == PIER_OK));
    if (a && failed(&first, pier_getsockname(a, &name)))
        CHECK(fake_same_address(&name, &none));
    name = none;
    if (a && failed(&first, pier_getpeername(a, &name)))
        CHECK(fake_same_address(&name, &none));
    pier_free(a);
    pier_free(l);
    return first;
}

static pier_err run_create_server(const struct pier_address *here,
                                  const struct pier_server_options *options)
{
    struct pier_socket *l;
    pier_err first = PIER_OK;

    failed(&first, pier_create_server(&l, here, options));
    CHECK((l != NULL) == (first == PIER_OK));
    pier_free(l);
    return first;
}

static pier_err run_server_options(void)
{
    struct pier_server_options options = PIER_SERVER_OPTIONS_INIT;
    struct pier_address here = fake_loopback6(4000);

    options.reuse_port = true;
    options.dualstack = true;
    return run_create_server(&here, &options);
}

/* A path that cannot be looked at is in use, so not every failure is told. */
static pier_err run_stale_path(void)
{
    struct pier_server_options options = PIER_SERVER_OPTIONS_INIT;
    struct pier_address here = fake_path("/run/x");
    pier_err err = run_create_server(&here, NULL);

    if (err)
        return err;
    options.remove_stale_path = true;
    return run_create_server(&here, &options);
}

static pier_err run_close_wait(void)
{
    struct pier_socket *s;
    pier_err first = PIER_OK;

    if (failed(&first, pier_open(&s, PIER_AF_INET, PIER_SOCK_DGRAM, 0)))
        return first;
    failed(&first, pier_close_wait(s, 1 * SECOND));
    CHECK_INT(pier_fileno(s), PIER_INVALID_HANDLE);
    pier_free(s);
    return first;
}

static pier_err run_token(void)
{
    struct pier_cancel *token;
    pier_err first = PIER_OK;

    failed(&first, pier_cancel_new(&token));
    CHECK((token != NULL) == (first == PIER_OK));
    pier_cancel_free(token);
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
    { "open and close", run_open, false },
    { "socketpair", run_pair_of_paths, false },
    { "socketpair over TCP", run_tcp_pair, false },
    { "socketpair over UDP", run_udp_pair, false },
    { "adopt", run_adopt, false },
    { "fromfd and dup", run_fromfd_and_dup, false },
    { "create_server and accept", run_accept, false },
    { "the same, following the timeout", run_following_accept, false },
    { "connect", run_connect, false },
    { "bind, listen, accept and names", run_server_by_hand, false },
    { "create_server, shared and dual-stack", run_server_options, false },
    { "create_server over a stale path", run_stale_path, true },
    { "close_wait", run_close_wait, false },
    { "a token", run_token, false },
};

SCENARIO_GROUP(socket_scenarios, scenarios);
