/* SPDX-License-Identifier: MIT */
/* A network of the test's own: Linux delivers no multicasts of IPv6 on its
 * loopback interface, but does between two that are joined. */
#ifndef NET_NETWORK_H
#define NET_NETWORK_H

#include <stdbool.h>

/* The address of the interface; and one that nobody has. */
#define OWN_ADDRESS   "fe80::77"
#define OTHER_ADDRESS "fe80::99"

/*
 * Moves the process into a network of its own with an interface that takes
 * multicasts. false: this user, or this machine, cannot.
 */
bool enter_own_network(void);

/* Makes the links of its loopback interface take so much; false: no. */
bool set_loopback_mtu(int bytes);

/* Allows TCP Fast Open there; false: the system has none. */
bool allow_fastopen(void);

/* The number of that interface. */
unsigned own_interface(void);

/* Whether an address that the system tells has the scope that was bound:
 * qemu swaps half the bytes of it where the two byte orders differ. */
bool tells_scopes(void);

#endif
