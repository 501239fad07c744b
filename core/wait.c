/* SPDX-License-Identifier: MIT */
#include "wait.h"

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
                          int64_t left, unsigned *got)
{
    void *token = pieri_enter_blocking();
    pier_err err =
        pierp_wait(w->handle, w->want, wakes, wake_count, left, got);

    pieri_leave_blocking(token);
    return err;
}

pier_err pieri_wait(const struct pieri_wait *w)
{
    const unsigned generation = pierp_generation;
    struct pierp_wake *wakes[2] = { w->wake, NULL };
    size_t wake_count = 1;

    if (w->cancel) {
        pier_err err = pieri_cancel_wake(w->cancel, &wakes[wake_count++]);

        if (err)
            return err;
    }
    for (;;) {
        int64_t left = pieri_left(w->deadline);
        unsigned got = 0;
        pier_err err;

        if (w->cancel && pier_cancel_fired(w->cancel))
            return PIER_ECANCELED;
        err = wait_once(w, wakes, wake_count, left, &got);
        if (err == PIER_EINTR) {
            if (pieri_interrupted())
                return PIER_EINTR;
            /* In the child of a fork made by the hook these wakes are the
             * parent's: the caller starts anew. */
            if (generation != pierp_generation)
                return PIER_OK;
            continue;
        }
        if (err)
            return err;
        if (got & PIERP_WOKEN) {
            /* Drained before the caller looks, so that a signal that comes
             * after its look ends its next wait. */
            pierp_wake_drain(w->wake);
            if (w->cancel && pier_cancel_fired(w->cancel))
                return PIER_ECANCELED;
            return PIER_OK;
        }
        if (got)
            return PIER_OK;
        if (left == 0)
            return PIER_EDEADLINE;
    }
}
