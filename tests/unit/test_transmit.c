/* SPDX-License-Identifier: MIT */
/* Files that the system sends by itself, a slice after the other. */
#include "unit.h"

#include <pier/error.h>
#include <pier/hooks.h>
#include <pier/time.h>

#define MIB   (INT64_C(1) << 20)
#define SLICE (16 * MIB)
#define BYTES (2 * SLICE + 5)

static struct pier_socket *s;
static pier_file file;
static int64_t sent;

/* Every slice takes so long; the file is longer than two. */
static void begin(int64_t each)
{
    fake_cannot_send_files(true);
    fake_transmits(each);
    file = fake_open_file(BYTES);
    s = open_connected();
    sent = -1;
}

static void check_arrived(int64_t offset, int64_t expected)
{
    size_t length;
    const unsigned char *bytes = fake_sent(pier_fileno(s), &length);

    CHECK_INT(length, expected);
    for (int64_t i = 0; i < expected; i++) {
        if (bytes[i] != fake_byte_at(offset + i))
            CHECK_INT(i, -1);
    }
}

static void a_file_goes_in_slices(void **state)
{
    (void)state;
    begin(100 * MS);
    CHECK_OK(pier_sendfile(s, file, -1, -1, &sent));
    CHECK_INT(sent, BYTES);
    CHECK_INT(fake_position(file), BYTES);
    check_arrived(0, BYTES);
    CHECK_INT(fake_now(), 300 * MS);
    /* To begin and to be told of each, and the end that is none. */
    CHECK_INT(fake_calls_of(FAKE_TRANSMIT), 7);
    CHECK_INT(fake_calls_of(FAKE_SENDFILE), 1);
    CHECK_INT(fake_calls_of(FAKE_SEND), 0);
    CHECK_INT(fake_broken_off(), 0);
    pier_free(s);
}

static void a_part_of_it_too(void **state)
{
    (void)state;
    begin(0);
    CHECK_OK(pier_sendfile(s, file, 7, SLICE + 1, &sent));
    CHECK_INT(sent, SLICE + 1);
    CHECK_INT(fake_position(file), 7 + SLICE + 1);
    check_arrived(7, SLICE + 1);
    CHECK_INT(fake_now(), 0);
    CHECK_INT(fake_calls_of(FAKE_WAIT), 0);
    pier_free(s);
}

static void set_timeout(void)
{
    CHECK_OK(pier_settimeout(s, PIER_SECONDS(60)));
}

static void set_limit(void)
{
    CHECK_OK(pier_set_deadline(s, pier_monotonic() + PIER_SECONDS(60)));
}

static struct pier_cancel *token;

static void set_token(void)
{
    CHECK_OK(pier_cancel_new(&token));
    CHECK_OK(pier_set_cancel(s, token));
}

/* Whatever may end the call while the stream lives on wants to know how much
 * of it has gone. */
static void who_may_end_sends_by_reading(void **state)
{
    static void (*const ways[])(void) = { set_timeout, set_limit, set_token };

    (void)state;
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        begin(1);
        ways[i]();
        fake_clear_calls();
        CHECK_OK(pier_sendfile(s, file, 0, -1, &sent));
        CHECK_INT(sent, BYTES);
        check_arrived(0, BYTES);
        CHECK_INT(fake_calls_of(FAKE_TRANSMIT), 0);
        pier_free(s);
    }
    pier_cancel_free(token);
}

static void limit_later(void *unused)
{
    (void)unused;
    set_timeout();
}

/* What is set while the call runs is for the next one. */
static void a_limit_that_comes_meanwhile_changes_nothing(void **state)
{
    (void)state;
    begin(PIER_SECONDS(100));
    fake_at(MS, limit_later, NULL);
    CHECK_OK(pier_sendfile(s, file, 0, -1, &sent));
    CHECK_INT(sent, BYTES);
    CHECK_INT(fake_now(), PIER_SECONDS(300));
    pier_free(s);
}

static void a_system_that_refuses_is_no_failure(void **state)
{
    (void)state;
    begin(1);
    fake_fail(FAKE_TRANSMIT, 3, PIER_ENOTSUP);
    CHECK_OK(pier_sendfile(s, file, 0, -1, &sent));
    CHECK_INT(sent, BYTES);
    check_arrived(0, BYTES);
    CHECK_INT(fake_calls_of(FAKE_TRANSMIT), 3);
    pier_free(s);
}

static void end_with(void (*end)(void *socket), pier_err code)
{
    begin(100 * MS);
    fake_at(150 * MS, end, s);
    CHECK_ERR(pier_sendfile(s, file, 0, -1, &sent), code);
    CHECK_INT(fake_now(), 150 * MS);
    CHECK_INT(sent, SLICE);
    CHECK_INT(fake_position(file), SLICE);
    CHECK_INT(fake_broken_off(), 1);
}

static void a_close_breaks_a_slice_off(void **state)
{
    (void)state;
    end_with(do_close, PIER_EBADF);
    pier_free(s);
}

static void shut_down(void *socket)
{
    CHECK_OK(pier_shutdown(socket, PIER_SHUT_WR));
}

static void so_does_a_shutdown(void **state)
{
    (void)state;
    end_with(shut_down, PIER_EPIPE);
    check_arrived(0, SLICE);
    pier_free(s);
}

static void a_slice_may_last_for_ever(void **state)
{
    (void)state;
    begin(-1);
    fake_at(PIER_SECONDS(1000000), do_close, s);
    CHECK_ERR(pier_sendfile(s, file, 0, -1, &sent), PIER_EBADF);
    CHECK_INT(sent, 0);
    CHECK_INT(fake_position(file), 0);
    CHECK_INT(fake_broken_off(), 1);
    pier_free(s);
}

static void a_failure_has_the_slices_before_it(void **state)
{
    (void)state;
    begin(MS);
    fake_fail(FAKE_TRANSMIT, 4, PIER_ECONNRESET);
    CHECK_ERR(pier_sendfile(s, file, 0, -1, &sent), PIER_ECONNRESET);
    CHECK_INT(sent, SLICE);
    CHECK_INT(fake_position(file), SLICE);
    pier_free(s);
    begin(MS);
    fake_fail(FAKE_WAIT, 1, PIER_ENOMEM);
    CHECK_ERR(pier_sendfile(s, file, 0, -1, &sent), PIER_ENOMEM);
    CHECK_INT(sent, 0);
    pier_free(s);
}

static unsigned inside;

static void *PIER_CALL enter(void *context)
{
    (void)context;
    inside++;
    return NULL;
}

static void PIER_CALL leave(void *context, void *unused)
{
    (void)context;
    (void)unused;
    inside--;
}

static void close_unlocked(void *socket)
{
    CHECK_INT(inside, 1);
    do_close(socket);
}

static void a_runtime_goes_on_meanwhile(void **state)
{
    (void)state;
    begin(-1);
    fake_at(MS, close_unlocked, s);
    CHECK_ERR(pier_sendfile(s, file, 0, -1, &sent), PIER_EBADF);
    CHECK_INT(inside, 0);
    pier_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_FAKE(a_file_goes_in_slices),
        ON_FAKE(a_part_of_it_too),
        ON_FAKE(who_may_end_sends_by_reading),
        ON_FAKE(a_limit_that_comes_meanwhile_changes_nothing),
        ON_FAKE(a_system_that_refuses_is_no_failure),
        ON_FAKE(a_close_breaks_a_slice_off),
        ON_FAKE(so_does_a_shutdown),
        ON_FAKE(a_slice_may_last_for_ever),
        ON_FAKE(a_failure_has_the_slices_before_it),
        ON_FAKE(a_runtime_goes_on_meanwhile),
    };

    const struct pier_hooks hooks = { .size = sizeof hooks,
                                      .enter_blocking = enter,
                                      .leave_blocking = leave };

    if (pier_set_hooks(&hooks))
        return 1;
    return cmocka_run_group_tests_name("unit.transmit", tests, NULL, NULL);
}
