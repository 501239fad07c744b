/* SPDX-License-Identifier: MIT */
/* How core notes what failed, for pier_error_detail() of the same thread. */
#ifndef PIERI_ERROR_H
#define PIERI_ERROR_H

#include "platform.h"

/* What core keeps for each thread, in pierp_thread_storage(). */
struct pieri_thread {
    struct pier_detail detail;
    unsigned waits; /* nested ones: see waiter.c */
    bool disturbed; /* a wait inside another may have taken its signal */
};

_Static_assert(sizeof(struct pieri_thread) <= PIERP_THREAD_STORAGE,
               "the seam's thread storage is too small");

/* The thread's latest failure, kept over steps whose failures are no failure
 * of the call: one that succeeds leaves the detail as it was. */
struct pier_detail pieri_detail_save(void);
void pieri_detail_restore(const struct pier_detail *detail);

/*
 * All note that operation (static text) failed with code, and return code.
 * address is copied; NULL: none. pieri_fail() is for what pier itself found;
 * pieri_os_fail(), right after a failed seam call, keeps the system's code;
 * pieri_native_fail() is told it, when the call was another thread's.
 */
pier_err pieri_fail(const char *operation, pier_err code,
                    const struct pier_address *address);
pier_err pieri_os_fail(const char *operation, pier_err code,
                       const struct pier_address *address);
pier_err pieri_native_fail(const char *operation, pier_err code,
                           int native_code);

#endif
