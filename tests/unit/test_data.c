/* SPDX-License-Identifier: MIT */
/* Receiving and sending: counts, flags, ends of streams, datagrams. */
#include "unit.h"

#include <pier/error.h>
#include <pier/message.h>
#include <string.h>

static char buffer[256];

/* ----------------------------------------------------------- streams --- */

static void a_receive_gives_what_is_there(void **state)
{
    struct pier_socket *s = open_connected();

    (void)state;
    fake_feed(pier_fileno(s), "abc", 3, 0);
    CHECK_INT(pier_recv(s, buffer, sizeof(buffer), 0), 3);
    CHECK(memcmp(buffer, "abc", 3) == 0);
    pier_free(s);
}

static void the_end_of_a_stream_is_0_again_and_again(void **state)
{
    struct pier_socket *s = open_connected();

    (void)state;
    fake_feed(pier_fileno(s), "a", 1, 5 * MS);
    fake_feed_eof(pier_fileno(s), 5 * MS);
    CHECK_INT(pier_recv(s, buffer, 8, 0), 1);
    CHECK_INT(pier_recv(s, buffer, 8, 0), 0);
    CHECK_INT(pier_recv(s, buffer, 8, 0), 0);
    CHECK_INT(pier_recv(s, buffer, 8, PIER_MSG_WAITALL), 0);
    pier_free(s);
}

static void a_reset_is_no_end_of_a_stream(void **state)
{
    struct pier_socket *s = open_connected();

    (void)state;
    fake_feed_reset(pier_fileno(s), 5 * MS);
    CHECK_ERR(pier_recv(s, buffer, 8, 0), PIER_ECONNRESET);
    CHECK_ERR(pier_send(s, "x", 1, 0), PIER_EPIPE);
    pier_free(s);
}

static void no_bytes_are_no_system_call_on_a_stream(void **state)
{
    struct pier_socket *s = open_connected();

    (void)state;
    fake_clear_calls();
    CHECK_INT(pier_recv(s, buffer, 0, 0), 0);
    CHECK_INT(pier_recv(s, NULL, 0, 0), 0);
    CHECK_INT(pier_send(s, buffer, 0, 0), 0);
    CHECK_INT(pier_send(s, NULL, 0, 0), 0);
    CHECK_OK(pier_sendall(s, NULL, 0, 0, NULL));
    CHECK_OK(pier_recvall(s, NULL, 0, 0, NULL));
    CHECK_INT(fake_system_calls(), 0);
    pier_free(s);
}

static void bytes_without_a_buffer_are_refused(void **state)
{
    struct pier_socket *s = open_connected();
    size_t done = 7;

    (void)state;
    CHECK_ERR(pier_recv(s, NULL, 1, 0), PIER_EINVAL);
    CHECK_ERR(pier_recvfrom(s, NULL, 1, 0, NULL), PIER_EINVAL);
    CHECK_ERR(pier_send(s, NULL, 1, 0), PIER_EINVAL);
    CHECK_ERR(pier_sendall(s, NULL, 1, 0, &done), PIER_EINVAL);
    CHECK(done == 0);
    done = 7;
    CHECK_ERR(pier_recvall(s, NULL, 1, 0, &done), PIER_EINVAL);
    CHECK(done == 0);
    pier_free(s);
}

static void peeked_bytes_stay(void **state)
{
    struct pier_socket *s = open_connected();

    (void)state;
    fake_feed(pier_fileno(s), "abc", 3, 0);
    CHECK_INT(pier_recv(s, buffer, 8, PIER_MSG_PEEK), 3);
    CHECK_INT(pier_recv(s, buffer, 8, PIER_MSG_PEEK | PIER_MSG_WAITALL), 3);
    CHECK_INT(pier_recv(s, buffer, 8, 0), 3);
    CHECK_ERR(pier_recvall(s, buffer, 8, PIER_MSG_PEEK, NULL), PIER_EINVAL);
    pier_free(s);
}

static void dontwait_does_not_wait_whatever_the_timeout(void **state)
{
    struct pier_socket *s = open_blocked();

    (void)state;
    CHECK_ERR(pier_recv(s, buffer, 8, PIER_MSG_DONTWAIT), PIER_EAGAIN);
    CHECK_ERR(pier_recvfrom(s, buffer, 8, PIER_MSG_DONTWAIT, NULL),
              PIER_EAGAIN);
    CHECK_ERR(pier_send(s, buffer, 8, PIER_MSG_DONTWAIT), PIER_EAGAIN);
    CHECK_ERR(pier_sendall(s, buffer, 8, PIER_MSG_DONTWAIT, NULL),
              PIER_EAGAIN);
    CHECK_INT(fake_now(), 0);
    pier_free(s);
}

static void waitall_waits_for_all(void **state)
{
    struct pier_socket *s = open_connected();

    (void)state;
    fake_feed(pier_fileno(s), "abc", 3, 10 * MS);
    fake_feed(pier_fileno(s), "defg", 4, 20 * MS);
    CHECK_INT(pier_recv(s, buffer, 6, PIER_MSG_WAITALL), 6);
    CHECK_INT(fake_now(), 20 * MS);
    CHECK(memcmp(buffer, "abcdef", 6) == 0);
    pier_free(s);
}

static void waitall_gives_what_came_before_the_end(void **state)
{
    struct pier_socket *s = open_connected();

    (void)state;
    CHECK_OK(pier_settimeout(s, 30 * MS));
    fake_feed(pier_fileno(s), "abc", 3, 10 * MS);
    CHECK_INT(pier_recv(s, buffer, 6, PIER_MSG_WAITALL), 3);
    CHECK_INT(fake_now(), 30 * MS);
    CHECK_ERR(pier_recv(s, buffer, 6, PIER_MSG_WAITALL), PIER_EDEADLINE);
    fake_feed(pier_fileno(s), "abc", 3, 0);
    fake_feed_reset(pier_fileno(s), 10 * MS);
    CHECK_INT(pier_recv(s, buffer, 6, PIER_MSG_WAITALL), 3);
    fake_feed_eof(pier_fileno(s), 0);
    pier_free(s);
}

static void a_stream_that_ends_early_is_told_with_its_progress(void **state)
{
    struct pier_socket *s = open_connected();
    size_t received = 99;

    (void)state;
    fake_feed(pier_fileno(s), "abc", 3, 0);
    fake_feed_eof(pier_fileno(s), 10 * MS);
    CHECK_ERR(pier_recvall(s, buffer, 10, 0, &received), PIER_EEOF);
    CHECK(received == 3);
    CHECK(memcmp(buffer, "abc", 3) == 0);
    CHECK_ERR(pier_recvall(s, buffer, 10, 0, &received), PIER_EEOF);
    CHECK(received == 0);
    pier_free(s);
}

static void sendall_sends_all_in_portions(void **state)
{
    struct pier_socket *s = open_connected();
    const unsigned char *there;
    size_t sent = 0, length;

    (void)state;
    for (size_t i = 0; i < sizeof(buffer); i++)
        buffer[i] = (char)i;
    fake_limit_send(pier_fileno(s), 7);
    CHECK_OK(pier_sendall(s, buffer, sizeof(buffer), 0, &sent));
    CHECK(sent == sizeof(buffer));
    there = fake_sent(pier_fileno(s), &length);
    CHECK(length == sizeof(buffer) && memcmp(there, buffer, length) == 0);
    pier_free(s);
}

static void recvall_receives_all_in_portions(void **state)
{
    struct pier_socket *s = open_connected();
    size_t received = 0;

    (void)state;
    fake_limit_recv(pier_fileno(s), 3);
    fake_feed(pier_fileno(s), "0123456789", 10, 0);
    CHECK_OK(pier_recvall(s, buffer, 10, 0, &received));
    CHECK(received == 10);
    CHECK(memcmp(buffer, "0123456789", 10) == 0);
    pier_free(s);
}

/* The peer never makes it wait, and time passes all the same. */
static void the_limit_ends_what_goes_on_in_pieces(void **state)
{
    struct pier_socket *s = open_connected();
    char bytes[60];
    struct pier_buffer piece = { bytes, sizeof(bytes) };
    struct pier_message m = { .buffers = &piece, .buffer_count = 1 };
    size_t moved;
    ptrdiff_t n;

    (void)state;
    CHECK_OK(pier_settimeout(s, 30 * MS));
    fake_limit_send(pier_fileno(s), 1);
    fake_limit_recv(pier_fileno(s), 1);
    fake_feed(pier_fileno(s), buffer, sizeof(bytes), 0);
    fake_clock_ticks(10 * MS);
    CHECK_ERR(pier_sendall(s, bytes, sizeof(bytes), 0, &moved),
              PIER_EDEADLINE);
    CHECK(moved > 0 && moved < 10);
    CHECK_ERR(pier_recvall(s, bytes, sizeof(bytes), 0, &moved),
              PIER_EDEADLINE);
    CHECK(moved > 0 && moved < 10);
    n = pier_recvmsg(s, &m, PIER_MSG_WAITALL);
    CHECK(n > 0 && n < 10);
    CHECK_OK(pier_settimeout(s, PIER_NONBLOCKING));
    CHECK_OK(pier_sendall(s, bytes, sizeof(bytes), 0, NULL));
    fake_clock_ticks(0);
    pier_free(s);
}

static void fire(void *token)
{
    pier_cancel_fire(token);
}

static void a_token_ends_what_goes_on_in_pieces(void **state)
{
    struct pier_socket *s = open_connected();
    struct pier_cancel *token;
    size_t sent;

    (void)state;
    CHECK_OK(pier_cancel_new(&token));
    CHECK_OK(pier_set_cancel(s, token));
    fake_limit_send(pier_fileno(s), 1);
    fake_at_call(2, fire, token);
    CHECK_ERR(pier_sendall(s, buffer, 4, 0, &sent), PIER_ECANCELED);
    CHECK(sent > 0 && sent < 4);
    pier_free(s);
    pier_cancel_free(token);
}

static void a_failing_sendall_tells_its_progress(void **state)
{
    struct pier_socket *s = open_connected();
    size_t sent = 0;

    (void)state;
    fake_limit_send(pier_fileno(s), 10);
    fake_fail(FAKE_SEND, 3, PIER_ECONNRESET);
    CHECK_ERR(pier_sendall(s, buffer, 64, 0, &sent), PIER_ECONNRESET);
    CHECK(sent == 20);
    pier_free(s);
}

static void an_interruption_repeats_no_byte(void **state)
{
    struct pier_socket *s = open_connected();
    const unsigned char *there;
    size_t sent = 0, length;

    (void)state;
    fake_limit_send(pier_fileno(s), 10);
    fake_fail(FAKE_SEND, 3, PIER_EINTR);
    CHECK_OK(pier_sendall(s, "0123456789abcdefghijABCDEFGHIJ", 30, 0, &sent));
    there = fake_sent(pier_fileno(s), &length);
    CHECK(length == 30 && memcmp(there + 18, "ijABC", 5) == 0);
    pier_free(s);
}

static void writing_to_a_peer_that_closed_is_epipe(void **state)
{
    struct pier_socket *pair[2];

    (void)state;
    CHECK_OK(pier_socketpair(pair, PIER_AF_UNIX, PIER_SOCK_STREAM, 0));
    pier_free(pair[1]);
    CHECK_ERR(pier_send(pair[0], "x", 1, 0), PIER_EPIPE);
    CHECK_ERR(pier_sendall(pair[0], "x", 1, 0, NULL), PIER_EPIPE);
    CHECK_INT(pier_recv(pair[0], buffer, 8, 0), 0);
    pier_free(pair[0]);
}

/* ---------------------------------------------------------- shutdown --- */

static void shutting_down_ends_calls_that_wait(void **state)
{
    struct pier_socket *s = open_connected();

    (void)state;
    fake_at(10 * MS, do_shut_down, s);
    CHECK_INT(pier_recv(s, buffer, 8, 0), 0);
    CHECK_INT(fake_now(), 10 * MS);
    fake_join();
    pier_free(s);
    s = open_blocked();
    fake_at(10 * MS, do_shut_down, s);
    CHECK_ERR(pier_send(s, buffer, 8, 0), PIER_EPIPE);
    CHECK_INT(fake_now(), 20 * MS);
    fake_join();
    pier_free(s);
}

/* Not every system tells a wait of it. */
static void shutting_down_wakes_whatever_the_system_tells(void **state)
{
    struct pier_socket *s = open_connected();

    (void)state;
    fake_shut_down_quietly(true);
    fake_at(10 * MS, do_shut_down, s);
    CHECK_INT(pier_recv(s, buffer, 8, 0), 0);
    CHECK_INT(fake_now(), 10 * MS);
    fake_join();
    pier_free(s);
    s = open_blocked();
    fake_at(10 * MS, do_shut_down, s);
    CHECK_ERR(pier_send(s, buffer, 8, 0), PIER_EPIPE);
    CHECK_INT(fake_now(), 20 * MS);
    fake_join();
    pier_free(s);
}

/* Some systems would hand out what has come before. */
static void what_was_not_read_is_received_no_more(void **state)
{
    struct pier_socket *s = open_connected();
    struct pier_address from = { .length = 1 };

    (void)state;
    fake_feed(pier_fileno(s), "abc", 3, 0);
    CHECK_INT(pier_recv(s, buffer, 8, PIER_MSG_PEEK), 3);
    CHECK_OK(pier_shutdown(s, PIER_SHUT_RD));
    fake_clear_calls();
    CHECK_INT(pier_recv(s, buffer, 8, 0), 0);
    CHECK_INT(pier_recvfrom(s, buffer, 8, 0, &from), 0);
    CHECK_INT(from.length, 0);
    CHECK_INT(pier_recvfrom(s, buffer, 8, 0, NULL), 0);
    CHECK_ERR(pier_recvall(s, buffer, 8, 0, NULL), PIER_EEOF);
    CHECK_INT(fake_system_calls(), 0);
    pier_free(s);
}

/* It waits first, and no system need tell it anything. */
/* What has come meanwhile is nobody's, for a duplicate and a child as well. */
static void a_shutdown_holds_for_duplicates_and_children(void **state)
{
    struct pier_socket *s = open_connected(), *copy;
    char byte;

    (void)state;
    fake_feed(pier_fileno(s), "x", 1, 0);
    CHECK_OK(pier_shutdown(s, PIER_SHUT_RD));
    CHECK_INT(pier_recv(s, &byte, 1, 0), 0);
    CHECK_OK(pier_dup(&copy, s));
    CHECK_INT(pier_recv(copy, &byte, 1, 0), 0);
    fake_fork();
    CHECK_INT(pier_recv(s, &byte, 1, 0), 0);
    CHECK_INT(pier_recv(s, &byte, 1, 0), 0);
    pier_free(copy);
    pier_free(s);
}

static void a_call_after_one_that_waited_sees_the_shutdown(void **state)
{
    struct pier_socket *s = open_connected();

    (void)state;
    CHECK_OK(pier_settimeout(s, 10 * MS));
    CHECK_ERR(pier_recv(s, buffer, 8, 0), PIER_EDEADLINE);
    fake_shut_down_quietly(true);
    CHECK_OK(pier_shutdown(s, PIER_SHUT_RD));
    CHECK_INT(pier_recv(s, buffer, 8, 0), 0);
    CHECK_INT(fake_now(), 10 * MS);
    pier_free(s);
}

static void a_flag_that_the_system_lacks_is_refused(void **state)
{
    struct pier_socket *s = open_connected();
    const int flag = PIER_HAVE_MSG_EOF ? PIER_MSG_BTAG : PIER_MSG_EOF;

    (void)state;
    fake_clear_calls();
    CHECK_ERR(pier_recv(s, buffer, 8, flag), PIER_EOPNOTSUPP);
    CHECK_ERR(pier_recvfrom(s, buffer, 8, flag, NULL), PIER_EOPNOTSUPP);
    CHECK_ERR(pier_send(s, buffer, 8, flag), PIER_EOPNOTSUPP);
    CHECK_ERR(pier_sendall(s, buffer, 8, flag, NULL), PIER_EOPNOTSUPP);
    CHECK_ERR(pier_recvall(s, buffer, 8, flag, NULL), PIER_EOPNOTSUPP);
    CHECK_INT(fake_system_calls(), 0);
    CHECK_INT(pier_send(s, buffer, 8, PIER_MSG_NOSIGNAL), 8);
    pier_free(s);
}

static void one_direction_can_be_shut_down(void **state)
{
    struct pier_socket *pair[2];

    (void)state;
    CHECK_OK(pier_socketpair(pair, PIER_AF_UNIX, PIER_SOCK_STREAM, 0));
    CHECK_OK(pier_shutdown(pair[0], PIER_SHUT_WR));
    CHECK_INT(pier_recv(pair[1], buffer, 8, 0), 0);
    CHECK_INT(pier_send(pair[1], "abc", 3, 0), 3);
    CHECK_INT(pier_recv(pair[0], buffer, 8, 0), 3);
    CHECK_ERR(pier_send(pair[0], "x", 1, 0), PIER_EPIPE);
    CHECK_ERR(pier_shutdown(pair[0], 3), PIER_EINVAL);
    CHECK_ERR(pier_shutdown(pair[0], -1), PIER_EINVAL);
    pier_free(pair[0]);
    pier_free(pair[1]);
}

/* --------------------------------------------------------- datagrams --- */

static void a_datagram_comes_with_its_sender(void **state)
{
    struct pier_socket *s = open_udp();
    struct pier_address from = fake_inet(9, 99), found;

    (void)state;
    fake_datagram(pier_fileno(s), &from, "abc", 3, 10 * MS);
    CHECK_INT(pier_recvfrom(s, buffer, 8, 0, &found), 3);
    CHECK_INT(fake_now(), 10 * MS);
    CHECK(fake_same_address(&from, &found));
    pier_free(s);
}

static void a_longer_datagram_is_cut_silently(void **state)
{
    struct pier_socket *s = open_udp();
    struct pier_address from = fake_inet(9, 99);

    (void)state;
    fake_datagram(pier_fileno(s), &from, "abcdef", 6, 0);
    fake_datagram(pier_fileno(s), &from, "xy", 2, 0);
    fake_datagram(pier_fileno(s), &from, "pq", 2, 0);
    CHECK_INT(pier_recvfrom(s, buffer, 4, 0, NULL), 4);
    CHECK_INT(pier_recv(s, buffer, 0, 0), 0);
    CHECK_INT(pier_recv(s, buffer, 8, PIER_MSG_WAITALL), 2);
    pier_free(s);
}

static void an_empty_datagram_is_a_datagram(void **state)
{
    struct pier_socket *a = open_udp(), *b = open_udp();
    struct pier_address to = name_of(b), from;

    (void)state;
    CHECK_INT(pier_sendto(a, NULL, 0, 0, &to), 0);
    CHECK_INT(pier_recvfrom(b, buffer, 8, 0, &from), 0);
    to = name_of(a);
    CHECK(fake_same_address(&from, &to));
    pier_free(a);
    pier_free(b);
}

static void a_datagram_needs_somewhere_to_go(void **state)
{
    struct pier_socket *s = open_udp();
    struct pier_address six = fake_inet6(1, 9);

    (void)state;
    CHECK_ERR(pier_send(s, "x", 1, 0), PIER_EDESTADDRREQ);
    CHECK_ERR(pier_sendto(s, "x", 1, 0, NULL), PIER_EDESTADDRREQ);
    CHECK_ERR(pier_sendto(s, "x", 1, 0, &six), PIER_EAFNOSUPPORT);
    CHECK_ERR(pier_sendall(s, "x", 1, 0, NULL), PIER_EDESTADDRREQ);
    pier_free(s);
}

static void a_datagram_waits_for_room(void **state)
{
    struct pier_socket *s = open_udp();
    struct pier_address to = fake_inet(1, 9);

    (void)state;
    fake_block_send(pier_fileno(s), 30 * MS);
    CHECK_INT(pier_sendto(s, "x", 1, 0, &to), 1);
    CHECK_INT(fake_now(), 30 * MS);
    pier_free(s);
}

/* A stream has no sender; what the system leaves out has length 0. */
static void a_stream_gives_no_sender(void **state)
{
    struct pier_socket *s = open_connected();
    struct pier_address from = fake_inet(1, 1);

    (void)state;
    fake_feed(pier_fileno(s), "a", 1, 0);
    CHECK_INT(pier_recvfrom(s, buffer, 8, 0, &from), 1);
    CHECK(from.length == 0);
    pier_free(s);
}

static void on_failure_the_sender_is_untouched(void **state)
{
    struct pier_socket *s = open_udp();
    struct pier_address from = fake_inet(1, 1), kept = from;

    (void)state;
    CHECK_OK(pier_settimeout(s, 0));
    CHECK_ERR(pier_recvfrom(s, buffer, 8, 0, &from), PIER_EAGAIN);
    CHECK(fake_same_address(&from, &kept));
    pier_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_FAKE(a_receive_gives_what_is_there),
        ON_FAKE(the_end_of_a_stream_is_0_again_and_again),
        ON_FAKE(a_reset_is_no_end_of_a_stream),
        ON_FAKE(no_bytes_are_no_system_call_on_a_stream),
        ON_FAKE(bytes_without_a_buffer_are_refused),
        ON_FAKE(peeked_bytes_stay),
        ON_FAKE(dontwait_does_not_wait_whatever_the_timeout),
        ON_FAKE(waitall_waits_for_all),
        ON_FAKE(waitall_gives_what_came_before_the_end),
        ON_FAKE(a_stream_that_ends_early_is_told_with_its_progress),
        ON_FAKE(sendall_sends_all_in_portions),
        ON_FAKE(recvall_receives_all_in_portions),
        ON_FAKE(the_limit_ends_what_goes_on_in_pieces),
        ON_FAKE(a_token_ends_what_goes_on_in_pieces),
        ON_FAKE(a_failing_sendall_tells_its_progress),
        ON_FAKE(an_interruption_repeats_no_byte),
        ON_FAKE(writing_to_a_peer_that_closed_is_epipe),
        ON_FAKE(shutting_down_ends_calls_that_wait),
        ON_FAKE(shutting_down_wakes_whatever_the_system_tells),
        ON_FAKE(what_was_not_read_is_received_no_more),
        ON_FAKE(a_shutdown_holds_for_duplicates_and_children),
        ON_FAKE(a_call_after_one_that_waited_sees_the_shutdown),
        ON_FAKE(a_flag_that_the_system_lacks_is_refused),
        ON_FAKE(one_direction_can_be_shut_down),
        ON_FAKE(a_datagram_comes_with_its_sender),
        ON_FAKE(a_longer_datagram_is_cut_silently),
        ON_FAKE(an_empty_datagram_is_a_datagram),
        ON_FAKE(a_datagram_needs_somewhere_to_go),
        ON_FAKE(a_datagram_waits_for_room),
        ON_FAKE(a_stream_gives_no_sender),
        ON_FAKE(on_failure_the_sender_is_untouched),
    };

    return cmocka_run_group_tests_name("data", tests, NULL, NULL);
}
