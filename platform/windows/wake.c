/* SPDX-License-Identifier: MIT */
#include "wait.h"

#define LOCK_COUNT 32 /* a power of two */

/*
 * The locks of the wakes, found by their addresses; all zero is SRWLOCK_INIT.
 * They are not inside the wakes because a thread that a signal has woken may
 * end, and free its wake, while the signaller is still letting go.
 */
static SRWLOCK locks[LOCK_COUNT];

static SRWLOCK *lock_of(const struct pierp_wake *wake)
{
    uintptr_t bits = (uintptr_t)wake >> 5;

    return &locks[(bits ^ bits >> 5) % LOCK_COUNT];
}

pier_err pierp_wake_new(struct pierp_wake **out)
{
    HANDLE event = CreateEventW(NULL, TRUE, FALSE, NULL);
    struct pierp_wake *wake;

    if (!event)
        return win_fail();
    wake = pierp_alloc(sizeof(*wake));
    if (!wake) {
        CloseHandle(event);
        return win_fail_with(ERROR_NOT_ENOUGH_MEMORY);
    }
    *out = wake;
    wake->event = event;
    wake->loop = INVALID_SOCKET;
    return PIER_OK;
}

static void wait_for_signallers(const struct pierp_wake *wake)
{
    AcquireSRWLockExclusive(lock_of(wake));
    ReleaseSRWLockExclusive(lock_of(wake));
}

static void close_all(const struct pierp_wake *wake)
{
    if (wake->loop != INVALID_SOCKET)
        closesocket(wake->loop);
    if (wake->timer)
        CloseHandle(wake->timer);
    if (wake->io)
        CloseHandle(wake->io);
    CloseHandle(wake->event);
}

void pierp_wake_free(struct pierp_wake *wake)
{
    if (wake) {
        wait_for_signallers(wake);
        close_all(wake);
        pierp_free(wake);
    }
}

/*
 * The event comes first: a wait that registers after the loop has run sees
 * it. A full loop socket refuses the byte, and is readable already.
 */
void pierp_wake_signal(struct pierp_wake *wake)
{
    SRWLOCK *lock = lock_of(wake);
    const struct win_watch *watch;

    AcquireSRWLockShared(lock);
    SetEvent(wake->event);
    for (watch = wake->watches; watch; watch = watch->next)
        send(watch->loop, "", 1, 0);
    ReleaseSRWLockShared(lock);
}

void pierp_wake_drain(struct pierp_wake *wake)
{
    ResetEvent(wake->event);
}

void win_watch(struct win_watch *watch, struct pierp_wake *wake, SOCKET loop)
{
    watch->loop = loop;
    watch->link = &wake->watches;
    AcquireSRWLockExclusive(lock_of(wake));
    watch->next = wake->watches;
    if (watch->next)
        watch->next->link = &watch->next;
    wake->watches = watch;
    ReleaseSRWLockExclusive(lock_of(wake));
}

void win_unwatch(struct win_watch *watch, struct pierp_wake *wake)
{
    AcquireSRWLockExclusive(lock_of(wake));
    *watch->link = watch->next;
    if (watch->next)
        watch->next->link = watch->link;
    ReleaseSRWLockExclusive(lock_of(wake));
}
