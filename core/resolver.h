/* SPDX-License-Identifier: MIT */
/* What forward and reverse look-ups share. */
#ifndef PIERI_RESOLVER_H
#define PIERI_RESOLVER_H

#include "pool.h"
#include <pier/resolver.h>

/* What ends a caller's wait. */
struct pieri_limit {
    int64_t deadline;
    struct pier_cancel *cancel;
};

/* wait NULL: for ever. False: it is no structure that pier knows. */
bool pieri_limit_read(struct pieri_limit *out, const struct pier_wait *wait);

/* Records the failure of a look-up that a worker made. */
pier_err pieri_job_failed(const struct pieri_job *job, const char *operation);

#endif
