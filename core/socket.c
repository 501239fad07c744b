/* SPDX-License-Identifier: MIT */
/* The life of a socket object: making, taking over, giving away, closing. */
#include "error.h"
#include "hooks.h"
#include "kind.h"
#include "mode.h"
#include "state.h"
#include "trace.h"
#include "wait.h"
#include <pier/constants.h>

_Static_assert(sizeof(struct pier_socket) <= 256,
               "a socket takes at most 256 bytes of heap");

struct pier_socket *pieri_socket_new(int family, int type, int protocol)
{
    struct pier_socket *s = pierp_alloc(sizeof(*s));

    if (!s)
        return NULL;
    pieri_hooks_settle();
    s->handle = PIER_INVALID_HANDLE;
    s->family = family;
    s->type = type;
    s->protocol = protocol;
    s->write_turn = type == PIER_SOCK_STREAM ? PIERI_WRITE_TURN : 0;
    s->generation = pierp_generation;
    pieri_mode_inherit(s);
    return s;
}

void pieri_socket_set_kind(struct pier_socket *s,
                           const struct pier_socket *other)
{
    s->family = other->family;
    s->type = other->type;
    s->protocol = other->protocol;
    s->write_turn = other->write_turn;
}

void pieri_socket_open(struct pier_socket *s, pier_handle handle)
{
    s->handle = handle;
    s->state =
        PIERI_REFERENCE |
        (s->shut & PIERI_SHUT_RECEIVING ? PIERI_RECV_SHUT : UINT64_C(0));
}

void pieri_socket_discard(struct pier_socket *s)
{
    pierp_free(s);
}

pier_err pieri_begin(struct pier_socket *s, const char *operation)
{
    if (!s)
        return pieri_fail(operation, PIER_EINVAL, NULL);
    if (!pieri_try_enter(s, 0))
        return pieri_fail(operation, PIER_EBADF, NULL);
    return PIER_OK;
}

pier_err pieri_end(struct pier_socket *s, const char *operation, pier_err err,
                   const struct pier_address *address)
{
    if (err)
        pieri_os_fail(operation, err, address);
    return (pier_err)pieri_leave(s, err);
}

/* Completes a new object with its handle, which it owns when this succeeds. */
static pier_err complete(struct pier_socket *s, pier_handle handle)
{
    pier_err err = pieri_mode_apply(s, handle);

    if (!err)
        pieri_socket_open(s, handle);
    return err;
}

static pier_err open_handle(struct pier_socket *s)
{
    pier_handle handle;
    pier_err err = pierp_open(&handle, s->family, s->type, s->protocol);

    if (err)
        return err;
    err = complete(s, handle);
    if (err)
        pierp_close(handle);
    return err;
}

static pier_err open_now(struct pier_socket **out, int family, int type,
                         int protocol)
{
    struct pier_socket *s;
    pier_err err;

    if (!out)
        return pieri_fail("open", PIER_EINVAL, NULL);
    *out = NULL;
    err = pieri_kind_check(family, type, protocol);
    if (err)
        return pieri_fail("open", err, NULL);
    err = pierp_start();
    if (err)
        return pieri_os_fail("open", err, NULL);
    s = pieri_socket_new(family, pieri_kind_type(type), protocol);
    if (!s)
        return pieri_fail("open", PIER_ENOMEM, NULL);
    if (pieri_kind_never_blocks(type))
        pieri_mode_never_block(s);
    err = open_handle(s);
    if (err) {
        pieri_socket_discard(s);
        return pieri_os_fail("open", err, NULL);
    }
    *out = s;
    return PIER_OK;
}

/* Fills a new object from a handle; the handle stays the caller's when this
 * fails. */
static pier_err adopt_into(struct pier_socket *s, pier_handle handle)
{
    pier_err err = pierp_adopt(handle, &s->family, &s->type, &s->protocol);

    if (err)
        return err;
    s->write_turn = s->type == PIER_SOCK_STREAM ? PIERI_WRITE_TURN : 0;
    return complete(s, handle);
}

static pier_err adopt(struct pier_socket **out, const char *operation,
                      pier_handle handle, const int kind[3])
{
    struct pier_socket *s;
    pier_err err = pierp_start();

    if (err)
        return pieri_os_fail(operation, err, NULL);
    s = pieri_socket_new(kind[0], pieri_kind_type(kind[1]), kind[2]);
    if (!s)
        return pieri_fail(operation, PIER_ENOMEM, NULL);
    err = adopt_into(s, handle);
    if (err) {
        pieri_socket_discard(s);
        return pieri_os_fail(operation, err, NULL);
    }
    *out = s;
    return PIER_OK;
}

static pier_err adopt_now(struct pier_socket **out, pier_handle handle,
                          int family, int type, int protocol)
{
    const int kind[3] = { family, type, protocol };

    if (!out)
        return pieri_fail("adopt", PIER_EINVAL, NULL);
    *out = NULL;
    if (handle == PIER_INVALID_HANDLE)
        return pieri_fail("adopt", PIER_EBADF, NULL);
    return adopt(out, "adopt", handle, kind);
}

static pier_err fromfd_now(struct pier_socket **out, pier_handle handle,
                           int family, int type, int protocol)
{
    const int kind[3] = { family, type, protocol };
    pier_handle copy;
    pier_err err;

    if (!out)
        return pieri_fail("fromfd", PIER_EINVAL, NULL);
    *out = NULL;
    if (handle == PIER_INVALID_HANDLE)
        return pieri_fail("fromfd", PIER_EBADF, NULL);
    err = pierp_start();
    if (!err)
        err = pierp_dup(&copy, handle);
    if (err)
        return pieri_os_fail("fromfd", err, NULL);
    err = adopt(out, "fromfd", copy, kind);
    if (err)
        pierp_close(copy);
    return err;
}

/* A second object on a second handle of the same socket. */
static pier_err duplicate(struct pier_socket **out, struct pier_socket *s)
{
    struct pier_socket *copy;
    pier_handle handle;
    pier_err err;

    /* What a layer knows of the stream cannot be in two objects. */
    if (s->layer)
        return PIER_EOPNOTSUPP;
    copy = pieri_socket_new(s->family, s->type, s->protocol);
    if (!copy)
        return PIER_ENOMEM;
    pieri_mode_copy(copy, s);
    copy->shut = s->shut;
    err = pieri_mode_share(s);
    copy->shares_mode = s->shares_mode;
    if (!err)
        err = pierp_dup(&handle, s->handle);
    if (err) {
        pieri_socket_discard(copy);
        return err;
    }
    pieri_socket_open(copy, handle);
    *out = copy;
    return PIER_OK;
}

static pier_err dup_now(struct pier_socket **out, struct pier_socket *s)
{
    pier_err err;

    if (!out)
        return pieri_fail("dup", PIER_EINVAL, NULL);
    *out = NULL;
    err = pieri_begin(s, "dup");
    if (err)
        return err;
    return pieri_end(s, "dup", duplicate(out, s), NULL);
}

/* The calls inside were woken and leave soon; without a wake of its own this
 * thread looks from time to time. */
static void wait_until_left(struct pier_socket *s)
{
    const unsigned generation = pierp_generation;
    unsigned got;
    void *token;

    while (generation == pierp_generation && !(s->state & PIERI_RELEASED)) {
        if (pieri_state_wait_released(s, PIERI_NEVER) == PIER_OK)
            continue;
        token = pieri_enter_blocking();
        (void)pierp_wait(PIER_INVALID_HANDLE, 0, NULL, 0, PIER_MILLISECONDS(1),
                         &got);
        pieri_leave_blocking(token);
    }
}

/* In the child of a fork made by a hook the pin went with the rest. */
static void unpin_since(struct pier_socket *s, unsigned generation)
{
    if (generation == pierp_generation)
        pieri_unpin(s);
}

pier_handle pier_detach(struct pier_socket *s)
{
    const unsigned generation = pierp_generation;
    pier_handle handle = PIER_INVALID_HANDLE;

    if (!s)
        return handle;
    pieri_pin(s);
    if (pieri_state_close(s, PIERI_DETACHED, NULL)) {
        bool blocks = s->timeout[PIERI_RECEIVING] < 0 && !s->shares_mode;

        handle = s->handle;
        wait_until_left(s);
        if (blocks)
            (void)pierp_set_nonblocking(handle, false);
    }
    unpin_since(s, generation);
    return handle;
}

static pier_err close_now(struct pier_socket *s)
{
    pier_err err = PIER_OK;

    if (!s)
        return pieri_fail("close", PIER_EINVAL, NULL);
    pieri_state_close(s, 0, &err);
    return err ? pieri_os_fail("close", err, NULL) : PIER_OK;
}

static pier_err close_wait_now(struct pier_socket *s, pier_timeout t)
{
    const unsigned generation = pierp_generation;
    pier_err err = PIER_OK;

    if (!s)
        return pieri_fail("close", PIER_EINVAL, NULL);
    pieri_pin(s);
    pieri_state_close(s, 0, &err);
    if (!err && !(s->state & PIERI_RELEASED))
        err = pieri_state_wait_released(s, pieri_deadline(t));
    unpin_since(s, generation);
    if (err == PIER_EDEADLINE || err == PIER_EINTR)
        return pieri_fail("close", err, NULL);
    return err ? pieri_os_fail("close", err, NULL) : PIER_OK;
}

void pier_free(struct pier_socket *s)
{
    int64_t start = pieri_trace_begin();

    if (!s)
        return;
    pieri_state_close(s, 0, NULL);
    pieri_state_free(s);
    (void)pieri_trace_end("free", s, PIER_OK, start);
}

pier_handle pier_fileno(const struct pier_socket *s)
{
    return s && !pieri_closed(s) ? s->handle : PIER_INVALID_HANDLE;
}

int pier_family(const struct pier_socket *s)
{
    return s ? s->family : PIER_AF_UNSPEC;
}

int pier_type(const struct pier_socket *s)
{
    return s ? s->type : 0;
}

int pier_protocol(const struct pier_socket *s)
{
    return s ? s->protocol : 0;
}

pier_err pier_open(struct pier_socket **out, int family, int type,
                   int protocol)
{
    int64_t start = pieri_trace_begin();
    pier_err err = open_now(out, family, type, protocol);

    return (pier_err)pieri_trace_end("open", out ? *out : NULL, err, start);
}

pier_err pier_adopt(struct pier_socket **out, pier_handle handle, int family,
                    int type, int protocol)
{
    int64_t start = pieri_trace_begin();
    pier_err err = adopt_now(out, handle, family, type, protocol);

    return (pier_err)pieri_trace_end("adopt", out ? *out : NULL, err, start);
}

pier_err pier_fromfd(struct pier_socket **out, pier_handle handle, int family,
                     int type, int protocol)
{
    int64_t start = pieri_trace_begin();
    pier_err err = fromfd_now(out, handle, family, type, protocol);

    return (pier_err)pieri_trace_end("fromfd", out ? *out : NULL, err, start);
}

pier_err pier_dup(struct pier_socket **out, struct pier_socket *s)
{
    int64_t start = pieri_trace_begin();
    pier_err err = dup_now(out, s);

    return (pier_err)pieri_trace_end("dup", s, err, start);
}

pier_err pier_close(struct pier_socket *s)
{
    int64_t start = pieri_trace_begin();
    pier_err err = close_now(s);

    return (pier_err)pieri_trace_end("close", s, err, start);
}

pier_err pier_close_wait(struct pier_socket *s, pier_timeout t)
{
    int64_t start = pieri_trace_begin();
    pier_err err = close_wait_now(s, t);

    return (pier_err)pieri_trace_end("close_wait", s, err, start);
}
