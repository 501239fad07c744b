/* SPDX-License-Identifier: MIT */
/* What is known of a failure, and what a bad argument gives. */
#include "net.h"
#include "thread.h"

#include <stdio.h>
#include <string.h>

static void expect_text(const char *operation, pier_err code)
{
    char expected[160];
    char text[160];

    (void)snprintf(expected, sizeof(expected), "%s: %s", operation,
                   pier_strerror(code));
    CHECK_INT(pier_error_text(text, sizeof(text)), strlen(expected));
    CHECK(strcmp(text, expected) == 0);
}

static void ask(void *argument)
{
    struct pier_detail *detail = argument;

    pier_error_detail(detail);
}

static void fail_otherwise(void *argument)
{
    struct pier_detail *detail = argument;
    struct pier_socket *s;

    (void)(pier_open(&s, 99, PIER_SOCK_STREAM, 0) == 0);
    pier_error_detail(detail);
}

static void each_thread_has_its_own_failure(void **state)
{
    struct pier_socket *s = open_socket(PIER_AF_INET, PIER_SOCK_STREAM);
    struct pier_detail untouched;
    struct pier_detail other;
    char byte;

    (void)state;
    CHECK_OK(pier_close(s));
    CHECK_ERR(pier_recv(s, &byte, 1, 0), PIER_EBADF);
    thread_join(thread_start(ask, &untouched));
    thread_join(thread_start(fail_otherwise, &other));
    CHECK_INT(untouched.code, PIER_OK);
    CHECK(untouched.operation == NULL);
    CHECK_INT(other.code, PIER_EAFNOSUPPORT);
    CHECK(strcmp(other.operation, "open") == 0);
    expect_text("recv", PIER_EBADF);
    CHECK_INT(pier_native_error(), 0);
}

static void the_system_s_code_is_kept(void **state)
{
    struct pier_socket *s = open_socket(PIER_AF_INET, PIER_SOCK_STREAM);
    struct pier_address where = closed_port();
    struct pier_detail detail;

    (void)state;
    CHECK_ERR(pier_connect(s, &where), PIER_ECONNREFUSED);
    /* What others do to errno and the last error of Windows is no matter. */
    CHECK(fopen("no/such/file", "r") == NULL);
    pier_error_detail(&detail);
    CHECK(detail.native_code != 0);
    CHECK_INT(pier_native_error(), detail.native_code);
    CHECK_INT(pier_error_from_native(detail.native_code), PIER_ECONNREFUSED);
    CHECK(pier_address_equal(&detail.address, &where));
}

static void a_success_leaves_the_failure_as_it_is(void **state)
{
    struct pier_socket *ends[2];
    char byte;

    (void)state;
    open_streams(PIER_AF_INET, ends);
    CHECK_ERR(pier_recv(ends[0], &byte, 1, PIER_MSG_DONTWAIT), PIER_EAGAIN);
    CHECK_INT(pier_send(ends[0], "x", 1, 0), 1);
    check_arrives(ends[1], "x");
    expect_text("recv", PIER_EAGAIN);
}

static void a_time_out_is_told_as_pier_s_own(void **state)
{
    struct pier_socket *ends[2];
    char byte;

    (void)state;
    open_streams(PIER_AF_INET, ends);
    CHECK_OK(pier_settimeout(ends[0], MS));
    CHECK_ERR(pier_recvall(ends[0], &byte, 1, 0, NULL), PIER_EDEADLINE);
    CHECK_INT(pier_native_error(), 0);
    CHECK(pier_is_timeout(PIER_EDEADLINE));
}

static void opening_asks_for_a_kind_that_there_is(void **state)
{
    struct pier_socket *s = NULL;

    (void)state;
    CHECK_ERR(pier_open(NULL, PIER_AF_INET, PIER_SOCK_STREAM, 0), PIER_EINVAL);
    CHECK_ERR(pier_open(&s, 99, PIER_SOCK_STREAM, 0), PIER_EAFNOSUPPORT);
    CHECK(s == NULL);
    CHECK(pier_open(&s, PIER_AF_INET, 99, 0) < 0);
    CHECK(s == NULL);
}

static void no_socket_is_an_invalid_argument(void **state)
{
    struct pier_address a = loopback(PIER_AF_INET, 1);
    struct pier_socket *s;
    char b[4];

    (void)state;
    CHECK_ERR(pier_recv(NULL, b, 4, 0), PIER_EINVAL);
    CHECK_ERR(pier_recvfrom(NULL, b, 4, 0, &a), PIER_EINVAL);
    CHECK_ERR(pier_recvall(NULL, b, 4, 0, NULL), PIER_EINVAL);
    CHECK_ERR(pier_send(NULL, b, 4, 0), PIER_EINVAL);
    CHECK_ERR(pier_sendto(NULL, b, 4, 0, &a), PIER_EINVAL);
    CHECK_ERR(pier_sendall(NULL, b, 4, 0, NULL), PIER_EINVAL);
    CHECK_ERR(pier_connect(NULL, &a), PIER_EINVAL);
    CHECK_ERR(pier_bind(NULL, &a), PIER_EINVAL);
    CHECK_ERR(pier_listen(NULL, 1), PIER_EINVAL);
    CHECK_ERR(pier_accept(&s, NULL, NULL), PIER_EINVAL);
    CHECK_ERR(pier_shutdown(NULL, PIER_SHUT_WR), PIER_EINVAL);
    CHECK_ERR(pier_getsockname(NULL, &a), PIER_EINVAL);
    CHECK_ERR(pier_getpeername(NULL, &a), PIER_EINVAL);
    CHECK_ERR(pier_settimeout(NULL, 1), PIER_EINVAL);
    CHECK_ERR(pier_set_inheritable(NULL, true), PIER_EINVAL);
    CHECK_INT(pier_fileno(NULL), PIER_INVALID_HANDLE);
    CHECK_INT(pier_type(NULL), 0);
}

static void no_buffer_and_no_address_are_invalid_arguments(void **state)
{
    struct pier_address none = { 0 };
    struct pier_socket *ends[2];
    size_t moved = 7;

    (void)state;
    open_streams(PIER_AF_INET, ends);
    CHECK_ERR(pier_recv(ends[0], NULL, 4, 0), PIER_EINVAL);
    CHECK_ERR(pier_recvfrom(ends[0], NULL, 4, 0, NULL), PIER_EINVAL);
    CHECK_ERR(pier_recvall(ends[0], NULL, 4, 0, &moved), PIER_EINVAL);
    CHECK_INT(moved, 0);
    CHECK_ERR(pier_send(ends[0], NULL, 4, 0), PIER_EINVAL);
    CHECK_ERR(pier_sendall(ends[0], NULL, 4, 0, &moved), PIER_EINVAL);
    CHECK_ERR(pier_connect(ends[0], NULL), PIER_EINVAL);
    CHECK_ERR(pier_connect(ends[0], &none), PIER_EINVAL);
    CHECK_ERR(pier_bind(ends[0], NULL), PIER_EINVAL);
    CHECK_ERR(pier_bind(ends[0], &none), PIER_EINVAL);
    CHECK_ERR(pier_getsockname(ends[0], NULL), PIER_EINVAL);
    CHECK_ERR(pier_getpeername(ends[0], NULL), PIER_EINVAL);
    CHECK_ERR(pier_accept(NULL, ends[0], NULL), PIER_EINVAL);
    CHECK_OK(pier_sendall(ends[0], "well", 4, 0, NULL));
    check_arrives(ends[1], "well");
}

static void a_destination_needs_a_length(void **state)
{
    struct pier_address none = { 0 };
    struct pier_socket *s = open_bound(PIER_AF_INET, PIER_SOCK_DGRAM);

    (void)state;
    CHECK(pier_sendto(s, "x", 1, 0, &none) < 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        NET_TEST(each_thread_has_its_own_failure),
        NET_TEST(the_system_s_code_is_kept),
        NET_TEST(a_success_leaves_the_failure_as_it_is),
        NET_TEST(a_time_out_is_told_as_pier_s_own),
        NET_TEST(opening_asks_for_a_kind_that_there_is),
        NET_TEST(no_socket_is_an_invalid_argument),
        NET_TEST(no_buffer_and_no_address_are_invalid_arguments),
        NET_TEST(a_destination_needs_a_length),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
