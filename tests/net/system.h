/* SPDX-License-Identifier: MIT */
/* What only the system of the tests knows; <system>/system.c. */
#ifndef NET_SYSTEM_H
#define NET_SYSTEM_H

/* The control code that counts the bytes to be received. */
extern const unsigned long code_of_bytes_waiting;

/* The number of the loopback interface. */
unsigned loopback_index(void);

#endif
