/* SPDX-License-Identifier: MIT */
/* Failures while data moves, and while somebody waits for it. */
#include "sweep.h"

#include <pier/poll.h>
#include <string.h>

static char buffer[64];
static size_t piece; /* 0: no limit */

void limit_data(size_t bytes)
{
    piece = bytes;
}

/* What one call moves of so many bytes. */
static ptrdiff_t moves(size_t length)
{
    return (ptrdiff_t)(piece && piece < length ? piece : length);
}

/* A stream to a scripted remote in a socket object; use() gets both. */
static pier_err with_stream(void (*use)(struct pier_socket *s, pier_handle h,
                                        pier_err *first))
{
    pier_handle h = fake_connected();
    struct pier_socket *s;
    pier_err first = PIER_OK;

    if (failed(&first, pier_adopt(&s, h, -1, -1, -1))) {
        end_failures();
        CHECK_OK(pierp_close(h));
        return first;
    }
    if (piece) {
        fake_limit_send(h, piece);
        fake_limit_recv(h, piece);
    }
    use(s, h, &first);
    end_failures();
    CHECK_OK(pier_close(s));
    pier_free(s);
    return first;
}

static void exchange_all(struct pier_socket *s, pier_handle h, pier_err *first)
{
    size_t moved = 99;

    fake_send_room(h, 10);
    fake_drain(h, 10, 5 * MS);
    fake_feed(h, "abc", 3, 50 * MS);
    fake_feed(h, "def", 3, 60 * MS);
    if (failed(first, pier_sendall(s, buffer, 64, 0, &moved))) {
        CHECK(moved <= 64);
        return;
    }
    CHECK_INT(moved, 64);
    if (failed(first, pier_recvall(s, buffer, 6, 0, &moved))) {
        CHECK(moved < 6);
        return;
    }
    CHECK(moved == 6 && memcmp(buffer, "abcdef", 6) == 0);
}

/* One or two bytes a call. */
static void exchange_pieces(struct pier_socket *s, pier_handle h,
                            pier_err *first)
{
    size_t moved, length;

    fake_limit_send(h, 2);
    fake_limit_recv(h, 1);
    fake_feed(h, "abcd", 4, 5 * MS);
    if (failed(first, pier_recvall(s, buffer, 4, 0, &moved)))
        return;
    CHECK(memcmp(buffer, "abcd", 4) == 0);
    if (failed(first, pier_sendall(s, "12345", 5, 0, &moved)))
        return;
    CHECK(memcmp(fake_sent(h, &length), "12345", 5) == 0);
    CHECK_INT(length, 5);
}

static void exchange_some(struct pier_socket *s, pier_handle h,
                          pier_err *first)
{
    size_t length;
    ptrdiff_t n;

    fake_send_room(h, 4);
    fake_drain(h, 4, 5 * MS);
    fake_feed(h, "abc", 3, 20 * MS);
    if (failed(first, n = pier_send(s, "123", 3, 0)))
        return;
    CHECK_INT(n, moves(3));
    (void)fake_sent(h, &length);
    if (failed(first, pier_send(s, "456", 3, 0)) ||
        failed(first, n = pier_recv(s, buffer, 8, 0)))
        return;
    CHECK_INT(n, moves(3));
    CHECK(memcmp(buffer, "abc", (size_t)n) == 0);
}

static void wait_for_events(struct pier_socket *s, pier_handle h,
                            pier_err *first)
{
    unsigned revents = 99;

    fake_feed(h, "abc", 3, 20 * MS);
    if (failed(first, pier_wait_for(s, PIER_POLLIN, 1 * SECOND, &revents))) {
        CHECK_INT(revents, 99);
    } else {
        CHECK_INT(revents, PIER_POLLIN);
    }
    /* What came is there in either case. */
    end_failures();
    CHECK_INT(pier_recv(s, buffer, 8, 0), moves(3));
}

/* So many that their places are allocated. */
enum {
    MANY = 80,
    UNTOUCHED = 99
};

static void check_polled(const struct pier_pollitem *items, unsigned revents)
{
    for (size_t i = 0; i < MANY; i++)
        CHECK_INT(items[i].revents, revents);
}

static void poll_many(struct pier_socket *s, pier_handle h, pier_err *first)
{
    struct pier_pollitem items[MANY];
    struct pier_cancel *token;

    fake_feed(h, "abc", 3, 20 * MS);
    for (size_t i = 0; i < MANY; i++) {
        items[i] = (struct pier_pollitem){ .socket = s,
                                           .events = PIER_POLLIN,
                                           .revents = UNTOUCHED };
    }
    if (failed(first, pier_cancel_new(&token)))
        return;
    if (failed(first, pier_poll(items, MANY, 1 * SECOND, token))) {
        check_polled(items, UNTOUCHED);
    } else {
        check_polled(items, PIER_POLLIN);
    }
    pier_cancel_free(token);
}

static void poll_lookup(struct pier_socket *s, pier_handle h, pier_err *first)
{
    struct pier_address a = fake_inet(7, 0);
    struct pier_addrinfo *list = NULL;
    struct pier_pollitem items[2] = { { .socket = s },
                                      { .revents = UNTOUCHED } };

    (void)h;
    fake_name_set("host.test", &a, 1, 5 * MS, PIER_OK);
    if (failed(first,
               pier_lookup_start(&items[1].lookup, "host.test", "80", NULL)))
        return;
    items[1].events = PIER_POLLIN;
    if (failed(first, pier_poll(items, 2, 1 * SECOND, NULL))) {
        CHECK_INT(items[1].revents, UNTOUCHED);
    } else {
        CHECK(items[1].revents & PIER_POLLIN);
        failed(first, pier_lookup_result(&list, items[1].lookup));
    }
    pier_freeaddrinfo(list);
    pier_lookup_free(items[1].lookup);
}

static void shut_down(struct pier_socket *s, pier_handle h, pier_err *first)
{
    size_t length;
    bool is_shut = !failed(first, pier_shutdown(s, PIER_SHUT_WR));

    end_failures();
    if (is_shut) {
        CHECK_ERR(pier_send(s, "x", 1, 0), PIER_EPIPE);
    } else {
        CHECK_OK(pier_sendall(s, "x", 1, 0, NULL));
        CHECK(fake_sent(h, &length) && length == 1);
    }
}

static void receive_with_token(struct pier_socket *s, pier_handle h,
                               pier_err *first)
{
    struct pier_cancel *token;

    if (!failed(first, pier_cancel_new(&token)) &&
        !failed(first, pier_set_cancel(s, token))) {
        fake_feed(h, "abc", 3, 5 * MS);
        failed(first, pier_recv(s, buffer, 8, 0));
    }
    CHECK((token == NULL) == (fake_wakes() == 0));
    end_failures();
    CHECK_OK(pier_set_cancel(s, NULL));
    pier_cancel_free(token);
}

/* Its position is where the progress says, whatever failed. */
static void send_a_file(struct pier_socket *s, pier_handle h, pier_err *first)
{
    pier_file file = fake_open_file(200);
    int64_t sent = 99;
    size_t length;

    fake_send_room(h, 60);
    fake_drain(h, 60, 5 * MS);
    if (failed(first, pier_sendfile(s, file, 5, 150, &sent))) {
        CHECK(sent >= 0 && sent <= 150);
    } else {
        CHECK_INT(sent, 150);
        CHECK_INT(fake_position(file), 155);
    }
    (void)fake_sent(h, &length);
    CHECK_INT(length, sent);
}

static void read_a_file(struct pier_socket *s, pier_handle h, pier_err *first)
{
    fake_cannot_send_files(true);
    send_a_file(s, h, first);
}

static void transmit_a_file(struct pier_socket *s, pier_handle h,
                            pier_err *first)
{
    pier_file file = fake_open_file(1000);
    int64_t sent = 99;
    size_t length;

    fake_cannot_send_files(true);
    fake_transmits(5 * MS);
    if (!failed(first, pier_sendfile(s, file, 5, 150, &sent))) {
        CHECK_INT(sent, 150);
        CHECK_INT(fake_position(file), 155);
    }
    (void)fake_sent(h, &length);
    CHECK_INT(length, sent);
}

static void send_a_pipe(struct pier_socket *s, pier_handle h, pier_err *first)
{
    pier_file pipe = fake_open_pipe();
    const void *all;
    int64_t sent = 99;
    size_t length;

    fake_feed(pipe, "abc", 3, 5 * MS);
    fake_feed(pipe, "def", 3, 20 * MS);
    fake_feed_eof(pipe, 30 * MS);
    if (!failed(first, pier_sendfile(s, pipe, -1, -1, &sent)))
        CHECK_INT(sent, 6);
    all = fake_sent(h, &length);
    CHECK(sent == 0 || !memcmp(all, "abcdef", (size_t)sent));
    CHECK_INT(length, sent);
    end_failures();
    CHECK_OK(pierp_close(pipe));
}

static ptrdiff_t PIER_CALL give_some(void *context, void *bytes, size_t length)
{
    unsigned *times = context;

    (void)length;
    memset(bytes, 'x', 20);
    return *times ? (*times)--, 20 : 0;
}

static void send_given(struct pier_socket *s, pier_handle h, pier_err *first)
{
    unsigned times = 5;
    int64_t sent = 99;

    fake_send_room(h, 30);
    fake_drain(h, 30, 5 * MS);
    if (!failed(first, pier_sendfrom(s, give_some, &times, -1, &sent)))
        CHECK_INT(sent, 100);
    CHECK(sent >= 0 && sent <= 100);
}

static pier_err run_sendfile(void)
{
    return with_stream(send_a_file);
}

static pier_err run_sendfile_by_reading(void)
{
    return with_stream(read_a_file);
}

static pier_err run_sendfile_in_slices(void)
{
    return with_stream(transmit_a_file);
}

static pier_err run_sendfile_of_a_pipe(void)
{
    return with_stream(send_a_pipe);
}

static pier_err run_sendfrom(void)
{
    return with_stream(send_given);
}

static pier_err run_exchange(void)
{
    return with_stream(exchange_all);
}

static pier_err run_pieces(void)
{
    return with_stream(exchange_pieces);
}

static pier_err run_some(void)
{
    return with_stream(exchange_some);
}

static pier_err run_wait_for(void)
{
    return with_stream(wait_for_events);
}

static pier_err run_poll(void)
{
    return with_stream(poll_many);
}

static pier_err run_poll_lookup(void)
{
    return with_stream(poll_lookup);
}

static pier_err run_shutdown(void)
{
    return with_stream(shut_down);
}

static pier_err run_token(void)
{
    return with_stream(receive_with_token);
}

static pier_err run_datagrams(void)
{
    struct pier_address here = fake_loopback(4000), from;
    struct pier_socket *s;
    pier_err first = PIER_OK;

    if (failed(&first, pier_open(&s, PIER_AF_INET, PIER_SOCK_DGRAM, 0)))
        return first;
    if (!failed(&first, pier_bind(s, &here)) &&
        !failed(&first, pier_sendto(s, "abc", 3, 0, &here)) &&
        !failed(&first, pier_recvfrom(s, buffer, 8, 0, &from)))
        CHECK(fake_same_address(&from, &here));
    pier_free(s);
    return first;
}

static const struct scenario scenarios[] = {
    { "sendall and recvall", run_exchange, false },
    { "the same in pieces", run_pieces, false },
    { "send and recv", run_some, false },
    { "datagrams", run_datagrams, false },
    { "wait_for", run_wait_for, false },
    { "poll with a token", run_poll, false },
    { "poll of a look-up", run_poll_lookup, false },
    { "sendfile", run_sendfile, false },
    { "sendfile by reading", run_sendfile_by_reading, false },
    { "sendfile in slices", run_sendfile_in_slices, false },
    { "sendfile of a pipe", run_sendfile_of_a_pipe, false },
    { "sendfrom", run_sendfrom, false },
    { "shutdown", run_shutdown, false },
    { "a receive with a token", run_token, false },
};

SCENARIO_GROUP(data_scenarios, scenarios);
