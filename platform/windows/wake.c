/* SPDX-License-Identifier: MIT */
#include "wait.h"

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
    InitializeSRWLock(&wake->lock);
    return PIER_OK;
}

void pierp_wake_free(struct pierp_wake *wake)
{
    if (!wake)
        return;
    if (wake->loop != INVALID_SOCKET)
        closesocket(wake->loop);
    if (wake->timer)
        CloseHandle(wake->timer);
    if (wake->io)
        CloseHandle(wake->io);
    CloseHandle(wake->event);
    pierp_free(wake);
}

/*
 * The event comes first: a wait that registers after the loop below has run
 * sees it. A full loop socket refuses the byte, and is readable already.
 */
void pierp_wake_signal(struct pierp_wake *wake)
{
    struct win_watch *watch;

    SetEvent(wake->event);
    AcquireSRWLockShared(&wake->lock);
    for (watch = wake->watches; watch; watch = watch->next)
        send(watch->loop, "", 1, 0);
    ReleaseSRWLockShared(&wake->lock);
}

void pierp_wake_drain(struct pierp_wake *wake)
{
    ResetEvent(wake->event);
}

void win_watch(struct win_watch *watch, struct pierp_wake *wake, SOCKET loop)
{
    watch->loop = loop;
    watch->link = &wake->watches;
    AcquireSRWLockExclusive(&wake->lock);
    watch->next = wake->watches;
    if (watch->next)
        watch->next->link = &watch->next;
    wake->watches = watch;
    ReleaseSRWLockExclusive(&wake->lock);
}

void win_unwatch(struct win_watch *watch, struct pierp_wake *wake)
{
    AcquireSRWLockExclusive(&wake->lock);
    *watch->link = watch->next;
    if (watch->next)
        watch->next->link = watch->link;
    ReleaseSRWLockExclusive(&wake->lock);
}
