/* SPDX-License-Identifier: MIT */
/* recvmmsg and sendmmsg: which system calls, what is waited for, and what ends
 * them early. */
#include "layer.h"
#include "object.h"
#include "unit.h"

#include <pier/error.h>
#include <string.h>

enum {
    MANY = 40, /* more than the system is asked for at once */
    EACH = 4,
    UNTOUCHED = -7
};

static char memory[MANY][EACH];
static struct pier_buffer buffers[MANY];
static struct pier_address addresses[MANY];
static struct pier_datagram batch[MANY];

static void clear_batch(void)
{
    memset(memory, '.', sizeof(memory));
    for (size_t i = 0; i < MANY; i++) {
        buffers[i] = (struct pier_buffer){ memory[i], EACH };
        addresses[i].length = 0;
        batch[i] = (struct pier_datagram){
            { .buffers = &buffers[i], .buffer_count = 1, .flags = UNTOUCHED },
            UNTOUCHED
        };
    }
}

/* Numbered, so that none is sent twice unnoticed. */
static void fill_batch(struct pier_address *to)
{
    clear_batch();
    for (size_t i = 0; i < MANY; i++) {
        memory[i][0] = (char)('0' + i / 10);
        memory[i][1] = (char)('0' + i % 10);
        buffers[i].length = 2;
        batch[i].message.address = to;
    }
}

static void check_number(size_t i, const char *bytes)
{
    CHECK_INT(bytes[0], '0' + (int)i / 10);
    CHECK_INT(bytes[1], '0' + (int)i % 10);
}

static void feed(struct pier_socket *s, int count, int64_t delay)
{
    struct pier_address from = fake_inet(7, 4000);

    for (int i = 0; i < count; i++) {
        const char bytes[2] = { (char)('0' + i / 10), (char)('0' + i % 10) };

        fake_datagram(pier_fileno(s), &from, bytes, 2, delay);
    }
}

static void check_received(size_t count)
{
    for (size_t i = 0; i < count; i++) {
        CHECK_INT(batch[i].result, 2);
        CHECK_INT(batch[i].message.flags, 0);
        check_number(i, memory[i]);
    }
    if (count < MANY) {
        CHECK_INT(batch[count].result, UNTOUCHED);
        CHECK_INT(batch[count].message.flags, UNTOUCHED);
    }
}

/* ---------------------------------------------------------- receiving --- */

static void what_is_there_comes_with_one_system_call(void **state)
{
    struct pier_socket *s = open_udp();

    (void)state;
    clear_batch();
    feed(s, 5, 0);
    fake_clear_calls();
    CHECK_INT(pier_recvmmsg(s, batch, 10, 0), 5);
    assert_string_equal(fake_log(), "recvmmsg");
    CHECK_INT(fake_calls(), 1);
    CHECK_INT(fake_calls_of(FAKE_CLOCK), 0);
    check_received(5);
    pier_free(s);
}

static void more_than_fit_into_one_call_come_with_several(void **state)
{
    struct pier_socket *s = open_udp();

    (void)state;
    clear_batch();
    feed(s, MANY, 0);
    fake_clear_calls();
    CHECK_INT(pier_recvmmsg(s, batch, MANY, 0), MANY);
    assert_string_equal(fake_log(), "recvmmsg recvmmsg recvmmsg");
    check_received(MANY);
    CHECK_ERR(pier_recvmmsg(s, batch, 1, PIER_MSG_DONTWAIT), PIER_EAGAIN);
    pier_free(s);
}

/* The second call finds nothing, and the first has done its work. */
static void a_full_first_call_is_enough(void **state)
{
    struct pier_socket *s = open_udp();

    (void)state;
    clear_batch();
    feed(s, PIERP_BATCH_MAX, 0);
    CHECK_INT(pier_recvmmsg(s, batch, MANY, 0), PIERP_BATCH_MAX);
    check_received(PIERP_BATCH_MAX);
    pier_free(s);
}

static void the_first_is_waited_for(void **state)
{
    struct pier_socket *s = open_udp();

    (void)state;
    clear_batch();
    feed(s, 1, 5 * MS);
    feed(s, 1, 9 * MS);
    CHECK_INT(pier_recvmmsg(s, batch, 2, 0), 1);
    CHECK_INT(fake_now(), 5 * MS);
    pier_free(s);
}

static void all_are_waited_for_on_demand(void **state)
{
    struct pier_socket *s = open_udp();

    (void)state;
    clear_batch();
    feed(s, 2, 5 * MS);
    feed(s, 2, 9 * MS);
    CHECK_INT(pier_recvmmsg(s, batch, 3, PIER_MSG_WAITALL), 3);
    CHECK_INT(fake_now(), 9 * MS);
    CHECK_INT(batch[2].result, 2);
    CHECK_OK(pier_settimeout(s, 10 * MS));
    CHECK_INT(pier_recvmmsg(s, batch, 3, PIER_MSG_WAITALL), 1);
    CHECK_ERR(pier_recvmmsg(s, batch, 3, PIER_MSG_WAITALL), PIER_EDEADLINE);
    pier_free(s);
}

static void an_error_after_the_first_is_not_told(void **state)
{
    struct pier_socket *s = open_udp();

    (void)state;
    clear_batch();
    feed(s, MANY, 0);
    fake_fail(FAKE_RECVMMSG, 2, PIER_ENOMEM);
    CHECK_INT(pier_recvmmsg(s, batch, MANY, 0), PIERP_BATCH_MAX);
    check_received(PIERP_BATCH_MAX);
    fake_fail(FAKE_RECVMMSG, 1, PIER_ENOMEM);
    CHECK_ERR(pier_recvmmsg(s, batch, MANY, 0), PIER_ENOMEM);
    pier_free(s);
}

static void an_interruption_repeats_nothing(void **state)
{
    struct pier_socket *s = open_udp();

    (void)state;
    clear_batch();
    feed(s, 20, 0);
    fake_fail(FAKE_RECVMMSG, 2, PIER_EINTR);
    CHECK_INT(pier_recvmmsg(s, batch, 20, PIER_MSG_WAITALL), 20);
    check_received(20);
    pier_free(s);
}

static void each_tells_its_sender_and_that_it_was_cut(void **state)
{
    struct pier_socket *s = open_udp();
    struct pier_address from = fake_inet(7, 4000);

    (void)state;
    clear_batch();
    batch[1].message.address = &addresses[1];
    fake_datagram(pier_fileno(s), &from, "ab", 2, 0);
    fake_datagram(pier_fileno(s), &from, "abcdef", 6, 0);
    CHECK_INT(pier_recvmmsg(s, batch, 4, 0), 2);
    CHECK_INT(batch[0].message.flags, 0);
    CHECK_INT(batch[1].message.flags, PIER_MSG_TRUNC);
    CHECK_INT(batch[1].result, EACH);
    CHECK(fake_same_address(&addresses[1], &from));
    pier_free(s);
}

static void after_a_shutdown_no_message_comes(void **state)
{
    struct pier_socket *s = open_udp();
    struct pier_address there = fake_inet(7, 4000);

    (void)state;
    clear_batch();
    CHECK_OK(pier_connect(s, &there));
    feed(s, 2, 0);
    CHECK_OK(pier_shutdown(s, PIER_SHUT_RD));
    CHECK_INT(pier_recvmmsg(s, batch, 4, 0), 0);
    CHECK_INT(pier_recvmmsg(s, batch, 4, PIER_MSG_WAITALL), 0);
    pier_free(s);
}

/* ------------------------------------------------------------ sending --- */

static void check_arrived(struct pier_socket *s, size_t count)
{
    char bytes[EACH];

    for (size_t i = 0; i < count; i++) {
        CHECK_INT(pier_recv(s, bytes, sizeof(bytes), 0), 2);
        check_number(i, bytes);
    }
    CHECK_ERR(pier_recv(s, bytes, sizeof(bytes), PIER_MSG_DONTWAIT),
              PIER_EAGAIN);
}

static void all_go_with_as_few_calls_as_there_are(void **state)
{
    struct pier_socket *s = open_udp();
    struct pier_address here = name_of(s);

    (void)state;
    fill_batch(&here);
    fake_clear_calls();
    CHECK_INT(pier_sendmmsg(s, batch, MANY, 0), MANY);
    assert_string_equal(fake_log(), "sendmmsg sendmmsg sendmmsg");
    CHECK_INT(fake_calls_of(FAKE_CLOCK), 0);
    for (size_t i = 0; i < MANY; i++)
        CHECK_INT(batch[i].result, 2);
    check_arrived(s, MANY);
    pier_free(s);
}

static void none_is_sent_twice_when_the_system_takes_few(void **state)
{
    struct pier_socket *s = open_udp();
    struct pier_address here = name_of(s);

    (void)state;
    fill_batch(&here);
    fake_limit_batch(pier_fileno(s), 3);
    fake_fail(FAKE_SENDMMSG, 4, PIER_EINTR);
    CHECK_INT(pier_sendmmsg(s, batch, 20, 0), 20);
    check_arrived(s, 20);
    pier_free(s);
}

static void none_is_sent_twice_after_a_wait(void **state)
{
    struct pier_socket *s = open_udp();
    struct pier_address here = name_of(s);

    (void)state;
    fill_batch(&here);
    fake_limit_batch(pier_fileno(s), 3);
    fake_fail(FAKE_SENDMMSG, 2, PIER_EAGAIN);
    CHECK_INT(pier_sendmmsg(s, batch, 20, 0), 20);
    check_arrived(s, 20);
    pier_free(s);
}

static void what_went_counts_when_the_call_is_ended(void **state)
{
    struct pier_socket *s = open_udp();
    struct pier_address here = name_of(s);

    (void)state;
    fill_batch(&here);
    fake_fail(FAKE_SENDMMSG, 2, PIER_ENETUNREACH);
    CHECK_INT(pier_sendmmsg(s, batch, MANY, 0), PIERP_BATCH_MAX);
    CHECK_INT(batch[PIERP_BATCH_MAX].result, UNTOUCHED);
    check_arrived(s, PIERP_BATCH_MAX);
    fake_fail(FAKE_SENDMMSG, 1, PIER_ENETUNREACH);
    CHECK_ERR(pier_sendmmsg(s, batch, MANY, 0), PIER_ENETUNREACH);
    pier_free(s);
}

static void one_that_cannot_go_ends_the_call(void **state)
{
    struct pier_socket *s = open_udp();
    struct pier_address here = name_of(s);
    struct pier_address far = fake_loopback6(9);

    (void)state;
    fill_batch(&here);
    batch[3].message.address = &far;
    CHECK_INT(pier_sendmmsg(s, batch, 10, 0), 3);
    check_arrived(s, 3);
    CHECK_ERR(pier_sendmmsg(s, batch + 3, 10, 0), PIER_EAFNOSUPPORT);
    pier_free(s);
}

/* The sender is ready all the while, so there is nothing to wait for. */
static void a_full_queue_of_af_unix_is_tried_again_and_again(void **state)
{
    struct pier_address path = fake_path("/to"), here = fake_path("/from");
    struct pier_socket *to, *from;

    (void)state;
    CHECK_OK(pier_open(&to, PIER_AF_UNIX, PIER_SOCK_DGRAM, 0));
    CHECK_OK(pier_open(&from, PIER_AF_UNIX, PIER_SOCK_DGRAM, 0));
    CHECK_OK(pier_bind(to, &path));
    CHECK_OK(pier_bind(from, &here));
    fill_batch(&path);
    fake_block_send(pier_fileno(from), 5 * MS);
    CHECK_INT(pier_sendmmsg(from, batch, 5, 0), 5);
    CHECK_INT(fake_now(), 6 * MS);
    CHECK_INT(fake_calls_of(FAKE_SENDMMSG), 4);
    check_arrived(to, 5);
    pier_free(to);
    pier_free(from);
}

/* ------------------------------------------------------------ streams --- */

static void a_stream_is_received_piece_by_piece(void **state)
{
    struct pier_socket *s = open_connected();

    (void)state;
    clear_batch();
    buffers[1].length = 0;
    fake_feed(pier_fileno(s), "abcdef", 6, 0);
    CHECK_INT(pier_recvmmsg(s, batch, 5, 0), 3);
    CHECK(batch[0].result == 4 && batch[1].result == 0);
    CHECK(batch[2].result == 2 && batch[3].result == UNTOUCHED);
    CHECK_INT(batch[1].message.flags, 0);
    CHECK(memcmp(memory[0], "abcd", 4) == 0);
    CHECK(memcmp(memory[2], "ef", 2) == 0);
    pier_free(s);
}

static void the_end_of_a_stream_is_no_message(void **state)
{
    struct pier_socket *s = open_connected();

    (void)state;
    clear_batch();
    fake_feed(pier_fileno(s), "abcdef", 6, 0);
    fake_feed_eof(pier_fileno(s), 0);
    CHECK_INT(pier_recvmmsg(s, batch, MANY, PIER_MSG_WAITALL), 2);
    CHECK_INT(batch[2].result, UNTOUCHED);
    CHECK_INT(pier_recvmmsg(s, batch, MANY, 0), 0);
    CHECK_INT(pier_recvmmsg(s, batch, MANY, PIER_MSG_WAITALL), 0);
    pier_free(s);
}

/* What follows one that was cut would be out of order. */
static void a_message_that_went_in_part_is_the_last(void **state)
{
    struct pier_socket *s = open_connected();
    const unsigned char *sent;
    size_t length;

    (void)state;
    fill_batch(NULL);
    buffers[2].length = 4;
    fake_limit_send(pier_fileno(s), 3);
    CHECK_INT(pier_sendmmsg(s, batch, 5, 0), 3);
    CHECK(batch[0].result == 2 && batch[1].result == 2);
    CHECK(batch[2].result == 3 && batch[3].result == UNTOUCHED);
    sent = fake_sent(pier_fileno(s), &length);
    CHECK(length == 7 && memcmp(sent, "000102.", 7) == 0);
    pier_free(s);
}

static void empty_messages_go_on_a_stream_as_well(void **state)
{
    struct pier_socket *s = open_connected();

    (void)state;
    fill_batch(NULL);
    buffers[1].length = 0;
    CHECK_INT(pier_sendmmsg(s, batch, 3, 0), 3);
    CHECK(batch[1].result == 0 && batch[2].result == 2);
    CHECK_INT(fake_calls_of(FAKE_SENDMSG), 2);
    pier_free(s);
}

static void a_stream_that_is_full_is_waited_for(void **state)
{
    struct pier_socket *s = open_connected();
    const unsigned char *sent;
    size_t length;

    (void)state;
    fill_batch(NULL);
    fake_send_room(pier_fileno(s), 4);
    fake_drain(pier_fileno(s), 4, 5 * MS);
    CHECK_INT(pier_sendmmsg(s, batch, 5, 0), 5);
    CHECK_INT(fake_now(), 10 * MS);
    sent = fake_sent(pier_fileno(s), &length);
    CHECK(length == 10 && memcmp(sent, "0001020304", 10) == 0);
    pier_free(s);
}

/* ------------------------------------------------------------ refused --- */

static void no_messages_are_no_system_call(void **state)
{
    struct pier_socket *s = open_udp();

    (void)state;
    fake_clear_calls();
    CHECK_INT(pier_recvmmsg(s, NULL, 0, 0), 0);
    CHECK_INT(pier_sendmmsg(s, NULL, 0, 0), 0);
    CHECK_INT(fake_system_calls(), 0);
    CHECK_OK(pier_close(s));
    CHECK_ERR(pier_recvmmsg(s, NULL, 0, 0), PIER_EBADF);
    CHECK_ERR(pier_sendmmsg(s, NULL, 0, 0), PIER_EBADF);
    pier_free(s);
}

static void check_refused(struct pier_socket *s, struct pier_datagram *d,
                          pier_err code)
{
    fake_clear_calls();
    CHECK_ERR(pier_recvmmsg(s, d, 3, 0), code);
    CHECK_ERR(pier_sendmmsg(s, d, 3, 0), code);
    CHECK_INT(fake_system_calls(), 0);
}

static void what_is_missing_is_refused(void **state)
{
    struct pier_socket *s = open_udp();

    (void)state;
    clear_batch();
    check_refused(NULL, batch, PIER_EINVAL);
    check_refused(s, NULL, PIER_EINVAL);
    buffers[2].base = NULL;
    check_refused(s, batch, PIER_EINVAL);
    clear_batch();
    batch[2].message.control_length = 1;
    check_refused(s, batch, PIER_EINVAL);
    pier_free(s);
}

static const struct pieri_layer nothing_of_it;

static void under_a_layer_there_are_no_messages(void **state)
{
    struct pier_socket *s = open_connected();
    struct pier_socket *u = open_udp();

    (void)state;
    clear_batch();
    s->layer = &nothing_of_it;
    u->layer = &nothing_of_it;
    check_refused(s, batch, PIER_EOPNOTSUPP);
    check_refused(u, batch, PIER_EOPNOTSUPP);
    s->layer = NULL;
    u->layer = NULL;
    pier_free(s);
    pier_free(u);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_FAKE(what_is_there_comes_with_one_system_call),
        ON_FAKE(more_than_fit_into_one_call_come_with_several),
        ON_FAKE(a_full_first_call_is_enough),
        ON_FAKE(the_first_is_waited_for),
        ON_FAKE(all_are_waited_for_on_demand),
        ON_FAKE(an_error_after_the_first_is_not_told),
        ON_FAKE(an_interruption_repeats_nothing),
        ON_FAKE(each_tells_its_sender_and_that_it_was_cut),
        ON_FAKE(after_a_shutdown_no_message_comes),
        ON_FAKE(all_go_with_as_few_calls_as_there_are),
        ON_FAKE(none_is_sent_twice_when_the_system_takes_few),
        ON_FAKE(none_is_sent_twice_after_a_wait),
        ON_FAKE(what_went_counts_when_the_call_is_ended),
        ON_FAKE(one_that_cannot_go_ends_the_call),
        ON_FAKE(a_full_queue_of_af_unix_is_tried_again_and_again),
        ON_FAKE(a_stream_is_received_piece_by_piece),
        ON_FAKE(the_end_of_a_stream_is_no_message),
        ON_FAKE(a_message_that_went_in_part_is_the_last),
        ON_FAKE(empty_messages_go_on_a_stream_as_well),
        ON_FAKE(a_stream_that_is_full_is_waited_for),
        ON_FAKE(no_messages_are_no_system_call),
        ON_FAKE(what_is_missing_is_refused),
        ON_FAKE(under_a_layer_there_are_no_messages),
    };

    return cmocka_run_group_tests_name("batches", tests, NULL, NULL);
}
