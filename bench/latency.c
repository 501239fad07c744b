/* SPDX-License-Identifier: MIT */
/*
 * How long after a close, or after a token was fired, a call that is blocked
 * in another thread returns: median and 95th percentile.
 */
#include "measure.h"

#include <pthread.h>
#include <stdatomic.h>

enum {
    ROUNDS = 400
};

static _Atomic int waiting;

static void *PIER_CALL enter_wait(void *context)
{
    (void)context;
    atomic_store(&waiting, 1);
    return NULL;
}

static void PIER_CALL leave_wait(void *context, void *token)
{
    (void)context;
    (void)token;
}

struct call {
    struct pier_socket *s;
    int64_t end;
    ptrdiff_t result;
};

static void *receive(void *argument)
{
    struct call *call = argument;
    char byte;

    call->result = pier_recv(call->s, &byte, 1, 0);
    call->end = pier_monotonic();
    return NULL;
}

/* The thread has said that it goes to wait; it gets there meanwhile. */
static void let_it_wait(struct pier_socket *idle)
{
    char byte;

    while (!atomic_load(&waiting))
        continue;
    require(pier_recv(idle, &byte, 1, 0) == PIER_EDEADLINE, "pause");
    atomic_store(&waiting, 0);
}

static int64_t measure(struct pier_cancel *token, struct pier_socket *idle)
{
    struct pier_socket *ends[2];
    struct call call = { NULL, 0, 0 };
    pthread_t thread;
    int64_t begin;

    require(!pier_socketpair(ends, PIER_AF_UNSPEC, PIER_SOCK_STREAM, 0),
            "socketpair");
    require(!token || !pier_set_cancel(ends[0], token), "token");
    call.s = ends[0];
    require(pthread_create(&thread, NULL, receive, &call) == 0, "thread");
    let_it_wait(idle);
    begin = pier_monotonic();
    if (token) {
        pier_cancel_fire(token);
    } else {
        require(!pier_close(ends[0]), "close");
    }
    pthread_join(thread, NULL);
    require(call.result == (token ? PIER_ECANCELED : PIER_EBADF), "result");
    if (token)
        pier_cancel_reset(token);
    pier_free(ends[0]);
    pier_free(ends[1]);
    return call.end - begin;
}

static void report(const char *name, struct pier_cancel *token,
                   struct pier_socket *idle)
{
    int64_t times[ROUNDS];

    for (int i = 0; i < ROUNDS; i++)
        times[i] = measure(token, idle);
    qsort(times, ROUNDS, sizeof(times[0]), compare_times);
    printf("%-7s median %6.1f us, 95th percentile %6.1f us\n", name,
           percentile(times, ROUNDS, 50) / 1e3,
           percentile(times, ROUNDS, 95) / 1e3);
}

int main(void)
{
    const struct pier_hooks hooks = { sizeof(hooks), enter_wait, leave_wait,
                                      NULL, NULL };
    struct pier_socket *idle[2];
    struct pier_cancel *token;

    require(!pier_set_hooks(&hooks), "hooks");
    require(!pier_socketpair(idle, PIER_AF_UNSPEC, PIER_SOCK_STREAM, 0) &&
                !pier_settimeout(idle[0], PIER_MILLISECONDS(1)) &&
                !pier_cancel_new(&token),
            "sockets");
    report("close", NULL, idle[0]);
    report("cancel", token, idle[0]);
    pier_free(idle[0]);
    pier_free(idle[1]);
    pier_cancel_free(token);
    return 0;
}
