/* SPDX-License-Identifier: MIT */
/* The connection that died in the queue; accept() of old and new systems. */
#include "wrapped.h"

static pier_err accept_failing_with(int error)
{
    pier_handle h = 77;
    pier_err err;

    ALWAYS(accept, .result = -1, .error = error);
    ALWAYS(accept4, .result = -1, .error = error);
    err = pierp_accept(&h, SOME_FD, NULL);
    CHECK_INT(h, 77);
    CHECK_INT(CALLS(accept) + CALLS(accept4), 1);
    return err;
}

static void check_aborted(int error)
{
    void *none = NULL;

    CHECK_INT(script_begin(&none), 0);
    CHECK_ERR(accept_failing_with(error), PIER_ECONNABORTED);
    CHECK_INT(pierp_native_error(), error);
}

static void q66_the_error_of_a_dead_connection_ends_no_server(void **state)
{
    (void)state;
    check_aborted(ECONNABORTED);
    check_aborted(EPROTO);
    check_aborted(ENETDOWN);
    check_aborted(ENETUNREACH);
    check_aborted(EHOSTDOWN);
    check_aborted(EHOSTUNREACH);
    check_aborted(ENOPROTOOPT);
    check_aborted(ENONET);
}

static void q65_a_reset_from_accept_belongs_to_the_connection(void **state)
{
    (void)state;
    check_aborted(ECONNRESET);
}

/* Linux hands EOPNOTSUPP of the connection on, and says it of a datagram
 * socket too. */
static void q66_only_a_listener_has_connections_to_lose(void **state)
{
    int on = 1;
    int off = 0;

    (void)state;
    NEXT(getsockopt, .bytes = &on, .length = sizeof on,
         .when = { ARGUMENT(3, SO_ACCEPTCONN) });
    CHECK_ERR(accept_failing_with(EOPNOTSUPP), PIER_ECONNABORTED);
    NEXT(getsockopt, .bytes = &off, .length = sizeof off,
         .when = { ARGUMENT(3, SO_ACCEPTCONN) });
    CHECK_ERR(pierp_accept(&(pier_handle){ 0 }, SOME_FD, NULL),
              PIER_EOPNOTSUPP);
}

static void q67_a_lack_of_descriptors_is_told(void **state)
{
    (void)state;
    CHECK_ERR(accept_failing_with(EMFILE), PIER_EMFILE);
}

static void q54_an_interrupted_accept_is_told(void **state)
{
    (void)state;
    CHECK_ERR(accept_failing_with(EINTR), PIER_EINTR);
}

/* macOS gives a descriptor and no address. */
static void q39_who_has_no_address_any_more_is_aborted(void **state)
{
    pier_handle h = 77;

    (void)state;
    ALWAYS(accept, .result = SOME_FD + 1);
    ALWAYS(accept4, .result = SOME_FD + 1);
    ALWAYS(fcntl, .result = 0);
    NEXT(getpeername, .result = -1, .error = ENOTCONN,
         .when = { ARGUMENT(1, SOME_FD + 1) });
    NEXT(close, .result = 0, .when = { ARGUMENT(1, SOME_FD + 1) });
    CHECK_ERR(pierp_accept(&h, SOME_FD, NULL), PIER_ECONNABORTED);
    CHECK_INT(h, 77);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        OS_TEST(q39_who_has_no_address_any_more_is_aborted),
        OS_TEST(q54_an_interrupted_accept_is_told),
        OS_TEST(q65_a_reset_from_accept_belongs_to_the_connection),
        OS_TEST(q66_the_error_of_a_dead_connection_ends_no_server),
        OS_TEST(q66_only_a_listener_has_connections_to_lose),
        OS_TEST(q67_a_lack_of_descriptors_is_told),
    };

    return cmocka_run_group_tests(tests, script_start, NULL);
}
