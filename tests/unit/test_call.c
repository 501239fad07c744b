/* SPDX-License-Identifier: MIT */
/* The engine: what a call asks of the system, and how often. */
#include "unit.h"

#include <pier/error.h>

static char buffer[64];

/* No clock, no wake, no lock, no memory: only the call itself. */
static void check_only(const char *call)
{
    assert_string_equal(fake_log(), call);
    CHECK_INT(fake_calls(), 1);
    CHECK_INT(fake_calls_of(FAKE_CLOCK), 0);
    CHECK_INT(fake_calls_of(FAKE_LOCK), 0);
    CHECK_INT(fake_calls_of(FAKE_WAKE_DRAIN), 0);
    fake_clear_calls();
}

static const pier_timeout timeouts[] = { PIER_FOREVER, PIER_NONBLOCKING,
                                         5 * MS };

static void a_receive_with_data_is_one_system_call(void **state)
{
    struct pier_socket *s = open_connected();

    (void)state;
    fake_feed(pier_fileno(s), "abcdef", 6, 0);
    for (size_t i = 0; i < 3; i++) {
        CHECK_OK(pier_settimeout(s, timeouts[i]));
        fake_clear_calls();
        CHECK_INT(pier_recv(s, buffer, 1, 0), 1);
        check_only("recv");
        CHECK_INT(pier_recvfrom(s, buffer, 1, 0, NULL), 1);
        check_only("recvfrom");
    }
    pier_free(s);
}

static void a_send_with_room_is_one_system_call(void **state)
{
    struct pier_socket *s = open_connected(), *u = open_udp();
    struct pier_address to = fake_inet(1, 9);

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        CHECK_OK(pier_settimeout(s, timeouts[i]));
        CHECK_OK(pier_settimeout(u, timeouts[i]));
        fake_clear_calls();
        CHECK_INT(pier_send(s, "a", 1, 0), 1);
        check_only("send");
        CHECK_OK(pier_sendall(s, "abc", 3, 0, NULL));
        check_only("send");
        CHECK_INT(pier_sendto(u, "a", 1, 0, &to), 1);
        check_only("sendto");
    }
    pier_free(s);
    pier_free(u);
}

static void a_receive_that_had_to_wait_makes_the_next_wait_first(void **state)
{
    struct pier_socket *s = open_connected();

    (void)state;
    CHECK_OK(pier_settimeout(s, SECOND));
    fake_feed(pier_fileno(s), "a", 1, 10 * MS);
    fake_feed(pier_fileno(s), "b", 1, 20 * MS);
    fake_clear_calls();
    CHECK_INT(pier_recv(s, buffer, 8, 0), 1);
    assert_string_equal(fake_log(), "recv wait recv");
    fake_clear_calls();
    CHECK_INT(pier_recv(s, buffer, 8, 0), 1);
    assert_string_equal(fake_log(), "wait recv");
    pier_free(s);
}

static void a_wait_for_data_that_was_there_is_not_made_again(void **state)
{
    struct pier_socket *s = open_connected();

    (void)state;
    fake_feed(pier_fileno(s), "a", 1, 10 * MS);
    CHECK_INT(pier_recv(s, buffer, 8, 0), 1);
    fake_feed(pier_fileno(s), "bcd", 3, 0);
    CHECK_INT(pier_recv(s, buffer, 1, 0), 1);
    fake_clear_calls();
    CHECK_INT(pier_recv(s, buffer, 1, 0), 1);
    check_only("recv");
    pier_free(s);
}

static void waiting_takes_no_memory(void **state)
{
    struct pier_socket *s = open_connected();

    (void)state;
    CHECK_OK(pier_settimeout(s, 10 * MS));
    fake_clear_calls();
    CHECK_ERR(pier_recv(s, buffer, 8, 0), PIER_EDEADLINE);
    CHECK_INT(fake_calls_of(FAKE_ALLOC), 0);
    pier_free(s);
}

static void a_socket_is_one_block_of_at_most_256_bytes(void **state)
{
    struct pier_socket *s = open_tcp();

    (void)state;
    CHECK_INT(fake_allocations(), 1);
    CHECK(fake_allocated_bytes() <= 256);
    pier_free(s);
}

static void an_interrupted_call_is_made_again(void **state)
{
    struct pier_socket *s = open_connected();

    (void)state;
    fake_feed(pier_fileno(s), "a", 1, 0);
    fake_clear_calls();
    fake_fail(FAKE_RECV, 1, PIER_EINTR);
    CHECK_INT(pier_recv(s, buffer, 8, 0), 1);
    assert_string_equal(fake_log(), "recv recv");
    fake_clear_calls();
    fake_fail(FAKE_SEND, 1, PIER_EINTR);
    CHECK_INT(pier_send(s, "a", 1, 0), 1);
    assert_string_equal(fake_log(), "send send");
    pier_free(s);
}

static void an_interrupted_wait_is_continued(void **state)
{
    struct pier_socket *s = open_connected();

    (void)state;
    CHECK_OK(pier_settimeout(s, 20 * MS));
    fake_interrupt_wait(3);
    fake_feed(pier_fileno(s), "a", 1, 10 * MS);
    fake_clear_calls();
    CHECK_INT(pier_recv(s, buffer, 8, 0), 1);
    CHECK_INT(fake_now(), 10 * MS);
    assert_string_equal(fake_log(), "recv wait wait wait wait recv");
    pier_free(s);
}

static void false_readiness_is_waited_out(void **state)
{
    struct pier_socket *s = open_connected();

    (void)state;
    CHECK_OK(pier_settimeout(s, 20 * MS));
    fake_wait_early(3, PIERP_READY);
    CHECK_ERR(pier_recv(s, buffer, 8, 0), PIER_EDEADLINE);
    CHECK_INT(fake_now(), 20 * MS);
    fake_wait_early(3, 0);
    CHECK_ERR(pier_recv(s, buffer, 8, 0), PIER_EDEADLINE);
    CHECK_INT(fake_now(), 40 * MS);
    fake_wait_early(3, PIERP_WOKEN);
    CHECK_ERR(pier_recv(s, buffer, 8, 0), PIER_EDEADLINE);
    CHECK_INT(fake_now(), 60 * MS);
    pier_free(s);
}

static void a_failure_is_told_with_all_that_is_known(void **state)
{
    struct pier_address to = fake_inet(7, 80);
    struct pier_socket *s = open_connected(), *u = open_udp();
    struct pier_detail detail;

    (void)state;
    fake_feed_reset(pier_fileno(s), 0);
    CHECK_ERR(pier_recv(s, buffer, 8, 0), PIER_ECONNRESET);
    pier_error_detail(&detail);
    CHECK_INT(detail.code, PIER_ECONNRESET);
    CHECK_INT(detail.native_code, -PIER_ECONNRESET);
    assert_string_equal(detail.operation, "recv");
    CHECK(detail.address.length == 0);
    fake_fail(FAKE_SENDTO, 1, PIER_ENETUNREACH);
    CHECK_ERR(pier_sendto(u, "a", 1, 0, &to), PIER_ENETUNREACH);
    pier_error_detail(&detail);
    assert_string_equal(detail.operation, "sendto");
    CHECK(fake_same_address(&detail.address, &to));
    pier_free(s);
    pier_free(u);
}

static void what_pier_itself_found_has_no_native_code(void **state)
{
    struct pier_socket *s = open_connected();
    struct pier_detail detail;

    (void)state;
    CHECK_OK(pier_settimeout(s, 1 * MS));
    CHECK_ERR(pier_recv(s, buffer, 8, 0), PIER_EDEADLINE);
    pier_error_detail(&detail);
    CHECK_INT(detail.code, PIER_EDEADLINE);
    CHECK_INT(detail.native_code, 0);
    pier_free(s);
}

static void a_failing_wait_is_told(void **state)
{
    struct pier_socket *s = open_connected();

    (void)state;
    fake_fail(FAKE_WAIT, 1, PIER_ENOBUFS);
    CHECK_ERR(pier_recv(s, buffer, 8, 0), PIER_ENOBUFS);
    CHECK_INT(fake_calls_of(FAKE_WAIT), 1);
    pier_free(s);
}

static void without_a_wake_nothing_is_consumed(void **state)
{
    struct pier_socket *s = open_connected();

    (void)state;
    fake_feed(pier_fileno(s), "abc", 3, 10 * MS);
    fake_fail(FAKE_THREAD_WAKE, 1, PIER_EMFILE);
    CHECK_ERR(pier_recv(s, buffer, 8, 0), PIER_EMFILE);
    CHECK_INT(pier_recv(s, buffer, 8, 0), 3);
    pier_free(s);
}

static void no_socket_is_refused(void **state)
{
    struct pier_address to = fake_inet(7, 80);

    (void)state;
    CHECK_ERR(pier_recv(NULL, buffer, 8, 0), PIER_EINVAL);
    CHECK_ERR(pier_send(NULL, buffer, 8, 0), PIER_EINVAL);
    CHECK_ERR(pier_sendall(NULL, buffer, 8, 0, NULL), PIER_EINVAL);
    CHECK_ERR(pier_recvall(NULL, buffer, 8, 0, NULL), PIER_EINVAL);
    CHECK_ERR(pier_connect(NULL, &to), PIER_EINVAL);
    CHECK_ERR(pier_shutdown(NULL, PIER_SHUT_RD), PIER_EINVAL);
    CHECK_ERR(pier_listen(NULL, 1), PIER_EINVAL);
    CHECK_ERR(pier_close(NULL), PIER_EINVAL);
    CHECK_INT(pier_detach(NULL), PIER_INVALID_HANDLE);
    CHECK_INT(fake_system_calls(), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_FAKE(a_receive_with_data_is_one_system_call),
        ON_FAKE(a_send_with_room_is_one_system_call),
        ON_FAKE(a_receive_that_had_to_wait_makes_the_next_wait_first),
        ON_FAKE(a_wait_for_data_that_was_there_is_not_made_again),
        ON_FAKE(waiting_takes_no_memory),
        ON_FAKE(a_socket_is_one_block_of_at_most_256_bytes),
        ON_FAKE(an_interrupted_call_is_made_again),
        ON_FAKE(an_interrupted_wait_is_continued),
        ON_FAKE(false_readiness_is_waited_out),
        ON_FAKE(a_failure_is_told_with_all_that_is_known),
        ON_FAKE(what_pier_itself_found_has_no_native_code),
        ON_FAKE(a_failing_wait_is_told),
        ON_FAKE(without_a_wake_nothing_is_consumed),
        ON_FAKE(no_socket_is_refused),
    };

    return cmocka_run_group_tests_name("call", tests, NULL, NULL);
}
