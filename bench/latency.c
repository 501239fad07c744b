/* SPDX-License-Identifier: MIT */
/*
 * How long after a close, after the firing of a token, after its timeout or
 * after the deadline of its socket a call that is blocked returns: median and
 * 95th percentile, for every call that waits and all that it goes over.
 *
 *   bench_latency [ROUNDS [MILLISECONDS]]    40 rounds by default; a signal
 *                                            every so many milliseconds
 */
#include "endings.h"
#include "measure.h"
#include "mode.h"

#include <string.h>

#define ROUNDS_MAX 10000

static int64_t times[ROUNDS_MAX];
static size_t rounds = 40;

/* Of the calls over one transport the worst, for the short table. */
static struct worst {
    double median;
    double late;
} worst[ENDING_COUNT];

/* The thread that is blocked takes the signals, not the one that measures. */
static void take_signals(void)
{
    avoid_signals(0);
}

static void let_signals_come(void)
{
    unsigned before = signals_seen();

    while (signals_seen() == before)
        sleep_ms(1);
}

static bool measure(const struct blocking_call *call, int which,
                    void (*meanwhile)(void))
{
    for (size_t i = 0; i < rounds; i++) {
        times[i] = end_call(call, &endings[which], meanwhile);
        if (times[i] < 0)
            return false;
    }
    qsort(times, rounds, sizeof(times[0]), compare_times);
    return true;
}

static double larger(double a, double b)
{
    return a > b ? a : b;
}

static void report_call(const struct blocking_call *call,
                        void (*meanwhile)(void))
{
    printf("| %s%s%s | %s |", call->name, call->detail[0] ? ", " : "",
           call->detail, transport_name(call->transport));
    for (int which = 0; which < ENDING_COUNT; which++) {
        double median;
        double late;

        if (!measure(call, which, meanwhile)) {
            printf(" |");
            continue;
        }
        median = percentile(times, rounds, 50) / 1e6;
        late = percentile(times, rounds, 95) / 1e6;
        worst[which].median = larger(worst[which].median, median);
        worst[which].late = larger(worst[which].late, late);
        printf(" %.3f, %.3f |", median, late);
    }
    printf("\n");
    (void)fflush(stdout);
}

static void report(void **state)
{
    const struct blocking_call *call;
    void (*meanwhile)(void) = *state ? let_signals_come : NULL;

    printf("| call | over | close | cancel | timeout | deadline |\n"
           "|---|---|---:|---:|---:|---:|\n");
    for (size_t i = 0; (call = call_that_waits(i)) != NULL; i++) {
        if (can_run(call))
            report_call(call, meanwhile);
    }
    printf("| the worst of these | |");
    for (int which = 0; which < ENDING_COUNT; which++)
        printf(" %.3f, %.3f |", worst[which].median, worst[which].late);
    printf("\n");
}

int main(int argc, char **argv)
{
    unsigned period = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : 0;
    struct CMUnitTest run = { "latency", report, NULL, free_ended, &period };

    if (argc > 1)
        rounds = strtoul(argv[1], NULL, 10);
    if (argc > 3 || rounds == 0 || rounds > ROUNDS_MAX) {
        (void)fprintf(stderr, "usage: bench_latency [ROUNDS [MS]]\n");
        return 2;
    }
    if (period > 0) {
        avoid_signals(1);
        before_each_call(take_signals);
        require(signal_every(period), "signals");
    } else {
        run.initial_state = NULL;
    }
    return _cmocka_run_group_tests("latency", &run, 1, watch_waits, NULL);
}
