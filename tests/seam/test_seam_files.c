/* SPDX-License-Identifier: MIT */
/* Files: their position, reading them, and the system's way to send them,
 * where it has one. */
#include "file.h"
#include "loopback.h"

#include <stdlib.h>
#include <string.h>

enum {
    LARGE = 8 << 20
};

static pier_handle ends[2];
static char bytes[64];

static ptrdiff_t read_at(pier_file file, int64_t offset)
{
    memset(bytes, 0, sizeof bytes);
    return pierp_file_read(file, bytes, sizeof bytes, offset);
}

static void a_position_is_told_and_set(void **state)
{
    pier_file file = file_make();
    int64_t position = 77;

    (void)state;
    CHECK_OK(pierp_file_get_position(file, &position));
    CHECK_INT(position, 0);
    CHECK_OK(pierp_file_set_position(file, INT64_C(5000000000)));
    CHECK_OK(pierp_file_get_position(file, &position));
    CHECK_INT(position, INT64_C(5000000000));
    CHECK_INT(file_position(file), INT64_C(5000000000));
    file_close(file);
}

static void a_pipe_has_none(void **state)
{
    pier_file pipe[2];
    int64_t position = 77;

    (void)state;
    file_pipe(pipe);
    CHECK_ERR(pierp_file_get_position(pipe[0], &position), PIER_ESPIPE);
    CHECK_INT(position, 77);
    file_close(pipe[0]);
    file_close(pipe[1]);
}

static void what_is_no_file_is_bad(void **state)
{
    pier_file file = file_make_unreadable();
    int64_t position = 77;

    (void)state;
    CHECK_ERR(pierp_file_get_position(-1, &position), PIER_EBADF);
    CHECK_ERR(pierp_file_set_position(-1, 5), PIER_EBADF);
    CHECK_ERR(read_at(-1, 0), PIER_EBADF);
    CHECK_ERR(read_at(-1, -1), PIER_EBADF);
    CHECK_INT(position, 77);
    /* It is open, but not for reading. */
    CHECK_ERR(read_at(file, 0), PIER_EBADF);
    file_close(file);
}

static void a_file_is_read_from_anywhere(void **state)
{
    const int64_t far = INT64_C(6000000000);
    pier_file file = file_make();

    (void)state;
    CHECK_INT(read_at(file, 0), 0);
    file_write(file, 0, "hello", 5);
    file_write(file, far, "world", 5);
    CHECK_INT(read_at(file, 3), sizeof bytes);
    CHECK(memcmp(bytes, "lo\0", 3) == 0);
    CHECK_INT(read_at(file, far + 1), 4);
    CHECK(memcmp(bytes, "orld", 4) == 0);
    CHECK_INT(read_at(file, far + 5), 0);
    CHECK_INT(read_at(file, far * 2), 0);
    file_close(file);
}

static void a_pipe_is_read_without_waiting(void **state)
{
    pier_file pipe[2];

    (void)state;
    file_pipe(pipe);
    CHECK_ERR(read_at(pipe[0], -1), PIER_EAGAIN);
    file_feed(pipe[1], "hello", 5);
    CHECK_INT(pierp_file_read(pipe[0], bytes, 3, -1), 3);
    CHECK_INT(read_at(pipe[0], -1), 2);
    CHECK(memcmp(bytes, "lo", 2) == 0);
    CHECK_ERR(read_at(pipe[0], -1), PIER_EAGAIN);
    file_close(pipe[1]);
    CHECK_INT(read_at(pipe[0], -1), 0);
    CHECK_INT(read_at(pipe[0], -1), 0);
    file_close(pipe[0]);
}

static void a_pipe_is_waited_for_where_it_can_be(void **state)
{
    pier_file pipe[2];
    struct pierp_wake *own;
    pier_handle h;
    unsigned got = 77;

    (void)state;
    file_pipe(pipe);
    h = pierp_file_waitable(pipe[0]);
    CHECK_OK(pierp_thread_wake(&own));
    if (h != PIER_INVALID_HANDLE) {
        CHECK_OK(pierp_wait(h, PIERP_READ, &own, 1, 1, &got));
        CHECK_INT(got, 0);
        file_feed(pipe[1], "x", 1);
        CHECK_OK(pierp_wait(h, PIERP_READ, &own, 1, -1, &got));
        CHECK_INT(got, PIERP_READY);
        CHECK_INT(read_at(pipe[0], -1), 1);
        file_close(pipe[1]);
        CHECK_OK(pierp_wait(h, PIERP_READ, &own, 1, -1, &got));
        CHECK_INT(got, PIERP_READY);
    } else {
        file_close(pipe[1]);
    }
    file_close(pipe[0]);
}

/* ------------------------------------------------------------- sending --- */

/* Whether this backend has it at all: it is part of the answer to each of
 * the tests below, never their skip. */
static bool sends_files(void)
{
    pier_file file = file_make();
    ptrdiff_t n;

    open_connection(ends);
    n = pierp_sendfile(ends[0], file, 0, 1);
    close_all(ends, 2);
    file_close(file);
    CHECK(n == 0 || n == PIER_ENOTSUP);
    return n == 0;
}

static void a_file_is_sent_and_its_position_left(void **state)
{
    const ptrdiff_t none = sends_files() ? 0 : PIER_ENOTSUP;
    pier_file file = file_make();

    (void)state;
    open_connection(ends);
    file_write(file, 0, "hello world", 11);
    file_seek(file, 2);
    CHECK_INT(pierp_sendfile(ends[0], file, 6, 3), none ? none : 3);
    CHECK_INT(pierp_sendfile(ends[0], file, 9, 50), none ? none : 2);
    CHECK_INT(pierp_sendfile(ends[0], file, 11, 1), none);
    CHECK_INT(pierp_sendfile(ends[0], file, 5000, 1), none);
    CHECK_INT(file_position(file), 2);
    if (!none) {
        CHECK_INT(receive(ends[1], bytes, 3), 3);
        CHECK_INT(receive(ends[1], bytes + 3, 3), 2);
        CHECK(memcmp(bytes, "world", 5) == 0);
    }
    close_all(ends, 2);
    file_close(file);
}

/* Sends till it would block; how much went. */
static int64_t send_until_full(pier_file file)
{
    int64_t total = 0;
    ptrdiff_t n;

    do {
        n = pierp_sendfile(ends[0], file, total, LARGE);
        total += n > 0 ? n : 0;
    } while (n > 0);
    CHECK_ERR(n, sends_files() ? PIER_EAGAIN : PIER_ENOTSUP);
    return total;
}

static void a_full_stream_takes_part_of_a_file(void **state)
{
    pier_file file = file_make();
    char *buffer = malloc(LARGE);
    pier_handle kept[2];
    int64_t sent, received = 0;

    (void)state;
    CHECK(buffer != NULL);
    open_connection(kept);
    file_resize(file, INT64_C(1) << 32);
    memcpy(ends, kept, sizeof kept);
    sent = send_until_full(file);
    CHECK(sent < INT64_C(1) << 32);
    while (received < sent) {
        ptrdiff_t n = receive(kept[1], buffer, LARGE);

        CHECK(n > 0);
        received += n;
    }
    CHECK_INT(received, sent);
    close_all(kept, 2);
    file_close(file);
    free(buffer);
}

static void what_cannot_be_sent_so_is_left_to_others(void **state)
{
    pier_file pipe[2];

    (void)state;
    open_connection(ends);
    file_pipe(pipe);
    file_feed(pipe[1], "hello", 5);
    CHECK_ERR(pierp_sendfile(ends[0], pipe[0], 0, 5), PIER_ENOTSUP);
    CHECK_ERR(pierp_sendfile(ends[0], -1, 0, 5), PIER_ENOTSUP);
    CHECK_INT(read_at(pipe[0], -1), 5);
    close_all(ends, 2);
    file_close(pipe[0]);
    file_close(pipe[1]);
}

static void a_broken_stream_is_told(void **state)
{
    const bool can = sends_files();
    pier_file file = file_make();

    (void)state;
    open_connection(ends);
    file_write(file, 0, "hello", 5);
    CHECK_OK(pierp_shutdown(ends[0], 1));
    CHECK_ERR(pierp_sendfile(ends[0], file, 0, 5),
              can ? PIER_EPIPE : PIER_ENOTSUP);
    close_all(ends, 2);
    file_close(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_position_is_told_and_set),
        cmocka_unit_test(a_pipe_has_none),
        cmocka_unit_test(what_is_no_file_is_bad),
        cmocka_unit_test(a_file_is_read_from_anywhere),
        cmocka_unit_test(a_pipe_is_read_without_waiting),
        cmocka_unit_test(a_pipe_is_waited_for_where_it_can_be),
        cmocka_unit_test(a_file_is_sent_and_its_position_left),
        cmocka_unit_test(a_full_stream_takes_part_of_a_file),
        cmocka_unit_test(what_cannot_be_sent_so_is_left_to_others),
        cmocka_unit_test(a_broken_stream_is_told),
    };

    return cmocka_run_group_tests(tests, start_seam, NULL);
}
