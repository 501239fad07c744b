/* SPDX-License-Identifier: MIT */
#include "wait.h"
#include "error.h"
#include "waiter.h"

int64_t pieri_deadline(pier_timeout timeout)
{
    int64_t now;

    if (timeout < 0)
        return PIERI_NEVER;
    now = pierp_clock();
    if (timeout >= PIERI_NEVER - now)
        return PIERI_NEVER;
    return now + timeout;
}

int64_t pieri_deadline_within(pier_timeout timeout, int64_t limit)
{
    int64_t deadline = pieri_deadline(timeout);

    return limit != 0 && limit < deadline ? limit : deadline;
}

int64_t pieri_left(int64_t deadline)
{
    int64_t now;

    if (deadline == PIERI_NEVER)
        return -1;
    now = pierp_clock();
    return deadline > now ? deadline - now : 0;
}

/* One wait of the system, with the runtime's lock released round it. */
static pier_err wait_once(const struct pieri_wait *w,
                          struct pierp_wake *const *wakes, size_t wake_count,
                          bool *timed, unsigned *got)
{
    const unsigned generation = pierp_generation;
    void *token = pieri_enter_blocking();
    /* After the hook, whose time counts. */
    int64_t left = pieri_left(w->deadline);
    pier_err err = PIER_OK;

    *timed = left == 0;
    if (pieri_wait_disturbed())
        left = 0;
    /* In the child of a fork made by the hook the wakes are the parent's. */
    if (generation != pierp_generation) {
        *got = 0;
    } else if (w->item_count > 0) {
        err =
            pierp_poll(w->items, w->item_count, wakes, wake_count, left, got);
    } else {
        err = pierp_wait(w->handle, w->want, wakes, wake_count, left, got);
    }

    pieri_leave_blocking(token);
    return err;
}

static bool is_canceled(const struct pieri_wait *w)
{
    return w->cancel && pier_cancel_fired(w->cancel);
}

/* What a wait that the system ended means for the call; *over is false where
 * the rest of the time is still to be waited. */
static pier_err conclude(const struct pieri_wait *w, unsigned got, bool timed,
                         bool *over)
{
    *over = got || timed;
    if (got & PIERP_WOKEN) {
        /* Drained before the caller looks, so that a signal that comes after
         * its look ends its next wait. */
        pierp_wake_drain(w->wake);
        if (is_canceled(w))
            return PIER_ECANCELED;
        if (w->cancel)
            pieri_cancel_calm(w->cancel);
        return PIER_OK;
    }
    return got || !timed ? PIER_OK : PIER_EDEADLINE;
}

/* Of a poll that failed, the items say nothing. */
static void forget_items(const struct pieri_wait *w)
{
    for (size_t i = 0; i < w->item_count; i++)
        w->items[i].revents = 0;
}

/* One round of the wait. In the child of a fork made by a hook these wakes
 * are the parent's: the caller starts anew. */
static pier_err wait_round(const struct pieri_wait *w,
                           struct pierp_wake *const *wakes, size_t wake_count,
                           bool *over)
{
    const unsigned generation = pierp_generation;
    bool timed = false;
    unsigned got = 0;
    pier_err err;

    if (is_canceled(w))
        return PIER_ECANCELED;
    err = wait_once(w, wakes, wake_count, &timed, &got);
    if (err)
        forget_items(w);
    if (err == PIER_EINTR)
        err = pieri_interrupted() ? PIER_EINTR : PIER_OK;
    if (generation != pierp_generation) {
        *over = true;
        return err;
    }
    if (pieri_wait_take_disturbed())
        got |= PIERP_WOKEN;
    return err ? err : conclude(w, got, timed && !got, over);
}

pier_err pieri_wait(const struct pieri_wait *w)
{
    struct pierp_wake *wakes[2] = { w->wake, NULL };
    size_t wake_count = 1;
    pier_err err = PIER_OK;
    bool over = false;

    if (w->cancel)
        err = pieri_cancel_wake(w->cancel, &wakes[wake_count++]);
    while (!err && !over)
        err = wait_round(w, wakes, wake_count, &over);
    return err;
}

pier_err pieri_wait_fail(const char *operation, pier_err code,
                         const struct pier_address *address)
{
    switch (code) {
    case PIER_OK:
        return PIER_OK;
    case PIER_EAGAIN:
    case PIER_EDEADLINE:
    case PIER_ECANCELED:
    case PIER_EINTR:
    case PIER_EBADF:
        return pieri_fail(operation, code, address);
    default:
        return pieri_os_fail(operation, code, address);
    }
}
