/* SPDX-License-Identifier: MIT */
/* Whole messages: who sends or receives one has its turn to the end. */
#include "layer.h"
#include "unit.h"

#include <pier/error.h>
#include <string.h>

static char buffer[64];

struct message {
    struct pier_socket *socket;
    char letter;
    bool once; /* pier_send() instead of pier_sendall() */
    ptrdiff_t result;
    int64_t end;
};

static void send_message(void *argument)
{
    struct message *m = argument;
    char bytes[20];

    memset(bytes, m->letter, sizeof(bytes));
    m->result = m->once
                    ? pier_send(m->socket, bytes, sizeof(bytes), 0)
                    : pier_sendall(m->socket, bytes, sizeof(bytes), 0, NULL);
    m->end = fake_now();
}

/* A remote that reads 5 bytes every 10 ms, with room for no more. */
static struct pier_socket *open_slow(void)
{
    struct pier_socket *s = open_connected();

    fake_send_room(pier_fileno(s), 5);
    fake_drain(pier_fileno(s), 5, 10 * MS);
    return s;
}

static void messages_of_two_threads_do_not_mix(void **state)
{
    struct pier_socket *s = open_slow();
    struct message a = { s, 'a', false, 1, 0 }, b = { s, 'b', false, 1, 0 };
    const unsigned char *sent;
    size_t length;

    (void)state;
    fake_thread_start(send_message, &a);
    fake_thread_start(send_message, &b);
    fake_join();
    CHECK_OK(a.result);
    CHECK_OK(b.result);
    sent = fake_sent(pier_fileno(s), &length);
    CHECK(length == 40);
    CHECK(memcmp(sent, "aaaaaaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbbbbb", 40) == 0);
    CHECK_INT(a.end, 30 * MS);
    CHECK_INT(b.end, 70 * MS);
    pier_free(s);
}

static void a_single_send_waits_for_the_message_before_it(void **state)
{
    struct pier_socket *s = open_slow();
    struct message a = { s, 'a', false, 1, 0 }, b = { s, 'b', true, 0, 0 };
    const unsigned char *sent;
    size_t length;

    (void)state;
    fake_thread_start(send_message, &a);
    fake_thread_start(send_message, &b);
    fake_join();
    CHECK_INT(b.result, 5);
    sent = fake_sent(pier_fileno(s), &length);
    CHECK(length == 25 && memcmp(sent + 15, "aaaaabbbbb", 10) == 0);
    pier_free(s);
}

static void waiting_for_a_turn_obeys_the_timeout(void **state)
{
    struct pier_socket *s = open_blocked();
    struct message a = { s, 'a', false, 0, 0 };

    (void)state;
    fake_thread_start(send_message, &a);
    fake_settle();
    CHECK_OK(pier_settimeout(s, 30 * MS));
    fake_clear_calls();
    CHECK_ERR(pier_send(s, "b", 1, 0), PIER_EDEADLINE);
    CHECK_INT(fake_now(), 30 * MS);
    CHECK_INT(fake_calls_of(FAKE_SEND), 0);
    CHECK_OK(pier_settimeout(s, PIER_NONBLOCKING));
    CHECK_ERR(pier_send(s, "b", 1, 0), PIER_EAGAIN);
    CHECK_OK(pier_settimeout(s, PIER_FOREVER));
    CHECK_ERR(pier_send(s, "b", 1, PIER_MSG_DONTWAIT), PIER_EAGAIN);
    CHECK_OK(pier_close(s));
    fake_join();
    CHECK_ERR(a.result, PIER_EBADF);
    pier_free(s);
}

static void the_wait_for_a_turn_counts_against_the_deadline(void **state)
{
    struct pier_socket *s = open_slow();
    struct message a = { s, 'a', false, 1, 0 };

    (void)state;
    fake_thread_start(send_message, &a);
    fake_settle();
    CHECK_OK(pier_settimeout(s, 50 * MS));
    CHECK_ERR(pier_sendall(s, buffer, 60, 0, NULL), PIER_EDEADLINE);
    CHECK_INT(fake_now(), 50 * MS);
    fake_join();
    CHECK_INT(a.end, 30 * MS);
    pier_free(s);
}

static void closing_ends_a_wait_for_a_turn(void **state)
{
    struct pier_socket *s = open_blocked();
    struct message a = { s, 'a', false, 0, 0 }, b = { s, 'b', true, 0, 0 };

    (void)state;
    fake_thread_start(send_message, &a);
    fake_thread_start(send_message, &b);
    fake_at(20 * MS, do_close, s);
    fake_join();
    CHECK_ERR(a.result, PIER_EBADF);
    CHECK_ERR(b.result, PIER_EBADF);
    CHECK_INT(b.end, 20 * MS);
    CHECK_INT(fake_handles(), 0);
    pier_free(s);
}

static void a_token_ends_a_wait_for_a_turn(void **state)
{
    struct pier_socket *s = open_blocked();
    struct message a = { s, 'a', false, 0, 0 }, b = { s, 'b', true, 0, 0 };
    struct pier_cancel *token;

    (void)state;
    CHECK_OK(pier_cancel_new(&token));
    CHECK_OK(pier_set_cancel(s, token));
    fake_thread_start(send_message, &a);
    fake_thread_start(send_message, &b);
    fake_at(20 * MS, do_fire, token);
    fake_join();
    CHECK_ERR(a.result, PIER_ECANCELED);
    CHECK_ERR(b.result, PIER_ECANCELED);
    CHECK_INT(b.end, 20 * MS);
    pier_free(s);
    pier_cancel_free(token);
}

/* A call that has its turn and does not wait: its attempt takes 30 ms. */
static ptrdiff_t linger(void *state, pier_handle h, const void *bytes,
                        size_t length, int flags, unsigned *want)
{
    (void)state;
    (void)h;
    (void)bytes;
    (void)flags;
    (void)want;
    fake_advance(30 * MS);
    return (ptrdiff_t)length;
}

static const struct pieri_layer slow_layer = { .send = linger };

static void closing_ends_a_wait_for_a_turn_that_is_not_given_up(void **state)
{
    struct pier_socket *s = open_connected();
    struct message a = { s, 'a', true, 0, 0 }, b = { s, 'b', true, 0, 0 };

    (void)state;
    CHECK_OK(pieri_layer_set(s, &slow_layer, NULL));
    fake_thread_start(send_message, &a);
    fake_thread_start(send_message, &b);
    fake_at(10 * MS, do_close, s);
    fake_join();
    CHECK_INT(a.result, 20);
    CHECK_INT(a.end, 30 * MS);
    CHECK_ERR(b.result, PIER_EBADF);
    CHECK_INT(b.end, 10 * MS);
    pier_free(s);
}

/* A call that has its turn until the test says so. */
static bool told;
static int64_t told_at;

static bool is_told(void)
{
    return told;
}

static ptrdiff_t linger_until_told(void *state, pier_handle h,
                                   const void *bytes, size_t length, int flags,
                                   unsigned *want)
{
    (void)state;
    (void)h;
    (void)bytes;
    (void)flags;
    (void)want;
    fake_stand(is_told);
    return (ptrdiff_t)length;
}

static const struct pieri_layer patient_layer = { .send = linger_until_told };

static void tell(void *unused)
{
    (void)unused;
    if (!told)
        told_at = fake_now();
    told = true;
    fake_settle();
}

static void a_turn_may_be_given_up_between_any_two_steps(void **state)
{
    (void)state;
    for (unsigned n = 1; n < 15; n++) {
        struct pier_socket *s = open_connected();
        struct message a = { s, 'a', true, 0, 0 };

        CHECK_OK(pieri_layer_set(s, &patient_layer, NULL));
        told = false;
        fake_thread_start(send_message, &a);
        fake_settle();
        fake_at(MS, tell, NULL);
        fake_at_call(n, tell, NULL);
        CHECK_INT(pier_send(s, "b", 1, 0), 1);
        CHECK_INT(fake_now(), told_at);
        fake_at_call(0, do_nothing, NULL);
        fake_join();
        pier_free(s);
        fake_reset();
    }
}

static void after_a_contest_a_send_is_one_call_again(void **state)
{
    struct pier_socket *s = open_slow();
    struct message a = { s, 'a', false, 1, 0 }, b = { s, 'b', true, 0, 0 };

    (void)state;
    fake_thread_start(send_message, &a);
    fake_thread_start(send_message, &b);
    fake_join();
    fake_advance(20 * MS);
    /* The first one after it may still have to look. */
    CHECK_INT(pier_send(s, "x", 1, 0), 1);
    fake_clear_calls();
    CHECK_INT(pier_send(s, "x", 1, 0), 1);
    assert_string_equal(fake_log(), "send");
    CHECK_INT(fake_calls_of(FAKE_LOCK), 0);
    pier_free(s);
}

static void a_turn_is_given_up_by_a_call_that_fails(void **state)
{
    struct pier_socket *s = open_blocked();
    struct message a = { s, 'a', false, 0, 0 }, b = { s, 'b', true, 0, 0 };

    (void)state;
    CHECK_OK(pier_settimeout(s, 30 * MS));
    fake_thread_start(send_message, &a);
    fake_thread_start(send_message, &b);
    fake_feed_error(pier_fileno(s), PIER_ECONNRESET, 10 * MS);
    fake_join();
    CHECK_ERR(a.result, PIER_ECONNRESET);
    CHECK_INT(a.end, 10 * MS);
    CHECK_ERR(b.result, PIER_EDEADLINE);
    pier_free(s);
}

static void receiving_goes_on_while_a_message_is_sent(void **state)
{
    struct pier_socket *s = open_blocked();
    struct message a = { s, 'a', false, 0, 0 };

    (void)state;
    fake_thread_start(send_message, &a);
    fake_feed(pier_fileno(s), "x", 1, 5 * MS);
    CHECK_INT(pier_recv(s, buffer, 8, 0), 1);
    CHECK_INT(fake_now(), 5 * MS);
    CHECK_OK(pier_close(s));
    fake_join();
    pier_free(s);
}

struct portion {
    struct pier_socket *socket;
    char bytes[5];
    pier_err err;
    int64_t end;
};

static void receive_portion(void *argument)
{
    struct portion *p = argument;

    p->err = pier_recvall(p->socket, p->bytes, 5, 0, NULL);
    p->end = fake_now();
}

static void two_threads_receive_whole_portions(void **state)
{
    struct pier_socket *s = open_connected();
    struct portion a = { .socket = s }, b = { .socket = s };

    (void)state;
    fake_thread_start(receive_portion, &a);
    fake_thread_start(receive_portion, &b);
    fake_feed(pier_fileno(s), "012", 3, 10 * MS);
    fake_feed(pier_fileno(s), "3456", 4, 20 * MS);
    fake_feed(pier_fileno(s), "789", 3, 30 * MS);
    fake_join();
    CHECK_OK(a.err);
    CHECK_OK(b.err);
    CHECK(memcmp(a.bytes, "01234", 5) == 0);
    CHECK(memcmp(b.bytes, "56789", 5) == 0);
    CHECK_INT(a.end, 20 * MS);
    CHECK_INT(b.end, 30 * MS);
    pier_free(s);
}

static void datagrams_need_no_turn(void **state)
{
    struct pier_socket *s = open_udp();
    struct pier_address to = fake_inet(1, 9);

    (void)state;
    CHECK_INT(pier_sendto(s, "x", 1, 0, &to), 1);
    CHECK_INT(fake_calls_of(FAKE_LOCK), 0);
    pier_free(s);
}

/* Three senders, in every order that random changes bring. */
static void messages_stay_whole_whatever_the_order(void **state)
{
    (void)state;
    for (unsigned seed = 1; seed <= 200; seed++) {
        struct pier_socket *s = open_slow();
        struct message m[3];
        const unsigned char *sent;
        size_t length;

        fake_preempt(seed);
        for (int i = 0; i < 3; i++) {
            m[i] = (struct message){ s, (char)('a' + i), false, 1, 0 };
            fake_at((int64_t)((seed >> i) % 3) * MS, send_message, &m[i]);
        }
        fake_join();
        sent = fake_sent(pier_fileno(s), &length);
        CHECK(length == 60);
        for (size_t i = 0; i < length; i++)
            CHECK(sent[i] == sent[i / 20 * 20]);
        pier_free(s);
        fake_reset();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_FAKE(messages_of_two_threads_do_not_mix),
        ON_FAKE(a_single_send_waits_for_the_message_before_it),
        ON_FAKE(waiting_for_a_turn_obeys_the_timeout),
        ON_FAKE(the_wait_for_a_turn_counts_against_the_deadline),
        ON_FAKE(closing_ends_a_wait_for_a_turn),
        ON_FAKE(a_token_ends_a_wait_for_a_turn),
        ON_FAKE(closing_ends_a_wait_for_a_turn_that_is_not_given_up),
        ON_FAKE(a_turn_may_be_given_up_between_any_two_steps),
        ON_FAKE(after_a_contest_a_send_is_one_call_again),
        ON_FAKE(a_turn_is_given_up_by_a_call_that_fails),
        ON_FAKE(receiving_goes_on_while_a_message_is_sent),
        ON_FAKE(two_threads_receive_whole_portions),
        ON_FAKE(datagrams_need_no_turn),
        ON_FAKE(messages_stay_whole_whatever_the_order),
    };

    return cmocka_run_group_tests_name("turns", tests, NULL, NULL);
}
