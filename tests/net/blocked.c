/* SPDX-License-Identifier: MIT */
#include "blocked.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define PATIENCE (10 * SECOND)

static _Atomic int waits;
static _Atomic bool to_hold;
static _Atomic bool holding;

static void *PIER_CALL enter_wait(void *context)
{
    (void)context;
    atomic_fetch_add(&waits, 1);
    return NULL;
}

static void PIER_CALL leave_wait(void *context, void *token)
{
    (void)context;
    (void)token;
    atomic_fetch_sub(&waits, 1);
    if (!atomic_exchange(&to_hold, false))
        return;
    atomic_store(&holding, true);
    while (atomic_load(&holding))
        sleep_ms(1);
}

int watch_waits(void **state)
{
    const struct pier_hooks hooks = { .size = sizeof(hooks),
                                      .enter_blocking = enter_wait,
                                      .leave_blocking = leave_wait };

    (void)state;
    return pier_set_hooks(&hooks);
}

int waits_now(void)
{
    return atomic_load(&waits);
}

void hold_next(void)
{
    atomic_store(&to_hold, true);
}

void await_held(void)
{
    int64_t begin = pier_monotonic();

    while (!atomic_load(&holding)) {
        CHECK(pier_monotonic() - begin < PATIENCE);
        sleep_ms(1);
    }
}

void release_held(void)
{
    atomic_store(&holding, false);
}

void await_waits(int count)
{
    int64_t begin = pier_monotonic();

    while (waits_now() < count) {
        CHECK(pier_monotonic() - begin < PATIENCE);
        sleep_ms(1);
    }
}

static void enter(void *argument)
{
    struct blocked *b = argument;

    b->begin = pier_monotonic();
    b->result = b->run(b->scene);
    b->end = pier_monotonic();
    atomic_store(&b->ended, true);
}

void start_blocked(struct blocked *b, long long (*run)(struct scene *scene),
                   struct scene *scene)
{
    memset(b, 0, sizeof(*b));
    b->run = run;
    b->scene = scene;
    b->thread = thread_start(enter, b);
}

long long end_blocked(struct blocked *b)
{
    int64_t asked = pier_monotonic();

    thread_join(b->thread);
    CHECK(b->end - asked < SOON);
    return b->result;
}

void start_scene(const struct blocking_call *call, struct scene *scene,
                 struct blocked *b)
{
    memset(scene, 0, sizeof(*scene));
    call->open(scene, call->family);
    start_blocked(b, call->run, scene);
    await_waits(scene->first ? 2 : 1);
}

bool can_run(const struct blocking_call *call)
{
    if (call->family == PIER_AF_UNIX)
        return has_unix();
    return call->family != PIER_AF_INET6 || has_ipv6();
}

/* -------------------------------------------------------------- scenes --- */

static void open_quiet_stream(struct scene *scene, int family)
{
    struct pier_socket *ends[2];

    open_streams(family, ends);
    scene->s = ends[0];
    scene->peer = ends[1];
}

static void open_full_stream(struct scene *scene, int family)
{
    open_quiet_stream(scene, family);
    fill(scene->s);
}

static void open_quiet_datagrams(struct scene *scene, int family)
{
    scene->s = open_bound(family, PIER_SOCK_DGRAM);
}

static void open_quiet_listener(struct scene *scene, int family)
{
    scene->s = open_listener(family, 4);
    scene->address = name_of(scene->s);
}

static void open_connecting(struct scene *scene, int family)
{
    scene->address = full_listener(family);
    scene->s = open_socket(family, PIER_SOCK_STREAM);
}

/* Only an AF_UNIX receiver makes a sender of datagrams wait. */
static void open_full_datagrams(struct scene *scene, int family)
{
    struct pier_socket *ends[2];
    ptrdiff_t n;

    open_datagrams(family, ends);
    scene->s = ends[0];
    scene->peer = ends[1];
    scene->address = name_of(ends[1]);
    CHECK_OK(pier_settimeout(scene->s, 0));
    do {
        n = pier_sendto(scene->s, "x", 1, 0, &scene->address);
    } while (n == 1);
    CHECK_ERR(n, PIER_EAGAIN);
    CHECK_OK(pier_settimeout(scene->s, PIER_FOREVER));
}

/* --------------------------------------------------------------- calls --- */

static long long run_accept(struct scene *scene)
{
    struct pier_socket *accepted;
    pier_err err = pier_accept(&accepted, scene->s, NULL);

    pier_free(accepted);
    return err;
}

static long long run_connect(struct scene *scene)
{
    return pier_connect(scene->s, &scene->address);
}

static long long run_recv(struct scene *scene)
{
    char byte;

    return pier_recv(scene->s, &byte, 1, 0);
}

static long long run_recv_whole(struct scene *scene)
{
    char bytes[4];

    return pier_recv(scene->s, bytes, sizeof(bytes), PIER_MSG_WAITALL);
}

static long long run_recvfrom(struct scene *scene)
{
    struct pier_address from;
    char byte;

    return pier_recvfrom(scene->s, &byte, 1, 0, &from);
}

static long long run_recvall(struct scene *scene)
{
    char bytes[4];

    return pier_recvall(scene->s, bytes, sizeof(bytes), 0, NULL);
}

static long long run_send(struct scene *scene)
{
    return pier_send(scene->s, "x", 1, 0);
}

static long long run_sendall(struct scene *scene)
{
    return pier_sendall(scene->s, "abcd", 4, 0, NULL);
}

static long long run_sendto(struct scene *scene)
{
    return pier_sendto(scene->s, "x", 1, 0, &scene->address);
}

/* The turn is another thread's, who is blocked himself. */
static void open_taken_turn(struct scene *scene, int family)
{
    static struct blocked first;

    open_full_stream(scene, family);
    start_blocked(&first, run_sendall, scene);
    scene->first = &first;
    await_waits(1);
}

static void open_taken_read_turn(struct scene *scene, int family)
{
    static struct blocked first;

    open_quiet_stream(scene, family);
    start_blocked(&first, run_recvall, scene);
    scene->first = &first;
    await_waits(1);
}

const struct blocking_call blocking_calls[] = {
    { "accept", PIER_AF_INET, open_quiet_listener, run_accept },
    { "accept, IPv6", PIER_AF_INET6, open_quiet_listener, run_accept },
    { "connect", PIER_AF_INET, open_connecting, run_connect },
    { "recv", PIER_AF_INET, open_quiet_stream, run_recv },
    { "recv, IPv6", PIER_AF_INET6, open_quiet_stream, run_recv },
    { "recv with WAITALL", PIER_AF_INET, open_quiet_stream, run_recv_whole },
    { "recvall", PIER_AF_INET, open_quiet_stream, run_recvall },
    { "recvall, the turn", PIER_AF_INET, open_taken_read_turn, run_recvall },
    { "send", PIER_AF_INET, open_full_stream, run_send },
    { "sendall", PIER_AF_INET, open_full_stream, run_sendall },
    { "sendall, the turn", PIER_AF_INET, open_taken_turn, run_sendall },
    { "send, the turn", PIER_AF_INET, open_taken_turn, run_send },
    { "recv, UDP", PIER_AF_INET, open_quiet_datagrams, run_recv },
    { "recvfrom, UDP", PIER_AF_INET, open_quiet_datagrams, run_recvfrom },
    { "recvfrom, UDP, IPv6", PIER_AF_INET6, open_quiet_datagrams,
      run_recvfrom },
    { "accept, AF_UNIX", PIER_AF_UNIX, open_quiet_listener, run_accept },
    { "connect, AF_UNIX", PIER_AF_UNIX, open_connecting, run_connect },
    { "recv, AF_UNIX", PIER_AF_UNIX, open_quiet_stream, run_recv },
    { "sendall, AF_UNIX", PIER_AF_UNIX, open_full_stream, run_sendall },
    { "recvfrom, AF_UNIX", PIER_AF_UNIX, open_quiet_datagrams, run_recvfrom },
    { "sendto, AF_UNIX", PIER_AF_UNIX, open_full_datagrams, run_sendto },
};
const size_t blocking_call_count = COUNT_OF(blocking_calls);
