/* SPDX-License-Identifier: MIT */
/*
 * A wait in milliseconds ends with the clock tick that follows, up to 15.6 ms
 * late (Q93). Since Windows 10 1803 a timer can be asked to be exact; waits so
 * long that a tick does not matter do without its two calls.
 */
#include "wait.h"

#ifndef CREATE_WAITABLE_TIMER_HIGH_RESOLUTION
#define CREATE_WAITABLE_TIMER_HIGH_RESOLUTION 2
#endif

/* Windows 10 1803. What accepts the flag before it does so for nothing. */
#define BUILD_OF_HIGH_RESOLUTION 17134

#define NS_PER_TIMER_UNIT 100
#define SHORT_NS          INT64_C(100000000)

static HANDLE make(struct pierp_wake *own)
{
    if (!own->timer) {
        own->timer = CreateWaitableTimerExW(
            NULL, NULL, CREATE_WAITABLE_TIMER_HIGH_RESOLUTION,
            SYNCHRONIZE | TIMER_MODIFY_STATE);
    }
    return own->timer;
}

HANDLE win_short_timer(struct pierp_wake *own, int64_t timeout)
{
    LARGE_INTEGER due;
    HANDLE timer;

    if (timeout <= 0 || timeout > SHORT_NS ||
        win_build() < BUILD_OF_HIGH_RESOLUTION)
        return NULL;
    timer = make(own);
    /* Negative is from now; rounded up. */
    due.QuadPart = -((timeout + NS_PER_TIMER_UNIT - 1) / NS_PER_TIMER_UNIT);
    if (!timer || !SetWaitableTimer(timer, &due, 0, NULL, NULL, FALSE))
        return NULL;
    return timer;
}
