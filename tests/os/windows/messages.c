/* SPDX-License-Identifier: MIT */
#include "messages.h"

struct coming coming;
struct seen seen;
char front[4];
char back[8];
union room room;

static int what_type;
static struct pier_buffer pieces[] = { { front, sizeof front },
                                       { back, sizeof back } };

static INT WINAPI receiver(SOCKET s, WSAMSG *message, DWORD *got,
                           WSAOVERLAPPED *overlapped,
                           LPWSAOVERLAPPED_COMPLETION_ROUTINE done)
{
    struct script_call call = {
        .name = "WSARecvMsg",
        TOLD(V(s), V(message), V(message->dwFlags), V(got), V(overlapped)),
        .result = SOCKET_ERROR,
    };

    CHECK(!done);
    CHECK(script_take(&call));
    return (INT)call.result;
}

void be_socket(int type, bool connected)
{
    static const LPFN_WSARECVMSG found = receiver;

    memset(&coming, 0, sizeof coming);
    memset(&seen, 0, sizeof seen);
    memset(&room, 0x55, sizeof room);
    memset(front, 0, sizeof front);
    memset(back, 0, sizeof back);
    what_type = type;
    ALWAYS(getsockopt, .bytes = &what_type, .length = sizeof what_type,
           .when = { ARGUMENT(3, SO_TYPE) });
    ALWAYS(getpeername, .result = connected ? 0 : SOCKET_ERROR,
           .error = connected ? 0 : WSAENOTCONN);
    ALWAYS(getsockname, .result = 0);
    ALWAYS(WSAIoctl, .bytes = &found, .length = sizeof found,
           .when = { ARGUMENT(2, SIO_GET_EXTENSION_FUNCTION_POINTER) });
}

/* Writes like a system: bytes into one buffer after the other. */
static DWORD scatter(const WSABUF *buffers, DWORD count)
{
    const char *at = coming.bytes ? coming.bytes : "";
    size_t left = strlen(at);

    for (DWORD i = 0; i < count; i++) {
        size_t n = left < buffers[i].len ? left : buffers[i].len;

        memcpy(buffers[i].buf, at, n);
        at += n;
        left -= n;
    }
    return coming.count;
}

static void name_sender(struct sockaddr *name, int *length)
{
    struct pier_address sender = script_loopback(PIER_AF_INET, 4711);

    memcpy(name, sender.storage.bytes, sender.length);
    *length = (int)sender.length;
}

void system_fill(struct script_call *call)
{
    WSAMSG *m = (WSAMSG *)call->arguments[1];
    DWORD count = scatter(m->lpBuffers, m->dwBufferCount);
    ULONG n = coming.control_length;

    if (count != NOT_TOLD)
        *(DWORD *)call->arguments[3] = count;
    name_sender(m->name, &m->namelen);
    m->dwFlags = coming.flags;
    if (n > m->Control.len) {
        n = 0;
        m->dwFlags |= MSG_CTRUNC;
        call->result = SOCKET_ERROR;
        call->error = WSAEMSGSIZE;
    }
    if (n > 0)
        memcpy(m->Control.buf, coming.control, n);
    m->Control.len = n;
}

void system_fill_bytes_only(struct script_call *call)
{
    WSAMSG *m = (WSAMSG *)call->arguments[1];

    (void)scatter(m->lpBuffers, m->dwBufferCount);
    name_sender(m->name, &m->namelen);
}

void system_fill_plain(struct script_call *call)
{
    DWORD count =
        scatter((WSABUF *)call->arguments[1], (DWORD)call->arguments[2]);

    *(DWORD *)call->arguments[3] = count;
    *(DWORD *)call->arguments[4] = coming.flags;
    if (what_type != SOCK_STREAM) {
        name_sender((struct sockaddr *)call->arguments[5],
                    (int *)call->arguments[6]);
    }
}

static void look_at_buffers(const WSABUF *buffers, DWORD count)
{
    seen.count = count;
    for (DWORD i = 0; i < count && i < 2; i++)
        seen.buffers[i] = buffers[i];
}

void system_take_message(struct script_call *call)
{
    const WSAMSG *m = (const WSAMSG *)call->arguments[1];

    look_at_buffers(m->lpBuffers, m->dwBufferCount);
    seen.flags = (DWORD)call->arguments[2];
    seen.control_length = m->Control.len;
    CHECK(m->Control.len <= sizeof seen.control);
    memcpy(seen.control, m->Control.buf, m->Control.len);
    seen.address.length = (uint32_t)m->namelen;
    if (m->namelen > 0)
        memcpy(seen.address.storage.bytes, m->name, (size_t)m->namelen);
    *(DWORD *)call->arguments[3] = 5;
}

void system_take_plain(struct script_call *call)
{
    look_at_buffers((const WSABUF *)call->arguments[1],
                    (DWORD)call->arguments[2]);
    seen.flags = (DWORD)call->arguments[4];
    *(DWORD *)call->arguments[3] = 5;
}

ULONG pack_item(unsigned char *at, const void *data, size_t n)
{
    const WSACMSGHDR header = { sizeof header + n, IPPROTO_IP, IP_PKTINFO };
    const size_t space = (header.cmsg_len + 7) / 8 * 8;

    memset(at, 0, space);
    memcpy(at, &header, sizeof header);
    memcpy(at + sizeof header, data, n);
    return (ULONG)space;
}

struct pier_message message_for(size_t control)
{
    struct pier_message m = {
        .buffers = pieces,
        .buffer_count = 2,
        .control = control > 0 ? room.bytes : NULL,
        .control_length = control,
        .flags = 77,
    };

    return m;
}
