/* SPDX-License-Identifier: MIT */
/* Real files and pipes over real streams. */
#include "blocked.h"
#include "file.h"

enum {
    LARGE = 5 * 1024 * 1024 + 7,
    BLOCK = 64 * 1024
};

/* Reads to the end of the stream in a thread of its own, so that a sender need
 * not wait for the test. */
struct reader {
    struct pier_socket *s;
    int64_t offset; /* in the file, of what comes first */
    int64_t count;
    bool is_right;
    ptrdiff_t result;
    struct test_thread *thread;
};

static void read_all(void *opaque)
{
    static unsigned char room[BLOCK];
    struct reader *r = opaque;

    r->is_right = true;
    while ((r->result = pier_recv(r->s, room, sizeof(room), 0)) > 0) {
        for (ptrdiff_t i = 0; i < r->result; i++) {
            if (room[i] != file_byte(r->offset + r->count + i))
                r->is_right = false;
        }
        r->count += r->result;
    }
}

static void start_reader(struct reader *r, struct pier_socket *s,
                         int64_t offset)
{
    *r = (struct reader){ .s = s, .offset = offset };
    r->thread = thread_start(read_all, r);
}

/* Ends the stream and checks that exactly so much of the file has come. */
static void check_read(struct reader *r, struct pier_socket *sender,
                       int64_t count)
{
    CHECK_OK(pier_shutdown(sender, PIER_SHUT_WR));
    thread_join(r->thread);
    CHECK_INT(r->result, 0);
    CHECK_INT(r->count, count);
    CHECK(r->is_right);
}

static void check_sent(int family, int64_t length, int64_t offset,
                       int64_t count, int64_t expected)
{
    pier_file file = file_make_filled(length);
    struct pier_socket *ends[2];
    struct reader reader;
    int64_t sent = -1;

    open_streams(family, ends);
    start_reader(&reader, ends[1], offset);
    CHECK_OK(pier_sendfile(ends[0], file, offset, count, &sent));
    CHECK_INT(sent, expected);
    CHECK_INT(file_position(file), expected ? offset + expected : 0);
    check_read(&reader, ends[0], expected);
    file_close(file);
    free_sockets(NULL);
}

static void check_all(int family)
{
    check_sent(family, 0, 0, -1, 0);
    check_sent(family, 0, 0, 5, 0);
    check_sent(family, 1, 0, -1, 1);
    check_sent(family, 1, 1, 1, 0);
    check_sent(family, 10007, 4099, -1, 5908);
    check_sent(family, 10007, 4099, 1234, 1234);
    check_sent(family, 10007, 9999, 1234, 8);
    check_sent(family, 10007, 20000, -1, 0);
    check_sent(family, LARGE, 1, -1, LARGE - 1);
    check_sent(family, LARGE, 77, LARGE / 2, LARGE / 2);
}

static void files_arrive_over_tcp(void **state)
{
    (void)state;
    check_all(PIER_AF_INET);
}

static void files_arrive_over_a_path(void **state)
{
    (void)state;
    if (!has_unix())
        skip_because("no AF_UNIX");
    check_all(PIER_AF_UNIX);
}

/* The sender's handle blocks but for moments; the call does not. */
static void files_arrive_when_the_mode_follows_the_timeout(void **state)
{
    (void)state;
    CHECK_OK(
        pier_set_default_descriptor_mode(PIER_DESCRIPTOR_FOLLOWS_TIMEOUT));
    check_all(PIER_AF_INET);
}

static int restore(void **state)
{
    (void)!pier_set_default_descriptor_mode(PIER_DESCRIPTOR_NONBLOCKING);
    return free_sockets(state);
}

static void a_position_is_where_it_begins_and_ends(void **state)
{
    pier_file file = file_make_filled(100);
    struct pier_socket *ends[2];
    struct reader reader;
    int64_t sent;

    (void)state;
    open_streams(PIER_AF_INET, ends);
    start_reader(&reader, ends[1], 10);
    file_seek(file, 10);
    CHECK_OK(pier_sendfile(ends[0], file, -1, 20, &sent));
    CHECK_INT(sent, 20);
    CHECK_INT(file_position(file), 30);
    CHECK_OK(pier_sendfile(ends[0], file, -1, -1, &sent));
    CHECK_INT(sent, 70);
    CHECK_INT(file_position(file), 100);
    CHECK_OK(pier_sendfile(ends[0], file, -1, -1, &sent));
    CHECK_INT(sent, 0);
    check_read(&reader, ends[0], 90);
    file_close(file);
}

static void an_offset_beyond_32_bits_is_one(void **state)
{
    const int64_t far = INT64_C(5) * 1024 * 1024 * 1024 + 3;
    pier_file file = file_make();
    struct pier_socket *ends[2];
    int64_t sent;

    (void)state;
    open_streams(PIER_AF_INET, ends);
    file_resize(file, far + 100);
    file_write(file, far, "hello", 5);
    CHECK_OK(pier_sendfile(ends[0], file, far, 5, &sent));
    CHECK_INT(sent, 5);
    CHECK_INT(file_position(file), far + 5);
    check_arrives(ends[1], "hello");
    file_close(file);
}

static void without_time_what_fits_is_sent(void **state)
{
    pier_file file = file_make();
    struct pier_socket *ends[2];
    int64_t sent;

    (void)state;
    open_streams(PIER_AF_INET, ends);
    CHECK_OK(pier_settimeout(ends[0], 0));
    file_resize(file, INT64_C(1) << 30);
    CHECK_ERR(pier_sendfile(ends[0], file, -1, -1, &sent), PIER_EAGAIN);
    CHECK(sent > 0 && sent < INT64_C(1) << 30);
    CHECK_INT(file_position(file), sent);
    file_close(file);
}

static void without_time_a_file_is_sent_bit_by_bit(void **state)
{
    pier_file file = file_make_filled(LARGE);
    struct pier_socket *ends[2];
    struct reader reader;
    int64_t total = 0;
    pier_err err;

    (void)state;
    open_streams(PIER_AF_INET, ends);
    CHECK_OK(pier_settimeout(ends[0], 0));
    start_reader(&reader, ends[1], 0);
    do {
        int64_t sent = -1;

        err = pier_sendfile(ends[0], file, -1, LARGE - total, &sent);
        CHECK(err == PIER_OK || err == PIER_EAGAIN);
        total += sent;
        CHECK_INT(file_position(file), total);
        if (err)
            CHECK_OK(pier_wait_for(ends[0], PIER_POLLOUT, SECOND * 10, NULL));
    } while (err);
    CHECK_INT(total, LARGE);
    check_read(&reader, ends[0], LARGE);
    file_close(file);
}

/* ------------------------------------------------------------- endings --- */

static pier_file sent_file;
static int64_t sent_bytes;

static long long send_it(struct scene *scene)
{
    return pier_sendfile(scene->s, sent_file, 0, -1, &sent_bytes);
}

/* A call that has filled the stream and waits for its peer. */
static void start_stuck(struct scene *scene, struct blocked *b, int family)
{
    struct pier_socket *ends[2];

    open_streams(family, ends);
    *scene = (struct scene){ .s = ends[0], .peer = ends[1] };
    sent_file = file_make();
    file_resize(sent_file, INT64_C(1) << 30);
    start_blocked(b, send_it, scene);
    CHECK_OK(pier_wait_for(ends[1], PIER_POLLIN, 10 * SECOND, NULL));
    await_waits(1);
}

static void check_stuck(struct blocked *b)
{
    long long result = end_blocked(b);

    print_message("%s after %lld bytes\n", pier_errname((pier_err)result),
                  (long long)sent_bytes);
    CHECK(result == PIER_EPIPE || pier_is_connection_error((pier_err)result));
    CHECK(sent_bytes > 0 && sent_bytes < INT64_C(1) << 30);
    CHECK_INT(file_position(sent_file), sent_bytes);
    file_close(sent_file);
}

static void a_peer_that_goes_ends_it_without_a_signal(void **state)
{
    struct scene scene;
    struct blocked b;

    (void)state;
    start_stuck(&scene, &b, PIER_AF_INET);
    let_go(scene.peer);
    check_stuck(&b);
}

static void so_it_is_over_a_path(void **state)
{
    struct scene scene;
    struct blocked b;

    (void)state;
    if (!has_unix())
        skip_because("no AF_UNIX");
    start_stuck(&scene, &b, PIER_AF_UNIX);
    let_go(scene.peer);
    check_stuck(&b);
}

static void a_shutdown_ends_it(void **state)
{
    struct scene scene;
    struct blocked b;

    (void)state;
    start_stuck(&scene, &b, PIER_AF_INET);
    CHECK_OK(pier_shutdown(scene.s, PIER_SHUT_WR));
    check_stuck(&b);
}

/* What is not there any more when its turn comes is not sent. */
static void a_file_that_is_cut_meanwhile_just_ends(void **state)
{
    static unsigned char room[BLOCK];
    struct scene scene;
    struct blocked b;
    int64_t received = 0;
    ptrdiff_t n;

    (void)state;
    start_stuck(&scene, &b, PIER_AF_INET);
    file_resize(sent_file, 10);
    while (!b.ended) {
        n = pier_recv(scene.peer, room, sizeof(room), PIER_MSG_DONTWAIT);
        received += n > 0 ? n : 0;
        CHECK(n > 0 || n == PIER_EAGAIN);
    }
    CHECK_OK(end_blocked(&b));
    CHECK_OK(pier_shutdown(scene.s, PIER_SHUT_WR));
    while ((n = pier_recv(scene.peer, room, sizeof(room), 0)) > 0)
        received += n;
    CHECK_INT(n, 0);
    CHECK_INT(received, sent_bytes);
    CHECK(sent_bytes > 10 && sent_bytes < INT64_C(1) << 30);
    CHECK_INT(file_position(sent_file), sent_bytes);
    file_close(sent_file);
}

static void what_fits_together_ill_is_refused(void **state)
{
    pier_file file = file_make_filled(10);
    pier_file closed = file_make_unreadable();
    struct pier_socket *ends[2];
    struct pier_socket *udp[2];
    pier_file pipe[2];

    (void)state;
    open_streams(PIER_AF_INET, ends);
    open_datagrams(PIER_AF_INET, udp);
    file_pipe(pipe);
    CHECK_ERR(pier_sendfile(udp[0], file, 0, -1, NULL), PIER_EINVAL);
    CHECK_ERR(pier_sendfile(ends[0], -1, 0, -1, NULL), PIER_EINVAL);
    CHECK_ERR(pier_sendfile(ends[0], closed, 0, -1, NULL), PIER_EINVAL);
    CHECK_ERR(pier_sendfile(ends[0], file, 1, INT64_MAX, NULL), PIER_EINVAL);
    CHECK_ERR(pier_sendfile(ends[0], pipe[0], 0, -1, NULL), PIER_ESPIPE);
    CHECK_OK(pier_settimeout(ends[0], 0));
    CHECK_ERR(pier_sendfile(ends[0], pipe[0], -1, -1, NULL), PIER_ESPIPE);
    CHECK_OK(pier_close(ends[0]));
    CHECK_ERR(pier_sendfile(ends[0], file, 0, -1, NULL), PIER_EBADF);
    file_close(file);
    file_close(closed);
    file_close(pipe[0]);
    file_close(pipe[1]);
}

/* ----------------------------------------------- pipes and functions --- */

static pier_file fed[2];

static void feed_slowly(void *unused)
{
    (void)unused;
    for (int i = 0; i < 1000; i += 100) {
        unsigned char bytes[100];

        for (int k = 0; k < 100; k++)
            bytes[k] = file_byte(i + k);
        await_waits(1);
        file_feed(fed[1], bytes, sizeof(bytes));
    }
    file_close(fed[1]);
}

static void a_pipe_is_sent_to_its_end(void **state)
{
    struct pier_socket *ends[2];
    struct test_thread *feeder;
    struct reader reader;
    int64_t sent;

    (void)state;
    open_streams(PIER_AF_INET, ends);
    file_pipe(fed);
    start_reader(&reader, ends[1], 0);
    feeder = thread_start(feed_slowly, NULL);
    CHECK_OK(pier_sendfile(ends[0], fed[0], -1, -1, &sent));
    thread_join(feeder);
    CHECK_INT(sent, 1000);
    check_read(&reader, ends[0], 1000);
    file_close(fed[0]);
}

static ptrdiff_t PIER_CALL give(void *context, void *buffer, size_t length)
{
    int64_t *at = context;
    size_t n = 0;

    while (n < length && *at < LARGE && (n == 0 || *at % 9973))
        ((unsigned char *)buffer)[n++] = file_byte((*at)++);
    return (ptrdiff_t)n;
}

static void what_a_function_gives_is_sent(void **state)
{
    struct pier_socket *ends[2];
    struct reader reader;
    int64_t at = 0;
    int64_t sent;

    (void)state;
    open_streams(PIER_AF_INET, ends);
    start_reader(&reader, ends[1], 0);
    CHECK_OK(pier_sendfrom(ends[0], give, &at, 1000003, &sent));
    CHECK_INT(sent, 1000003);
    CHECK_INT(at, sent);
    CHECK_OK(pier_sendfrom(ends[0], give, &at, -1, &sent));
    CHECK_INT(sent, LARGE - 1000003);
    check_read(&reader, ends[0], LARGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        NET_TEST(files_arrive_over_tcp),
        NET_TEST(files_arrive_over_a_path),
        cmocka_unit_test_teardown(
            files_arrive_when_the_mode_follows_the_timeout, restore),
        NET_TEST(a_position_is_where_it_begins_and_ends),
        NET_TEST(an_offset_beyond_32_bits_is_one),
        NET_TEST(without_time_what_fits_is_sent),
        NET_TEST(without_time_a_file_is_sent_bit_by_bit),
        NET_TEST(a_peer_that_goes_ends_it_without_a_signal),
        NET_TEST(so_it_is_over_a_path),
        NET_TEST(a_shutdown_ends_it),
        NET_TEST(a_file_that_is_cut_meanwhile_just_ends),
        NET_TEST(what_fits_together_ill_is_refused),
        NET_TEST(a_pipe_is_sent_to_its_end),
        NET_TEST(what_a_function_gives_is_sent),
    };

    return cmocka_run_group_tests(tests, watch_waits, NULL);
}
