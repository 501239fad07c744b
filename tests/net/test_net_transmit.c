/* SPDX-License-Identifier: MIT */
/*
 * Large files without limit or token, which Windows may send by itself, over
 * real connections. The suite says that it runs on a server edition (see
 * ci/wine.sh).
 */
#include "blocked.h"
#include "file.h"

enum {
    LENGTH = (16 << 20) + 100007, /* a slice, and one more */
    BLOCK = 64 * 1024
};

/* A peer that reads in a thread of its own. */
struct reader {
    struct pier_socket *s;
    int64_t count;
    bool is_right;
};

static void read_file(void *opaque)
{
    static unsigned char room[BLOCK];
    struct reader *r = opaque;
    ptrdiff_t n = 1;

    r->is_right = true;
    while (r->count < LENGTH && n > 0) {
        size_t left = (size_t)(LENGTH - r->count);

        n = pier_recv(r->s, room, left < BLOCK ? left : BLOCK, 0);
        for (ptrdiff_t i = 0; i < n; i++) {
            if (room[i] != file_byte(r->count + i))
                r->is_right = false;
        }
        r->count += n > 0 ? n : 0;
    }
}

static void a_large_file_arrives_and_the_connection_goes_on(void **state)
{
    pier_file file = file_make_filled(LENGTH);
    struct pier_socket *ends[2];

    (void)state;
    open_streams(PIER_AF_INET, ends);
    for (int i = 0; i < 2; i++) {
        struct reader reader = { .s = ends[1] };
        struct test_thread *thread = thread_start(read_file, &reader);
        int64_t sent = -1;

        CHECK_OK(pier_sendfile(ends[0], file, 0, -1, &sent));
        CHECK_INT(sent, LENGTH);
        CHECK_INT(file_position(file), LENGTH);
        thread_join(thread);
        CHECK_INT(reader.count, LENGTH);
        CHECK(reader.is_right);
        CHECK_INT(pier_send(ends[0], "hello", 5, 0), 5);
        check_arrives(ends[1], "hello");
    }
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
static void start_stuck(struct scene *scene, struct blocked *b)
{
    struct pier_socket *ends[2];

    open_streams(PIER_AF_INET, ends);
    *scene = (struct scene){ .s = ends[0], .peer = ends[1] };
    sent_file = file_make();
    file_resize(sent_file, INT64_C(1) << 30);
    start_blocked(b, send_it, scene);
    CHECK_OK(pier_wait_for(ends[1], PIER_POLLIN, 10 * SECOND, NULL));
    await_waits(1);
}

static void check_ended(struct blocked *b, pier_err code)
{
    CHECK_ERR(end_blocked(b), code);
    CHECK(sent_bytes >= 0 && sent_bytes < INT64_C(1) << 30);
    CHECK_INT(file_position(sent_file), sent_bytes);
    file_close(sent_file);
}

static void a_shutdown_ends_it(void **state)
{
    struct scene scene;
    struct blocked b;

    (void)state;
    start_stuck(&scene, &b);
    CHECK_OK(pier_shutdown(scene.s, PIER_SHUT_WR));
    check_ended(&b, PIER_EPIPE);
}

static void so_does_a_close(void **state)
{
    struct scene scene;
    struct blocked b;

    (void)state;
    start_stuck(&scene, &b);
    CHECK_OK(pier_close(scene.s));
    check_ended(&b, PIER_EBADF);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(
            a_large_file_arrives_and_the_connection_goes_on, free_sockets),
        cmocka_unit_test_teardown(a_shutdown_ends_it, free_sockets),
        cmocka_unit_test_teardown(so_does_a_close, free_sockets),
    };

    return cmocka_run_group_tests(tests, watch_waits, NULL);
}
