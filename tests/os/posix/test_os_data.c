/* SPDX-License-Identifier: MIT */
#include "wrapped.h"

static char bytes[8];

/* Readiness may be false, and the descriptor another's that blocks. */
static void q55_a_receive_never_blocks(void **state)
{
    struct pier_address from;

    (void)state;
    NEXT(recv, .result = -1, .error = EAGAIN,
         .when = { ARGUMENT(4, MSG_DONTWAIT) });
    CHECK_ERR(pierp_recv(SOME_FD, bytes, sizeof bytes, 0), PIER_EAGAIN);
    NEXT(recv, .result = -1, .error = EAGAIN,
         .when = { ARGUMENT(4, MSG_DONTWAIT | MSG_PEEK) });
    CHECK_ERR(pierp_recv(SOME_FD, bytes, sizeof bytes, MSG_PEEK), PIER_EAGAIN);
    NEXT(recvfrom, .result = -1, .error = EAGAIN,
         .when = { ARGUMENT(4, MSG_DONTWAIT) });
    CHECK_ERR(pierp_recvfrom(SOME_FD, bytes, sizeof bytes, 0, &from),
              PIER_EAGAIN);
    CHECK_CALLS("recv recv recvfrom");
}

/* One attempt: who waits decides what an interruption means. */
static void q54_an_interruption_is_told_and_not_repeated(void **state)
{
    struct pier_address to = script_loopback(PIER_AF_INET, 9);

    (void)state;
    NEXT(recv, .result = -1, .error = EINTR);
    NEXT(send, .result = -1, .error = EINTR);
    NEXT(sendto, .result = -1, .error = EINTR);
    CHECK_ERR(pierp_recv(SOME_FD, bytes, sizeof bytes, 0), PIER_EINTR);
    CHECK_ERR(pierp_send(SOME_FD, bytes, sizeof bytes, 0), PIER_EINTR);
    CHECK_ERR(pierp_sendto(SOME_FD, bytes, 1, 0, &to), PIER_EINTR);
    CHECK_CALLS("recv send sendto");
}

static void q64_a_connection_torn_down_is_reset(void **state)
{
    (void)state;
    NEXT(send, .result = -1, .error = EPROTOTYPE);
    CHECK_ERR(pierp_send(SOME_FD, bytes, sizeof bytes, 0), PIER_ECONNRESET);
    CHECK_INT(pierp_native_error(), EPROTOTYPE);
    CHECK_CALLS("send");
}

static void q19_a_send_after_the_end_is_a_broken_pipe(void **state)
{
    (void)state;
    NEXT(send, .result = -1, .error = EPIPE);
    CHECK_ERR(pierp_send(SOME_FD, bytes, sizeof bytes, 0), PIER_EPIPE);
}

static void q75_an_empty_datagram_is_a_datagram(void **state)
{
    struct pier_address from;

    (void)state;
    NEXT(recvfrom, .result = 0);
    CHECK_INT(pierp_recvfrom(SOME_FD, bytes, sizeof bytes, 0, &from), 0);
    CHECK_CALLS("recvfrom");
}

static void tell_more_than_fits(struct script_call *call)
{
    *(socklen_t *)call->arguments[5] = 4000;
}

/* The length is the sender's own, which may exceed the room. */
static void q39_a_length_beyond_the_room_is_cut(void **state)
{
    struct pier_address from;

    (void)state;
    NEXT(recvfrom, .result = 1, .act = tell_more_than_fits);
    CHECK_INT(pierp_recvfrom(SOME_FD, bytes, sizeof bytes, 0, &from), 1);
    CHECK_INT(from.length, sizeof from.storage.bytes);
}

static void q94_no_timeout_is_given_to_the_kernel(void **state)
{
    struct pier_address a = script_loopback(PIER_AF_INET, 0);
    unsigned got;
    pier_handle h;

    (void)state;
    CHECK_OK(pierp_open(&h, PIER_AF_INET, PIER_SOCK_STREAM, 0));
    CHECK_OK(pierp_bind_server(h, &a));
    CHECK_OK(pierp_listen(h, 1));
    CHECK_OK(pierp_wait(h, PIERP_READ, NULL, 0, 1000, &got));
    CHECK_ERR(pierp_recv(h, bytes, sizeof bytes, 0), PIER_ENOTCONN);
    CHECK_OK(pierp_close(h));
    CHECK_INT(CALLS_WITH(setsockopt, 3, SO_RCVTIMEO), 0);
    CHECK_INT(CALLS_WITH(setsockopt, 3, SO_SNDTIMEO), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        OS_TEST(q19_a_send_after_the_end_is_a_broken_pipe),
        OS_TEST(q39_a_length_beyond_the_room_is_cut),
        OS_TEST(q54_an_interruption_is_told_and_not_repeated),
        OS_TEST(q55_a_receive_never_blocks),
        OS_TEST(q64_a_connection_torn_down_is_reset),
        OS_TEST(q75_an_empty_datagram_is_a_datagram),
        OS_TEST(q94_no_timeout_is_given_to_the_kernel),
    };

    return cmocka_run_group_tests(tests, script_start, NULL);
}
