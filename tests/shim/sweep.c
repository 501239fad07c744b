/* SPDX-License-Identifier: MIT */
#include "sweep.h"

#include "handles.h"
#include "thread.h"

#include <stdlib.h>
#include <string.h>

/* More calls than any scenario makes. */
#define CALLS_MAX 400

/* Workers of look-ups may still be giving things back. */
#define SETTLE_LIMIT (10 * SECOND)

enum {
    WORKERS = 8, /* of the pool */
    THREAD_HANDLES = 4
};

/* What has failed in a sweep of this program. */
static bool swept[SHIM_FUNCTION_COUNT];

struct held {
    struct shim_holdings by_core;
    unsigned by_process;
};

bool failed(pier_err *first, long long err)
{
    if (err < 0 && !*first)
        *first = (pier_err)err;
    return err < 0;
}

/* ------------------------------------------------- nothing is left over ---
 */

static struct held look(void)
{
    return (struct held){ shim_holdings(), count_handles() };
}

/* A pool's threads come and go; each has a wake and what waits need. */
static unsigned held_by_threads(const struct held *now,
                                const struct held *before)
{
    long more = now->by_core.threads - before->by_core.threads;

    return more > 0 ? (unsigned)more * THREAD_HANDLES : 0;
}

static bool is_within(const struct held *now, const struct held *before)
{
    return now->by_core.handles == before->by_core.handles &&
           now->by_core.wakes == before->by_core.wakes &&
           now->by_core.blocks == before->by_core.blocks &&
           now->by_core.threads <= WORKERS &&
           now->by_process <=
               before->by_process + held_by_threads(now, before);
}

static void complain_of_rest(const struct held *now, const struct held *before)
{
    print_error("handles %ld, were %ld; blocks %ld, were %ld; wakes %ld, were "
                "%ld; threads %ld, were %ld; the process has %u, had %u; "
                "first failed: %s\n",
                now->by_core.handles, before->by_core.handles,
                now->by_core.blocks, before->by_core.blocks,
                now->by_core.wakes, before->by_core.wakes,
                now->by_core.threads, before->by_core.threads, now->by_process,
                before->by_process, shim_name(shim_failed()));
    CHECK(!"nothing is left over");
}

static void check_nothing_left(const struct held *before)
{
    int64_t limit = pier_monotonic() + SETTLE_LIMIT;
    struct held now = look();

    while (!is_within(&now, before) && pier_monotonic() < limit) {
        sleep_ms(1);
        now = look();
    }
    if (!is_within(&now, before))
        complain_of_rest(&now, before);
}

/* What is made once and kept is made before the first look. */
static struct held settle(const struct scenario *scenario)
{
    struct pier_socket *s;
    struct pier_address a = any_port(PIER_AF_INET);
    char byte;

    shim_clear();
    CHECK_OK(pier_open(&s, PIER_AF_INET, PIER_SOCK_DGRAM, 0));
    CHECK_OK(pier_bind(s, &a));
    CHECK_OK(pier_settimeout(s, MS));
    CHECK_ERR(pier_recv(s, &byte, 1, 0), PIER_EDEADLINE);
    pier_free(s);
    for (int i = 0; i < 3; i++)
        CHECK_OK(scenario->run());
    while (shim_idle_workers() < shim_holdings().threads)
        sleep_ms(1);
    return look();
}

/* ---------------------------------------------------------- the sweeps --- */

/* What a scenario may do all the same when this call has failed: a close has
 * closed, an error is told without its detail, one worker less does it too or
 * goes home early, a handle is given away as it is. */
static bool may_be_tolerated(enum shim_function function)
{
    switch (function) {
    case SHIM_CLOSE:
    case SHIM_THREAD_START:
    case SHIM_THREAD_STORAGE:
    case SHIM_SET_NONBLOCKING:
        return true;
    case SHIM_THREAD_WAKE:
    case SHIM_WAIT:
    case SHIM_ALLOC:
        return shim_failed_elsewhere();
    default:
        return false;
    }
}

/* What has no code of its own becomes lack of memory. */
static bool is_right(pier_err err, pier_err code)
{
    bool lacks = err == PIER_ENOMEM || err == PIER_EAI_MEMORY;

    if (shim_failed() == SHIM_ALLOC)
        return lacks;
    return err == code || (lacks && shim_failed() == SHIM_THREAD_START);
}

static bool is_told(const struct scenario *scenario, pier_err err,
                    pier_err code)
{
    if (err)
        return is_right(err, code);
    return scenario->gets_over_failures || may_be_tolerated(shim_failed());
}

/* After several failures any of them may be the one. */
static bool is_one_of_them(pier_err err, pier_err code)
{
    return err == PIER_OK || err == code || err == PIER_ENOMEM ||
           err == PIER_EAI_MEMORY;
}

/* The calls that a signal can interrupt on some system, and which are then
 * made again. */
static bool is_made_again(enum shim_function function)
{
    switch (function) {
    case SHIM_WAIT:
    case SHIM_POLL:
    case SHIM_RECV:
    case SHIM_SEND:
    case SHIM_RECVFROM:
    case SHIM_SENDTO:
    case SHIM_RECVMSG:
    case SHIM_SENDMSG:
    case SHIM_SEND_HANDLE:
    case SHIM_RECV_HANDLE:
    case SHIM_RECVMMSG:
    case SHIM_SENDMMSG:
    case SHIM_SENDFILE:
    case SHIM_TRANSMIT:
    case SHIM_FILE_READ:
    case SHIM_ACCEPT:
    case SHIM_CONNECT:
        return true;
    default:
        return false;
    }
}

static bool is_interrupted_rightly(const struct scenario *scenario,
                                   pier_err err)
{
    if (is_made_again(shim_failed()))
        return err == PIER_OK;
    /* No system interrupts the question: to ask again and to tell are both
     * right. */
    if (shim_failed() == SHIM_CONNECT_RESULT && !err)
        return true;
    return is_told(scenario, err, PIER_EINTR);
}

enum manner {
    ONCE,
    FOR_GOOD,
    INTERRUPTED
};

static bool is_as_it_must_be(const struct scenario *scenario,
                             enum manner manner, pier_err err, pier_err code)
{
    if (shim_failures() == 0)
        return err == PIER_OK;
    if (manner == ONCE)
        return is_told(scenario, err, code);
    if (manner == INTERRUPTED)
        return is_interrupted_rightly(scenario, err);
    return is_one_of_them(err, code);
}

static void check_detail(pier_err err)
{
    struct pier_detail detail;

    pier_error_detail(&detail);
    CHECK_INT(detail.code, err);
    CHECK(detail.operation != NULL);
}

/* One run in which the n-th call fails; false when there was none. */
static bool run_failing(const struct scenario *scenario, enum manner manner,
                        unsigned n, const struct held *before)
{
    static const pier_err codes[] = { [ONCE] = PIER_ENOBUFS,
                                      [FOR_GOOD] = PIER_EMFILE,
                                      [INTERRUPTED] = PIER_EINTR };
    pier_err err;
    bool met;

    shim_clear();
    shim_fail(n, codes[manner], manner == FOR_GOOD);
    err = scenario->run();
    shim_fail(0, PIER_OK, false);
    met = shim_failures() > 0;
    if (met)
        swept[shim_failed()] = true;
    if (!is_as_it_must_be(scenario, manner, err, codes[manner])) {
        print_error("%s, call %u (%s%s) failed with %s: %s\n", scenario->name,
                    n, shim_name(shim_failed()),
                    shim_failed_elsewhere() ? ", in a worker" : "",
                    pier_errname(codes[manner]), pier_errname(err));
        CHECK(!"the failure is told as it is");
    }
    if (err && manner != FOR_GOOD)
        check_detail(err);
    check_nothing_left(before);
    return met;
}

static unsigned sweep(const struct scenario *scenario, enum manner manner,
                      const struct held *before)
{
    unsigned n = 1;

    while (run_failing(scenario, manner, n, before)) {
        n++;
        CHECK(n < CALLS_MAX);
    }
    return n - 1;
}

void sweep_all(const struct scenario *scenarios, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct held before = settle(&scenarios[i]);
        unsigned runs = 0;

        for (int manner = ONCE; manner <= INTERRUPTED; manner++)
            runs += sweep(&scenarios[i], (enum manner)manner, &before);
        print_message("%s: %u failures\n", scenarios[i].name, runs);
        CHECK(runs > 2);
        shim_clear();
    }
}

void fail_first(const struct scenario *scenario, enum shim_function function,
                pier_err code)
{
    pier_err err;

    shim_clear();
    shim_fail_function(function, 1, code);
    err = scenario->run();
    CHECK_INT(shim_failures(), 1);
    CHECK(is_right(err, code));
    check_detail(err);
    swept[function] = true;
    shim_clear();
}

void check_swept(const enum shim_function *functions, size_t count)
{
    bool is_whole = true;

    for (size_t i = 0; i < count; i++) {
        if (swept[functions[i]])
            continue;
        print_error("%s has failed in no sweep\n", shim_name(functions[i]));
        is_whole = false;
    }
    CHECK(is_whole);
}

/* --------------------------------------------------------- disturbance --- */

static void run_disturbed(const struct scenario *scenario, unsigned kinds,
                          size_t limit)
{
    pier_err err;

    shim_clear();
    shim_disturb(kinds);
    shim_limit(limit);
    err = scenario->run();
    if (err) {
        print_error("%s, disturbed by %u and %u bytes: %s\n", scenario->name,
                    kinds, (unsigned)limit, pier_errname(err));
        CHECK(!"it does as if it were not disturbed");
    }
}

void disturb_all(const struct scenario *scenarios, size_t count)
{
    const unsigned kinds[] = { 0, SHIM_EARLY, SHIM_SPURIOUS, SHIM_WOKEN,
                               SHIM_EARLY | SHIM_SPURIOUS | SHIM_WOKEN };

    for (size_t i = 0; i < count; i++) {
        struct held before = settle(&scenarios[i]);

        for (size_t k = 0; k < COUNT_OF(kinds); k++) {
            run_disturbed(&scenarios[i], kinds[k], 0);
            run_disturbed(&scenarios[i], kinds[k], 3);
            check_nothing_left(&before);
        }
        shim_clear();
    }
}

/* ---------------------------------------------------------- the others --- */

struct pier_address any_port(int family)
{
    struct pier_address a;

    if (family == PIER_AF_INET6) {
        CHECK_OK(pier_address_inet6(&a, "::1", 0, 0, 0));
    } else {
        CHECK_OK(pier_address_inet(&a, "127.0.0.1", 0));
    }
    return a;
}

bool has_family(int family)
{
    struct pier_socket *s;
    struct pier_address a;
    pier_err err = pier_open(&s, family, PIER_SOCK_STREAM, 0);

    if (!err && family == PIER_AF_INET6) {
        a = any_port(family);
        err = pier_bind(s, &a);
    }
    pier_free(s);
    return !err;
}

struct peer {
    struct pier_socket *s;
    const void *bytes;
    size_t length;
    _Atomic bool is_over;
    struct test_thread *thread;
};

static void run_peer(void *opaque)
{
    struct peer *peer = opaque;

    shim_spare_thread();
    while (shim_waiting() == 0 && !peer->is_over)
        sleep_ms(1);
    if (!peer->is_over)
        (void)!pier_send(peer->s, peer->bytes, peer->length, 0);
}

struct peer *start_peer(struct pier_socket *s, const void *bytes,
                        size_t length)
{
    struct peer *peer = calloc(1, sizeof(*peer));

    if (!peer)
        abort();
    peer->s = s;
    peer->bytes = bytes;
    peer->length = length;
    peer->thread = thread_start(run_peer, peer);
    return peer;
}

void await_peer(struct peer *peer)
{
    peer->is_over = true;
    thread_join(peer->thread);
    free(peer);
}
