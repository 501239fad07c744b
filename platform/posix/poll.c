/* SPDX-License-Identifier: MIT */
/*
 * What poll() would report again and again though nobody asked for it (a
 * stream that was never connected hangs up, Q84) is left out for an interval:
 * to wait for it would be to spin.
 */
#include "priv.h"

#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>

#define INTERVAL_NS INT64_C(20000000)

enum {
    FEW = 16
};

#ifdef HAVE_POLLRDHUP
static const short end_events = POLLRDHUP;

static bool has_ended(int fd)
{
    (void)fd;
    return false;
}

static struct pollfd judge_hang_up(const struct pollfd *from)
{
    return *from;
}
#else
/* What has no event for the end of a stream tells it as readable. */
static const short end_events = POLLIN;

static bool has_ended(int fd)
{
    char next;
    int type = 0;
    socklen_t length = sizeof type;

    return getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &length) == 0 &&
           type == SOCK_STREAM &&
           recv(fd, &next, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

/* macOS hangs up when the peer alone has ended, with urgent data that is not
 * there and without a word on sends (Q86). Asked for these alone it hangs up
 * when both directions have ended. Where a signal ends the question, the next
 * look tells: readable it is in any case. */
static struct pollfd judge_hang_up(const struct pollfd *from)
{
    struct pollfd one = { .fd = from->fd, .events = POLLOUT };
    const short both = POLLHUP | POLLIN;

    if ((from->revents & both) != both)
        return *from;
    if (poll(&one, 1, 0) < 0)
        one.revents = 0;
    if (one.revents & POLLHUP)
        return *from;
    one.revents = (short)(one.revents & from->events & POLLOUT);
    one.revents = (short)(one.revents | (from->revents & (POLLIN | POLLERR)));
    return one;
}
#endif

static short events_of(unsigned asked)
{
    short events = 0;

    if (asked & PIERP_POLL_IN)
        events |= POLLIN;
    if (asked & PIERP_POLL_PRI)
        events |= POLLPRI;
    if (asked & PIERP_POLL_OUT)
        events |= POLLOUT;
    if (asked & PIERP_POLL_RDHUP)
        events = (short)(events | end_events);
    return events;
}

/* It hung up, and yet a receive would not find the end. A pipe does so, too,
 * when its writers have gone. A hang-up that has passed was one of a stream
 * that somebody has begun to connect. */
static bool was_never_connected(int fd)
{
    struct pollfd one = { .fd = fd, .events = POLLIN };
    int type;
    socklen_t length = sizeof type;

    /* Of two answers one will do; the next look tells what it was. */
    if (poll(&one, 1, 0) < 0 || !(one.revents & POLLHUP))
        return true;
    return !(one.revents & (POLLIN | POLLERR)) &&
           getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &length) == 0;
}

static bool has_hung_up(const struct pollfd *from)
{
    if (!(from->revents & POLLHUP))
        return false;
    return (from->revents & (POLLIN | POLLERR)) ||
           !was_never_connected(from->fd);
}

/* With both directions ended neither a receive nor a send would wait, which
 * BSD does not say of the send. */
static unsigned what_hang_up_means(const struct pollfd *from)
{
    return has_hung_up(from) ? PIERP_POLL_HUP | PIERP_POLL_IN |
                                   PIERP_POLL_OUT | PIERP_POLL_RDHUP
                             : 0;
}

/* To look at a stream that has failed would take its error away. */
static bool says_end(const struct pollfd *from)
{
    if (!(from->revents & end_events))
        return false;
    if (end_events != POLLIN)
        return true;
    return !(from->revents & (POLLERR | POLLHUP)) && has_ended(from->fd);
}

/* A hang-up that means nothing says nothing about the directions either. */
static unsigned what_directions_mean(const struct pollfd *from, unsigned told)
{
    unsigned found = 0;

    if ((from->revents & POLLHUP) && !(told & PIERP_POLL_HUP))
        return 0;
    if (from->revents & POLLIN)
        found |= PIERP_POLL_IN;
    if (from->revents & POLLPRI)
        found |= PIERP_POLL_PRI;
    if (from->revents & POLLOUT)
        found |= PIERP_POLL_OUT;
    return found;
}

static void tell(struct pierp_pollitem *item, const struct pollfd *answer)
{
    const unsigned unasked = PIERP_POLL_ERR | PIERP_POLL_HUP | PIERP_POLL_NVAL;
    struct pollfd from = judge_hang_up(answer);
    unsigned found = 0;

    if (from.revents) {
        found = what_hang_up_means(&from);
        found |= what_directions_mean(&from, found);
    }
    if ((item->events & PIERP_POLL_RDHUP) && says_end(&from))
        found |= PIERP_POLL_RDHUP;
    if (from.revents & POLLERR)
        found |= PIERP_POLL_ERR;
    if (from.revents & POLLNVAL)
        found = PIERP_POLL_NVAL;
    item->revents = found & (item->events | unasked);
}

struct polling {
    struct pierp_pollitem *items;
    size_t count;
    struct pierp_wake *const *wakes;
    size_t wake_count;
    struct pollfd *set; /* the items that count, then the wakes */
    size_t asked;       /* so many of it are of items */
    bool is_merged;     /* those stand in order, each open descriptor once */
};

/* No descriptor for what is none: poll() passes over every negative number,
 * and the rest of a wider one may be somebody else's. */
static int descriptor_of(pier_handle h)
{
    return h < PIER_INVALID_HANDLE || h > INT_MAX ? INT_MAX : (int)h;
}

static void add_wakes(const struct polling *p)
{
    for (size_t i = 0; i < p->wake_count; i++) {
        p->set[p->asked + i] =
            (struct pollfd){ .fd = p->wakes[i]->wait_fd, .events = POLLIN };
    }
}

/* What is passed over has no entry: poll() counts those, too. */
static void fill(struct polling *p)
{
    for (size_t i = 0; i < p->count; i++) {
        const struct pierp_pollitem *item = &p->items[i];

        if (item->handle == PIER_INVALID_HANDLE)
            continue;
        p->set[p->asked++] =
            (struct pollfd){ .fd = descriptor_of(item->handle),
                             .events = events_of(item->events) };
    }
    add_wakes(p);
}

/* --------------------------- more entries than the process has numbers --- */

/* What is left out for a while keeps its number, inverted. */
static int number_of(const struct pollfd *entry)
{
    return entry->fd < 0 ? ~entry->fd : entry->fd;
}

static int compare(const void *a, const void *b)
{
    int first = number_of(a);
    int second = number_of(b);

    return (first > second) - (first < second);
}

static bool is_open(int fd)
{
    return fcntl(fd, F_GETFD) >= 0 || errno != EBADF;
}

/* Leaves what may be had open at once, which poll() never refuses; true: a
 * bad one was among them. */
static bool merge(struct polling *p)
{
    size_t kept = 0;
    bool any = false;

    qsort(p->set, p->asked, sizeof *p->set, compare);
    for (size_t i = 0; i < p->asked; i++) {
        struct pollfd next = p->set[i];
        struct pollfd *last = kept > 0 ? &p->set[kept - 1] : NULL;

        if (last && last->fd == next.fd) {
            last->events = (short)(last->events | next.events);
        } else if (is_open(next.fd)) {
            p->set[kept++] = next;
        } else {
            any = true;
        }
    }
    p->asked = kept;
    p->is_merged = true;
    add_wakes(p);
    return any;
}

/* --------------------------------------------------------- the answers --- */

/* Of a merged set all are missing that are bad. */
static const struct pollfd *entry_of(const struct polling *p,
                                     const struct pierp_pollitem *item,
                                     size_t *next)
{
    static const struct pollfd passed_over = { .fd = -1 };
    static const struct pollfd bad = { .fd = -1, .revents = POLLNVAL };
    struct pollfd key = { .fd = descriptor_of(item->handle) };
    const struct pollfd *found;

    if (item->handle == PIER_INVALID_HANDLE)
        return &passed_over;
    if (!p->is_merged)
        return &p->set[(*next)++];
    found = bsearch(&key, p->set, p->asked, sizeof key, compare);
    return found ? found : &bad;
}

static unsigned gather(const struct polling *p)
{
    unsigned got = 0;
    size_t next = 0;

    for (size_t i = 0; i < p->count; i++) {
        tell(&p->items[i], entry_of(p, &p->items[i], &next));
        if (p->items[i].revents)
            got |= PIERP_READY;
    }
    for (size_t i = 0; i < p->wake_count; i++) {
        if (p->set[p->asked + i].revents)
            got |= PIERP_WOKEN;
    }
    return got;
}

static int ask(const struct polling *p, int64_t timeout)
{
    return posix_poll(p->set, (nfds_t)(p->asked + p->wake_count), timeout);
}

static pier_err poll_once(struct polling *p, int64_t timeout, unsigned *got)
{
    int n = ask(p, timeout);

    if (n < 0 && errno == EINVAL && !p->is_merged) {
        if (merge(p))
            timeout = 0;
        n = ask(p, timeout);
    }
    if (n < 0)
        return posix_fail();
    *got = gather(p);
    return PIER_OK;
}

/* poll() passes over a negative descriptor. */
static bool leave_out_the_idle_talkers(const struct polling *p)
{
    bool any = false;

    for (size_t i = 0; i < p->asked; i++) {
        if (!p->set[i].revents)
            continue;
        p->set[i].fd = ~p->set[i].fd;
        p->set[i].revents = 0;
        any = true;
    }
    return any;
}

static pier_err poll_all(struct polling *p, int64_t timeout, unsigned *got)
{
    pier_err err;

    fill(p);
    err = poll_once(p, timeout, got);
    if (err || *got || timeout == 0 || !leave_out_the_idle_talkers(p))
        return err;
    if (timeout < 0 || timeout > INTERVAL_NS)
        timeout = INTERVAL_NS;
    return poll_once(p, timeout, got);
}

pier_err pierp_poll(struct pierp_pollitem *items, size_t count,
                    struct pierp_wake *const *wakes, size_t wake_count,
                    int64_t timeout, unsigned *got)
{
    struct pollfd few[FEW + PIERP_WAKES_MAX];
    struct polling p = { items, count, wakes, wake_count, few, 0, false };
    pier_err err;

    if (count > FEW) {
        p.set = count < SIZE_MAX / sizeof *p.set - PIERP_WAKES_MAX
                    ? pierp_alloc((count + wake_count) * sizeof *p.set)
                    : NULL;
    }
    if (!p.set)
        return posix_fail_with(ENOMEM);
    err = poll_all(&p, timeout, got);
    if (p.set != few)
        pierp_free(p.set);
    return err;
}
