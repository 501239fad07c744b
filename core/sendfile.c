/* SPDX-License-Identifier: MIT */
/*
 * Sending what a source has: a file, or a function. One attempt moves one
 * piece and then hands back to the engine, which looks at the limit, the token
 * and a close after each piece, not only when the peer is slow. It waits only
 * where the stream takes no more, and not after the last byte.
 *
 * A file is always asked for what lies at an offset, and gets its position at
 * the end; so what was read and not sent needs no way back.
 */
#include <pier/sendfile.h>

#include "call.h"
#include "error.h"
#include "state.h"
#include "trace.h"
#include "transfer.h"
#include "wait.h"
#include <pier/constants.h>

#define NO_POSITION INT64_C(-1)

enum {
    PIECE = 1 << 20, /* what the system sends before it is looked round */
    SLICE = 1 << 24, /* what it sends while the call waits */
    BLOCK = 1 << 16, /* what is read before it is sent */
    LOOK_INTERVAL_MS = 5
};

struct sending {
    struct pieri_io io; /* buffer and length are what is read and not sent */
    const struct pieri_operation *operation;
    ptrdiff_t(PIER_CALL *read)(void *context, void *buffer, size_t length);
    void *context;
    pier_file file;
    int64_t position; /* the file's at first, or NO_POSITION */
    int64_t at;       /* where its next unsent byte is, or NO_POSITION */
    int64_t left;     /* of the count, or of INT64_MAX */
    int64_t sent;
    unsigned char *block;
    struct pierp_transmission transmission;
    bool directly;  /* the system may yet be able to send the file itself, */
    bool in_slices; /* or by a transmission */
    bool is_counted;
    bool has_begun; /* the position is known */
    bool no_time;
    pier_err error; /* noted already: of the source, or of memory */
};

/* Ends the call: what failed is none of the engine's business. */
static ptrdiff_t end_with(struct sending *t, pier_err noted)
{
    t->error = noted;
    return 0;
}

/* PIER_EBADF is a word for the socket. */
static pier_err fail_file(const struct sending *t, pier_err err)
{
    return pieri_os_fail(t->operation->name,
                         err == PIER_EBADF ? PIER_EINVAL : err, NULL);
}

static size_t at_most(const struct sending *t, size_t limit)
{
    return t->left < (int64_t)limit ? (size_t)t->left : limit;
}

/* --------------------------------------------------- without a detour --- */

static ptrdiff_t send_piece(struct pier_socket *s, struct sending *t)
{
    bool held;
    ptrdiff_t n = pieri_mode_hold(s, &held);

    if (n)
        return n;
    n = pierp_sendfile(s->handle, t->file, t->at, at_most(t, PIECE));
    if (held)
        pieri_mode_drop(s);
    return n;
}

/* ------------------------------------------------------ in slices --- */

static ptrdiff_t send_slice(struct pier_socket *s, struct sending *t)
{
    ptrdiff_t n;

    if (pieri_ended(s, PIERI_SENDING)) {
        return end_with(t, pieri_fail(t->operation->name, PIER_EPIPE, NULL));
    }
    n = pierp_transmit(s->handle, t->file, t->at, at_most(t, SLICE),
                       &t->transmission);
    if (n == PIER_EAGAIN) {
        t->io.source = t->transmission.event;
        t->io.wait_source = true;
        t->io.want = PIERP_EVENT;
    }
    return n;
}

static void break_off(const struct pier_socket *s, struct pieri_io *io)
{
    struct sending *t = (struct sending *)io;
    void *token;

    if (t->transmission.event == PIER_INVALID_HANDLE)
        return;
    token = pieri_enter_blocking();
    pierp_transmit_end(s->handle, &t->transmission);
    pieri_leave_blocking(token);
}

/* In the child of a fork made by the hook the call is not inside yet: the
 * engine sees to that before the next attempt. */
static ptrdiff_t send_unlocked(struct pier_socket *s, struct sending *t,
                               ptrdiff_t (*send)(struct pier_socket *s,
                                                 struct sending *t))
{
    const unsigned generation = pierp_generation;
    void *token = pieri_enter_blocking();
    ptrdiff_t n = generation == pierp_generation ? send(s, t) : PIER_EAGAIN;

    pieri_leave_blocking(token);
    return n;
}

/* -------------------------------------------- by reading and sending --- */

/* Nothing has come from the file yet. */
static ptrdiff_t await_source(struct pier_socket *s, struct sending *t)
{
    if (pieri_ended(s, PIERI_SENDING)) {
        return end_with(t, pieri_fail(t->operation->name, PIER_EPIPE, NULL));
    }
    t->io.source = pierp_file_waitable(t->file);
    t->io.wait_source = t->io.source != PIER_INVALID_HANDLE;
    t->io.pause_ms = t->io.wait_source ? 0 : LOOK_INTERVAL_MS;
    return PIER_EAGAIN;
}

static ptrdiff_t read_file(struct pier_socket *s, struct sending *t,
                           size_t length)
{
    const unsigned generation = pierp_generation;
    void *token = pieri_enter_blocking();
    ptrdiff_t n = PIER_EAGAIN;

    if (generation == pierp_generation) {
        n = pierp_file_read(t->file, t->block, length, t->at);
        if (n == PIER_EAGAIN) {
            n = await_source(s, t);
        } else if (n < 0 && n != PIER_EINTR) {
            n = end_with(t, fail_file(t, (pier_err)n));
        }
    }
    pieri_leave_blocking(token);
    return n;
}

static ptrdiff_t ask_function(struct sending *t, size_t length)
{
    ptrdiff_t n = t->read(t->context, t->block, length);

    if (n > (ptrdiff_t)length)
        n = PIER_EINVAL;
    if (n >= 0)
        return n;
    return end_with(t, pieri_fail(t->operation->name, (pier_err)n, NULL));
}

static ptrdiff_t read_block(struct pier_socket *s, struct sending *t)
{
    size_t length = at_most(t, BLOCK);
    ptrdiff_t n;

    if (!t->block)
        t->block = pierp_alloc(BLOCK);
    if (!t->block) {
        return end_with(t, pieri_fail(t->operation->name, PIER_ENOMEM, NULL));
    }
    n = t->read ? ask_function(t, length) : read_file(s, t, length);
    if (n > 0) {
        t->io.buffer = t->block;
        t->io.length = (size_t)n;
    }
    return n;
}

static ptrdiff_t send_block(struct pier_socket *s, struct sending *t)
{
    ptrdiff_t n = 1;

    if (t->io.length == 0)
        n = read_block(s, t);
    if (n <= 0)
        return n;
    n = pieri_send_once(s, &t->io);
    if (n > 0) {
        t->io.buffer = (unsigned char *)t->io.buffer + n;
        t->io.length -= (size_t)n;
    }
    return n;
}

/* ------------------------------------------------------------ the call --- */

/* Where the file's position is, and whether this call is one that a file
 * without position can have. */
static pier_err find_position(const struct pier_socket *s, struct sending *t)
{
    pier_err err = pierp_file_get_position(t->file, &t->position);

    if (err == PIER_ESPIPE && t->at == NO_POSITION && !t->no_time)
        return PIER_OK;
    if (err)
        return fail_file(t, err);
    if (t->at == NO_POSITION)
        t->at = t->position;
    if (t->is_counted && t->at > INT64_MAX - t->left)
        return pieri_fail(t->operation->name, PIER_EINVAL, NULL);
    t->directly = !s->layer;
    /* What is ended early breaks the stream. */
    t->in_slices = t->directly && t->io.unlimited;
    return PIER_OK;
}

static ptrdiff_t move(struct pier_socket *s, struct sending *t)
{
    ptrdiff_t n = PIER_ENOTSUP;

    t->io.want = 0;
    t->io.wait_source = false;
    t->io.pause_ms = 0;
    if (t->directly)
        n = send_unlocked(s, t, send_piece);
    if (n == PIER_ENOTSUP)
        t->directly = false;
    if (n == PIER_ENOTSUP && t->in_slices)
        n = send_unlocked(s, t, send_slice);
    if (n == PIER_ENOTSUP) {
        t->in_slices = false;
        n = send_block(s, t);
    }
    if (n > 0) {
        t->sent += n;
        t->left -= n;
        t->at += t->at == NO_POSITION ? 0 : n;
    }
    return n;
}

static ptrdiff_t send_once(struct pier_socket *s, struct pieri_io *io)
{
    struct sending *t = (struct sending *)io;
    ptrdiff_t n = move(s, t);

    io->goes_on = n > 0 && t->left > 0;
    if (io->goes_on)
        return PIER_EAGAIN;
    return n < 0 ? n : 0;
}

static ptrdiff_t send_file_once(struct pier_socket *s, struct pieri_io *io)
{
    struct sending *t = (struct sending *)io;

    if (!t->has_begun) {
        pier_err err = find_position(s, t);

        if (err)
            return end_with(t, err);
        t->has_begun = true;
    }
    return send_once(s, io);
}

static const struct pieri_operation send_file = {
    "sendfile", PIERI_SENDING, PIERP_WRITE, PIERI_WRITE_TURN, send_file_once,
};
static const struct pieri_operation send_from = {
    "sendfrom", PIERI_SENDING, PIERP_WRITE, PIERI_WRITE_TURN, send_once,
};

static pier_err run(struct pier_socket *s, struct sending *t)
{
    const char *name = t->operation->name;
    pier_err err;

    if (!s || !pieri_is_stream(s))
        return pieri_fail(name, PIER_EINVAL, NULL);
    if (t->left == 0) {
        err = pieri_begin(s, name);
        return err ? err : pieri_end(s, name, PIER_OK, NULL);
    }
    t->no_time = s->timeout[PIERI_SENDING] == 0;
    err = (pier_err)pieri_call(s, t->operation, &t->io);
    pierp_free(t->block);
    return err ? err : t->error;
}

/* Whether the call may have moved the position, or has to. */
static bool has_moved(const struct sending *t)
{
    return t->has_begun && t->position != NO_POSITION &&
           (t->sent > 0 || !t->directly);
}

static pier_err run_with_position(struct pier_socket *s, struct sending *t)
{
    pier_err err = run(s, t);
    pier_err moved = PIER_OK;

    if (has_moved(t)) {
        moved =
            pierp_file_set_position(t->file, t->sent ? t->at : t->position);
    }
    if (err || !moved)
        return err;
    return pieri_os_fail(t->operation->name, moved, NULL);
}

pier_err pier_sendfile(struct pier_socket *s, pier_file file, int64_t offset,
                       int64_t count, int64_t *sent)
{
    int64_t start = pieri_trace_begin();
    struct sending t = {
        .io = { .starts_clock = true, .finish = break_off },
        .operation = &send_file,
        .file = file,
        .position = NO_POSITION,
        .transmission = { .event = PIER_INVALID_HANDLE },
        .at = offset < 0 ? NO_POSITION : offset,
        .left = count < 0 ? INT64_MAX : count,
        .is_counted = count >= 0,
    };
    pier_err err = run_with_position(s, &t);

    if (sent)
        *sent = t.sent;
    return (pier_err)pieri_trace_end(send_file.name, s, err, start);
}

pier_err pier_sendfrom(struct pier_socket *s,
                       ptrdiff_t(PIER_CALL *read)(void *context, void *buffer,
                                                  size_t length),
                       void *context, int64_t count, int64_t *sent)
{
    int64_t start = pieri_trace_begin();
    struct sending t = {
        .io = { .starts_clock = true },
        .operation = &send_from,
        .read = read,
        .context = context,
        .at = NO_POSITION,
        .left = count < 0 ? INT64_MAX : count,
    };
    pier_err err =
        read ? run(s, &t) : pieri_fail(send_from.name, PIER_EINVAL, NULL);

    if (sent)
        *sent = t.sent;
    return (pier_err)pieri_trace_end(send_from.name, s, err, start);
}
