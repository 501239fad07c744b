/* SPDX-License-Identifier: MIT */
/* The wait for many handles. */
#include "inside.h"

static unsigned unasked(const struct sim_socket *s)
{
    unsigned events = s->error ? PIERP_POLL_ERR : 0;

    if (s->state == SIM_FAILED || s->broken ||
        (s->eof && s->no_send && sim_is_stream(s)))
        events |= PIERP_POLL_HUP;
    return events;
}

/* What an item is told; an unconnected stream has nothing to tell. */
static unsigned events_of(const struct pierp_pollitem *item)
{
    const struct sim_socket *s = sim_find(item->handle);
    unsigned events = 0;

    if (item->handle == PIER_INVALID_HANDLE)
        return 0;
    if (!s)
        return PIERP_POLL_NVAL;
    if (s->state == SIM_CONNECTING ||
        (s->state == SIM_FRESH && sim_is_stream(s)))
        return 0;
    if (sim_ready(s, PIERP_READ))
        events |= PIERP_POLL_IN;
    if (s->state != SIM_LISTENING && sim_ready(s, PIERP_WRITE))
        events |= PIERP_POLL_OUT;
    if (s->eof)
        events |= PIERP_POLL_RDHUP;
    return (events & item->events) | unasked(s);
}

bool sim_poll(const struct pierp_pollitem *items, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (events_of(&items[i]))
            return true;
    }
    return false;
}

/* False readiness is no readiness here: an item must have revents. */
static void tell(struct pierp_pollitem *items, size_t count, unsigned *got)
{
    *got &= (unsigned)PIERP_WOKEN;
    for (size_t i = 0; i < count; i++) {
        items[i].revents = events_of(&items[i]);
        if (items[i].revents)
            *got |= PIERP_READY;
    }
}

pier_err pierp_poll(struct pierp_pollitem *items, size_t count,
                    struct pierp_wake *const *wakes, size_t wake_count,
                    int64_t timeout, unsigned *got)
{
    struct sim_wait w = { .h = PIER_INVALID_HANDLE,
                          .items = items,
                          .item_count = count,
                          .wakes = wakes,
                          .wake_count = wake_count,
                          .interruptible = true };
    pier_err err = sim_enter(FAKE_POLL);

    if (!err)
        err = sim_wait_for(&w, timeout, got);
    if (!err)
        tell(items, count, got);
    return err;
}
