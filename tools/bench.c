/* SPDX-License-Identifier: MIT */
#include "bench.h"

#include <pier/constants.h>

#include "command.h"
#include "facts.h"
#include "network.h"

#define MIB (1024.0 * 1024.0)

static const struct bench_kind kinds[] = {
    { "TCP over IPv4", PIER_AF_INET, PIER_SOCK_STREAM },
    { "TCP over IPv6", PIER_AF_INET6, PIER_SOCK_STREAM },
    { "UDP over IPv4", PIER_AF_INET, PIER_SOCK_DGRAM },
    { "AF_UNIX stream", PIER_AF_UNIX, PIER_SOCK_STREAM },
};

static pier_err measure(const struct bench_kind *kind, pier_timeout time)
{
    struct bench_latency latency;
    double bytes = 0;
    pier_err error = bench_ping_pong(&latency, kind, time);

    if (!error && kind->type == PIER_SOCK_STREAM)
        error = bench_throughput(&bytes, kind, time);
    if (error)
        return error;
    facts_group(kind->name);
    facts_integer("round trips", (long long)latency.trips);
    facts_real("round trips per second", latency.per_second, "/s");
    facts_real("round trip, median", latency.median_us, "us");
    facts_real("round trip, 95 of 100 below", latency.p95_us, "us");
    facts_real("round trip, longest", latency.max_us, "us");
    if (kind->type == PIER_SOCK_STREAM)
        facts_real("throughput", bytes / MIB, "MiB/s");
    return PIER_OK;
}

/* A system need not have them all, but IPv4. */
static bool is_absent(const struct bench_kind *kind, pier_err error)
{
    return kind->family != PIER_AF_INET &&
           (error == PIER_EAFNOSUPPORT || error == PIER_ENOTSUP ||
            error == PIER_EADDRNOTAVAIL);
}

static bool is_wanted(const struct bench_kind *kind,
                      const struct settings *settings)
{
    int family = network_family(settings);

    return family == PIER_AF_UNSPEC || family == kind->family;
}

static enum outcome run_bench(const struct settings *settings)
{
    enum outcome outcome = OUTCOME_OK;
    enum outcome written;

    facts_begin(settings->json);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds && !outcome; i++) {
        pier_err error = PIER_OK;

        if (is_wanted(&kinds[i], settings))
            error = measure(&kinds[i], settings->seconds);
        if (error && !is_absent(&kinds[i], error)) {
            outcome = report_call(OUTCOME_UNREACHED, "measure", kinds[i].name,
                                  error);
        }
    }
    written = facts_end();
    return outcome ? outcome : written;
}

static const struct option options[] = {
    OPTION_IPV4,
    OPTION_IPV6,
    { 't', OPTION_SECONDS, "seconds", "SECONDS",
      "how long each measurement takes (default 0.3)",
      offsetof(struct settings, seconds) },
    OPTION_JSON,
};

const struct command command_bench = {
    .name = "bench",
    .operands = "",
    .summary = "Measure the library over loopback",
    .about = "A byte goes to a thread and comes back, again and again; then "
             "blocks of 64 KiB go in one direction. What this system lacks is "
             "left out.",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .operands_min = 0,
    .operands_max = 0,
    .run = run_bench,
};
