/* SPDX-License-Identifier: MIT */
/*
 * Sockets over a channel. What goes over it is one parcel: with a handle
 * beside it where AF_UNIX carries handles, else with the bytes by which the
 * other process makes the handle.
 */
#include "call.h"
#include "error.h"
#include "mode.h"
#include "parcel.h"
#include "state.h"
#include "trace.h"
#include "transfer.h"
#include <pier/constants.h>

static const char sending[] = "send_socket";
static const char receiving[] = "recv_socket";

static enum pieri_way way_of(const struct pier_socket *channel)
{
    return pierp_carries_handles && channel->family == PIER_AF_UNIX
               ? PIERI_BY_HANDLE
               : PIERI_BY_SHARE;
}

static pier_err check(const struct pier_socket *channel, const char *operation)
{
    if (!channel)
        return pieri_fail(operation, PIER_EINVAL, NULL);
    if (channel->layer)
        return pieri_fail(operation, PIER_EOPNOTSUPP, NULL);
    /* Only what neither loses nor cuts bytes carries as many of them. */
    if (way_of(channel) == PIERI_BY_SHARE &&
        (!pierp_has_shares || !pieri_is_stream(channel)))
        return pieri_fail(operation, PIER_ENOTSUP, NULL);
    return PIER_OK;
}

/* ------------------------------------------------------------- sending --- */

struct outgoing {
    struct pieri_io io; /* done: bytes of the parcel */
    struct pier_share_info parcel;
    pier_handle handle; /* beside its first byte, or none; ours to close */
};

static ptrdiff_t send_some(const struct pier_socket *s,
                           const struct outgoing *o)
{
    const unsigned char *rest = o->parcel.bytes + o->io.done;
    size_t left = o->parcel.length - o->io.done;

    if (o->handle == PIER_INVALID_HANDLE || o->io.done > 0)
        return pierp_send(s->handle, rest, left, 0);
    return pierp_send_handle(s->handle, rest, left, o->handle);
}

static ptrdiff_t send_rest(struct pier_socket *s, struct pieri_io *io)
{
    const struct outgoing *o = (struct outgoing *)io;

    if (s->layer)
        return PIER_EOPNOTSUPP;
    while (io->done < o->parcel.length) {
        ptrdiff_t n = send_some(s, o);

        pieri_pause_if_full(s, io, n);
        if (n < 0)
            return n;
        io->done += (size_t)n;
    }
    return 0;
}

static const struct pieri_operation send_stream = {
    sending, PIERI_SENDING, PIERP_WRITE, PIERI_WRITE_TURN, send_rest,
};
static const struct pieri_operation send_datagram = {
    sending, PIERI_SENDING, PIERP_WRITE, 0, send_rest,
};

/* With a handle of its own: s may be closed while this waits. */
static pier_err pack(struct outgoing *o, struct pier_socket *s,
                     enum pieri_way way, long long process_id)
{
    pier_err err = pieri_begin(s, sending);

    if (err)
        return err;
    err = pieri_parcel_pack(&o->parcel, s, way, process_id);
    if (!err && way == PIERI_BY_HANDLE)
        err = pieri_mode_share(s);
    if (!err && way == PIERI_BY_HANDLE)
        err = pierp_dup(&o->handle, s->handle);
    return pieri_end(s, sending, err, NULL);
}

static pier_err send_now(struct pier_socket *channel, struct pier_socket *s,
                         long long process_id)
{
    struct outgoing o = { .handle = PIER_INVALID_HANDLE };
    pier_err err = check(channel, sending);

    if (!err)
        err = pack(&o, s, way_of(channel), process_id);
    if (err)
        return err;
    err = (pier_err)pieri_call(
        channel, pieri_is_stream(channel) ? &send_stream : &send_datagram,
        &o.io);
    if (o.handle != PIER_INVALID_HANDLE)
        (void)pierp_close(o.handle);
    return err;
}

pier_err pier_send_socket(struct pier_socket *channel, struct pier_socket *s,
                          long long process_id)
{
    int64_t start = pieri_trace_begin();
    pier_err err = send_now(channel, s, process_id);

    return (pier_err)pieri_trace_end(sending, channel, err, start);
}

/* ----------------------------------------------------------- receiving --- */

struct incoming {
    struct pieri_io io;
    struct pier_share_info parcel; /* length: bytes that have come */
    size_t needs;                  /* bytes of the whole; 0: malformed */
    pier_handle handle;            /* what came beside it; ours to close */
};

/* One parcel has one handle at most. */
static void keep_handle(struct incoming *in, pier_handle handle)
{
    if (handle == PIER_INVALID_HANDLE)
        return;
    if (in->handle == PIER_INVALID_HANDLE) {
        in->handle = handle;
    } else {
        (void)pierp_close(handle);
        in->needs = 0;
    }
}

static ptrdiff_t receive_some(const struct pier_socket *s, struct incoming *in,
                              bool *cut)
{
    unsigned char *rest = in->parcel.bytes + in->parcel.length;
    size_t left = in->needs - in->parcel.length;
    pier_handle handle = PIER_INVALID_HANDLE;
    ptrdiff_t n;

    if (way_of(s) == PIERI_BY_SHARE)
        return pierp_recv(s->handle, rest, left, 0);
    n = pierp_recv_handle(s->handle, rest, left, &handle, cut);
    keep_handle(in, handle);
    return n;
}

/* Takes n more bytes for what they are. A datagram has all at once. */
static void take(const struct pier_socket *s, struct incoming *in, size_t n,
                 bool cut)
{
    bool spoilt = in->needs == 0;

    in->parcel.length += n;
    in->needs = pieri_parcel_needs(&in->parcel);
    if (spoilt || cut ||
        (!pieri_is_stream(s) && in->parcel.length != in->needs))
        in->needs = 0;
}

static ptrdiff_t receive_rest(struct pier_socket *s, struct pieri_io *io)
{
    struct incoming *in = (struct incoming *)io;

    if (s->layer)
        return PIER_EOPNOTSUPP;
    while (in->needs > in->parcel.length) {
        bool cut = false;
        ptrdiff_t n;

        if (pieri_ended(s, PIERI_RECEIVING))
            return PIER_EEOF;
        n = receive_some(s, in, &cut);
        if (n < 0)
            return n;
        if (n == 0 && s->type != PIER_SOCK_DGRAM)
            return PIER_EEOF;
        take(s, in, (size_t)n, cut);
    }
    return 0;
}

static const struct pieri_operation receive = {
    receiving, PIERI_RECEIVING, PIERP_READ, PIERI_READ_TURN, receive_rest,
};

/* What the system will not make a socket of is none. */
static pier_err unpack(struct pier_socket *s, struct incoming *in,
                       enum pieri_way way)
{
    bool has_handle = in->handle != PIER_INVALID_HANDLE;
    pier_handle handle = in->handle;
    pier_err err;

    if (in->needs == 0 || !pieri_parcel_is(&in->parcel, way) ||
        has_handle != (way == PIERI_BY_HANDLE))
        return pieri_fail(receiving, PIER_EBADMSG, NULL);
    in->handle = PIER_INVALID_HANDLE;
    err = pieri_parcel_unpack(s, &in->parcel, handle);
    if (err == PIER_EINVAL)
        err = PIER_EBADMSG;
    return err ? pieri_os_fail(receiving, err, NULL) : PIER_OK;
}

static pier_err receive_into(struct pier_socket *s,
                             struct pier_socket *channel)
{
    struct incoming in = { .needs = PIERI_PARCEL_HEADER,
                           .handle = PIER_INVALID_HANDLE };
    enum pieri_way way = way_of(channel);
    pier_err err = (pier_err)pieri_call(channel, &receive, &in.io);

    if (!err)
        err = unpack(s, &in, way);
    if (in.handle != PIER_INVALID_HANDLE)
        (void)pierp_close(in.handle);
    return err;
}

static pier_err receive_now(struct pier_socket **out,
                            struct pier_socket *channel)
{
    struct pier_socket *s;
    pier_err err;

    if (!out)
        return pieri_fail(receiving, PIER_EINVAL, NULL);
    *out = NULL;
    err = check(channel, receiving);
    if (err)
        return err;
    s = pieri_socket_new(0, 0, 0);
    if (!s)
        return pieri_fail(receiving, PIER_ENOMEM, NULL);
    err = receive_into(s, channel);
    if (err) {
        pieri_socket_discard(s);
        return err;
    }
    *out = s;
    return PIER_OK;
}

pier_err pier_recv_socket(struct pier_socket **out,
                          struct pier_socket *channel)
{
    int64_t start = pieri_trace_begin();
    pier_err err = receive_now(out, channel);

    return (pier_err)pieri_trace_end(receiving, channel, err, start);
}
