/* SPDX-License-Identifier: MIT */
/* What the files of the fake share: sim_ is the system that they simulate. */
#ifndef FAKE_INSIDE_H
#define FAKE_INSIDE_H

#include "fake.h"

#define SIM_NEVER INT64_MAX

/* -------------------------------------------------------- fake_call.c --- */

/*
 * Begins a call of the seam: counts it, may run another thread first, and
 * gives the failure that the test asked for, or 0.
 */
pier_err sim_enter(enum fake_function function);

/* Keeps the native code of a failure; returns code. */
pier_err sim_fail(pier_err code);

void sim_count(enum fake_function function);
void sim_calls_reset(void);

/* ------------------------------------------------------- fake_report.c --- */

/* Notes what fake_reset() will report. */
void sim_misuse(const char *format, ...) PIER_PRINTF(1, 2);

/* Ends the test with the report; does not return to the main thread. */
void sim_report(void);
bool sim_has_report(void);
void sim_report_reset(void (*fail)(const char *what));

/* ------------------------------------------------------ fake_thread.c --- */

struct pierp_wake;

/* What a thread stands for; it can go on when one of these holds. */
struct sim_wait {
    pier_handle h;
    unsigned want;
    const struct pierp_pollitem *items; /* in place of h */
    size_t item_count;
    struct pierp_wake *const *wakes;
    size_t wake_count;
    int64_t until;       /* SIM_NEVER: only for the rest */
    bool (*other)(void); /* NULL: nothing else */
    bool interruptible;
};

enum {
    SIM_READY = PIERP_READY,
    SIM_WOKEN = PIERP_WOKEN,
    SIM_OTHER = 4,
    SIM_INTERRUPTED = 8,
    SIM_TIME = 16,
};

struct sim_thread {
    struct sim_thread *next;
    struct baton *baton;
    struct baton_thread *system;
    void (*run)(void *argument);
    void *argument;
    struct pierp_wake *wake;
    const struct sim_wait *wait;      /* NULL: it can go on */
    const struct sim_thread *visitor; /* goes first: see sim_visit() */
    uint64_t turn; /* the order in which threads became ready */
    int native_error;
    bool of_test;
    bool interrupted;
    bool has_storage;
    bool ended;
    bool gone; /* never goes on: of the parent, or of a failed test */
    union {
        max_align_t align;
        unsigned char bytes[PIERP_THREAD_STORAGE];
    } storage;
};

struct sim_thread *sim_self(void);
struct sim_thread *sim_threads(void);

/* Before what may block: tells the one who watches that. */
void sim_may_block(void);

/* Stands until something of w holds; says what. */
unsigned sim_block(const struct sim_wait *w);
void sim_yield(void);

/* Runs a new thread until it ends or waits; only then goes on. */
void sim_visit(void (*run)(void *argument), void *argument);

/* A new thread that can go on at once; NULL when the system has none. */
struct sim_thread *sim_thread_new(void (*run)(void *argument), void *argument,
                                  bool of_test);

bool sim_threads_ended(void);
bool sim_test_threads_ended(void);

/* Hands over to the main thread, which ends the test. */
void sim_stop(void);
void sim_threads_abandon(void);
void sim_threads_reset(void);

/* ------------------------------------------------------- fake_clock.c --- */

struct sim_socket;

/* Something that happens at a time. */
struct sim_event {
    struct sim_event *next;
    int64_t due;
    void (*happen)(struct sim_event *event);
    struct sim_socket *socket; /* the event goes with it; may be NULL */
    unsigned char *bytes;
    size_t length;
    pier_err code;
    struct pier_address address;
    void (*run)(void *argument);
    void *argument;
};

int64_t sim_clock(void);
struct sim_event *sim_event_new(int64_t delay,
                                void (*happen)(struct sim_event *event));
void sim_events_drop(const struct sim_socket *socket);
size_t sim_events_of(void (*happen)(struct sim_event *event));

/* Lets what is due happen. */
void sim_events_run(void);

/* Moves time to the next event, or to until if that is earlier; false when
 * there is neither. */
bool sim_time_move(int64_t until);
void sim_clock_reset(void);

/* -------------------------------------------------------- fake_wait.c --- */

struct pierp_wake {
    struct pierp_wake *next;
    struct sim_thread *owner; /* NULL: made by pierp_wake_new() */
    bool signalled;
    bool freed;
    bool kept;
    bool is_parents; /* a fork lies between */
};

/* The wait itself, for pierp_wait() and pierp_poll(). */
pier_err sim_wait_for(struct sim_wait *w, int64_t timeout, unsigned *got);

struct pierp_wake *sim_wake_new(struct sim_thread *owner);
size_t sim_wakes_left(void);
void sim_wakes_reset(void);
void sim_wakes_keep(void);
void sim_wakes_leave(void); /* to the parent of the child that goes on */
void sim_waits_reset(void);

/* -------------------------------------------------------- fake_poll.c --- */

/* Whether one of items has something to tell. */
bool sim_poll(const struct pierp_pollitem *items, size_t count);

/* -------------------------------------------------------- fake_lock.c --- */

bool sim_lock_held(void);
void sim_locks_reset(void);

/* ------------------------------------------------------- fake_alloc.c --- */

void sim_memory_keep(void);
size_t sim_memory_left(void);
void sim_memory_reset(void);

/* The fake's own memory: never NULL. */
void *sim_new(size_t bytes);

/* ------------------------------------------------------ fake_socket.c --- */

struct sim_bytes {
    unsigned char *data;
    size_t length, room;
};

struct sim_datagram {
    struct sim_datagram *next;
    struct pier_address from;
    struct sim_bytes control;
    size_t length;
    unsigned char bytes[];
};

/* Control data at a place in a stream: so many bytes before it. */
struct sim_mark {
    struct sim_mark *next;
    struct sim_bytes control;
    size_t ahead;
};

struct sim_option {
    struct sim_option *next;
    int level, name;
    size_t length;
    unsigned char value[256];
};

struct sim_member {
    struct sim_member *next;
    struct pier_address group, source;
    unsigned interface_index;
};

enum sim_state {
    SIM_FRESH,
    SIM_LISTENING,
    SIM_CONNECTING,
    SIM_CONNECTED,
    SIM_FAILED,
    SIM_DEAD, /* a connection that died in the queue */
};

struct sim_socket {
    struct sim_socket *next;
    unsigned references; /* by handles, a queue, or a peer's script */
    int family, type, protocol;
    enum sim_state state;
    bool nonblocking;
    bool is_remote; /* scripted: no handle, its reader is the test */
    bool bound;
    bool reuse_port;
    bool v6only;
    bool eof;                 /* the peer sends no more */
    bool broken;              /* a send has met a peer that was gone */
    bool no_receive, no_send; /* shut down here */
    pier_err error;           /* what the next call reports */
    struct pier_address local, remote;
    struct sim_socket *peer;
    struct sim_bytes in; /* received, not read */
    size_t in_room;
    struct sim_datagram *datagrams;
    struct sim_mark *marks;
    struct sim_bytes script; /* control data of what is received next */
    int script_flags;
    struct sim_bytes control_taken; /* of the latest message sent */
    size_t batch_limit;
    struct sim_bytes taken; /* what the test's remote has been sent */
    unsigned datagrams_taken;
    size_t send_limit, recv_limit;
    int64_t send_blocked_until;
    bool drains; /* as these say, not at once */
    size_t drain_bytes;
    int64_t drain_period;
    int backlog;
    struct sim_socket *queue, *next_queued; /* to be accepted */
    struct sim_socket *target; /* the listener whose queue is full */
    struct sim_option *options;
    struct sim_member *members;
    struct fake_tuning tuning;
    struct pier_net_error *net_error; /* NULL: none */
};

struct sim_handle {
    struct sim_handle *next;
    pier_handle value;
    struct sim_socket *socket; /* NULL: something that is no socket */
    bool inheritable;
    bool kept;
};

struct sim_socket *sim_sockets(void);
struct sim_socket *sim_socket_new(int family, int type, int protocol);
void sim_socket_release(struct sim_socket *s);
pier_handle sim_handle_new(struct sim_socket *s);

/* Begins a call on a handle; a handle that is not open is misuse. */
pier_err sim_enter_socket(enum fake_function function, pier_handle h,
                          struct sim_socket **out);

/* The socket of an open handle, or NULL. */
struct sim_socket *sim_find(pier_handle h);

/* The same, of a handle that a test names; one that is not open is misuse. */
struct sim_socket *sim_known(pier_handle h);
struct sim_handle *sim_find_handle(pier_handle h);
void sim_handle_close(pier_handle h);
size_t sim_handles_left(void);
void sim_sockets_keep(void);
void sim_sockets_reset(void);

/* ------------------------------------------------------ fake_stream.c --- */

bool sim_is_stream(const struct sim_socket *s);
bool sim_ready(const struct sim_socket *s, unsigned want);
void sim_link(struct sim_socket *a, struct sim_socket *b);
void sim_bytes_add(struct sim_bytes *b, const void *bytes, size_t length);
void sim_bytes_remove(struct sim_bytes *b, size_t length);
size_t sim_send_room(const struct sim_socket *s);
void sim_received(struct sim_socket *s, const void *bytes, size_t length);
void sim_drain_begin(struct sim_socket *remote);

/* -------------------------------------------------------- fake_data.c --- */

/* What came with the bytes. from may be NULL; control is freed by whoever
 * asked. */
struct sim_arrival {
    struct pier_address *from;
    struct sim_bytes control;
    bool cut; /* the datagram was longer */
};

ptrdiff_t sim_receive(struct sim_socket *s, void *buffer, size_t length,
                      int flags, struct sim_arrival *a);
ptrdiff_t sim_send(struct sim_socket *s, const void *bytes, size_t length,
                   const struct pier_address *to,
                   const struct sim_bytes *control);
struct sim_datagram *sim_deliver(struct sim_socket *to,
                                 const struct pier_address *from,
                                 const void *bytes, size_t length);
void sim_datagram_free(struct sim_datagram *d);

/* ----------------------------------------------------- fake_message.c --- */

/* Control data, which may be NULL, after all that s has not read. */
void sim_mark_add(struct sim_socket *s, const struct sim_bytes *control);

/* What stands where s reads next; and that n bytes were read. */
void sim_marks_tell(const struct sim_socket *s, struct sim_arrival *a);
void sim_marks_move(struct sim_socket *s, size_t n);
void sim_control_free(struct sim_socket *s);

/* ------------------------------------------------------ fake_tuning.c --- */

void sim_members_free(struct sim_socket *s);

/* -------------------------------------------------- fake_ip_option.c --- */

void sim_net_error_free(struct sim_socket *s);

/* ----------------------------------------------------- fake_network.c --- */

pier_err sim_bind(struct sim_socket *s, const struct pier_address *a);
void sim_bind_any(struct sim_socket *s);
struct sim_socket *sim_lookup(const struct pier_address *a, int type);
struct sim_socket *sim_owner(const struct pier_address *path); /* any type */
struct pier_address sim_any(int family);
void sim_network_reset(void);

/* ----------------------------------------------------- fake_connect.c --- */

void sim_queue(struct sim_socket *listener, struct sim_socket *s);
void sim_queue_moves(struct sim_socket *listener);

/* ------------------------------------------------------ fake_remote.c --- */

struct sim_remote {
    struct sim_remote *next;
    struct pier_address address;
    enum fake_behaviour behaviour;
    int64_t delay;
};

const struct sim_remote *sim_remote_find(const struct pier_address *a);
struct sim_socket *sim_remote_socket(struct sim_socket *s);
void sim_remotes_reset(void);

/* -------------------------------------------------------- fake_file.c --- */

/* Whether an address is a path in the file system; its file. */
bool sim_has_file(const struct pier_address *a);
bool sim_file_exists(const struct pier_address *a);
void sim_file_make(const struct pier_address *a);
void sim_files_reset(void);

/* ---------------------------------------------------- fake_handover.c --- */

void sim_journeys_reset(void);

/* ------------------------------------------------------ fake_source.c --- */

void sim_sources_reset(void);

/* Where a file ends; -1: it is none, or none that the system sends. */
int64_t sim_source_end(pier_file file);

/* ---------------------------------------------------- fake_transmit.c --- */

void sim_transmissions_reset(void);

/* ------------------------------------------------------- fake_lookup.c -- */

void sim_names_reset(void);

/* --------------------------- fake_interface.c, fake_machine.c --- */

void sim_interfaces_reset(void);
void sim_machine_reset(void);

#endif
