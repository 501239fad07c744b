/* SPDX-License-Identifier: MIT */
/* The system below the model: as much of the seam as its operations reach. */
#include "world.h"

_Atomic unsigned pierp_generation;
const bool pierp_mode_follows = true;

int64_t pierp_clock(void)
{
    return world_thread()->late ? 1 + 2 * MODEL_TIMEOUT : 1;
}

void pierp_free(void *block)
{
    if (block != &world.socket)
        world_fail("something else than the socket is freed");
    if (world.freed)
        world_fail("the memory is freed twice");
    world.freed = true;
}

void pierp_lock(const void *subject)
{
    if (subject != &world.socket)
        world_fail("something else than the socket is locked");
    if (world.lock_owner == world.running)
        world_fail("a thread takes the lock twice");
    (void)world_step(STEP_LOCK);
    world.lock_owner = world.running;
}

void pierp_unlock(const void *subject)
{
    if (subject != &world.socket || world.lock_owner != world.running)
        world_fail("a thread gives back what it has not locked");
    world.lock_owner = -1;
}

void *pierp_thread_storage(void)
{
    return &world_thread()->storage;
}

pier_err pierp_thread_wake(struct pierp_wake **out)
{
    *out = &world_thread()->wake;
    return PIER_OK;
}

void pierp_wake_signal(struct pierp_wake *wake)
{
    (void)world_step(STEP_SIGNAL);
    wake->signalled = true;
}

void pierp_wake_drain(struct pierp_wake *wake)
{
    (void)world_step(STEP_DRAIN);
    wake->signalled = false;
}

static void check_handle(pier_handle h)
{
    if (h != MODEL_HANDLE || world.released)
        world_fail("the handle is touched after it was released");
}

pier_err pierp_wait(pier_handle h, unsigned want,
                    struct pierp_wake *const *wakes, size_t wake_count,
                    int64_t timeout, unsigned *got)
{
    struct thread *t = world_thread();
    unsigned way;

    (void)want;
    if (wake_count != 1 || wakes[0] != &t->wake)
        world_fail("a wait watches something else than its own wake");
    t->waits_for = h;
    t->left = timeout;
    way = world_step(STEP_WAIT);
    if (h != PIER_INVALID_HANDLE)
        check_handle(h);
    t->waits_for = PIER_INVALID_HANDLE;
    t->left = 0;
    *got = 0;
    if (way == WAY_LATE) {
        t->late = true;
    } else {
        *got = way == WAY_WOKEN ? PIERP_WOKEN : PIERP_READY;
    }
    return PIER_OK;
}

static void check_nobody_waits(void)
{
    for (const struct thread *t = world.threads; t < world.threads + THREADS;
         t++) {
        if (t->step == STEP_WAIT && t->waits_for == MODEL_HANDLE)
            world_fail("the handle is released under a call that waits");
    }
}

pier_err pierp_close(pier_handle h)
{
    (void)world_step(STEP_RELEASE);
    check_handle(h);
    check_nobody_waits();
    if (world.socket.state & PIERI_DETACHED)
        world_fail("a detached handle is released");
    world.released = true;
    return PIER_OK;
}

pier_err pierp_set_nonblocking(pier_handle h, bool on)
{
    (void)on;
    check_handle(h);
    return PIER_OK;
}

/* What failed is the caller's to look at; nothing is kept for later. */
pier_err pieri_fail(const char *operation, pier_err code,
                    const struct pier_address *address)
{
    (void)operation;
    (void)address;
    return code;
}

pier_err pieri_os_fail(const char *operation, pier_err code,
                       const struct pier_address *address)
{
    return pieri_fail(operation, code, address);
}

/* What these operations never reach. */
pier_err pierp_poll(struct pierp_pollitem *items, size_t count,
                    struct pierp_wake *const *wakes, size_t wake_count,
                    int64_t timeout, unsigned *got)
{
    (void)items;
    (void)count;
    (void)wakes;
    (void)wake_count;
    (void)timeout;
    (void)got;
    world_fail("a call polls");
}

pier_err pierp_wake_new(struct pierp_wake **out)
{
    (void)out;
    world_fail("a token makes a wake");
}

void pierp_wake_free(struct pierp_wake *wake)
{
    (void)wake;
    world_fail("a token frees a wake");
}
