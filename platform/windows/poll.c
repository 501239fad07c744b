/* SPDX-License-Identifier: MIT */
/* Chooses how to wait for many handles, as wait.c does for one. */
#include "wait.h"

bool win_poll_tell(struct pierp_pollitem *item, unsigned found)
{
    const unsigned unasked = PIERP_POLL_ERR | PIERP_POLL_HUP | PIERP_POLL_NVAL;

    if (found & PIERP_POLL_NVAL)
        found = PIERP_POLL_NVAL;
    item->revents = found & (item->events | unasked);
    return item->revents != 0;
}

static bool has_handles(const struct win_poll *p)
{
    bool any = false;
    size_t i;

    for (i = 0; i < p->count; i++) {
        p->items[i].revents = 0;
        any = any || p->items[i].handle != PIER_INVALID_HANDLE;
    }
    return any;
}

/* AFD may have waited before it turned out not to know how. */
static int64_t what_is_left(int64_t timeout, int64_t begun)
{
    int64_t passed;

    if (timeout <= 0)
        return timeout;
    passed = pierp_clock() - begun;
    return passed < timeout ? timeout - passed : 0;
}

static pier_err poll_in_its_way(struct win_poll *p, unsigned *got)
{
    enum win_way way = win_wait_way();
    int64_t begun;
    pier_err err;

    if (way == WIN_WAY_WSAPOLL)
        return win_poll_wsapoll(p, got);
    begun = p->wait.timeout > 0 ? pierp_clock() : 0;
    err = win_poll_afd(p, got);
    if (way != WIN_WAY_AUTO || err != PIER_ENOTSUP)
        return err;
    p->wait.timeout = what_is_left(p->wait.timeout, begun);
    return win_poll_wsapoll(p, got);
}

pier_err pierp_poll(struct pierp_pollitem *items, size_t count,
                    struct pierp_wake *const *wakes, size_t wake_count,
                    int64_t timeout, unsigned *got)
{
    struct win_poll p = {
        { INVALID_SOCKET, 0, wakes, wake_count, NULL, timeout }, items, count
    };
    pier_err err = win_wait_begin(&p.wait);

    if (err)
        return err;
    /* Winsock refuses to wait for none (Q82). */
    if (!has_handles(&p))
        return win_wait_events(&p.wait, NULL, got);
    return poll_in_its_way(&p, got);
}
