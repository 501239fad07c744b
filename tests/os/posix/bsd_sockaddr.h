/* SPDX-License-Identifier: MIT */
/*
 * Addresses as BSD has them, on a system whose own are different: the first
 * byte is the length, the second one the family. What is checked here is a
 * backend's table of another system.
 */
#ifndef BSD_SOCKADDR_H
#define BSD_SOCKADDR_H

#include "check.h"

#include <platform.h>

/* Encoding gives these bytes, decoding them gives the fields again. */
void check_bsd_bytes(const struct pierp_fields *f, const void *bytes,
                     size_t length);

#endif
