/* SPDX-License-Identifier: MIT */
/* Real sockets on loopback through the public API, ready to be used. */
#ifndef NET_H
#define NET_H

#include "check.h"
#include "expected.h"

#include <pier/pier.h>

#define ANY_PORT    0
#define MS          PIER_MILLISECONDS(1)
#define SECOND      PIER_SECONDS(1)
#define SOON        (2 * SECOND) /* every ended call ends before this */
#define SOCKETS_MAX 64

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

struct pier_address loopback(int family, int port);
struct pier_address name_of(struct pier_socket *s);

/* A port of loopback where nobody listens. */
struct pier_address closed_port(void);

/* Whether this system has IPv6 loopback, and AF_UNIX. */
bool has_ipv6(void);
bool has_unix(void);

/* Those sockets that a test opened with the functions below are freed after
 * it, whatever became of it, by this teardown. */
int free_sockets(void **state);
struct pier_socket *keep(struct pier_socket *s);

/* Frees one earlier. */
void let_go(struct pier_socket *s);

struct pier_socket *open_socket(int family, int type);
struct pier_socket *open_bound(int family, int type);
struct pier_socket *open_listener(int family, int backlog);
struct pier_socket *accept_one(struct pier_socket *listener);

/* ends[0] has connected, ends[1] was accepted. */
void open_streams(int family, struct pier_socket *ends[2]);

/* Two datagram sockets, each bound to a port of its own. */
void open_datagrams(int family, struct pier_socket *ends[2]);

/* A pair of the system's, or the emulated one. */
void open_pair(int family, int type, struct pier_socket *ends[2]);

/* A new path for an AF_UNIX socket, in the directory of the test; the file is
 * removed after the test. */
struct pier_address unix_path(void);

/* Sends until the stream takes no more. */
void fill(struct pier_socket *s);

/* A listener whose queue is full: a connect to it stays under way. */
struct pier_address full_listener(int family);

/* Exactly length bytes arrive and are those of text. */
void check_arrives(struct pier_socket *s, const char *text);

/* A test of this program whose sockets are freed after it. */
#define NET_TEST(function) cmocka_unit_test_teardown(function, free_sockets)

#endif
