/* SPDX-License-Identifier: MIT */
/* Hosts and services that are numbers: answered here, strictly, without the
 * system's resolver or its loose parser. */
#ifndef PIERI_NUMERIC_H
#define PIERI_NUMERIC_H

#include "platform.h"
#include <pier/resolver.h>

/*
 * *answered tells whether the result is the answer: a list, or an error. If
 * not, the system has to be asked.
 */
pier_err pieri_numeric_getaddrinfo(struct pier_addrinfo **out,
                                   const struct pierp_query *query,
                                   bool *answered);

pier_err pieri_numeric_getnameinfo(const struct pier_address *a, char *host,
                                   size_t host_capacity, char *service,
                                   size_t service_capacity);

#endif
