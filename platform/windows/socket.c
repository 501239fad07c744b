/* SPDX-License-Identifier: MIT */
#include "priv.h"
#include <mstcpip.h>

#ifndef WSA_FLAG_NO_HANDLE_INHERIT
#define WSA_FLAG_NO_HANDLE_INHERIT 0x80
#endif
#ifndef SIO_UDP_CONNRESET
#define SIO_UDP_CONNRESET _WSAIOW(IOC_VENDOR, 12)
#endif
#ifndef SIO_UDP_NETRESET
#define SIO_UDP_NETRESET _WSAIOW(IOC_VENDOR, 15)
#endif

/* The limits that SOMAXCONN_HINT documents. */
#define BACKLOG_PLAIN_MAX  200
#define BACKLOG_HINTED_MAX 65535
#define BACKLOG_HINTED(n)  (-(n))

const bool pierp_mode_follows = false;

int win_socket_type(SOCKET s)
{
    int type = -1;
    int length = sizeof(type);

    if (getsockopt(s, SOL_SOCKET, SO_TYPE, (char *)&type, &length))
        return -1;
    return type;
}

bool win_has_peer(SOCKET s)
{
    struct sockaddr_storage peer;
    int length = sizeof(peer);

    return getpeername(s, (struct sockaddr *)&peer, &length) == 0;
}

bool win_is_bad(SOCKET s)
{
    return win_socket_type(s) < 0 && WSAGetLastError() == WSAENOTSOCK;
}

static bool find_protocol(SOCKET s, WSAPROTOCOL_INFOW *out)
{
    int length = sizeof(*out);

    return !getsockopt(s, SOL_SOCKET, SO_PROTOCOL_INFOW, (char *)out, &length);
}

int win_socket_family(SOCKET s)
{
    WSAPROTOCOL_INFOW info;

    return find_protocol(s, &info) ? info.iAddressFamily : AF_UNSPEC;
}

static bool is_of_another_family(SOCKET s, const struct pier_address *a)
{
    int family = win_socket_family(s);

    return family != AF_UNSPEC && family != pierp_address_family(a);
}

pier_err win_fail_address(SOCKET s, const struct pier_address *a)
{
    int error = WSAGetLastError();

    if (error != WSAEWOULDBLOCK && is_of_another_family(s, a))
        error = WSAEAFNOSUPPORT;
    return win_fail_with(error);
}

static void tell_provider(SOCKET s, DWORD code, BOOL value)
{
    DWORD ignored;

    WSAIoctl(s, code, &value, sizeof(value), NULL, 0, &ignored, NULL, NULL);
}

/* Failures do not matter: a provider without the switch has no such noise,
 * and what comes all the same is answered at the receive. */
void win_report_unreachable(SOCKET s, bool on)
{
    tell_provider(s, SIO_UDP_CONNRESET, on);
    tell_provider(s, SIO_UDP_NETRESET, on);
}

/* FIONBIO is an unsigned long, the parameter a signed one. */
int win_set_nonblocking(SOCKET s, bool on)
{
    u_long mode = on;

    return ioctlsocket(s, (long)FIONBIO, &mode);
}

static pier_err prepare(SOCKET s, int type)
{
    if (win_set_nonblocking(s, true))
        return win_fail();
    if (type == SOCK_DGRAM)
        win_report_unreachable(s, win_has_peer(s));
    return PIER_OK;
}

/*
 * There is no flag for accept(), and layered providers have handles that are
 * none of the kernel's. Nobody inherits those: a connection is not to be lost
 * for them. A handle that stays inheritable is no handle of pier's.
 */
bool win_make_private(SOCKET s)
{
    if (SetHandleInformation((HANDLE)s, HANDLE_FLAG_INHERIT, 0))
        return true;
    switch (GetLastError()) {
    case ERROR_INVALID_HANDLE:
    case ERROR_INVALID_FUNCTION:
    case ERROR_NOT_SUPPORTED:
        return true;
    default:
        return false;
    }
}

/* Keeps the last error. */
static void discard(SOCKET s)
{
    int error = WSAGetLastError();

    closesocket(s);
    WSASetLastError(error);
}

/* Providers that do not know the flag refuse it (Q07). */
static SOCKET open_private(int family, int type, int protocol,
                           WSAPROTOCOL_INFOW *info)
{
    DWORD flags = WSA_FLAG_OVERLAPPED;
    SOCKET s = WSASocketW(family, type, protocol, info, 0,
                          flags | WSA_FLAG_NO_HANDLE_INHERIT);
    int error = WSAGetLastError();
    bool asks_again =
        s == INVALID_SOCKET && (error == WSAEINVAL || error == WSAEPROTOTYPE ||
                                error == WSAEOPNOTSUPP);

    if (asks_again)
        s = WSASocketW(family, type, protocol, info, 0, flags);
    /* The handle of a duplicate was made before the flag could tell. */
    if (s != INVALID_SOCKET && (asks_again || info) && !win_make_private(s)) {
        discard(s);
        return INVALID_SOCKET;
    }
    return s;
}

static pier_err open_from(pier_handle *out, int family, int type, int protocol,
                          WSAPROTOCOL_INFOW *info)
{
    SOCKET s = open_private(family, type, protocol, info);
    pier_err err;

    if (s == INVALID_SOCKET)
        return win_fail();
    err = prepare(s, info ? info->iSocketType : type);
    if (err) {
        closesocket(s);
        return err;
    }
    *out = (pier_handle)s;
    return PIER_OK;
}

pier_err pierp_open(pier_handle *out, int family, int type, int protocol)
{
    return open_from(out, family, type, protocol, NULL);
}

pier_err pierp_pair(pier_handle out[2], int family, int type, int protocol)
{
    (void)out;
    (void)family;
    (void)type;
    (void)protocol;
    return win_fail_with(WSAEOPNOTSUPP);
}

pier_err pierp_adopt(pier_handle h, int *family, int *type, int *protocol)
{
    WSAPROTOCOL_INFOW info;
    pier_err err;

    if (!find_protocol((SOCKET)h, &info))
        return win_fail();
    err = prepare((SOCKET)h, info.iSocketType);
    if (err)
        return err;
    if (*family < 0)
        *family = info.iAddressFamily;
    if (*type < 0)
        *type = info.iSocketType;
    if (*protocol < 0)
        *protocol = info.iProtocol;
    return PIER_OK;
}

pier_err win_open_shared(pier_handle *out, WSAPROTOCOL_INFOW *info)
{
    return open_from(out, FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO,
                     FROM_PROTOCOL_INFO, info);
}

pier_err pierp_dup(pier_handle *out, pier_handle h)
{
    WSAPROTOCOL_INFOW info;

    if (WSADuplicateSocketW((SOCKET)h, GetCurrentProcessId(), &info))
        return win_fail();
    return win_open_shared(out, &info);
}

/*
 * With a linger time a non-blocking socket refuses to be closed while data is
 * unsent, and stays open (Q62). POSIX lingers whatever the mode, so it is made
 * to block; a provider that still refuses gets no time at all.
 */
static int close_lingering(SOCKET s)
{
    struct linger none = { 0, 0 };

    win_set_nonblocking(s, false);
    if (closesocket(s) == 0)
        return 0;
    if (WSAGetLastError() != WSAEWOULDBLOCK)
        return SOCKET_ERROR;
    setsockopt(s, SOL_SOCKET, SO_LINGER, (const char *)&none, sizeof(none));
    return closesocket(s);
}

pier_err pierp_close(pier_handle h)
{
    int failed = closesocket((SOCKET)h);

    if (failed && WSAGetLastError() == WSAEWOULDBLOCK)
        failed = close_lingering((SOCKET)h);
    if (failed && WSAGetLastError() != WSAECONNRESET)
        return win_fail();
    return PIER_OK;
}

pier_err pierp_set_nonblocking(pier_handle h, bool on)
{
    return win_set_nonblocking((SOCKET)h, on) ? win_fail() : PIER_OK;
}

pier_err pierp_get_inheritable(pier_handle h, bool *out)
{
    DWORD flags;

    if (!GetHandleInformation((HANDLE)h, &flags))
        return win_fail();
    *out = (flags & HANDLE_FLAG_INHERIT) != 0;
    return PIER_OK;
}

pier_err pierp_set_inheritable(pier_handle h, bool on)
{
    if (!SetHandleInformation((HANDLE)h, HANDLE_FLAG_INHERIT,
                              on ? HANDLE_FLAG_INHERIT : 0))
        return win_fail();
    return PIER_OK;
}

pier_err pierp_bind(pier_handle h, const struct pier_address *a)
{
    if (bind((SOCKET)h, win_sockaddr(a), (int)a->length))
        return win_fail_address((SOCKET)h, a);
    return PIER_OK;
}

/* Nothing to refuse where other families cannot be shared anyway. */
pier_err pierp_bind_server(pier_handle h, const struct pier_address *a)
{
    int family = pierp_address_family(a);
    BOOL on = TRUE;

    if ((family == AF_INET || family == AF_INET6) &&
        win_socket_type((SOCKET)h) == SOCK_STREAM &&
        setsockopt((SOCKET)h, SOL_SOCKET, SO_EXCLUSIVEADDRUSE,
                   (const char *)&on, sizeof(on)))
        return win_fail();
    return pierp_bind(h, a);
}

/* A plain number above 200 would be cut to 200. */
static int native_backlog(int backlog)
{
    if (backlog < 0)
        return SOMAXCONN;
    if (backlog <= BACKLOG_PLAIN_MAX)
        return backlog;
    if (backlog > BACKLOG_HINTED_MAX)
        backlog = BACKLOG_HINTED_MAX;
    return BACKLOG_HINTED(backlog);
}

static pier_err wildcard_of(SOCKET s, struct pier_address *out)
{
    struct sockaddr_storage none = { 0 };
    int family = win_socket_family(s);
    int length = sizeof(none.ss_family);

    if (family == AF_UNSPEC)
        return win_fail();
    if (family == AF_INET) {
        length = sizeof(struct sockaddr_in);
    } else if (family == AF_INET6) {
        length = sizeof(struct sockaddr_in6);
    }
    none.ss_family = (short)family;
    win_address_set(out, &none, length);
    return PIER_OK;
}

/* POSIX gives a listener without a name one, Windows refuses it. */
static bool bind_wildcard(SOCKET s)
{
    struct pier_address a = { 0 };
    int error = WSAGetLastError();
    bool bound = error == WSAEINVAL && wildcard_of(s, &a) == PIER_OK &&
                 bind(s, win_sockaddr(&a), (int)a.length) == 0;

    if (!bound)
        WSASetLastError(error);
    return bound;
}

pier_err pierp_listen(pier_handle h, int backlog)
{
    int native = native_backlog(backlog);
    int failed = listen((SOCKET)h, native);

    if (failed && bind_wildcard((SOCKET)h))
        failed = listen((SOCKET)h, native);
    return failed ? win_fail() : PIER_OK;
}

pier_err pierp_shutdown(pier_handle h, int how)
{
    SOCKET s = (SOCKET)h;

    /* Windows lets a datagram socket without a peer be shut down. */
    if (win_socket_type(s) == SOCK_DGRAM && !win_has_peer(s))
        return win_fail_with(WSAENOTCONN);
    return shutdown(s, how) ? win_fail() : PIER_OK;
}

pier_err pierp_getsockname(pier_handle h, struct pier_address *out)
{
    struct sockaddr_storage name = { 0 };
    int length = sizeof(name);

    if (getsockname((SOCKET)h, (struct sockaddr *)&name, &length)) {
        if (WSAGetLastError() == WSAEINVAL)
            return wildcard_of((SOCKET)h, out);
        return win_fail();
    }
    win_address_set(out, &name, length);
    return PIER_OK;
}

pier_err pierp_getpeername(pier_handle h, struct pier_address *out)
{
    struct sockaddr_storage name = { 0 };
    int length = sizeof(name);

    if (getpeername((SOCKET)h, (struct sockaddr *)&name, &length))
        return win_fail();
    /* Windows names the peer of a connect that is still under way. */
    if (win_connect_pending((SOCKET)h))
        return win_fail_with(WSAENOTCONN);
    win_address_set(out, &name, length);
    return PIER_OK;
}
