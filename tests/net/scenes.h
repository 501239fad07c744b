/* SPDX-License-Identifier: MIT */
/*
 * The table of the calls that wait: each function over each transport where
 * it can, with what it blocks on. Suites and measurements end each of them.
 */
#ifndef NET_SCENES_H
#define NET_SCENES_H

#include "net.h"

/* What a call goes over; a set of them is a sum. */
enum transport {
    TCP = 1,
    TCP6 = 2,
    UDP = 4,
    UDP6 = 8,
    PATH = 16,           /* streams of AF_UNIX */
    PATH_DATAGRAMS = 32, /* datagrams of AF_UNIX */
    RESOLVER = 64        /* no socket: the system's resolver */
};

const char *transport_name(enum transport transport);

/* What a call blocks on. */
struct scene {
    struct pier_socket *s;       /* the socket of the call; NULL: none */
    struct pier_socket *peer;    /* its other end; NULL: none */
    struct pier_lookup *lookup;  /* what is waited for; NULL: none */
    struct pier_address address; /* to connect or send to */
    struct pier_wait wait;       /* of a call that has limits of its own */
    struct blocked *first;       /* a call that has the turn; NULL: none */
};

struct blocking_call {
    const char *name;   /* of the function, without its prefix */
    const char *detail; /* what is special here, or "" */
    enum transport transport;
    void (*open)(struct scene *scene, int family);
    long long (*run)(struct scene *scene);
};

extern const struct blocking_call blocking_calls[];
extern const size_t blocking_call_count;

/* Those of pier_poll() over sockets, which must not be freed meanwhile, and
 * its call for what the scene has. */
extern const struct blocking_call blocking_polls[];
extern const size_t blocking_poll_count;
long long poll_scene(struct scene *scene, unsigned event);

/* The plain call of that name. */
const struct blocking_call *find_call(const char *name,
                                      enum transport transport);

/* Whether this system has what the call goes over. */
bool can_run(const struct blocking_call *call);

/* Makes what the call blocks on. */
void open_scene(const struct blocking_call *call, struct scene *scene);

#endif
