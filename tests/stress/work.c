/* SPDX-License-Identifier: MIT */
#include "work.h"

#include "channel.h"
#include "thread.h"

#include <stdatomic.h>
#include <string.h>

#define MS     PIER_MILLISECONDS(1)
#define BUFFER 40000 /* a few of them fill a stream */

struct tally tally;
_Atomic bool is_over;

static unsigned draw(struct worker *w, unsigned below)
{
    w->state ^= w->state << 13;
    w->state ^= w->state >> 7;
    w->state ^= w->state << 17;
    return (unsigned)(w->state >> 33) % below;
}

static void begin(struct worker *w, const char *what)
{
    w->what = what;
    w->began = pier_monotonic();
    tally.calls++;
}

/* What can become of a call whose socket others close, cut and cancel. */
static bool is_usual(long long result)
{
    switch (result) {
    case PIER_EAGAIN:
    case PIER_EEOF:
    case PIER_EPIPE:
    case PIER_ESHUTDOWN:
    case PIER_ENOTCONN:
    case PIER_ECONNRESET:
    case PIER_ECONNABORTED:
    case PIER_ECONNREFUSED:
    case PIER_EINPROGRESS:
    case PIER_EADDRNOTAVAIL:
    case PIER_EADDRINUSE:
        return true;
    default:
        return result >= 0;
    }
}

static long long end(struct worker *w, long long result)
{
    w->began = 0;
    if (result == PIER_EBADF) {
        tally.closed++;
    } else if (result == PIER_ECANCELED) {
        tally.canceled++;
    } else if (result == PIER_EDEADLINE) {
        tally.late++;
    } else if (!is_usual(result)) {
        if (tally.unexpected++ == 0) {
            tally.first_call = w->what;
            tally.first_error = (int)result;
        }
    }
    return result;
}

static void check_bytes(const unsigned char *bytes, size_t length,
                        unsigned char canary)
{
    tally.received += length;
    for (size_t i = 0; i < length; i++)
        tally.foreign += bytes[i] != canary;
}

/* ------------------------------------------------------------ channels --- */

static struct channel *some_channel(struct worker *w)
{
    return place_take(place_of(draw(w, place_count())));
}

static void replace_channel(struct worker *w)
{
    enum kind kind = (enum kind)draw(w, KIND_COUNT);
    struct channel *c;
    pier_err err;

    begin(w, "making a channel");
    c = channel_new(kind, &err);
    (void)end(w, err);
    tally.channels += c != NULL;
    if (c)
        place_put(place_of(draw(w, place_count())), c);
}

static pier_timeout some_timeout(struct worker *w)
{
    const pier_timeout timeouts[] = { PIER_NONBLOCKING, MS / 10, MS, 5 * MS,
                                      PIER_FOREVER };

    return timeouts[draw(w, sizeof(timeouts) / sizeof(timeouts[0]))];
}

static void set_some_timeout(struct worker *w, struct pier_socket *s)
{
    begin(w, "a setter");
    switch (draw(w, 4)) {
    case 0:
        (void)end(w, pier_settimeout(s, some_timeout(w)));
        break;
    case 1:
        (void)end(w, pier_set_recv_timeout(s, some_timeout(w)));
        break;
    case 2:
        (void)end(w, pier_set_send_timeout(s, some_timeout(w)));
        break;
    default:
        (void)end(
            w, pier_set_deadline(s, draw(w, 2) ? pier_monotonic() + MS : 0));
        break;
    }
}

static void receive(struct worker *w, struct channel *c, unsigned side)
{
    unsigned char bytes[BUFFER];
    size_t length = 1 + draw(w, BUFFER), n = 0;
    ptrdiff_t result = 0;

    switch (c->kind == UDP_PAIR ? 0 : draw(w, 3)) {
    case 0:
        begin(w, "recv");
        result = pier_recv(c->ends[side], bytes, length, 0);
        break;
    case 1:
        begin(w, "recvfrom");
        result = pier_recvfrom(c->ends[side], bytes, length, 0, NULL);
        break;
    default:
        begin(w, "recvall");
        result = pier_recvall(c->ends[side], bytes, length, 0, &n);
        break;
    }
    (void)end(w, result);
    if (result > 0)
        n = (size_t)result;
    check_bytes(bytes, n, c->canary[1 - side]);
}

static void send_some(struct worker *w, struct channel *c, unsigned side)
{
    unsigned char bytes[BUFFER];
    bool datagram = c->kind == UDP_PAIR;
    size_t length = 1 + draw(w, datagram ? 1000 : BUFFER);

    memset(bytes, c->canary[side], sizeof(bytes));
    if (datagram || draw(w, 2)) {
        begin(w, "send");
        (void)end(w, pier_send(c->ends[side], bytes, length, 0));
        return;
    }
    begin(w, "sendall");
    (void)end(w, pier_sendall(c->ends[side], bytes, length, 0, NULL));
}

/* ---------------------------------------------------------- connections ---
 */

/* Both ends know a connection by the port that has connected. */
static unsigned char canary_of_port(const struct pier_address *a)
{
    return canary_of((unsigned)pier_address_port(a));
}

static void accept_one(struct worker *w, struct channel *c)
{
    struct pier_socket *s;
    struct pier_address peer;
    unsigned char bytes[16];
    size_t n = 0;
    pier_err err;

    begin(w, "accept");
    err = pier_accept(&s, c->ends[0], &peer);
    (void)end(w, err);
    if (err)
        return;
    leave_no_trace(s);
    begin(w, "recvall of an accepted one");
    err = pier_settimeout(s, 5 * MS);
    if (!err)
        err = pier_recvall(s, bytes, sizeof(bytes), 0, &n);
    (void)end(w, err);
    check_bytes(bytes, n, canary_of_port(&peer));
    pier_free(s);
}

static pier_err connect_and_send(struct pier_socket *s,
                                 const struct pier_address *to)
{
    struct pier_address mine;
    unsigned char bytes[16];
    pier_err err = pier_settimeout(s, 20 * MS);

    if (!err)
        err = pier_connect(s, to);
    if (!err)
        err = pier_getsockname(s, &mine);
    if (err)
        return err;
    leave_no_trace(s);
    memset(bytes, canary_of_port(&mine), sizeof(bytes));
    err = pier_sendall(s, bytes, sizeof(bytes), 0, NULL);
    /* What has been sent may go only once the peer has it. */
    return err ? err : (pier_err)pier_recv(s, bytes, 1, 0);
}

static void connect_one(struct worker *w, const struct channel *c)
{
    struct pier_socket *s;
    pier_err err;

    begin(w, "connect");
    err = pier_open(&s, PIER_AF_INET, PIER_SOCK_STREAM, 0);
    if (!err)
        err = pier_set_cancel(s, c->token);
    if (!err)
        err = connect_and_send(s, &c->name);
    (void)end(w, err);
    pier_free(s);
}

/* --------------------------------------------------------------- others ---
 */

/* A second object for the same connection goes through all hands. */
static void duplicate(struct worker *w, struct channel *c, unsigned side)
{
    struct pier_socket *s;
    unsigned char bytes[256];
    ptrdiff_t n = 0;
    pier_handle h;
    pier_err err;

    begin(w, "dup, detach, adopt");
    err = pier_dup(&s, c->ends[side]);
    if (end(w, err) < 0)
        return;
    /* With a negative timeout it would be given away blocking, and so would
     * be, for a moment, what shares it. */
    err = pier_settimeout(s, draw(w, 2) ? MS : PIER_NONBLOCKING);
    if (!err) {
        h = pier_detach(s);
        pier_free(s);
        err = pier_adopt(&s, h, -1, -1, -1);
    }
    if (!err)
        err = pier_settimeout(s, MS);
    if (!err && c->kind != LISTENER)
        n = pier_recv(s, bytes, sizeof(bytes), 0);
    (void)end(w, err ? err : n);
    check_bytes(bytes, n > 0 ? (size_t)n : 0, c->canary[1 - side]);
    pier_free(s);
}

static void look_up(struct worker *w, struct channel *c)
{
    struct pier_wait wait = PIER_WAIT_INIT;
    struct pier_addrinfo *list = NULL;
    struct pier_lookup *l;
    pier_err err;

    wait.timeout = 5 * MS;
    wait.cancel = c->token;
    begin(w, "a look-up");
    if (draw(w, 2)) {
        err = pier_getaddrinfo(&list, "localhost", "80", NULL, &wait);
    } else {
        err = pier_lookup_start(&l, "localhost", NULL, NULL);
        if (!err && draw(w, 2))
            err = pier_lookup_wait(l, &wait);
        pier_lookup_free(l);
    }
    (void)end(w, err);
    tally.lookups++;
    pier_freeaddrinfo(list);
}

static void ask(struct worker *w, struct channel *c, unsigned side)
{
    struct pier_address a;
    int value;
    bool on;

    begin(w, "a question");
    switch (draw(w, 4)) {
    case 0:
        (void)end(w, pier_getsockname(c->ends[side], &a));
        break;
    case 1:
        (void)end(w, pier_getpeername(c->ends[side], &a));
        break;
    case 2:
        (void)end(w, pier_get_inheritable(c->ends[side], &on));
        break;
    default:
        (void)end(w, pier_getsockopt_int(c->ends[side], PIER_SOL_SOCKET,
                                         PIER_SO_TYPE, &value));
        break;
    }
}

/* ---------------------------------------------------------- the threads ---
 */

static void use_listener(struct worker *w, struct channel *c)
{
    switch (draw(w, 8)) {
    case 0:
        set_some_timeout(w, c->ends[0]);
        break;
    case 1:
        duplicate(w, c, 0);
        break;
    case 2:
    case 3:
    case 4:
        accept_one(w, c);
        break;
    default:
        connect_one(w, c);
        break;
    }
}

static void use_stream(struct worker *w, struct channel *c)
{
    unsigned side = draw(w, 2);

    switch (draw(w, 16)) {
    case 0:
    case 1:
        set_some_timeout(w, c->ends[side]);
        break;
    case 2:
        duplicate(w, c, side);
        break;
    case 3:
        ask(w, c, side);
        break;
    case 4:
        if (draw(w, 4) == 0)
            look_up(w, c);
        break;
    case 5:
    case 6:
    case 7:
    case 8:
    case 9:
        send_some(w, c, side);
        break;
    default:
        receive(w, c, side);
        break;
    }
}

static void use(struct worker *w)
{
    struct channel *c = draw(w, 8) ? some_channel(w) : NULL;

    if (!c) {
        replace_channel(w);
    } else if (c->kind == LISTENER) {
        use_listener(w, c);
    } else {
        use_stream(w, c);
    }
    channel_drop(c);
}

/* What ends the calls of others, at any moment of theirs. */
static void end_something(struct worker *w)
{
    struct channel *c = some_channel(w);
    unsigned side;

    if (!c)
        return;
    side = c->kind == LISTENER ? 0 : draw(w, 2);
    begin(w, "an end");
    switch (draw(w, 8)) {
    case 0:
    case 1:
        pier_cancel_fire(c->token);
        (void)end(w, 0);
        break;
    case 2:
        (void)end(w, pier_shutdown(c->ends[side], (int)draw(w, 3)));
        break;
    case 3:
        (void)end(w, pier_close_wait(c->ends[side], 10 * MS));
        break;
    default:
        (void)end(w, pier_close(c->ends[side]));
        break;
    }
    if (draw(w, 2))
        pier_cancel_reset(c->token);
    channel_drop(c);
    if (draw(w, 2))
        sleep_ms(1);
}

void work(void *worker)
{
    struct worker *w = worker;

    while (!is_over) {
        if (w->ends) {
            end_something(w);
        } else {
            use(w);
        }
    }
}
