/* SPDX-License-Identifier: MIT */
/*
 * How a wake reaches a wait for sockets: through a datagram socket of the
 * thread that is connected to itself. Nobody else can write to it, and it
 * takes one handle instead of a pair's two.
 */
#include "wait.h"

/* A loop socket that swallows its bytes delays a wake, but does not lose it
 * (Q122): the next wait sees that the wake is signalled. */
#define LONGEST_TRUST INT64_C(5000000000)

static bool connect_to_itself(SOCKET s)
{
    struct sockaddr_in name = { .sin_family = AF_INET };
    int length = sizeof(name);
    BOOL alone = TRUE;

    name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return !setsockopt(s, SOL_SOCKET, SO_EXCLUSIVEADDRUSE,
                       (const char *)&alone, sizeof(alone)) &&
           !bind(s, (const struct sockaddr *)&name, sizeof(name)) &&
           !getsockname(s, (struct sockaddr *)&name, &length) &&
           !connect(s, (const struct sockaddr *)&name, sizeof(name));
}

static pier_err open_loop(struct pierp_wake *own)
{
    pier_handle h;
    pier_err err;

    if (own->loop != INVALID_SOCKET)
        return PIER_OK;
    err = pierp_open(&h, AF_INET, SOCK_DGRAM, IPPROTO_UDP);
    if (err)
        return err;
    if (!connect_to_itself((SOCKET)h)) {
        err = win_fail();
        closesocket((SOCKET)h);
        return err;
    }
    own->loop = (SOCKET)h;
    return PIER_OK;
}

/*
 * Security software and resets of the network stack can break it (Q122). The
 * next wait makes another; when that one breaks too, the wait fails, because
 * a broken socket is always ready and the caller would spin.
 */
static pier_err drain_loop(struct pierp_wake *own)
{
    char bytes[16];
    int error;

    while (recv(own->loop, bytes, sizeof(bytes), 0) >= 0)
        continue;
    error = WSAGetLastError();
    if (error == WSAEWOULDBLOCK) {
        own->loop_faults = 0;
        return PIER_OK;
    }
    closesocket(own->loop);
    own->loop = INVALID_SOCKET;
    return own->loop_faults++ ? win_fail_with(error) : PIER_OK;
}

int64_t win_loop_limit(int64_t timeout)
{
    return timeout < 0 || timeout > LONGEST_TRUST ? LONGEST_TRUST : timeout;
}

pier_err win_loop_enter(const struct win_wait *w, struct win_watch *watches)
{
    pier_err err = open_loop(w->own);
    size_t i;

    for (i = 0; !err && i < w->wake_count; i++)
        win_watch(&watches[i], w->wakes[i], w->own->loop);
    return err;
}

pier_err win_loop_leave(const struct win_wait *w, struct win_watch *watches)
{
    size_t i;

    for (i = 0; i < w->wake_count; i++)
        win_unwatch(&watches[i], w->wakes[i]);
    return drain_loop(w->own);
}
