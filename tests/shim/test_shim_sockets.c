/* SPDX-License-Identifier: MIT */
/* Failures while real sockets are made, connected, used and ended. */
#include "platform.h"
#include "sweep.h"

#include <string.h>

static char sent[200], buffer[200];

static pier_err run_open(int family, int type)
{
    struct pier_socket *s = NULL;
    pier_err first = PIER_OK;

    if (failed(&first, pier_open(&s, family, type, 0))) {
        CHECK(s == NULL);
        return first;
    }
    failed(&first, pier_close(s));
    CHECK(pier_fileno(s) == PIER_INVALID_HANDLE);
    pier_free(s);
    return first;
}

static pier_err run_open_tcp(void)
{
    return run_open(PIER_AF_INET, PIER_SOCK_STREAM);
}

static pier_err run_open_udp(void)
{
    return run_open(PIER_AF_INET, PIER_SOCK_DGRAM);
}

/* The failing end of both is left as it was: it can be closed. */
static pier_err run_connect_and_accept(void)
{
    struct pier_address here = any_port(PIER_AF_INET);
    struct pier_socket *l = NULL, *c = NULL, *a = NULL;
    pier_err first = PIER_OK;

    if (!failed(&first, pier_create_server(&l, &here, NULL)) &&
        !failed(&first, pier_getsockname(l, &here)) &&
        !failed(&first, pier_open(&c, PIER_AF_INET, PIER_SOCK_STREAM, 0)) &&
        !failed(&first, pier_connect(c, &here))) {
        failed(&first, pier_accept(&a, l, NULL));
        CHECK((a != NULL) == (first == PIER_OK));
    }
    CHECK(l != NULL || first != PIER_OK);
    pier_free(a);
    pier_free(c);
    pier_free(l);
    return first;
}

/* The same, each step by itself and after the timeout's own mode. */
static pier_err run_following_mode(void)
{
    struct pier_address here = any_port(PIER_AF_INET);
    struct pier_socket *l = NULL, *c = NULL, *a = NULL;
    pier_err first = PIER_OK;

    CHECK_OK(
        pier_set_default_descriptor_mode(PIER_DESCRIPTOR_FOLLOWS_TIMEOUT));
    if (!failed(&first, pier_open(&l, PIER_AF_INET, PIER_SOCK_STREAM, 0)) &&
        !failed(&first, pier_bind(l, &here)) &&
        !failed(&first, pier_listen(l, 4)) &&
        !failed(&first, pier_getsockname(l, &here)) &&
        !failed(&first, pier_open(&c, PIER_AF_INET, PIER_SOCK_STREAM, 0)) &&
        !failed(&first, pier_connect(c, &here)))
        failed(&first, pier_accept(&a, l, NULL));
    CHECK_OK(pier_set_default_descriptor_mode(PIER_DESCRIPTOR_NONBLOCKING));
    pier_free(a);
    pier_free(c);
    pier_free(l);
    return first;
}

/* What came is exactly the beginning of what was sent. */
static void check_received(size_t received)
{
    CHECK(received <= sizeof(sent));
    CHECK(memcmp(sent, buffer, received) == 0);
}

static pier_err exchange(struct pier_socket *pair[2])
{
    pier_err first = PIER_OK;
    size_t n = 0;

    for (size_t i = 0; i < sizeof(sent); i++)
        sent[i] = (char)('a' + i % 26);
    memset(buffer, 0, sizeof(buffer));
    if (failed(&first, pier_sendall(pair[0], sent, sizeof(sent), 0, &n))) {
        CHECK(n <= sizeof(sent));
        return first;
    }
    CHECK_INT(n, sizeof(sent));
    failed(&first, pier_recvall(pair[1], buffer, sizeof(sent), 0, &n));
    CHECK(n == sizeof(sent) || first != PIER_OK);
    check_received(n);
    return first;
}

static pier_err run_pair(int family)
{
    struct pier_socket *pair[2];
    pier_err first = PIER_OK;

    if (failed(&first, pier_socketpair(pair, family, PIER_SOCK_STREAM, 0))) {
        CHECK(pair[0] == NULL && pair[1] == NULL);
        return first;
    }
    first = exchange(pair);
    failed(&first, pier_shutdown(pair[0], PIER_SHUT_WR));
    if (!first)
        failed(&first, pier_recv(pair[1], buffer, 1, 0));
    pier_free(pair[0]);
    pier_free(pair[1]);
    return first;
}

static pier_err run_any_pair(void)
{
    return run_pair(PIER_AF_UNSPEC);
}

static pier_err run_tcp_pair(void)
{
    return run_pair(PIER_AF_INET);
}

/* What arrives comes while the call waits. */
static pier_err run_waiting(struct pier_cancel *token)
{
    struct pier_socket *pair[2];
    struct peer *peer;
    pier_err first = PIER_OK;
    size_t n = 0;

    if (failed(&first,
               pier_socketpair(pair, PIER_AF_INET, PIER_SOCK_STREAM, 0)))
        return first;
    if (token)
        failed(&first, pier_set_cancel(pair[1], token));
    peer = start_peer(pair[0], "abc", 3);
    if (!first)
        failed(&first, pier_recvall(pair[1], buffer, 3, 0, &n));
    await_peer(peer);
    CHECK(memcmp(buffer, "abc", n) == 0);
    CHECK(first != PIER_OK || n == 3);
    pier_free(pair[0]);
    pier_free(pair[1]);
    return first;
}

static pier_err run_recvall(void)
{
    return run_waiting(NULL);
}

static pier_err run_with_token(void)
{
    struct pier_cancel *token;
    pier_err first = PIER_OK;

    if (failed(&first, pier_cancel_new(&token))) {
        CHECK(token == NULL);
        return first;
    }
    first = run_waiting(token);
    pier_cancel_free(token);
    return first;
}

/* A poll that fails has told nothing; what it waited for is still there. */
static pier_err run_poll(void)
{
    struct pier_socket *pair[2];
    struct pier_pollitem items[2] = { { .events = PIER_POLLIN },
                                      { .events = PIER_POLLPRI } };
    struct peer *peer;
    pier_err first = PIER_OK;
    ptrdiff_t n;

    if (failed(&first,
               pier_socketpair(pair, PIER_AF_INET, PIER_SOCK_STREAM, 0)))
        return first;
    items[0].socket = pair[1];
    items[1].socket = pair[0];
    peer = start_peer(pair[0], "abc", 3);
    n = pier_poll(items, 2, PIER_FOREVER, NULL);
    if (!failed(&first, n)) {
        CHECK_INT(n, 1);
        CHECK_INT(items[0].revents, PIER_POLLIN);
    } else {
        CHECK_INT(items[0].revents, 0);
    }
    CHECK_INT(items[1].revents, 0);
    await_peer(peer);
    if (!first) {
        failed(&first,
               pier_wait_for(pair[1], PIER_POLLIN, PIER_FOREVER, NULL));
    }
    pier_free(pair[0]);
    pier_free(pair[1]);
    return first;
}

static pier_err run_datagrams(void)
{
    struct pier_address here = any_port(PIER_AF_INET), from;
    struct pier_socket *s;
    pier_err first = PIER_OK;

    if (failed(&first, pier_open(&s, PIER_AF_INET, PIER_SOCK_DGRAM, 0)))
        return first;
    if (!failed(&first, pier_bind(s, &here)) &&
        !failed(&first, pier_getsockname(s, &here)) &&
        !failed(&first, pier_sendto(s, "abc", 3, 0, &here)) &&
        !failed(&first, pier_recvfrom(s, buffer, 8, 0, &from))) {
        CHECK(memcmp(buffer, "abc", 3) == 0 &&
              pier_address_equal(&from, &here));
    }
    pier_free(s);
    return first;
}

static struct pier_buffer halves[2] = { { buffer, 2 }, { buffer + 2, 6 } };

static pier_err run_messages(void)
{
    struct pier_socket *pair[2];
    struct pier_message m = { .buffers = halves, .buffer_count = 2 };
    pier_err first = PIER_OK;
    ptrdiff_t n;

    if (failed(&first,
               pier_socketpair(pair, PIER_AF_INET, PIER_SOCK_STREAM, 0)))
        return first;
    memcpy(buffer, "01234567", 8);
    if (!failed(&first, pier_sendmsg(pair[0], &m, 0))) {
        memset(buffer, 0, 8);
        n = pier_recvmsg(pair[1], &m, PIER_MSG_WAITALL);
        CHECK(failed(&first, n) || n == 8);
        CHECK(n < 0 || memcmp(buffer, "01234567", 8) == 0);
    }
    pier_free(pair[0]);
    pier_free(pair[1]);
    return first;
}

static void exchange_batches(struct pier_socket *s, struct pier_address *here,
                             pier_err *first)
{
    struct pier_datagram d[3];
    ptrdiff_t n;

    for (size_t i = 0; i < 3; i++) {
        d[i].message = (struct pier_message){ .address = here,
                                              .buffers = halves,
                                              .buffer_count = 2 };
    }
    n = pier_sendmmsg(s, d, 3, 0);
    if (!failed(first, n)) {
        CHECK_INT(n, 3);
        n = pier_recvmmsg(s, d, 3, 0);
        CHECK(failed(first, n) || (n == 3 && d[2].result == 8));
    }
}

static pier_err run_batches(void)
{
    struct pier_address here = any_port(PIER_AF_INET);
    struct pier_socket *s;
    pier_err first = PIER_OK;

    if (failed(&first, pier_open(&s, PIER_AF_INET, PIER_SOCK_DGRAM, 0)))
        return first;
    if (!failed(&first, pier_bind(s, &here)) &&
        !failed(&first, pier_getsockname(s, &here)))
        exchange_batches(s, &here, &first);
    pier_free(s);
    return first;
}

static pier_err run_udp_pair(void)
{
    struct pier_socket *pair[2];
    pier_err first = PIER_OK;

    if (failed(&first,
               pier_socketpair(pair, PIER_AF_INET, PIER_SOCK_DGRAM, 0)))
        return first;
    if (!failed(&first, pier_send(pair[0], "abc", 3, 0)))
        failed(&first, pier_recv(pair[1], buffer, 8, 0));
    pier_free(pair[0]);
    pier_free(pair[1]);
    return first;
}

/* Who owned the handle owns it still when a step fails. */
static pier_err run_dup_detach_adopt(void)
{
    struct pier_socket *s, *again = NULL, *third = NULL;
    pier_handle h;
    pier_err first = PIER_OK;

    if (failed(&first, pier_open(&s, PIER_AF_INET, PIER_SOCK_DGRAM, 0)))
        return first;
    if (failed(&first, pier_dup(&again, s)))
        CHECK(again == NULL && pier_fileno(s) != PIER_INVALID_HANDLE);
    h = pier_detach(s);
    CHECK(h != PIER_INVALID_HANDLE);
    pier_free(s);
    if (!failed(&first, pier_adopt(&s, h, -1, -1, -1))) {
        CHECK_INT(pier_fileno(s), h);
        CHECK_INT(pier_type(s), PIER_SOCK_DGRAM);
        failed(&first, pier_fromfd(&third, h, -1, -1, -1));
    } else {
        unsigned n = shim_calls();

        CHECK(s == NULL);
        shim_fail(0, PIER_OK, false);
        CHECK_OK(pier_adopt(&s, h, -1, -1, -1));
        CHECK(n > 0);
    }
    pier_free(third);
    pier_free(again);
    pier_free(s);
    return first;
}

static const struct scenario scenarios[] = {
    { "open and close", run_open_tcp, false },
    { "the same for datagrams", run_open_udp, false },
    { "connect and accept", run_connect_and_accept, false },
    { "the same, following the timeout", run_following_mode, false },
    { "sendall and recvall over a pair", run_any_pair, true },
    { "the same over TCP", run_tcp_pair, false },
    { "a recvall that waits", run_recvall, false },
    { "the same with a token", run_with_token, false },
    { "poll and wait_for", run_poll, false },
    { "sendto and recvfrom", run_datagrams, false },
    { "sendmsg and recvmsg", run_messages, false },
    { "sendmmsg and recvmmsg", run_batches, false },
    { "a pair of datagram sockets", run_udp_pair, false },
    { "dup, detach, adopt, fromfd", run_dup_detach_adopt, false },
};

static const enum shim_function met[] = {
    SHIM_START,    SHIM_ALLOC,       SHIM_THREAD_STORAGE,
    SHIM_WAKE_NEW, SHIM_THREAD_WAKE, SHIM_WAIT,
    SHIM_POLL,     SHIM_OPEN,        SHIM_PAIR,
    SHIM_ADOPT,    SHIM_DUP,         SHIM_CLOSE,
    SHIM_BIND,     SHIM_BIND_SERVER, SHIM_LISTEN,
    SHIM_ACCEPT,   SHIM_CONNECT,     SHIM_CONNECT_RESULT,
    SHIM_SHUTDOWN, SHIM_RECV,        SHIM_SEND,
    SHIM_RECVFROM, SHIM_SENDTO,      SHIM_RECVMSG,
    SHIM_SENDMSG,  SHIM_RECVMMSG,    SHIM_SENDMMSG,
};
/* Where the mode of a handle can follow its timeout. */
static const enum shim_function met_mode[] = { SHIM_SET_NONBLOCKING };

static void every_failure_is_told_and_leaks_nothing(void **state)
{
    (void)state;
    sweep_all(scenarios, COUNT_OF(scenarios));
    check_swept(met, COUNT_OF(met));
    if (pierp_mode_follows)
        check_swept(met_mode, COUNT_OF(met_mode));
}

static void what_disturbs_changes_nothing(void **state)
{
    (void)state;
    disturb_all(scenarios, COUNT_OF(scenarios));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_failure_is_told_and_leaks_nothing),
        cmocka_unit_test(what_disturbs_changes_nothing),
    };

    return cmocka_run_group_tests_name("shim.sockets", tests, NULL, NULL);
}
