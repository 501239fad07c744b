/* SPDX-License-Identifier: MIT */
#include "wrapped.h"

#include <string.h>

static const int none;

static void q46_an_interrupted_connect_goes_on(void **state)
{
    struct pier_address a = script_loopback(PIER_AF_INET, 80);

    (void)state;
    NEXT(connect, .result = -1, .error = EINTR);
    CHECK_ERR(pierp_connect(SOME_FD, &a), PIER_EINPROGRESS);
    CHECK_CALLS("connect");
}

static void q22_a_connect_under_way_is_told_from_a_second_one(void **state)
{
    struct pier_address a = script_loopback(PIER_AF_INET, 80);

    (void)state;
    NEXT(connect, .result = -1, .error = EINPROGRESS);
    CHECK_ERR(pierp_connect(SOME_FD, &a), PIER_EINPROGRESS);
    NEXT(connect, .result = -1, .error = EALREADY);
    CHECK_ERR(pierp_connect(SOME_FD, &a), PIER_EALREADY);
}

/* A peer took it for a connect that is under way. */
static void an_error_that_nobody_knows_is_a_failure(void **state)
{
    struct pier_address a = script_loopback(PIER_AF_INET, 80);

    (void)state;
    NEXT(connect, .result = -1, .error = 9999);
    CHECK_ERR(pierp_connect(SOME_FD, &a), PIER_EUNKNOWN);
    CHECK_INT(pierp_native_error(), 9999);
    CHECK_CALLS("connect");
}

static void q33_the_unspecified_address_is_made_loopback(void **state)
{
    static const unsigned char any[4];
    struct pier_address a = script_inet(any, 80);
    struct pier_address before = a;
    struct pier_address loopback = script_loopback(PIER_AF_INET, 80);

    (void)state;
    NEXT(connect, .result = 0, .when = { ARGUMENT(3, loopback.length) });
    CHECK_OK(pierp_connect(SOME_FD, &a));
    CHECK(memcmp(script_call("connect", 0)->kept, loopback.storage.bytes,
                 loopback.length) == 0);
    CHECK(script_is_same(&a, &before));
}

static void q23_an_error_that_is_told_once_is_enough(void **state)
{
    int refused = ECONNREFUSED;

    (void)state;
    NEXT(getsockopt, .bytes = &refused, .length = sizeof refused,
         .when = { ARGUMENT(3, SO_ERROR) });
    CHECK_ERR(pierp_connect_result(SOME_FD), PIER_ECONNREFUSED);
    CHECK_INT(pierp_native_error(), ECONNREFUSED);
    CHECK_INT(script_call("getsockopt", 0)->room, sizeof(int));
    CHECK_CALLS("getsockopt");
}

/* No peer, nothing to wait for, no reason: it did not succeed. */
static void q23_an_error_that_somebody_else_took_is_no_success(void **state)
{
    (void)state;
    ALWAYS(getsockopt, .bytes = &none, .length = sizeof none,
           .when = { ARGUMENT(3, SO_ERROR) });
    NEXT(getpeername, .result = -1, .error = ENOTCONN);
    NEXT(poll, .result = 1, .when = { ARGUMENT(3, 0) });
    CHECK_ERR(pierp_connect_result(SOME_FD), PIER_ENOTCONN);
}

static void q23_an_error_between_two_looks_is_found(void **state)
{
    int refused = ECONNREFUSED;

    (void)state;
    NEXT(getsockopt, .bytes = &none, .length = sizeof none);
    NEXT(getpeername, .result = -1, .error = ENOTCONN);
    NEXT(poll, .result = 1);
    NEXT(getsockopt, .bytes = &refused, .length = sizeof refused);
    CHECK_ERR(pierp_connect_result(SOME_FD), PIER_ECONNREFUSED);
}

static void q46_a_connect_that_goes_on_has_no_result(void **state)
{
    (void)state;
    NEXT(getsockopt, .bytes = &none, .length = sizeof none);
    NEXT(getpeername, .result = -1, .error = ENOTCONN);
    NEXT(poll, .result = 0, .when = { ARGUMENT(3, 0) });
    CHECK_ERR(pierp_connect_result(SOME_FD), PIER_EINPROGRESS);
}

/* macOS: the socket was connected, and its peer has gone again. */
static void q117_a_peer_that_has_gone_again_was_there(void **state)
{
    (void)state;
    NEXT(getsockopt, .bytes = &none, .length = sizeof none);
    NEXT(getpeername, .result = -1, .error = EINVAL);
    CHECK_OK(pierp_connect_result(SOME_FD));
}

static struct pier_address no_address(void)
{
    struct pier_address a = { .length = sizeof(struct sockaddr) };

    return a;
}

static void plan_type(int type)
{
    static int kept;

    kept = type;
    NEXT(getsockopt, .bytes = &kept, .length = sizeof kept,
         .when = { ARGUMENT(3, SO_TYPE) });
}

/* BSD dissolves the association of a datagram socket, and complains. */
static void q51_an_association_that_is_gone_is_no_failure(void **state)
{
    struct pier_address a = no_address();

    (void)state;
    plan_type(SOCK_DGRAM);
    NEXT(connect, .result = -1, .error = EAFNOSUPPORT);
    NEXT(getpeername, .result = -1, .error = ENOTCONN);
    CHECK_OK(pierp_connect(SOME_FD, &a));
}

static void q51_an_association_that_stays_is_a_failure(void **state)
{
    struct pier_address a = no_address();

    (void)state;
    plan_type(SOCK_DGRAM);
    NEXT(connect, .result = -1, .error = EAFNOSUPPORT);
    NEXT(getpeername, .result = 0);
    CHECK_ERR(pierp_connect(SOME_FD, &a), PIER_EAFNOSUPPORT);
    CHECK_INT(pierp_native_error(), EAFNOSUPPORT);
}

static void q51_a_stream_is_not_connected_to_no_address(void **state)
{
    struct pier_address a = no_address();

    (void)state;
    plan_type(SOCK_STREAM);
    NEXT(connect, .result = -1, .error = EAFNOSUPPORT);
    CHECK_ERR(pierp_connect(SOME_FD, &a), PIER_EAFNOSUPPORT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        OS_TEST(an_error_that_nobody_knows_is_a_failure),
        OS_TEST(q22_a_connect_under_way_is_told_from_a_second_one),
        OS_TEST(q23_an_error_that_is_told_once_is_enough),
        OS_TEST(q23_an_error_that_somebody_else_took_is_no_success),
        OS_TEST(q23_an_error_between_two_looks_is_found),
        OS_TEST(q33_the_unspecified_address_is_made_loopback),
        OS_TEST(q46_an_interrupted_connect_goes_on),
        OS_TEST(q46_a_connect_that_goes_on_has_no_result),
        OS_TEST(q51_an_association_that_is_gone_is_no_failure),
        OS_TEST(q51_an_association_that_stays_is_a_failure),
        OS_TEST(q51_a_stream_is_not_connected_to_no_address),
        OS_TEST(q117_a_peer_that_has_gone_again_was_there),
    };

    return cmocka_run_group_tests(tests, script_start, NULL);
}
