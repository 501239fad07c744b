/* SPDX-License-Identifier: MIT */
/*
 * Handles and the sockets behind them. Handles are large, four apart and
 * never used again unless a test asks for it, so that one that is truncated
 * or used after its close is noticed.
 */
#include "inside.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_HANDLE     ((pier_handle)(INTPTR_MAX / 512 * 4))
#define FIRST_DESCRIPTOR 1000
#define STREAM_ROOM      65536

const bool pierp_mode_follows = true;

static struct sim_socket *sockets;
static struct sim_socket *doomed; /* in no queue any more */
static struct sim_handle *handles;
static pier_handle next_handle = FIRST_HANDLE;
static bool reuse_handles;

struct sim_socket *sim_sockets(void)
{
    return sockets;
}

struct sim_socket *sim_socket_new(int family, int type, int protocol)
{
    struct sim_socket *s = sim_new(sizeof(*s));

    s->family = family;
    s->type = type;
    s->protocol = protocol;
    s->nonblocking = true;
    s->in_room = STREAM_ROOM;
    s->next = sockets;
    sockets = s;
    return s;
}

static void discard(struct sim_socket *s)
{
    while (s->datagrams) {
        struct sim_datagram *d = s->datagrams;

        s->datagrams = d->next;
        sim_datagram_free(d);
    }
    while (s->options) {
        struct sim_option *o = s->options;

        s->options = o->next;
        free(o);
    }
    sim_members_free(s);
    sim_control_free(s);
    sim_net_error_free(s);
    free(s->in.data);
    free(s->taken.data);
    free(s);
}

/* One use less; who has none left is ended by sim_socket_release(). */
static void drop(struct sim_socket *s)
{
    if (--s->references)
        return;
    s->next_queued = doomed;
    doomed = s;
}

/* The other end learns that this one is gone: a reset if it had not read
 * everything, as TCP does, else the end of the stream. */
static void part(struct sim_socket *s)
{
    struct sim_socket *peer = s->peer;

    if (!peer)
        return;
    s->peer = NULL;
    peer->peer = NULL;
    peer->eof = sim_is_stream(s);
    if (s->in.length && !s->is_remote) {
        peer->error = PIER_ECONNRESET;
        peer->broken = true;
    }
    if (peer->is_remote)
        drop(peer);
}

/* Connections that nobody will accept now, and those that were to come. */
static void refuse_all(struct sim_socket *listener)
{
    while (listener->queue) {
        struct sim_socket *s = listener->queue;

        listener->queue = s->next_queued;
        if (s->peer)
            s->peer->error = PIER_ECONNRESET;
        drop(s);
    }
    for (struct sim_socket *s = sockets; s; s = s->next) {
        if (s->target != listener)
            continue;
        s->target = NULL;
        s->state = SIM_FAILED;
        s->error = PIER_ECONNREFUSED;
    }
}

static void take_out(const struct sim_socket *s)
{
    struct sim_socket **place = &sockets;

    while (*place != s)
        place = &(*place)->next;
    *place = s->next;
}

void sim_socket_release(struct sim_socket *s)
{
    drop(s);
    while (doomed) {
        struct sim_socket *gone = doomed;

        doomed = gone->next_queued;
        refuse_all(gone);
        part(gone);
        sim_events_drop(gone);
        take_out(gone);
        discard(gone);
    }
}

static pier_handle unused_handle(void)
{
    pier_handle value = FIRST_HANDLE;

    if (!reuse_handles)
        return next_handle += 4;
    while (sim_find_handle(value))
        value += 4;
    return value;
}

static pier_handle handle_with(pier_handle value, struct sim_socket *s)
{
    struct sim_handle *entry = sim_new(sizeof(*entry));

    entry->value = value;
    entry->socket = s;
    entry->next = handles;
    handles = entry;
    if (s)
        s->references++;
    return entry->value;
}

pier_handle sim_handle_new(struct sim_socket *s)
{
    return handle_with(unused_handle(), s);
}

pier_handle fake_descriptor(void)
{
    pier_handle value = FIRST_DESCRIPTOR;

    while (sim_find_handle(value))
        value++;
    return handle_with(value, NULL);
}

struct sim_handle *sim_find_handle(pier_handle h)
{
    struct sim_handle *entry = handles;

    while (entry && entry->value != h)
        entry = entry->next;
    return entry;
}

struct sim_socket *sim_find(pier_handle h)
{
    const struct sim_handle *entry = sim_find_handle(h);

    return entry ? entry->socket : NULL;
}

pier_err sim_enter_socket(enum fake_function function, pier_handle h,
                          struct sim_socket **out)
{
    pier_err err = sim_enter(function);

    if (err)
        return err;
    sim_events_run();
    *out = sim_find(h);
    if (*out)
        return PIER_OK;
    if (sim_find_handle(h))
        return sim_fail(PIER_ENOTSOCK);
    sim_misuse("a call on handle %lld, which is not open", (long long)h);
    return sim_fail(PIER_EBADF);
}

pier_err pierp_open(pier_handle *out, int family, int type, int protocol)
{
    pier_err err = sim_enter(FAKE_OPEN);

    if (err)
        return err;
    if (!sim_any(family).length)
        return sim_fail(PIER_EAFNOSUPPORT);
    *out = sim_handle_new(sim_socket_new(family, type, protocol));
    return PIER_OK;
}

pier_err pierp_pair(pier_handle out[2], int family, int type, int protocol)
{
    struct sim_socket *a, *b;
    pier_err err = sim_enter(FAKE_PAIR);

    if (err)
        return err;
    if (!sim_any(family).length)
        return sim_fail(PIER_EAFNOSUPPORT);
    a = sim_socket_new(family, type, protocol);
    b = sim_socket_new(family, type, protocol);
    sim_link(a, b);
    out[0] = sim_handle_new(a);
    out[1] = sim_handle_new(b);
    return PIER_OK;
}

pier_err pierp_adopt(pier_handle h, int *family, int *type, int *protocol)
{
    const struct sim_handle *entry = sim_find_handle(h);
    pier_err err = sim_enter(FAKE_ADOPT);

    if (err)
        return err;
    if (!entry)
        return sim_fail(PIER_EBADF);
    if (!entry->socket)
        return sim_fail(PIER_ENOTSOCK);
    entry->socket->nonblocking = true;
    if (*family < 0)
        *family = entry->socket->family;
    if (*type < 0)
        *type = entry->socket->type;
    if (*protocol < 0)
        *protocol = entry->socket->protocol;
    return PIER_OK;
}

pier_err pierp_dup(pier_handle *out, pier_handle h)
{
    struct sim_socket *s;
    pier_err err = sim_enter_socket(FAKE_DUP, h, &s);

    if (err)
        return err;
    *out = sim_handle_new(s);
    return PIER_OK;
}

static bool names(const struct sim_wait *w, pier_handle h)
{
    for (size_t i = 0; i < w->item_count; i++) {
        if (w->items[i].handle == h)
            return true;
    }
    return w->h == h;
}

static bool is_waited_for(pier_handle h)
{
    for (const struct sim_thread *t = sim_threads(); t; t = t->next) {
        if (!t->ended && !t->gone && t->wait && names(t->wait, h))
            return true;
    }
    return false;
}

static bool lingers(pier_handle h)
{
    const struct sim_socket *s = sim_find(h);

    return s && s->tuning.linger && s->tuning.linger_seconds > 0;
}

void sim_handle_close(pier_handle h)
{
    struct sim_handle **place = &handles;
    struct sim_handle *entry;

    while ((*place)->value != h)
        place = &(*place)->next;
    entry = *place;
    *place = entry->next;
    if (entry->socket)
        sim_socket_release(entry->socket);
    free(entry);
}

pier_err pierp_close(pier_handle h)
{
    pier_err err = sim_enter(FAKE_CLOSE);

    if (!sim_find_handle(h)) {
        sim_misuse("handle %lld is closed, which is not open", (long long)h);
        return sim_fail(PIER_EBADF);
    }
    if (is_waited_for(h))
        sim_misuse("a handle is closed while a thread waits for it");
    if (lingers(h))
        sim_may_block();
    sim_handle_close(h);
    return err;
}

pier_err pierp_set_nonblocking(pier_handle h, bool on)
{
    struct sim_socket *s;
    pier_err err = sim_enter_socket(FAKE_SET_NONBLOCKING, h, &s);

    if (!err)
        s->nonblocking = on;
    return err;
}

pier_err pierp_get_inheritable(pier_handle h, bool *out)
{
    struct sim_socket *s;
    pier_err err = sim_enter_socket(FAKE_GET_INHERITABLE, h, &s);

    if (!err)
        *out = sim_find_handle(h)->inheritable;
    return err;
}

pier_err pierp_set_inheritable(pier_handle h, bool on)
{
    struct sim_handle *entry = sim_find_handle(h);
    pier_err err = sim_enter(FAKE_SET_INHERITABLE);

    if (err)
        return err;
    /* A service manager may have told of more than there are. */
    if (!entry && h >= FIRST_DESCRIPTOR)
        sim_misuse("a call on handle %lld, which is not open", (long long)h);
    if (!entry)
        return sim_fail(PIER_EBADF);
    entry->inheritable = on;
    return PIER_OK;
}

static struct sim_socket *foreign(int family, int type, int protocol)
{
    struct sim_socket *s;

    if (type == FAKE_NO_SOCKET)
        return NULL;
    s = sim_socket_new(family, type, protocol);
    s->nonblocking = false;
    return s;
}

pier_handle fake_foreign(int family, int type, int protocol)
{
    pier_handle h = sim_handle_new(foreign(family, type, protocol));

    sim_find_handle(h)->inheritable = true;
    return h;
}

pier_handle fake_served(int family, int type, int protocol)
{
    pier_handle h = FAKE_FIRST_SERVED;

    while (sim_find_handle(h))
        h++;
    handle_with(h, foreign(family, type, protocol));
    sim_find_handle(h)->inheritable = true;
    return h;
}

bool fake_is_nonblocking(pier_handle h)
{
    const struct sim_socket *s = sim_find(h);

    return s && s->nonblocking;
}

bool fake_is_open(pier_handle h)
{
    return sim_find_handle(h);
}

void fake_reuse_handles(bool on)
{
    reuse_handles = on;
}

unsigned fake_handles(void)
{
    unsigned count = 0;

    for (const struct sim_handle *entry = handles; entry; entry = entry->next)
        count++;
    return count;
}

void sim_sockets_keep(void)
{
    for (struct sim_handle *entry = handles; entry; entry = entry->next)
        entry->kept = true;
}

size_t sim_handles_left(void)
{
    size_t count = 0;

    for (const struct sim_handle *entry = handles; entry; entry = entry->next)
        count += !entry->kept;
    if (count)
        sim_misuse("%u handles were not closed", (unsigned)count);
    return count;
}

void sim_sockets_reset(void)
{
    struct sim_handle *entry = handles;

    while (entry) {
        struct sim_handle *next = entry->next;

        if (!entry->kept)
            sim_handle_close(entry->value);
        entry = next;
    }
    next_handle = FIRST_HANDLE;
    reuse_handles = false;
    while (sim_find_handle(next_handle))
        next_handle += 4;
}
