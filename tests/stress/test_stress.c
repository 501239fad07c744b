/* SPDX-License-Identifier: MIT */
/*
 * Threads that open, use and close sockets as fast as they can, while others
 * close, cut and cancel what they use. No reader may see a byte that is not
 * of its channel, no call may hang, nothing may be left over.
 *
 * PIER_STRESS_SECONDS is how long it runs, PIER_STRESS_SEED what it draws.
 */
#include "channel.h"
#include "check.h"
#include "handles.h"
#include "thread.h"
#include "work.h"

#include <stdatomic.h>
#include <stdlib.h>

enum {
    USERS = 14,
    ENDERS = 2,
    WORKERS = USERS + ENDERS,
    USUAL_SECONDS = 4,
    HANDLES_OF_POOL = 8 * 4 /* its threads stay a while */
};

/* None of the calls may take so long, on the slowest machine. */
#define HANGS PIER_SECONDS(20)

static struct worker workers[WORKERS];
static uint64_t seed;

static uint64_t number_from(const char *name, uint64_t usual)
{
    const char *text = getenv(name);
    uint64_t number = text ? strtoull(text, NULL, 10) : 0;

    return number ? number : usual;
}

_Noreturn static void tell_and_abort(int64_t now)
{
    for (int i = 0; i < WORKERS; i++) {
        int64_t began = workers[i].began;

        if (began) {
            print_error("thread %d: for %lld ms in %s\n", i,
                        (long long)((now - began) / 1000000), workers[i].what);
        }
    }
    print_error("a call hangs%s; seed %llu\n", is_over ? " at the end" : "",
                (unsigned long long)seed);
    abort();
}

static void look_for_hangs(void)
{
    int64_t now = pier_monotonic();

    for (int i = 0; i < WORKERS; i++) {
        int64_t began = workers[i].began;

        if (began && now - began > HANGS)
            tell_and_abort(now);
    }
}

/* What blocks for ever is ended by the end of its socket. */
static void end_all(void)
{
    for (unsigned i = 0; i < place_count(); i++)
        place_put(place_of(i), NULL);
}

static _Atomic bool is_done;

static void watch(void *unused)
{
    (void)unused;
    while (!is_done) {
        sleep_ms(100);
        look_for_hangs();
    }
}

static void report(unsigned long seconds)
{
    print_message("seed %llu, %lu s: %lu calls, %lu channels, %lu look-ups, "
                  "%lu bytes; ended by close %lu, cancel %lu, deadline %lu\n",
                  (unsigned long long)seed, seconds, tally.calls,
                  tally.channels, tally.lookups, tally.received, tally.closed,
                  tally.canceled, tally.late);
    if (tally.unexpected) {
        print_error("%lu unexpected results, the first of %s: %s\n",
                    tally.unexpected, tally.first_call,
                    pier_errname(tally.first_error));
    }
}

static _Atomic int running = WORKERS;

static void run_worker(void *worker)
{
    work(worker);
    running--;
}

static void run(unsigned long seconds)
{
    struct test_thread *threads[WORKERS];
    struct test_thread *watcher = thread_start(watch, NULL);

    for (int i = 0; i < WORKERS; i++) {
        workers[i].ends = i >= USERS;
        workers[i].state = seed * 2654435761u + (uint64_t)i + 1;
        threads[i] = thread_start(run_worker, &workers[i]);
    }
    sleep_ms((unsigned)seconds * 1000);
    is_over = true;
    /* One who had looked before may still make a channel. */
    while (running > 0) {
        end_all();
        sleep_ms(1);
    }
    for (int i = 0; i < WORKERS; i++)
        thread_join(threads[i]);
    end_all();
    is_done = true;
    thread_join(watcher);
}

static void no_stream_sees_foreign_bytes_and_no_call_hangs(void **state)
{
    uint64_t seconds = number_from("PIER_STRESS_SECONDS", USUAL_SECONDS);
    unsigned before = count_handles();

    (void)state;
    seed = number_from("PIER_STRESS_SEED", (uint64_t)pier_monotonic() | 1);
    run((unsigned long)seconds);
    report((unsigned long)seconds);
    CHECK_INT(tally.foreign, 0);
    CHECK_INT(tally.unexpected, 0);
    CHECK(tally.channels > 0 && tally.received > 0 && tally.lookups > 0);
    CHECK(tally.closed > 0 && tally.canceled > 0 && tally.late > 0);
    CHECK(count_handles() <= before + HANDLES_OF_POOL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_stream_sees_foreign_bytes_and_no_call_hangs),
    };

    return cmocka_run_group_tests_name("stress", tests, NULL, NULL);
}
