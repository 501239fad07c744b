/* SPDX-License-Identifier: MIT */
#include "loopback.h"

#include <string.h>

enum {
    CHUNK = 65536,
    CHUNKS = 2048
};

static char chunk[CHUNK];

static void bytes_that_are_sent_arrive(void **state)
{
    pier_handle ends[2];
    char text[16] = "";

    (void)state;
    open_connection(ends);
    CHECK_INT(pierp_send(ends[0], "hello", 5, 0), 5);
    CHECK_INT(receive(ends[1], text, sizeof text), 5);
    CHECK(strcmp(text, "hello") == 0);
    CHECK_INT(pierp_send(ends[1], "world", 5, 0), 5);
    CHECK_INT(receive(ends[0], text, 3), 3);
    CHECK_INT(receive(ends[0], text + 3, 16), 2);
    CHECK(strcmp(text, "world") == 0);
    close_all(ends, 2);
}

static void receiving_nothing_would_block(void **state)
{
    struct pier_address where, from = { .length = 5 };
    pier_handle udp = open_bound(PIER_AF_INET, PIER_SOCK_DGRAM, &where);
    pier_handle ends[2];
    char byte = 'x';

    (void)state;
    open_connection(ends);
    CHECK_ERR(pierp_recv(ends[0], &byte, 1, 0), PIER_EAGAIN);
    CHECK_ERR(pierp_recv(udp, &byte, 1, 0), PIER_EAGAIN);
    CHECK_ERR(pierp_recvfrom(udp, &byte, 1, 0, NULL), PIER_EAGAIN);
    CHECK_ERR(pierp_recvfrom(udp, &byte, 1, 0, &from), PIER_EAGAIN);
    CHECK_INT(byte, 'x');
    CHECK_INT(from.length, 5);
    close_all(ends, 2);
    CHECK_OK(pierp_close(udp));
}

/* Sends till it would block; how much went. */
static size_t fill(pier_handle h)
{
    size_t total = 0;

    for (int i = 0; i < CHUNKS; i++) {
        ptrdiff_t n = pierp_send(h, chunk, sizeof chunk, 0);

        if (n < 0) {
            CHECK_ERR(n, PIER_EAGAIN);
            return total;
        }
        total += (size_t)n;
    }
    CHECK(false); /* 128 MiB fit into no buffer */
    return 0;
}

static void sending_too_much_would_block(void **state)
{
    pier_handle ends[2];
    size_t sent, received = 0;

    (void)state;
    open_connection(ends);
    sent = fill(ends[0]);
    CHECK(sent > 0);
    while (received < sent) {
        ptrdiff_t n = receive(ends[1], chunk, sizeof chunk);

        CHECK(n > 0);
        received += (size_t)n;
    }
    CHECK_INT(received, sent);
    CHECK_INT(wait_for(ends[0], PIERP_WRITE), PIERP_READY);
    CHECK_INT(pierp_send(ends[0], "x", 1, 0), 1);
    close_all(ends, 2);
}

static void a_blocking_handle_does_not_block_data_calls(void **state)
{
    pier_handle ends[2];
    char byte;

    (void)state;
    open_connection(ends);
    /* Where the system cannot be asked per call, handles never block. */
    CHECK_OK(pierp_set_nonblocking(ends[0], !pierp_mode_follows));
    CHECK_ERR(pierp_recv(ends[0], &byte, 1, 0), PIER_EAGAIN);
    CHECK_ERR(pierp_recvfrom(ends[0], &byte, 1, 0, NULL), PIER_EAGAIN);
    CHECK(fill(ends[0]) > 0);
    close_all(ends, 2);
}

static void the_end_of_a_stream_is_zero_every_time(void **state)
{
    pier_handle ends[2];
    char byte;

    (void)state;
    open_connection(ends);
    CHECK_INT(pierp_send(ends[0], "x", 1, 0), 1);
    CHECK_OK(pierp_close(ends[0]));
    CHECK_INT(receive(ends[1], &byte, 1), 1);
    CHECK_INT(receive(ends[1], &byte, 1), 0);
    CHECK_INT(receive(ends[1], &byte, 1), 0);
    CHECK_OK(pierp_close(ends[1]));
}

static void sending_to_a_closed_peer_fails_and_kills_nobody(void **state)
{
    pier_handle ends[2];
    ptrdiff_t n = 1;

    (void)state;
    open_connection(ends);
    CHECK_OK(pierp_close(ends[1]));
    for (int i = 0; i < 1000 && n > 0; i++) {
        CHECK_INT(wait_for(ends[0], PIERP_READ), PIERP_READY);
        n = pierp_send(ends[0], "x", 1, 0);
    }
    CHECK(n == PIER_EPIPE || n == PIER_ECONNRESET || n == PIER_ECONNABORTED);
    /* The first error may be the reset; the ones after it are not. */
    n = pierp_send(ends[0], "x", 1, 0);
    CHECK(n == PIER_EPIPE || n == PIER_ECONNRESET || n == PIER_ECONNABORTED);
    CHECK_OK(pierp_close(ends[0]));
}

static void peeked_bytes_stay(void **state)
{
    pier_handle ends[2];
    char byte = 0;

    (void)state;
    open_connection(ends);
    CHECK_INT(pierp_send(ends[0], "ab", 2, 0), 2);
    CHECK_INT(wait_for(ends[1], PIERP_READ), PIERP_READY);
    CHECK_INT(pierp_recv(ends[1], &byte, 1, PIER_MSG_PEEK), 1);
    CHECK_INT(byte, 'a');
    CHECK_INT(pierp_recvfrom(ends[1], &byte, 1, PIER_MSG_PEEK, NULL), 1);
    CHECK_INT(byte, 'a');
    CHECK_INT(pierp_recv(ends[1], &byte, 1, 0), 1);
    CHECK_INT(pierp_recv(ends[1], &byte, 1, 0), 1);
    CHECK_INT(byte, 'b');
    close_all(ends, 2);
}

static void a_stream_that_is_not_connected_has_no_data(void **state)
{
    pier_handle h;
    char byte;
    ptrdiff_t n;

    (void)state;
    CHECK_OK(pierp_open(&h, PIER_AF_INET, PIER_SOCK_STREAM, 0));
    CHECK_ERR(pierp_recv(h, &byte, 1, 0), PIER_ENOTCONN);
    n = pierp_send(h, "x", 1, 0);
    /* One system asks for the connection first, another for its state. */
    CHECK(n == PIER_ENOTCONN || n == PIER_EPIPE);
    CHECK_OK(pierp_close(h));
}

static void a_closed_handle_has_no_data(void **state)
{
    pier_handle h;
    char byte;
    ptrdiff_t n;

    (void)state;
    CHECK_OK(pierp_open(&h, PIER_AF_INET, PIER_SOCK_STREAM, 0));
    CHECK_OK(pierp_close(h));
    n = pierp_recv(h, &byte, 1, 0);
    CHECK(n == PIER_EBADF || n == PIER_ENOTSOCK);
    n = pierp_send(h, "x", 1, 0);
    CHECK(n == PIER_EBADF || n == PIER_ENOTSOCK);
}

/* ---------------------------------------------------------- datagrams --- */

/* Two sockets; where[i] is the address of ends[i]. */
static void open_datagrams(pier_handle ends[2], struct pier_address where[2])
{
    for (int i = 0; i < 2; i++)
        ends[i] = open_bound(PIER_AF_INET, PIER_SOCK_DGRAM, &where[i]);
}

static void a_datagram_arrives_with_its_sender(void **state)
{
    struct pier_address where[2], from;
    pier_handle ends[2];
    char text[16] = "";

    (void)state;
    open_datagrams(ends, where);
    CHECK_INT(pierp_sendto(ends[0], "hello", 5, 0, &where[1]), 5);
    CHECK_INT(wait_for(ends[1], PIERP_READ), PIERP_READY);
    CHECK_INT(pierp_recvfrom(ends[1], text, sizeof text, 0, &from), 5);
    CHECK(strcmp(text, "hello") == 0);
    CHECK_INT(from.length, where[0].length);
    CHECK(memcmp(from.storage.bytes, where[0].storage.bytes, from.length) ==
          0);
    close_all(ends, 2);
}

static void a_longer_datagram_is_cut_and_no_error(void **state)
{
    struct pier_address where[2], from;
    pier_handle ends[2];
    char text[16] = "";

    (void)state;
    open_datagrams(ends, where);
    for (int i = 0; i < 3; i++)
        CHECK_INT(pierp_sendto(ends[0], "0123456789", 10, 0, &where[1]), 10);
    CHECK_INT(pierp_sendto(ends[0], "last", 4, 0, &where[1]), 4);
    CHECK_INT(receive(ends[1], text, 4), 4);
    CHECK(memcmp(text, "0123", 5) == 0);
    CHECK_INT(wait_for(ends[1], PIERP_READ), PIERP_READY);
    CHECK_INT(pierp_recvfrom(ends[1], text, 5, 0, &from), 5);
    CHECK(memcmp(text, "01234", 6) == 0);
    CHECK_INT(port_of(&from), port_of(&where[0]));
    CHECK_INT(wait_for(ends[1], PIERP_READ), PIERP_READY);
    CHECK_INT(pierp_recvfrom(ends[1], text, 2, 0, NULL), 2);
    CHECK_INT(receive(ends[1], text, sizeof text), 4);
    CHECK(memcmp(text, "last", 4) == 0);
    close_all(ends, 2);
}

static void an_empty_datagram_is_received_as_such(void **state)
{
    struct pier_address where[2], from;
    pier_handle ends[2];
    char text[4];

    (void)state;
    open_datagrams(ends, where);
    CHECK_INT(pierp_sendto(ends[0], "", 0, 0, &where[1]), 0);
    CHECK_INT(pierp_sendto(ends[0], "x", 1, 0, &where[1]), 1);
    CHECK_INT(wait_for(ends[1], PIERP_READ), PIERP_READY);
    CHECK_INT(pierp_recvfrom(ends[1], text, sizeof text, 0, &from), 0);
    CHECK_INT(port_of(&from), port_of(&where[0]));
    CHECK_INT(receive(ends[1], text, sizeof text), 1);
    close_all(ends, 2);
}

static void a_datagram_without_destination_is_refused(void **state)
{
    struct pier_address where[2];
    pier_handle ends[2];

    (void)state;
    open_datagrams(ends, where);
    CHECK_ERR(pierp_send(ends[0], "x", 1, 0), PIER_EDESTADDRREQ);
    close_all(ends, 2);
}

static void a_datagram_beyond_the_limit_is_refused(void **state)
{
    struct pier_address where[2];
    pier_handle ends[2];
    static char much[70000];

    (void)state;
    open_datagrams(ends, where);
    CHECK_ERR(pierp_sendto(ends[0], much, sizeof much, 0, &where[1]),
              PIER_EMSGSIZE);
    close_all(ends, 2);
}

static void a_closed_port_does_not_spoil_a_datagram_socket(void **state)
{
    struct pier_address where[2], gone;
    pier_handle ends[2], victim;
    char text[4];

    (void)state;
    open_datagrams(ends, where);
    victim = open_bound(PIER_AF_INET, PIER_SOCK_DGRAM, &gone);
    CHECK_OK(pierp_close(victim));
    CHECK_INT(pierp_sendto(ends[0], "lost", 4, 0, &gone), 4);
    CHECK_ERR(pierp_recvfrom(ends[0], text, 4, 0, NULL), PIER_EAGAIN);
    CHECK_INT(pierp_sendto(ends[1], "ok", 2, 0, &where[0]), 2);
    CHECK_INT(receive(ends[0], text, 4), 2);
    close_all(ends, 2);
}

static void a_connected_datagram_socket_hears_of_a_closed_port(void **state)
{
    struct pier_address gone;
    pier_handle victim = open_bound(PIER_AF_INET, PIER_SOCK_DGRAM, &gone);
    pier_handle h;
    char byte;
    ptrdiff_t n;

    (void)state;
    CHECK_OK(pierp_close(victim));
    CHECK_OK(pierp_open(&h, PIER_AF_INET, PIER_SOCK_DGRAM, 0));
    CHECK_OK(pierp_connect(h, &gone));
    CHECK_INT(pierp_send(h, "lost", 4, 0), 4);
    n = pierp_recv(h, &byte, 1, 0);
    CHECK(n == PIER_ECONNREFUSED || n == PIER_EAGAIN);
    CHECK_OK(pierp_close(h));
}

static void a_stream_gives_no_sender(void **state)
{
    struct pier_address from = { .length = 5 };
    pier_handle ends[2];
    char byte;

    (void)state;
    open_connection(ends);
    CHECK_INT(pierp_send(ends[0], "x", 1, 0), 1);
    CHECK_INT(wait_for(ends[1], PIERP_READ), PIERP_READY);
    CHECK_INT(pierp_recvfrom(ends[1], &byte, 1, 0, &from), 1);
    CHECK_INT(from.length, 0);
    close_all(ends, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_that_are_sent_arrive),
        cmocka_unit_test(receiving_nothing_would_block),
        cmocka_unit_test(sending_too_much_would_block),
        cmocka_unit_test(a_blocking_handle_does_not_block_data_calls),
        cmocka_unit_test(the_end_of_a_stream_is_zero_every_time),
        cmocka_unit_test(sending_to_a_closed_peer_fails_and_kills_nobody),
        cmocka_unit_test(peeked_bytes_stay),
        cmocka_unit_test(a_stream_that_is_not_connected_has_no_data),
        cmocka_unit_test(a_closed_handle_has_no_data),
        cmocka_unit_test(a_datagram_arrives_with_its_sender),
        cmocka_unit_test(a_longer_datagram_is_cut_and_no_error),
        cmocka_unit_test(an_empty_datagram_is_received_as_such),
        cmocka_unit_test(a_datagram_without_destination_is_refused),
        cmocka_unit_test(a_datagram_beyond_the_limit_is_refused),
        cmocka_unit_test(a_closed_port_does_not_spoil_a_datagram_socket),
        cmocka_unit_test(a_connected_datagram_socket_hears_of_a_closed_port),
        cmocka_unit_test(a_stream_gives_no_sender),
    };

    return cmocka_run_group_tests(tests, start_seam, NULL);
}
