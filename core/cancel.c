/* SPDX-License-Identifier: MIT */
/*
 * A token owns one wake, which is never drained before a reset: that makes a
 * fire stick for every wait, now and later. Firing is one atomic store and
 * one signal of the wake, so that a signal handler may do it.
 */
#include "error.h"
#include "wait.h"
#include <pier/cancel.h>

struct pier_cancel {
    _Atomic bool fired;
    _Atomic unsigned generation; /* whose wake it is: see pierp_generation */
    struct pierp_wake *wake;
};

pier_err pier_cancel_new(struct pier_cancel **out)
{
    struct pier_cancel *c;
    pier_err err;

    if (!out)
        return pieri_fail("cancel", PIER_EINVAL, NULL);
    *out = NULL;
    err = pierp_start();
    if (err)
        return pieri_os_fail("cancel", err, NULL);
    c = pierp_alloc(sizeof(*c));
    if (!c)
        return pieri_fail("cancel", PIER_ENOMEM, NULL);
    err = pierp_wake_new(&c->wake);
    if (err) {
        pierp_free(c);
        return pieri_os_fail("cancel", err, NULL);
    }
    c->generation = pierp_generation;
    *out = c;
    return PIER_OK;
}

void pier_cancel_fire(struct pier_cancel *c)
{
    if (!c)
        return;
    c->fired = true;
    /* In the child of a fork the wake is still the parent's until somebody
     * waits; nobody in this process can be watching it. */
    if (c->generation == pierp_generation)
        pierp_wake_signal(c->wake);
}

bool pier_cancel_fired(const struct pier_cancel *c)
{
    return c && c->fired;
}

/* Whoever drains looks again: a fire that comes between loses no signal. */
void pieri_cancel_calm(struct pier_cancel *c)
{
    if (c->generation != pierp_generation)
        return;
    pierp_wake_drain(c->wake);
    if (c->fired)
        pierp_wake_signal(c->wake);
}

void pier_cancel_reset(struct pier_cancel *c)
{
    if (!c)
        return;
    c->fired = false;
    pieri_cancel_calm(c);
}

void pier_cancel_free(struct pier_cancel *c)
{
    if (!c)
        return;
    pierp_wake_free(c->wake);
    pierp_free(c);
}

static pier_err renew_wake(struct pier_cancel *c)
{
    struct pierp_wake *old = c->wake;
    pier_err err = pierp_wake_new(&c->wake);

    if (err)
        return err;
    /* Fired between the fork and now: the wake must say so too. */
    if (c->fired)
        pierp_wake_signal(c->wake);
    c->generation = pierp_generation;
    pierp_wake_free(old);
    return PIER_OK;
}

pier_err pieri_cancel_wake(struct pier_cancel *c, struct pierp_wake **out)
{
    pier_err err = PIER_OK;

    if (c->generation != pierp_generation) {
        pierp_lock(c);
        if (c->generation != pierp_generation)
            err = renew_wake(c);
        pierp_unlock(c);
    }
    if (err)
        return err;
    *out = c->wake;
    return PIER_OK;
}
