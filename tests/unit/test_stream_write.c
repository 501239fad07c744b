/* SPDX-License-Identifier: MIT */
/* Writing to streams: when it is sent, what was taken, what is told later. */
#include "streams.h"

#include "layer.h"

#include <pier/hooks.h>

static char big[20001];

static void what_fits_is_kept_until_the_flush(void **state)
{
    struct pier_stream *st = open_stream("w", PIER_BUFFER_DEFAULT);

    (void)state;
    fake_clear_calls();
    CHECK_INT(pier_stream_write(st, "abc", 3), 3);
    CHECK_INT(pier_stream_write(st, "d\nf", 3), 3);
    CHECK_INT(fake_calls(), 0);
    CHECK_INT(fake_calls_of(FAKE_CLOCK), 0);
    CHECK_OK(pier_stream_flush(st));
    assert_string_equal(fake_log(), "send");
    check_sent("abcd\nf");
    CHECK_OK(pier_stream_flush(st));
    assert_string_equal(fake_log(), "send");
    end_stream(st);
}

static void a_full_buffer_is_sent(void **state)
{
    struct pier_stream *st = open_stream("w", 4);

    (void)state;
    CHECK_INT(pier_stream_write(st, "abc", 3), 3);
    check_sent("");
    CHECK_INT(pier_stream_write(st, "def", 3), 3);
    check_sent("abcd");
    CHECK_INT(pier_stream_write(st, "gh", 2), 2);
    check_sent("abcdefgh");
    end_stream(st);
}

static void what_is_larger_than_the_buffer_goes_at_once(void **state)
{
    struct pier_stream *st = open_stream("w", 4);

    (void)state;
    fake_clear_calls();
    CHECK_INT(pier_stream_write(st, "abcdef", 6), 6);
    assert_string_equal(fake_log(), "send");
    check_sent("abcdef");
    end_stream(st);
}

static void a_close_sends_the_rest(void **state)
{
    struct pier_stream *st = open_stream("w", PIER_BUFFER_DEFAULT);

    (void)state;
    CHECK_INT(pier_stream_write(st, "abc", 3), 3);
    CHECK_OK(pier_stream_close(st));
    check_sent("abc");
    CHECK_INT(pier_send(under, "d", 1, 0), 1);
    pier_free(under);
}

static void lines_go_when_they_are_whole(void **state)
{
    struct pier_stream *st = open_stream("w", PIER_BUFFER_LINE);

    (void)state;
    fake_clear_calls();
    CHECK_INT(pier_stream_write(st, "abc", 3), 3);
    check_sent("");
    CHECK_INT(pier_stream_write(st, "d\ne\nfg", 6), 6);
    assert_string_equal(fake_log(), "send");
    check_sent("abcd\ne\n");
    CHECK_INT(pier_stream_write(st, "\n", 1), 1);
    check_sent("abcd\ne\nfg\n");
    end_stream(st);
}

static void a_line_longer_than_the_buffer_is_sent_in_parts(void **state)
{
    struct pier_stream *st = open_stream("w", PIER_BUFFER_LINE);
    size_t length;

    (void)state;
    memset(big, 'x', sizeof(big));
    big[15000] = '\n';
    CHECK_INT(pier_stream_write(st, big, 100), 100);
    CHECK_INT(pier_stream_write(st, big, sizeof(big)), sizeof(big));
    (void)fake_sent(pier_fileno(under), &length);
    CHECK_INT(length, 100 + 15001);
    CHECK_OK(pier_stream_flush(st));
    (void)fake_sent(pier_fileno(under), &length);
    CHECK_INT(length, 100 + sizeof(big));
    end_stream(st);
}

static void without_a_buffer_all_is_sent_at_once(void **state)
{
    struct pier_stream *st = open_stream("w", PIER_BUFFER_NONE);

    (void)state;
    fake_clear_calls();
    CHECK_INT(pier_stream_write(st, "a", 1), 1);
    CHECK_INT(pier_stream_write(st, "bc", 2), 2);
    assert_string_equal(fake_log(), "send send");
    check_sent("abc");
    end_stream(st);
}

/* Whatever the buffer and however little each send takes. */
static void a_newline_goes_out_as_two_bytes(void **state)
{
    static const ptrdiff_t bufferings[] = {
        PIER_BUFFER_DEFAULT, PIER_BUFFER_NONE, PIER_BUFFER_LINE, 1, 2, 3
    };
    static const char from[] = "\n\na\nb\r\n\ncd";

    (void)state;
    for (size_t b = 0; b < 6; b++) {
        for (size_t at_most = 0; at_most < 4; at_most++) {
            struct pier_stream *st = open_stream("w", bufferings[b]);

            CHECK_OK(pier_stream_set_newline(st, PIER_NEWLINE_CRLF));
            fake_limit_send(pier_fileno(under), at_most);
            CHECK_INT(pier_stream_write(st, from, 10), 10);
            CHECK_OK(pier_stream_flush(st));
            check_sent("\r\n\r\na\r\nb\r\r\n\r\ncd");
            end_stream(st);
        }
    }
}

static void other_modes_write_bytes_as_they_are(void **state)
{
    static const enum pier_newline modes[] = { PIER_NEWLINE_NONE,
                                               PIER_NEWLINE_UNIVERSAL,
                                               PIER_NEWLINE_LF };

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct pier_stream *st = open_stream("w", PIER_BUFFER_NONE);

        CHECK_OK(pier_stream_set_newline(st, modes[i]));
        CHECK_INT(pier_stream_write(st, "a\r\nb\rc\n", 7), 7);
        check_sent("a\r\nb\rc\n");
        end_stream(st);
    }
}

/* -------------------------------------------------- when it ends early --- */

static void what_was_taken_is_counted_and_sent_later(void **state)
{
    struct pier_stream *st = open_stream("w", 4);

    (void)state;
    CHECK_OK(pier_settimeout(under, 20 * MS));
    stop_sends();
    CHECK_INT(pier_stream_write(st, "ab", 2), 2);
    CHECK_INT(pier_stream_write(st, "cdef", 4), 2);
    CHECK_INT(fake_now(), 20 * MS);
    CHECK_ERR(pier_stream_write(st, "ef", 2), PIER_EDEADLINE);
    CHECK_INT(fake_now(), 40 * MS);
    CHECK_ERR(pier_stream_flush(st), PIER_EDEADLINE);
    let_sends();
    CHECK_INT(pier_stream_write(st, "ef", 2), 2);
    check_sent("abcd");
    CHECK_OK(pier_stream_flush(st));
    check_sent("abcdef");
    end_stream(st);
}

static void one_deadline_covers_a_whole_write(void **state)
{
    struct pier_stream *st = open_stream("w", PIER_BUFFER_NONE);

    (void)state;
    CHECK_OK(pier_settimeout(under, 25 * MS));
    fake_send_room(pier_fileno(under), 2);
    fake_drain(pier_fileno(under), 2, 10 * MS);
    CHECK_INT(pier_stream_write(st, "abcdefghij", 10), 6);
    CHECK_INT(fake_now(), 25 * MS);
    end_stream(st);
}

static void without_a_buffer_only_what_was_sent_counts(void **state)
{
    (void)state;
    for (unsigned room = 1; room <= 6; room++) {
        static const ptrdiff_t taken[] = { 0, 1, 2, 2, 3, 4, 4 };
        struct pier_stream *st = open_stream("w", PIER_BUFFER_NONE);
        size_t length;

        CHECK_OK(pier_settimeout(under, PIER_NONBLOCKING));
        CHECK_OK(pier_stream_set_newline(st, PIER_NEWLINE_CRLF));
        fake_send_room(pier_fileno(under), room);
        fake_drain(pier_fileno(under), 0, SECOND);
        /* "a\r\nb\r\nc": of a line end that was begun the rest is owed. */
        CHECK_INT(pier_stream_write(st, "a\nb\nc", 5), taken[room]);
        (void)fake_sent(pier_fileno(under), &length);
        CHECK_INT(length, room);
        if (room == 2 || room == 5) {
            CHECK_ERR(pier_stream_write(st, "x", 1), PIER_EAGAIN);
            CHECK_ERR(pier_stream_close(st), PIER_EAGAIN);
        } else {
            CHECK_OK(pier_stream_close(st));
        }
        pier_free(under);
    }
}

static void a_line_end_that_was_begun_is_ended_first(void **state)
{
    struct pier_stream *st = open_stream("w", PIER_BUFFER_NONE);

    (void)state;
    CHECK_OK(pier_settimeout(under, PIER_NONBLOCKING));
    CHECK_OK(pier_stream_set_newline(st, PIER_NEWLINE_CRLF));
    fake_send_room(pier_fileno(under), 2);
    fake_drain(pier_fileno(under), 64, 10 * MS);
    CHECK_INT(pier_stream_write(st, "a\nb", 3), 2);
    fake_advance(10 * MS);
    CHECK_OK(pier_stream_set_newline(st, PIER_NEWLINE_NONE));
    CHECK_INT(pier_stream_write(st, "b", 1), 1);
    fake_advance(20 * MS);
    CHECK_OK(pier_stream_flush(st));
    check_sent("a\r\nb");
    end_stream(st);
}

static void lines_that_could_not_go_are_told_by_the_next_call(void **state)
{
    struct pier_stream *st = open_stream("w", PIER_BUFFER_LINE);

    (void)state;
    CHECK_OK(pier_settimeout(under, 20 * MS));
    stop_sends();
    CHECK_INT(pier_stream_write(st, "a\nb", 3), 3);
    CHECK_ERR(pier_stream_write(st, "c\n", 2), PIER_EDEADLINE);
    let_sends();
    CHECK_INT(pier_stream_write(st, "c\n", 2), 2);
    check_sent("a\nbc\n");
    end_stream(st);
}

/* The system tells of a reset once. */
static void an_error_of_the_network_is_told_by_the_next_call(void **state)
{
    struct pier_stream *st = open_stream("w", 4);
    struct pier_detail detail;

    (void)state;
    CHECK_INT(pier_stream_write(st, "abc", 3), 3);
    fake_fail(FAKE_SEND, 1, PIER_ECONNRESET);
    CHECK_INT(pier_stream_write(st, "def", 3), 1);
    CHECK_ERR(pier_stream_write(st, "ef", 2), PIER_ECONNRESET);
    pier_error_detail(&detail);
    CHECK_INT(detail.code, PIER_ECONNRESET);
    CHECK(detail.native_code != 0);
    assert_string_equal(detail.operation, "stream_write");
    CHECK_OK(pier_stream_flush(st));
    check_sent("abcd");
    end_stream(st);
}

static void a_close_tells_what_nobody_was_told(void **state)
{
    struct pier_stream *st = open_stream("w", 2);

    (void)state;
    fake_fail(FAKE_SEND, 1, PIER_ECONNRESET);
    CHECK_INT(pier_stream_write(st, "a", 1), 1);
    CHECK_INT(pier_stream_write(st, "bc", 2), 1);
    CHECK_ERR(pier_stream_close(st), PIER_ECONNRESET);
    pier_free(under);
}

static void a_close_sends_all_the_same(void **state)
{
    struct pier_stream *st = open_stream("w", 2);
    const unsigned char *bytes;
    size_t length;

    (void)state;
    fake_fail(FAKE_SEND, 1, PIER_ENOBUFS);
    CHECK_INT(pier_stream_write(st, "a", 1), 1);
    CHECK_INT(pier_stream_write(st, "bc", 2), 1);
    CHECK_ERR(pier_stream_close(st), PIER_ENOBUFS);
    bytes = fake_sent(pier_fileno(under), &length);
    CHECK_INT(length, 2);
    CHECK(memcmp(bytes, "ab", 2) == 0);
    pier_free(under);
}

static int ends_calls; /* a signal does */

static int PIER_CALL say_so(void *context)
{
    (void)context;
    return ends_calls;
}

static void an_interruption_is_told_by_the_next_call(void **state)
{
    struct pier_stream *st = open_stream("w", 2);

    (void)state;
    ends_calls = 1;
    stop_sends();
    fake_interrupt_wait(1);
    CHECK_INT(pier_stream_write(st, "a", 1), 1);
    CHECK_INT(pier_stream_write(st, "bc", 2), 1);
    let_sends();
    ends_calls = 0;
    CHECK_ERR(pier_stream_write(st, "c", 1), PIER_EINTR);
    CHECK_INT(pier_stream_write(st, "c", 1), 1);
    CHECK_OK(pier_stream_flush(st));
    check_sent("abc");
    end_stream(st);
}

static void a_close_that_cannot_flush_in_time_frees_all_the_same(void **state)
{
    struct pier_stream *st = open_stream("w", PIER_BUFFER_DEFAULT);

    (void)state;
    CHECK_OK(pier_settimeout(under, 20 * MS));
    stop_sends();
    CHECK_INT(pier_stream_write(st, "abc", 3), 3);
    CHECK_ERR(pier_stream_close(st), PIER_EDEADLINE);
    CHECK_INT(fake_now(), 20 * MS);
    pier_free(under);
    CHECK_INT(fake_allocations(), 0);
}

static void a_flush_that_ended_goes_on(void **state)
{
    struct pier_stream *st = open_stream("w", PIER_BUFFER_DEFAULT);

    (void)state;
    CHECK_OK(pier_settimeout(under, 15 * MS));
    fake_send_room(pier_fileno(under), 2);
    fake_drain(pier_fileno(under), 2, 10 * MS);
    CHECK_INT(pier_stream_write(st, "abcdef", 6), 6);
    CHECK_ERR(pier_stream_flush(st), PIER_EDEADLINE);
    /* It was no full buffer: there is room. */
    CHECK_INT(pier_stream_write(st, "gh", 2), 2);
    CHECK_OK(pier_settimeout(under, SECOND));
    CHECK_OK(pier_stream_flush(st));
    CHECK_INT(fake_now(), 30 * MS);
    fake_advance(10 * MS);
    check_sent("abcdefgh");
    end_stream(st);
}

/* ------------------------------------------------------------- threads --- */

static struct pier_stream *shared;
static ptrdiff_t result;

static void write_digits(void *unused)
{
    (void)unused;
    result = pier_stream_write(shared, "123456", 6);
}

static void writers_never_interleave(void **state)
{
    (void)state;
    shared = open_stream("w", PIER_BUFFER_NONE);
    fake_send_room(pier_fileno(under), 2);
    fake_drain(pier_fileno(under), 2, 10 * MS);
    fake_at(5 * MS, write_digits, NULL);
    CHECK_INT(pier_stream_printf(shared, "%s", "abcdef"), 6);
    fake_join();
    CHECK_INT(result, 6);
    fake_advance(50 * MS);
    check_sent("abcdef123456");
    end_stream(shared);
}

static void a_close_ends_a_write(void **state)
{
    (void)state;
    shared = open_stream("w", PIER_BUFFER_NONE);
    stop_sends();
    fake_at(10 * MS, do_close, under);
    CHECK_ERR(pier_stream_write(shared, "abc", 3), PIER_EBADF);
    CHECK_INT(fake_now(), 10 * MS);
    fake_join();
    end_stream(shared);
}

/* ---------------------------------------------------------------- text --- */

static void text_is_formatted(void **state)
{
    struct pier_stream *st = open_stream("w", PIER_BUFFER_DEFAULT);

    (void)state;
    CHECK_OK(pier_stream_set_newline(st, PIER_NEWLINE_CRLF));
    CHECK_INT(pier_stream_printf(st, "%s %d\n", "GET", 7), 6);
    CHECK_INT(pier_stream_printf(st, "%s", ""), 0);
    CHECK_OK(pier_stream_flush(st));
    check_sent("GET 7\r\n");
    end_stream(st);
}

static void text_of_any_length_is_formatted(void **state)
{
    static const int lengths[] = { 255, 256, 257, 20000 };

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        struct pier_stream *st = open_stream("w", PIER_BUFFER_DEFAULT);

        memset(big, 'y', sizeof(big));
        big[lengths[i]] = '\0';
        CHECK_INT(pier_stream_printf(st, "%s", big), lengths[i]);
        CHECK_OK(pier_stream_flush(st));
        check_sent(big);
        end_stream(st);
    }
}

static void long_text_needs_memory(void **state)
{
    struct pier_stream *st = open_stream("w", PIER_BUFFER_DEFAULT);

    (void)state;
    fake_fail_alloc(1);
    CHECK_ERR(pier_stream_printf(st, "%300d", 1), PIER_ENOMEM);
    CHECK_OK(pier_stream_flush(st));
    check_sent("");
    end_stream(st);
}

/* --------------------------------------------------------------- layers ---
 */

struct shift {
    size_t pending;
};

static ptrdiff_t layer_receive(void *state, pier_handle h, void *bytes,
                               size_t length, int flags, unsigned *want)
{
    struct shift *layer = state;
    ptrdiff_t n;

    (void)want;
    if (layer->pending > 0) {
        layer->pending--;
        *(char *)bytes = 'p';
        return 1;
    }
    n = pierp_recv(h, bytes, length, flags);
    for (ptrdiff_t i = 0; i < n; i++)
        ((char *)bytes)[i]--;
    return n;
}

static ptrdiff_t layer_send(void *state, pier_handle h, const void *bytes,
                            size_t length, int flags, unsigned *want)
{
    char shifted;

    (void)state;
    (void)want;
    (void)length;
    shifted = (char)(*(const char *)bytes + 1);
    return pierp_send(h, &shifted, 1, flags);
}

static size_t layer_pending(void *state)
{
    return ((struct shift *)state)->pending;
}

static const struct pieri_layer layer = {
    layer_receive, layer_send, NULL, layer_pending, NULL,
};

static void streams_go_through_the_layer(void **state)
{
    struct shift shift = { 0 };
    struct pier_stream *st = open_stream("rw", PIER_BUFFER_DEFAULT);

    (void)state;
    CHECK_OK(pieri_layer_set(under, &layer, &shift));
    feed("ifmmp\v", 10 * MS);
    check_line(st, "hello\n");
    CHECK_INT(pier_stream_write(st, "hello", 5), 5);
    CHECK_OK(pier_stream_flush(st));
    check_sent("ifmmp");
    end_stream(st);
}

/* The call before had to wait, and no handle tells of what the layer has. */
static void what_the_layer_holds_is_not_waited_for(void **state)
{
    struct shift shift = { 0 };
    struct pier_stream *st = open_stream("r", PIER_BUFFER_DEFAULT);
    char byte;

    (void)state;
    CHECK_OK(pieri_layer_set(under, &layer, &shift));
    feed("b", 10 * MS);
    check_read(st, "a");
    feed("b", 20 * MS);
    shift.pending = 2;
    check_read(st, "p");
    CHECK_INT(pier_recv(under, &byte, 1, 0), 1);
    CHECK_INT(byte, 'p');
    CHECK_INT(fake_now(), 10 * MS);
    check_read(st, "a");
    CHECK_INT(fake_now(), 30 * MS);
    end_stream(st);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_FAKE(what_fits_is_kept_until_the_flush),
        ON_FAKE(a_full_buffer_is_sent),
        ON_FAKE(what_is_larger_than_the_buffer_goes_at_once),
        ON_FAKE(a_close_sends_the_rest),
        ON_FAKE(lines_go_when_they_are_whole),
        ON_FAKE(a_line_longer_than_the_buffer_is_sent_in_parts),
        ON_FAKE(without_a_buffer_all_is_sent_at_once),
        ON_FAKE(a_newline_goes_out_as_two_bytes),
        ON_FAKE(other_modes_write_bytes_as_they_are),
        ON_FAKE(what_was_taken_is_counted_and_sent_later),
        ON_FAKE(one_deadline_covers_a_whole_write),
        ON_FAKE(without_a_buffer_only_what_was_sent_counts),
        ON_FAKE(a_line_end_that_was_begun_is_ended_first),
        ON_FAKE(lines_that_could_not_go_are_told_by_the_next_call),
        ON_FAKE(an_error_of_the_network_is_told_by_the_next_call),
        ON_FAKE(a_close_tells_what_nobody_was_told),
        ON_FAKE(a_close_sends_all_the_same),
        ON_FAKE(an_interruption_is_told_by_the_next_call),
        ON_FAKE(a_close_that_cannot_flush_in_time_frees_all_the_same),
        ON_FAKE(a_flush_that_ended_goes_on),
        ON_FAKE(writers_never_interleave),
        ON_FAKE(a_close_ends_a_write),
        ON_FAKE(text_is_formatted),
        ON_FAKE(text_of_any_length_is_formatted),
        ON_FAKE(long_text_needs_memory),
        ON_FAKE(streams_go_through_the_layer),
        ON_FAKE(what_the_layer_holds_is_not_waited_for),
    };
    const struct pier_hooks hooks = { .size = sizeof(hooks),
                                      .interrupted = say_so };

    if (pier_set_hooks(&hooks))
        return 1;
    return cmocka_run_group_tests_name("stream_write", tests, NULL, NULL);
}
