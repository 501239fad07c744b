/* SPDX-License-Identifier: MIT */
/*
 * Timeouts, and what they mean for the mode of the handle.
 *
 * A handle is non-blocking from birth to detach, unless the descriptor
 * follows the timeout: then it is non-blocking exactly when the receiving
 * timeout is not negative, and an attempt that has no flag of its own (accept,
 * connect) makes it so for a moment. How many attempts do is counted in the
 * state word; the last one restores the mode. Changes are made under the
 * socket's lock. Duplicates share one mode but no count, so from then on both
 * are non-blocking.
 */
#include "mode.h"
#include "error.h"
#include "state.h"

static _Atomic int64_t default_timeout = PIER_FOREVER;
static _Atomic int default_mode = PIER_DESCRIPTOR_NONBLOCKING;

static bool follows(const struct pier_socket *s)
{
    return pierp_mode_follows && !s->shares_mode &&
           s->mode == PIER_DESCRIPTOR_FOLLOWS_TIMEOUT;
}

void pieri_mode_inherit(struct pier_socket *s)
{
    s->mode = default_mode;
    s->timeout[PIERI_RECEIVING] = default_timeout;
    s->timeout[PIERI_SENDING] = s->timeout[PIERI_RECEIVING];
}

void pieri_mode_copy(struct pier_socket *s, const struct pier_socket *from)
{
    s->mode = from->mode;
    s->timeout[PIERI_RECEIVING] = from->timeout[PIERI_RECEIVING];
    s->timeout[PIERI_SENDING] = from->timeout[PIERI_SENDING];
    s->deadline = from->deadline;
}

void pieri_mode_never_block(struct pier_socket *s)
{
    s->timeout[PIERI_RECEIVING] = 0;
    s->timeout[PIERI_SENDING] = 0;
}

pier_err pieri_mode_apply(struct pier_socket *s, pier_handle handle)
{
    if (!follows(s) || s->timeout[PIERI_RECEIVING] >= 0)
        return PIER_OK;
    return pierp_set_nonblocking(handle, false);
}

pier_err pieri_mode_hold(struct pier_socket *s, bool *held)
{
    pier_err err = PIER_OK;

    *held = false;
    if (!pierp_mode_follows)
        return PIER_OK;
    /* Counted even where there is nothing to do now: a setter must not make
     * the handle block meanwhile. */
    pierp_lock(s);
    if (!(s->state & PIERI_MODES) && follows(s) &&
        s->timeout[PIERI_RECEIVING] < 0)
        err = pierp_set_nonblocking(s->handle, true);
    if (!err) {
        atomic_fetch_add(&s->state, PIERI_MODE);
        *held = true;
    }
    pierp_unlock(s);
    return err;
}

void pieri_mode_drop(struct pier_socket *s)
{
    uint64_t now;

    pierp_lock(s);
    now = atomic_fetch_sub(&s->state, PIERI_MODE) - PIERI_MODE;
    if (!(now & PIERI_MODES) && follows(s) && s->timeout[PIERI_RECEIVING] < 0)
        (void)pierp_set_nonblocking(s->handle, false);
    pierp_unlock(s);
}

/* The mode that the handle should be in for a timeout and a mode, set under
 * the lock; while attempts hold it non-blocking it stays so. */
static pier_err set_handle(struct pier_socket *s, pier_timeout t, int mode)
{
    bool follow = pierp_mode_follows && !s->shares_mode &&
                  mode == PIER_DESCRIPTOR_FOLLOWS_TIMEOUT;
    bool before = !follows(s) || s->timeout[PIERI_RECEIVING] >= 0;
    bool after = !follow || t >= 0;

    if (before == after || (s->state & PIERI_MODES))
        return PIER_OK;
    return pierp_set_nonblocking(s->handle, after);
}

pier_err pieri_mode_share(struct pier_socket *s)
{
    pier_err err = PIER_OK;

    pierp_lock(s);
    if (follows(s) && !(s->state & PIERI_MODES) &&
        s->timeout[PIERI_RECEIVING] < 0)
        err = pierp_set_nonblocking(s->handle, true);
    if (!err)
        s->shares_mode = true;
    pierp_unlock(s);
    return err;
}

enum {
    FOR_RECEIVING = 1,
    FOR_SENDING = 2
};

/* Stores only after the system agreed. */
static pier_err set_timeouts(struct pier_socket *s, pier_timeout t,
                             unsigned directions)
{
    pier_timeout kept = t < 0 ? PIER_FOREVER : t;
    pier_err err = PIER_OK;

    pierp_lock(s);
    if (directions & FOR_RECEIVING)
        err = set_handle(s, kept, s->mode);
    if (!err && (directions & FOR_RECEIVING))
        s->timeout[PIERI_RECEIVING] = kept;
    if (!err && (directions & FOR_SENDING))
        s->timeout[PIERI_SENDING] = kept;
    pierp_unlock(s);
    return err;
}

static pier_err change_timeouts(struct pier_socket *s, pier_timeout t,
                                unsigned directions)
{
    pier_err err = pieri_begin(s, "set timeout");

    if (err)
        return err;
    return pieri_end(s, "set timeout", set_timeouts(s, t, directions), NULL);
}

pier_err pier_settimeout(struct pier_socket *s, pier_timeout t)
{
    return change_timeouts(s, t, FOR_RECEIVING | FOR_SENDING);
}

pier_err pier_set_recv_timeout(struct pier_socket *s, pier_timeout t)
{
    return change_timeouts(s, t, FOR_RECEIVING);
}

pier_err pier_set_send_timeout(struct pier_socket *s, pier_timeout t)
{
    return change_timeouts(s, t, FOR_SENDING);
}

pier_timeout pier_gettimeout(const struct pier_socket *s)
{
    return pier_get_recv_timeout(s);
}

pier_timeout pier_get_recv_timeout(const struct pier_socket *s)
{
    return s ? s->timeout[PIERI_RECEIVING] : PIER_FOREVER;
}

pier_timeout pier_get_send_timeout(const struct pier_socket *s)
{
    return s ? s->timeout[PIERI_SENDING] : PIER_FOREVER;
}

pier_err pier_set_deadline(struct pier_socket *s, int64_t monotonic)
{
    pier_err err;

    if (monotonic < 0)
        return pieri_fail("set deadline", PIER_EINVAL, NULL);
    err = pieri_begin(s, "set deadline");
    if (err)
        return err;
    s->deadline = monotonic;
    return pieri_end(s, "set deadline", PIER_OK, NULL);
}

pier_err pier_setblocking(struct pier_socket *s, bool on)
{
    return pier_settimeout(s, on ? PIER_FOREVER : PIER_NONBLOCKING);
}

bool pier_getblocking(const struct pier_socket *s)
{
    return pier_get_recv_timeout(s) != PIER_NONBLOCKING;
}

pier_err pier_setdefaulttimeout(pier_timeout t)
{
    default_timeout = t < 0 ? PIER_FOREVER : t;
    return PIER_OK;
}

pier_timeout pier_getdefaulttimeout(void)
{
    return default_timeout;
}

static bool is_mode(int mode)
{
    return mode == PIER_DESCRIPTOR_NONBLOCKING ||
           mode == PIER_DESCRIPTOR_FOLLOWS_TIMEOUT;
}

static pier_err set_mode(struct pier_socket *s, int mode)
{
    pier_err err;

    pierp_lock(s);
    err = set_handle(s, s->timeout[PIERI_RECEIVING], mode);
    if (!err)
        s->mode = mode;
    pierp_unlock(s);
    return err;
}

pier_err pier_set_descriptor_mode(struct pier_socket *s,
                                  enum pier_descriptor_mode mode)
{
    pier_err err;

    if (!is_mode((int)mode))
        return pieri_fail("set descriptor mode", PIER_EINVAL, NULL);
    err = pieri_begin(s, "set descriptor mode");
    if (err)
        return err;
    return pieri_end(s, "set descriptor mode", set_mode(s, (int)mode), NULL);
}

pier_err pier_set_default_descriptor_mode(enum pier_descriptor_mode mode)
{
    if (!is_mode((int)mode))
        return pieri_fail("set descriptor mode", PIER_EINVAL, NULL);
    default_mode = (int)mode;
    return PIER_OK;
}

pier_err pier_set_cancel(struct pier_socket *s, struct pier_cancel *token)
{
    pier_err err = pieri_begin(s, "set cancel");

    if (err)
        return err;
    pierp_lock(s);
    s->cancel = token;
    if (token) {
        atomic_fetch_or(&s->state, PIERI_CANCELABLE);
    } else {
        atomic_fetch_and(&s->state, ~PIERI_CANCELABLE);
    }
    pierp_unlock(s);
    return pieri_end(s, "set cancel", PIER_OK, NULL);
}
