/* SPDX-License-Identifier: MIT */
/* Receiving and sending. */
#include "inside.h"

#include <pier/constants.h>
#include <stdlib.h>
#include <string.h>

#define DATAGRAM_MAX 65507

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* A limit of 0 is none. */
static size_t limited(size_t length, size_t limit)
{
    return limit ? least(length, limit) : length;
}

/* The pending error of a socket is told once. */
static pier_err told(struct sim_socket *s)
{
    pier_err err = s->error;

    s->error = PIER_OK;
    return sim_fail(err);
}

/* Control data stands at a place in the stream: what is received at once
 * begins there, or ends before it. */
static size_t up_to_control(const struct sim_socket *s, size_t length)
{
    const struct sim_mark *mark = s->marks;

    if (mark && mark->ahead == 0)
        mark = mark->next;
    return mark ? least(length, mark->ahead) : length;
}

static ptrdiff_t receive_stream(struct sim_socket *s, void *buffer,
                                size_t length, bool peek,
                                struct sim_arrival *a)
{
    size_t n = limited(least(length, s->in.length), s->recv_limit);

    if (length == 0)
        return 0;
    n = up_to_control(s, n);
    if (n) {
        memcpy(buffer, s->in.data, n);
        sim_marks_tell(s, a);
        if (!peek) {
            sim_bytes_remove(&s->in, n);
            sim_marks_move(s, n);
        }
        return (ptrdiff_t)n;
    }
    if (s->error)
        return told(s);
    if (s->state == SIM_CONNECTING)
        return sim_fail(PIER_EAGAIN);
    if (s->state != SIM_CONNECTED)
        return sim_fail(PIER_ENOTCONN);
    return s->eof || s->no_receive ? 0 : sim_fail(PIER_EAGAIN);
}

static ptrdiff_t receive_datagram(struct sim_socket *s, void *buffer,
                                  size_t length, bool peek,
                                  struct sim_arrival *a)
{
    struct sim_datagram *d = s->datagrams;
    size_t n;

    if (s->error)
        return told(s);
    if (!d)
        return s->no_receive || s->eof ? 0 : sim_fail(PIER_EAGAIN);
    n = least(length, d->length);
    if (n)
        memcpy(buffer, d->bytes, n);
    if (a->from)
        *a->from = d->from;
    a->cut = n < d->length;
    sim_bytes_add(&a->control, d->control.data, d->control.length);
    if (!peek) {
        s->datagrams = d->next;
        s->in.length -= d->length;
        sim_datagram_free(d);
    }
    return (ptrdiff_t)n;
}

ptrdiff_t sim_receive(struct sim_socket *s, void *buffer, size_t length,
                      int flags, struct sim_arrival *a)
{
    bool peek = flags & PIER_MSG_PEEK;
    ptrdiff_t n;

    if (!sim_is_stream(s))
        return receive_datagram(s, buffer, length, peek, a);
    n = receive_stream(s, buffer, length, peek, a);
    if (n >= 0 && a->from)
        a->from->length = 0;
    return n;
}

static ptrdiff_t receive(struct sim_socket *s, void *buffer, size_t length,
                         int flags, struct pier_address *from)
{
    struct sim_arrival a = { .from = from };
    ptrdiff_t n = sim_receive(s, buffer, length, flags, &a);

    free(a.control.data);
    return n;
}

ptrdiff_t pierp_recv(pier_handle h, void *buffer, size_t length, int flags)
{
    struct sim_socket *s;
    pier_err err = sim_enter_socket(FAKE_RECV, h, &s);

    return err ? err : receive(s, buffer, length, flags, NULL);
}

ptrdiff_t pierp_recvfrom(pier_handle h, void *buffer, size_t length, int flags,
                         struct pier_address *from)
{
    struct sim_socket *s;
    pier_err err = sim_enter_socket(FAKE_RECVFROM, h, &s);

    return err ? err : receive(s, buffer, length, flags, from);
}

static bool is_local(const struct sim_socket *s)
{
    return s->family == PIER_AF_UNIX;
}

/* The first send to an end that is gone succeeds over a network. */
static ptrdiff_t send_to_nobody(struct sim_socket *s, size_t length)
{
    s->broken = true;
    return is_local(s) ? sim_fail(PIER_EPIPE) : (ptrdiff_t)length;
}

static ptrdiff_t send_stream(struct sim_socket *s, const void *bytes,
                             size_t length, const struct sim_bytes *control)
{
    size_t n = limited(least(length, sim_send_room(s)), s->send_limit);

    if (s->error)
        return told(s);
    if (s->state == SIM_CONNECTING)
        return sim_fail(PIER_EAGAIN);
    if (s->no_send || s->broken)
        return sim_fail(PIER_EPIPE);
    if (s->state != SIM_CONNECTED)
        return sim_fail(PIER_ENOTCONN);
    if (!s->peer)
        return send_to_nobody(s, length);
    if (length && n == 0)
        return sim_fail(PIER_EAGAIN);
    if (s->peer->no_receive && is_local(s))
        return sim_fail(PIER_EPIPE);
    if (!s->peer->no_receive) {
        sim_mark_add(s->peer, control);
        sim_received(s->peer, bytes, n);
    }
    return (ptrdiff_t)n;
}

struct sim_datagram *sim_deliver(struct sim_socket *to,
                                 const struct pier_address *from,
                                 const void *bytes, size_t length)
{
    struct sim_datagram *d = sim_new(sizeof(*d) + length);
    struct sim_datagram **place = &to->datagrams;

    d->from = *from;
    d->length = length;
    if (length)
        memcpy(d->bytes, bytes, length);
    while (*place)
        place = &(*place)->next;
    *place = d;
    to->in.length += length;
    return d;
}

void sim_datagram_free(struct sim_datagram *d)
{
    free(d->control.data);
    free(d);
}

static void deliver(struct sim_socket *to, const struct sim_socket *s,
                    const void *bytes, size_t length,
                    const struct sim_bytes *control)
{
    struct sim_datagram *d = sim_deliver(to, &s->local, bytes, length);

    if (control)
        sim_bytes_add(&d->control, control->data, control->length);
}

/* Whether a connected receiver takes datagrams from there. */
static bool listens_to(const struct sim_socket *s, const struct sim_socket *o)
{
    return s->state != SIM_CONNECTED || s->peer == o ||
           fake_same_address(&s->remote, &o->local);
}

static bool fits(const struct sim_socket *s, size_t length)
{
    return s->in.length + length <= s->in_room;
}

static ptrdiff_t send_datagram(struct sim_socket *s, const void *bytes,
                               size_t length, const struct pier_address *to,
                               const struct sim_bytes *control)
{
    struct sim_socket *o = s->peer;

    if (s->error)
        return told(s);
    if (s->no_send)
        return sim_fail(PIER_EPIPE);
    if (length > DATAGRAM_MAX)
        return sim_fail(PIER_EMSGSIZE);
    if (sim_clock() < s->send_blocked_until)
        return sim_fail(PIER_EAGAIN);
    sim_bind_any(s);
    if (!o)
        o = sim_lookup(to, s->type);
    if (!o && is_local(s))
        return sim_fail(PIER_ECONNREFUSED);
    if (o && is_local(s) && !fits(o, length))
        return sim_fail(PIER_EAGAIN);
    /* A network loses what nobody is there for or has room for. */
    if (!o)
        sim_bytes_add(&s->taken, bytes, length);
    if (o && fits(o, length) && listens_to(o, s))
        deliver(o, s, bytes, length, control);
    s->datagrams_taken += !o;
    return (ptrdiff_t)length;
}

ptrdiff_t sim_send(struct sim_socket *s, const void *bytes, size_t length,
                   const struct pier_address *to,
                   const struct sim_bytes *control)
{
    if (sim_is_stream(s))
        return send_stream(s, bytes, length, control);
    if (!to && s->state != SIM_CONNECTED)
        return sim_fail(PIER_EDESTADDRREQ);
    if (to && to->length == 0)
        return sim_fail(PIER_EINVAL);
    if (to && pierp_address_family(to) != s->family)
        return sim_fail(PIER_EAFNOSUPPORT);
    return send_datagram(s, bytes, length, to ? to : &s->remote, control);
}

ptrdiff_t pierp_send(pier_handle h, const void *buffer, size_t length,
                     int flags)
{
    struct sim_socket *s;
    pier_err err = sim_enter_socket(FAKE_SEND, h, &s);

    (void)flags;
    return err ? err : sim_send(s, buffer, length, NULL, NULL);
}

ptrdiff_t pierp_sendto(pier_handle h, const void *buffer, size_t length,
                       int flags, const struct pier_address *to)
{
    struct sim_socket *s;
    pier_err err = sim_enter_socket(FAKE_SENDTO, h, &s);

    (void)flags;
    return err ? err : sim_send(s, buffer, length, to, NULL);
}

static void end_for(struct sim_socket *peer)
{
    if (peer)
        peer->eof = true;
}

pier_err pierp_shutdown(pier_handle h, int how)
{
    struct sim_socket *s;
    pier_err err = sim_enter_socket(FAKE_SHUTDOWN, h, &s);

    if (err)
        return err;
    if (how < 0 || how > 2)
        return sim_fail(PIER_EINVAL);
    if (s->state != SIM_CONNECTED)
        return sim_fail(PIER_ENOTCONN);
    if (how != 1)
        s->no_receive = true;
    if (how != 0) {
        s->no_send = true;
        end_for(s->peer);
    }
    return PIER_OK;
}
