/* SPDX-License-Identifier: MIT */
/* Streams over real sockets: files over TCP and AF_UNIX, alone and by several
 * threads at once. */
#include "blocked.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    THREADS = 3,
    LINES = 150,
    LARGE = 1000000,
    PIECE = 7919
};

static struct pier_socket *ends[2];
static struct pier_stream *files[2];

static struct pier_stream *open_file(struct pier_socket *s, const char *mode,
                                     ptrdiff_t buffering)
{
    struct pier_stream *st;

    CHECK_OK(pier_makefile(&st, s, mode, buffering));
    return st;
}

/* Two ends, each with a stream; one without a buffer writes only: line by line
 * it would read byte by byte. */
static void open_files(int family, ptrdiff_t buffering)
{
    open_streams(family, ends);
    files[0] = open_file(ends[0], "rw", buffering);
    files[1] = open_file(ends[1], "rw",
                         buffering == PIER_BUFFER_NONE ? PIER_BUFFER_DEFAULT
                                                       : buffering);
}

static int close_files(void **state)
{
    for (int i = 0; i < 2; i++) {
        (void)pier_stream_close(files[i]);
        files[i] = NULL;
    }
    return free_sockets(state);
}

static void check_line(struct pier_stream *st, const char *text)
{
    char line[128];

    CHECK_INT(pier_stream_readline(st, line, sizeof(line)), strlen(text));
    assert_string_equal(line, text);
}

/* -------------------------------------------------------- conversations ---
 */

static void converse(int family)
{
    char body[16];

    open_files(family, PIER_BUFFER_DEFAULT);
    CHECK_OK(pier_stream_set_newline(files[0], PIER_NEWLINE_CRLF));
    CHECK_OK(pier_stream_set_newline(files[1], PIER_NEWLINE_UNIVERSAL));
    CHECK_INT(pier_stream_printf(files[0], "PUT %d\n\n", 10), 8);
    CHECK_INT(pier_stream_write(files[0], "0123456789", 10), 10);
    CHECK_OK(pier_stream_flush(files[0]));
    check_line(files[1], "PUT 10\n");
    check_line(files[1], "\n");
    CHECK_OK(pier_stream_set_newline(files[1], PIER_NEWLINE_NONE));
    CHECK_INT(pier_stream_read(files[1], body, 10), 10);
    assert_memory_equal(body, "0123456789", 10);
    CHECK_INT(pier_stream_printf(files[1], "%s\r\n", "done"), 6);
    CHECK_OK(pier_stream_close(files[1]));
    files[1] = NULL;
    CHECK_OK(pier_shutdown(ends[1], PIER_SHUT_WR));
    check_line(files[0], "done\r\n");
    check_line(files[0], "");
}

static void a_conversation_goes_over_every_transport(void **state)
{
    converse(PIER_AF_INET);
    if (has_ipv6()) {
        close_files(state);
        converse(PIER_AF_INET6);
    }
    if (has_unix()) {
        close_files(state);
        converse(PIER_AF_UNIX);
    }
}

/* As one reads a header, then a body with the next stream, and then what comes
 * after it with the socket. */
static void streams_without_a_buffer_follow_each_other(void **state)
{
    char bytes[16];

    (void)state;
    open_files(PIER_AF_INET, PIER_BUFFER_NONE);
    CHECK_OK(pier_stream_close(files[1]));
    files[1] = open_file(ends[1], "r", PIER_BUFFER_NONE);
    CHECK_INT(pier_stream_write(files[0], "head\r\n\r\nbody.rest", 17), 17);
    CHECK_INT(pier_stream_readuntil(files[1], bytes, 16, "\r\n\r\n", 4), 8);
    CHECK_OK(pier_stream_close(files[1]));
    files[1] = open_file(ends[1], "r", PIER_BUFFER_NONE);
    CHECK_INT(pier_stream_read(files[1], bytes, 5), 5);
    assert_memory_equal(bytes, "body.", 5);
    check_arrives(ends[1], "rest");
}

/* ----------------------------------------------------- going on and on --- */

static void a_read_that_timed_out_goes_on(void **state)
{
    char bytes[8];

    (void)state;
    open_files(PIER_AF_INET, PIER_BUFFER_DEFAULT);
    CHECK_OK(pier_settimeout(ends[1], 20 * MS));
    CHECK_OK(pier_sendall(ends[0], "half a ", 7, 0, NULL));
    CHECK_ERR(pier_stream_readline(files[1], bytes, 8), PIER_EDEADLINE);
    CHECK_ERR(pier_stream_read(files[1], bytes, 8), PIER_EDEADLINE);
    CHECK_OK(pier_settimeout(ends[1], SOON));
    CHECK_OK(pier_sendall(ends[0], "line\n", 5, 0, NULL));
    check_line(files[1], "half a line\n");
}

static void a_write_that_timed_out_goes_on(void **state)
{
    static char zeros[70000];
    char bytes[4];
    ptrdiff_t n;
    size_t taken = 0;

    (void)state;
    open_files(PIER_AF_INET, PIER_BUFFER_DEFAULT);
    CHECK_OK(pier_settimeout(ends[0], 20 * MS));
    while ((n = pier_stream_write(files[0], zeros, sizeof(zeros))) > 0)
        taken += (size_t)n;
    CHECK_ERR(n, PIER_EDEADLINE);
    CHECK_OK(pier_settimeout(ends[0], 0));
    /* What was taken comes in the end, as soon as somebody reads. */
    while (taken > 0) {
        size_t most = taken < sizeof(zeros) ? taken : sizeof(zeros);

        n = pier_stream_flush(files[0]);
        CHECK(n == PIER_OK || n == PIER_EAGAIN);
        n = pier_stream_read1(files[1], zeros, most);
        CHECK(n > 0);
        taken -= (size_t)n;
    }
    CHECK_OK(pier_stream_flush(files[0]));
    CHECK_INT(pier_stream_write(files[0], "end", 3), 3);
    CHECK_OK(pier_stream_flush(files[0]));
    CHECK_INT(pier_stream_read(files[1], bytes, 3), 3);
    assert_memory_equal(bytes, "end", 3);
}

static void pollers_count_what_was_read_ahead(void **state)
{
    struct pier_pollitem item = { .events = PIER_POLLIN };
    unsigned events = 0;

    (void)state;
    open_files(PIER_AF_INET, PIER_BUFFER_DEFAULT);
    item.socket = ends[1];
    CHECK_OK(pier_sendall(ends[0], "one\ntwo\n", 8, 0, NULL));
    check_line(files[1], "one\n");
    CHECK_INT(pier_poll(&item, 1, SOON, NULL), 1);
    CHECK_OK(pier_wait_for(ends[1], PIER_POLLIN, SOON, &events));
    CHECK_INT(events, PIER_POLLIN);
    check_line(files[1], "two\n");
    CHECK_INT(pier_poll(&item, 1, 0, NULL), 0);
}

static void a_dead_peer_is_an_error_and_no_signal(void **state)
{
    ptrdiff_t n;

    (void)state;
    open_files(PIER_AF_INET, PIER_BUFFER_NONE);
    CHECK_OK(pier_set_linger(ends[1], true, 0));
    CHECK_OK(pier_close_wait(ends[1], SOON));
    do {
        n = pier_stream_write(files[0], "x", 1);
    } while (n == 1);
    CHECK(pier_is_connection_error((pier_err)n));
}

/* -------------------------------------------------------------- threads ---
 */

static unsigned char byte_at(size_t offset)
{
    return (unsigned char)(offset * 31 + offset / 251);
}

static void write_large(void *argument)
{
    unsigned char piece[PIECE];
    pier_err *err = argument;
    size_t done = 0;

    *err = PIER_OK;
    while (done < LARGE) {
        size_t length = (done * 13) % PIECE + 1;

        if (length > LARGE - done)
            length = LARGE - done;
        for (size_t i = 0; i < length; i++)
            piece[i] = byte_at(done + i);
        if (pier_stream_write(files[0], piece, length) != (ptrdiff_t)length)
            *err = PIER_EUNKNOWN;
        done += length;
    }
    if (!*err)
        *err = pier_stream_flush(files[0]);
}

/* By reads of all sizes, some larger than the buffer. */
static size_t read_large(struct pier_stream *st)
{
    static unsigned char piece[60000];
    size_t done = 0;
    bool intact = true;

    while (done < LARGE && intact) {
        size_t length = (done * 7) % sizeof(piece) + 1;
        ptrdiff_t n;

        if (length > LARGE - done)
            length = LARGE - done;
        n = done % 3 ? pier_stream_read(st, piece, length)
                     : pier_stream_read1(st, piece, length);
        if (n <= 0)
            break;
        for (size_t i = 0; i < (size_t)n; i++)
            intact = intact && piece[i] == byte_at(done + i);
        done += (size_t)n;
    }
    return intact ? done : 0;
}

static void all_bytes_arrive_whatever_the_buffers(void **state)
{
    static const ptrdiff_t bufferings[] = { PIER_BUFFER_DEFAULT,
                                            PIER_BUFFER_NONE, PIER_BUFFER_LINE,
                                            1000, 1 << 20 };

    for (size_t i = 0; i < COUNT_OF(bufferings); i++) {
        struct test_thread *writer;
        pier_err err = PIER_EUNKNOWN, ended;
        size_t done;

        open_files(PIER_AF_INET, bufferings[i]);
        CHECK_OK(pier_settimeout(ends[0], 10 * SECOND));
        CHECK_OK(pier_settimeout(ends[1], 10 * SECOND));
        writer = thread_start(write_large, &err);
        done = read_large(files[1]);
        ended = done == LARGE ? PIER_OK : pier_close(ends[1]);
        thread_join(writer);
        CHECK_OK(ended);
        CHECK_OK(err);
        CHECK_INT(done, LARGE);
        close_files(state);
    }
}

struct worker {
    int number;
    unsigned lines; /* that went well, and the flush after them */
    struct test_thread *thread;
};

static void print_lines(void *argument)
{
    struct worker *w = argument;

    for (int i = 0; i < LINES; i++) {
        int length = (i * 97 + w->number) % 3000;

        w->lines += pier_stream_printf(files[0], "%d %d %0*d\n", w->number, i,
                                       length + 1, 7) > 0;
    }
    w->lines += pier_stream_flush(files[0]) == PIER_OK;
}

/* A line as print_lines() makes them: that of a writer which is its next. */
static bool is_next(const char *line, int next[THREADS])
{
    char expected[4096];
    unsigned writer = (unsigned)(line[0] - '0');
    int number, length;

    if (writer >= THREADS)
        return false;
    number = next[writer]++;
    length = (number * 97 + (int)writer) % 3000;
    (void)snprintf(expected, sizeof(expected), "%u %d %0*d\n", writer, number,
                   length + 1, 7);
    return strcmp(line, expected) == 0;
}

/* Reads the lines of all writers; how many were as they should be. */
static unsigned read_all_lines(void)
{
    int next[THREADS] = { 0 };
    char line[4096];
    unsigned good = 0;

    while (good < THREADS * LINES &&
           pier_stream_readline(files[1], line, sizeof(line)) > 0 &&
           is_next(line, next))
        good++;
    return good;
}

static void start_workers(struct worker workers[THREADS],
                          void (*run)(void *argument))
{
    memset(workers, 0, THREADS * sizeof(*workers));
    for (int i = 0; i < THREADS; i++) {
        workers[i].number = i;
        workers[i].thread = thread_start(run, &workers[i]);
    }
}

static void lines_of_several_writers_stay_whole(void **state)
{
    static const ptrdiff_t bufferings[] = { PIER_BUFFER_DEFAULT,
                                            PIER_BUFFER_NONE, PIER_BUFFER_LINE,
                                            100 };

    for (size_t b = 0; b < COUNT_OF(bufferings); b++) {
        struct worker workers[THREADS];
        unsigned good;

        open_files(PIER_AF_INET, bufferings[b]);
        CHECK_OK(pier_settimeout(ends[1], 10 * SECOND));
        start_workers(workers, print_lines);
        good = read_all_lines();
        if (good < THREADS * LINES)
            (void)pier_close(ends[1]);
        for (int i = 0; i < THREADS; i++)
            thread_join(workers[i].thread);
        CHECK_INT(good, THREADS * LINES);
        for (int i = 0; i < THREADS; i++)
            CHECK_INT(workers[i].lines, LINES + 1);
        close_files(state);
    }
}

static unsigned char seen[LINES];

static void read_lines(void *argument)
{
    struct worker *w = argument;
    char line[64], expected[64];

    while (pier_stream_readline(files[1], line, sizeof(line)) > 0) {
        long number = strtol(line, NULL, 10);

        if (number < 0 || number >= LINES)
            break;
        (void)snprintf(expected, sizeof(expected), "%ld is a line\n", number);
        if (strcmp(line, expected) != 0)
            break;
        /* Each number is one reader's. */
        seen[number]++;
        w->lines++;
    }
}

static void each_line_is_one_readers(void **state)
{
    struct worker workers[THREADS];
    unsigned total = 0;
    ptrdiff_t n = 1;

    (void)state;
    memset(seen, 0, sizeof(seen));
    open_files(PIER_AF_INET, PIER_BUFFER_DEFAULT);
    start_workers(workers, read_lines);
    for (int i = 0; i < LINES && n > 0; i++)
        n = pier_stream_printf(files[0], "%d is a line\n", i);
    if (pier_stream_flush(files[0]) || pier_shutdown(ends[0], PIER_SHUT_WR))
        n = 0;
    for (int i = 0; i < THREADS; i++) {
        thread_join(workers[i].thread);
        total += workers[i].lines;
    }
    CHECK(n > 0);
    CHECK_INT(total, LINES);
    for (int i = 0; i < LINES; i++)
        CHECK_INT(seen[i], 1);
}

static struct pier_stream *waiting_file;

static long long read_from_waiting(struct scene *scene)
{
    char line[16];

    (void)scene;
    return pier_stream_readline(waiting_file, line, sizeof(line));
}

/* The memory of the socket stays as long as the stream. */
static void freeing_the_socket_wakes_a_reader(void **state)
{
    struct blocked reader;
    struct scene scene = { 0 };

    (void)state;
    open_streams(PIER_AF_INET, ends);
    waiting_file = open_file(ends[1], "r", PIER_BUFFER_DEFAULT);
    CHECK_OK(pier_sendall(ends[0], "no end", 6, 0, NULL));
    start_blocked(&reader, read_from_waiting, &scene);
    await_waits(1);
    let_go(ends[1]);
    CHECK_ERR(end_blocked(&reader), PIER_EBADF);
    CHECK_OK(pier_stream_close(waiting_file));
}

#define FILES_TEST(function) cmocka_unit_test_teardown(function, close_files)

int main(void)
{
    const struct CMUnitTest tests[] = {
        FILES_TEST(a_conversation_goes_over_every_transport),
        FILES_TEST(streams_without_a_buffer_follow_each_other),
        FILES_TEST(a_read_that_timed_out_goes_on),
        FILES_TEST(a_write_that_timed_out_goes_on),
        FILES_TEST(pollers_count_what_was_read_ahead),
        FILES_TEST(a_dead_peer_is_an_error_and_no_signal),
        FILES_TEST(all_bytes_arrive_whatever_the_buffers),
        FILES_TEST(lines_of_several_writers_stay_whole),
        FILES_TEST(each_line_is_one_readers),
        FILES_TEST(freeing_the_socket_wakes_a_reader),
    };

    return cmocka_run_group_tests_name("net.stream_files", tests, watch_waits,
                                       NULL);
}
