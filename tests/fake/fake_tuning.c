/* SPDX-License-Identifier: MIT */
/* Options whose form differs between systems: noted, and shown to the test. */
#include "inside.h"

#include <pier/socket.h>
#include <stdlib.h>
#include <string.h>

static struct fake_tuning *begin(enum fake_function function, pier_handle h,
                                 pier_err *err)
{
    struct sim_socket *s;

    *err = sim_enter_socket(function, h, &s);
    return *err ? NULL : &s->tuning;
}

pier_err pierp_set_quickack(pier_handle h, bool on)
{
    pier_err err;
    struct fake_tuning *t = begin(FAKE_SET_QUICKACK, h, &err);

    if (t)
        t->quickack = on;
    return err;
}

pier_err pierp_set_keepalive(pier_handle h, const struct pierp_keepalive *k)
{
    pier_err err;
    struct fake_tuning *t = begin(FAKE_SET_KEEPALIVE, h, &err);

    if (t)
        t->keepalive = *k;
    return err;
}

pier_err pierp_set_linger(pier_handle h, bool on, unsigned seconds)
{
    pier_err err;
    struct fake_tuning *t = begin(FAKE_SET_LINGER, h, &err);

    if (!t)
        return err;
    if (seconds > 65535)
        sim_misuse("a linger time of %u seconds", seconds);
    t->linger = on;
    t->linger_seconds = seconds;
    return PIER_OK;
}

pier_err pierp_set_multicast(pier_handle h, int family, int hops, bool loop,
                             unsigned interface_index)
{
    pier_err err;
    struct fake_tuning *t = begin(FAKE_SET_MULTICAST, h, &err);

    if (!t)
        return err;
    if (hops > 255 || family != sim_find(h)->family)
        sim_misuse("multicasts of family %d with %d hops", family, hops);
    if (hops >= 0)
        t->hops = hops;
    t->loop = loop;
    t->interface_index = interface_index;
    return PIER_OK;
}

static bool same(const struct pier_address *a, const struct pier_address *b)
{
    return a == b || (a && b && fake_same_address(a, b));
}

static bool is_member(const struct sim_member *m,
                      const struct pierp_membership *wanted)
{
    const struct pier_address *source = m->source.length ? &m->source : NULL;

    return same(&m->group, wanted->group) && same(source, wanted->source) &&
           m->interface_index == wanted->interface_index;
}

static struct sim_member *new_member(const struct pierp_membership *wanted)
{
    struct sim_member *m = sim_new(sizeof(*m));

    m->group = *wanted->group;
    if (wanted->source)
        m->source = *wanted->source;
    m->interface_index = wanted->interface_index;
    return m;
}

pier_err pierp_change_membership(pier_handle h,
                                 const struct pierp_membership *m, bool join)
{
    struct sim_socket *s;
    struct sim_member **place, *found;
    pier_err err = sim_enter_socket(FAKE_CHANGE_MEMBERSHIP, h, &s);

    if (err)
        return err;
    place = &s->members;
    while (*place && !is_member(*place, m))
        place = &(*place)->next;
    found = *place;
    if (join && found)
        return sim_fail(PIER_EADDRINUSE);
    if (!join && !found)
        return sim_fail(PIER_EADDRNOTAVAIL);
    if (join) {
        *place = new_member(m);
        return PIER_OK;
    }
    *place = found->next;
    free(found);
    return PIER_OK;
}

void sim_members_free(struct sim_socket *s)
{
    while (s->members) {
        struct sim_member *m = s->members;

        s->members = m->next;
        free(m);
    }
}

/* The fake's one code turns the bytes of in round. */
pier_err pierp_ioctl(pier_handle h, unsigned long code, const void *in,
                     size_t in_length, void *out, size_t *out_length)
{
    struct sim_socket *s;
    pier_err err = sim_enter_socket(FAKE_IOCTL, h, &s);
    size_t room = out_length ? *out_length : 0;

    if (err)
        return err;
    if (code != FAKE_IOCTL_CODE)
        return sim_fail(PIER_ENOTTY);
    if (room > in_length)
        room = in_length;
    for (size_t i = 0; out && i < room; i++)
        ((char *)out)[i] = ((const char *)in)[in_length - 1 - i];
    if (out_length)
        *out_length = room;
    return PIER_OK;
}

pier_err pierp_tcp_info(pier_handle h, struct pier_tcp_info *out)
{
    struct sim_socket *s;
    pier_err err = sim_enter_socket(FAKE_TCP_INFO, h, &s);

    if (err)
        return err;
    if (!sim_is_stream(s))
        return sim_fail(PIER_ENOTSUP);
    out->rtt_ns = 1000000;
    out->state = s->state == SIM_CONNECTED ? PIER_TCP_STATE_ESTABLISHED
                                           : PIER_TCP_STATE_CLOSED;
    out->known = PIERP_TCP_RTT | PIERP_TCP_STATE;
    return PIER_OK;
}

const struct fake_tuning *fake_tuning(pier_handle h)
{
    static const struct fake_tuning none;
    const struct sim_socket *s = sim_find(h);

    return s ? &s->tuning : &none;
}

unsigned fake_memberships(pier_handle h)
{
    const struct sim_socket *s = sim_find(h);
    unsigned count = 0;

    for (const struct sim_member *m = s ? s->members : NULL; m; m = m->next)
        count++;
    return count;
}
