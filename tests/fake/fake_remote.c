/* SPDX-License-Identifier: MIT */
/* What lies beyond the fake's network, as a test scripts it. */
#include "inside.h"

#include <pier/constants.h>
#include <stdlib.h>
#include <string.h>

static struct sim_remote *remotes;

const struct sim_remote *sim_remote_find(const struct pier_address *a)
{
    const struct sim_remote *r = remotes;

    while (r && !fake_same_address(&r->address, a))
        r = r->next;
    return r;
}

void fake_remote_set(const struct pier_address *address,
                     enum fake_behaviour behaviour, int64_t delay)
{
    struct sim_remote *r = sim_new(sizeof(*r));

    r->address = *address;
    r->behaviour = behaviour;
    r->delay = delay;
    r->next = remotes;
    remotes = r;
}

/* The far end of s; it goes with s. */
struct sim_socket *sim_remote_socket(struct sim_socket *s)
{
    struct sim_socket *remote =
        sim_socket_new(s->family, s->type, s->protocol);

    remote->is_remote = true;
    remote->local = s->remote;
    remote->references = 1;
    return remote;
}

pier_handle fake_connected(void)
{
    struct pier_address here = fake_loopback(0);
    struct sim_socket *s =
        sim_socket_new(PIER_AF_INET, PIER_SOCK_STREAM, PIER_IPPROTO_TCP);

    (void)sim_bind(s, &here);
    s->remote = fake_inet(1, 80);
    sim_link(s, sim_remote_socket(s));
    return sim_handle_new(s);
}

pier_handle fake_connected_path(void)
{
    struct sim_socket *s = sim_socket_new(PIER_AF_UNIX, PIER_SOCK_STREAM, 0);

    s->remote = fake_path("/remote");
    sim_link(s, sim_remote_socket(s));
    return sim_handle_new(s);
}

struct sim_socket *sim_known(pier_handle h)
{
    static struct sim_socket nobody;
    struct sim_socket *s = sim_find(h);

    if (s)
        return s;
    sim_misuse("the test names handle %lld, which is not open", (long long)h);
    memset(&nobody, 0, sizeof(nobody));
    return &nobody;
}

static struct sim_event *later(pier_handle h, int64_t delay,
                               void (*happen)(struct sim_event *event))
{
    struct sim_event *event = sim_event_new(delay, happen);

    event->socket = sim_known(h);
    return event;
}

static void carry(struct sim_event *event, const void *bytes, size_t length)
{
    event->bytes = sim_new(length ? length : 1);
    event->length = length;
    if (length)
        memcpy(event->bytes, bytes, length);
}

static void happens_receive(struct sim_event *event)
{
    sim_received(event->socket, event->bytes, event->length);
}

static void happens_eof(struct sim_event *event)
{
    event->socket->eof = true;
}

static void happens_error(struct sim_event *event)
{
    event->socket->error = event->code;
}

static void happens_reset(struct sim_event *event)
{
    event->socket->error = PIER_ECONNRESET;
    event->socket->eof = true;
    event->socket->broken = true;
}

static void happens_datagram(struct sim_event *event)
{
    sim_deliver(event->socket, &event->address, event->bytes, event->length);
}

static void happens_incoming(struct sim_event *event)
{
    struct sim_socket *listener = event->socket;
    struct sim_socket *s =
        sim_socket_new(listener->family, listener->type, listener->protocol);

    s->remote = event->address;
    s->local = listener->local;
    s->in_room = listener->in_room;
    s->state = SIM_DEAD;
    s->error = event->code;
    if (!event->code)
        sim_link(s, sim_remote_socket(s));
    sim_queue(listener, s);
}

void fake_incoming(pier_handle listener, const struct pier_address *from,
                   int64_t delay)
{
    later(listener, delay, happens_incoming)->address = *from;
}

void fake_accept_error(pier_handle listener, pier_err code, int64_t delay)
{
    later(listener, delay, happens_incoming)->code = code;
}

void fake_feed(pier_handle h, const void *bytes, size_t length, int64_t delay)
{
    carry(later(h, delay, happens_receive), bytes, length);
}

void fake_feed_eof(pier_handle h, int64_t delay)
{
    later(h, delay, happens_eof);
}

void fake_feed_reset(pier_handle h, int64_t delay)
{
    later(h, delay, happens_reset);
}

void fake_feed_error(pier_handle h, pier_err code, int64_t delay)
{
    later(h, delay, happens_error)->code = code;
}

void fake_datagram(pier_handle h, const struct pier_address *from,
                   const void *bytes, size_t length, int64_t delay)
{
    struct sim_event *event = later(h, delay, happens_datagram);

    event->address = *from;
    carry(event, bytes, length);
}

const unsigned char *fake_sent(pier_handle h, size_t *length)
{
    const struct sim_socket *s = sim_known(h);
    const struct sim_bytes *taken =
        s->peer && s->peer->is_remote ? &s->peer->taken : &s->taken;

    *length = taken->length;
    return taken->data;
}

unsigned fake_datagrams_sent(pier_handle h)
{
    return sim_known(h)->datagrams_taken;
}

void fake_limit_send(pier_handle h, size_t bytes)
{
    sim_known(h)->send_limit = bytes;
}

void fake_limit_recv(pier_handle h, size_t bytes)
{
    sim_known(h)->recv_limit = bytes;
}

static struct sim_socket *peer_of(pier_handle h)
{
    struct sim_socket *s = sim_known(h);

    if (s->peer)
        return s->peer;
    sim_misuse("the test speaks of the peer of a handle that has none");
    return s;
}

void fake_send_room(pier_handle h, size_t bytes)
{
    peer_of(h)->in_room = bytes;
}

void fake_drain(pier_handle h, size_t bytes, int64_t period)
{
    struct sim_socket *remote = peer_of(h);

    remote->drains = true;
    remote->drain_bytes = bytes;
    remote->drain_period = period;
    sim_drain_begin(remote);
}

static void nothing(struct sim_event *event)
{
    (void)event;
}

void fake_block_send(pier_handle h, int64_t ns)
{
    sim_known(h)->send_blocked_until = sim_clock() + ns;
    /* Time must have a reason to move there. */
    later(h, ns, nothing);
}

void sim_remotes_reset(void)
{
    while (remotes) {
        struct sim_remote *r = remotes;

        remotes = r->next;
        free(r);
    }
}
