/* SPDX-License-Identifier: MIT */
#include "net.h"

#include <string.h>

enum {
    MANY = 1024, /* buffers, which every system takes */
    BATCH = 20   /* more than go with one call */
};

static char memory[MANY + 1];
static struct pier_buffer buffers[MANY + 1];
static max_align_t control[16];

/* So many buffers of so many bytes each, one after the other. */
static struct pier_message room(size_t count, size_t each)
{
    memset(memory, '.', sizeof(memory));
    for (size_t i = 0; i < count; i++)
        buffers[i] = (struct pier_buffer){ memory + i * each, each };
    return (struct pier_message){ .buffers = buffers, .buffer_count = count };
}

static struct pier_message hello(void)
{
    struct pier_message m = room(3, 0);

    memcpy(memory, "hello, you", 11);
    buffers[0] = (struct pier_buffer){ memory, 3 };
    buffers[2] = (struct pier_buffer){ memory + 3, 7 };
    return m;
}

/* ------------------------------------------------------------ streams --- */

static void check_stream(int family)
{
    struct pier_socket *ends[2];
    struct pier_message m = hello();

    open_streams(family, ends);
    CHECK_INT(pier_sendmsg(ends[0], &m, 0), 10);
    m = room(3, 4);
    CHECK_INT(pier_recvmsg(ends[1], &m, PIER_MSG_WAITALL | PIER_MSG_PEEK), 10);
    m = room(3, 3);
    CHECK_INT(pier_recvmsg(ends[1], &m, PIER_MSG_WAITALL), 9);
    CHECK(memcmp(memory, "hello, yo.", 10) == 0);
    CHECK(m.flags == 0 && m.control_length == 0);
    CHECK_OK(pier_shutdown(ends[0], PIER_SHUT_WR));
    CHECK_INT(pier_recvmsg(ends[1], &m, PIER_MSG_WAITALL), 1);
    CHECK_INT(pier_recvmsg(ends[1], &m, PIER_MSG_WAITALL), 0);
    CHECK_INT(pier_recvmsg(ends[1], &m, 0), 0);
}

static void messages_go_over_streams(void **state)
{
    (void)state;
    check_stream(PIER_AF_INET);
    if (has_ipv6())
        check_stream(PIER_AF_INET6);
    if (has_unix())
        check_stream(PIER_AF_UNIX);
}

/* The peer of a connection is no news. */
static void a_stream_over_a_network_tells_no_sender(void **state)
{
    struct pier_socket *ends[2];
    struct pier_message m = hello();
    struct pier_address from = { .length = 5 };

    (void)state;
    open_streams(PIER_AF_INET, ends);
    CHECK_INT(pier_sendmsg(ends[0], &m, 0), 10);
    m = room(1, 4);
    m.address = &from;
    CHECK_INT(pier_recvmsg(ends[1], &m, 0), 4);
    CHECK_INT(from.length, 0);
    from.length = 5;
    CHECK_INT(pier_recvmsg(ends[1], &m, PIER_MSG_WAITALL), 4);
    CHECK_INT(from.length, 0);
}

static void what_comes_bit_by_bit_fills_all_buffers(void **state)
{
    struct pier_socket *ends[2];
    struct pier_message m = room(40, 2);

    (void)state;
    open_streams(PIER_AF_INET, ends);
    CHECK_OK(pier_set_nodelay(ends[0], true));
    for (int i = 0; i < 27; i++)
        CHECK_INT(pier_send(ends[0], "abc", 3, 0), 3);
    CHECK_INT(pier_recvmsg(ends[1], &m, PIER_MSG_WAITALL), 80);
    for (int i = 0; i < 80; i++)
        CHECK_INT(memory[i], "abc"[i % 3]);
    CHECK_INT(memory[80], '.');
    check_arrives(ends[1], "c");
}

static void as_many_buffers_go_as_systems_take(void **state)
{
    struct pier_socket *ends[2];
    struct pier_message m = room(MANY, 1);

    (void)state;
    open_streams(PIER_AF_INET, ends);
    CHECK_INT(pier_sendmsg(ends[0], &m, 0), MANY);
    CHECK_INT(pier_recvmsg(ends[1], &m, PIER_MSG_WAITALL), MANY);
    m = room(MANY + 1, 1);
    CHECK_ERR(pier_sendmsg(ends[0], &m, 0), PIER_EMSGSIZE);
    CHECK_ERR(pier_recvmsg(ends[1], &m, 0), PIER_EMSGSIZE);
    CHECK_ERR(pier_recvmsg(ends[1], &m, PIER_MSG_WAITALL), PIER_EMSGSIZE);
}

/* Where streams have control data, none has come. */
static void control_data_on_a_stream_is_none_or_refused(void **state)
{
    struct pier_socket *ends[2];
    struct pier_message m = hello();
    ptrdiff_t n;

    (void)state;
    open_streams(PIER_AF_INET, ends);
    CHECK_INT(pier_sendmsg(ends[0], &m, 0), 10);
    m = room(1, 4);
    m.control = control;
    m.control_length = sizeof(control);
    n = pier_recvmsg(ends[1], &m, 0);
    CHECK_INT(n, PIER_HAVE_SCM_RIGHTS ? 4 : PIER_ENOTSUP);
    CHECK_INT(m.control_length, n == 4 ? 0 : sizeof(control));
}

/* ---------------------------------------------------------- datagrams --- */

static void check_datagram(int family)
{
    struct pier_socket *ends[2];
    struct pier_address to;
    struct pier_address sender;
    struct pier_address from;
    struct pier_message m = hello();

    open_datagrams(family, ends);
    to = name_of(ends[1]);
    sender = name_of(ends[0]);
    m.address = &to;
    CHECK_INT(pier_sendmsg(ends[0], &m, 0), 10);
    CHECK_INT(pier_sendmsg(ends[0], &m, 0), 10);
    m = room(2, 4);
    m.address = &from;
    CHECK_INT(pier_recvmsg(ends[1], &m, 0), 8);
    CHECK(memcmp(memory, "hello, y.", 9) == 0);
    CHECK_INT(m.flags, PIER_MSG_TRUNC);
    CHECK(pier_address_equal(&from, &sender));
    m = room(2, 5);
    CHECK_INT(pier_recvmsg(ends[1], &m, PIER_MSG_WAITALL), 10);
    CHECK_INT(m.flags, 0);
    CHECK_ERR(pier_recvmsg(ends[1], &m, PIER_MSG_DONTWAIT), PIER_EAGAIN);
}

static void a_datagram_tells_its_sender_and_that_it_was_cut(void **state)
{
    (void)state;
    check_datagram(PIER_AF_INET);
    if (has_ipv6())
        check_datagram(PIER_AF_INET6);
}

static void an_empty_datagram_arrives(void **state)
{
    struct pier_socket *s = open_bound(PIER_AF_INET, PIER_SOCK_DGRAM);
    struct pier_address here = name_of(s);
    struct pier_message m = { .address = &here };

    (void)state;
    CHECK_INT(pier_sendmsg(s, &m, 0), 0);
    CHECK_INT(pier_recvmsg(s, &m, 0), 0);
    CHECK_INT(m.flags, 0);
    m = room(2, 0);
    m.address = &here;
    CHECK_INT(pier_sendmsg(s, &m, 0), 0);
    m = room(2, 2);
    CHECK_INT(pier_recvmsg(s, &m, 0), 0);
}

static void a_connected_socket_needs_no_address(void **state)
{
    struct pier_socket *ends[2];
    struct pier_message m = hello();
    struct pier_address to;

    (void)state;
    open_datagrams(PIER_AF_INET, ends);
    CHECK_ERR(pier_sendmsg(ends[0], &m, 0), PIER_EDESTADDRREQ);
    to = name_of(ends[1]);
    CHECK_OK(pier_connect(ends[0], &to));
    CHECK_INT(pier_sendmsg(ends[0], &m, 0), 10);
    check_arrives(ends[1], "hello, you");
}

static void a_datagram_too_long_for_the_system_is_told(void **state)
{
    static char much[70000];
    struct pier_buffer halves[2] = { { much, 35000 },
                                     { much + 35000, 35000 } };
    struct pier_socket *s = open_bound(PIER_AF_INET, PIER_SOCK_DGRAM);
    struct pier_address here = name_of(s);
    const struct pier_message m = { .address = &here,
                                    .buffers = halves,
                                    .buffer_count = 2 };

    (void)state;
    CHECK_ERR(pier_sendmsg(s, &m, 0), PIER_EMSGSIZE);
}

/* ------------------------------------------------------------ batches --- */

static struct pier_address from[BATCH];

static void make_batch(struct pier_datagram *d, struct pier_address *to)
{
    struct pier_message all = room(BATCH, 2);

    for (size_t i = 0; i < BATCH; i++) {
        memory[2 * i] = (char)('a' + i);
        d[i] = (struct pier_datagram){ all, -1 };
        d[i].message.buffers = &buffers[i];
        d[i].message.buffer_count = 1;
        d[i].message.address = to ? to : &from[i];
    }
}

static void check_batch(int family)
{
    struct pier_socket *ends[2];
    struct pier_datagram d[BATCH];
    struct pier_address to;
    struct pier_address sender;

    open_datagrams(family, ends);
    to = name_of(ends[1]);
    sender = name_of(ends[0]);
    make_batch(d, &to);
    CHECK_INT(pier_sendmmsg(ends[0], d, BATCH, 0), BATCH);
    make_batch(d, NULL);
    memset(memory, '.', sizeof(memory));
    CHECK_INT(pier_recvmmsg(ends[1], d, BATCH, PIER_MSG_WAITALL), BATCH);
    for (size_t i = 0; i < BATCH; i++) {
        CHECK_INT(memory[2 * i], 'a' + (long long)i);
        CHECK(d[i].result == 2 && d[i].message.flags == 0);
        CHECK(pier_address_equal(&from[i], &sender));
    }
    CHECK_ERR(pier_recvmmsg(ends[1], d, BATCH, PIER_MSG_DONTWAIT),
              PIER_EAGAIN);
}

static void a_batch_goes_and_comes_in_its_order(void **state)
{
    (void)state;
    check_batch(PIER_AF_INET);
    if (has_ipv6())
        check_batch(PIER_AF_INET6);
}

static void what_is_there_is_taken_without_waiting_for_more(void **state)
{
    struct pier_socket *s = open_bound(PIER_AF_INET, PIER_SOCK_DGRAM);
    struct pier_address here = name_of(s);
    struct pier_datagram d[BATCH];

    (void)state;
    make_batch(d, &here);
    CHECK_INT(pier_sendmmsg(s, d, 1, 0), 1);
    CHECK_INT(pier_recvmmsg(s, d, BATCH, 0), 1);
    CHECK_INT(d[1].result, -1);
}

static void a_batch_goes_over_a_stream_as_pieces(void **state)
{
    struct pier_socket *ends[2];
    struct pier_datagram d[BATCH];

    (void)state;
    open_streams(PIER_AF_INET, ends);
    make_batch(d, &from[0]);
    for (size_t i = 0; i < BATCH; i++)
        d[i].message.address = NULL;
    CHECK_INT(pier_sendmmsg(ends[0], d, BATCH, 0), BATCH);
    CHECK_OK(pier_shutdown(ends[0], PIER_SHUT_WR));
    check_arrives(ends[1], "a.b.c.d.");
    for (size_t i = 0; i < BATCH; i++)
        d[i].result = -1;
    CHECK_INT(pier_recvmmsg(ends[1], d, BATCH, PIER_MSG_WAITALL), BATCH - 4);
    CHECK(d[BATCH - 5].result == 2 && d[BATCH - 4].result == -1);
    CHECK_INT(pier_recvmmsg(ends[1], d, BATCH, 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        NET_TEST(messages_go_over_streams),
        NET_TEST(a_stream_over_a_network_tells_no_sender),
        NET_TEST(what_comes_bit_by_bit_fills_all_buffers),
        NET_TEST(as_many_buffers_go_as_systems_take),
        NET_TEST(control_data_on_a_stream_is_none_or_refused),
        NET_TEST(a_datagram_tells_its_sender_and_that_it_was_cut),
        NET_TEST(an_empty_datagram_arrives),
        NET_TEST(a_connected_socket_needs_no_address),
        NET_TEST(a_datagram_too_long_for_the_system_is_told),
        NET_TEST(a_batch_goes_and_comes_in_its_order),
        NET_TEST(what_is_there_is_taken_without_waiting_for_more),
        NET_TEST(a_batch_goes_over_a_stream_as_pieces),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
