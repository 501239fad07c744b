/* SPDX-License-Identifier: MIT */
#include <pier/time.h>

#include <pier/error.h>

#include "platform.h"

#define SECOND 1000000000.0
#define LIMIT  9223372036854775808.0 /* 2^63, exact as a double */

pier_err pier_timeout_from_double(double seconds, pier_timeout *out)
{
    /* Rounded to a double here: a wider register would keep a remainder of
     * 0.1 s that none of its decimal digits has, and round that up. */
    volatile double nanoseconds;
    pier_timeout whole;

    if (!out || !(seconds >= 0)) /* NaN is not greater than anything */
        return PIER_EINVAL;
    nanoseconds = seconds * SECOND;
    if (nanoseconds >= LIMIT)
        return PIER_ERANGE;
    whole = (pier_timeout)nanoseconds;
    /* Above 2^53 a double is whole, so this does not overflow. */
    if ((double)whole < nanoseconds)
        whole++;
    *out = whole;
    return PIER_OK;
}

double pier_timeout_to_double(pier_timeout t)
{
    return (double)t / SECOND;
}

int64_t pier_monotonic(void)
{
    return pierp_clock();
}
