/* SPDX-License-Identifier: MIT */
/* What is ready, and the bytes between two ends of a stream. */
#include "inside.h"

#include <pier/constants.h>
#include <stdlib.h>
#include <string.h>

static bool quiet;

void fake_shut_down_quietly(bool on)
{
    quiet = on;
}

bool sim_is_stream(const struct sim_socket *s)
{
    return s->type == PIER_SOCK_STREAM || s->type == PIER_SOCK_SEQPACKET;
}

void sim_link(struct sim_socket *a, struct sim_socket *b)
{
    a->peer = b;
    b->peer = a;
    a->state = SIM_CONNECTED;
    b->state = SIM_CONNECTED;
    b->remote = a->local;
    if (!a->remote.length)
        a->remote = b->local;
}

void sim_bytes_add(struct sim_bytes *b, const void *bytes, size_t length)
{
    if (b->length + length > b->room) {
        size_t room = 2 * (b->length + length);
        unsigned char *data = sim_new(room);

        if (b->length)
            memcpy(data, b->data, b->length);
        free(b->data);
        b->data = data;
        b->room = room;
    }
    if (length)
        memcpy(b->data + b->length, bytes, length);
    b->length += length;
}

void sim_bytes_remove(struct sim_bytes *b, size_t length)
{
    b->length -= length;
    if (b->length)
        memmove(b->data, b->data + length, b->length);
}

size_t sim_send_room(const struct sim_socket *s)
{
    const struct sim_socket *peer = s->peer;

    if (sim_clock() < s->send_blocked_until)
        return 0;
    if (!peer)
        return SIZE_MAX;
    return peer->in.length < peer->in_room ? peer->in_room - peer->in.length
                                           : 0;
}

static bool readable(const struct sim_socket *s)
{
    if (s->state == SIM_LISTENING)
        return s->queue;
    return s->in.length || s->datagrams || s->eof || (s->no_receive && !quiet);
}

/* A datagram between two ends waits for room; a lone one is sent or lost. */
static bool writable(const struct sim_socket *s)
{
    return (s->no_send && !quiet) || s->broken || sim_send_room(s) > 0;
}

bool sim_ready(const struct sim_socket *s, unsigned want)
{
    if (s->state == SIM_CONNECTING)
        return false;
    if (s->error)
        return true;
    /* An unconnected stream hangs up at once, as poll(2) tells. */
    if (sim_is_stream(s) && (s->state == SIM_FRESH || s->state == SIM_FAILED))
        return true;
    if ((want & (PIERP_READ | PIERP_EVENT)) && readable(s))
        return true;
    if (want & PIERP_CONNECT)
        return true;
    return (want & PIERP_WRITE) && s->state != SIM_LISTENING && writable(s);
}

static void drain(struct sim_event *event)
{
    struct sim_socket *s = event->socket;
    size_t bytes = s->drain_bytes;

    sim_bytes_remove(&s->in, bytes < s->in.length ? bytes : s->in.length);
    sim_drain_begin(s);
}

void sim_drain_begin(struct sim_socket *remote)
{
    if (!remote->in.length || !remote->drain_bytes)
        return;
    sim_event_new(remote->drain_period, drain)->socket = remote;
}

/* A scripted remote keeps all it was ever sent; what waits to be read limits
 * the sender only when it does not read at once. */
void sim_received(struct sim_socket *s, const void *bytes, size_t length)
{
    bool was_empty = !s->in.length;

    if (s->is_remote)
        sim_bytes_add(&s->taken, bytes, length);
    if (s->is_remote && !s->drains)
        return;
    sim_bytes_add(&s->in, bytes, length);
    if (s->is_remote && was_empty)
        sim_drain_begin(s);
}
