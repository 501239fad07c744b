/* SPDX-License-Identifier: MIT */
/* The course of a test: its beginning and end, its threads and its time. */
#include "inside.h"

#include <stddef.h>

/* Longer than any idle limit of the library. */
#define AFTERLIFE (INT64_C(3600) * 1000000000)

static void (*fail_test)(const char *what);

static void begin_thread(struct sim_event *event)
{
    sim_thread_new(event->run, event->argument, true);
}

void fake_thread_start(void (*run)(void *argument), void *argument)
{
    sim_thread_new(run, argument, true);
}

void fake_at(int64_t delay, void (*run)(void *argument), void *argument)
{
    struct sim_event *event = sim_event_new(delay, begin_thread);

    event->run = run;
    event->argument = argument;
}

static bool test_is_over(void)
{
    return sim_test_threads_ended() && sim_events_of(begin_thread) == 0;
}

void fake_stand(bool (*holds)(void))
{
    struct sim_wait w = { .h = PIER_INVALID_HANDLE,
                          .until = SIM_NEVER,
                          .other = holds };

    sim_block(&w);
}

void fake_join(void)
{
    fake_stand(test_is_over);
}

void fake_advance(int64_t ns)
{
    struct sim_wait w = { .h = PIER_INVALID_HANDLE,
                          .until = sim_clock() + ns };

    sim_block(&w);
}

/* The rest can go on before this one, which has become ready last. */
void fake_settle(void)
{
    for (size_t i = 0; i <= fake_threads(); i++)
        sim_yield();
}

void fake_keep(void)
{
    sim_memory_keep();
    sim_wakes_keep();
    sim_sockets_keep();
}

/* Pools end their threads when these have been idle for a while. */
static void end_threads(void)
{
    struct sim_wait w = { .h = PIER_INVALID_HANDLE,
                          .until = sim_clock() + AFTERLIFE,
                          .other = sim_threads_ended };

    if (!sim_threads_ended())
        sim_block(&w);
    if (!sim_threads_ended())
        sim_misuse("%u threads have not ended", fake_threads());
}

static void renew(void)
{
    sim_threads_abandon();
    sim_journeys_reset();
    sim_sockets_reset();
    sim_threads_reset();
    sim_clock_reset();
    sim_calls_reset();
    sim_wakes_reset();
    sim_waits_reset();
    sim_locks_reset();
    fake_shut_down_quietly(false);
    sim_memory_reset();
    sim_network_reset();
    sim_remotes_reset();
    sim_names_reset();
    sim_interfaces_reset();
    sim_machine_reset();
    sim_files_reset();
    sim_sources_reset();
    sim_transmissions_reset();
}

void fake_begin(void (*fail)(const char *what))
{
    fail_test = fail;
    renew();
    sim_report_reset(fail_test);
}

void fake_reset(void)
{
    fake_fail_call(0, PIER_OK);
    fake_interrupt_every(0);
    sim_waits_reset();
    end_threads();
    if (sim_lock_held())
        sim_misuse("a lock is still held");
    sim_handles_left();
    sim_wakes_left();
    sim_memory_left();
    renew();
    if (sim_has_report())
        sim_report();
}
