/* SPDX-License-Identifier: MIT */
#ifndef TOOLS_BENCH_H
#define TOOLS_BENCH_H

#include <pier/time.h>
#include <pier/types.h>

/* What to measure over: two sockets, one of them in a thread. */
struct bench_kind {
    const char *name;
    int family;
    int type;
};

struct bench_latency {
    size_t trips;
    double per_second, median_us, p95_us, max_us;
};

/* A byte goes and comes back, again and again. */
PIER_MUST_CHECK pier_err bench_ping_pong(struct bench_latency *out,
                                         const struct bench_kind *kind,
                                         pier_timeout time);

/* How many bytes a second go in one direction; kind is a stream. */
PIER_MUST_CHECK pier_err bench_throughput(double *out,
                                          const struct bench_kind *kind,
                                          pier_timeout time);

#endif
