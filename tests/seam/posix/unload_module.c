/* SPDX-License-Identifier: MIT */
/* The backend in a library of its own, with one door. */
#include <platform.h>

#include "unload.h"

__attribute__((visibility("default"))) pier_err unload_wait(void)
{
    struct pierp_wake *own;
    unsigned got;
    pier_err err = pierp_start();

    if (err == PIER_OK)
        err = pierp_thread_wake(&own);
    if (err == PIER_OK)
        err = pierp_wait(PIER_INVALID_HANDLE, 0, &own, 1, 1, &got);
    return err;
}
