/* SPDX-License-Identifier: MIT */
#include "traced.h"

/* ------------------------------------------------- sockets come and go --- */

static ptrdiff_t run_open(struct traced *to)
{
    pier_err err = pier_open(&to->made[0], PIER_AF_INET, PIER_SOCK_STREAM, 0);

    to->told = to->made[0];
    return err;
}

static ptrdiff_t run_adopt(struct traced *to)
{
    pier_err err = pier_adopt(&to->made[0], fake_connected(), -1, -1, -1);

    to->told = to->made[0];
    return err;
}

/* The handle stays its first owner's. */
static ptrdiff_t run_fromfd(struct traced *to)
{
    pier_err err = pier_fromfd(&to->made[0], pier_fileno(to->s), PIER_AF_INET,
                               PIER_SOCK_STREAM, 0);

    to->told = to->made[0];
    return err;
}

static ptrdiff_t run_dup(struct traced *to)
{
    return pier_dup(&to->made[0], to->s);
}

static ptrdiff_t run_socketpair(struct traced *to)
{
    pier_err err =
        pier_socketpair(to->made, PIER_AF_UNIX, PIER_SOCK_STREAM, 0);

    to->told = to->made[0];
    return err;
}

static ptrdiff_t run_create_server(struct traced *to)
{
    struct pier_address here = fake_loopback(0);
    pier_err err = pier_create_server(&to->made[0], &here, NULL);

    to->told = to->made[0];
    return err;
}

static ptrdiff_t run_create_connection(struct traced *to)
{
    struct pier_address there = fake_inet(9, 80);
    pier_err err;

    fake_remote_set(&there, FAKE_ACCEPTS, 0);
    err = pier_create_connection(&to->made[0], "192.0.2.9", "80", NULL);
    to->told = to->made[0];
    return err;
}

static ptrdiff_t run_close(struct traced *to)
{
    return pier_close(to->s);
}

static ptrdiff_t run_close_wait(struct traced *to)
{
    return pier_close_wait(to->s, SECOND);
}

static ptrdiff_t run_free(struct traced *to)
{
    pier_free(to->s);
    to->s = NULL;
    return 0;
}

/* ------------------------------------------------------- connections --- */

static ptrdiff_t run_bind(struct traced *to)
{
    struct pier_address here = fake_loopback(4000);

    return pier_bind(to->s, &here);
}

static struct pier_socket *open_bound(void)
{
    struct pier_socket *s = open_tcp();
    struct pier_address here = fake_loopback(4000);

    CHECK_OK(pier_bind(s, &here));
    return s;
}

static ptrdiff_t run_listen(struct traced *to)
{
    return pier_listen(to->s, 4);
}

static struct pier_socket *open_queue(void)
{
    struct pier_address from = fake_inet(7, 4000);
    struct pier_socket *s = open_server(4001, 4);

    fake_incoming(pier_fileno(s), &from, 0);
    return s;
}

static ptrdiff_t run_accept(struct traced *to)
{
    return pier_accept(&to->made[0], to->s, NULL);
}

static ptrdiff_t run_connect(struct traced *to)
{
    struct pier_address there = fake_inet(8, 80);

    fake_remote_set(&there, FAKE_REFUSES, 0);
    return pier_connect(to->s, &there);
}

static ptrdiff_t run_shutdown(struct traced *to)
{
    return pier_shutdown(to->s, PIER_SHUT_WR);
}

/* -------------------------------------------------------------- data --- */

static void feed(struct traced *to)
{
    fake_feed(pier_fileno(to->s), "abc", 3, 0);
}

static char bytes[3];

static ptrdiff_t run_recv(struct traced *to)
{
    return pier_recv(to->s, bytes, 3, 0);
}

static ptrdiff_t run_recvall(struct traced *to)
{
    return pier_recvall(to->s, bytes, 3, 0, NULL);
}

static ptrdiff_t run_send(struct traced *to)
{
    return pier_send(to->s, "ab", 2, 0);
}

static ptrdiff_t run_sendall(struct traced *to)
{
    return pier_sendall(to->s, "ab", 2, 0, NULL);
}

static ptrdiff_t run_sendfile(struct traced *to)
{
    return pier_sendfile(to->s, fake_open_file(2), 0, -1, NULL);
}

static ptrdiff_t PIER_CALL give_nothing(void *unused, void *buffer,
                                        size_t length)
{
    (void)unused;
    (void)buffer;
    (void)length;
    return 0;
}

static ptrdiff_t run_sendfrom(struct traced *to)
{
    return pier_sendfrom(to->s, give_nothing, NULL, -1, NULL);
}

static void feed_datagram(struct traced *to)
{
    struct pier_address from = fake_inet(7, 4000);

    fake_datagram(pier_fileno(to->s), &from, "abc", 3, 0);
}

static ptrdiff_t run_recvfrom(struct traced *to)
{
    struct pier_address from;

    return pier_recvfrom(to->s, bytes, 3, 0, &from);
}

static ptrdiff_t run_sendto(struct traced *to)
{
    struct pier_address there = fake_inet(7, 80);

    return pier_sendto(to->s, "ab", 2, 0, &there);
}

/* --------------------------------------------------------- messages --- */

static struct pier_buffer piece = { bytes, sizeof(bytes) };

static struct pier_message whole(void)
{
    return (struct pier_message){ .buffers = &piece, .buffer_count = 1 };
}

static ptrdiff_t run_recvmsg(struct traced *to)
{
    struct pier_message m = whole();

    return pier_recvmsg(to->s, &m, 0);
}

static ptrdiff_t run_sendmsg(struct traced *to)
{
    const struct pier_message m = whole();

    return pier_sendmsg(to->s, &m, 0);
}

static ptrdiff_t run_recvmmsg(struct traced *to)
{
    struct pier_datagram d[2] = { { whole(), 0 }, { whole(), 0 } };

    return pier_recvmmsg(to->s, d, 2, 0);
}

static ptrdiff_t run_sendmmsg(struct traced *to)
{
    struct pier_datagram d[2] = { { whole(), 0 }, { whole(), 0 } };

    return pier_sendmmsg(to->s, d, 2, 0);
}

static struct pier_socket *open_end(struct pier_socket **other)
{
    struct pier_socket *ends[2];

    CHECK_OK(pier_socketpair(ends, PIER_AF_UNIX, PIER_SOCK_STREAM, 0));
    *other = ends[1];
    return ends[0];
}

static void add_other_end(struct traced *to)
{
    to->s = open_end(&to->made[0]);
    to->told = to->s;
}

static void add_end_with_bytes(struct traced *to)
{
    add_other_end(to);
    CHECK_INT(pier_send(to->made[0], "a", 1, 0), 1);
}

static ptrdiff_t run_recv_fds(struct traced *to)
{
    size_t count = 0;

    return pier_recv_fds(to->s, bytes, 3, NULL, &count, 0);
}

static ptrdiff_t run_send_fds(struct traced *to)
{
    return pier_send_fds(to->s, "a", 1, NULL, 0, 0);
}

static ptrdiff_t run_send_afalg(struct traced *to)
{
    return pier_send_afalg(to->s, &piece, 1, -1, NULL, 0, -1, 0);
}

/* ----------------------------------------------------------- streams --- */

static ptrdiff_t run_makefile(struct traced *to)
{
    return pier_makefile(&to->stream, to->s, "r", PIER_BUFFER_DEFAULT);
}

static void add_stream(struct traced *to)
{
    CHECK_OK(pier_makefile(&to->stream, to->s, "rw", PIER_BUFFER_DEFAULT));
}

static void feed_stream(struct traced *to)
{
    add_stream(to);
    feed(to);
}

static ptrdiff_t run_stream_read(struct traced *to)
{
    return pier_stream_read(to->stream, bytes, 3);
}

static ptrdiff_t run_stream_read1(struct traced *to)
{
    return pier_stream_read1(to->stream, bytes, 3);
}

static ptrdiff_t run_stream_peek(struct traced *to)
{
    return pier_stream_peek(to->stream, bytes, 3);
}

static ptrdiff_t run_stream_readline(struct traced *to)
{
    return pier_stream_readline(to->stream, bytes, 3);
}

static ptrdiff_t run_stream_readuntil(struct traced *to)
{
    return pier_stream_readuntil(to->stream, bytes, 3, "b", 1);
}

static ptrdiff_t run_stream_write(struct traced *to)
{
    return pier_stream_write(to->stream, "xy", 2);
}

static ptrdiff_t run_stream_printf(struct traced *to)
{
    return pier_stream_printf(to->stream, "%s", "xy");
}

static ptrdiff_t run_stream_flush(struct traced *to)
{
    return pier_stream_flush(to->stream);
}

static ptrdiff_t run_stream_close(struct traced *to)
{
    pier_err err = pier_stream_close(to->stream);

    to->stream = NULL;
    return err;
}

/* ----------------------------------------------------------- waiting --- */

static ptrdiff_t run_wait_for(struct traced *to)
{
    unsigned revents;

    return pier_wait_for(to->s, PIER_POLLIN, SECOND, &revents);
}

/* Its items may be many, so the event has no socket. */
static ptrdiff_t run_poll(struct traced *to)
{
    struct pier_pollitem item = { .socket = to->s, .events = PIER_POLLIN };

    to->told = NULL;
    return pier_poll(&item, 1, SECOND, NULL);
}

/* ------------------------------------------------------------- names --- */

static void set_host(struct traced *to)
{
    struct pier_address a = fake_inet(7, 0);

    (void)to;
    fake_name_set("host.test", &a, 1, 5 * MS, PIER_OK);
}

static void start_lookup(struct traced *to)
{
    set_host(to);
    CHECK_OK(pier_lookup_start(&to->lookup, "host.test", "80", NULL));
}

static ptrdiff_t run_getaddrinfo(struct traced *to)
{
    return pier_getaddrinfo(&to->list, "host.test", "80", NULL, NULL);
}

static ptrdiff_t run_getnameinfo(struct traced *to)
{
    struct pier_address a = fake_inet(7, 80);
    char host[64];

    (void)to;
    return pier_getnameinfo(&a, host, sizeof(host), NULL, 0,
                            PIER_NI_NUMERICHOST, NULL);
}

static ptrdiff_t run_gethostbyname(struct traced *to)
{
    struct pier_address a;

    (void)to;
    return pier_gethostbyname(&a, "host.test", NULL);
}

static ptrdiff_t run_gethostbyname_ex(struct traced *to)
{
    struct pier_hostent *h;
    pier_err err = pier_gethostbyname_ex(&h, "host.test", NULL);

    (void)to;
    pier_free_hostent(h);
    return err;
}

static ptrdiff_t run_gethostbyaddr(struct traced *to)
{
    struct pier_hostent *h;
    pier_err err = pier_gethostbyaddr(&h, "192.0.2.9", NULL);

    (void)to;
    pier_free_hostent(h);
    return err;
}

static ptrdiff_t run_getfqdn(struct traced *to)
{
    char name[64];

    (void)to;
    return pier_getfqdn(name, sizeof(name), "192.0.2.7", NULL);
}

static ptrdiff_t run_lookup_start(struct traced *to)
{
    return pier_lookup_start(&to->lookup, "host.test", "80", NULL);
}

static ptrdiff_t run_lookup_wait(struct traced *to)
{
    return pier_lookup_wait(to->lookup, NULL);
}

/* --------------------------------------------------------- handover --- */

static struct pier_share_info info;

static ptrdiff_t run_share(struct traced *to)
{
    return pier_share(&info, to->s, 0);
}

static void share_it(struct traced *to)
{
    CHECK_OK(pier_share(&info, to->s, 0));
}

static ptrdiff_t run_fromshare(struct traced *to)
{
    pier_err err = pier_fromshare(&to->made[0], &info);

    to->told = to->made[0];
    return err;
}

static ptrdiff_t run_send_socket(struct traced *to)
{
    return pier_send_socket(to->s, to->s, 0);
}

static void send_one_there(struct traced *to)
{
    to->s = open_end(&to->made[0]);
    to->told = to->s;
    CHECK_OK(pier_send_socket(to->made[0], to->made[0], 0));
}

static ptrdiff_t run_recv_socket(struct traced *to)
{
    return pier_recv_socket(&to->made[1], to->s);
}

const struct traced_call traced_calls[] = {
    { "open", NULL, NULL, run_open, 0, 0 },
    { "adopt", NULL, NULL, run_adopt, 0, 0 },
    { "fromfd", open_tcp, NULL, run_fromfd, 0, 0 },
    { "dup", open_tcp, NULL, run_dup, 0, 0 },
    { "share", open_tcp, NULL, run_share, 0, 0 },
    { "fromshare", open_tcp, share_it, run_fromshare, 0, 0 },
    { "send_socket", NULL, add_other_end, run_send_socket, 0, 0 },
    { "recv_socket", NULL, send_one_there, run_recv_socket, 0, 0 },
    { "socketpair", NULL, NULL, run_socketpair, 0, 0 },
    { "create_server", NULL, NULL, run_create_server, 0, 1 },
    { "create_connection", NULL, NULL, run_create_connection, 0, 3 },
    { "close", open_tcp, NULL, run_close, 0, 0 },
    { "close_wait", open_tcp, NULL, run_close_wait, 0, 0 },
    { "free", open_tcp, NULL, run_free, 0, 0 },
    { "bind", open_tcp, NULL, run_bind, 0, 0 },
    { "listen", open_bound, NULL, run_listen, 0, 0 },
    { "accept", open_queue, NULL, run_accept, 0, 0 },
    { "connect", open_tcp, NULL, run_connect, PIER_ECONNREFUSED, 0 },
    { "shutdown", open_connected, NULL, run_shutdown, 0, 0 },
    { "recv", open_connected, feed, run_recv, 3, 0 },
    { "recvall", open_connected, feed, run_recvall, 0, 0 },
    { "send", open_connected, NULL, run_send, 2, 0 },
    { "sendall", open_connected, NULL, run_sendall, 0, 0 },
    { "sendfile", open_connected, NULL, run_sendfile, 0, 0 },
    { "sendfrom", open_connected, NULL, run_sendfrom, 0, 0 },
    { "recvfrom", open_udp, feed_datagram, run_recvfrom, 3, 0 },
    { "sendto", open_udp, NULL, run_sendto, 2, 0 },
    { "recvmsg", open_connected, feed, run_recvmsg, 3, 0 },
    { "sendmsg", open_connected, NULL, run_sendmsg, 3, 0 },
    { "recvmmsg", open_udp, feed_datagram, run_recvmmsg, 1, 0 },
    { "sendmmsg", open_connected, NULL, run_sendmmsg, 2, 0 },
    { "recv_fds", NULL, add_end_with_bytes, run_recv_fds,
      PIER_HAVE_SCM_RIGHTS ? 1 : PIER_ENOTSUP, PIER_HAVE_SCM_RIGHTS },
    { "send_fds", NULL, add_other_end, run_send_fds,
      PIER_HAVE_SCM_RIGHTS ? 1 : PIER_ENOTSUP, PIER_HAVE_SCM_RIGHTS },
    { "send_afalg", open_udp, NULL, run_send_afalg, PIER_EINVAL, 0 },
    { "makefile", open_connected, NULL, run_makefile, 0, 0 },
    { "stream_read", open_connected, feed_stream, run_stream_read, 3, 0 },
    { "stream_read1", open_connected, feed_stream, run_stream_read1, 3, 0 },
    { "stream_peek", open_connected, feed_stream, run_stream_peek, 3, 0 },
    { "stream_readline", open_connected, feed_stream, run_stream_readline,
      PIER_ETRUNCATED, 0 },
    { "stream_readuntil", open_connected, feed_stream, run_stream_readuntil, 2,
      0 },
    { "stream_write", open_connected, add_stream, run_stream_write, 2, 0 },
    { "stream_printf", open_connected, add_stream, run_stream_printf, 2, 0 },
    { "stream_flush", open_connected, add_stream, run_stream_flush, 0, 0 },
    { "stream_close", open_connected, add_stream, run_stream_close, 0, 0 },
    { "wait_for", open_connected, feed, run_wait_for, 0, 0 },
    { "poll", open_connected, feed, run_poll, 1, 0 },
    { "getaddrinfo", NULL, set_host, run_getaddrinfo, 0, 0 },
    { "getnameinfo", NULL, NULL, run_getnameinfo, 0, 0 },
    { "gethostbyname", NULL, set_host, run_gethostbyname, 0, 0 },
    { "gethostbyname_ex", NULL, set_host, run_gethostbyname_ex, 0, 0 },
    { "gethostbyaddr", NULL, NULL, run_gethostbyaddr, PIER_EHOST_NOT_FOUND,
      0 },
    { "getfqdn", NULL, set_host, run_getfqdn, 0, 0 },
    { "lookup_start", NULL, set_host, run_lookup_start, 0, 0 },
    { "lookup_wait", NULL, start_lookup, run_lookup_wait, 0, 0 },
};
const size_t traced_call_count = COUNT_OF(traced_calls);
