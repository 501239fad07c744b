/* SPDX-License-Identifier: MIT */
/*
 * The seam: the only thing core/ knows of an operating system.
 *
 * Three providers implement it, one is chosen at link time: platform/posix,
 * platform/windows and tests/fake. What holds for every function:
 *
 * - The result is 0 or a count, or a negative PIER_E* code. A failing call
 *   keeps the system's own code for pierp_native_error().
 * - One function makes one attempt. It does not retry, loop for completeness,
 *   read the clock or decide a mode; an interruption comes back as PIER_EINTR.
 * - Only pierp_wait(), the name look-ups and, while a disk works, the calls
 *   on files block. Data calls never do, whatever the mode of the handle,
 *   where the system can ask for that per call (MSG_DONTWAIT); accept, connect
 *   do not when the handle is non-blocking, which core sees to.
 * - On failure out-parameters are untouched and nothing is left open.
 * - Text is UTF-8 and NUL-terminated; lengths are bytes; a backend that has
 *   only int clamps a length, it never truncates it.
 * - What a system lacks returns PIER_ENOTSUP.
 * - Every function may be called by any thread, unless it says otherwise.
 *
 * Users include this file alone; the other headers here are parts of it.
 */
#ifndef PIERP_PLATFORM_H
#define PIERP_PLATFORM_H

#include <pier/address.h>
#include <pier/error.h>
#include <stdatomic.h>

#include "platform_files.h"
#include "platform_handover.h"
#include "platform_names.h"
#include "platform_options.h"

/* ------------------------------------------------------------- life --- */

/*
 * Makes the system's sockets usable (WSAStartup) and prepares for fork. Core
 * calls it before anything that makes or takes a handle, token or look-up;
 * every call after the first success costs one load.
 */
pier_err pierp_start(void);

/*
 * How many forks lie between the process that started pier and this one. The
 * backend counts it up in a child before user code runs there; core compares
 * it to find state that belonged to the parent. Always 0 where there is no
 * fork.
 */
extern _Atomic unsigned pierp_generation;

/* ------------------------------------------------------------ clock --- */

/* Nanoseconds of a monotonic clock, arbitrary origin, never 0 or negative. */
int64_t pierp_clock(void);

/* Fills buffer with random bytes fit for secrets. */
pier_err pierp_random(void *buffer, size_t length);

/* ----------------------------------------------------------- errors --- */

/* The system's code for this thread's latest failed seam call; 0 if none. */
int pierp_native_error(void);

/* The PIER_E* code of a native code; PIER_EUNKNOWN without a meaning. */
pier_err pierp_error_from_native(int native_code);

/* The other way round, for codes of calls, of look-ups (EAI_*) and of h_errno
 * alike; 0 where the system has no number for it. */
int pierp_error_to_native(pier_err code);

/* ----------------------------------------------------------- memory --- */

/* Zeroed memory aligned for any type, or NULL; bytes is never 0. */
void *pierp_alloc(size_t bytes);
void pierp_free(void *block); /* NULL is fine */

/* ---------------------------------------------------------- threads --- */

/*
 * The lock that guards subject. Locks are static, found by the address, and
 * may be shared between subjects: a thread holds one at a time and calls
 * nothing that takes another. In the child of a fork all are free.
 */
void pierp_lock(const void *subject);
void pierp_unlock(const void *subject);

/* Runs run(argument) in a new detached thread with all signals blocked. */
pier_err pierp_thread_start(void (*run)(void *argument), void *argument);

#define PIERP_THREAD_STORAGE 256

/*
 * PIERP_THREAD_STORAGE bytes of the calling thread, aligned for any type, all
 * zero at first, gone with the thread. NULL when memory lacks.
 */
void *pierp_thread_storage(void);

/* ------------------------------------------------------------ wakes --- */

/*
 * Something that ends a wait: an eventfd or a pipe, or an NT event. A signal
 * stays until it is drained; any number of waits may watch one wake.
 */
struct pierp_wake;

pier_err pierp_wake_new(struct pierp_wake **out);
void pierp_wake_free(struct pierp_wake *wake); /* NULL is fine */

/* Never fails or blocks; safe in a signal handler or a console handler. */
void pierp_wake_signal(struct pierp_wake *wake);
void pierp_wake_drain(struct pierp_wake *wake);

/*
 * The calling thread's own wake, made at first need and freed when the thread
 * ends; the child of a fork gets a new one. PIER_EMFILE, PIER_ENOMEM when it
 * cannot be made.
 */
pier_err pierp_thread_wake(struct pierp_wake **out);

enum {
    PIERP_READ = 1,    /* receive or accept would not block */
    PIERP_WRITE = 2,   /* send would not block */
    PIERP_CONNECT = 4, /* a connect in progress has ended, well or badly */
    PIERP_EVENT = 8,   /* alone: the handle is that of a transmission */
};

enum {
    PIERP_READY = 1, /* what was wanted, or an error or hang-up */
    PIERP_WOKEN = 2, /* at least one of wakes is signalled */
};

#define PIERP_WAKES_MAX 4

/*
 * Waits up to timeout nanoseconds (negative: without limit) until h is ready
 * for want or one of wakes is signalled; with PIER_INVALID_HANDLE for the
 * wakes or the time alone. *got is 0 when the time passed and may be 0
 * earlier, because a system limits one wait or wakes spuriously: the caller
 * owns the deadline. The timeout is rounded up, never down.
 *
 * wakes[0], if there is one, is the calling thread's own wake, through which
 * a backend may keep what its waits need. wake_count is at most
 * PIERP_WAKES_MAX. No wake is drained.
 *
 * A handle that the system calls bad counts as ready: the attempt that
 * follows reports it.
 */
pier_err pierp_wait(pier_handle h, unsigned want,
                    struct pierp_wake *const *wakes, size_t wake_count,
                    int64_t timeout, unsigned *got);

/*
 * What may come of a handle, in the numbers of PIER_POLL*. IN: a receive or
 * accept would not wait. PRI: urgent data. OUT: a send would not wait, or a
 * connect has ended, well or badly. RDHUP: the peer sends no more. Unasked as
 * well: ERR, HUP (no way to receive or send is left), NVAL (no open socket).
 */
enum {
    PIERP_POLL_IN = 1,
    PIERP_POLL_PRI = 2,
    PIERP_POLL_OUT = 4,
    PIERP_POLL_ERR = 8,
    PIERP_POLL_HUP = 16,
    PIERP_POLL_NVAL = 32,
    PIERP_POLL_RDHUP = 64,
};

/* With PIER_INVALID_HANDLE it is passed over, and revents is 0. */
struct pierp_pollitem {
    pier_handle handle;
    unsigned events;
    unsigned revents;
};

/*
 * pierp_wait() for any number of handles. PIERP_READY in *got: an item has
 * revents; on failure they mean nothing. A stream that was never connected has
 * nothing to tell. As there *got may be 0 before the time has passed: what
 * a system would report again and again, though nobody asked for it, is looked
 * at in intervals instead.
 *
 * Beyond a few handles it allocates: PIER_ENOMEM.
 */
pier_err pierp_poll(struct pierp_pollitem *items, size_t count,
                    struct pierp_wake *const *wakes, size_t wake_count,
                    int64_t timeout, unsigned *got);

/* ---------------------------------------------------------- handles --- */

/*
 * A new socket: non-blocking, never inherited (atomically where the system
 * can), raising no SIGPIPE, with Winsock's UDP reset noise off.
 */
pier_err pierp_open(pier_handle *out, int family, int type, int protocol);

/* Two connected sockets as pierp_open() makes them; PIER_ENOTSUP or the
 * system's refusal where it has no pair of that kind. */
pier_err pierp_pair(pier_handle out[2], int family, int type, int protocol);

/*
 * Prepares a handle from elsewhere as pierp_open() would have (inheritance
 * aside) and finds what it is: family, type, protocol that are negative on
 * entry are filled in. PIER_EBADF, PIER_ENOTSOCK when it is no socket.
 */
pier_err pierp_adopt(pier_handle h, int *family, int *type, int *protocol);

/* A second handle for the same socket, never inherited. */
pier_err pierp_dup(pier_handle *out, pier_handle h);

/* Releases h whatever it returns; never call it twice. A connection that was
 * reset by its peer is no failure. */
pier_err pierp_close(pier_handle h);

pier_err pierp_set_nonblocking(pier_handle h, bool on);

/* Whether the mode of a handle may follow its socket's timeout (POSIX), or
 * handles are always non-blocking (Windows, where it cannot be read). */
extern const bool pierp_mode_follows;

pier_err pierp_get_inheritable(pier_handle h, bool *out);
pier_err pierp_set_inheritable(pier_handle h, bool on);

/* ------------------------------------------------------- connecting --- */

pier_err pierp_bind(pier_handle h, const struct pier_address *a);

/* The bind of a server that must not be robbed nor kept waiting: before it
 * SO_REUSEADDR on POSIX, SO_EXCLUSIVEADDRUSE on Windows. Datagrams: plain. */
pier_err pierp_bind_server(pier_handle h, const struct pier_address *a);

/* backlog negative: the system's largest; above its limit: clamped. A socket
 * without a name gets its family's wildcard and a port. */
pier_err pierp_listen(pier_handle h, int backlog);

/*
 * A connection from the queue, its handle as pierp_open() makes them. peer
 * may be NULL. PIER_ECONNABORTED stands for every error that belongs to a
 * connection that died in the queue: the next one may be fine.
 */
pier_err pierp_accept(pier_handle *out, pier_handle h,
                      struct pier_address *peer);

/*
 * Starts to connect. PIER_EINPROGRESS: wait for PIERP_CONNECT, then ask
 * pierp_connect_result(); an interrupted connect goes on and is that too.
 * PIER_EAGAIN: the queue of an AF_UNIX listener is full. The unspecified
 * address means loopback on every system.
 */
pier_err pierp_connect(pier_handle h, const struct pier_address *a);

/* How a connect in progress ended; PIER_EINPROGRESS: not yet. */
pier_err pierp_connect_result(pier_handle h);

/* how: 0 receive, 1 send, 2 both, on every system. PIER_ENOTCONN for what has
 * no peer: a listener, too. */
pier_err pierp_shutdown(pier_handle h, int how);

/* An unbound socket has its family's wildcard, on every system. */
pier_err pierp_getsockname(pier_handle h, struct pier_address *out);
pier_err pierp_getpeername(pier_handle h, struct pier_address *out);

/* ------------------------------------------------------------- data --- */

/*
 * flags are native; core has taken out what it answers itself (DONTWAIT,
 * NOSIGNAL, WAITALL) and refused what this system lacks. PIER_EAGAIN when the
 * call would block. A datagram longer than length is cut and is no error. No
 * SIGPIPE is raised: PIER_EPIPE.
 */
ptrdiff_t pierp_recv(pier_handle h, void *buffer, size_t length, int flags);
ptrdiff_t pierp_send(pier_handle h, const void *buffer, size_t length,
                     int flags);

/* from may be NULL; its length is 0 where the system gives no address. */
ptrdiff_t pierp_recvfrom(pier_handle h, void *buffer, size_t length, int flags,
                         struct pier_address *from);
ptrdiff_t pierp_sendto(pier_handle h, const void *buffer, size_t length,
                       int flags, const struct pier_address *to);

/* --------------------------------------------------------- messages --- */

/*
 * The same from and to several buffers, with control data, as
 * <pier/message.h> describes a message; m->flags are the system's own.
 * Descriptors in the control data are never inherited. On failure *m is as it
 * was. PIER_EMSGSIZE for more buffers than the system takes; PIER_ENOTSUP for
 * control data where the system has none.
 */
struct pier_message;
struct pier_datagram;

ptrdiff_t pierp_recvmsg(pier_handle h, struct pier_message *m, int flags);
ptrdiff_t pierp_sendmsg(pier_handle h, const struct pier_message *m,
                        int flags);

/*
 * Datagrams, as many of count as there are now, or as are taken: their number,
 * at least 1, each with its result; or the failure of the first. count is 1 to
 * PIERP_BATCH_MAX. Not for streams.
 */
enum {
    PIERP_BATCH_MAX = 16
};

ptrdiff_t pierp_recvmmsg(pier_handle h, struct pier_datagram *d, size_t count,
                         int flags);
ptrdiff_t pierp_sendmmsg(pier_handle h, struct pier_datagram *d, size_t count,
                         int flags);

/*
 * Control data is a row of items: a header of pierp_control_header bytes, then
 * the data, then padding to a multiple of pierp_control_alignment. length
 * counts header and data. *at need not be aligned.
 */
struct pierp_control {
    size_t length;
    int level, type;
};

extern const size_t pierp_control_header;
extern const size_t pierp_control_alignment;
void pierp_control_write(void *at, const struct pierp_control *item);
void pierp_control_read(struct pierp_control *out, const void *at);

/* -------------------------------------------------------- addresses --- */

/* The fields of an AF_INET or AF_INET6 address; numbers in host order, ip in
 * network order (4 or 16 bytes). */
struct pierp_endpoint {
    int family;
    uint16_t port;
    unsigned char ip[16];
    uint32_t flowinfo;
    uint32_t scope_id;
};

/* PIER_EAFNOSUPPORT for another family. */
pier_err pierp_address_pack(struct pier_address *out,
                            const struct pierp_endpoint *e);
pier_err pierp_address_unpack(struct pierp_endpoint *out,
                              const struct pier_address *a);

/* The family field; 0 (AF_UNSPEC) when the address is shorter than that. */
int pierp_address_family(const struct pier_address *a);

/* AF_UNIX. A path is stored with its NUL; a name that begins with a NUL is
 * the abstract namespace. PIER_ENAMETOOLONG, PIER_EAFNOSUPPORT. */
pier_err pierp_address_pack_unix(struct pier_address *out, const void *path,
                                 size_t length);
const void *pierp_address_path(const struct pier_address *a, size_t *length);

/*
 * The fields of an address of any other family, in one form for all of them.
 * Which numbers and bytes a form has stands beside it, in order. Numbers are
 * in host order; bytes that are not used are 0.
 */
enum pierp_form {
    PIERP_NETLINK, /* port id, groups */
    PIERP_PACKET,  /* interface, protocol, packet type, hardware type, number
                    * of bytes; the hardware address */
    PIERP_CAN,     /* interface: the first number of the next two as well */
    PIERP_ISOTP,   /* interface, id received, id sent */
    PIERP_J1939,   /* interface, name, group, address */
    PIERP_VSOCK,   /* context, port */
    PIERP_TIPC,    /* kind, scope (8 bits), three numbers as they stand */
    PIERP_TIPC_ID, /* kind, scope (8 bits), node, reference */
    PIERP_ALG,     /* features, mask; type, name */
    PIERP_QIPCRTR, /* node, port */
    PIERP_L2CAP,   /* device address (48 bits), PSM, channel, its type */
    PIERP_RFCOMM,  /* device address, channel */
    PIERP_HCI,     /* device, channel */
    PIERP_SCO,     /* device address */
    PIERP_HYPERV,  /* machine, service: 16 bytes each, in the order of text */
    PIERP_SYSTEM,  /* id, unit */
};

#define PIERP_NUMBERS     5
#define PIERP_BYTES       64
#define PIERP_ALG_TYPE    14 /* bytes of PIERP_ALG, their NUL included */
#define PIERP_ALG_NAME    64
#define PIERP_HARDWARE    32 /* the longest hardware address */
#define PIERP_UUID_LENGTH 16

struct pierp_fields {
    enum pierp_form form;
    uint64_t numbers[PIERP_NUMBERS];
    unsigned char bytes[2][PIERP_BYTES];
};

/*
 * PIER_EAFNOSUPPORT: this system has no such form. PIER_ERANGE: a number is
 * wider than its field. On success everything but the fields is 0.
 */
pier_err pierp_address_encode(struct pier_address *out,
                              const struct pierp_fields *f);

/* Reads a as the given form, which the address does not tell by itself: some
 * families have several. PIER_EAFNOSUPPORT: a is of another family.
 * PIER_EINVAL: it is too short. */
pier_err pierp_address_decode(struct pierp_fields *out, enum pierp_form form,
                              const struct pier_address *a);

/* Removes the file of an AF_UNIX address if it is a socket; PIER_ENOTSOCK if
 * it is another kind of file, PIER_ENOENT if there is none. */
pier_err pierp_remove_socket_file(const struct pier_address *a);

#endif
