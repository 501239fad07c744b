/* SPDX-License-Identifier: MIT */
/* One request to AFD asks for any number of sockets. */
#include "afd.h"
#include "wait.h"

#include <stdlib.h>

enum {
    FEW = 16
};

/* A request with room for some entries. */
union few {
    struct afd_poll poll;
    unsigned char
        room[sizeof(struct afd_poll) + FEW * sizeof(struct afd_poll_entry)];
};

static size_t size_for(size_t count)
{
    return offsetof(struct afd_poll, entries) +
           count * sizeof(struct afd_poll_entry);
}

static ULONG events_of(unsigned asked)
{
    ULONG events =
        AFD_POLL_ABORT | AFD_POLL_LOCAL_CLOSE | AFD_POLL_CONNECT_FAIL;

    if (asked & PIERP_POLL_IN)
        events |= AFD_POLL_RECEIVE | AFD_POLL_ACCEPT | AFD_POLL_DISCONNECT;
    if (asked & PIERP_POLL_PRI)
        events |= AFD_POLL_RECEIVE_EXPEDITED;
    if (asked & PIERP_POLL_OUT)
        events |= AFD_POLL_SEND; /* CONNECT stays for a stream's life */
    if (asked & PIERP_POLL_RDHUP)
        events |= AFD_POLL_DISCONNECT;
    return events;
}

static unsigned what_it_means(ULONG events)
{
    unsigned found = 0;

    if (events & (AFD_POLL_RECEIVE | AFD_POLL_ACCEPT))
        found |= PIERP_POLL_IN;
    if (events & AFD_POLL_DISCONNECT)
        found |= PIERP_POLL_IN | PIERP_POLL_RDHUP;
    if (events & AFD_POLL_RECEIVE_EXPEDITED)
        found |= PIERP_POLL_PRI;
    if (events & AFD_POLL_SEND)
        found |= PIERP_POLL_OUT;
    if (events & (AFD_POLL_ABORT | AFD_POLL_CONNECT_FAIL)) {
        found |= PIERP_POLL_ERR | PIERP_POLL_HUP | PIERP_POLL_IN |
                 PIERP_POLL_OUT | PIERP_POLL_RDHUP;
    }
    if (events & AFD_POLL_LOCAL_CLOSE)
        found |= PIERP_POLL_NVAL;
    return found;
}

/* Writes the entries. A handle that is no socket has its answer already, or
 * gets it here, and no entry; *known says that there is one. */
static pier_err ask_for(const struct win_poll *p, struct afd_poll *ask,
                        bool *known)
{
    size_t i;

    ask->count = 0;
    for (i = 0; i < p->count; i++) {
        struct pierp_pollitem *item = &p->items[i];
        SOCKET base;

        if (item->handle == PIER_INVALID_HANDLE || item->revents)
            continue;
        base = win_afd_base((SOCKET)item->handle);
        if (base != INVALID_SOCKET) {
            ask->entries[ask->count].handle = (HANDLE)base;
            ask->entries[ask->count++].events = events_of(item->events);
        } else if (WSAGetLastError() == WSAENOTSOCK) {
            *known = win_poll_tell(item, PIERP_POLL_NVAL);
        } else {
            return win_fail_with(WSAEOPNOTSUPP);
        }
    }
    return PIER_OK;
}

static int compare(const void *a, const void *b)
{
    const struct afd_poll_entry *first = a;
    const struct afd_poll_entry *second = b;

    return ((uintptr_t)first->handle > (uintptr_t)second->handle) -
           ((uintptr_t)first->handle < (uintptr_t)second->handle);
}

/* Puts the answers in the order of their handles, each of which has one. */
static void merge(struct afd_poll *answer)
{
    ULONG kept = 0;
    ULONG i;

    qsort(answer->entries, answer->count, sizeof(answer->entries[0]), compare);
    for (i = 0; i < answer->count; i++) {
        struct afd_poll_entry next = answer->entries[i];

        if (kept > 0 && answer->entries[kept - 1].handle == next.handle) {
            answer->entries[kept - 1].events |= next.events;
        } else {
            answer->entries[kept++] = next;
        }
    }
    answer->count = kept;
}

/* Only one of a handle's entries may have been answered: what it says counts
 * for all that have asked for it. */
static ULONG events_for(const struct afd_poll_entry *ask,
                        const struct afd_poll *answer)
{
    const struct afd_poll_entry *found =
        bsearch(ask, answer->entries, answer->count, sizeof(*ask), compare);

    return found ? found->events & ask->events : 0;
}

static bool gather(const struct win_poll *p, const struct afd_poll *ask,
                   struct afd_poll *answer)
{
    bool any = false;
    ULONG asked = 0;
    size_t i;

    merge(answer);
    for (i = 0; i < p->count && answer->count > 0; i++) {
        struct pierp_pollitem *item = &p->items[i];
        ULONG events;

        if (item->handle == PIER_INVALID_HANDLE || item->revents)
            continue;
        events = events_for(&ask->entries[asked++], answer);
        if (win_poll_tell(item, what_it_means(events)))
            any = true;
    }
    return any;
}

/* Notes the handles that are bad, whatever the provider said of their base. */
static bool find_bad(const struct win_poll *p)
{
    bool any = false;
    size_t i;

    for (i = 0; i < p->count; i++) {
        struct pierp_pollitem *item = &p->items[i];

        if (item->handle != PIER_INVALID_HANDLE &&
            win_is_bad((SOCKET)item->handle))
            any = win_poll_tell(item, PIERP_POLL_NVAL);
    }
    return any;
}

/* A request that ended and told nothing would do so again, at once. */
static pier_err ask_afd(const struct win_poll *p, struct afd_poll *ask,
                        struct afd_poll *answer, bool *known, unsigned *ended)
{
    struct win_wait w = p->wait;
    pier_err err;

    if (*known)
        w.timeout = 0;
    err = win_afd_request(&w, ask, answer, (ULONG)size_for(ask->count), ended);
    if (err)
        return err;
    if (gather(p, ask, answer)) {
        *known = true;
        return PIER_OK;
    }
    return *ended & PIERP_READY ? win_fail_with(WSAEOPNOTSUPP) : PIER_OK;
}

/* *known: an item has its answer already, so there is nothing to wait for. */
static pier_err poll_once(const struct win_poll *p, struct afd_poll *ask,
                          struct afd_poll *answer, bool *known, unsigned *got)
{
    unsigned ended = 0;
    pier_err err = ask_for(p, ask, known);

    if (err)
        return err;
    if (ask->count == 0) {
        ended = win_woken(&p->wait);
    } else {
        err = ask_afd(p, ask, answer, known, &ended);
    }
    if (!err)
        *got = (ended & PIERP_WOKEN) | (*known ? PIERP_READY : 0);
    return err;
}

/* AFD refuses a request as a whole when one handle in it is closed or none of
 * its own. The closed ones do not spoil the others. */
static pier_err poll_with(const struct win_poll *p, struct afd_poll *ask,
                          struct afd_poll *answer, unsigned *got)
{
    bool known = false;
    pier_err err = poll_once(p, ask, answer, &known, got);

    if (err != PIER_ENOTSOCK)
        return err;
    if (!find_bad(p))
        return win_fail_with(WSAEOPNOTSUPP);
    known = true;
    err = poll_once(p, ask, answer, &known, got);
    if (err != PIER_ENOTSOCK)
        return err;
    /* Another has been closed meanwhile, which the next look will show. */
    *got = PIERP_READY;
    return PIER_OK;
}

pier_err win_poll_afd(const struct win_poll *p, unsigned *got)
{
    union few few[2];
    struct afd_poll *room = NULL;
    size_t size;
    pier_err err;

    if (!win_afd_device())
        return win_fail_with(WSAEOPNOTSUPP);
    if (p->count <= FEW)
        return poll_with(p, &few[0].poll, &few[1].poll, got);
    size = size_for(p->count);
    /* Both of them together can be counted where a size has 32 bits. */
    if (p->count < INT_MAX / sizeof(struct afd_poll_entry) / 2)
        room = pierp_alloc(2 * size);
    if (!room)
        return win_fail_with(ERROR_NOT_ENOUGH_MEMORY);
    err = poll_with(p, room, (void *)((unsigned char *)room + size), got);
    pierp_free(room);
    return err;
}
