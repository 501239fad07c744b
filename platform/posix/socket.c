/* SPDX-License-Identifier: MIT */
#include "priv.h"

#ifdef HAVE_FIONBIO
#include <sys/ioctl.h>
#endif

const bool pierp_mode_follows = true;

/* --------------------------------------------- flags of a descriptor --- */

pier_err posix_set_cloexec(int fd)
{
    return fcntl(fd, F_SETFD, FD_CLOEXEC) < 0 ? posix_fail() : PIER_OK;
}

pier_err posix_mute(int fd)
{
#ifdef HAVE_SO_NOSIGPIPE
    int on = 1;

    if (setsockopt(fd, SOL_SOCKET, SO_NOSIGPIPE, &on, sizeof on) < 0)
        return posix_fail();
#else
    (void)fd;
#endif
    return PIER_OK;
}

pier_err posix_prepare(int fd)
{
    pier_err err = posix_set_cloexec(fd);

    if (err == PIER_OK)
        err = pierp_set_nonblocking(fd, true);
    if (err == PIER_OK)
        err = posix_mute(fd);
    return err;
}

/* Does for a new socket what its type could not carry as flags. */
static pier_err finish(int fd)
{
    return POSIX_TYPE_FLAGS ? posix_mute(fd) : posix_prepare(fd);
}

/* Calls that follow a timeout change the mode and change it back. */
#ifdef HAVE_FIONBIO
pier_err pierp_set_nonblocking(pier_handle h, bool on)
{
    int wanted = on;

    return ioctl((int)h, FIONBIO, &wanted) < 0 ? posix_fail() : PIER_OK;
}
#else
pier_err pierp_set_nonblocking(pier_handle h, bool on)
{
    int flags = fcntl((int)h, F_GETFL);
    int wanted = on ? flags | O_NONBLOCK : flags & ~O_NONBLOCK;

    if (flags < 0)
        return posix_fail();
    if (wanted != flags && fcntl((int)h, F_SETFL, wanted) < 0)
        return posix_fail();
    return PIER_OK;
}
#endif

pier_err pierp_get_inheritable(pier_handle h, bool *out)
{
    int flags = fcntl((int)h, F_GETFD);

    if (flags < 0)
        return posix_fail();
    *out = (flags & FD_CLOEXEC) == 0;
    return PIER_OK;
}

pier_err pierp_set_inheritable(pier_handle h, bool on)
{
    return fcntl((int)h, F_SETFD, on ? 0 : FD_CLOEXEC) < 0 ? posix_fail()
                                                           : PIER_OK;
}

/* ---------------------------------------------------- open and close --- */

pier_err pierp_open(pier_handle *out, int family, int type, int protocol)
{
    int fd = socket(family, type | POSIX_TYPE_FLAGS, protocol);
    pier_err err;

    if (fd < 0)
        return posix_fail();
    err = finish(fd);
    if (err) {
        (void)close(fd);
        return err;
    }
    *out = fd;
    return PIER_OK;
}

pier_err pierp_pair(pier_handle out[2], int family, int type, int protocol)
{
    int fds[2];
    pier_err err;

    if (socketpair(family, type | POSIX_TYPE_FLAGS, protocol, fds) < 0)
        return posix_fail();
    err = finish(fds[0]);
    if (err == PIER_OK)
        err = finish(fds[1]);
    if (err) {
        (void)close(fds[0]);
        (void)close(fds[1]);
        return err;
    }
    out[0] = fds[0];
    out[1] = fds[1];
    return PIER_OK;
}

pier_err pierp_dup(pier_handle *out, pier_handle h)
{
#ifdef HAVE_F_DUPFD_CLOEXEC
    int fd = fcntl((int)h, F_DUPFD_CLOEXEC, 0);
#else
    int fd = dup((int)h);
#endif
    pier_err err;

    if (fd < 0)
        return posix_fail();
    /* Mode and options are the socket's own, which both handles share. */
    err = posix_set_cloexec(fd);
    if (err) {
        (void)close(fd);
        return err;
    }
    *out = fd;
    return PIER_OK;
}

pier_err pierp_close(pier_handle h)
{
    if (close((int)h) == 0)
        return PIER_OK;
    /*
     * Interrupted, the descriptor is free all the same and perhaps another
     * thread's by now (Q63). BSD reports here that the peer had reset (Q65).
     */
    if (errno == EINTR || errno == EINPROGRESS || errno == ECONNRESET)
        return PIER_OK;
    return posix_fail();
}

/* -------------------------------------------------------------- adopt --- */

static pier_err read_int(pier_handle h, int name, int *out)
{
    socklen_t length = sizeof *out;

    return getsockopt((int)h, SOL_SOCKET, name, out, &length) < 0
               ? posix_fail()
               : PIER_OK;
}

static pier_err find_family(pier_handle h, int *family)
{
#ifdef HAVE_SO_DOMAIN
    return read_int(h, SO_DOMAIN, family);
#else
    struct pier_address local;
    pier_err err = pierp_getsockname(h, &local);

    if (err == PIER_OK)
        *family = pierp_address_family(&local);
    return err;
#endif
}

#ifdef HAVE_SO_PROTOCOL
static pier_err find_protocol(pier_handle h, int family, int type, int *out)
{
    (void)family;
    (void)type;
    return read_int(h, SO_PROTOCOL, out);
}
#else
/* What socket() makes of protocol 0, which is all that can be known. */
static pier_err find_protocol(pier_handle h, int family, int type, int *out)
{
    bool is_ip = family == AF_INET || family == AF_INET6;

    (void)h;
    *out = 0;
    if (is_ip && type == SOCK_STREAM)
        *out = IPPROTO_TCP;
    if (is_ip && type == SOCK_DGRAM)
        *out = IPPROTO_UDP;
    return PIER_OK;
}
#endif

pier_err pierp_adopt(pier_handle h, int *family, int *type, int *protocol)
{
    int what[3] = { *family, *type, *protocol };
    int kind;
    pier_err err = read_int(h, SO_TYPE, &kind); /* shows that it is a socket */

    if (err)
        return err;
    if (what[1] < 0)
        what[1] = kind;
    if (what[0] < 0)
        err = find_family(h, &what[0]);
    if (err == PIER_OK && what[2] < 0)
        err = find_protocol(h, what[0], what[1], &what[2]);
    if (err == PIER_OK)
        err = posix_mute((int)h);
    if (err == PIER_OK)
        err = pierp_set_nonblocking(h, true);
    if (err)
        return err;
    *family = what[0];
    *type = what[1];
    *protocol = what[2];
    return PIER_OK;
}

/* ---------------------------------------------------- names and state --- */

pier_err pierp_bind(pier_handle h, const struct pier_address *a)
{
    return bind((int)h, posix_sockaddr(a), (socklen_t)a->length) < 0
               ? posix_fail()
               : PIER_OK;
}

pier_err pierp_bind_server(pier_handle h, const struct pier_address *a)
{
    int family = pierp_address_family(a);
    int type;
    int on = 1;
    pier_err err = read_int(h, SO_TYPE, &type);

    if (err)
        return err;
    /* Else a restarted server waits out the TIME_WAIT of the old (Q29). */
    if (type == SOCK_STREAM && (family == AF_INET || family == AF_INET6) &&
        setsockopt((int)h, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) < 0)
        return posix_fail();
    return pierp_bind(h, a);
}

pier_err pierp_listen(pier_handle h, int backlog)
{
    /* Systems clamp to their limit, which may be above SOMAXCONN (Q112). */
    return listen((int)h, backlog < 0 ? INT_MAX : backlog) < 0 ? posix_fail()
                                                               : PIER_OK;
}

/* A listener, and a connect that is under way, too. */
static bool has_no_peer(pier_handle h)
{
    struct sockaddr_storage name;
    socklen_t room = sizeof name;

    return getpeername((int)h, (struct sockaddr *)&name, &room) < 0 &&
           errno == ENOTCONN;
}

pier_err pierp_shutdown(pier_handle h, int how)
{
    static const int native[] = { SHUT_RD, SHUT_WR, SHUT_RDWR };

    if (how < 0 || how > 2)
        return posix_fail_with(EINVAL);
    /* Linux would let a listener listen no more, and end a connect. */
    if (has_no_peer(h))
        return posix_fail_with(ENOTCONN);
    return shutdown((int)h, native[how]) < 0 ? posix_fail() : PIER_OK;
}

pier_err pierp_getsockname(pier_handle h, struct pier_address *out)
{
    socklen_t room = POSIX_ADDRESS_ROOM;

    if (getsockname((int)h, posix_sockaddr_room(out), &room) < 0)
        return posix_fail();
    posix_set_length(out, room);
    return PIER_OK;
}

pier_err pierp_getpeername(pier_handle h, struct pier_address *out)
{
    socklen_t room = POSIX_ADDRESS_ROOM;

    if (getpeername((int)h, posix_sockaddr_room(out), &room) < 0)
        return posix_fail();
    posix_set_length(out, room);
    return PIER_OK;
}
