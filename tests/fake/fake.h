/* SPDX-License-Identifier: MIT */
/*
 * The control panel of the fake: a provider of the seam in memory.
 *
 * Time is virtual. Nothing advances it but a wait that has nothing to wait
 * for otherwise, a look-up, and fake_advance(). It begins at FAKE_BEGIN.
 *
 * Threads are real, but one runs at a time: the others stand in a wait, a
 * look-up or a lock of the seam, or have not begun. A thread goes on until it
 * has to wait itself; among those that can go on, the one that has been ready
 * longest is next. So every run of a test is the same run. When no thread can
 * go on, time moves to the next thing that will happen; when nothing will,
 * the test fails with a list of who waits for what.
 *
 * Misuse of the seam (a closed handle, two locks held, a lock held over a
 * wait, ...) and what is left over is reported by fake_reset().
 *
 * Sockets live in one small network: AF_INET, AF_INET6 and AF_UNIX sockets
 * reach each other through the ordinary calls; beyond them are remotes that a
 * test scripts.
 */
#ifndef FAKE_H
#define FAKE_H

#include "platform.h"

#define FAKE_BEGIN INT64_C(1000000000000)

/* ---------------------------------------------------------- the test --- */

/*
 * Makes everything new, and gives failures to fail(), which does not return
 * (cmocka's longjmp); NULL prints them and aborts. The calling thread is the
 * main one.
 */
void fake_begin(void (*fail)(const char *what));

/*
 * Lets the threads of the library end (as time passes), checks that nothing
 * is left over and that nothing was misused, and makes everything new.
 */
void fake_reset(void);

/* What was misused so far; empty when nothing was. Taking it clears it. */
const char *fake_misuse(void);

/* Allocations, wakes and handles that exist now may outlive fake_reset(). */
void fake_keep(void);

/* Numbers of what exists now. */
unsigned fake_handles(void);
unsigned fake_wakes(void);
unsigned fake_allocations(void);
size_t fake_allocated_bytes(void);
unsigned fake_threads(void); /* alive, without the main one */

/* --------------------------------------------------------------- time --- */

/* Since FAKE_BEGIN, in nanoseconds. */
int64_t fake_now(void);

/* Lets time pass while other threads run and things happen. */
void fake_advance(int64_t ns);

/* Each look at the clock takes so long: for what ends by the clock alone. */
void fake_clock_ticks(int64_t ns);

/* Lets other threads run until each of them waits; no time passes. */
void fake_settle(void);

/* --------------------------------------------------------- threads --- */

/* A thread of the test's. It must not use assertions that end the test. */
void fake_thread_start(void (*run)(void *argument), void *argument);

/* The same, once time has moved on by delay. */
void fake_at(int64_t delay, void (*run)(void *argument), void *argument);

/* The same, at the n-th call of the seam from now, which goes on when the
 * thread has ended or waits: any point between two calls can be met by what
 * another thread does. */
void fake_at_call(unsigned n, void (*run)(void *argument), void *argument);

/* Stands until holds() says so; asked whenever another thread stops. */
void fake_stand(bool (*holds)(void));

/* The thread that runs now, as something to compare; and whether the library
 * started it. */
const void *fake_self(void);
bool fake_is_of_library(void);

/* Has watch() called by each thread but the library's own at every call that
 * may block: a wait that is no mere look, a look-up of a name, a close that
 * lingers. NULL: no more. It outlives fake_reset(). */
void fake_watch_blocks(void (*watch)(void));

/* Waits until every thread of the test's has ended. */
void fake_join(void);

/* Changes threads at calls of the seam as a random sequence from seed says;
 * 0: only at waits. */
void fake_preempt(unsigned seed);

/*
 * The calling thread goes on as the only one of a child process: it has no
 * other threads, free locks, a new generation and a new wake. What the parent
 * had may stay; to use a wake of its is misuse.
 */
void fake_fork(void);

/* ------------------------------------------------- calls and failures --- */

enum fake_function {
    /* What a real backend asks the system for. */
    FAKE_WAIT,
    FAKE_POLL,
    FAKE_OPEN,
    FAKE_PAIR,
    FAKE_ADOPT,
    FAKE_DUP,
    FAKE_CLOSE,
    FAKE_SET_NONBLOCKING,
    FAKE_GET_INHERITABLE,
    FAKE_SET_INHERITABLE,
    FAKE_BIND,
    FAKE_BIND_SERVER,
    FAKE_LISTEN,
    FAKE_ACCEPT,
    FAKE_CONNECT,
    FAKE_CONNECT_RESULT,
    FAKE_SHUTDOWN,
    FAKE_GETSOCKNAME,
    FAKE_GETPEERNAME,
    FAKE_RECV,
    FAKE_SEND,
    FAKE_RECVFROM,
    FAKE_SENDTO,
    FAKE_RECVMSG,
    FAKE_SENDMSG,
    FAKE_RECVMMSG,
    FAKE_SENDMMSG,
    FAKE_SENDFILE,
    FAKE_TRANSMIT,
    FAKE_FILE_READ,
    FAKE_FILE_GET_POSITION,
    FAKE_FILE_SET_POSITION,
    FAKE_SETSOCKOPT,
    FAKE_GETSOCKOPT,
    FAKE_SET_V6ONLY,
    FAKE_SET_REUSE_PORT,
    FAKE_SET_QUICKACK,
    FAKE_SET_KEEPALIVE,
    FAKE_SET_LINGER,
    FAKE_SET_OPTION,
    FAKE_GET_OPTION,
    FAKE_RECV_ERROR,
    FAKE_CHANGE_MEMBERSHIP,
    FAKE_SET_MULTICAST,
    FAKE_IOCTL,
    FAKE_TCP_INFO,
    FAKE_REMOVE_SOCKET_FILE,
    FAKE_SHARE,
    FAKE_FROMSHARE,
    FAKE_SEND_HANDLE,
    FAKE_RECV_HANDLE,
    FAKE_GETADDRINFO,
    FAKE_GETNAMEINFO,
    FAKE_GETHOSTBYNAME,
    FAKE_GETHOSTBYADDR,
    FAKE_GETHOSTNAME,
    FAKE_SETHOSTNAME,
    FAKE_GETSERVBYNAME,
    FAKE_GETSERVBYPORT,
    FAKE_GETPROTOBYNAME,
    FAKE_IF_LIST,
    FAKE_IF_NAMETOINDEX,
    FAKE_IF_INDEXTONAME,
    FAKE_RANDOM,
    FAKE_THREAD_START,
    FAKE_WAKE_NEW,
    /* What can fail all the same. The wake and the storage of a thread and
     * the start count when they are made, the first time. */
    FAKE_START,
    FAKE_SERVICE,
    FAKE_THREAD_WAKE,
    FAKE_THREAD_STORAGE,
    FAKE_ALLOC,
    /* What cannot fail: counted by name only. */
    FAKE_CLOCK,
    FAKE_LOCK,
    FAKE_UNLOCK,
    FAKE_SERVICE_FORGET,
    FAKE_WAKE_SIGNAL,
    FAKE_WAKE_DRAIN,
    FAKE_TRANSMIT_END,
    FAKE_FUNCTION_COUNT
};

/* Since the test began or fake_clear_calls(): all that can fail; those that
 * a real backend would ask the system for; one function. */
unsigned fake_calls(void);
unsigned fake_system_calls(void);
unsigned fake_calls_of(enum fake_function function);

/* The system calls by name, in order: "recv wait recv". */
const char *fake_log(void);
void fake_clear_calls(void);

/* The n-th call from now that can fail (1: the next) fails once, or it and
 * all later ones do; the n-th of one function. Code 0: take it back. */
void fake_fail_call(unsigned n, pier_err code);
void fake_fail_from(unsigned n, pier_err code);
void fake_fail(enum fake_function function, unsigned n, pier_err code);
void fake_fail_alloc(unsigned n);
void fake_fail_alloc_from(unsigned n); /* and all later ones; 0: none */

/* Failures that have happened because of these, and the latest of them. */
unsigned fake_failures(void);
enum fake_function fake_failed(void); /* FAKE_FUNCTION_COUNT: none */
const char *fake_function_name(enum fake_function function);

/* The next n waits that would block end at once with got, falsely. */
void fake_wait_early(unsigned n, unsigned got);

/* No wait lasts longer than this: it ends early with nothing. 0: no limit. */
void fake_wait_longest(int64_t ns);

/* The next n waits that would block end at once with PIER_EINTR. */
void fake_interrupt_wait(unsigned n);

/* A signal every period: it ends the waits of all threads that are not the
 * library's own with PIER_EINTR. 0: no more. */
void fake_interrupt_every(int64_t period);

/* The system wants n more wakes refused with PIER_EMFILE and the like: see
 * fake_fail(FAKE_WAKE_NEW ...). Closed handles are given out again. */
void fake_reuse_handles(bool on);

/* --------------------------------------------------------- addresses --- */

/* FAKE_INET(7, 80) is 192.0.2.7:80; FAKE_INET6 is [2001:db8::7]:80; these
 * exist nowhere but as scripted remotes. The others are this host's. */
struct pier_address fake_inet(unsigned host, unsigned port);
struct pier_address fake_inet6(unsigned host, unsigned port);
struct pier_address fake_loopback(unsigned port);
struct pier_address fake_loopback6(unsigned port);
struct pier_address fake_path(const char *path);
bool fake_same_address(const struct pier_address *a,
                       const struct pier_address *b);

/* A file at path that is no socket; whether there is any. */
void fake_file(const char *path);
bool fake_file_exists(const char *path);

/* ------------------------------------------------------------- files --- */

/* A file of so many bytes, open for reading; they differ from place to place.
 * It needs no closing. */
pier_file fake_open_file(int64_t length);
unsigned char fake_byte_at(int64_t offset);
void fake_resize_file(pier_file file, int64_t length);
int64_t fake_position(pier_file file);
void fake_set_position(pier_file file, int64_t position);

/* A file without position: what is fed to the handle can be read from it. */
pier_file fake_open_pipe(void);

/* The system sends no file by itself, or cannot wait for a pipe. */
void fake_cannot_send_files(bool on);

/* The system sends files by itself, each slice in so many nanoseconds, or,
 * negative, never to its end; how many slices were broken off. */
void fake_transmits(int64_t each);
unsigned fake_broken_off(void);

void fake_cannot_wait_for_pipes(bool on);

/* ----------------------------------------------------------- remotes --- */

enum fake_behaviour {
    FAKE_ACCEPTS,
    FAKE_REFUSES,
    FAKE_IS_SILENT,
    FAKE_UNREACHABLE
};

/* What a connect to this address meets, after delay; a negative delay: in
 * the call itself, which then is not in progress. */
void fake_remote_set(const struct pier_address *address,
                     enum fake_behaviour behaviour, int64_t delay);

/* A connection from elsewhere enters the queue of a listener, or one that
 * dies there: accept answers code once. */
void fake_incoming(pier_handle listener, const struct pier_address *from,
                   int64_t delay);
void fake_accept_error(pier_handle listener, pier_err code, int64_t delay);

/* What a scripted remote sends to h. */
void fake_feed(pier_handle h, const void *bytes, size_t length, int64_t delay);
void fake_feed_eof(pier_handle h, int64_t delay);
void fake_feed_reset(pier_handle h, int64_t delay);
void fake_feed_error(pier_handle h, pier_err code, int64_t delay);
void fake_datagram(pier_handle h, const struct pier_address *from,
                   const void *bytes, size_t length, int64_t delay);

/* Control data travels with its message. What h receives next has this instead
 * of its own, and these flags besides its own. */
void fake_control(pier_handle h, const void *control, size_t length,
                  int flags);

/* The control data of the latest message sent over h. */
const unsigned char *fake_control_sent(pier_handle h, size_t *length);

/* What the system takes for one message, and how many messages at once from or
 * to h; 0: no limit. */
#define FAKE_BUFFERS_MAX 1024
void fake_limit_batch(pier_handle h, size_t messages);

/* Something that is no socket, with a number as control data has them. */
pier_handle fake_descriptor(void);

/* A stream socket that is connected to a scripted remote; the same of
 * AF_UNIX. */
pier_handle fake_connected(void);
pier_handle fake_connected_path(void);

/* All that has been sent over h to a scripted remote, datagrams included. */
const unsigned char *fake_sent(pier_handle h, size_t *length);
unsigned fake_datagrams_sent(pier_handle h);

/* ------------------------------------------------- limits of a handle --- */

/* Each send takes, each receive gives at most this much; 0: no limit. */
void fake_limit_send(pier_handle h, size_t bytes);
void fake_limit_recv(pier_handle h, size_t bytes);

/* What h may send before its peer reads: 64 KiB at first. */
void fake_send_room(pier_handle h, size_t bytes);

/* A scripted remote reads at once, unless it takes so many bytes once in a
 * period; 0 bytes: never. */
void fake_drain(pier_handle h, size_t bytes, int64_t period);

/* Sends would block for so long from now. */
void fake_block_send(pier_handle h, int64_t ns);

/* A handle from elsewhere: blocking, inherited. FAKE_NO_SOCKET as its type
 * makes one that is no socket. */
#define FAKE_NO_SOCKET (-1)
pier_handle fake_foreign(int family, int type, int protocol);
bool fake_is_nonblocking(pier_handle h);
bool fake_is_open(pier_handle h);
bool fake_is_v6only(pier_handle h);

/* What was set last. */
struct fake_tuning {
    bool quickack;
    struct pierp_keepalive keepalive;
    bool linger;
    unsigned linger_seconds;
    int hops;
    bool loop;
    unsigned interface_index;
    int options[PIERP_OPTIONS];
};

const struct fake_tuning *fake_tuning(pier_handle h);

/* The network reports this of a datagram of a socket; the next report comes
 * in its place. The latest is taken by pierp_recv_error(). */
struct pier_net_error;
void fake_report(pier_handle h, const struct pier_net_error *error);
unsigned fake_memberships(pier_handle h);

/* The one control code there is: gives the bytes back in reverse. */
#define FAKE_IOCTL_CODE 0x7e57ul

/* Waits do not tell that a direction was shut down here; attempts do. */
void fake_shut_down_quietly(bool on);

/* ---------------------------------------------------------- handover --- */

/* The process here, to which sockets can be handed over. */
#define FAKE_PROCESS 4321

/* Sockets that have been sent and not received. */
unsigned fake_journeys(void);

/* What a service manager has put into the environment. The texts stay the
 * caller's. */
void fake_serve(const char *process, const char *count, const char *names);

/* fake_foreign() with the next number that a service manager would use. */
#define FAKE_FIRST_SERVED 3
pier_handle fake_served(int family, int type, int protocol);

/* ------------------------------------------------------------- names --- */

/* The interface that is always there, and its number. */
#define FAKE_INTERFACE       "fake0"
#define FAKE_INTERFACE_INDEX 7u

/* One line more of what the system tells of its interfaces; name and address
 * may be NULL. */
void fake_interface_line(unsigned index, const char *name, unsigned flags,
                         const struct pier_address *address);

/* How this machine is called at first. Names and services that it knows: http
 * (tcp, 80), domain (udp, 53); protocols: tcp, udp. */
#define FAKE_HOST_NAME "fakehost"

/* What the resolver says of a host after delay: addresses, or an error. */
void fake_name_set(const char *host, const struct pier_address *addresses,
                   size_t count, int64_t delay, pier_err error);

/* The names that the older look-ups find for that host, which has been set:
 * the official one and its aliases; NULL: none. */
void fake_aliases_set(const char *host, const char *official,
                      const char *alias, const char *second_alias);

#endif
