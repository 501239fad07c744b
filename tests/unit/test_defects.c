/* SPDX-License-Identifier: MIT */
/* What Python's socket module is known to do wrong, and pier does not: those
 * that no other suite shows. docs/python-parity.md lists all of them. */
#include "unit.h"

#include <pier/error.h>
#include <pier/stream.h>
#include <pier/types.h>
#include <string.h>

static char buffer[64];

/* Both modes that a handle can have when it comes. */
static void an_adopted_socket_waits_whatever_mode_it_had(void **state)
{
    (void)state;
    for (int blocking = 0; blocking < 2; blocking++) {
        pier_handle h = fake_connected();
        int64_t begin = fake_now();
        struct pier_socket *s;

        CHECK_OK(pierp_set_nonblocking(h, !blocking));
        CHECK_OK(pier_adopt(&s, h, -1, -1, -1));
        CHECK(pier_getblocking(s));
        fake_feed(h, "x", 1, 30 * MS);
        CHECK_INT(pier_recv(s, buffer, 1, 0), 1);
        CHECK_INT(fake_now() - begin, 30 * MS);
        pier_free(s);
    }
}

static void timeouts_of_duplicates_do_not_disturb_each_other(void **state)
{
    struct pier_socket *s = open_connected(), *copy;

    (void)state;
    CHECK_OK(pier_dup(&copy, s));
    CHECK_OK(pier_settimeout(s, 0));
    CHECK_OK(pier_settimeout(copy, 20 * MS));
    CHECK_ERR(pier_recv(s, buffer, 1, 0), PIER_EAGAIN);
    CHECK_INT(fake_now(), 0);
    CHECK_ERR(pier_recv(copy, buffer, 1, 0), PIER_EDEADLINE);
    CHECK_INT(fake_now(), 20 * MS);
    CHECK_OK(pier_settimeout(copy, PIER_FOREVER));
    CHECK_ERR(pier_recv(s, buffer, 1, 0), PIER_EAGAIN);
    CHECK_INT(fake_now(), 20 * MS);
    pier_free(copy);
    pier_free(s);
}

static void nothing_is_not_received_from_a_closed_socket(void **state)
{
    struct pier_socket *s = open_connected();

    (void)state;
    CHECK_INT(pier_recv(s, buffer, 0, 0), 0);
    CHECK_OK(pier_close(s));
    CHECK_ERR(pier_recv(s, buffer, 0, 0), PIER_EBADF);
    CHECK_ERR(pier_recvfrom(s, buffer, 0, 0, NULL), PIER_EBADF);
    CHECK_ERR(pier_recvall(s, buffer, 0, 0, NULL), PIER_EBADF);
    CHECK_ERR(pier_send(s, "", 0, 0), PIER_EBADF);
    CHECK_ERR(pier_sendall(s, "", 0, 0, NULL), PIER_EBADF);
    pier_free(s);
}

/* An address that nobody can read is bytes, and no failure. */
static void a_peer_of_an_unknown_family_is_accepted(void **state)
{
    struct pier_socket *listener = open_server(0, 1), *s;
    const struct pier_address strange = { .length = 20,
                                          .storage.bytes = { 0x7e, 0x7e } };
    struct pier_address peer;

    (void)state;
    fake_incoming(pier_fileno(listener), &strange, 0);
    CHECK_OK(pier_accept(&s, listener, &peer));
    CHECK(pier_address_equal(&peer, &strange));
    CHECK_INT(fake_handles(), 2);
    pier_free(s);
    pier_free(listener);
}

static void a_connect_whose_wait_fails_has_one_result(void **state)
{
    struct pier_address there = fake_inet(9, 80);
    struct pier_socket *s = open_tcp();
    struct pier_detail detail;

    (void)state;
    fake_remote_set(&there, FAKE_ACCEPTS, 10 * MS);
    fake_fail(FAKE_WAIT, 1, PIER_ENOBUFS);
    CHECK_ERR(pier_connect(s, &there), PIER_ENOBUFS);
    pier_error_detail(&detail);
    CHECK_ERR(detail.code, PIER_ENOBUFS);
    assert_string_equal(detail.operation, "connect");
    CHECK(fake_is_open(pier_fileno(s)));
    pier_free(s);
}

/* The streams are not there yet; their header promises it. */
/* What has been sent after each of two writes, by which calls. */
static void check_line_sent(ptrdiff_t buffering, const char *first,
                            const char *second, const char *log)
{
    struct pier_stream *st;
    struct pier_socket *s = open_connected();
    size_t length;

    CHECK_OK(pier_makefile(&st, s, "w", buffering));
    fake_clear_calls();
    CHECK_INT(pier_stream_write(st, "12", 2), 2);
    assert_memory_equal(fake_sent(pier_fileno(s), &length), first,
                        strlen(first));
    CHECK_INT(length, strlen(first));
    CHECK_INT(pier_stream_write(st, "3\n4", 3), 3);
    assert_memory_equal(fake_sent(pier_fileno(s), &length), second,
                        strlen(second));
    CHECK_INT(length, strlen(second));
    assert_string_equal(fake_log(), log);
    CHECK_OK(pier_stream_close(st));
    pier_free(s);
}

/* Half a line stays, and a line goes with its end, in one piece. */
static void a_buffer_of_one_line_is_none_of_one_byte(void **state)
{
    (void)state;
    check_line_sent(PIER_BUFFER_LINE, "", "123\n", "send");
    check_line_sent(PIER_BUFFER_DEFAULT, "", "", "");
}

/* The number 1 is no way to ask for lines, and no name has it. */
static void a_buffer_of_one_byte_is_a_size(void **state)
{
    (void)state;
    CHECK(PIER_BUFFER_LINE < 0 && PIER_BUFFER_DEFAULT < 0);
    CHECK_INT(PIER_BUFFER_NONE, 0);
    check_line_sent(1, "12", "123\n4", "send send");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_FAKE(an_adopted_socket_waits_whatever_mode_it_had),
        ON_FAKE(timeouts_of_duplicates_do_not_disturb_each_other),
        ON_FAKE(nothing_is_not_received_from_a_closed_socket),
        ON_FAKE(a_peer_of_an_unknown_family_is_accepted),
        ON_FAKE(a_connect_whose_wait_fails_has_one_result),
        ON_FAKE(a_buffer_of_one_line_is_none_of_one_byte),
        ON_FAKE(a_buffer_of_one_byte_is_a_size),
    };

    return cmocka_run_group_tests_name("defects", tests, NULL, NULL);
}
