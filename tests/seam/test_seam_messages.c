/* SPDX-License-Identifier: MIT */
#include "loopback.h"

#include <pier/message.h>
#include <string.h>

enum {
    FLAGS = 0x5a,
    MANY = 1024, /* buffers, which every system takes */
    BATCH = 5
};

static char memory[MANY + 1];
static struct pier_buffer buffers[MANY + 1];

/* So many buffers of so many bytes each, one after the other. */
static struct pier_message room(size_t count, size_t each)
{
    memset(memory, '.', sizeof memory);
    for (size_t i = 0; i < count; i++)
        buffers[i] = (struct pier_buffer){ memory + i * each, each };
    return (struct pier_message){ .buffers = buffers,
                                  .buffer_count = count,
                                  .flags = FLAGS };
}

static struct pier_message hello(void)
{
    struct pier_message m = room(3, 0);

    memcpy(memory, "hello, you", 11);
    buffers[0] = (struct pier_buffer){ memory, 3 };
    buffers[2] = (struct pier_buffer){ memory + 3, 7 };
    return m;
}

static ptrdiff_t receive_message(pier_handle h, struct pier_message *m)
{
    CHECK_INT(wait_for(h, PIERP_READ), PIERP_READY);
    return pierp_recvmsg(h, m, 0);
}

static void buffers_are_sent_and_filled_one_after_the_other(void **state)
{
    pier_handle ends[2];
    struct pier_message m = hello();

    (void)state;
    open_connection(ends);
    CHECK_INT(pierp_sendmsg(ends[0], &m, 0), 10);
    m = room(3, 4);
    CHECK_INT(receive_message(ends[1], &m), 10);
    CHECK(memcmp(memory, "hello, you..", 12) == 0);
    CHECK(m.flags == 0 && m.control_length == 0);
    close_all(ends, 2);
}

static void a_datagram_comes_with_its_sender(void **state)
{
    struct pier_address here, from = { .length = 3 };
    pier_handle h = open_bound(PIER_AF_INET, PIER_SOCK_DGRAM, &here);
    struct pier_message m = hello();

    (void)state;
    m.address = &here;
    CHECK_INT(pierp_sendmsg(h, &m, 0), 10);
    m = room(2, 8);
    m.address = &from;
    CHECK_INT(receive_message(h, &m), 10);
    CHECK(memcmp(memory, "hello, you", 10) == 0);
    CHECK(from.length == here.length && port_of(&from) == port_of(&here));
    CHECK_INT(m.flags, 0);
    CHECK_OK(pierp_close(h));
}

/* Datagrams of ten bytes to itself. */
static pier_handle open_with_datagrams(int count)
{
    struct pier_address here;
    pier_handle h = open_bound(PIER_AF_INET, PIER_SOCK_DGRAM, &here);
    struct pier_message m = hello();

    m.address = &here;
    for (int i = 0; i < count; i++)
        CHECK_INT(pierp_sendmsg(h, &m, 0), 10);
    return h;
}

static void a_longer_datagram_is_cut_and_that_is_told(void **state)
{
    pier_handle h = open_with_datagrams(2);
    struct pier_message m = room(2, 3);

    (void)state;
    CHECK_INT(receive_message(h, &m), 6);
    CHECK_INT(m.flags, PIER_MSG_TRUNC);
    CHECK(memcmp(memory, "hello,.", 7) == 0);
    m = room(1, 10);
    CHECK_INT(receive_message(h, &m), 10);
    CHECK_INT(m.flags, 0);
    CHECK_OK(pierp_close(h));
}

static void peeking_leaves_the_datagram(void **state)
{
    pier_handle h = open_with_datagrams(1);
    struct pier_message m = room(2, 3);

    (void)state;
    CHECK_INT(wait_for(h, PIERP_READ), PIERP_READY);
    CHECK_INT(pierp_recvmsg(h, &m, PIER_MSG_PEEK), 6);
    CHECK_INT(m.flags, PIER_MSG_TRUNC);
    m = room(1, 10);
    CHECK_INT(pierp_recvmsg(h, &m, 0), 10);
    CHECK_OK(pierp_close(h));
}

static void no_buffers_are_an_empty_datagram(void **state)
{
    struct pier_address here, from;
    pier_handle h = open_bound(PIER_AF_INET, PIER_SOCK_DGRAM, &here);
    struct pier_message m = { .address = &here };

    (void)state;
    CHECK_INT(pierp_sendmsg(h, &m, 0), 0);
    m.address = &from;
    CHECK_INT(receive_message(h, &m), 0);
    CHECK_INT(m.flags, 0);
    CHECK_INT(port_of(&from), port_of(&here));
    m.address = &here;
    CHECK_INT(pierp_sendmsg(h, &m, 0), 0);
    m = room(1, 3);
    CHECK_INT(receive_message(h, &m), 0);
    CHECK_OK(pierp_close(h));
}

static void a_datagram_without_room_is_cut_to_nothing(void **state)
{
    pier_handle h = open_with_datagrams(1);
    struct pier_message m = { .flags = FLAGS };

    (void)state;
    CHECK_INT(receive_message(h, &m), 0);
    CHECK_INT(m.flags, PIER_MSG_TRUNC);
    CHECK_ERR(pierp_recvmsg(h, &m, 0), PIER_EAGAIN);
    CHECK_OK(pierp_close(h));
}

static void receiving_nothing_leaves_the_message_as_it_was(void **state)
{
    struct pier_address here, from = { .length = 5 };
    pier_handle h = open_bound(PIER_AF_INET, PIER_SOCK_DGRAM, &here);
    struct pier_message m = room(1, 1);
    max_align_t control[4];
    pier_handle ends[2];

    (void)state;
    open_connection(ends);
    m.address = &from;
    CHECK_ERR(pierp_recvmsg(ends[0], &m, 0), PIER_EAGAIN);
    m.control = control;
    m.control_length = sizeof control;
    CHECK_ERR(pierp_recvmsg(h, &m, 0), PIER_EAGAIN);
    CHECK(m.flags == FLAGS && m.control_length == sizeof control);
    CHECK(from.length == 5 && memory[0] == '.');
    close_all(ends, 2);
    CHECK_OK(pierp_close(h));
}

static void control_data_that_did_not_come_is_none(void **state)
{
    pier_handle h = open_with_datagrams(1);
    struct pier_message m = room(1, 10);
    max_align_t control[16];

    (void)state;
    m.control = control;
    m.control_length = sizeof control;
    CHECK_INT(receive_message(h, &m), 10);
    CHECK(m.control_length == 0 && m.flags == 0);
    CHECK_OK(pierp_close(h));
}

static void as_many_buffers_go_as_systems_take(void **state)
{
    pier_handle ends[2];
    struct pier_message m = room(MANY, 1);

    (void)state;
    open_connection(ends);
    CHECK_INT(pierp_sendmsg(ends[0], &m, 0), MANY);
    for (ptrdiff_t left = MANY; left > 0;) {
        ptrdiff_t n = receive_message(ends[1], &m);

        CHECK(n > 0 && n <= left);
        left -= n;
    }
    close_all(ends, 2);
}

static void more_buffers_are_refused(void **state)
{
    struct pier_datagram d = { room(MANY + 1, 1), 7 };
    pier_handle ends[2];
    pier_handle h = open_with_datagrams(1);

    (void)state;
    open_connection(ends);
    CHECK_ERR(pierp_sendmsg(ends[0], &d.message, 0), PIER_EMSGSIZE);
    CHECK_ERR(pierp_recvmsg(ends[0], &d.message, 0), PIER_EMSGSIZE);
    CHECK_ERR(pierp_sendmmsg(h, &d, 1, 0), PIER_EMSGSIZE);
    CHECK_ERR(pierp_recvmmsg(h, &d, 1, 0), PIER_EMSGSIZE);
    CHECK(d.message.flags == FLAGS && d.result == 7);
    close_all(ends, 2);
    CHECK_OK(pierp_close(h));
}

static void the_end_of_a_stream_is_zero(void **state)
{
    pier_handle ends[2];
    struct pier_message m = room(2, 2);

    (void)state;
    open_connection(ends);
    CHECK_OK(pierp_close(ends[0]));
    CHECK_INT(receive_message(ends[1], &m), 0);
    CHECK_INT(m.flags, 0);
    CHECK_INT(receive_message(ends[1], &m), 0);
    CHECK_OK(pierp_close(ends[1]));
}

static void sending_to_a_closed_peer_fails_and_kills_nobody(void **state)
{
    const struct pier_message m = hello();
    pier_handle ends[2];
    ptrdiff_t n = 0;
    int64_t end = pierp_clock() + 10 * SECONDS;

    (void)state;
    open_connection(ends);
    CHECK_OK(pierp_close(ends[1]));
    while (n >= 0 && pierp_clock() < end)
        n = pierp_sendmsg(ends[0], &m, 0);
    CHECK(n == PIER_EPIPE || n == PIER_ECONNRESET || n == PIER_ECONNABORTED);
    CHECK_OK(pierp_close(ends[0]));
}

/* ------------------------------------------------------------ batches --- */

static struct pier_address to;

static void make_batch(struct pier_datagram *d)
{
    struct pier_message all = room(BATCH, 2);

    memcpy(memory, "0123456789", 11);
    for (size_t i = 0; i < BATCH; i++) {
        d[i] = (struct pier_datagram){ all, -1 };
        d[i].message.buffers = &buffers[i];
        d[i].message.buffer_count = 1;
        d[i].message.address = &to;
    }
}

static void a_batch_goes_and_comes(void **state)
{
    pier_handle h = open_bound(PIER_AF_INET, PIER_SOCK_DGRAM, &to);
    struct pier_datagram d[BATCH];
    size_t got = 0;

    (void)state;
    make_batch(d);
    CHECK_INT(pierp_sendmmsg(h, d, BATCH, 0), BATCH);
    for (size_t i = 0; i < BATCH; i++)
        CHECK_INT(d[i].result, 2);
    memset(memory, '.', sizeof memory);
    buffers[1].length = 1;
    while (got < BATCH) {
        ptrdiff_t n;

        CHECK_INT(wait_for(h, PIERP_READ), PIERP_READY);
        n = pierp_recvmmsg(h, d + got, BATCH - got, 0);
        CHECK(n > 0 && (size_t)n <= BATCH - got);
        got += (size_t)n;
    }
    CHECK(memcmp(memory, "012.456789", 10) == 0);
    CHECK(d[1].result == 1 && d[1].message.flags == PIER_MSG_TRUNC);
    CHECK(d[4].result == 2 && d[4].message.flags == 0);
    CHECK_ERR(pierp_recvmmsg(h, d, BATCH, 0), PIER_EAGAIN);
    CHECK_OK(pierp_close(h));
}

static void one_that_cannot_go_ends_the_batch(void **state)
{
    pier_handle h = open_bound(PIER_AF_INET, PIER_SOCK_DGRAM, &to);
    struct pier_datagram d[BATCH];

    (void)state;
    make_batch(d);
    d[2].message.buffer_count = MANY + 1;
    d[2].message.buffers = buffers;
    CHECK_INT(pierp_sendmmsg(h, d, BATCH, 0), 2);
    CHECK_ERR(pierp_sendmmsg(h, d + 2, BATCH - 2, 0), PIER_EMSGSIZE);
    CHECK_OK(pierp_close(h));
}

/* -------------------------------------------------------- control data --- */

static void a_header_is_read_as_it_was_written(void **state)
{
    const struct pierp_control item = { 25, 41, 50 };
    struct pierp_control got;
    unsigned char bytes[64];

    (void)state;
    memset(bytes, 0xee, sizeof bytes);
    /* Anywhere in memory. */
    pierp_control_write(bytes + 1, &item);
    pierp_control_read(&got, bytes + 1);
    CHECK(got.length == 25 && got.level == 41 && got.type == 50);
    CHECK_INT(bytes[0], 0xee);
    CHECK_INT(bytes[1 + pierp_control_header], 0xee);
}

static void the_alignment_is_a_power_of_two_that_headers_keep(void **state)
{
    (void)state;
    CHECK(pierp_control_alignment > 0);
    CHECK((pierp_control_alignment & (pierp_control_alignment - 1)) == 0);
    CHECK_INT(pierp_control_header % pierp_control_alignment, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(buffers_are_sent_and_filled_one_after_the_other),
        cmocka_unit_test(a_datagram_comes_with_its_sender),
        cmocka_unit_test(a_longer_datagram_is_cut_and_that_is_told),
        cmocka_unit_test(peeking_leaves_the_datagram),
        cmocka_unit_test(no_buffers_are_an_empty_datagram),
        cmocka_unit_test(a_datagram_without_room_is_cut_to_nothing),
        cmocka_unit_test(receiving_nothing_leaves_the_message_as_it_was),
        cmocka_unit_test(control_data_that_did_not_come_is_none),
        cmocka_unit_test(as_many_buffers_go_as_systems_take),
        cmocka_unit_test(more_buffers_are_refused),
        cmocka_unit_test(the_end_of_a_stream_is_zero),
        cmocka_unit_test(sending_to_a_closed_peer_fails_and_kills_nobody),
        cmocka_unit_test(a_batch_goes_and_comes),
        cmocka_unit_test(one_that_cannot_go_ends_the_batch),
        cmocka_unit_test(a_header_is_read_as_it_was_written),
        cmocka_unit_test(the_alignment_is_a_power_of_two_that_headers_keep),
    };

    return cmocka_run_group_tests_name("seam.messages", tests, start_seam,
                                       NULL);
}
