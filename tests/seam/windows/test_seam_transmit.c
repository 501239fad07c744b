/* SPDX-License-Identifier: MIT */
/* Requests of TransmitFile(), on what says that it is a server edition (see
 * ci/wine.sh). */
#include "file.h"
#include "loopback.h"

enum {
    LENGTH = 64 << 20
};

static pier_handle ends[2];
static pier_file file;
static struct pierp_transmission t;
static struct pierp_wake *own;

/* More than the connection holds. */
static void begin(void)
{
    t = (struct pierp_transmission){ .event = PIER_INVALID_HANDLE };
    file = file_make();
    file_resize(file, LENGTH + 5);
    file_seek(file, 77);
    open_connection(ends);
    CHECK_OK(pierp_thread_wake(&own));
    CHECK_ERR(pierp_transmit(ends[0], file, 5, LENGTH, &t), PIER_EAGAIN);
    CHECK(t.event != PIER_INVALID_HANDLE);
}

static void end(void)
{
    CHECK_INT(t.event, PIER_INVALID_HANDLE);
    close_all(ends, 2);
    file_close(file);
}

static unsigned wait_event(int64_t timeout)
{
    unsigned got = 77;

    CHECK_OK(pierp_wait(t.event, PIERP_EVENT, &own, 1, timeout, &got));
    return got;
}

static void it_goes_on_until_the_peer_has_all(void **state)
{
    static char room[1 << 16];
    int64_t received = 0;

    (void)state;
    begin();
    CHECK_INT(wait_event(50 * MS), 0);
    CHECK_ERR(pierp_transmit(ends[0], file, 5, LENGTH, &t), PIER_EAGAIN);
    while (received < LENGTH)
        received += receive(ends[1], room, sizeof room);
    CHECK_INT(received, LENGTH);
    CHECK_INT(wait_event(10 * SECONDS), PIERP_READY);
    CHECK_INT(pierp_transmit(ends[0], file, 5, LENGTH, &t), LENGTH);
    end();
}

static void a_wake_ends_the_wait_for_it(void **state)
{
    (void)state;
    begin();
    pierp_wake_signal(own);
    CHECK_INT(wait_event(-1), PIERP_WOKEN);
    pierp_wake_drain(own);
    pierp_transmit_end(ends[0], &t);
    end();
}

static void what_is_broken_off_is_gone(void **state)
{
    (void)state;
    begin();
    pierp_transmit_end(ends[0], &t);
    pierp_transmit_end(ends[0], &t);
    end();
}

static void what_is_no_such_file_is_refused(void **state)
{
    pier_file unreadable = file_make_unreadable();

    (void)state;
    begin();
    pierp_transmit_end(ends[0], &t);
    CHECK_ERR(pierp_transmit(ends[0], unreadable, 0, LENGTH, &t),
              PIER_ENOTSUP);
    CHECK_ERR(pierp_transmit(ends[0], -1, 0, LENGTH, &t), PIER_ENOTSUP);
    CHECK_ERR(pierp_transmit(ends[0], file, LENGTH + 5, LENGTH, &t),
              PIER_ENOTSUP);
    CHECK_ERR(pierp_transmit(NOT_A_HANDLE, file, 0, LENGTH, &t), PIER_ENOTSUP);
    file_close(unreadable);
    end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_goes_on_until_the_peer_has_all),
        cmocka_unit_test(a_wake_ends_the_wait_for_it),
        cmocka_unit_test(what_is_broken_off_is_gone),
        cmocka_unit_test(what_is_no_such_file_is_refused),
    };

    return cmocka_run_group_tests(tests, start_seam, NULL);
}
