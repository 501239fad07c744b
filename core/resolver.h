/* SPDX-License-Identifier: MIT */
/* What forward and reverse look-ups share. */
#ifndef PIERI_RESOLVER_H
#define PIERI_RESOLVER_H

#include "pool.h"
#include <pier/resolver.h>

/* How long a caller waits; NULL stands for ever. */
bool pieri_is_wait(const struct pier_wait *wait);
int64_t pieri_wait_deadline(const struct pier_wait *wait);
struct pier_cancel *pieri_wait_cancel(const struct pier_wait *wait);

/* Records the failure of a look-up that a worker made. */
pier_err pieri_job_failed(const struct pieri_job *job, const char *operation);

#endif
