/* SPDX-License-Identifier: MIT */
/* The table of the calls that are traced, each with what it needs. */
#ifndef UNIT_TRACED_H
#define UNIT_TRACED_H

#include "unit.h"

#include <pier/connection.h>
#include <pier/hooks.h>
#include <pier/message.h>
#include <pier/poll.h>
#include <pier/resolver.h>
#include <pier/stream.h>
#include <string.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* What a call has and makes; all of it is freed afterwards. */
struct traced {
    struct pier_socket *s;
    struct pier_socket *made[2];
    const struct pier_socket *told; /* the socket that the event has to name */
    struct pier_lookup *lookup;
    struct pier_stream *stream;
    struct pier_addrinfo *list;
};

struct traced_call {
    const char *name;                   /* of the function and the event */
    struct pier_socket *(*open)(void);  /* makes s; NULL: there is none */
    void (*prepare)(struct traced *to); /* may be NULL */
    ptrdiff_t (*run)(struct traced *to);
    ptrdiff_t result;
    unsigned inner; /* calls that it makes itself, which are told as well */
};

extern const struct traced_call traced_calls[];
extern const size_t traced_call_count;

#endif
