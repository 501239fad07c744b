/* SPDX-License-Identifier: MIT */
/* The documented wait. Winsock waits for sockets only, so wakes reach it
 * through the thread's loop socket. */
#include "wait.h"

#define NS_PER_SECOND INT64_C(1000000000)

/* Windows refuses every other bit (Q81). */
static SHORT poll_events(unsigned want)
{
    SHORT events = 0;

    if (want & PIERP_READ)
        events |= POLLRDNORM;
    if (want & PIERP_WRITE)
        events |= POLLWRNORM;
    return events;
}

static int wait_by_poll(const struct win_wait *w, SOCKET loop, int64_t timeout,
                        unsigned *ready)
{
    WSAPOLLFD fds[2] = { { w->socket, poll_events(w->want), 0 },
                         { loop, POLLRDNORM, 0 } };
    ULONG count = loop == INVALID_SOCKET ? 1 : 2;
    int failed = WSAPoll(fds, count, (INT)win_wait_ms(timeout)) < 0;

    if (fds[0].revents)
        *ready = PIERP_READY;
    return failed;
}

/* NULL for the wait without limit. */
static struct timeval *to_timeval(struct timeval *out, int64_t timeout)
{
    int64_t seconds = timeout / NS_PER_SECOND;
    int64_t rest = timeout % NS_PER_SECOND;

    if (timeout < 0)
        return NULL;
    /* Less than the longest, so that carrying cannot overflow. */
    if (seconds >= INT32_MAX / 1000)
        seconds = INT32_MAX / 1000;
    out->tv_sec = (long)seconds;
    out->tv_usec = (long)((rest + 999) / 1000);
    if (out->tv_usec == 1000000) {
        out->tv_sec++;
        out->tv_usec = 0;
    }
    return out;
}

/* For sets that begin empty and get two sockets at most. */
static void add(fd_set *set, SOCKET s)
{
    set->fd_array[set->fd_count++] = s;
}

static bool has(SOCKET s, fd_set *set)
{
    return FD_ISSET(s, set) != 0;
}

/* A refused connect shows in select's except set only: before Windows 10
 * version 2004 WSAPoll never tells (Q48). */
static int wait_by_select(const struct win_wait *w, SOCKET loop,
                          int64_t timeout, unsigned *ready)
{
    struct timeval limit;
    fd_set read = { 0 };
    fd_set write = { 0 };
    fd_set except = { 0 };

    add(&write, w->socket);
    add(&except, w->socket);
    if (w->want & PIERP_READ)
        add(&read, w->socket);
    if (loop != INVALID_SOCKET)
        add(&read, loop);
    if (select(0, &read, &write, &except, to_timeval(&limit, timeout)) < 0)
        return SOCKET_ERROR;
    if (has(w->socket, &read) || has(w->socket, &write) ||
        has(w->socket, &except))
        *ready = PIERP_READY;
    return 0;
}

/* A bad handle beside a good one is not counted and ends no wait, so it is
 * looked for before; one that goes bad in the wait does end it. */
static pier_err wait_for_either(const struct win_wait *w, SOCKET loop,
                                unsigned *ready)
{
    int64_t timeout = win_woken(w) ? 0 : w->timeout;
    int failed, error;

    if (loop != INVALID_SOCKET)
        timeout = win_loop_limit(timeout);
    if (win_is_bad(w->socket)) {
        *ready = PIERP_READY;
        return PIER_OK;
    }
    failed = w->want & PIERP_CONNECT ? wait_by_select(w, loop, timeout, ready)
                                     : wait_by_poll(w, loop, timeout, ready);
    error = WSAGetLastError();
    if (!failed)
        return PIER_OK;
    if (error != WSAENOTSOCK)
        return win_fail_with(error);
    /* If the loop socket it was, draining it will tell. */
    *ready = win_is_bad(w->socket) ? PIERP_READY : 0;
    return PIER_OK;
}

static pier_err wait_watching(const struct win_wait *w, unsigned *ready)
{
    struct win_watch watches[PIERP_WAKES_MAX];
    pier_err err = win_loop_enter(w, watches);
    pier_err broken;

    if (err)
        return err;
    err = wait_for_either(w, w->own->loop, ready);
    broken = win_loop_leave(w, watches);
    return err ? err : broken;
}

pier_err win_wait_wsapoll(const struct win_wait *w, unsigned *got)
{
    unsigned ready = 0;
    bool watching = w->wake_count > 0 && w->timeout != 0;
    pier_err err = watching ? wait_watching(w, &ready)
                            : wait_for_either(w, INVALID_SOCKET, &ready);

    if (!err)
        *got = ready | win_woken(w);
    return err;
}
