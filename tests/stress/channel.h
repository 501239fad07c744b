/* SPDX-License-Identifier: MIT */
/*
 * Two connected sockets, or a listener, that many threads use at once and any
 * of them may close. What each end sends is one byte again and again, which
 * no other channel of its time has: one foreign byte tells that somebody
 * wrote to, or read from, a descriptor that had become another's.
 */
#ifndef STRESS_CHANNEL_H
#define STRESS_CHANNEL_H

#include <pier/pier.h>

enum kind {
    TCP_PAIR,
    UDP_PAIR,
    ANY_PAIR, /* AF_UNIX where there is such a pair */
    CONNECTED,
    LISTENER, /* ends[1] is NULL */
    KIND_COUNT
};

struct channel {
    enum kind kind;
    struct pier_socket *ends[2];
    struct pier_address name; /* of a listener */
    struct pier_cancel *token;
    unsigned char canary[2]; /* what ends[i] sends */
    _Atomic int users;
};

/* The caller uses it; NULL when it could not be made. */
struct channel *channel_new(enum kind kind, pier_err *err);

/* The last user frees it. NULL is fine. */
void channel_drop(struct channel *c);

/* Closes both ends, which ends the calls of its users. */
void channel_close(struct channel *c);

/* A place where channels are found; the place is a user itself. */
struct place;
struct place *place_of(unsigned number);

/* How many places there are. */
unsigned place_count(void);

/* What is there, of which the caller becomes a user; may be NULL. */
struct channel *place_take(struct place *place);

/* Puts c there, NULL too; closes and drops what was, since nobody else will
 * find it any more. */
void place_put(struct place *place, struct channel *c);

/* The byte that stands for a number. */
unsigned char canary_of(unsigned number);

/* No connection stays behind when it is closed. */
void leave_no_trace(struct pier_socket *s);

#endif
