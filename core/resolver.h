/* SPDX-License-Identifier: MIT */
/* What forward and reverse look-ups share. */
#ifndef PIERI_RESOLVER_H
#define PIERI_RESOLVER_H

#include "pool.h"
#include <pier/resolver.h>

/* For a poll: whether the look-up has ended, well or not; and the job to wait
 * for, NULL when it was answered at once. */
enum pieri_lookup_state {
    PIERI_LOOKUP_RUNS,
    PIERI_LOOKUP_DONE,
    PIERI_LOOKUP_CANCELED
};
enum pieri_lookup_state pieri_lookup_state(const struct pier_lookup *l);
struct pieri_job *pieri_lookup_job(const struct pier_lookup *l);

/* What ends a caller's wait. */
struct pieri_limit {
    int64_t deadline;
    struct pier_cancel *cancel;
};

/* wait NULL: for ever. False: it is no structure that pier knows. */
bool pieri_limit_read(struct pieri_limit *out, const struct pier_wait *wait);

/* pier_getaddrinfo() for what makes a step of it; *out is NULL on failure. The
 * failure is recorded as its own. */
pier_err pieri_find(struct pier_addrinfo **out,
                    const struct pierp_query *query,
                    const struct pieri_limit *limit);

/* Records the failure of a look-up that a worker made. */
pier_err pieri_job_failed(const struct pieri_job *job, const char *operation);

#endif
