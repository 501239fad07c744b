/* SPDX-License-Identifier: MIT */
/* A resolver that says nothing: what a program links that defines the
 * system's own look-ups, getaddrinfo() and getnameinfo(), in their place. */
#ifndef NET_STUCK_H
#define NET_STUCK_H

/* Stands until release_resolver() is called. */
void stand_in_resolver(void);

/* Lets every look-up that stands in the resolver fail. */
void release_resolver(void);

#endif
