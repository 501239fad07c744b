/* SPDX-License-Identifier: MIT */
/* What a wait for many handles tells of each of them. */
#include "loopback.h"

#define ASKABLE                                                               \
    (PIERP_POLL_IN | PIERP_POLL_PRI | PIERP_POLL_OUT | PIERP_POLL_RDHUP)
#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static unsigned poll_ms(struct pierp_pollitem *items, size_t count, int64_t ms)
{
    struct pierp_wake *own;
    unsigned got = 99;

    CHECK_OK(pierp_thread_wake(&own));
    CHECK_OK(pierp_poll(items, count, &own, 1, ms * MS, &got));
    return got;
}

/* Till something is told of the one handle, at most ten seconds. */
static unsigned poll_one(pier_handle h, unsigned events)
{
    struct pierp_pollitem item = { h, events, 99 };
    int64_t end = pierp_clock() + 10 * SECONDS;

    while (poll_ms(&item, 1, 500) == 0 && pierp_clock() < end)
        CHECK_INT(item.revents, 0);
    return item.revents;
}

/* What the handle has to tell is always (now), for each question. */
static void check_every_mask(pier_handle h, unsigned now, unsigned unasked)
{
    for (unsigned mask = 0; mask <= ASKABLE; mask++) {
        struct pierp_pollitem item = { h, mask, 99 };
        unsigned expected = now & (mask | unasked);

        if (mask & ~(unsigned)ASKABLE)
            continue;
        CHECK_INT(poll_ms(&item, 1, expected ? 10000 : 0),
                  expected ? PIERP_READY : 0);
        CHECK_INT(item.revents, expected);
    }
}

static void an_idle_stream_can_be_sent_to(void **state)
{
    pier_handle ends[2];

    (void)state;
    open_connection(ends);
    check_every_mask(ends[0], PIERP_POLL_OUT, 0);
    check_every_mask(ends[1], PIERP_POLL_OUT, 0);
    close_all(ends, 2);
}

static void data_can_be_received(void **state)
{
    pier_handle ends[2];
    char byte;

    (void)state;
    open_connection(ends);
    CHECK_INT(pierp_send(ends[0], "x", 1, 0), 1);
    CHECK_INT(poll_one(ends[1], PIERP_POLL_IN), PIERP_POLL_IN);
    check_every_mask(ends[1], PIERP_POLL_IN | PIERP_POLL_OUT, 0);
    CHECK_INT(pierp_recv(ends[1], &byte, 1, 0), 1);
    check_every_mask(ends[1], PIERP_POLL_OUT, 0);
    close_all(ends, 2);
}

static void urgent_data_is_told_apart(void **state)
{
    pier_handle ends[2];
    char byte = 0;

    (void)state;
    open_connection(ends);
    CHECK_INT(pierp_send(ends[0], "!", 1, PIER_MSG_OOB), 1);
    CHECK_INT(poll_one(ends[1], PIERP_POLL_PRI), PIERP_POLL_PRI);
    check_every_mask(ends[1], PIERP_POLL_PRI | PIERP_POLL_OUT, 0);
    CHECK_INT(pierp_recv(ends[1], &byte, 1, PIER_MSG_OOB), 1);
    CHECK_INT(byte, '!');
    check_every_mask(ends[1], PIERP_POLL_OUT, 0);
    close_all(ends, 2);
}

static void a_half_close_is_readable_and_has_a_name(void **state)
{
    pier_handle ends[2];
    char byte;

    (void)state;
    open_connection(ends);
    CHECK_OK(pierp_shutdown(ends[0], 1));
    CHECK_INT(poll_one(ends[1], PIERP_POLL_RDHUP), PIERP_POLL_RDHUP);
    check_every_mask(ends[1],
                     PIERP_POLL_IN | PIERP_POLL_OUT | PIERP_POLL_RDHUP, 0);
    CHECK_INT(pierp_recv(ends[1], &byte, 1, 0), 0);
    check_every_mask(ends[1],
                     PIERP_POLL_IN | PIERP_POLL_OUT | PIERP_POLL_RDHUP, 0);
    /* Who has closed that direction hears nothing of it. */
    check_every_mask(ends[0], PIERP_POLL_OUT, 0);
    close_all(ends, 2);
}

static void a_half_close_behind_data_is_told_with_it(void **state)
{
    pier_handle ends[2];

    (void)state;
    open_connection(ends);
    CHECK_INT(pierp_send(ends[0], "x", 1, 0), 1);
    CHECK_OK(pierp_shutdown(ends[0], 1));
    CHECK_INT(poll_one(ends[1], PIERP_POLL_IN), PIERP_POLL_IN);
    close_all(ends, 2);
}

static void a_stream_that_ended_both_ways_does_not_wait(void **state)
{
    const unsigned asked = PIERP_POLL_IN | PIERP_POLL_RDHUP;
    pier_handle ends[2];

    (void)state;
    open_connection(ends);
    CHECK_OK(pierp_shutdown(ends[0], 1));
    CHECK_INT(poll_one(ends[1], PIERP_POLL_RDHUP), PIERP_POLL_RDHUP);
    CHECK_OK(pierp_shutdown(ends[1], 1));
    CHECK_INT(poll_one(ends[1], asked) & asked, asked);
    CHECK_INT(poll_one(ends[0], asked) & asked, asked);
    close_all(ends, 2);
}

static void a_full_stream_cannot_be_sent_to(void **state)
{
    static char chunk[65536];
    pier_handle ends[2];
    ptrdiff_t n = 1;

    (void)state;
    open_connection(ends);
    for (int i = 0; i < 2048 && n > 0; i++)
        n = pierp_send(ends[0], chunk, sizeof chunk, 0);
    CHECK_ERR(n, PIER_EAGAIN);
    check_every_mask(ends[0], 0, 0);
    /* Nor does the end of the other direction change that. */
    CHECK_OK(pierp_shutdown(ends[1], 1));
    CHECK_INT(poll_one(ends[0], PIERP_POLL_RDHUP), PIERP_POLL_RDHUP);
    check_every_mask(ends[0], PIERP_POLL_IN | PIERP_POLL_RDHUP, 0);
    close_all(ends, 2);
}

/* Where the system asks for less, ERR comes with what was asked. */
static void check_refused(unsigned events)
{
    const unsigned failed = PIERP_POLL_ERR | PIERP_POLL_HUP;
    struct pier_address nowhere = closed_port();
    struct pierp_pollitem item;
    pier_err err;
    pier_handle h;

    CHECK_OK(pierp_open(&h, PIER_AF_INET, PIER_SOCK_STREAM, 0));
    err = pierp_connect(h, &nowhere);
    if (err == PIER_EINPROGRESS) {
        item.revents = poll_one(h, events);
        CHECK_INT(item.revents, events | failed);
        err = pierp_connect_result(h);
    }
    CHECK_ERR(err, PIER_ECONNREFUSED);
    CHECK_OK(pierp_close(h));
}

static void a_failed_connect_is_told_and_an_error(void **state)
{
    (void)state;
    check_refused(PIERP_POLL_OUT);
    check_refused(PIERP_POLL_OUT | PIERP_POLL_IN);
    check_refused(PIERP_POLL_OUT | PIERP_POLL_IN | PIERP_POLL_RDHUP);
}

static void a_connect_that_succeeds_can_be_sent_to(void **state)
{
    struct pier_address where;
    pier_handle ends[2];

    (void)state;
    ends[0] = open_listener(&where);
    CHECK_OK(pierp_open(&ends[1], PIER_AF_INET, PIER_SOCK_STREAM, 0));
    if (pierp_connect(ends[1], &where) == PIER_EINPROGRESS)
        CHECK_INT(poll_one(ends[1], PIERP_POLL_OUT), PIERP_POLL_OUT);
    CHECK_OK(pierp_connect_result(ends[1]));
    check_every_mask(ends[1], PIERP_POLL_OUT, 0);
    close_all(ends, 2);
}

static void a_listener_can_accept_and_nothing_else(void **state)
{
    struct pier_address where;
    pier_handle all[3];

    (void)state;
    all[0] = open_listener(&where);
    check_every_mask(all[0], 0, 0);
    CHECK_OK(pierp_open(&all[1], PIER_AF_INET, PIER_SOCK_STREAM, 0));
    CHECK_OK(end_connect(all[1], pierp_connect(all[1], &where)));
    CHECK_INT(poll_one(all[0], ASKABLE), PIERP_POLL_IN);
    check_every_mask(all[0], PIERP_POLL_IN, 0);
    CHECK_OK(pierp_accept(&all[2], all[0], NULL));
    check_every_mask(all[0], 0, 0);
    close_all(all, 3);
}

static void a_datagram_socket_can_always_be_sent_to(void **state)
{
    struct pier_address where;
    pier_handle ends[2];
    char byte;

    (void)state;
    ends[0] = open_bound(PIER_AF_INET, PIER_SOCK_DGRAM, &where);
    CHECK_OK(pierp_open(&ends[1], PIER_AF_INET, PIER_SOCK_DGRAM, 0));
    check_every_mask(ends[0], PIERP_POLL_OUT, 0);
    check_every_mask(ends[1], PIERP_POLL_OUT, 0);
    CHECK_INT(pierp_sendto(ends[1], "", 0, 0, &where), 0);
    CHECK_INT(poll_one(ends[0], PIERP_POLL_IN), PIERP_POLL_IN);
    check_every_mask(ends[0], PIERP_POLL_IN | PIERP_POLL_OUT, 0);
    CHECK_INT(pierp_recv(ends[0], &byte, 1, 0), 0);
    check_every_mask(ends[0], PIERP_POLL_OUT, 0);
    close_all(ends, 2);
}

static void a_bad_handle_is_told_whatever_is_asked(void **state)
{
    pier_handle h;

    (void)state;
    CHECK_OK(pierp_open(&h, PIER_AF_INET, PIER_SOCK_STREAM, 0));
    CHECK_OK(pierp_close(h));
    check_every_mask(h, PIERP_POLL_NVAL, PIERP_POLL_NVAL);
    check_every_mask(NOT_A_HANDLE, PIERP_POLL_NVAL, PIERP_POLL_NVAL);
    check_every_mask(PIER_INVALID_HANDLE, 0, 0);
}

/* In front of it, behind it, and together more than fit on a stack. */
static void bad_handles_do_not_spoil_the_others(void **state)
{
    struct pierp_pollitem items[40];
    pier_handle ends[2], closed;

    (void)state;
    open_connection(ends);
    CHECK_INT(pierp_send(ends[0], "x", 1, 0), 1);
    CHECK_INT(poll_one(ends[1], PIERP_POLL_IN), PIERP_POLL_IN);
    CHECK_OK(pierp_open(&closed, PIER_AF_INET, PIER_SOCK_STREAM, 0));
    CHECK_OK(pierp_close(closed));
    for (size_t count = 5; count <= COUNT_OF(items); count += 35) {
        for (size_t i = 0; i < count; i++)
            items[i] = (struct pierp_pollitem){ closed, ASKABLE, 99 };
        items[1].handle = PIER_INVALID_HANDLE;
        items[2].handle = ends[1];
        items[3].handle = ends[0];
        CHECK_INT(poll_ms(items, count, -1), PIERP_READY);
        CHECK_INT(items[0].revents, PIERP_POLL_NVAL);
        CHECK_INT(items[1].revents, 0);
        CHECK_INT(items[2].revents, PIERP_POLL_IN | PIERP_POLL_OUT);
        CHECK_INT(items[3].revents, PIERP_POLL_OUT);
        CHECK_INT(items[count - 1].revents, PIERP_POLL_NVAL);
    }
    close_all(ends, 2);
}

static void one_handle_is_told_for_each_of_its_questions(void **state)
{
    pier_handle ends[2];
    struct pierp_pollitem items[4];

    (void)state;
    open_connection(ends);
    for (size_t i = 0; i < COUNT_OF(items); i++)
        items[i] = (struct pierp_pollitem){ ends[1], PIERP_POLL_IN, 99 };
    CHECK_INT(poll_ms(items, 4, 0), 0);
    items[2].events = PIERP_POLL_OUT;
    CHECK_INT(poll_ms(items, 4, -1), PIERP_READY);
    CHECK_INT(items[0].revents, 0);
    CHECK_INT(items[1].revents, 0);
    CHECK_INT(items[2].revents, PIERP_POLL_OUT);
    CHECK_INT(items[3].revents, 0);
    CHECK_INT(pierp_send(ends[0], "x", 1, 0), 1);
    CHECK_INT(poll_one(ends[1], PIERP_POLL_IN), PIERP_POLL_IN);
    CHECK_INT(poll_ms(items, 4, -1), PIERP_READY);
    CHECK_INT(items[0].revents, PIERP_POLL_IN);
    CHECK_INT(items[1].revents, PIERP_POLL_IN);
    CHECK_INT(items[2].revents, PIERP_POLL_OUT);
    CHECK_INT(items[3].revents, PIERP_POLL_IN);
    close_all(ends, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_idle_stream_can_be_sent_to),
        cmocka_unit_test(data_can_be_received),
        cmocka_unit_test(urgent_data_is_told_apart),
        cmocka_unit_test(a_half_close_is_readable_and_has_a_name),
        cmocka_unit_test(a_half_close_behind_data_is_told_with_it),
        cmocka_unit_test(a_stream_that_ended_both_ways_does_not_wait),
        cmocka_unit_test(a_full_stream_cannot_be_sent_to),
        cmocka_unit_test(a_failed_connect_is_told_and_an_error),
        cmocka_unit_test(a_connect_that_succeeds_can_be_sent_to),
        cmocka_unit_test(a_listener_can_accept_and_nothing_else),
        cmocka_unit_test(a_datagram_socket_can_always_be_sent_to),
        cmocka_unit_test(a_bad_handle_is_told_whatever_is_asked),
        cmocka_unit_test(bad_handles_do_not_spoil_the_others),
        cmocka_unit_test(one_handle_is_told_for_each_of_its_questions),
    };

    return cmocka_run_group_tests(tests, start_seam, NULL);
}
