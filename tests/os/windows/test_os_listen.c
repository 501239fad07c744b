/* SPDX-License-Identifier: MIT */
#include "scripted.h"

#include <string.h>

static const int stream = SOCK_STREAM;
static const int datagram = SOCK_DGRAM;
static const int denied = ERROR_ACCESS_DENIED;
static const int deleted = ERROR_NETNAME_DELETED;

static void plan_accept(void)
{
    static const struct sockaddr_in peer = { .sin_family = AF_INET };

    NEXT(accept, .result = SOME_SOCKET + 4, .bytes = &peer,
         .length = sizeof peer);
}

static void q08_an_accepted_handle_is_made_private(void **state)
{
    pier_handle h;

    (void)state;
    plan_accept();
    NEXT(SetHandleInformation, .result = TRUE,
         .when = { ARGUMENT(1, SOME_SOCKET + 4), ARGUMENT(2, INHERITED),
                   ARGUMENT(3, 0) });
    NEXT(ioctlsocket, .result = 0);
    CHECK_OK(pierp_accept(&h, SOME_SOCKET, NULL));
    CHECK_INT(h, SOME_SOCKET + 4);
}

static void q08_who_cannot_be_made_private_is_not_kept(void **state)
{
    pier_handle h = 77;

    (void)state;
    plan_accept();
    NEXT(SetHandleInformation, .result = FALSE, .error = denied);
    NEXT(closesocket, .result = 0, .when = { ARGUMENT(1, SOME_SOCKET + 4) });
    CHECK_ERR(pierp_accept(&h, SOME_SOCKET, NULL), PIER_EACCES);
    CHECK_INT(h, 77);
}

/* Layered providers have handles that the kernel does not know, and so hands
 * on to nobody: the connection is worth more. */
static void q08_a_handle_that_is_none_of_the_kernels_is_kept(void **state)
{
    static const int errors[] = { ERROR_INVALID_HANDLE, ERROR_INVALID_FUNCTION,
                                  ERROR_NOT_SUPPORTED };

    (void)state;
    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++) {
        pier_handle h = 77;

        plan_accept();
        NEXT(SetHandleInformation, .result = FALSE, .error = errors[i]);
        NEXT(ioctlsocket, .result = 0,
             .when = { ARGUMENT(1, SOME_SOCKET + 4) });
        CHECK_OK(pierp_accept(&h, SOME_SOCKET, NULL));
        CHECK_INT(h, SOME_SOCKET + 4);
    }
    CHECK_INT(CALLS(closesocket), 0);
}

static void q09_an_accepted_handle_has_its_own_mode(void **state)
{
    pier_handle h;

    (void)state;
    plan_accept();
    NEXT(SetHandleInformation, .result = TRUE);
    NEXT(ioctlsocket, .result = 0,
         .when = { ARGUMENT(1, SOME_SOCKET + 4), ARGUMENT(2, FIONBIO),
                   ARGUMENT(3, 1) });
    CHECK_OK(pierp_accept(&h, SOME_SOCKET, NULL));
}

static pier_err accept_failing_with(int error)
{
    pier_handle h = 77;
    pier_err err;

    NEXT(accept, .result = -1, .error = error);
    err = pierp_accept(&h, SOME_SOCKET, NULL);
    CHECK_INT(h, 77);
    CHECK_INT(pierp_native_error(), error);
    return err;
}

static void q66_the_error_of_a_dead_connection_ends_no_server(void **state)
{
    (void)state;
    CHECK_ERR(accept_failing_with(WSAECONNRESET), PIER_ECONNABORTED);
    CHECK_ERR(accept_failing_with(WSAECONNABORTED), PIER_ECONNABORTED);
    CHECK_ERR(accept_failing_with(deleted), PIER_ECONNABORTED);
}

static void q117_a_connection_without_a_peer_ends_no_server(void **state)
{
    (void)state;
    CHECK_ERR(accept_failing_with(WSAENOTCONN), PIER_ECONNABORTED);
}

static void q67_a_lack_of_handles_is_told(void **state)
{
    (void)state;
    CHECK_ERR(accept_failing_with(WSAEMFILE), PIER_EMFILE);
    CHECK_ERR(accept_failing_with(WSAENOBUFS), PIER_ENOBUFS);
    CHECK_ERR(accept_failing_with(WSAEWOULDBLOCK), PIER_EAGAIN);
}

static void q112_a_backlog_beyond_two_hundred_is_a_hint(void **state)
{
    static const int pairs[][2] = { { -1, SOMAXCONN }, { 0, 0 },
                                    { 200, 200 },      { 201, -201 },
                                    { 4096, -4096 },   { 100000, -65535 } };

    (void)state;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        NEXT(listen, .result = 0, .when = { ARGUMENT(2, pairs[i][1]) });
        CHECK_OK(pierp_listen(SOME_SOCKET, pairs[i][0]));
    }
}

/* The bind may have been fine. Another one would not help. */
static void q31_a_port_in_use_may_be_told_by_the_listen(void **state)
{
    (void)state;
    NEXT(listen, .result = SOCKET_ERROR, .error = WSAEADDRINUSE);
    CHECK_ERR(pierp_listen(SOME_SOCKET, 5), PIER_EADDRINUSE);
    CHECK_CALLS("listen");
}

static void q27_a_server_takes_its_port_for_itself(void **state)
{
    struct pier_address a = script_loopback(PIER_AF_INET, 80);
    BOOL on;

    (void)state;
    ALWAYS(getsockopt, .bytes = &stream, .length = sizeof stream,
           .when = { ARGUMENT(3, SO_TYPE) });
    NEXT(
        setsockopt, .result = 0,
        .when = { ARGUMENT(2, SOL_SOCKET), ARGUMENT(3, SO_EXCLUSIVEADDRUSE) });
    NEXT(bind, .result = 0);
    CHECK_OK(pierp_bind_server(SOME_SOCKET, &a));
    memcpy(&on, script_call("setsockopt", 0)->kept, sizeof on);
    CHECK_INT(on, TRUE);
    CHECK_INT(CALLS(setsockopt), 1);
}

static void q27_a_refused_exclusion_is_no_silent_sharing(void **state)
{
    struct pier_address a = script_loopback(PIER_AF_INET, 80);

    (void)state;
    ALWAYS(getsockopt, .bytes = &stream, .length = sizeof stream);
    NEXT(setsockopt, .result = SOCKET_ERROR, .error = WSAEINVAL);
    CHECK_ERR(pierp_bind_server(SOME_SOCKET, &a), PIER_EINVAL);
    CHECK_INT(CALLS(bind), 0);
}

/* Nothing opens a port to robbers, whatever is bound how. */
static void q27_the_port_is_never_offered_to_others(void **state)
{
    struct pier_address a = script_loopback(PIER_AF_INET, 0);
    pier_handle h;

    (void)state;
    for (int type = SOCK_STREAM; type <= SOCK_DGRAM; type++) {
        CHECK_OK(pierp_open(&h, AF_INET, type, 0));
        CHECK_OK(pierp_bind_server(h, &a));
        CHECK_OK(pierp_close(h));
        CHECK_OK(pierp_open(&h, AF_INET, type, 0));
        CHECK_OK(pierp_bind(h, &a));
        CHECK_OK(pierp_close(h));
    }
    CHECK_INT(CALLS_WITH(setsockopt, 3, SO_REUSEADDR), 0);
    CHECK_INT(CALLS_WITH(setsockopt, 3, SO_EXCLUSIVEADDRUSE), 1);
}

static void q30_a_port_is_not_shared_where_nobody_balances(void **state)
{
    (void)state;
    CHECK_ERR(pierp_set_reuse_port(SOME_SOCKET), PIER_ENOTSUP);
    CHECK_CALLS("");
}

static pier_handle connect_to(pier_handle listener)
{
    struct pier_address where;
    pier_handle h;
    pier_err err;

    CHECK_OK(pierp_getsockname(listener, &where));
    CHECK_OK(pierp_open(&h, AF_INET, SOCK_STREAM, 0));
    err = pierp_connect(h, &where);
    CHECK(err == PIER_OK || err == PIER_EINPROGRESS);
    return h;
}

/* SIO_LOOPBACK_FAST_PATH, which only helps where both ends ask for it. */
static void q70_no_shortcut_of_the_loopback_is_asked_for(void **state)
{
    struct pier_address a = script_loopback(PIER_AF_INET, 0);
    pier_handle listener, client, accepted;
    unsigned got;

    (void)state;
    CHECK_OK(pierp_open(&listener, AF_INET, SOCK_STREAM, 0));
    CHECK_OK(pierp_bind_server(listener, &a));
    CHECK_OK(pierp_listen(listener, 1));
    client = connect_to(listener);
    CHECK_OK(pierp_wait(listener, PIERP_READ, NULL, 0, -1, &got));
    CHECK_OK(pierp_accept(&accepted, listener, NULL));
    CHECK_INT(CALLS_WITH(WSAIoctl, 2, 0x98000010), 0);
    CHECK_OK(pierp_close(accepted));
    CHECK_OK(pierp_close(client));
    CHECK_OK(pierp_close(listener));
}

static void q94_no_timeout_is_given_to_winsock(void **state)
{
    struct pier_address a = script_loopback(PIER_AF_INET, 0);
    char byte;
    unsigned got;
    pier_handle h;

    (void)state;
    CHECK_OK(pierp_open(&h, AF_INET, SOCK_DGRAM, 0));
    CHECK_OK(pierp_bind_server(h, &a));
    CHECK_OK(pierp_wait(h, PIERP_READ, NULL, 0, 1000, &got));
    CHECK_ERR(pierp_recv(h, &byte, 1, 0), PIER_EAGAIN);
    CHECK_OK(pierp_close(h));
    CHECK_INT(CALLS_WITH(setsockopt, 3, SO_RCVTIMEO), 0);
    CHECK_INT(CALLS_WITH(setsockopt, 3, SO_SNDTIMEO), 0);
}

static void q111_a_flag_of_one_byte_is_widened(void **state)
{
    const char yes = 1;
    int value = -1;
    size_t length = sizeof value;

    (void)state;
    NEXT(getsockopt, .bytes = &yes, .length = 1,
         .when = { ARGUMENT(2, IPPROTO_TCP), ARGUMENT(3, TCP_NODELAY) });
    CHECK_OK(pierp_getsockopt(SOME_SOCKET, IPPROTO_TCP, TCP_NODELAY, &value,
                              &length));
    CHECK_INT(value, 1);
    CHECK_INT(length, sizeof value);
}

static void q111_a_byte_that_was_asked_for_stays_one(void **state)
{
    const char yes = 1;
    char room[4] = { 0, 7, 7, 7 };
    size_t length = 1;

    (void)state;
    NEXT(getsockopt, .bytes = &yes, .length = 1);
    CHECK_OK(pierp_getsockopt(SOME_SOCKET, IPPROTO_TCP, TCP_NODELAY, room,
                              &length));
    CHECK_INT(length, 1);
    CHECK_INT(room[0], 1);
    CHECK_INT(room[1], 7);
}

static void q30_a_datagram_server_shares_nothing(void **state)
{
    struct pier_address a = script_loopback(PIER_AF_INET, 53);

    (void)state;
    ALWAYS(getsockopt, .bytes = &datagram, .length = sizeof datagram);
    NEXT(bind, .result = 0);
    CHECK_OK(pierp_bind_server(SOME_SOCKET, &a));
    CHECK_INT(CALLS(setsockopt), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        OS_TEST(q08_an_accepted_handle_is_made_private),
        OS_TEST(q08_who_cannot_be_made_private_is_not_kept),
        OS_TEST(q08_a_handle_that_is_none_of_the_kernels_is_kept),
        OS_TEST(q09_an_accepted_handle_has_its_own_mode),
        OS_TEST(q27_a_server_takes_its_port_for_itself),
        OS_TEST(q27_a_refused_exclusion_is_no_silent_sharing),
        OS_TEST(q27_the_port_is_never_offered_to_others),
        OS_TEST(q30_a_port_is_not_shared_where_nobody_balances),
        OS_TEST(q30_a_datagram_server_shares_nothing),
        OS_TEST(q31_a_port_in_use_may_be_told_by_the_listen),
        OS_TEST(q66_the_error_of_a_dead_connection_ends_no_server),
        OS_TEST(q67_a_lack_of_handles_is_told),
        OS_TEST(q70_no_shortcut_of_the_loopback_is_asked_for),
        OS_TEST(q94_no_timeout_is_given_to_winsock),
        OS_TEST(q111_a_flag_of_one_byte_is_widened),
        OS_TEST(q111_a_byte_that_was_asked_for_stays_one),
        OS_TEST(q112_a_backlog_beyond_two_hundred_is_a_hint),
        OS_TEST(q117_a_connection_without_a_peer_ends_no_server),
    };

    return cmocka_run_group_tests(tests, script_start, NULL);
}
