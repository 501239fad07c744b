/* SPDX-License-Identifier: MIT */
#include <pier/constants.h>
#include <pier/socket.h>
#include <stdlib.h>

#include "bench.h"
#include "network.h"
#include "partner.h"

#define TRIPS_MAX   200000
#define BLOCK_BYTES ((size_t)64 * 1024)
#define PATIENCE    PIER_SECONDS(30) /* for one call; nothing comes near it */

struct pair {
    struct pier_socket *ends[2];
    struct partner partner;
};

static void close_pair(struct pair *pair)
{
    pier_free(pair->ends[0]);
    pier_free(pair->ends[1]);
}

/* A pair whose second end the partner has. */
static pier_err open_pair(struct pair *out, const struct bench_kind *kind,
                          void (*run)(struct partner *partner))
{
    pier_err error = pier_socketpair(out->ends, kind->family, kind->type, 0);

    if (error)
        return error;
    for (size_t i = 0; i < 2 && !error; i++)
        error = network_prepare(out->ends[i], PATIENCE);
    out->partner = (struct partner){ .s = out->ends[1], .run = run };
    if (!error && !partner_start(&out->partner))
        error = PIER_EAGAIN;
    if (error)
        close_pair(out);
    return error;
}

/* Closing ends what the partner waits for. */
static void end_pair(struct pair *pair)
{
    (void)pier_close(pair->ends[1]);
    partner_join(&pair->partner);
    close_pair(pair);
}

static void give_back(struct partner *partner)
{
    char byte;

    while (pier_recv(partner->s, &byte, 1, 0) == 1) {
        if (pier_send(partner->s, &byte, 1, 0) != 1)
            return;
    }
}

static pier_err go_and_come(struct pier_socket *s)
{
    char byte = 'p';
    ptrdiff_t n = pier_send(s, &byte, 1, 0);

    if (n > 0)
        n = pier_recv(s, &byte, 1, 0);
    if (n < 0)
        return (pier_err)n;
    return n == 0 ? PIER_EEOF : PIER_OK;
}

static pier_err collect(int64_t *taken, size_t *count, struct pier_socket *s,
                        pier_timeout time)
{
    int64_t end = pier_monotonic() + time;
    int64_t before = pier_monotonic();

    /* One at least, also on a machine that stalls. */
    for (*count = 0; *count < TRIPS_MAX && (before < end || *count == 0);
         ++*count) {
        pier_err error = go_and_come(s);
        int64_t now = pier_monotonic();

        if (error)
            return error;
        taken[*count] = now - before;
        before = now;
    }
    return PIER_OK;
}

static int compare(const void *left, const void *right)
{
    const int64_t *a = left;
    const int64_t *b = right;

    return (*a > *b) - (*a < *b);
}

static void summarise(struct bench_latency *out, int64_t *taken, size_t count)
{
    size_t middle = count / 2;
    size_t high = count * 95 / 100;
    double sum = 0;

    for (size_t i = 0; i < count; i++)
        sum += (double)taken[i];
    qsort(taken, count, sizeof *taken, compare);
    out->trips = count;
    out->per_second = (double)count * 1e9 / sum;
    out->median_us = (double)taken[middle] / 1e3;
    out->p95_us = (double)taken[high] / 1e3;
    out->max_us = (double)taken[count - 1] / 1e3;
}

pier_err bench_ping_pong(struct bench_latency *out,
                         const struct bench_kind *kind, pier_timeout time)
{
    struct pair pair;
    int64_t *taken = calloc(TRIPS_MAX, sizeof *taken);
    size_t count = 0;
    pier_err error = taken ? open_pair(&pair, kind, give_back) : PIER_ENOMEM;

    if (!error) {
        /* The first trip starts threads and fills caches. */
        error = go_and_come(pair.ends[0]);
        if (!error)
            error = collect(taken, &count, pair.ends[0], time);
        end_pair(&pair);
    }
    if (!error)
        summarise(out, taken, count);
    free(taken);
    return error;
}

static void swallow(struct partner *partner)
{
    static char buffer[BLOCK_BYTES];
    ptrdiff_t n;

    while ((n = pier_recv(partner->s, buffer, sizeof buffer, 0)) > 0)
        partner->bytes += (uint64_t)n;
    partner->error = (pier_err)n;
}

pier_err bench_throughput(double *out, const struct bench_kind *kind,
                          pier_timeout time)
{
    static char block[BLOCK_BYTES];
    struct pair pair;
    pier_err error = open_pair(&pair, kind, swallow);
    int64_t start = pier_monotonic();

    if (error)
        return error;
    do {
        error = network_send(pair.ends[0], block, sizeof block);
    } while (!error && pier_monotonic() - start < time);
    if (!error)
        error = pier_shutdown(pair.ends[0], PIER_SHUT_WR);
    if (error)
        (void)pier_close(pair.ends[1]);
    partner_join(&pair.partner);
    if (!error)
        error = pair.partner.error;
    *out = (double)pair.partner.bytes * 1e9 /
           (double)(pair.partner.ended - start);
    close_pair(&pair);
    return error;
}
