/* SPDX-License-Identifier: MIT */
/* recvmsg and sendmsg: several buffers, what a message tells, waits, and what
 * is refused. */
#include "layer.h"
#include "object.h"
#include "unit.h"

#include <pier/error.h>
#include <pier/message_info.h>
#include <string.h>

enum {
    FLAGS = 0x5a, /* no failure changes them */
    LENGTH = 77,  /* nor this */
    MANY = 20     /* more buffers than are kept on the stack */
};

static char memory[64];
static struct pier_buffer buffers[FAKE_BUFFERS_MAX + 1];
static struct pier_address address;
static max_align_t control[8];

/* So many buffers of so many bytes each, one after the other. */
static struct pier_message room(size_t count, size_t each)
{
    memset(memory, '.', sizeof(memory));
    memset(control, 0, sizeof(control));
    address.length = LENGTH;
    for (size_t i = 0; i < count; i++)
        buffers[i] = (struct pier_buffer){ memory + i * each, each };
    return (struct pier_message){ .address = &address,
                                  .buffers = buffers,
                                  .buffer_count = count,
                                  .control = control,
                                  .control_length = sizeof(control),
                                  .flags = FLAGS };
}

/* Of what it was before a call that failed. */
static void check_untouched(const struct pier_message *m)
{
    CHECK_INT(m->flags, FLAGS);
    CHECK_INT(m->control_length, sizeof(control));
    CHECK_INT(address.length, LENGTH);
    CHECK(m->buffers == buffers && m->control == control);
    CHECK_INT(memory[0], '.');
}

static struct pier_message text(size_t first)
{
    struct pier_message m = { .buffers = buffers, .buffer_count = 2 };

    memcpy(memory, "0123456789", 11);
    buffers[0] = (struct pier_buffer){ memory, first };
    buffers[1] = (struct pier_buffer){ memory + first, 10 - first };
    return m;
}

/* A pair of AF_UNIX, which carries control data. */
static void open_ends(int type, struct pier_socket *ends[2])
{
    CHECK_OK(pier_socketpair(ends, PIER_AF_UNIX, type, 0));
}

static void free_ends(struct pier_socket *ends[2])
{
    pier_free(ends[0]);
    pier_free(ends[1]);
}

/* ---------------------------------------------------------- buffers --- */

static void a_message_fills_one_buffer_after_the_other(void **state)
{
    struct pier_socket *s = open_connected();
    struct pier_message m = room(3, 2);

    (void)state;
    fake_feed(pier_fileno(s), "abcde", 5, 0);
    CHECK_INT(pier_recvmsg(s, &m, 0), 5);
    CHECK(memcmp(memory, "abcde.", 6) == 0);
    CHECK_INT(m.flags, 0);
    CHECK_INT(m.control_length, 0);
    CHECK_INT(address.length, 0);
    pier_free(s);
}

static void empty_buffers_are_passed_over(void **state)
{
    struct pier_socket *s = open_connected();
    struct pier_message m = room(4, 2);

    (void)state;
    buffers[0] = (struct pier_buffer){ NULL, 0 };
    buffers[2].length = 0;
    fake_feed(pier_fileno(s), "abcd", 4, 0);
    CHECK_INT(pier_recvmsg(s, &m, 0), 4);
    CHECK(memcmp(memory, "..ab..cd", 8) == 0);
    CHECK_INT(pier_sendmsg(s, &m, 0), 4);
    pier_free(s);
}

static void a_message_is_sent_in_one_call(void **state)
{
    struct pier_socket *s = open_connected();
    const struct pier_message m = text(4);
    const unsigned char *sent;
    size_t length;

    (void)state;
    fake_clear_calls();
    CHECK_INT(pier_sendmsg(s, &m, 0), 10);
    assert_string_equal(fake_log(), "sendmsg");
    sent = fake_sent(pier_fileno(s), &length);
    CHECK(length == 10 && memcmp(sent, "0123456789", 10) == 0);
    pier_free(s);
}

static void a_stream_takes_what_it_has_room_for(void **state)
{
    struct pier_socket *s = open_connected();
    const struct pier_message m = text(4);

    (void)state;
    fake_limit_send(pier_fileno(s), 6);
    CHECK_INT(pier_sendmsg(s, &m, 0), 6);
    pier_free(s);
}

static void what_is_ready_costs_one_system_call_and_nothing_else(void **state)
{
    struct pier_socket *s = open_connected();
    struct pier_message m = room(MANY, 1);

    (void)state;
    fake_feed(pier_fileno(s), "abcde", 5, 0);
    fake_clear_calls();
    CHECK_INT(pier_recvmsg(s, &m, 0), 5);
    m.address = NULL;
    m.control_length = 0;
    CHECK_INT(pier_sendmsg(s, &m, 0), MANY);
    assert_string_equal(fake_log(), "recvmsg sendmsg");
    CHECK_INT(fake_calls(), 2);
    CHECK_INT(fake_calls_of(FAKE_CLOCK), 0);
    CHECK_INT(fake_calls_of(FAKE_LOCK), 0);
    pier_free(s);
}

static void nothing_to_move_is_no_system_call_on_a_stream(void **state)
{
    struct pier_socket *s = open_connected();
    struct pier_message m = room(2, 0);
    struct pier_message none = { .flags = FLAGS };

    (void)state;
    m.control_length = 0;
    fake_clear_calls();
    CHECK_INT(pier_recvmsg(s, &m, 0), 0);
    CHECK(m.flags == 0 && address.length == 0);
    CHECK_INT(pier_recvmsg(s, &none, PIER_MSG_WAITALL), 0);
    CHECK_INT(none.flags, 0);
    CHECK_INT(pier_sendmsg(s, &m, 0), 0);
    CHECK_INT(pier_sendmsg(s, &none, 0), 0);
    CHECK_INT(fake_system_calls(), 0);
    CHECK_OK(pier_close(s));
    CHECK_ERR(pier_recvmsg(s, &none, 0), PIER_EBADF);
    CHECK_ERR(pier_sendmsg(s, &none, 0), PIER_EBADF);
    pier_free(s);
}

static void an_empty_datagram_is_one(void **state)
{
    struct pier_socket *s = open_udp();
    struct pier_address here = name_of(s);
    struct pier_message m = { .address = &here };

    (void)state;
    CHECK_INT(pier_sendmsg(s, &m, 0), 0);
    m = room(1, 4);
    CHECK_INT(pier_recvmsg(s, &m, 0), 0);
    CHECK(fake_same_address(&address, &here));
    pier_free(s);
}

/* ------------------------------------------------- what it tells --- */

static void a_datagram_tells_its_sender_and_that_it_was_cut(void **state)
{
    struct pier_socket *s = open_udp();
    struct pier_address from = fake_inet(7, 4000);
    struct pier_message m = room(2, 2);

    (void)state;
    fake_datagram(pier_fileno(s), &from, "abcdef", 6, 0);
    fake_datagram(pier_fileno(s), &from, "abcd", 4, 0);
    CHECK_INT(pier_recvmsg(s, &m, 0), 4);
    CHECK(m.flags == PIER_MSG_TRUNC && m.control_length == 0);
    CHECK(fake_same_address(&address, &from));
    m.address = NULL;
    m.control_length = sizeof(control);
    CHECK_INT(pier_recvmsg(s, &m, 0), 4);
    CHECK_INT(m.flags, 0);
    pier_free(s);
}

static void flags_of_the_system_are_passed_on(void **state)
{
    struct pier_socket *s = open_connected();
    struct pier_message m = room(1, 8);

    (void)state;
    fake_feed(pier_fileno(s), "abc", 3, 0);
    fake_control(pier_fileno(s), "", 0, PIER_MSG_OOB | PIER_MSG_CTRUNC);
    CHECK_INT(pier_recvmsg(s, &m, 0), 3);
    CHECK_INT(m.flags, PIER_MSG_OOB | PIER_MSG_CTRUNC);
    pier_free(s);
}

static void send_with_control(struct pier_socket *s, const char *bytes)
{
    struct pier_buffer piece = { (void *)(uintptr_t)bytes, strlen(bytes) };
    max_align_t block[8];
    struct pier_message m = { .buffers = &piece,
                              .buffer_count = 1,
                              .control = block };

    CHECK_OK(pier_control_put(&m, sizeof(block), 1, 2, bytes, 1));
    CHECK_INT(pier_sendmsg(s, &m, 0), (long long)strlen(bytes));
}

static void check_control(const struct pier_message *m, char expected)
{
    struct pier_control it = { 0 };

    CHECK(pier_control_next(m, &it));
    CHECK(it.level == 1 && it.type == 2 && it.length == 1);
    CHECK_INT(*(const char *)it.data, expected);
    CHECK(!pier_control_next(m, &it));
}

static void check_control_arrives(int type)
{
    struct pier_socket *ends[2];
    struct pier_message m = room(1, 8);

    open_ends(type, ends);
    send_with_control(ends[0], "abc");
    CHECK_INT(pier_recvmsg(ends[1], &m, 0), 3);
    CHECK_INT(m.control_length, pier_cmsg_space(1));
    check_control(&m, 'a');
    free_ends(ends);
}

static void control_data_arrives_with_its_message(void **state)
{
    (void)state;
    check_control_arrives(PIER_SOCK_STREAM);
    check_control_arrives(PIER_SOCK_DGRAM);
}

static void control_data_that_was_cut_is_told(void **state)
{
    struct pier_socket *ends[2];
    struct pier_message m = room(1, 8);
    struct pier_control it = { 0 };

    (void)state;
    open_ends(PIER_SOCK_STREAM, ends);
    send_with_control(ends[0], "abc");
    m.control_length = pier_cmsg_len(0) - 1;
    CHECK_INT(pier_recvmsg(ends[1], &m, 0), 3);
    CHECK_INT(m.flags, PIER_MSG_CTRUNC);
    CHECK(!pier_control_next(&m, &it));
    free_ends(ends);
}

/* --------------------------------------------------- PIER_MSG_WAITALL --- */

static void waiting_for_all_fills_all_buffers(void **state)
{
    struct pier_socket *s = open_connected();
    struct pier_message m = room(3, 4);

    (void)state;
    buffers[1].length = 0;
    fake_feed(pier_fileno(s), "ab", 2, 5 * MS);
    fake_feed(pier_fileno(s), "cde", 3, 9 * MS);
    fake_feed(pier_fileno(s), "fghijk", 6, 12 * MS);
    CHECK_INT(pier_recvmsg(s, &m, PIER_MSG_WAITALL), 8);
    CHECK_INT(fake_now(), 12 * MS);
    CHECK(memcmp(memory, "abcd....efgh", 12) == 0);
    CHECK(m.flags == 0 && m.control_length == 0 && address.length == 0);
    CHECK_INT(m.buffer_count, 3);
    CHECK(buffers[0].base == memory && buffers[0].length == 4);
    CHECK_INT(pier_recv(s, memory, 8, 0), 3);
    pier_free(s);
}

static void waiting_for_all_fills_many_buffers(void **state)
{
    struct pier_socket *s = open_connected();
    struct pier_message m = room(MANY, 1);

    (void)state;
    fake_limit_recv(pier_fileno(s), 7);
    fake_feed(pier_fileno(s), "0123456789", 10, 5 * MS);
    fake_feed(pier_fileno(s), "abcdefghij", 10, 9 * MS);
    CHECK_INT(pier_recvmsg(s, &m, PIER_MSG_WAITALL), MANY);
    CHECK(memcmp(memory, "0123456789abcdefghij", MANY) == 0);
    m = room(MANY, 1);
    fake_fail_alloc(1);
    CHECK_ERR(pier_recvmsg(s, &m, PIER_MSG_WAITALL), PIER_ENOMEM);
    check_untouched(&m);
    pier_free(s);
}

static void what_came_counts_when_the_wait_for_all_ends(void **state)
{
    struct pier_socket *s = open_connected();
    struct pier_message m = room(2, 4);

    (void)state;
    CHECK_OK(pier_settimeout(s, 10 * MS));
    fake_feed(pier_fileno(s), "abc", 3, 5 * MS);
    CHECK_INT(pier_recvmsg(s, &m, PIER_MSG_WAITALL), 3);
    CHECK_INT(fake_now(), 10 * MS);
    fake_feed(pier_fileno(s), "de", 2, 5 * MS);
    fake_feed_eof(pier_fileno(s), 5 * MS);
    CHECK_INT(pier_recvmsg(s, &m, PIER_MSG_WAITALL), 2);
    CHECK_INT(pier_recvmsg(s, &m, PIER_MSG_WAITALL), 0);
    pier_free(s);
}

static void nothing_came_when_the_wait_for_all_ends(void **state)
{
    struct pier_socket *s = open_connected();
    struct pier_message m = room(2, 4);

    (void)state;
    CHECK_OK(pier_settimeout(s, 10 * MS));
    CHECK_ERR(pier_recvmsg(s, &m, PIER_MSG_WAITALL), PIER_EDEADLINE);
    check_untouched(&m);
    fake_feed_reset(pier_fileno(s), 0);
    CHECK_ERR(pier_recvmsg(s, &m, PIER_MSG_WAITALL), PIER_ECONNRESET);
    check_untouched(&m);
    pier_free(s);
}

/* Two bytes with an item as this system has them, if it has such a one. */
static bool send_with_info(struct pier_socket *s, const char *bytes,
                           const struct pier_message_info *info, int family)
{
    static max_align_t items[16];
    struct pier_buffer piece = { (void *)(uintptr_t)bytes, 2 };
    struct pier_message m = { .buffers = &piece,
                              .buffer_count = 1,
                              .control = items };

    if (pier_put_message_info(&m, sizeof(items), family, info))
        return false;
    CHECK_INT(pier_sendmsg(s, &m, 0), 2);
    return true;
}

static struct pier_message_info hops(int count)
{
    return (struct pier_message_info){
        .size = sizeof(struct pier_message_info),
        .known = PIER_INFO_HOP_LIMIT,
        .hop_limit = count,
    };
}

static void check_hops(const struct pier_message *m, int expected)
{
    struct pier_message_info info = { .size = sizeof(info) };

    CHECK_OK(pier_get_message_info(m, &info));
    CHECK_INT(info.known, PIER_INFO_HOP_LIMIT);
    CHECK_INT(info.hop_limit, expected);
}

static void waiting_for_all_goes_on_after_what_tells_of_packets(void **state)
{
    const struct pier_message_info first = hops(7), second = hops(9);
    struct pier_socket *ends[2];
    struct pier_message m = room(1, 6);

    (void)state;
    open_ends(PIER_SOCK_STREAM, ends);
    fake_limit_recv(pier_fileno(ends[1]), 2);
    CHECK(send_with_info(ends[0], "ab", &first, PIER_AF_INET6));
    CHECK(send_with_info(ends[0], "cd", &second, PIER_AF_INET6));
    CHECK_INT(pier_send(ends[0], "efgh", 4, 0), 4);
    CHECK_INT(pier_recvmsg(ends[1], &m, PIER_MSG_WAITALL), 6);
    CHECK(memcmp(memory, "abcdef", 6) == 0);
    check_hops(&m, 9);
    CHECK_INT(m.flags, 0);
    free_ends(ends);
}

/* Of an item that was cut nobody knows what it would have told. */
static void waiting_for_all_ends_with_what_was_cut(void **state)
{
    const struct pier_message_info info = hops(7);
    struct pier_socket *ends[2];
    struct pier_message m = room(1, 4);

    (void)state;
    open_ends(PIER_SOCK_STREAM, ends);
    fake_limit_recv(pier_fileno(ends[1]), 2);
    CHECK(send_with_info(ends[0], "ab", &info, PIER_AF_INET6));
    CHECK_INT(pier_send(ends[0], "cd", 2, 0), 2);
    m.control_length = pier_cmsg_len(0) - 1;
    CHECK_INT(pier_recvmsg(ends[1], &m, PIER_MSG_WAITALL), 2);
    CHECK_INT(m.flags, PIER_MSG_CTRUNC);
    free_ends(ends);
}

/* All of it, to the last byte: there is only the flag. */
static void waiting_for_all_ends_with_what_was_cut_away(void **state)
{
    struct pier_socket *s = open_connected();
    struct pier_message m = room(1, 8);

    (void)state;
    fake_feed(pier_fileno(s), "abc", 3, 0);
    fake_control(pier_fileno(s), "", 0, PIER_MSG_CTRUNC);
    fake_feed(pier_fileno(s), "def", 3, MS);
    CHECK_INT(pier_recvmsg(s, &m, PIER_MSG_WAITALL), 3);
    CHECK_INT(m.flags, PIER_MSG_CTRUNC);
    pier_free(s);
}

/* Or, where the system sends none, with what nobody knows. */
static void waiting_for_all_ends_with_credentials(void **state)
{
    const struct pier_message_info sender = {
        .size = sizeof(sender),
        .known = PIER_INFO_CREDENTIALS,
        .process_id = 5,
    };
    struct pier_socket *ends[2];
    struct pier_message m = room(1, 4);

    (void)state;
    open_ends(PIER_SOCK_STREAM, ends);
    fake_limit_recv(pier_fileno(ends[1]), 2);
    if (!send_with_info(ends[0], "ab", &sender, PIER_AF_UNIX))
        send_with_control(ends[0], "ab");
    CHECK_INT(pier_send(ends[0], "cd", 2, 0), 2);
    CHECK_INT(pier_recvmsg(ends[1], &m, PIER_MSG_WAITALL), 2);
    free_ends(ends);
}

/* What comes with the bytes after it would have no room. */
static void waiting_for_all_ends_with_control_data(void **state)
{
    struct pier_socket *ends[2];
    struct pier_message m = room(1, 8);

    (void)state;
    open_ends(PIER_SOCK_STREAM, ends);
    CHECK_INT(pier_send(ends[0], "ab", 2, 0), 2);
    send_with_control(ends[0], "cd");
    send_with_control(ends[0], "ef");
    CHECK_INT(pier_recvmsg(ends[1], &m, PIER_MSG_WAITALL), 4);
    CHECK(memcmp(memory, "abcd", 4) == 0);
    check_control(&m, 'c');
    m.control_length = sizeof(control);
    CHECK_INT(pier_recvmsg(ends[1], &m, PIER_MSG_WAITALL), 2);
    check_control(&m, 'e');
    free_ends(ends);
}

static void the_flags_of_all_pieces_are_told(void **state)
{
    struct pier_socket *ends[2];
    struct pier_message m = room(1, 4);

    (void)state;
    open_ends(PIER_SOCK_STREAM, ends);
    fake_limit_recv(pier_fileno(ends[1]), 2);
    m.control_length = 0;
    send_with_control(ends[0], "ab");
    CHECK_INT(pier_send(ends[0], "cd", 2, 0), 2);
    CHECK_INT(pier_recvmsg(ends[1], &m, PIER_MSG_WAITALL), 4);
    CHECK_INT(m.flags, PIER_MSG_CTRUNC);
    CHECK_INT(pier_send(ends[0], "ab", 2, 0), 2);
    send_with_control(ends[0], "cd");
    CHECK_INT(pier_recvmsg(ends[1], &m, PIER_MSG_WAITALL), 4);
    CHECK_INT(m.flags, PIER_MSG_CTRUNC);
    free_ends(ends);
}

static void waiting_for_all_of_a_datagram_takes_one(void **state)
{
    struct pier_socket *s = open_udp();
    struct pier_address from = fake_inet(7, 4000);
    struct pier_message m = room(2, 4);

    (void)state;
    fake_datagram(pier_fileno(s), &from, "abc", 3, 0);
    CHECK_INT(pier_recvmsg(s, &m, PIER_MSG_WAITALL), 3);
    pier_free(s);
}

static void peeking_for_all_takes_what_is_there(void **state)
{
    struct pier_socket *s = open_connected();
    struct pier_message m = room(2, 4);

    (void)state;
    fake_feed(pier_fileno(s), "abc", 3, 0);
    CHECK_INT(pier_recvmsg(s, &m, PIER_MSG_WAITALL | PIER_MSG_PEEK), 3);
    CHECK_INT(pier_recvmsg(s, &m, 0), 3);
    pier_free(s);
}

/* --------------------------------------------------------------- ends --- */

static void after_a_shutdown_nothing_is_received(void **state)
{
    struct pier_socket *s = open_connected();
    struct pier_message m = room(2, 4);

    (void)state;
    fake_feed(pier_fileno(s), "abc", 3, 0);
    CHECK_OK(pier_shutdown(s, PIER_SHUT_RD));
    CHECK_INT(pier_recvmsg(s, &m, 0), 0);
    CHECK(m.flags == 0 && m.control_length == 0 && address.length == 0);
    m = room(2, 4);
    CHECK_INT(pier_recvmsg(s, &m, PIER_MSG_WAITALL), 0);
    CHECK(m.flags == 0 && m.control_length == 0 && address.length == 0);
    CHECK_OK(pier_shutdown(s, PIER_SHUT_WR));
    m.address = NULL;
    CHECK_ERR(pier_sendmsg(s, &m, 0), PIER_EPIPE);
    pier_free(s);
}

static void a_failure_leaves_the_message_as_it_was(void **state)
{
    struct pier_socket *s = open_connected();
    struct pier_message m = room(2, 4);

    (void)state;
    fake_fail(FAKE_RECVMSG, 1, PIER_ENOMEM);
    CHECK_ERR(pier_recvmsg(s, &m, 0), PIER_ENOMEM);
    check_untouched(&m);
    CHECK_ERR(pier_recvmsg(s, &m, PIER_MSG_DONTWAIT), PIER_EAGAIN);
    check_untouched(&m);
    CHECK_OK(pier_settimeout(s, 10 * MS));
    CHECK_ERR(pier_recvmsg(s, &m, 0), PIER_EDEADLINE);
    check_untouched(&m);
    pier_free(s);
}

static void an_interruption_is_got_over(void **state)
{
    struct pier_socket *s = open_connected();
    struct pier_message m = room(2, 4);

    (void)state;
    fake_feed(pier_fileno(s), "abcdefgh", 8, 0);
    fake_fail(FAKE_RECVMSG, 1, PIER_EINTR);
    CHECK_INT(pier_recvmsg(s, &m, 0), 8);
    m.address = NULL;
    m.control_length = 0;
    fake_fail(FAKE_SENDMSG, 1, PIER_EINTR);
    CHECK_INT(pier_sendmsg(s, &m, 0), 8);
    pier_free(s);
}

/* The sender is ready all the while, so there is nothing to wait for. */
static void a_full_queue_of_af_unix_is_tried_again_and_again(void **state)
{
    struct pier_address path = fake_path("/to"), here = fake_path("/from");
    struct pier_socket *to, *from;
    struct pier_message m = text(4);

    (void)state;
    CHECK_OK(pier_open(&to, PIER_AF_UNIX, PIER_SOCK_DGRAM, 0));
    CHECK_OK(pier_open(&from, PIER_AF_UNIX, PIER_SOCK_DGRAM, 0));
    CHECK_OK(pier_bind(to, &path));
    CHECK_OK(pier_bind(from, &here));
    fake_block_send(pier_fileno(from), 5 * MS);
    m.address = &path;
    CHECK_INT(pier_sendmsg(from, &m, 0), 10);
    CHECK_INT(fake_now(), 6 * MS);
    CHECK_INT(fake_calls_of(FAKE_SENDMSG), 4);
    CHECK_OK(pier_settimeout(from, 3 * MS));
    fake_block_send(pier_fileno(from), 10 * MS);
    CHECK_ERR(pier_sendmsg(from, &m, 0), PIER_EDEADLINE);
    CHECK_INT(fake_now(), 9 * MS);
    fake_advance(20 * MS);
    pier_free(to);
    pier_free(from);
}

static struct pier_message to_send;
static struct pier_socket *sender;
static ptrdiff_t result;

static void send_it(void *unused)
{
    (void)unused;
    result = pier_sendmsg(sender, &to_send, 0);
}

/* A message is not put into the middle of what sendall sends. */
static void a_message_waits_for_its_turn(void **state)
{
    static char much[200000];
    struct pier_socket *s = open_connected();
    const unsigned char *sent;
    size_t length;

    (void)state;
    sender = s;
    to_send = text(4);
    fake_at(5 * MS, send_it, NULL);
    fake_drain(pier_fileno(s), 65536, 10 * MS);
    CHECK_OK(pier_sendall(s, much, sizeof(much), 0, NULL));
    fake_join();
    CHECK_INT(result, 10);
    sent = fake_sent(pier_fileno(s), &length);
    CHECK(memcmp(sent + length - 10, "0123456789", 10) == 0);
    pier_free(s);
}

/* ------------------------------------------------------------ refused --- */

static void check_refused(struct pier_socket *s, struct pier_message *m,
                          pier_err code)
{
    fake_clear_calls();
    CHECK_ERR(pier_recvmsg(s, m, 0), code);
    CHECK_ERR(pier_recvmsg(s, m, PIER_MSG_WAITALL), code);
    CHECK_ERR(pier_sendmsg(s, m, 0), code);
    CHECK_INT(fake_system_calls(), 0);
}

static void what_is_missing_is_refused(void **state)
{
    struct pier_socket *s = open_connected();
    struct pier_message m = room(2, 4);

    (void)state;
    check_refused(NULL, &m, PIER_EINVAL);
    check_refused(s, NULL, PIER_EINVAL);
    m.control = NULL;
    check_refused(s, &m, PIER_EINVAL);
    m = room(2, 4);
    buffers[1].base = NULL;
    check_refused(s, &m, PIER_EINVAL);
    m = room(2, 4);
    m.buffers = NULL;
    check_refused(s, &m, PIER_EINVAL);
    CHECK_INT(m.flags, FLAGS);
    pier_free(s);
}

static void lengths_that_overflow_are_refused(void **state)
{
    struct pier_socket *s = open_connected();
    struct pier_message m = room(3, 4);

    (void)state;
    buffers[0].length = (size_t)PTRDIFF_MAX + 1;
    check_refused(s, &m, PIER_EINVAL);
    buffers[0].length = PTRDIFF_MAX;
    check_refused(s, &m, PIER_EINVAL);
    buffers[0].length = SIZE_MAX;
    buffers[1].length = 1;
    check_refused(s, &m, PIER_EINVAL);
    pier_free(s);
}

static void lengths_that_just_fit_are_received(void **state)
{
    struct pier_socket *s = open_connected();
    struct pier_message m = room(2, 4);

    (void)state;
    buffers[1].length = PTRDIFF_MAX - 4;
    fake_feed(pier_fileno(s), "abcdef", 6, 0);
    CHECK_INT(pier_recvmsg(s, &m, 0), 6);
    pier_free(s);
}

static void too_many_buffers_are_told(void **state)
{
    struct pier_socket *s = open_connected();
    struct pier_message m = room(FAKE_BUFFERS_MAX + 1, 0);

    (void)state;
    buffers[FAKE_BUFFERS_MAX] = (struct pier_buffer){ memory, 4 };
    fake_feed(pier_fileno(s), "abc", 3, 0);
    CHECK_ERR(pier_recvmsg(s, &m, 0), PIER_EMSGSIZE);
    CHECK_ERR(pier_recvmsg(s, &m, PIER_MSG_WAITALL), PIER_EMSGSIZE);
    check_untouched(&m);
    m.address = NULL;
    CHECK_ERR(pier_sendmsg(s, &m, 0), PIER_EMSGSIZE);
    pier_free(s);
}

static void flags_that_the_system_lacks_are_refused(void **state)
{
    struct pier_socket *s = open_connected();
    struct pier_message m = room(2, 4);
    const int lacking = PIER_HAVE_MSG_MCAST ? PIER_MSG_BTAG : PIER_MSG_MCAST;

    (void)state;
    fake_clear_calls();
    CHECK_ERR(pier_recvmsg(s, &m, lacking), PIER_EOPNOTSUPP);
    CHECK_ERR(pier_sendmsg(s, &m, lacking), PIER_EOPNOTSUPP);
    CHECK_INT(fake_system_calls(), 0);
    pier_free(s);
}

static const struct pieri_layer nothing_of_it;

static void under_a_layer_there_are_no_messages(void **state)
{
    struct pier_socket *s = open_connected();
    struct pier_message m = room(2, 4);
    struct pier_message none = { 0 };

    (void)state;
    s->layer = &nothing_of_it;
    fake_clear_calls();
    check_refused(s, &m, PIER_EOPNOTSUPP);
    check_untouched(&m);
    check_refused(s, &none, PIER_EOPNOTSUPP);
    s->layer = NULL;
    pier_free(s);
}

static void an_error_names_the_call_and_the_destination(void **state)
{
    struct pier_socket *s = open_udp();
    struct pier_message m = room(1, 1);
    struct pier_detail detail;

    (void)state;
    address = fake_inet(7, 80);
    m.control_length = 0;
    fake_fail(FAKE_SENDMSG, 1, PIER_ENETUNREACH);
    CHECK_ERR(pier_sendmsg(s, &m, 0), PIER_ENETUNREACH);
    pier_error_detail(&detail);
    assert_string_equal(detail.operation, "sendmsg");
    CHECK_INT(detail.code, PIER_ENETUNREACH);
    CHECK(fake_same_address(&detail.address, &address));
    pier_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_FAKE(a_message_fills_one_buffer_after_the_other),
        ON_FAKE(empty_buffers_are_passed_over),
        ON_FAKE(a_message_is_sent_in_one_call),
        ON_FAKE(a_stream_takes_what_it_has_room_for),
        ON_FAKE(what_is_ready_costs_one_system_call_and_nothing_else),
        ON_FAKE(nothing_to_move_is_no_system_call_on_a_stream),
        ON_FAKE(an_empty_datagram_is_one),
        ON_FAKE(a_datagram_tells_its_sender_and_that_it_was_cut),
        ON_FAKE(flags_of_the_system_are_passed_on),
        ON_FAKE(control_data_arrives_with_its_message),
        ON_FAKE(control_data_that_was_cut_is_told),
        ON_FAKE(waiting_for_all_fills_all_buffers),
        ON_FAKE(waiting_for_all_fills_many_buffers),
        ON_FAKE(what_came_counts_when_the_wait_for_all_ends),
        ON_FAKE(nothing_came_when_the_wait_for_all_ends),
        ON_FAKE(waiting_for_all_ends_with_control_data),
        ON_FAKE(waiting_for_all_goes_on_after_what_tells_of_packets),
        ON_FAKE(waiting_for_all_ends_with_what_was_cut_away),
        ON_FAKE(waiting_for_all_ends_with_what_was_cut),
        ON_FAKE(waiting_for_all_ends_with_credentials),
        ON_FAKE(the_flags_of_all_pieces_are_told),
        ON_FAKE(waiting_for_all_of_a_datagram_takes_one),
        ON_FAKE(peeking_for_all_takes_what_is_there),
        ON_FAKE(after_a_shutdown_nothing_is_received),
        ON_FAKE(a_failure_leaves_the_message_as_it_was),
        ON_FAKE(an_interruption_is_got_over),
        ON_FAKE(a_full_queue_of_af_unix_is_tried_again_and_again),
        ON_FAKE(a_message_waits_for_its_turn),
        ON_FAKE(what_is_missing_is_refused),
        ON_FAKE(lengths_that_overflow_are_refused),
        ON_FAKE(lengths_that_just_fit_are_received),
        ON_FAKE(too_many_buffers_are_told),
        ON_FAKE(flags_that_the_system_lacks_are_refused),
        ON_FAKE(under_a_layer_there_are_no_messages),
        ON_FAKE(an_error_names_the_call_and_the_destination),
    };

    return cmocka_run_group_tests_name("messages", tests, NULL, NULL);
}
