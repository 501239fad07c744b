/* SPDX-License-Identifier: MIT */
/* Virtual time and what happens as it passes. */
#include "inside.h"

#include <stdlib.h>

_Atomic unsigned pierp_generation;

static int64_t now = FAKE_BEGIN;
static struct sim_event *events; /* in the order of time, then of making */
static int64_t tick;
static bool started;
static uint64_t random_state;

int64_t sim_clock(void)
{
    return now;
}

int64_t pierp_clock(void)
{
    sim_count(FAKE_CLOCK);
    now += tick;
    return now;
}

void fake_clock_ticks(int64_t ns)
{
    tick = ns;
}

int64_t fake_now(void)
{
    return now - FAKE_BEGIN;
}

pier_err pierp_start(void)
{
    pier_err err;

    if (started)
        return PIER_OK;
    err = sim_enter(FAKE_START);
    started = !err;
    return err;
}

pier_err pierp_random(void *buffer, size_t length)
{
    unsigned char *bytes = buffer;
    pier_err err = sim_enter(FAKE_RANDOM);

    if (err)
        return err;
    for (size_t i = 0; i < length; i++) {
        random_state = random_state * UINT64_C(6364136223846793005) + 1;
        bytes[i] = (unsigned char)(random_state >> 56);
    }
    return PIER_OK;
}

struct sim_event *sim_event_new(int64_t delay,
                                void (*happen)(struct sim_event *event))
{
    struct sim_event *event = sim_new(sizeof(*event));
    struct sim_event **place = &events;

    event->due = delay > 0 ? now + delay : now;
    event->happen = happen;
    while (*place && (*place)->due <= event->due)
        place = &(*place)->next;
    event->next = *place;
    *place = event;
    return event;
}

static void discard(struct sim_event *event)
{
    free(event->bytes);
    free(event);
}

void sim_events_drop(const struct sim_socket *socket)
{
    struct sim_event **place = &events;

    while (*place) {
        struct sim_event *event = *place;

        if (event->socket != socket) {
            place = &event->next;
            continue;
        }
        *place = event->next;
        discard(event);
    }
}

size_t sim_events_of(void (*happen)(struct sim_event *event))
{
    size_t count = 0;

    for (const struct sim_event *e = events; e; e = e->next)
        count += e->happen == happen;
    return count;
}

void sim_events_run(void)
{
    while (events && events->due <= now) {
        struct sim_event *event = events;

        events = event->next;
        event->happen(event);
        discard(event);
    }
}

bool sim_time_move(int64_t until)
{
    int64_t next = events && events->due < until ? events->due : until;

    if (next == SIM_NEVER)
        return false;
    if (next > now)
        now = next;
    return true;
}

void sim_clock_reset(void)
{
    while (events) {
        struct sim_event *event = events;

        events = event->next;
        discard(event);
    }
    now = FAKE_BEGIN;
    tick = 0;
    started = false;
    random_state = 0;
}
