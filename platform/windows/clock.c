/* SPDX-License-Identifier: MIT */
#include "priv.h"

/* RtlGenRandom; ntsecapi.h declares it only for those who include more. */
BOOLEAN NTAPI SystemFunction036(PVOID buffer, ULONG length);

#define NANOSECONDS 1000000000

/* Fixed at boot, so threads that store it twice store the same. */
static int64_t ticks_per_second(void)
{
    static _Atomic int64_t known;
    int64_t ticks = atomic_load_explicit(&known, memory_order_relaxed);
    LARGE_INTEGER asked;

    if (ticks)
        return ticks;
    QueryPerformanceFrequency(&asked);
    atomic_store_explicit(&known, asked.QuadPart, memory_order_relaxed);
    return asked.QuadPart;
}

int64_t pierp_clock(void)
{
    int64_t rate = ticks_per_second();
    LARGE_INTEGER now;

    QueryPerformanceCounter(&now);
    /* In two parts: the product of the whole would overflow in a few years
     * of a fast counter. 1 more, because 0 is no time. */
    return now.QuadPart / rate * NANOSECONDS +
           now.QuadPart % rate * NANOSECONDS / rate + 1;
}

pier_err pierp_random(void *buffer, size_t length)
{
    unsigned char *at = buffer;

    while (length > 0) {
        ULONG part = length > 0x10000 ? 0x10000 : (ULONG)length;

        if (!SystemFunction036(at, part))
            return win_fail_with(ERROR_GEN_FAILURE);
        at += part;
        length -= part;
    }
    return PIER_OK;
}
