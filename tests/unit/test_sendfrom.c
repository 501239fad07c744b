/* SPDX-License-Identifier: MIT */
/* Sending what comes bit by bit: from pipes and from functions. */
#include "unit.h"

#include <pier/error.h>
#include <string.h>

enum {
    KIB = 1024,
    MIB = 1024 * KIB
};

static const bool ways[] = { false, true };
#define WAYS 2

static struct pier_socket *of_callback;

/* --------------------------------------------------------------- pipes --- */

static void a_pipe_is_sent_as_it_comes(void **state)
{
    (void)state;
    for (size_t i = 0; i < WAYS; i++) {
        pier_file pipe = fake_open_pipe();
        struct pier_socket *s = open_connected();
        int64_t began = fake_now();
        size_t length;
        int64_t sent;

        fake_cannot_wait_for_pipes(ways[i]);
        fake_feed(pipe, "hello ", 6, 10 * MS);
        fake_feed(pipe, "world", 5, SECOND);
        fake_feed_eof(pipe, 2 * SECOND);
        CHECK_OK(pier_sendfile(s, pipe, -1, -1, &sent));
        CHECK_INT(sent, 11);
        CHECK_INT(fake_now() - began, 2 * SECOND);
        CHECK(!memcmp(fake_sent(pier_fileno(s), &length), "hello world", 11));
        CHECK_OK(pierp_close(pipe));
        pier_free(s);
    }
}

static void of_a_pipe_nothing_beyond_the_count_is_read(void **state)
{
    pier_file pipe = fake_open_pipe();
    struct pier_socket *s = open_connected();
    char rest[8];
    int64_t sent;

    (void)state;
    fake_feed(pipe, "hello world", 11, 0);
    CHECK_OK(pier_sendfile(s, pipe, -1, 6, &sent));
    CHECK_INT(sent, 6);
    CHECK_INT(pierp_file_read(pipe, rest, sizeof(rest), -1), 5);
    CHECK(!memcmp(rest, "world", 5));
    CHECK_OK(pierp_close(pipe));
    pier_free(s);
}

static void a_silent_pipe_ends_at_the_limit_and_by_others(void **state)
{
    (void)state;
    for (size_t i = 0; i < WAYS; i++) {
        pier_file pipe = fake_open_pipe();
        struct pier_socket *s = open_connected();
        int64_t began = fake_now();

        fake_cannot_wait_for_pipes(ways[i]);
        CHECK_OK(pier_settimeout(s, 51 * MS));
        CHECK_ERR(pier_sendfile(s, pipe, -1, -1, NULL), PIER_EDEADLINE);
        CHECK_INT(fake_now() - began, 51 * MS);
        CHECK_OK(pier_settimeout(s, PIER_FOREVER));
        fake_at(7 * MS, do_shut_down, s);
        CHECK_ERR(pier_sendfile(s, pipe, -1, -1, NULL), PIER_EPIPE);
        CHECK_INT(fake_now() - began, 58 * MS);
        CHECK_ERR(pier_sendfile(s, pipe, -1, -1, NULL), PIER_EPIPE);
        fake_join();
        pier_free(s);
        s = open_connected();
        fake_at(7 * MS, do_close, s);
        CHECK_ERR(pier_sendfile(s, pipe, -1, -1, NULL), PIER_EBADF);
        CHECK_INT(fake_now() - began, 65 * MS);
        fake_join();
        CHECK_OK(pierp_close(pipe));
        pier_free(s);
    }
}

/* ----------------------------------------------------------- functions --- */

static struct {
    unsigned calls;
    size_t largest;  /* asked for */
    ptrdiff_t gives; /* each time */
    ptrdiff_t last;  /* after that many calls */
    unsigned many;
    int64_t takes;
    void (*act)(void);
} giver;

static ptrdiff_t PIER_CALL give(void *context, void *buffer, size_t length)
{
    size_t n = (size_t)giver.gives < length ? (size_t)giver.gives : length;

    CHECK(context == &giver);
    if (length > giver.largest)
        giver.largest = length;
    if (giver.takes)
        fake_advance(giver.takes);
    if (giver.calls++ == giver.many) {
        if (giver.act)
            giver.act();
        return giver.last;
    }
    memset(buffer, 'a' + (int)(giver.calls % 26), n);
    return (ptrdiff_t)n;
}

static pier_err send_given(struct pier_socket *s, ptrdiff_t gives,
                           unsigned many, ptrdiff_t last, int64_t count,
                           int64_t *sent)
{
    memset(&giver, 0, sizeof(giver));
    giver.gives = gives;
    giver.many = many;
    giver.last = last;
    return pier_sendfrom(s, give, &giver, count, sent);
}

static void what_a_function_gives_is_sent(void **state)
{
    struct pier_socket *s = open_connected();
    size_t length;
    int64_t sent;

    (void)state;
    CHECK_OK(send_given(s, 3, 2, 0, -1, &sent));
    CHECK_INT(sent, 6);
    CHECK(!memcmp(fake_sent(pier_fileno(s), &length), "bbbccc", 6));
    CHECK_INT(giver.calls, 3);
    CHECK_INT(giver.largest, 64 * KIB);
    /* It is not asked for more than is left, nor after the end of it. */
    CHECK_OK(send_given(s, 3, 99, 0, 7, &sent));
    CHECK_INT(sent, 7);
    CHECK_INT(giver.calls, 3);
    CHECK_INT(giver.largest, 7);
    CHECK_OK(send_given(s, 3, 99, 0, 0, &sent));
    CHECK_INT(sent, 0);
    CHECK_INT(giver.calls, 0);
    CHECK_OK(send_given(s, MIB, 5, 0, -1, NULL));
    (void)fake_sent(pier_fileno(s), &length);
    CHECK_INT(length, 13 + 5 * 64 * KIB);
    pier_free(s);
}

static void a_code_of_the_function_is_the_calls(void **state)
{
    static const pier_err codes[] = { PIER_EIO, PIER_EAGAIN, PIER_EINTR,
                                      PIER_EBADF, PIER_ENOTSUP };
    struct pier_socket *s = open_connected();
    int64_t sent;

    (void)state;
    for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
        CHECK_ERR(send_given(s, 3, 2, codes[i], -1, &sent), codes[i]);
        CHECK_INT(sent, 6);
        CHECK_INT(giver.calls, 3);
    }
    CHECK_ERR(send_given(s, 3, 2, 64 * KIB + 1, -1, &sent), PIER_EINVAL);
    CHECK_INT(sent, 6);
    CHECK_ERR(send_given(s, 3, 0, 6, 5, &sent), PIER_EINVAL);
    CHECK_ERR(pier_sendfrom(s, NULL, NULL, -1, &sent), PIER_EINVAL);
    CHECK_ERR(pier_sendfrom(NULL, give, &giver, -1, &sent), PIER_EINVAL);
    CHECK_INT(sent, 0);
    pier_free(s);
}

static void close_it(void)
{
    (void)!pier_close(of_callback);
}

static void a_function_may_close_the_socket(void **state)
{
    struct pier_socket *s = open_connected();
    int64_t sent;

    (void)state;
    memset(&giver, 0, sizeof(giver));
    of_callback = s;
    giver.gives = 3;
    giver.many = 2;
    giver.last = 1;
    giver.act = close_it;
    CHECK_ERR(pier_sendfrom(s, give, &giver, -1, &sent), PIER_EBADF);
    CHECK_INT(sent, 7);
    CHECK_INT(giver.calls, 3);
    pier_free(s);
}

/* The stream is never full; it is the function that is slow. */
static void the_time_of_the_function_counts(void **state)
{
    struct pier_socket *s = open_connected();
    int64_t sent;

    (void)state;
    memset(&giver, 0, sizeof(giver));
    giver.gives = 3;
    giver.many = 99;
    giver.takes = 2 * SECOND;
    CHECK_OK(pier_settimeout(s, 5 * SECOND));
    CHECK_ERR(pier_sendfrom(s, give, &giver, -1, &sent), PIER_EDEADLINE);
    /* The third has come when it is looked at. */
    CHECK_INT(fake_now(), 6 * SECOND);
    CHECK_INT(sent, 9);
    pier_free(s);
}

static void
without_time_a_function_is_asked_until_nothing_is_taken(void **state)
{
    struct pier_socket *s = open_blocked();
    int64_t sent;

    (void)state;
    fake_send_room(pier_fileno(s), 10);
    CHECK_OK(pier_settimeout(s, 0));
    CHECK_ERR(send_given(s, 3, 99, 0, -1, &sent), PIER_EAGAIN);
    CHECK_INT(sent, 10);
    CHECK_INT(giver.calls, 4);
    pier_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_FAKE(a_pipe_is_sent_as_it_comes),
        ON_FAKE(of_a_pipe_nothing_beyond_the_count_is_read),
        ON_FAKE(a_silent_pipe_ends_at_the_limit_and_by_others),
        ON_FAKE(what_a_function_gives_is_sent),
        ON_FAKE(a_code_of_the_function_is_the_calls),
        ON_FAKE(a_function_may_close_the_socket),
        ON_FAKE(the_time_of_the_function_counts),
        ON_FAKE(without_time_a_function_is_asked_until_nothing_is_taken),
    };

    return cmocka_run_group_tests_name("unit.sendfrom", tests, NULL, NULL);
}
