/* SPDX-License-Identifier: MIT */
/*
 * What the files of this backend share. Winsock 2 must come before windows.h,
 * which would bring in Winsock 1.
 */
#ifndef WIN_PRIV_H
#define WIN_PRIV_H

#ifndef _WIN32_WINNT
#define _WIN32_WINNT 0x0603 /* Windows 8.1, Server 2012 R2 */
#endif
#define WIN32_LEAN_AND_MEAN
#include <winsock2.h>

#include <ws2tcpip.h>

#include <windows.h>

#include <afunix.h>

#include "platform.h"
#include <limits.h>
#include <string.h>

/* Keeps the calling thread's last error, or the given code, for
 * pierp_native_error() and returns its PIER_E* code; never 0. */
pier_err win_fail(void);
pier_err win_fail_with(int native_code);

/* The same for a result of GetAddrInfoW() or GetNameInfoW(). */
pier_err win_fail_resolver(int eai);

/* Makes room for each thread's native code; harmless when called again. */
pier_err win_error_start(void);

/* The build number of the system, such as 19041. */
unsigned win_build(void);

/* SO_TYPE, or -1 with the last error set. Asks no kernel. */
int win_socket_type(SOCKET s);

/* Its address family, or AF_UNSPEC with the last error set. */
int win_socket_family(SOCKET s);

/* win_fail() for a call on s that was given a. Winsock has several words for
 * an address of another family. */
pier_err win_fail_address(SOCKET s, const struct pier_address *a);

/* What a receive that failed is to POSIX: length, which fills the buffer, for
 * a datagram that was cut; 0 for the end; else a code. */
ptrdiff_t win_fail_receive(SOCKET s, int length);

/* The same for a send; err is what win_fail() said. */
pier_err win_fail_send(SOCKET s, pier_err err);

/* The same for one that was given an address. */
pier_err win_fail_send_to(SOCKET s, const struct pier_address *to);

/* Finds the function of s that has this name; function is where a pointer to
 * such a one goes. */
bool win_find_function(SOCKET s, GUID name, void *function);

/* Whether s knows a peer. */
bool win_has_peer(SOCKET s);

/* Whether s is no socket, or none any more. */
bool win_is_bad(SOCKET s);

/* Keeps ICMP messages that answer earlier datagrams from failing receives;
 * on again where a connected socket is to hear of them. */
void win_report_unreachable(SOCKET s, bool on);

/* Whether s is a stream without a connection. */
bool win_lacks_connection(SOCKET s);

/* Whether a connect on s is still under way. */
bool win_connect_pending(SOCKET s);

/* Sees to it that no program started later inherits s; false: it would, and
 * the last error is set. */
bool win_make_private(SOCKET s);

/* pierp_open() for what WSADuplicateSocketW() told. */
pier_err win_open_shared(pier_handle *out, WSAPROTOCOL_INFOW *info);

/* 0, or SOCKET_ERROR with the last error set. */
int win_set_nonblocking(SOCKET s, bool on);

/* a, or the loopback address of its family when it is the wildcard; copy is
 * the room for that. */
const struct pier_address *win_destination(struct pier_address *copy,
                                           const struct pier_address *a);

/* Winsock counts in int. */
static inline int win_clamp(size_t length)
{
    return length > INT_MAX ? INT_MAX : (int)length;
}

static inline const struct sockaddr *win_sockaddr(const struct pier_address *a)
{
    return (const struct sockaddr *)a->storage.bytes;
}

/* What the system put into an address, with its length: at most the room. */
static inline void win_address_set(struct pier_address *out,
                                   const struct sockaddr_storage *from,
                                   int length)
{
    size_t used = length < 0 ? 0 : (size_t)length;

    if (used > sizeof(out->storage.bytes))
        used = sizeof(out->storage.bytes);
    memset(out, 0, sizeof(*out));
    memcpy(out->storage.bytes, from, used);
    out->length = (uint32_t)used;
}

#endif
