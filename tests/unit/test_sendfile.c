/* SPDX-License-Identifier: MIT */
/* Sending files, the system's way and by reading, to the nanosecond. */
#include "layer.h"
#include "unit.h"

#include <pier/error.h>
#include <string.h>

#define KIB ((ptrdiff_t)1024)
#define MIB (1024 * KIB)

/* Of the fake's streams, and what one of its calls moves. */
#define ROOM (64 * KIB)

static const bool ways[] = { false, true };
#define WAYS 2

/* What has arrived is the file from there on. */
static void check_sent(const struct pier_socket *s, int64_t offset,
                       size_t expected)
{
    size_t length;
    const unsigned char *bytes = fake_sent(pier_fileno(s), &length);

    CHECK_INT(length, expected);
    for (size_t i = 0; i < length; i++) {
        if (bytes[i] != fake_byte_at(offset + (int64_t)i))
            CHECK_INT(i, -1);
    }
}

static void a_file_arrives_from_anywhere_to_anywhere(void **state)
{
    static const struct {
        int64_t length, position, offset, count, sent, ends;
    } rows[] = {
        { 0, 0, 0, -1, 0, 0 },
        { 0, 0, -1, 5, 0, 0 },
        { 1, 0, -1, -1, 1, 1 },
        { 1, 0, 0, 1, 1, 1 },
        { 1, 1, -1, -1, 0, 1 },
        { 100, 7, -1, 5, 5, 12 },
        { 100, 7, -1, -1, 93, 100 },
        { 100, 7, 50, 5, 5, 55 },
        { 100, 7, 50, -1, 50, 100 },
        { 100, 7, 50, 500, 50, 100 },
        { 100, 7, 100, 5, 0, 7 },
        { 100, 7, 1000, -1, 0, 7 },
        { 100, 200, -1, -1, 0, 200 },
        { 100, 7, 3, 0, 0, 7 },
        { 3 * MIB + 5, 0, 1, -1, 3 * MIB + 4, 3 * MIB + 5 },
        { 3 * MIB + 5, 0, 1, 2 * MIB + 1, 2 * MIB + 1, 2 * MIB + 2 },
    };

    (void)state;
    for (size_t i = 0; i < WAYS * sizeof(rows) / sizeof(rows[0]); i++) {
        pier_file file = fake_open_file(rows[i / WAYS].length);
        struct pier_socket *s = open_connected();
        int64_t from = rows[i / WAYS].offset;
        int64_t sent = 99;

        print_message("%u\n", (unsigned)i);
        fake_cannot_send_files(ways[i % WAYS]);
        fake_set_position(file, rows[i / WAYS].position);
        CHECK_OK(pier_sendfile(s, file, from, rows[i / WAYS].count, &sent));
        CHECK_INT(sent, rows[i / WAYS].sent);
        CHECK_INT(fake_position(file), rows[i / WAYS].ends);
        check_sent(s, from < 0 ? rows[i / WAYS].position : from, (size_t)sent);
        pier_free(s);
    }
    CHECK_INT(fake_now(), 0);
}

static void a_small_file_is_one_call_between_two_of_its_position(void **state)
{
    pier_file file = fake_open_file(100);
    struct pier_socket *s = open_connected();

    (void)state;
    fake_clear_calls();
    CHECK_OK(pier_sendfile(s, file, 0, 100, NULL));
    CHECK(!strcmp(fake_log(), "file_get_position sendfile file_set_position"));
    CHECK_INT(fake_calls_of(FAKE_ALLOC), 0);
    pier_free(s);
}

/* The end of the file is found although the stream is full. */
static void after_the_last_byte_nothing_is_waited_for(void **state)
{
    (void)state;
    for (size_t i = 0; i < WAYS; i++) {
        pier_file file = fake_open_file(3 * ROOM);
        struct pier_socket *s = open_blocked();
        int64_t sent;

        fake_cannot_send_files(ways[i]);
        fake_send_room(pier_fileno(s), 3 * ROOM);
        CHECK_OK(pier_sendfile(s, file, 0, -1, &sent));
        CHECK_INT(sent, 3 * ROOM);
        pier_free(s);
    }
    CHECK_INT(fake_now(), 0);
    CHECK_INT(fake_calls_of(FAKE_WAIT), 0);
}

/* Of 64 KiB a second; five seconds are five for the whole call. */
static void the_limit_is_one_for_the_whole_call(void **state)
{
    (void)state;
    for (size_t i = 0; i < WAYS; i++) {
        pier_file file = fake_open_file(100 * MIB);
        struct pier_socket *s = open_connected();
        int64_t began = fake_now();
        int64_t sent;

        fake_cannot_send_files(ways[i]);
        fake_drain(pier_fileno(s), ROOM, SECOND);
        CHECK_OK(pier_settimeout(s, 5 * SECOND + 1));
        CHECK_ERR(pier_sendfile(s, file, 3, -1, &sent), PIER_EDEADLINE);
        CHECK_INT(fake_now() - began, 5 * SECOND + 1);
        CHECK_INT(sent, 6 * ROOM);
        CHECK_INT(fake_position(file), 3 + sent);
        check_sent(s, 3, (size_t)sent);
        pier_free(s);
    }
}

/* Each look at the clock takes a while; nothing else does. */
static void a_peer_that_reads_at_once_does_not_outrun_the_limit(void **state)
{
    (void)state;
    for (size_t i = 0; i < WAYS; i++) {
        pier_file file = fake_open_file(INT64_MAX);
        struct pier_socket *s = open_connected();
        int64_t sent;

        fake_cannot_send_files(ways[i]);
        fake_clock_ticks(10 * MS);
        CHECK_OK(pier_settimeout(s, SECOND));
        CHECK_ERR(pier_sendfile(s, file, 0, -1, &sent), PIER_EDEADLINE);
        CHECK(sent > 0 && sent <= 100 * ROOM);
        CHECK_INT(fake_position(file), sent);
        pier_free(s);
        fake_clock_ticks(0);
    }
}

static struct pier_socket *of_callback;
static struct pier_cancel *token;

static void close_or_fire(void *unused)
{
    (void)unused;
    if (token) {
        pier_cancel_fire(token);
    } else {
        (void)!pier_close(of_callback);
    }
}

static void end_in_full_speed(pier_err code)
{
    pier_file file = fake_open_file(INT64_MAX);
    struct pier_socket *s = open_connected();
    int64_t sent;

    of_callback = s;
    CHECK_OK(pier_set_cancel(s, token));
    fake_at_call(50, close_or_fire, NULL);
    CHECK_ERR(pier_sendfile(s, file, 5, -1, &sent), code);
    CHECK(sent > 0 && sent < 50 * ROOM);
    CHECK_INT(fake_position(file), 5 + sent);
    pier_free(s);
}

static void nor_a_close_nor_a_token(void **state)
{
    (void)state;
    for (size_t i = 0; i < WAYS; i++) {
        fake_cannot_send_files(ways[i]);
        end_in_full_speed(PIER_EBADF);
        CHECK_OK(pier_cancel_new(&token));
        end_in_full_speed(PIER_ECANCELED);
        pier_cancel_free(token);
        token = NULL;
    }
}

static void without_time_it_sends_what_the_stream_takes(void **state)
{
    (void)state;
    for (size_t i = 0; i < WAYS; i++) {
        pier_file file = fake_open_file(3 * ROOM);
        struct pier_socket *s = open_connected();
        int64_t sent;

        fake_cannot_send_files(ways[i]);
        fake_set_position(file, 5);
        fake_send_room(pier_fileno(s), 2 * ROOM + 10);
        fake_drain(pier_fileno(s), 0, 0);
        CHECK_OK(pier_settimeout(s, 0));
        fake_clear_calls();
        CHECK_ERR(pier_sendfile(s, file, -1, -1, &sent), PIER_EAGAIN);
        CHECK_INT(sent, 2 * ROOM + 10);
        CHECK_INT(fake_position(file), 5 + sent);
        CHECK_ERR(pier_sendfile(s, file, -1, -1, &sent), PIER_EAGAIN);
        CHECK_INT(sent, 0);
        CHECK_INT(fake_calls_of(FAKE_WAIT), 0);
        /* Where it was is where it goes on. */
        CHECK_OK(pier_settimeout(s, SECOND));
        fake_drain(pier_fileno(s), MIB, MS);
        CHECK_OK(pier_sendfile(s, file, -1, -1, &sent));
        check_sent(s, 5, 3 * ROOM - 5);
        pier_free(s);
    }
}

static void a_position_is_as_it_was_when_nothing_was_sent(void **state)
{
    (void)state;
    for (size_t i = 0; i < WAYS; i++) {
        pier_file file = fake_open_file(100);
        struct pier_socket *s = open_blocked();

        fake_cannot_send_files(ways[i]);
        fake_set_position(file, 42);
        CHECK_OK(pier_settimeout(s, 50 * MS));
        CHECK_ERR(pier_sendfile(s, file, 10, -1, NULL), PIER_EDEADLINE);
        CHECK_INT(fake_position(file), 42);
        CHECK_ERR(pier_sendfile(s, file, -1, -1, NULL), PIER_EDEADLINE);
        CHECK_INT(fake_position(file), 42);
        pier_free(s);
    }
}

static void check_refused(struct pier_socket *s, pier_file file,
                          int64_t offset, int64_t count, pier_err code)
{
    int64_t sent = 99;

    CHECK_ERR(pier_sendfile(s, file, offset, count, &sent), code);
    CHECK_INT(sent, 0);
}

static void what_makes_no_sense_is_refused(void **state)
{
    pier_file file = fake_open_file(100);
    pier_file pipe = fake_open_pipe();
    struct pier_socket *s = open_connected();
    struct pier_socket *u = open_udp();

    (void)state;
    check_refused(NULL, file, 0, -1, PIER_EINVAL);
    check_refused(u, file, 0, -1, PIER_EINVAL);
    check_refused(s, -1, 0, -1, PIER_EINVAL);
    check_refused(s, 12345, -1, 10, PIER_EINVAL);
    check_refused(s, file, 1, INT64_MAX, PIER_EINVAL);
    check_refused(s, file, INT64_MAX, 1, PIER_EINVAL);
    fake_set_position(file, 2);
    check_refused(s, file, -1, INT64_MAX - 1, PIER_EINVAL);
    check_refused(s, pipe, 0, -1, PIER_ESPIPE);
    CHECK_OK(pier_settimeout(s, 0));
    check_refused(s, pipe, -1, -1, PIER_ESPIPE);
    CHECK_OK(pier_close(s));
    check_refused(s, file, 0, -1, PIER_EBADF);
    check_refused(s, file, 0, 0, PIER_EBADF);
    CHECK_INT(fake_position(file), 2);
    CHECK_INT(fake_calls_of(FAKE_SENDFILE) + fake_calls_of(FAKE_SEND), 0);
    CHECK_OK(pierp_close(pipe));
    pier_free(s);
    pier_free(u);
}

/* The furthest that there is, to the byte. */
static void the_last_byte_of_the_largest_file_is_sent(void **state)
{
    pier_file file = fake_open_file(INT64_MAX);
    struct pier_socket *s = open_connected();
    int64_t sent;

    (void)state;
    CHECK_OK(pier_sendfile(s, file, INT64_MAX - 3, 3, &sent));
    CHECK_INT(sent, 3);
    check_sent(s, INT64_MAX - 3, 3);
    CHECK_INT(fake_position(file), INT64_MAX);
    pier_free(s);
}

static pier_file shrinking;

static void shrink(void *unused)
{
    (void)unused;
    fake_resize_file(shrinking, ROOM);
}

static void a_file_that_shrinks_meanwhile_just_ends(void **state)
{
    (void)state;
    for (size_t i = 0; i < WAYS; i++) {
        struct pier_socket *s = open_connected();
        int64_t sent;

        shrinking = fake_open_file(10 * MIB);
        fake_cannot_send_files(ways[i]);
        fake_drain(pier_fileno(s), ROOM, SECOND);
        fake_at(MS, shrink, NULL);
        CHECK_OK(pier_sendfile(s, shrinking, 0, 10 * MIB, &sent));
        /* What was read before is sent. */
        CHECK_INT(sent, ways[i] ? 2 * ROOM : ROOM);
        CHECK_INT(fake_position(shrinking), sent);
        pier_free(s);
    }
}

/* ------------------------------------------------------------ failures --- */

static void a_failure_has_its_progress_and_its_code(void **state)
{
    pier_file file = fake_open_file(10 * MIB);
    struct pier_socket *s = open_connected();
    struct pier_detail detail;
    int64_t sent;

    (void)state;
    fake_fail(FAKE_SENDFILE, 3, PIER_ECONNRESET);
    CHECK_ERR(pier_sendfile(s, file, 0, -1, &sent), PIER_ECONNRESET);
    CHECK_INT(sent, 2 * ROOM);
    CHECK_INT(fake_position(file), sent);
    fake_cannot_send_files(true);
    fake_fail(FAKE_FILE_READ, 3, PIER_EIO);
    CHECK_ERR(pier_sendfile(s, file, -1, -1, &sent), PIER_EIO);
    CHECK_INT(sent, 2 * ROOM);
    CHECK_INT(fake_position(file), 4 * ROOM);
    pier_error_detail(&detail);
    CHECK(!strcmp(detail.operation, "sendfile"));
    CHECK_INT(detail.native_code, -PIER_EIO);
    check_sent(s, 0, 4 * ROOM);
    fake_fail(FAKE_FILE_SET_POSITION, 1, PIER_EIO);
    CHECK_ERR(pier_sendfile(s, file, 0, 10, &sent), PIER_EIO);
    CHECK_INT(sent, 10);
    fake_fail_alloc(1);
    CHECK_ERR(pier_sendfile(s, file, 0, 10, &sent), PIER_ENOMEM);
    CHECK_INT(sent, 0);
    pier_free(s);
}

/* The system may find out late that it cannot, and then loses nothing. */
static void the_way_may_change_in_the_middle(void **state)
{
    pier_file file = fake_open_file(10 * ROOM);
    struct pier_socket *s = open_connected();
    int64_t sent;

    (void)state;
    fake_fail(FAKE_SENDFILE, 3, PIER_ENOTSUP);
    CHECK_OK(pier_sendfile(s, file, 1, -1, &sent));
    CHECK_INT(fake_calls_of(FAKE_SENDFILE), 3);
    CHECK_INT(sent, 10 * ROOM - 1);
    check_sent(s, 1, (size_t)sent);
    pier_free(s);
}

static void an_interruption_goes_on(void **state)
{
    (void)state;
    for (size_t i = 0; i < WAYS; i++) {
        pier_file file = fake_open_file(100);
        struct pier_socket *s = open_connected();
        int64_t sent;

        fake_cannot_send_files(ways[i]);
        fake_fail(ways[i] ? FAKE_FILE_READ : FAKE_SENDFILE, 1, PIER_EINTR);
        CHECK_OK(pier_sendfile(s, file, 0, -1, &sent));
        CHECK_INT(sent, 100);
        pier_free(s);
    }
}

static void the_mode_is_held_for_each_piece(void **state)
{
    pier_file file = fake_open_file(3 * ROOM);
    struct pier_socket *s = open_connected();

    (void)state;
    CHECK_OK(pier_set_descriptor_mode(s, PIER_DESCRIPTOR_FOLLOWS_TIMEOUT));
    CHECK(!fake_is_nonblocking(pier_fileno(s)));
    fake_drain(pier_fileno(s), ROOM, SECOND);
    CHECK_OK(pier_sendfile(s, file, 0, -1, NULL));
    check_sent(s, 0, 3 * ROOM);
    CHECK(!fake_is_nonblocking(pier_fileno(s)));
    fake_fail(FAKE_SET_NONBLOCKING, 1, PIER_EIO);
    CHECK_ERR(pier_sendfile(s, file, 0, -1, NULL), PIER_EIO);
    pier_free(s);
}

static void send_in_between(void *socket)
{
    (void)!pier_sendall(socket, "no", 2, 0, NULL);
}

static void no_other_send_comes_between(void **state)
{
    pier_file file = fake_open_file(3 * ROOM);
    struct pier_socket *s = open_connected();
    size_t length;

    (void)state;
    fake_drain(pier_fileno(s), ROOM, SECOND);
    fake_at(MS, send_in_between, s);
    CHECK_OK(pier_sendfile(s, file, 0, -1, NULL));
    fake_join();
    CHECK(!memcmp(fake_sent(pier_fileno(s), &length) + 3 * ROOM, "no", 2));
    CHECK_INT(length, 3 * ROOM + 2);
    pier_free(s);
}

/* ------------------------------------------------------------- a layer --- */

static unsigned layered, blocked;

static ptrdiff_t layer_send(void *state, pier_handle h, const void *bytes,
                            size_t length, int flags, unsigned *want)
{
    (void)state;
    layered++;
    if (blocked && --blocked) {
        *want = PIERP_READ;
        return PIER_EAGAIN;
    }
    return pierp_send(h, bytes, length < 1000 ? length : 1000, flags);
}

static const struct pieri_layer layer = { .send = layer_send };

static void a_layer_is_sent_through(void **state)
{
    pier_file file = fake_open_file(10000);
    struct pier_socket *s = open_connected();
    int64_t sent;

    (void)state;
    CHECK_OK(pieri_layer_set(s, &layer, NULL));
    layered = 0;
    blocked = 3;
    fake_feed(pier_fileno(s), "x", 1, 5 * MS);
    CHECK_OK(pier_sendfile(s, file, 0, -1, &sent));
    CHECK_INT(sent, 10000);
    CHECK_INT(layered, 12);
    CHECK_INT(fake_now(), 5 * MS);
    CHECK_INT(fake_calls_of(FAKE_SENDFILE), 0);
    check_sent(s, 0, 10000);
    pier_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_FAKE(a_file_arrives_from_anywhere_to_anywhere),
        ON_FAKE(a_small_file_is_one_call_between_two_of_its_position),
        ON_FAKE(after_the_last_byte_nothing_is_waited_for),
        ON_FAKE(the_limit_is_one_for_the_whole_call),
        ON_FAKE(a_peer_that_reads_at_once_does_not_outrun_the_limit),
        ON_FAKE(nor_a_close_nor_a_token),
        ON_FAKE(without_time_it_sends_what_the_stream_takes),
        ON_FAKE(a_position_is_as_it_was_when_nothing_was_sent),
        ON_FAKE(what_makes_no_sense_is_refused),
        ON_FAKE(the_last_byte_of_the_largest_file_is_sent),
        ON_FAKE(a_file_that_shrinks_meanwhile_just_ends),
        ON_FAKE(a_failure_has_its_progress_and_its_code),
        ON_FAKE(the_way_may_change_in_the_middle),
        ON_FAKE(an_interruption_goes_on),
        ON_FAKE(the_mode_is_held_for_each_piece),
        ON_FAKE(no_other_send_comes_between),
        ON_FAKE(a_layer_is_sent_through),
    };

    return cmocka_run_group_tests_name("unit.sendfile", tests, NULL, NULL);
}
