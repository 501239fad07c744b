/* SPDX-License-Identifier: MIT */
#include "channel.h"

#include <stdatomic.h>
#include <stdlib.h>

/* So few that every channel has many users; so many that most are in use. */
#define PLACES 12

struct place {
    atomic_flag lock;
    struct channel *channel;
};

static struct place places[PLACES];
static _Atomic unsigned made;

unsigned char canary_of(unsigned number)
{
    return (unsigned char)(1 + number % 251);
}

/* Thousands of ports that wait to be free would be missed by others. */
void leave_no_trace(struct pier_socket *s)
{
    (void)!pier_set_linger(s, true, 0);
}

static pier_err listen_at(struct channel *c)
{
    struct pier_address a;
    pier_err err = pier_address_inet(&a, "127.0.0.1", 0);

    if (!err)
        err = pier_create_server(&c->ends[0], &a, NULL);
    return err ? err : pier_getsockname(c->ends[0], &c->name);
}

/* Somebody who meant an earlier listener on this port may come before the
 * channel's own end. */
static pier_err accept_own(struct channel *c, struct pier_socket *listener)
{
    struct pier_address own, peer;
    pier_err err = pier_getsockname(c->ends[0], &own);

    while (!err) {
        err = pier_accept(&c->ends[1], listener, &peer);
        if (err || pier_address_equal(&own, &peer))
            break;
        leave_no_trace(c->ends[1]);
        pier_free(c->ends[1]);
        c->ends[1] = NULL;
    }
    return err;
}

/* Connected and accepted; the listener goes at once. */
static pier_err connect_ends(struct channel *c)
{
    struct pier_socket *listener;
    pier_err err = listen_at(c);

    listener = c->ends[0];
    c->ends[0] = NULL;
    if (!err)
        err = pier_open(&c->ends[0], PIER_AF_INET, PIER_SOCK_STREAM, 0);
    if (!err)
        err = pier_connect(c->ends[0], &c->name);
    if (!err)
        err = accept_own(c, listener);
    pier_free(listener);
    return err;
}

static pier_err open_ends(struct channel *c)
{
    switch (c->kind) {
    case TCP_PAIR:
        return pier_socketpair(c->ends, PIER_AF_INET, PIER_SOCK_STREAM, 0);
    case UDP_PAIR:
        return pier_socketpair(c->ends, PIER_AF_INET, PIER_SOCK_DGRAM, 0);
    case ANY_PAIR:
        return pier_socketpair(c->ends, PIER_AF_UNSPEC, PIER_SOCK_STREAM, 0);
    case CONNECTED:
        return connect_ends(c);
    default:
        return listen_at(c);
    }
}

static pier_err prepare_ends(struct channel *c)
{
    pier_err err = pier_cancel_new(&c->token);

    for (int i = 0; i < 2 && !err; i++) {
        if (!c->ends[i])
            continue;
        err = pier_set_cancel(c->ends[i], c->token);
        if (c->kind == TCP_PAIR || c->kind == CONNECTED)
            leave_no_trace(c->ends[i]);
    }
    return err;
}

struct channel *channel_new(enum kind kind, pier_err *err)
{
    struct channel *c = calloc(1, sizeof(*c));
    unsigned number = atomic_fetch_add(&made, 2);

    if (!c)
        abort();
    c->kind = kind;
    c->users = 1;
    c->canary[0] = canary_of(number);
    c->canary[1] = canary_of(number + 1);
    *err = open_ends(c);
    if (!*err)
        *err = prepare_ends(c);
    if (!*err)
        return c;
    channel_drop(c);
    return NULL;
}

void channel_drop(struct channel *c)
{
    if (!c || atomic_fetch_sub(&c->users, 1) > 1)
        return;
    pier_free(c->ends[0]);
    pier_free(c->ends[1]);
    pier_cancel_free(c->token);
    free(c);
}

void channel_close(struct channel *c)
{
    (void)pier_close(c->ends[0]);
    if (c->ends[1])
        (void)pier_close(c->ends[1]);
}

struct place *place_of(unsigned number)
{
    return &places[number % PLACES];
}

unsigned place_count(void)
{
    return PLACES;
}

static void lock(struct place *place)
{
    while (atomic_flag_test_and_set(&place->lock))
        continue;
}

static void unlock(struct place *place)
{
    atomic_flag_clear(&place->lock);
}

struct channel *place_take(struct place *place)
{
    struct channel *c;

    lock(place);
    c = place->channel;
    if (c)
        atomic_fetch_add(&c->users, 1);
    unlock(place);
    return c;
}

void place_put(struct place *place, struct channel *c)
{
    struct channel *before;

    lock(place);
    before = place->channel;
    place->channel = c;
    unlock(place);
    if (before)
        channel_close(before);
    channel_drop(before);
}
