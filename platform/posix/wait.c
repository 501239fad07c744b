/* SPDX-License-Identifier: MIT */
#include "priv.h"

#include <poll.h>
#include <time.h>

#ifdef HAVE_PPOLL
/* Seconds are held to what the narrowest time_t can express. */
int posix_poll(struct pollfd *set, nfds_t count, int64_t timeout)
{
    struct timespec limit;
    int64_t seconds = timeout / 1000000000;

    if (timeout < 0)
        return ppoll(set, count, NULL, NULL);
    limit.tv_sec = (time_t)(seconds < INT_MAX ? seconds : INT_MAX);
    limit.tv_nsec = (long)(timeout % 1000000000);
    return ppoll(set, count, &limit, NULL);
}
#else
int posix_poll(struct pollfd *set, nfds_t count, int64_t timeout)
{
    int64_t ms = timeout / 1000000 + (timeout % 1000000 != 0);

    /* Only -1 means for ever on every system (Q97). */
    if (timeout < 0)
        return poll(set, count, -1);
    return poll(set, count, ms < INT_MAX ? (int)ms : INT_MAX);
}
#endif

static short events_of(unsigned want)
{
    short events = 0;

    if (want & PIERP_READ)
        events |= POLLIN;
    if (want & (PIERP_WRITE | PIERP_CONNECT))
        events |= POLLOUT;
    return events;
}

static unsigned what_happened(const struct pollfd *set, size_t wake_count)
{
    /* Any answer about the handle will do, POLLNVAL included. */
    unsigned got = set[0].revents ? PIERP_READY : 0;

    for (size_t i = 1; i <= wake_count; i++) {
        if (set[i].revents)
            got |= PIERP_WOKEN;
    }
    return got;
}

pier_err pierp_wait(pier_handle h, unsigned want,
                    struct pierp_wake *const *wakes, size_t wake_count,
                    int64_t timeout, unsigned *got)
{
    struct pollfd set[1 + PIERP_WAKES_MAX];
    int n;

    /* poll() passes over a negative descriptor. */
    set[0] = (struct pollfd){ .fd = (int)h, .events = events_of(want) };
    for (size_t i = 0; i < wake_count; i++) {
        set[1 + i] =
            (struct pollfd){ .fd = wakes[i]->wait_fd, .events = POLLIN };
    }
    n = posix_poll(set, (nfds_t)(1 + wake_count), timeout);
    if (n < 0)
        return posix_fail();
    *got = n > 0 ? what_happened(set, wake_count) : 0;
    return PIER_OK;
}
