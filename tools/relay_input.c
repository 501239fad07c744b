/* SPDX-License-Identifier: MIT */
#include <pier/constants.h>
#include <string.h>

#include "network.h"
#include "relay_state.h"

#define DATAGRAM_BYTES 8192 /* of standard input, in one datagram */

struct relay_state relay_state;

static void touch(void)
{
    system_lock();
    relay_state.active = pier_monotonic();
    system_unlock();
}

/* Waits for a peer that takes data, and keeps it from being freed. */
static struct pier_socket *enter_peer(struct pier_address *to)
{
    struct pier_socket *s;

    system_lock();
    while (!relay_state.peer || relay_state.send_error)
        system_wait(PIER_FOREVER);
    relay_state.busy = true;
    s = relay_state.peer;
    *to = relay_state.sender;
    system_unlock();
    return s;
}

static void leave_peer(pier_err error)
{
    system_lock();
    relay_state.busy = false;
    relay_state.active = pier_monotonic();
    if (!relay_state.send_error)
        relay_state.send_error = error;
    system_notify();
    system_unlock();
}

static pier_err send_datagram(struct pier_socket *s, const char *data,
                              size_t length, const struct pier_address *to)
{
    ptrdiff_t n = relay_state.connected ? pier_send(s, data, length, 0)
                                        : pier_sendto(s, data, length, 0, to);

    if (n >= 0)
        return PIER_OK;
    /* Whoever listens has other senders to hear. */
    if (!relay_state.connected && pier_is_connection_error((pier_err)n))
        return PIER_OK;
    return (pier_err)n;
}

/* One line is one datagram, and so is an unfinished one at the end. */
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
    pier_err error = relay_state.datagrams ? send_lines(s, data, length, &to)
                                           : network_send(s, data, length);

    /*
     * A broken connection shows in the other direction too, after what was
     * still under way. Nothing else would, so the other thread is woken.
     */
    if (error && !pier_is_connection_error(error)) {
        system_lock();
        relay_state.send_error = error;
        system_unlock();
        (void)pier_close(s);
    }
    leave_peer(error);
}

static void end_input(enum system_error error)
{
    struct pier_socket *s;

    system_lock();
    relay_state.input_ended = true;
    relay_state.input_error = error;
    s = relay_state.datagrams ? NULL : relay_state.peer;
    relay_state.busy = s != NULL;
    system_unlock();
    /* A peer that is gone already needs not be told. */
    if (s)
        (void)!pier_shutdown(s, PIER_SHUT_WR);
    leave_peer(PIER_OK);
}

/* The length of what ends with the last newline; a full buffer without one
 * goes as it is. */
static size_t whole_lines(const char *data, size_t length, size_t capacity)
{
    size_t whole = length;

    while (whole > 0 && data[whole - 1] != '\n')
        whole--;
    return whole == 0 && length == capacity ? length : whole;
}

/* A line that was read in parts is one datagram all the same. */
static enum system_error read_lines(char *buffer, size_t capacity)
{
    enum system_error error;
    size_t kept = 0;
    size_t got = 0;

    while (
        !(error = system_read_input(buffer + kept, capacity - kept, &got)) &&
        got > 0) {
        size_t whole;

        touch();
        kept += got;
        whole = whole_lines(buffer, kept, capacity);
        if (whole > 0)
            deliver(buffer, whole);
        kept -= whole;
        memmove(buffer, buffer + whole, kept);
    }
    if (kept > 0)
        deliver(buffer, kept);
    return error;
}

static enum system_error read_bytes(char *buffer, size_t capacity)
{
    enum system_error error;
    size_t got = 0;

    while (!(error = system_read_input(buffer, capacity, &got)) && got > 0) {
        touch();
        deliver(buffer, got);
    }
    return error;
}

void relay_read_input(void *unused)
{
    static char buffer[RELAY_BYTES];

    (void)unused;
    end_input(relay_state.datagrams ? read_lines(buffer, DATAGRAM_BYTES)
                                    : read_bytes(buffer, sizeof buffer));
}
