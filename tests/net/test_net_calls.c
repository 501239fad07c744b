/* SPDX-License-Identifier: MIT */
/* What a call of pier asks of the system: one call where there is something
 * to move, no clock, no memory. */
#include "blocked.h"
#include "calls.h"

static void check_one_move(void)
{
    struct call_counts made = take_counts();

    CHECK_INT(made.moves, 1);
    CHECK_INT(made.waits, 0);
    CHECK_INT(made.others, 0);
    CHECK_INT(made.clocks, 0);
    CHECK_INT(made.blocks, 0);
}

static const pier_timeout timeouts[] = { PIER_FOREVER, PIER_SECONDS(10), 0 };

static void a_stream_moves_data_with_one_call(void **state)
{
    struct pier_socket *ends[2];
    char byte;

    (void)state;
    open_streams(PIER_AF_INET, ends);
    for (size_t i = 0; i < COUNT_OF(timeouts); i++) {
        CHECK_OK(pier_settimeout(ends[0], timeouts[i]));
        CHECK_OK(pier_settimeout(ends[1], timeouts[i]));
        take_counts();
        CHECK_INT(pier_send(ends[0], "x", 1, 0), 1);
        check_one_move();
        CHECK_INT(pier_recv(ends[1], &byte, 1, 0), 1);
        check_one_move();
        CHECK_OK(pier_sendall(ends[0], "x", 1, 0, NULL));
        check_one_move();
        CHECK_OK(pier_recvall(ends[1], &byte, 1, 0, NULL));
        check_one_move();
    }
}

static void a_datagram_moves_with_one_call(void **state)
{
    struct pier_socket *ends[2];
    struct pier_address to;
    struct pier_address from;
    char byte;

    (void)state;
    open_datagrams(PIER_AF_INET, ends);
    to = name_of(ends[1]);
    for (size_t i = 0; i < COUNT_OF(timeouts); i++) {
        CHECK_OK(pier_settimeout(ends[0], timeouts[i]));
        CHECK_OK(pier_settimeout(ends[1], timeouts[i]));
        take_counts();
        CHECK_INT(pier_sendto(ends[0], "x", 1, 0, &to), 1);
        check_one_move();
        CHECK_INT(pier_recvfrom(ends[1], &byte, 1, 0, &from), 1);
        check_one_move();
    }
}

static void a_handle_that_follows_its_timeout_needs_no_more(void **state)
{
    struct pier_socket *ends[2];
    char byte;

    (void)state;
    CHECK_OK(
        pier_set_default_descriptor_mode(PIER_DESCRIPTOR_FOLLOWS_TIMEOUT));
    open_streams(PIER_AF_INET, ends);
    CHECK_OK(pier_set_default_descriptor_mode(PIER_DESCRIPTOR_NONBLOCKING));
    take_counts();
    CHECK_INT(pier_send(ends[0], "x", 1, 0), 1);
    check_one_move();
    CHECK_INT(pier_recv(ends[1], &byte, 1, 0), 1);
    check_one_move();
}

static void a_socket_with_a_token_needs_no_more(void **state)
{
    struct pier_cancel *token;
    struct pier_socket *ends[2];
    char byte;

    (void)state;
    CHECK_OK(pier_cancel_new(&token));
    open_streams(PIER_AF_INET, ends);
    CHECK_OK(pier_set_cancel(ends[0], token));
    CHECK_OK(pier_set_cancel(ends[1], token));
    take_counts();
    CHECK_INT(pier_send(ends[0], "x", 1, 0), 1);
    check_one_move();
    CHECK_INT(pier_recv(ends[1], &byte, 1, 0), 1);
    check_one_move();
    free_sockets(NULL);
    pier_cancel_free(token);
}

/* Makes the receive before this one wait for long enough to be remembered. */
static void make_it_wait(struct pier_socket *ends[2])
{
    char byte;

    CHECK_OK(pier_settimeout(ends[1], 5 * MS));
    CHECK_ERR(pier_recv(ends[1], &byte, 1, 0), PIER_EDEADLINE);
    CHECK_OK(pier_settimeout(ends[1], PIER_FOREVER));
}

/* One round: the receive after a wait, and two more. */
static bool two_calls_and_then_one(struct pier_socket *ends[2])
{
    struct call_counts first;
    struct call_counts later;
    char bytes[3];

    make_it_wait(ends);
    CHECK_INT(pier_send(ends[0], "xyz", 3, 0), 3);
    take_counts();
    CHECK_INT(pier_recv(ends[1], bytes, 1, 0), 1);
    first = take_counts();
    CHECK_INT(first.moves, 1);
    CHECK(first.waits <= 1);
    CHECK_INT(first.others, 0);
    CHECK_INT(first.blocks, 0);
    CHECK_INT(pier_recv(ends[1], bytes, 1, 0), 1);
    CHECK_INT(pier_recv(ends[1], bytes, 1, 0), 1);
    later = take_counts();
    CHECK_INT(later.moves, 2);
    return later.waits == 0;
}

/* A machine that stops for a millisecond in between makes the call look like
 * one that had to wait, so there are several rounds. */
static void a_receive_after_a_wait_makes_two_calls_and_then_one(void **state)
{
    struct pier_socket *ends[2];
    int rounds = 50;

    (void)state;
    open_streams(PIER_AF_INET, ends);
    while (!two_calls_and_then_one(ends))
        CHECK(--rounds > 0);
}

static void a_socket_takes_at_most_256_bytes(void **state)
{
    struct pier_address a = loopback(PIER_AF_INET, ANY_PORT);
    struct pier_socket *ends[2];
    struct call_counts made;

    (void)state;
    open_socket(PIER_AF_INET, PIER_SOCK_STREAM);
    take_counts();
    open_socket(PIER_AF_INET, PIER_SOCK_STREAM);
    made = take_counts();
    CHECK(made.blocks == 1 && made.bytes <= 256);
    CHECK_OK(pier_bind(open_socket(PIER_AF_INET, PIER_SOCK_DGRAM), &a));
    made = take_counts();
    CHECK(made.bytes <= 256);
    open_pair(PIER_AF_UNSPEC, PIER_SOCK_STREAM, ends);
    made = take_counts();
    CHECK(made.blocks == 2 && made.bytes <= 512);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        NET_TEST(a_stream_moves_data_with_one_call),
        NET_TEST(a_datagram_moves_with_one_call),
        NET_TEST(a_handle_that_follows_its_timeout_needs_no_more),
        NET_TEST(a_socket_with_a_token_needs_no_more),
        NET_TEST(a_receive_after_a_wait_makes_two_calls_and_then_one),
        NET_TEST(a_socket_takes_at_most_256_bytes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
