/* SPDX-License-Identifier: MIT */
#include "wrapped.h"

#include <string.h>

static void q63_an_interrupted_close_is_not_repeated(void **state)
{
    (void)state;
    NEXT(close, .result = -1, .error = EINTR,
         .when = { ARGUMENT(1, SOME_FD) });
    CHECK_OK(pierp_close(SOME_FD));
    CHECK_CALLS("close");
}

/* POSIX 2024 gives the descriptor back with this code. */
static void q63_a_close_in_progress_is_not_repeated(void **state)
{
    (void)state;
    NEXT(close, .result = -1, .error = EINPROGRESS);
    CHECK_OK(pierp_close(SOME_FD));
    CHECK_CALLS("close");
}

static void q65_a_reset_peer_is_no_failure_of_close(void **state)
{
    (void)state;
    NEXT(close, .result = -1, .error = ECONNRESET);
    CHECK_OK(pierp_close(SOME_FD));
    CHECK_CALLS("close");
}

static void q63_a_close_that_fails_is_told_and_not_repeated(void **state)
{
    (void)state;
    NEXT(close, .result = -1, .error = EIO);
    CHECK_ERR(pierp_close(SOME_FD), PIER_EIO);
    CHECK_CALLS("close");
}

static void q112_a_negative_backlog_is_the_largest(void **state)
{
    (void)state;
    NEXT(listen, .result = 0, .when = { ARGUMENT(2, INT_MAX) });
    CHECK_OK(pierp_listen(SOME_FD, -1));
    NEXT(listen, .result = 0, .when = { ARGUMENT(2, 0) });
    CHECK_OK(pierp_listen(SOME_FD, 0));
    NEXT(listen, .result = 0, .when = { ARGUMENT(2, 100000) });
    CHECK_OK(pierp_listen(SOME_FD, 100000));
}

static void q29_a_server_reuses_its_port(void **state)
{
    struct pier_address a = script_loopback(PIER_AF_INET, 80);
    int type = SOCK_STREAM;
    int on;

    (void)state;
    NEXT(getsockopt, .bytes = &type, .length = sizeof type,
         .when = { ARGUMENT(3, SO_TYPE) });
    NEXT(setsockopt, .result = 0,
         .when = { ARGUMENT(2, SOL_SOCKET), ARGUMENT(3, SO_REUSEADDR) });
    NEXT(bind, .result = 0);
    CHECK_OK(pierp_bind_server(SOME_FD, &a));
    memcpy(&on, script_call("setsockopt", 0)->kept, sizeof on);
    CHECK_INT(on, 1);
    CHECK_CALLS("getsockopt setsockopt bind");
}

/* Two datagram sockets with it would share a port, the last one winning. */
static void q30_a_datagram_server_shares_nothing(void **state)
{
    struct pier_address a = script_loopback(PIER_AF_INET, 53);
    int type = SOCK_DGRAM;

    (void)state;
    NEXT(getsockopt, .bytes = &type, .length = sizeof type);
    NEXT(bind, .result = -1, .error = EADDRINUSE);
    CHECK_ERR(pierp_bind_server(SOME_FD, &a), PIER_EADDRINUSE);
    CHECK_CALLS("getsockopt bind");
}

/* The multicast options of BSD. */
static void q77_an_option_of_one_byte_is_widened(void **state)
{
    const unsigned char ttl = 200;
    int value = -1;
    size_t length = sizeof value;

    (void)state;
    NEXT(getsockopt, .bytes = &ttl, .length = 1);
    CHECK_OK(pierp_getsockopt(SOME_FD, IPPROTO_IP, 33, &value, &length));
    CHECK_INT(value, 200);
    CHECK_INT(length, sizeof value);
}

static void q60_a_shutdown_without_peer_is_told(void **state)
{
    (void)state;
    NEXT(shutdown, .result = -1, .error = ENOTCONN,
         .when = { ARGUMENT(2, SHUT_RDWR) });
    CHECK_ERR(pierp_shutdown(SOME_FD, 2), PIER_ENOTCONN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        OS_TEST(q29_a_server_reuses_its_port),
        OS_TEST(q30_a_datagram_server_shares_nothing),
        OS_TEST(q60_a_shutdown_without_peer_is_told),
        OS_TEST(q63_an_interrupted_close_is_not_repeated),
        OS_TEST(q63_a_close_in_progress_is_not_repeated),
        OS_TEST(q63_a_close_that_fails_is_told_and_not_repeated),
        OS_TEST(q65_a_reset_peer_is_no_failure_of_close),
        OS_TEST(q77_an_option_of_one_byte_is_widened),
        OS_TEST(q112_a_negative_backlog_is_the_largest),
    };

    return cmocka_run_group_tests(tests, script_start, NULL);
}
