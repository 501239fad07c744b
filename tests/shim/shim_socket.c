/* SPDX-License-Identifier: MIT */
/* The layer, where it has to do with a socket. */
#include "inside.h"

#include <pier/constants.h>

pier_err pierp_open(pier_handle *out, int family, int type, int protocol)
{
    pier_err err = shim_enter(SHIM_OPEN);

    if (!err)
        err = real_pierp_open(out, family, type, protocol);
    if (!err)
        shim_hold_handles(1);
    return err;
}

pier_err pierp_pair(pier_handle out[2], int family, int type, int protocol)
{
    pier_err err = shim_enter(SHIM_PAIR);

    if (!err)
        err = real_pierp_pair(out, family, type, protocol);
    if (!err)
        shim_hold_handles(2);
    return err;
}

pier_err pierp_adopt(pier_handle h, int *family, int *type, int *protocol)
{
    pier_err err = shim_enter(SHIM_ADOPT);

    return err ? err : real_pierp_adopt(h, family, type, protocol);
}

pier_err pierp_dup(pier_handle *out, pier_handle h)
{
    pier_err err = shim_enter(SHIM_DUP);

    if (!err)
        err = real_pierp_dup(out, h);
    if (!err)
        shim_hold_handles(1);
    return err;
}

/* What it is told to fail with, it has closed all the same. */
pier_err pierp_close(pier_handle h)
{
    pier_err err = shim_enter(SHIM_CLOSE);
    pier_err real = real_pierp_close(h);

    shim_hold_handles(-1);
    return err ? err : real;
}

pier_err pierp_set_nonblocking(pier_handle h, bool on)
{
    pier_err err = shim_enter(SHIM_SET_NONBLOCKING);

    return err ? err : real_pierp_set_nonblocking(h, on);
}

pier_err pierp_get_inheritable(pier_handle h, bool *out)
{
    pier_err err = shim_enter(SHIM_GET_INHERITABLE);

    return err ? err : real_pierp_get_inheritable(h, out);
}

pier_err pierp_set_inheritable(pier_handle h, bool on)
{
    pier_err err = shim_enter(SHIM_SET_INHERITABLE);

    return err ? err : real_pierp_set_inheritable(h, on);
}

pier_err pierp_bind(pier_handle h, const struct pier_address *a)
{
    pier_err err = shim_enter(SHIM_BIND);

    return err ? err : real_pierp_bind(h, a);
}

pier_err pierp_bind_server(pier_handle h, const struct pier_address *a)
{
    pier_err err = shim_enter(SHIM_BIND_SERVER);

    return err ? err : real_pierp_bind_server(h, a);
}

pier_err pierp_listen(pier_handle h, int backlog)
{
    pier_err err = shim_enter(SHIM_LISTEN);

    return err ? err : real_pierp_listen(h, backlog);
}

pier_err pierp_accept(pier_handle *out, pier_handle h,
                      struct pier_address *peer)
{
    pier_err err = shim_enter(SHIM_ACCEPT);

    if (!err)
        err = real_pierp_accept(out, h, peer);
    if (!err)
        shim_hold_handles(1);
    return err;
}

static bool is_stream(pier_handle h)
{
    int type = 0;
    size_t length = sizeof(type);
    pier_err err = real_pierp_getsockopt(h, PIER_SOL_SOCKET, PIER_SO_TYPE,
                                         &type, &length);

    return !err && type == PIER_SOCK_STREAM;
}

/* An interrupted connect goes on. */
pier_err pierp_connect(pier_handle h, const struct pier_address *a)
{
    pier_err err = shim_enter(SHIM_CONNECT);

    bool interrupted = err == PIER_EINTR;

    if (!err || interrupted)
        err = real_pierp_connect(h, a);
    return !err && interrupted && is_stream(h) ? PIER_EINPROGRESS : err;
}

pier_err pierp_connect_result(pier_handle h)
{
    pier_err err = shim_enter(SHIM_CONNECT_RESULT);

    return err ? err : real_pierp_connect_result(h);
}

pier_err pierp_shutdown(pier_handle h, int how)
{
    pier_err err = shim_enter(SHIM_SHUTDOWN);

    return err ? err : real_pierp_shutdown(h, how);
}

pier_err pierp_getsockname(pier_handle h, struct pier_address *out)
{
    pier_err err = shim_enter(SHIM_GETSOCKNAME);

    return err ? err : real_pierp_getsockname(h, out);
}

pier_err pierp_getpeername(pier_handle h, struct pier_address *out)
{
    pier_err err = shim_enter(SHIM_GETPEERNAME);

    return err ? err : real_pierp_getpeername(h, out);
}

ptrdiff_t pierp_recv(pier_handle h, void *buffer, size_t length, int flags)
{
    pier_err err = shim_enter(SHIM_RECV);

    return err ? err : real_pierp_recv(h, buffer, shim_cut(length), flags);
}

ptrdiff_t pierp_send(pier_handle h, const void *buffer, size_t length,
                     int flags)
{
    pier_err err = shim_enter(SHIM_SEND);

    return err ? err : real_pierp_send(h, buffer, shim_cut(length), flags);
}

ptrdiff_t pierp_recvfrom(pier_handle h, void *buffer, size_t length, int flags,
                         struct pier_address *from)
{
    pier_err err = shim_enter(SHIM_RECVFROM);

    return err ? err : real_pierp_recvfrom(h, buffer, length, flags, from);
}

ptrdiff_t pierp_sendto(pier_handle h, const void *buffer, size_t length,
                       int flags, const struct pier_address *to)
{
    pier_err err = shim_enter(SHIM_SENDTO);

    return err ? err : real_pierp_sendto(h, buffer, length, flags, to);
}

ptrdiff_t pierp_sendfile(pier_handle h, pier_file file, int64_t offset,
                         size_t length)
{
    pier_err err = shim_enter(SHIM_SENDFILE);

    return err ? err : real_pierp_sendfile(h, file, offset, shim_cut(length));
}

ptrdiff_t pierp_transmit(pier_handle h, pier_file file, int64_t offset,
                         size_t length, struct pierp_transmission *t)
{
    pier_err err = shim_enter(SHIM_TRANSMIT);

    return err ? err : real_pierp_transmit(h, file, offset, length, t);
}

void pierp_transmit_end(pier_handle h, struct pierp_transmission *t)
{
    real_pierp_transmit_end(h, t);
}

pier_err pierp_setsockopt(pier_handle h, int level, int name,
                          const void *value, size_t length)
{
    pier_err err = shim_enter(SHIM_SETSOCKOPT);

    return err ? err : real_pierp_setsockopt(h, level, name, value, length);
}

pier_err pierp_getsockopt(pier_handle h, int level, int name, void *value,
                          size_t *length)
{
    pier_err err = shim_enter(SHIM_GETSOCKOPT);

    return err ? err : real_pierp_getsockopt(h, level, name, value, length);
}

pier_err pierp_set_v6only(pier_handle h, bool on)
{
    pier_err err = shim_enter(SHIM_SET_V6ONLY);

    return err ? err : real_pierp_set_v6only(h, on);
}

pier_err pierp_set_reuse_port(pier_handle h)
{
    pier_err err = shim_enter(SHIM_SET_REUSE_PORT);

    return err ? err : real_pierp_set_reuse_port(h);
}

pier_err pierp_set_quickack(pier_handle h, bool on)
{
    pier_err err = shim_enter(SHIM_SET_QUICKACK);

    return err ? err : real_pierp_set_quickack(h, on);
}

pier_err pierp_set_keepalive(pier_handle h, const struct pierp_keepalive *k)
{
    pier_err err = shim_enter(SHIM_SET_KEEPALIVE);

    return err ? err : real_pierp_set_keepalive(h, k);
}

pier_err pierp_set_linger(pier_handle h, bool on, unsigned seconds)
{
    pier_err err = shim_enter(SHIM_SET_LINGER);

    return err ? err : real_pierp_set_linger(h, on, seconds);
}

pier_err pierp_set_option(pier_handle h, int family, enum pierp_option option,
                          int value)
{
    pier_err err = shim_enter(SHIM_SET_OPTION);

    return err ? err : real_pierp_set_option(h, family, option, value);
}

pier_err pierp_get_option(pier_handle h, int family, enum pierp_option option,
                          int *out)
{
    pier_err err = shim_enter(SHIM_GET_OPTION);

    return err ? err : real_pierp_get_option(h, family, option, out);
}

pier_err pierp_recv_error(pier_handle h, struct pier_net_error *out)
{
    pier_err err = shim_enter(SHIM_RECV_ERROR);

    return err ? err : real_pierp_recv_error(h, out);
}

void pierp_info_read(struct pier_message_info *out,
                     const struct pier_control *item)
{
    real_pierp_info_read(out, item);
}

pier_err pierp_info_write(struct pierp_info_item *out, int family,
                          unsigned which, const struct pier_message_info *info)
{
    return real_pierp_info_write(out, family, which, info);
}

pier_err pierp_change_membership(pier_handle h,
                                 const struct pierp_membership *m, bool join)
{
    pier_err err = shim_enter(SHIM_CHANGE_MEMBERSHIP);

    return err ? err : real_pierp_change_membership(h, m, join);
}

pier_err pierp_set_multicast(pier_handle h, int family, int hops, bool loop,
                             unsigned interface_index)
{
    pier_err err = shim_enter(SHIM_SET_MULTICAST);

    return err ? err
               : real_pierp_set_multicast(h, family, hops, loop,
                                          interface_index);
}

pier_err pierp_ioctl(pier_handle h, unsigned long code, const void *in,
                     size_t in_length, void *out, size_t *out_length)
{
    pier_err err = shim_enter(SHIM_IOCTL);

    return err ? err
               : real_pierp_ioctl(h, code, in, in_length, out, out_length);
}

pier_err pierp_tcp_info(pier_handle h, struct pier_tcp_info *out)
{
    pier_err err = shim_enter(SHIM_TCP_INFO);

    return err ? err : real_pierp_tcp_info(h, out);
}
