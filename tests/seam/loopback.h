/* SPDX-License-Identifier: MIT */
/* Sockets on loopback, ready to be used, for the suites of the seam. */
#ifndef SEAM_LOOPBACK_H
#define SEAM_LOOPBACK_H

#include "check.h"

#include <pier/constants.h>
#include <platform.h>

#define MS           INT64_C(1000000)
#define SECONDS      (1000 * MS)
#define ANY_PORT     0
#define NOT_A_HANDLE ((pier_handle)-77)

/* A suite's setup: makes sockets usable. */
int start_seam(void **state);

struct pier_address loopback(int family, uint16_t port);
uint16_t port_of(const struct pier_address *a);

/* Bound to a port of its own on loopback; *where is its address. */
pier_handle open_bound(int family, int type, struct pier_address *where);
pier_handle open_listener(struct pier_address *where);

/* A port of loopback where nobody listens. */
struct pier_address closed_port(void);

/* ends[0] has connected, ends[1] was accepted. */
void open_connection(pier_handle ends[2]);

/* What became of a connect that gave started, after at most ten seconds. */
pier_err end_connect(pier_handle h, pier_err started);

/* Accepts when somebody has connected. */
pier_handle accept_soon(pier_handle listener, struct pier_address *peer);

/* Waits at most ten seconds, on the thread's own wake. */
unsigned wait_for(pier_handle h, unsigned want);

/* Waits till there is something, then receives once. */
ptrdiff_t receive(pier_handle h, void *buffer, size_t length);

void close_all(const pier_handle *handles, size_t count);

#endif
