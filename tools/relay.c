/* SPDX-License-Identifier: MIT */
#include "relay.h"

#include <pier/constants.h>
#include <string.h>

#include "interrupt.h"
#include "network.h"
#include "system.h"

#define BUFFER_BYTES   (64 * 1024)
#define DATAGRAM_BYTES 8192 /* of standard input, in one datagram */

/* Shared by the two threads, under the monitor. */
static struct {
    struct pier_socket *peer; /* whom standard input goes to; NULL: wait */
    bool datagrams;
    bool connected;             /* else datagrams go to sender */
    struct pier_address sender; /* of the latest datagram */
    bool busy;                  /* the input thread is in a call on peer */
    bool input_ended;
    enum system_error input_error;
    pier_err send_error; /* what the input thread met with this peer */
    int64_t active;      /* when anything last moved */
} state;

static const struct settings *settings;

static void touch(void)
{
    system_lock();
    state.active = pier_monotonic();
    system_unlock();
}

/* ----------------------------------------- the thread of standard input ---
 */

/* Waits for a peer that takes data, and keeps it from being freed. */
static struct pier_socket *enter_peer(struct pier_address *to)
{
    struct pier_socket *s;

    system_lock();
    while (!state.peer || state.send_error)
        system_wait(PIER_FOREVER);
    state.busy = true;
    s = state.peer;
    *to = state.sender;
    system_unlock();
    return s;
}

static void leave_peer(pier_err error)
{
    system_lock();
    state.busy = false;
    state.active = pier_monotonic();
    if (!state.send_error)
        state.send_error = error;
    system_notify();
    system_unlock();
}

static pier_err send_datagram(struct pier_socket *s, const char *data,
                              size_t length, const struct pier_address *to)
{
    ptrdiff_t n = state.connected ? pier_send(s, data, length, 0)
                                  : pier_sendto(s, data, length, 0, to);

    if (n >= 0)
        return PIER_OK;
    /* Whoever listens has other senders to hear. */
    if (!state.connected && pier_is_connection_error((pier_err)n))
        return PIER_OK;
    return (pier_err)n;
}

/* One line is one datagram, and so is what was read of an unfinished one. */
static pier_err send_lines(struct pier_socket *s, const char *data,
                           size_t length, const struct pier_address *to)
{
    pier_err error = PIER_OK;

    while (!error && length > 0) {
        const char *newline = memchr(data, '\n', length);
        size_t part = newline ? (size_t)(newline - data) + 1 : length;

        error = send_datagram(s, data, part, to);
        data += part;
        length -= part;
    }
    return error;
}

static void deliver(const char *data, size_t length)
{
    struct pier_address to;
    struct pier_socket *s = enter_peer(&to);
    pier_err error = state.datagrams ? send_lines(s, data, length, &to)
                                     : network_send(s, data, length);

    /*
     * A broken connection shows in the other direction too, after what was
     * still under way. Nothing else would, so the other thread is woken.
     */
    if (error && !pier_is_connection_error(error)) {
        system_lock();
        state.send_error = error;
        system_unlock();
        (void)pier_close(s);
    }
    leave_peer(error);
}

static void end_input(enum system_error error)
{
    struct pier_socket *s;

    system_lock();
    state.input_ended = true;
    state.input_error = error;
    s = state.datagrams ? NULL : state.peer;
    state.busy = s != NULL;
    system_unlock();
    /* A peer that is gone already needs not be told. */
    if (s)
        (void)!pier_shutdown(s, PIER_SHUT_WR);
    leave_peer(PIER_OK);
}

static void read_input(void *unused)
{
    static char buffer[BUFFER_BYTES];
    size_t limit = state.datagrams ? DATAGRAM_BYTES : sizeof buffer;
    enum system_error error;
    size_t got = 0;

    (void)unused;
    while (!(error = system_read_input(buffer, limit, &got)) && got > 0) {
        touch();
        deliver(buffer, got);
    }
    end_input(error);
}

enum outcome relay_start(const struct settings *given)
{
    settings = given;
    state.datagrams = given->udp;
    if (!system_thread_start(read_input, NULL))
        return report(OUTCOME_FILE, "start: cannot make a thread");
    return OUTCOME_OK;
}

/* -------------------------------------------------- the peer's thread --- */

static void attach(struct pier_socket *s, bool connected)
{
    bool ended;

    system_lock();
    state.send_error = PIER_OK;
    state.active = pier_monotonic();
    state.connected = connected;
    state.peer = connected ? s : NULL;
    ended = state.input_ended;
    system_notify();
    system_unlock();
    if (ended && !state.datagrams)
        (void)!pier_shutdown(s, PIER_SHUT_WR);
}

/* Closing first ends a call of the input thread that would not end. */
static void detach(struct pier_socket *s)
{
    system_lock();
    state.peer = NULL;
    system_unlock();
    (void)pier_close(s);
    system_lock();
    while (state.busy)
        system_wait(PIER_FOREVER);
    system_unlock();
    pier_free(s);
}

static pier_timeout sooner(pier_timeout a, pier_timeout b)
{
    if (a < 0)
        return b;
    return b < 0 || a < b ? a : b;
}

static pier_timeout left_of(pier_timeout limit, pier_timeout elapsed)
{
    if (limit < 0)
        return PIER_FOREVER;
    return limit > elapsed ? limit - elapsed : 0;
}

/*
 * How long a receive may wait, 0 when it waited long enough. A datagram peer
 * never says that it has closed, so that wait looks up now and then.
 */
static pier_timeout patience(bool *finished)
{
    pier_timeout elapsed;
    pier_timeout left;

    system_lock();
    elapsed = pier_monotonic() - state.active;
    left = left_of(settings->idle_timeout, elapsed);
    *finished = state.send_error != PIER_OK;
    if (state.datagrams && state.connected && state.input_ended) {
        pier_timeout linger = left_of(settings->linger, elapsed);

        *finished = *finished || linger == 0;
        left = linger;
    } else if (state.datagrams && state.connected) {
        left = sooner(left, settings->linger);
    }
    system_unlock();
    return left;
}

/* What one wait of a receive that found nothing means: go on, or the end. */
static pier_err wait_more(struct pier_socket *s, bool *finished)
{
    pier_timeout left = patience(finished);

    if (*finished)
        return PIER_OK;
    return left == 0 ? PIER_EDEADLINE : pier_set_recv_timeout(s, left);
}

static void remember_sender(struct pier_socket *s,
                            const struct pier_address *from)
{
    system_lock();
    state.active = pier_monotonic();
    if (state.datagrams && !state.connected) {
        state.sender = *from;
        state.peer = s;
        system_notify();
    }
    system_unlock();
}

/* From the peer to standard output until one of them ends. */
static pier_err pull(struct pier_socket *s, enum system_error *output)
{
    static char buffer[BUFFER_BYTES];
    bool finished = false;
    pier_err error = wait_more(s, &finished);

    while (!error && !finished) {
        struct pier_address from = { 0 };
        ptrdiff_t n = state.connected
                          ? pier_recv(s, buffer, sizeof buffer, 0)
                          : pier_recvfrom(s, buffer, sizeof buffer, 0, &from);

        if (n == PIER_EDEADLINE) {
            error = wait_more(s, &finished);
            continue;
        }
        if (n < 0)
            return (pier_err)n;
        if (n == 0 && !state.datagrams)
            return PIER_OK;
        remember_sender(s, &from);
        *output = system_write_output(buffer, (size_t)n);
        if (*output)
            return PIER_OK;
    }
    return error;
}

/* Whether standard input still flows to a peer that has nothing to say. */
static bool input_flows(pier_timeout *wait)
{
    int64_t elapsed = pier_monotonic() - state.active;

    if (state.input_ended || state.send_error || interrupt_came())
        return false;
    *wait = state.busy ? PIER_FOREVER : left_of(settings->linger, elapsed);
    return *wait != 0;
}

/* A peer that has closed its direction may want the rest of ours. */
static void push_rest(void)
{
    pier_timeout wait;

    system_lock();
    state.active = pier_monotonic();
    while (input_flows(&wait))
        system_wait(wait);
    system_unlock();
}

/* The input thread's failure came first when it closed the socket. */
static enum outcome judge(const char *name, pier_err error,
                          enum system_error output)
{
    pier_err send_error;
    enum system_error input;

    system_lock();
    send_error = state.send_error;
    input = state.input_error;
    system_unlock();
    if (interrupt_came())
        return report(OUTCOME_INTERRUPTED, "relay with %s: interrupted", name);
    if (output)
        return report_file("write", "standard output", output);
    if (error == PIER_EDEADLINE || send_error == PIER_EDEADLINE) {
        return report(OUTCOME_TIMEOUT, "relay with %s: silent for too long",
                      name);
    }
    if (error && error != PIER_EBADF) {
        return report_call(state.datagrams && error == PIER_ECONNREFUSED
                               ? OUTCOME_UNREACHED
                               : OUTCOME_PEER,
                           "receive from", name, error);
    }
    if (send_error) {
        return report_call(state.datagrams && send_error == PIER_ECONNREFUSED
                               ? OUTCOME_UNREACHED
                               : OUTCOME_PEER,
                           "send to", name, send_error);
    }
    if (input)
        return report_file("read", "standard input", input);
    return OUTCOME_OK;
}

static enum outcome relay(struct pier_socket *s, bool connected)
{
    enum system_error output = SYSTEM_OK;
    char name[NETWORK_NAME] = "datagram senders";
    pier_err error;

    if (connected)
        network_peer_name(s, name);
    error = pier_set_send_timeout(s, settings->idle_timeout);
    attach(s, connected);
    if (!error)
        error = pull(s, &output);
    if (!error && !output && !state.datagrams)
        push_rest();
    detach(s);
    return judge(name, error, output);
}

enum outcome relay_stream(struct pier_socket *s)
{
    return relay(s, true);
}

enum outcome relay_datagrams(struct pier_socket *s, bool connected)
{
    return relay(s, connected);
}
