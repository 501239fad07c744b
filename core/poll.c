/* SPDX-License-Identifier: MIT */
/*
 * pier_poll(): a look at all sources first, which is one call of the system
 * and takes neither lock nor clock; and then, where nothing was found, rounds
 * of registering with every source, waiting, and looking at what came of it.
 */
#include "error.h"
#include "readiness.h"
#include "resolver.h"
#include "state.h"
#include "trace.h"
#include <pier/poll.h>

static const char operation[] = "poll";

enum {
    FEW = 8,
    EVENTS = PIER_POLLIN | PIER_POLLPRI | PIER_POLLOUT | PIER_POLLERR |
             PIER_POLLHUP | PIER_POLLNVAL | PIER_POLLRDHUP
};

/* What the call keeps of each item. */
struct source {
    struct pieri_waiter waiter;
    unsigned entered; /* the process in which it has the reference */
    bool inside;      /* of a socket: it has one */
    bool registered;
    unsigned known; /* events that are told without the system */
};

struct polling {
    const struct pier_pollitem *items;
    size_t count;
    struct source *sources;
    struct pierp_pollitem *asked; /* revents are the answer */
    pier_timeout timeout;
    struct pier_cancel *cancel;
    int64_t deadline;
    size_t found; /* items with an answer */
    /* Of the call itself: it has a wake even where it has no source. */
    struct pieri_waiters own;
};

/* -------------------------------------------------------- arguments --- */

static bool names_handle(const struct pier_pollitem *item)
{
    if (item->handle == PIER_INVALID_HANDLE)
        return false;
    return item->handle != 0 || (!item->socket && !item->lookup);
}

static bool is_valid(const struct pier_pollitem *item)
{
    int sources = (item->socket != NULL) + (item->lookup != NULL) +
                  (int)names_handle(item);

    return sources <= 1 && !(item->events & ~(unsigned)EVENTS);
}

static bool are_valid(const struct pier_pollitem *items, size_t count)
{
    if (count > 0 && !items)
        return false;
    for (size_t i = 0; i < count; i++) {
        if (!is_valid(&items[i]))
            return false;
    }
    return true;
}

/* ----------------------------------------------------------- a look --- */

static unsigned known_of_lookup(const struct pier_pollitem *item)
{
    switch (pieri_lookup_state(item->lookup)) {
    case PIERI_LOOKUP_RUNS:
        return 0;
    case PIERI_LOOKUP_DONE:
        return PIER_POLLIN & item->events;
    default:
        return PIER_POLLERR | (PIER_POLLIN & item->events);
    }
}

static unsigned known_of_socket(const struct pier_pollitem *item,
                                const struct source *source)
{
    if (!source->inside || pieri_closed(item->socket))
        return PIER_POLLNVAL;
    return pieri_readiness_known(item->socket, item->events);
}

/* Writes down what is known of an item, and what to ask the system. */
static void prepare(const struct pier_pollitem *item, struct source *source,
                    struct pierp_pollitem *asked)
{
    *asked = (struct pierp_pollitem){ .handle = PIER_INVALID_HANDLE };
    source->known = 0;
    if (item->lookup) {
        source->known = known_of_lookup(item);
    } else if (item->socket) {
        source->known = known_of_socket(item, source);
        if (source->known & PIER_POLLNVAL)
            return;
        asked->handle = item->socket->handle;
        asked->events = pieri_readiness_ask(item->socket, item->events);
    } else {
        asked->handle = item->handle;
        asked->events = item->events;
    }
}

/* Whether anything is known already, so that there is nothing to wait for. */
static bool prepare_all(struct polling *p)
{
    bool known = false;

    for (size_t i = 0; i < p->count; i++) {
        prepare(&p->items[i], &p->sources[i], &p->asked[i]);
        known = known || p->sources[i].known;
    }
    return known;
}

/* Puts together what is known and what the system said. */
static void conclude(struct polling *p)
{
    p->found = 0;
    for (size_t i = 0; i < p->count; i++) {
        const struct pier_pollitem *item = &p->items[i];
        unsigned *told = &p->asked[i].revents;

        if (item->socket && p->sources[i].inside)
            *told = pieri_readiness_tell(item->socket, item->events, *told);
        *told |= p->sources[i].known;
        p->found += *told != 0;
    }
}

/* A hook may have forked: in the child the references are gone, and a handle
 * may be, too. */
static void rejoin(struct polling *p)
{
    for (size_t i = 0; i < p->count; i++) {
        struct source *source = &p->sources[i];

        if (source->inside) {
            (void)pieri_state_rejoin(p->items[i].socket, 0, &source->entered,
                                     PIER_OK);
        }
    }
}

static pier_err look(struct polling *p)
{
    unsigned got = 0;
    pier_err err = PIER_OK;

    do {
        if (err == PIER_EINTR)
            rejoin(p);
        (void)prepare_all(p);
        if (p->count > 0)
            err = pierp_poll(p->asked, p->count, NULL, 0, 0, &got);
    } while (err == PIER_EINTR && !pieri_interrupted());
    rejoin(p);
    if (!err)
        conclude(p);
    return err;
}

/* ---------------------------------------------------------- waiting --- */

static pier_err join(const struct pier_pollitem *item, struct source *source)
{
    pier_err err = PIER_OK;

    if (item->socket && source->inside) {
        err = pieri_waiter_add(&item->socket->waiters, item->socket,
                               &source->waiter,
                               PIERI_FOR_READY | PIERI_FOR_AHEAD);
        source->registered = !err;
    } else if (item->lookup &&
               pieri_lookup_state(item->lookup) == PIERI_LOOKUP_RUNS) {
        err = pieri_job_watch(pieri_lookup_job(item->lookup), &source->waiter);
        source->registered = !err;
    }
    return err;
}

static void part(const struct pier_pollitem *item, struct source *source)
{
    if (!source->registered)
        return;
    source->registered = false;
    if (item->socket) {
        pieri_waiter_remove(&item->socket->waiters, item->socket,
                            &source->waiter);
    } else {
        pieri_job_unwatch(pieri_lookup_job(item->lookup), &source->waiter);
    }
}

static pier_err join_all(struct polling *p)
{
    pier_err err = PIER_OK;

    for (size_t i = 0; i < p->count && !err; i++)
        err = join(&p->items[i], &p->sources[i]);
    return err;
}

static void part_all(struct polling *p)
{
    for (size_t i = 0; i < p->count; i++)
        part(&p->items[i], &p->sources[i]);
}

/* Look-ups that wait for a worker want the pool to be looked after. */
static int64_t next_look(const struct polling *p)
{
    int64_t deadline = p->deadline;

    for (size_t i = 0; i < p->count; i++) {
        struct pier_lookup *lookup = p->items[i].lookup;

        if (lookup && p->sources[i].registered) {
            deadline = pieri_job_next_look(pieri_lookup_job(lookup), deadline);
        }
    }
    return deadline;
}

/* Whoever closes, shuts down or cancels a source marks it first and signals
 * then: what is not signalled was seen by this look. */
static pier_err wait_joined(struct polling *p, struct pierp_wake *wake)
{
    struct pieri_wait wait = { .handle = PIER_INVALID_HANDLE,
                               .items = p->asked,
                               .item_count = p->count,
                               .wake = wake,
                               .cancel = p->cancel };
    pier_err err;

    if (prepare_all(p))
        return look(p);
    wait.deadline = next_look(p);
    err = pieri_wait(&wait);
    if (err == PIER_EDEADLINE && wait.deadline < p->deadline) {
        /* Without a thread now there may be one at the next look. */
        (void)pieri_pool_look_after();
        return PIER_OK;
    }
    if (!err)
        conclude(p);
    return err;
}

static pier_err wait_round(struct polling *p)
{
    struct pieri_waiter waiter;
    pier_err err;

    /* In the child of a fork nobody has left it. */
    p->own.first = NULL;
    err = pieri_waiter_add(&p->own, p, &waiter, PIERI_FOR_READY);
    if (err)
        return err;
    err = join_all(p);
    if (!err)
        err = wait_joined(p, waiter.wake);
    part_all(p);
    pieri_waiter_remove(&p->own, p, &waiter);
    rejoin(p);
    return err;
}

static pier_err wait(struct polling *p)
{
    pier_err err = PIER_OK;

    p->deadline = pieri_deadline(p->timeout);
    while (!err && p->found == 0)
        err = wait_round(p);
    return err == PIER_EDEADLINE ? PIER_OK : err;
}

/* --------------------------------------------------------- the call --- */

static void enter_all(struct polling *p)
{
    for (size_t i = 0; i < p->count; i++) {
        struct pier_socket *s = p->items[i].socket;

        p->sources[i] =
            (struct source){ .entered = pierp_generation,
                             .inside = s && pieri_try_enter(s, 0) };
    }
}

static void leave_all(const struct polling *p)
{
    for (size_t i = 0; i < p->count; i++) {
        if (p->sources[i].inside)
            (void)pieri_leave(p->items[i].socket, 0);
    }
}

static pier_err poll_entered(struct polling *p)
{
    pier_err err = look(p);

    if (!err && p->found == 0 && p->timeout != 0)
        err = wait(p);
    return err;
}

static ptrdiff_t poll_with(struct polling *p, struct pier_pollitem *items)
{
    pier_err err;

    enter_all(p);
    err = pieri_wait_fail(operation, poll_entered(p), NULL);
    leave_all(p);
    if (err)
        return err;
    for (size_t i = 0; i < p->count; i++)
        items[i].revents = p->found > 0 ? p->asked[i].revents : 0;
    return (ptrdiff_t)p->found;
}

static ptrdiff_t poll_many(struct polling *p, struct pier_pollitem *items)
{
    ptrdiff_t result = PIER_ENOMEM;

    if (p->count < SIZE_MAX / sizeof(*p->sources)) {
        p->sources = pierp_alloc(p->count * sizeof(*p->sources));
        p->asked = pierp_alloc(p->count * sizeof(*p->asked));
    }
    if (p->sources && p->asked) {
        result = poll_with(p, items);
    } else {
        result = pieri_fail(operation, PIER_ENOMEM, NULL);
    }
    pierp_free(p->sources);
    pierp_free(p->asked);
    return result;
}

static ptrdiff_t poll_few(struct polling *p, struct pier_pollitem *items)
{
    struct source sources[FEW];
    struct pierp_pollitem asked[FEW];
    ptrdiff_t result;

    p->sources = sources;
    p->asked = asked;
    result = poll_with(p, items);
    p->sources = NULL;
    p->asked = NULL;
    return result;
}

static ptrdiff_t poll_now(struct pier_pollitem *items, size_t count,
                          pier_timeout t, struct pier_cancel *cancel)
{
    struct polling p = {
        .items = items, .count = count, .timeout = t, .cancel = cancel
    };
    pier_err err;

    /* So many cannot be in memory: the count is a negative one. */
    if (count > SIZE_MAX / sizeof(*items) || !are_valid(items, count))
        return pieri_fail(operation, PIER_EINVAL, NULL);
    if (cancel && pier_cancel_fired(cancel))
        return pieri_fail(operation, PIER_ECANCELED, NULL);
    err = pierp_start();
    if (err)
        return pieri_os_fail(operation, err, NULL);
    return count > FEW ? poll_many(&p, items) : poll_few(&p, items);
}

ptrdiff_t pier_poll(struct pier_pollitem *items, size_t count, pier_timeout t,
                    struct pier_cancel *cancel)
{
    int64_t start = pieri_trace_begin();
    ptrdiff_t n = poll_now(items, count, t, cancel);

    return pieri_trace_end(operation, NULL, n, start);
}
