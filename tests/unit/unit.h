/* SPDX-License-Identifier: MIT */
/* What the suites on the fake begin and end each test with, and the sockets
 * that most of them need. */
#ifndef UNIT_H
#define UNIT_H

#include "check.h"
#include "fake.h"

#include <pier/cancel.h>
#include <pier/constants.h>
#include <pier/message.h>
#include <pier/socket.h>

#define MS     PIER_MILLISECONDS(1)
#define SECOND PIER_SECONDS(1)

int begin_fake(void **state);
int end_fake(void **state);

/* A test on a new fake, which afterwards is found clean. */
#define ON_FAKE(function)                                                     \
    cmocka_unit_test_setup_teardown(function, begin_fake, end_fake)

/* The report of misuse that contains part is expected; it is taken away. */
void expect_misuse(const char *part);

/* ------------------------------------------------------------ sockets --- */

struct pier_socket *open_tcp(void);
struct pier_socket *open_udp(void);  /* bound to a port of its own */
struct pier_socket *open_path(void); /* AF_UNIX, a stream */
struct pier_socket *open_server(unsigned port, int backlog);

/* A stream to a scripted remote. */
struct pier_socket *open_connected(void);

/* The same, which takes no byte any more until its remote reads. */
struct pier_socket *open_blocked(void);

struct pier_address name_of(struct pier_socket *s);

/* --------------------------- what another thread does to a socket (fake_at,
 * fake_thread_start); argument is the socket, or the token --- */

void do_close(void *socket);
void do_free(void *socket);
void do_fire(void *token);
void do_shut_down(void *socket); /* both directions */
void do_nothing(void *unused);

/* ------------------------- calls that block for ever, for tests that end
 * them; each gives the result as one number --- */

struct blocking_call {
    const char *name;
    struct pier_socket *(*open)(void);
    ptrdiff_t (*run)(struct pier_socket *s);
    unsigned looks; /* polls that do not wait, before it waits */
};

extern const struct blocking_call blocking_calls[];
extern const size_t blocking_call_count;

#endif
