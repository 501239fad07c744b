/* SPDX-License-Identifier: MIT */
#include "priv.h"

#include <poll.h>

/* Turns the unspecified address, which few systems define, into loopback. */
static void replace_unspecified(struct pier_address *a)
{
    struct pierp_endpoint e;
    static const unsigned char none[sizeof e.ip];
    size_t size;

    if (pierp_address_unpack(&e, a) != PIER_OK)
        return;
    size = e.family == AF_INET ? 4 : 16;
    if (memcmp(e.ip, none, size) != 0)
        return;
    e.ip[0] = e.family == AF_INET ? 127 : 0;
    e.ip[size - 1] = 1;
    (void)pierp_address_pack(a, &e);
}

/* BSD ends the association of a datagram socket that is given no address, and
 * fails all the same (Q51). */
static bool has_dissolved(int fd, const struct pier_address *to)
{
    struct pier_address peer;
    socklen_t room = POSIX_ADDRESS_ROOM;
    int type = 0;
    socklen_t length = sizeof type;

    return pierp_address_family(to) == AF_UNSPEC &&
           getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &length) == 0 &&
           type == SOCK_DGRAM &&
           getpeername(fd, posix_sockaddr_room(&peer), &room) < 0 &&
           errno == ENOTCONN;
}

static pier_err fail_to_connect(int fd, const struct pier_address *to)
{
    int native = errno;

    /* An interrupted connect goes on; a second call would fail (Q46). */
    if (native == EINTR)
        native = EINPROGRESS;
    if (native == EAFNOSUPPORT && has_dissolved(fd, to))
        return PIER_OK;
    return posix_fail_with(native);
}

pier_err pierp_connect(pier_handle h, const struct pier_address *a)
{
    struct pier_address to = *a;

    replace_unspecified(&to);
    if (connect((int)h, posix_sockaddr(&to), (socklen_t)to.length) == 0)
        return PIER_OK;
    return fail_to_connect((int)h, &to);
}

/* 0, or why the connection failed; the system says so only once (Q23). */
static int take_error(int fd)
{
    int error = 0;
    socklen_t length = sizeof error;

    if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length) < 0)
        return errno;
    return error;
}

static bool has_ended(int fd)
{
    struct pollfd one = { .fd = fd, .events = POLLOUT };

    return poll(&one, 1, 0) > 0;
}

pier_err pierp_connect_result(pier_handle h)
{
    struct pier_address peer;
    socklen_t room = POSIX_ADDRESS_ROOM;
    int error = take_error((int)h);

    if (error)
        return posix_fail_with(error);
    if (getpeername((int)h, posix_sockaddr_room(&peer), &room) == 0)
        return PIER_OK;
    /* macOS says EINVAL when the peer has closed again already (Q117). */
    if (errno == EINVAL)
        return PIER_OK;
    if (errno != ENOTCONN)
        return posix_fail();
    if (!has_ended((int)h))
        return posix_fail_with(EINPROGRESS);
    /* It ended after the first look, or somebody else took the error. */
    error = take_error((int)h);
    return posix_fail_with(error ? error : ENOTCONN);
}
