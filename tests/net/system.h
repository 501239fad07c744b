/* SPDX-License-Identifier: MIT */
/* What only the system of the tests knows; <system>/system.c. */
#ifndef NET_SYSTEM_H
#define NET_SYSTEM_H

#include <stdbool.h>

/* The control code that counts the bytes to be received. */
extern const unsigned long code_of_bytes_waiting;

/* The option that joins a source of a group of IPv6. */
extern const int option_of_sources;

/* Whether the system has an option of datagram sockets, of the level of IPv4
 * or IPv6: it refuses an empty value of one that it has in another way. */
bool has_option(int family, int level, int name);

/* The number of the loopback interface. */
unsigned loopback_index(void);

#endif
