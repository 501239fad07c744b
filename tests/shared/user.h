/* SPDX-License-Identifier: MIT */
/* A thread that waits in the library and lives on when it has gone. */
#ifndef SHARED_USER_H
#define SHARED_USER_H

#include "library.h"

#include <pier/pier.h>

/* The functions of the library, as it exports them. */
struct calls {
    pier_err (*socketpair)(struct pier_socket *out[2], int family, int type,
                           int protocol);
    pier_err (*settimeout)(struct pier_socket *s, pier_timeout timeout);
    ptrdiff_t (*recv)(struct pier_socket *s, void *buffer, size_t length,
                      int flags);
    void (*free)(struct pier_socket *s);
    pier_err (*getaddrinfo)(struct pier_addrinfo **out, const char *host,
                            const char *service,
                            const struct pier_addrinfo_hints *hints,
                            const struct pier_wait *wait);
    void (*freeaddrinfo)(struct pier_addrinfo *list);
};

/* Loads it and finds its functions; the test fails when one is missing. */
struct library *load_calls(struct calls *calls);

struct user;

/* Starts a thread that waits for a timeout and after that for user_end().
 * Returns when it has waited; its result is the error of the wait. */
struct user *user_start(const struct calls *calls);
ptrdiff_t user_result(const struct user *user);

/* Lets the thread end, and waits for that. */
void user_end(struct user *user);

#endif
