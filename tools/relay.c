/* SPDX-License-Identifier: MIT */
#include "relay.h"

#include <pier/constants.h>
#include <string.h>

#include "interrupt.h"
#include "network.h"
#include "relay_state.h"
#include "system.h"

/* The command's, with the linger time that holds. */
static struct settings limits;

static struct system_thread input_thread;

/* When the peer of now was attached. */
static int64_t began;

/*
 * How long the silence of standard input counts as its end, once a peer has
 * closed its direction. What feeds a pipe may be slow; whoever sits at a
 * terminal, and a peer that waits for its turn, want an end.
 */
static pier_timeout choose_linger(const struct settings *settings)
{
    if (settings->linger >= 0)
        return settings->linger;
    if (settings->udp || settings->keep_open || system_input_is_terminal())
        return PIER_SECONDS(1);
    return PIER_FOREVER;
}

enum outcome relay_start(const struct settings *settings)
{
    limits = *settings;
    limits.linger = choose_linger(settings);
    relay_state.datagrams = settings->udp;
    if (!system_thread_start(&input_thread, relay_read_input, NULL))
        return report(OUTCOME_FILE, "start: cannot make a thread");
    return OUTCOME_OK;
}

static void attach(struct pier_socket *s, bool connected)
{
    bool ended;

    system_lock();
    relay_state.send_error = PIER_OK;
    began = pier_monotonic();
    relay_state.active = began;
    relay_state.connected = connected;
    relay_state.peer = connected ? s : NULL;
    ended = relay_state.input_ended;
    system_notify();
    system_unlock();
    if (ended && !relay_state.datagrams)
        (void)!pier_shutdown(s, PIER_SHUT_WR);
}

/* Closing first ends a call of the input thread that would not end. */
static void detach(struct pier_socket *s)
{
    system_lock();
    relay_state.peer = NULL;
    system_unlock();
    /* That of an accepted socket is the listener's; only connect, which binds
     * its own, has a source. */
    if (relay_state.datagrams || limits.source)
        network_remove_path(s);
    (void)pier_close(s);
    system_lock();
    while (relay_state.busy)
        system_wait(PIER_FOREVER);
    system_unlock();
    pier_free(s);
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
    elapsed = pier_monotonic() - relay_state.active;
    left = left_of(limits.idle_timeout, elapsed);
    *finished = relay_state.send_error != PIER_OK;
    if (relay_state.datagrams && relay_state.connected &&
        relay_state.input_ended) {
        pier_timeout linger = left_of(limits.linger, elapsed);

        *finished = *finished || linger == 0;
        left = network_sooner(left, linger);
    } else if (relay_state.datagrams && relay_state.connected) {
        left = network_sooner(left, limits.linger);
    } else if (relay_state.datagrams && !relay_state.peer) {
        /* Standard input, which has nowhere to go yet, is no datagram. */
        elapsed = pier_monotonic() - began;
        left = network_sooner(left, left_of(limits.timeout, elapsed));
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
    relay_state.active = pier_monotonic();
    if (relay_state.datagrams && !relay_state.connected) {
        relay_state.sender = *from;
        relay_state.peer = s;
        system_notify();
    }
    system_unlock();
}

/* From the peer to standard output until one of them ends. */
static pier_err pull(struct pier_socket *s, enum system_error *output)
{
    static char buffer[RELAY_BYTES];
    bool finished = false;
    pier_err error = wait_more(s, &finished);

    while (!error && !finished) {
        struct pier_address from = { 0 };
        ptrdiff_t n = relay_state.connected
                          ? pier_recv(s, buffer, sizeof buffer, 0)
                          : pier_recvfrom(s, buffer, sizeof buffer, 0, &from);

        if (n == PIER_EDEADLINE) {
            error = wait_more(s, &finished);
            continue;
        }
        if (n < 0)
            return (pier_err)n;
        if (n == 0 && !relay_state.datagrams)
            return PIER_OK;
        remember_sender(s, &from);
        *output = system_write_output(buffer, (size_t)n);
        if (*output)
            return PIER_OK;
    }
    return error;
}

/*
 * Whether standard input still flows to a peer that has nothing to say, and
 * how long to wait for it. A send that waits has the idle timeout itself.
 */
static bool input_flows(pier_timeout *wait, pier_err *error)
{
    int64_t elapsed = pier_monotonic() - relay_state.active;
    pier_timeout idle = left_of(limits.idle_timeout, elapsed);

    if (relay_state.input_ended || relay_state.send_error || interrupt_came())
        return false;
    if (relay_state.busy) {
        *wait = PIER_FOREVER;
        return true;
    }
    *wait = network_sooner(idle, left_of(limits.linger, elapsed));
    if (idle == 0)
        *error = PIER_EDEADLINE;
    return *wait != 0;
}

/* A peer that has closed its direction may want the rest of ours. */
static pier_err push_rest(void)
{
    pier_err error = PIER_OK;
    pier_timeout wait;

    system_lock();
    relay_state.active = pier_monotonic();
    while (input_flows(&wait, &error))
        system_wait(wait);
    system_unlock();
    return error;
}

/* The input thread's failure came first when it closed the socket. */
static enum outcome judge(const char *name, pier_err error,
                          enum system_error output)
{
    pier_err send_error;
    enum system_error input;

    system_lock();
    send_error = relay_state.send_error;
    input = relay_state.input_error;
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
        return report_call(relay_state.datagrams && error == PIER_ECONNREFUSED
                               ? OUTCOME_UNREACHED
                               : OUTCOME_PEER,
                           "receive from", name, error);
    }
    if (send_error) {
        return report_call(relay_state.datagrams &&
                                   send_error == PIER_ECONNREFUSED
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
    error = pier_set_send_timeout(s, limits.idle_timeout);
    attach(s, connected);
    if (!error)
        error = pull(s, &output);
    if (!error && !output && !relay_state.datagrams)
        error = push_rest();
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

void relay_stop(void)
{
    bool ended;

    system_lock();
    ended = relay_state.input_ended;
    system_unlock();
    if (ended) {
        system_thread_join(&input_thread);
    } else {
        system_thread_leave(&input_thread);
    }
}
