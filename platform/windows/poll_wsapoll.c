/* SPDX-License-Identifier: MIT */
#include "wait.h"

#include <stdlib.h>

/* WSAPoll() never tells of a failed connect before Windows 10 2004 (Q48). */
#define BUILD_THAT_TELLS 19041

enum {
    FEW = 16
};

/* The sockets to be asked for, in order, and the loop socket in the end. */
struct asking {
    WSAPOLLFD *fds;
    ULONG count;
    bool known;  /* an item has its answer already */
    bool silent; /* of one a connect may fail without a word */
};

/* Windows refuses every other bit (Q81); a hang-up comes unasked. */
static SHORT events_of(unsigned asked)
{
    SHORT events = 0;

    if (asked & PIERP_POLL_IN)
        events |= POLLRDNORM;
    if (asked & PIERP_POLL_PRI)
        events |= POLLRDBAND;
    if (asked & PIERP_POLL_OUT)
        events |= POLLWRNORM;
    return events;
}

/* POLLHUP alone is the end of what the peer sends. */
static unsigned what_it_means(SHORT events)
{
    unsigned found = 0;

    if (events & POLLRDNORM)
        found |= PIERP_POLL_IN;
    if (events & POLLRDBAND)
        found |= PIERP_POLL_PRI;
    if (events & POLLWRNORM)
        found |= PIERP_POLL_OUT;
    if (events & POLLHUP)
        found |= PIERP_POLL_IN | PIERP_POLL_RDHUP;
    if (events & POLLERR) {
        found |= PIERP_POLL_ERR | PIERP_POLL_HUP | PIERP_POLL_IN |
                 PIERP_POLL_OUT | PIERP_POLL_RDHUP;
    }
    if (events & POLLNVAL)
        found |= PIERP_POLL_NVAL;
    return found;
}

static bool may_be_silent(const struct pierp_pollitem *item)
{
    return (item->events & PIERP_POLL_OUT) && win_build() < BUILD_THAT_TELLS &&
           win_lacks_connection((SOCKET)item->handle);
}

/* A failed connect shows in select's except set. */
static bool has_failed(SOCKET s)
{
    struct timeval now = { 0, 0 };
    fd_set except = { 1, { s } };

    return select(0, NULL, NULL, &except, &now) > 0;
}

static int compare(const void *a, const void *b)
{
    SOCKET first = ((const WSAPOLLFD *)a)->fd;
    SOCKET second = ((const WSAPOLLFD *)b)->fd;

    return (first > second) - (first < second);
}

/* The answers for a socket that stands in two places may be mixed up, as Wine
 * does: it gets one, and asks for everything there. */
static void merge(struct asking *a)
{
    ULONG kept = 0;
    ULONG i;

    qsort(a->fds, a->count, sizeof(a->fds[0]), compare);
    for (i = 0; i < a->count; i++) {
        WSAPOLLFD next = a->fds[i];
        WSAPOLLFD *last = kept > 0 ? &a->fds[kept - 1] : NULL;

        if (last && last->fd == next.fd) {
            last->events = (SHORT)(last->events | next.events);
        } else {
            a->fds[kept++] = next;
        }
    }
    a->count = kept;
}

/* One bad handle would make the others wait, or the wait fail (Q119). */
static void ask_for(const struct win_poll *p, struct asking *a)
{
    size_t i;

    for (i = 0; i < p->count; i++) {
        struct pierp_pollitem *item = &p->items[i];

        item->revents = 0;
        if (item->handle == PIER_INVALID_HANDLE)
            continue;
        if (win_is_bad((SOCKET)item->handle)) {
            a->known = win_poll_tell(item, PIERP_POLL_NVAL);
            continue;
        }
        a->fds[a->count++] =
            (WSAPOLLFD){ (SOCKET)item->handle, events_of(item->events), 0 };
        a->silent = a->silent || may_be_silent(item);
    }
    merge(a);
}

static bool look_for_failure(struct pierp_pollitem *item)
{
    const unsigned failed = PIERP_POLL_ERR | PIERP_POLL_HUP | PIERP_POLL_IN |
                            PIERP_POLL_OUT | PIERP_POLL_RDHUP;

    return may_be_silent(item) && has_failed((SOCKET)item->handle) &&
           win_poll_tell(item, failed);
}

/* Nothing where it was left out. */
static unsigned what_it_said(const struct pierp_pollitem *item,
                             const struct asking *a)
{
    WSAPOLLFD key = { (SOCKET)item->handle, 0, 0 };
    const WSAPOLLFD *found =
        bsearch(&key, a->fds, a->count, sizeof(key), compare);

    return found ? what_it_means(found->revents) : 0;
}

static bool gather(const struct win_poll *p, const struct asking *a)
{
    bool any = a->known;
    size_t i;

    for (i = 0; i < p->count; i++) {
        struct pierp_pollitem *item = &p->items[i];

        if (item->handle == PIER_INVALID_HANDLE || item->revents)
            continue;
        if (win_poll_tell(item, what_it_said(item, a)) ||
            (a->silent && look_for_failure(item)))
            any = true;
    }
    return any;
}

/* What has answered though it had nothing to tell: Winsock has no entry that
 * it passes over (Q83). */
static bool leave_out_the_idle_talkers(struct asking *a)
{
    ULONG kept = 0;
    ULONG i;
    bool any;

    for (i = 0; i < a->count; i++) {
        if (!a->fds[i].revents)
            a->fds[kept++] = a->fds[i];
    }
    any = kept < a->count;
    a->count = kept;
    return any;
}

/* Which of them it refuses, of those even that pass for good ones elsewhere.
 */
static bool find_bad(struct asking *a)
{
    bool any = false;
    ULONG i;

    for (i = 0; i < a->count; i++) {
        if (WSAPoll(&a->fds[i], 1, 0) >= 0 || WSAGetLastError() != WSAENOTSOCK)
            continue;
        a->fds[i].revents = POLLNVAL;
        any = true;
    }
    return any;
}

/* One that goes bad in the wait makes it fail only when all are bad (Q119). */
static pier_err poll_once(struct asking *a, SOCKET loop, int64_t timeout)
{
    ULONG count = a->count;

    if (loop != INVALID_SOCKET) {
        a->fds[count].fd = loop;
        a->fds[count].events = POLLRDNORM;
        a->fds[count++].revents = 0;
    }
    if (WSAPoll(a->fds, count, (INT)win_wait_ms(timeout)) >= 0)
        return PIER_OK;
    if (WSAGetLastError() != WSAENOTSOCK)
        return win_fail();
    return find_bad(a) ? PIER_OK : win_fail_with(WSAENOTSOCK);
}

static int64_t at_most(int64_t timeout, int64_t limit)
{
    return timeout < 0 || timeout > limit ? limit : timeout;
}

/* The wait without those; with no wakes there is no loop socket either. */
static pier_err poll_the_rest(const struct win_poll *p, struct asking *a,
                              SOCKET loop, bool *ready)
{
    struct win_wait w = p->wait;
    unsigned ignored;
    pier_err err;

    w.timeout = at_most(w.timeout, WIN_POLL_INTERVAL_NS);
    if (loop == INVALID_SOCKET)
        return win_wait_events(&w, NULL, &ignored);
    err = poll_once(a, loop, w.timeout);
    if (!err)
        *ready = gather(p, a);
    return err;
}

static pier_err poll_for(const struct win_poll *p, struct asking *a,
                         SOCKET loop, bool *ready)
{
    int64_t timeout = p->wait.timeout;
    pier_err err;

    if (a->known || win_woken(&p->wait))
        timeout = 0;
    if (a->silent)
        timeout = at_most(timeout, WIN_POLL_INTERVAL_NS);
    if (loop != INVALID_SOCKET)
        timeout = win_loop_limit(timeout);
    err = poll_once(a, loop, timeout);
    if (err)
        return err;
    *ready = gather(p, a);
    if (*ready || timeout == 0 || win_woken(&p->wait) ||
        !leave_out_the_idle_talkers(a))
        return PIER_OK;
    return poll_the_rest(p, a, loop, ready);
}

static pier_err poll_watching(const struct win_poll *p, struct asking *a,
                              bool *ready)
{
    struct win_watch watches[PIERP_WAKES_MAX];
    pier_err err = win_loop_enter(&p->wait, watches);
    pier_err broken;

    if (err)
        return err;
    err = poll_for(p, a, p->wait.own->loop, ready);
    broken = win_loop_leave(&p->wait, watches);
    return err ? err : broken;
}

static pier_err poll_with(const struct win_poll *p, WSAPOLLFD *fds,
                          unsigned *got)
{
    struct asking a = { .fds = fds };
    bool watching = p->wait.wake_count > 0 && p->wait.timeout != 0;
    bool ready = false;
    pier_err err = PIER_OK;

    ask_for(p, &a);
    if (a.count == 0) {
        ready = a.known;
    } else {
        err = watching ? poll_watching(p, &a, &ready)
                       : poll_for(p, &a, INVALID_SOCKET, &ready);
    }
    if (!err)
        *got = (ready ? PIERP_READY : 0) | win_woken(&p->wait);
    return err;
}

pier_err win_poll_wsapoll(const struct win_poll *p, unsigned *got)
{
    WSAPOLLFD few[FEW + 1];
    WSAPOLLFD *fds = few;
    pier_err err;

    if (p->count > FEW) {
        fds = p->count < INT_MAX / sizeof(*fds)
                  ? pierp_alloc((p->count + 1) * sizeof(*fds))
                  : NULL;
    }
    if (!fds)
        return win_fail_with(ERROR_NOT_ENOUGH_MEMORY);
    err = poll_with(p, fds, got);
    if (fds != few)
        pierp_free(fds);
    return err;
}
