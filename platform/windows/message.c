/* SPDX-License-Identifier: MIT */
/*
 * Messages: WSARecvMsg() and WSASendMsg() for datagrams, WSARecvFrom() and
 * WSASendTo() for streams, which have no control data here.
 */
#include "common.h"
#include "priv.h"
#include <mswsock.h>
#include <pier/message.h>

/* What a stream takes if it takes anything. */
#define SURELY_TAKEN 65536

/* As many as the IOV_MAX of other systems, and all that Wine takes. */
#define BUFFERS_MAX 1024

/* ----------------------------------------------------- several at once --- */

ptrdiff_t pierp_sendmmsg(pier_handle h, struct pier_datagram *d, size_t count,
                         int flags)
{
    return plat_each_sendmsg(h, d, count, flags);
}

ptrdiff_t pierp_recvmmsg(pier_handle h, struct pier_datagram *d, size_t count,
                         int flags)
{
    return plat_each_recvmsg(h, d, count, flags);
}

/* ------------------------------------------------------------- buffers --- */

enum {
    FEW = 16
};

/* At least one: without any a call is no empty datagram but an error. */
struct buffers {
    WSABUF few[FEW];
    WSABUF *all;
    DWORD count;
    int total;
};

static WSABUF buffer_of(void *base, size_t length)
{
    static char nowhere;
    WSABUF b = { .len = (ULONG)win_clamp(length) };

    b.buf = b.len > 0 ? base : &nowhere;
    return b;
}

/* What the pieces hold beyond an int is left out. */
static void fill_buffers(struct buffers *b, const struct pier_message *m)
{
    for (b->count = 0; b->count < m->buffer_count; b->count++) {
        const struct pier_buffer *from = &m->buffers[b->count];
        WSABUF *to = &b->all[b->count];

        *to = buffer_of(from->base, from->length);
        if (to->len > (ULONG)(INT_MAX - b->total))
            to->len = (ULONG)(INT_MAX - b->total);
        b->total += (int)to->len;
    }
    if (b->count == 0)
        b->all[b->count++] = buffer_of(NULL, 0);
}

static pier_err take_buffers(struct buffers *b, const struct pier_message *m)
{
    b->all = b->few;
    b->count = 0;
    b->total = 0;
    if (m->buffer_count > BUFFERS_MAX)
        return win_fail_with(WSAEMSGSIZE);
    if (m->buffer_count > FEW)
        b->all = pierp_alloc(m->buffer_count * sizeof(*b->all));
    if (!b->all)
        return win_fail_with(WSA_NOT_ENOUGH_MEMORY);
    fill_buffers(b, m);
    return PIER_OK;
}

static void release_buffers(struct buffers *b)
{
    if (b->all != b->few)
        pierp_free(b->all);
}

/* ----------------------------------------------------------- receiving --- */

/* More than the control data of any datagram takes. */
#define CONTROL_ROOM 1024

/*
 * One receive. The control data goes through room: where the caller's is too
 * small the system would fail and not say how many bytes came.
 */
struct reception {
    WSAMSG message;
    DWORD got;
    struct sockaddr_storage name;
    struct buffers buffers;
    union {
        WSACMSGHDR first;
        char bytes[CONTROL_ROOM];
    } room;
};

static void prepare(struct reception *r, const struct pier_message *m,
                    int flags)
{
    memset(&r->message, 0, sizeof(r->message));
    r->got = 0;
    r->name.ss_family = AF_UNSPEC;
    r->message.name = (struct sockaddr *)&r->name;
    r->message.namelen = sizeof(r->name);
    r->message.lpBuffers = r->buffers.all;
    r->message.dwBufferCount = r->buffers.count;
    r->message.dwFlags = (DWORD)flags;
    r->message.Control.buf = r->room.bytes;
    r->message.Control.len = CONTROL_ROOM;
    if (m->control_length > CONTROL_ROOM)
        r->message.Control = buffer_of(m->control, m->control_length);
    memset(r->message.Control.buf, 0, sizeof(WSACMSGHDR));
}

static int receive_plain(SOCKET s, struct reception *r)
{
    WSAMSG *w = &r->message;

    w->Control.len = 0;
    return WSARecvFrom(s, w->lpBuffers, w->dwBufferCount, &r->got, &w->dwFlags,
                       w->name, &w->namelen, NULL, NULL);
}

/* The last error says what is missing where there is no such function. */
static int receive_datagram(SOCKET s, struct reception *r,
                            const struct pier_message *m)
{
    const GUID name = WSAID_WSARECVMSG;
    LPFN_WSARECVMSG receive;

    if (win_find_function(s, name, &receive))
        return receive(s, &r->message, &r->got, NULL, NULL);
    if (m->control_length == 0)
        return receive_plain(s, r);
    WSASetLastError(WSAEOPNOTSUPP);
    return SOCKET_ERROR;
}

/* Not every system sets the flag or counts what came (Q74). */
static ptrdiff_t fail_reception(SOCKET s, struct reception *r)
{
    ptrdiff_t n;

    if (WSAGetLastError() == WSAEMSGSIZE &&
        !(r->message.dwFlags & MSG_CTRUNC)) {
        r->message.dwFlags &= ~(DWORD)MSG_PARTIAL;
        r->message.dwFlags |= MSG_TRUNC;
    }
    n = win_fail_receive(s, r->buffers.total);
    return n > 0 && r->got > 0 ? (ptrdiff_t)r->got : n;
}

static ptrdiff_t receive_once(SOCKET s, struct reception *r,
                              const struct pier_message *m)
{
    int type = win_socket_type(s);
    int failed;

    if (type < 0)
        return win_fail();
    if (type == SOCK_STREAM && m->control_length > 0)
        return win_fail_with(WSAEOPNOTSUPP);
    failed =
        type == SOCK_STREAM ? receive_plain(s, r) : receive_datagram(s, r, m);
    return failed ? fail_reception(s, r) : (ptrdiff_t)r->got;
}

/* Without a first item there is none, whatever the length says. */
static void take_control(struct pier_message *m, struct reception *r)
{
    const WSABUF *came = &r->message.Control;
    size_t length = came->len;
    struct pierp_control first;

    pierp_control_read(&first, came->buf);
    if (first.length == 0)
        length = 0;
    if (length > m->control_length) {
        length = m->control_length;
        r->message.dwFlags |= MSG_CTRUNC;
    }
    if (length > 0 && came->buf == r->room.bytes)
        memcpy(m->control, came->buf, length);
    m->control_length = length;
}

/* Some systems repeat the flags that were asked for. */
static void take_back(struct pier_message *m, struct reception *r, int flags)
{
    take_control(m, r);
    m->flags = (int)r->message.dwFlags & ~flags;
    if (m->address) {
        win_address_set(m->address, &r->name,
                        r->name.ss_family == AF_UNSPEC ? 0
                                                       : r->message.namelen);
    }
}

ptrdiff_t pierp_recvmsg(pier_handle h, struct pier_message *m, int flags)
{
    struct reception r;
    pier_err err = take_buffers(&r.buffers, m);
    ptrdiff_t n;

    if (err)
        return err;
    prepare(&r, m, flags);
    n = receive_once((SOCKET)h, &r, m);
    if (n >= 0)
        take_back(m, &r, flags);
    release_buffers(&r.buffers);
    return n;
}

/* ------------------------------------------------------------- sending --- */

/* Where there is control data, that of a datagram. */
static int send_to(SOCKET s, const struct pier_message *m, struct buffers *b,
                   int flags, DWORD *sent)
{
    const struct sockaddr *to = m->address ? win_sockaddr(m->address) : NULL;
    int length = m->address ? (int)m->address->length : 0;
    WSAMSG message = { 0 };

    if (m->control_length == 0) {
        return WSASendTo(s, b->all, b->count, sent, (DWORD)flags, to, length,
                         NULL, NULL);
    }
    message.name = (struct sockaddr *)(uintptr_t)to;
    message.namelen = length;
    message.lpBuffers = b->all;
    message.dwBufferCount = b->count;
    message.Control = buffer_of(m->control, m->control_length);
    return WSASendMsg(s, &message, (DWORD)flags, sent, NULL, NULL);
}

static void shorten(struct buffers *b)
{
    ULONG left = SURELY_TAKEN;
    DWORD i;

    for (i = 0; i < b->count && left > 0; i++) {
        if (b->all[i].len > left)
            b->all[i].len = left;
        left -= b->all[i].len;
    }
    b->count = i;
}

/* What may help: less of a stream, as in data.c, or the name of this host for
 * the unspecified address (Q33). */
static int send_again(SOCKET s, const struct pier_message *m,
                      struct buffers *b, int flags, DWORD *sent)
{
    int error = WSAGetLastError();
    struct pier_message other = *m;
    struct pier_address copy;

    if (error == WSAENOBUFS && b->total > SURELY_TAKEN &&
        win_socket_type(s) == SOCK_STREAM) {
        shorten(b);
    } else if (error == WSAEADDRNOTAVAIL && m->address) {
        other.address = (struct pier_address *)(uintptr_t)win_destination(
            &copy, m->address);
    } else {
        WSASetLastError(error);
        return SOCKET_ERROR;
    }
    return send_to(s, &other, b, flags, sent);
}

static ptrdiff_t send_once(SOCKET s, const struct pier_message *m,
                           struct buffers *b, int flags)
{
    DWORD sent = 0;
    int failed;

    if (m->control_length > 0 && win_socket_type(s) == SOCK_STREAM)
        return win_fail_with(WSAEOPNOTSUPP);
    failed = send_to(s, m, b, flags, &sent);
    if (failed)
        failed = send_again(s, m, b, flags, &sent);
    if (!failed)
        return (ptrdiff_t)sent;
    return m->address ? win_fail_send_to(s, m->address)
                      : win_fail_send(s, win_fail());
}

ptrdiff_t pierp_sendmsg(pier_handle h, const struct pier_message *m, int flags)
{
    struct buffers b;
    pier_err err = take_buffers(&b, m);
    ptrdiff_t n;

    if (err)
        return err;
    n = send_once((SOCKET)h, m, &b, flags);
    release_buffers(&b);
    return n;
}

/* ------------------------------------------------------------- control --- */

/* Data and headers are aligned alike, as the seam has it. */
_Static_assert(WSA_CMSG_LEN(0) == sizeof(WSACMSGHDR) &&
                   WSA_CMSGDATA_ALIGN(1) == sizeof(SIZE_T) &&
                   WSA_CMSGHDR_ALIGN(1) == sizeof(SIZE_T),
               "control data lies otherwise");

const size_t pierp_control_header = sizeof(WSACMSGHDR);
const size_t pierp_control_alignment = sizeof(SIZE_T);

void pierp_control_write(void *at, const struct pierp_control *item)
{
    const WSACMSGHDR header = { item->length, item->level, item->type };

    memcpy(at, &header, sizeof(header));
}

void pierp_control_read(struct pierp_control *out, const void *at)
{
    WSACMSGHDR header;

    memcpy(&header, at, sizeof(header));
    *out = (struct pierp_control){ header.cmsg_len, header.cmsg_level,
                                   header.cmsg_type };
}
