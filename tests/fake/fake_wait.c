/* SPDX-License-Identifier: MIT */
/* Wakes, and the wait itself. */
#include "inside.h"

#include <stdlib.h>

static struct pierp_wake *wakes;
static unsigned early;
static unsigned early_got;
static unsigned interruptions;
static int64_t longest;

struct pierp_wake *sim_wake_new(struct sim_thread *owner)
{
    struct pierp_wake *wake = sim_new(sizeof(*wake));

    wake->owner = owner;
    wake->next = wakes;
    wakes = wake;
    return wake;
}

pier_err pierp_wake_new(struct pierp_wake **out)
{
    pier_err err = sim_enter(FAKE_WAKE_NEW);

    if (err)
        return err;
    *out = sim_wake_new(NULL);
    return PIER_OK;
}

/* Freed wakes stay until the reset, so that their use is noticed. */
void pierp_wake_free(struct pierp_wake *wake)
{
    if (!wake)
        return;
    if (wake->freed || wake->owner)
        sim_misuse("a wake is freed that is not there to be freed");
    wake->freed = true;
}

static void check_wake(const struct pierp_wake *wake, const char *what)
{
    if (wake->freed)
        sim_misuse("a wake is %s that is freed", what);
    if (wake->is_parents)
        sim_misuse("a wake is %s that is the parent's", what);
}

void pierp_wake_signal(struct pierp_wake *wake)
{
    sim_count(FAKE_WAKE_SIGNAL);
    check_wake(wake, "signalled");
    wake->signalled = true;
}

void pierp_wake_drain(struct pierp_wake *wake)
{
    sim_count(FAKE_WAKE_DRAIN);
    check_wake(wake, "drained");
    wake->signalled = false;
}

static void check_wakes(struct pierp_wake *const *list, size_t count)
{
    if (count > PIERP_WAKES_MAX)
        sim_misuse("a wait has %u wakes", (unsigned)count);
    if (count && list[0]->owner != sim_self())
        sim_misuse("the first wake of a wait is not its thread's");
    for (size_t i = 0; i < count; i++)
        check_wake(list[i], "waited for");
}

static unsigned holds_now(const struct sim_wait *w)
{
    const struct sim_socket *s = sim_find(w->h);
    unsigned got = s && sim_ready(s, w->want) ? PIERP_READY : 0;

    if (sim_poll(w->items, w->item_count))
        got = PIERP_READY;
    for (size_t i = 0; i < w->wake_count; i++) {
        if (w->wakes[i]->signalled)
            got |= PIERP_WOKEN;
    }
    return got;
}

/* Ends that the test has asked for of a wait that would stand, or, of false
 * readiness, of any wait. */
static bool ends_early(int64_t timeout, pier_err *err, unsigned *got)
{
    if (interruptions && timeout != 0) {
        interruptions--;
        *err = sim_fail(PIER_EINTR);
        return true;
    }
    if (early && (timeout != 0 || early_got)) {
        early--;
        *got = early_got;
        return true;
    }
    return false;
}

static int64_t end_of(int64_t timeout)
{
    if (longest && (timeout < 0 || timeout > longest))
        timeout = longest;
    if (timeout < 0 || timeout > SIM_NEVER - sim_clock())
        return SIM_NEVER;
    return sim_clock() + timeout;
}

static pier_err stand(const struct sim_wait *w, unsigned *got)
{
    unsigned holds = sim_block(w);

    if (holds & SIM_INTERRUPTED)
        return sim_fail(PIER_EINTR);
    *got = holds & (SIM_READY | SIM_WOKEN);
    return PIER_OK;
}

pier_err sim_wait_for(struct sim_wait *w, int64_t timeout, unsigned *got)
{
    pier_err err = PIER_OK;
    unsigned holds;

    check_wakes(w->wakes, w->wake_count);
    if (sim_lock_held())
        sim_misuse("a thread waits while it holds a lock");
    if (timeout != 0)
        sim_may_block();
    sim_events_run();
    holds = holds_now(w);
    if (!holds && ends_early(timeout, &err, got))
        return err;
    if (!holds && timeout != 0) {
        w->until = end_of(timeout);
        return stand(w, got);
    }
    *got = holds;
    return PIER_OK;
}

pier_err pierp_wait(pier_handle h, unsigned want,
                    struct pierp_wake *const *list, size_t wake_count,
                    int64_t timeout, unsigned *got)
{
    struct sim_wait w = { .h = h,
                          .want = want,
                          .wakes = list,
                          .wake_count = wake_count,
                          .interruptible = true };
    pier_err err = sim_enter(FAKE_WAIT);

    if (err)
        return err;
    if (h != PIER_INVALID_HANDLE && !sim_find_handle(h)) {
        sim_misuse("a wait for handle %lld, which is not open", (long long)h);
        *got = PIERP_READY;
        return PIER_OK;
    }
    return sim_wait_for(&w, timeout, got);
}

void fake_wait_early(unsigned n, unsigned got)
{
    early = n;
    early_got = got;
}

void fake_wait_longest(int64_t ns)
{
    longest = ns;
}

void fake_interrupt_wait(unsigned n)
{
    interruptions = n;
}

unsigned fake_wakes(void)
{
    unsigned count = 0;

    for (const struct pierp_wake *w = wakes; w; w = w->next)
        count += !w->freed && !w->owner;
    return count;
}

void sim_wakes_keep(void)
{
    for (struct pierp_wake *w = wakes; w; w = w->next)
        w->kept = true;
}

void sim_wakes_leave(void)
{
    for (struct pierp_wake *w = wakes; w; w = w->next) {
        w->kept = true;
        w->is_parents = true;
    }
}

size_t sim_wakes_left(void)
{
    size_t count = 0;

    for (const struct pierp_wake *w = wakes; w; w = w->next)
        count += !w->freed && !w->owner && !w->kept;
    if (count)
        sim_misuse("%u wakes were not freed", (unsigned)count);
    return count;
}

void sim_wakes_reset(void)
{
    struct pierp_wake **place = &wakes;

    while (*place) {
        struct pierp_wake *w = *place;

        if (w->kept && !w->freed && !w->owner) {
            place = &w->next;
            continue;
        }
        *place = w->next;
        free(w);
    }
}

void sim_waits_reset(void)
{
    early = 0;
    interruptions = 0;
    longest = 0;
}
