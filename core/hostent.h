/* SPDX-License-Identifier: MIT */
#ifndef PIERI_HOSTENT_H
#define PIERI_HOSTENT_H

#include "resolver.h"

/* pier_gethostbyaddr() for what makes a step of it: host is not NULL. *out is
 * NULL on failure, which is recorded as the operation's. */
pier_err pieri_find_host(struct pier_hostent **out, const char *host,
                         const struct pieri_limit *limit,
                         const char *operation);

#endif
