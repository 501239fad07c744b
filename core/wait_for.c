/* SPDX-License-Identifier: MIT */
#include "error.h"
#include "readiness.h"
#include "state.h"
#include "trace.h"
#include "wait.h"
#include <pier/poll.h>

static const char operation[] = "wait for";

enum {
    EVENTS = PIER_POLLIN | PIER_POLLPRI | PIER_POLLOUT | PIER_POLLERR |
             PIER_POLLHUP | PIER_POLLNVAL | PIER_POLLRDHUP
};

struct asking {
    unsigned events;
    unsigned found;
    int64_t deadline;
    struct pier_cancel *cancel; /* as it was when the call began */
    unsigned entered;
};

static struct pierp_pollitem item_for(const struct pier_socket *s,
                                      const struct asking *a)
{
    return (struct pierp_pollitem){
        .handle = s->handle,
        .events = pieri_readiness_ask(s, a->events),
    };
}

/* Looks once, without waiting. */
static pier_err look(struct pier_socket *s, struct asking *a)
{
    struct pierp_pollitem item;
    unsigned got = 0;
    pier_err err;

    do {
        item = item_for(s, a);
        err = pierp_poll(&item, 1, NULL, 0, 0, &got);
        if (err != PIER_EINTR)
            break;
        err = pieri_interrupted() ? PIER_EINTR : PIER_OK;
        err = pieri_state_rejoin(s, 0, &a->entered, err);
    } while (!err);
    if (err)
        return err;
    a->found = pieri_readiness_known(s, a->events);
    if (got & PIERP_READY)
        a->found |= pieri_readiness_tell(s, a->events, item.revents);
    return PIER_OK;
}

/* A socket that is shut down meanwhile wakes the wait and is looked at
 * again. */
static pier_err wait_once(struct pier_socket *s, struct asking *a,
                          struct pierp_wake *wake)
{
    struct pierp_pollitem item = item_for(s, a);
    struct pieri_wait wait = {
        .handle = s->handle,
        .items = &item,
        .item_count = 1,
        .deadline = a->deadline,
        .wake = wake,
        .cancel = a->cancel,
    };
    pier_err err;

    if (pieri_readiness_known(s, a->events))
        return look(s, a);
    err = pieri_wait(&wait);
    if (!err)
        a->found = pieri_readiness_tell(s, a->events, item.revents);
    return err;
}

static pier_err wait_registered(struct pier_socket *s, struct asking *a)
{
    struct pieri_waiter waiter;
    pier_err err = pieri_waiter_add(&s->waiters, s, &waiter,
                                    PIERI_FOR_READY | PIERI_FOR_AHEAD);

    if (err)
        return err;
    /* Closing marks first and signals then: who is not signalled sees the
     * mark. */
    if (!pieri_closed(s))
        err = wait_once(s, a, waiter.wake);
    pieri_waiter_remove(&s->waiters, s, &waiter);
    return pieri_closed(s) ? PIER_EBADF : err;
}

static pier_err wait_until_found(struct pier_socket *s, struct asking *a)
{
    pier_err err = PIER_OK;

    while (!err && !a->found) {
        err = pieri_state_rejoin(s, 0, &a->entered, wait_registered(s, a));
    }
    return err;
}

static pier_err wait_for(struct pier_socket *s, struct asking *a,
                         pier_timeout t)
{
    pier_err err;

    if (a->cancel && pier_cancel_fired(a->cancel))
        return PIER_ECANCELED;
    if (t == 0) {
        err = look(s, a);
        if (!err && !a->found)
            err = PIER_EAGAIN;
    } else {
        a->deadline = pieri_deadline_within(t, s->deadline);
        err = wait_until_found(s, a);
    }
    /* Somebody else has closed the handle. */
    return !err && (a->found & PIER_POLLNVAL) ? PIER_EBADF : err;
}

static pier_err wait_for_now(struct pier_socket *s, unsigned events,
                             pier_timeout t, unsigned *revents)
{
    struct asking a = { .events = events };
    pier_err err;

    if (events & ~(unsigned)EVENTS)
        return pieri_fail(operation, PIER_EINVAL, NULL);
    err = pieri_begin(s, operation);
    if (err)
        return err;
    a.cancel = s->cancel;
    a.entered = pierp_generation;
    err = pieri_wait_fail(operation, wait_for(s, &a, t), NULL);
    if (!err && revents)
        *revents = a.found;
    return (pier_err)pieri_leave(s, err);
}

pier_err pier_wait_for(struct pier_socket *s, unsigned events, pier_timeout t,
                       unsigned *revents)
{
    int64_t start = pieri_trace_begin();
    pier_err err = wait_for_now(s, events, t, revents);

    return (pier_err)pieri_trace_end("wait_for", s, err, start);
}
