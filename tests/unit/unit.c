/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include "object.h"

#include <pier/poll.h>
#include <string.h>

static void fail_now(const char *what)
{
    print_error("%s\n", what);
    _fail("tests/fake", 0);
}

int begin_fake(void **state)
{
    (void)state;
    fake_begin(fail_now);
    return 0;
}

int end_fake(void **state)
{
    (void)state;
    fake_reset();
    return 0;
}

void expect_misuse(const char *part)
{
    const char *found = fake_misuse();

    if (strstr(found, part))
        return;
    print_error("reported: %s\nnot: %s\n", found, part);
    _fail(__FILE__, __LINE__);
}

struct pier_socket *open_tcp(void)
{
    struct pier_socket *s;

    CHECK_OK(pier_open(&s, PIER_AF_INET, PIER_SOCK_STREAM, 0));
    return s;
}

struct pier_socket *open_udp(void)
{
    struct pier_address here = fake_loopback(0);
    struct pier_socket *s;

    CHECK_OK(pier_open(&s, PIER_AF_INET, PIER_SOCK_DGRAM, 0));
    CHECK_OK(pier_bind(s, &here));
    return s;
}

struct pier_socket *open_path(void)
{
    struct pier_socket *s;

    CHECK_OK(pier_open(&s, PIER_AF_UNIX, PIER_SOCK_STREAM, 0));
    return s;
}

struct pier_socket *open_server(unsigned port, int backlog)
{
    struct pier_address here = fake_loopback(port);
    struct pier_socket *s = open_tcp();

    CHECK_OK(pier_bind(s, &here));
    CHECK_OK(pier_listen(s, backlog));
    return s;
}

struct pier_socket *open_connected(void)
{
    struct pier_socket *s;

    CHECK_OK(pier_adopt(&s, fake_connected(), -1, -1, -1));
    return s;
}

struct pier_socket *open_blocked(void)
{
    struct pier_socket *s = open_connected();

    fake_send_room(pier_fileno(s), 0);
    fake_drain(pier_fileno(s), 0, 0);
    return s;
}

struct pier_address name_of(struct pier_socket *s)
{
    struct pier_address name;

    CHECK_OK(pier_getsockname(s, &name));
    return name;
}

void do_close(void *socket)
{
    (void)pier_close(socket);
}

void do_free(void *socket)
{
    pier_free(socket);
}

void do_fire(void *token)
{
    pier_cancel_fire(token);
}

void do_shut_down(void *socket)
{
    (void)!pier_shutdown(socket, PIER_SHUT_RDWR);
}

void do_nothing(void *unused)
{
    (void)unused;
}

static struct pier_socket *open_listener(void)
{
    return open_server(4000, 1);
}

/* A datagram socket whose system has no room left. */
static struct pier_socket *open_blocked_udp(void)
{
    struct pier_socket *s = open_udp();

    fake_block_send(pier_fileno(s), 3600 * SECOND);
    return s;
}

/* A stream of AF_UNIX whose other end is the test's. */
static struct pier_socket *open_local(void)
{
    struct pier_socket *s;

    CHECK_OK(pier_adopt(&s, fake_connected_path(), -1, -1, -1));
    return s;
}

static struct pier_socket *open_blocked_local(void)
{
    struct pier_socket *s = open_local();

    fake_block_send(pier_fileno(s), 3600 * SECOND);
    return s;
}

static char room[16];

static ptrdiff_t run_recv(struct pier_socket *s)
{
    return pier_recv(s, room, sizeof(room), 0);
}

static ptrdiff_t run_recv_waitall(struct pier_socket *s)
{
    return pier_recv(s, room, sizeof(room), PIER_MSG_WAITALL);
}

static ptrdiff_t run_recvfrom(struct pier_socket *s)
{
    return pier_recvfrom(s, room, sizeof(room), 0, NULL);
}

static ptrdiff_t run_recvall(struct pier_socket *s)
{
    return pier_recvall(s, room, sizeof(room), 0, NULL);
}

static ptrdiff_t run_send(struct pier_socket *s)
{
    return pier_send(s, room, sizeof(room), 0);
}

static ptrdiff_t run_sendto(struct pier_socket *s)
{
    struct pier_address to = fake_loopback(9);

    return pier_sendto(s, room, sizeof(room), 0, &to);
}

static ptrdiff_t run_sendall(struct pier_socket *s)
{
    return pier_sendall(s, room, sizeof(room), 0, NULL);
}

static struct pier_buffer rooms[2] = { { room, 8 }, { room + 8, 8 } };

/* Both buffers. */
static struct pier_message whole(void)
{
    return (struct pier_message){ .buffers = rooms, .buffer_count = 2 };
}

static ptrdiff_t run_recvmsg(struct pier_socket *s)
{
    struct pier_message m = whole();

    return pier_recvmsg(s, &m, 0);
}

static ptrdiff_t run_recvmsg_waitall(struct pier_socket *s)
{
    struct pier_message m = whole();

    return pier_recvmsg(s, &m, PIER_MSG_WAITALL);
}

static ptrdiff_t run_sendmsg(struct pier_socket *s)
{
    const struct pier_message m = whole();

    return pier_sendmsg(s, &m, 0);
}

static ptrdiff_t run_sendmsg_to(struct pier_socket *s)
{
    struct pier_address to = fake_loopback(9);
    struct pier_message m = whole();

    m.address = &to;
    return pier_sendmsg(s, &m, 0);
}

static ptrdiff_t run_recvmmsg(struct pier_socket *s)
{
    struct pier_datagram d[2] = { { whole(), 0 }, { whole(), 0 } };

    return pier_recvmmsg(s, d, 2, 0);
}

static ptrdiff_t run_sendmmsg(struct pier_socket *s)
{
    struct pier_datagram d[2] = { { whole(), 0 }, { whole(), 0 } };

    return pier_sendmmsg(s, d, 2, 0);
}

static ptrdiff_t run_sendmmsg_to(struct pier_socket *s)
{
    struct pier_address to = fake_loopback(9);
    struct pier_datagram d[2] = { { whole(), 0 }, { whole(), 0 } };

    d[0].message.address = &to;
    d[1].message.address = &to;
    return pier_sendmmsg(s, d, 2, 0);
}

/* Where no descriptors can be sent, these are messages. */
static ptrdiff_t run_recv_fds(struct pier_socket *s)
{
    size_t count = 0;

    if (!PIER_HAVE_SCM_RIGHTS)
        return run_recvmsg(s);
    return pier_recv_fds(s, room, sizeof(room), NULL, &count, 0);
}

static ptrdiff_t run_send_fds(struct pier_socket *s)
{
    if (!PIER_HAVE_SCM_RIGHTS)
        return run_sendmsg(s);
    return pier_send_fds(s, room, sizeof(room), NULL, 0, 0);
}

static ptrdiff_t run_sendfile(struct pier_socket *s)
{
    return pier_sendfile(s, fake_open_file(100), 0, -1, NULL);
}

/* The file is read and sent. */
static ptrdiff_t run_sendfile_slowly(struct pier_socket *s)
{
    fake_cannot_send_files(true);
    return run_sendfile(s);
}

static ptrdiff_t PIER_CALL give_byte(void *unused, void *buffer, size_t length)
{
    (void)unused;
    (void)length;
    *(char *)buffer = 'x';
    return 1;
}

static ptrdiff_t run_sendfrom(struct pier_socket *s)
{
    return pier_sendfrom(s, give_byte, NULL, -1, NULL);
}

static ptrdiff_t run_accept(struct pier_socket *s)
{
    struct pier_socket *accepted;

    return pier_accept(&accepted, s, NULL);
}

static ptrdiff_t run_connect(struct pier_socket *s)
{
    struct pier_address to = fake_inet(250, 80);

    fake_remote_set(&to, FAKE_IS_SILENT, 0);
    return pier_connect(s, &to);
}

/* Its limit is its own; here it is the socket's. */
static ptrdiff_t run_wait_for(struct pier_socket *s)
{
    return pier_wait_for(s, PIER_POLLIN, pier_gettimeout(s), NULL);
}

/* The same as wait_for, in the words of a poll. */
static ptrdiff_t run_poll(struct pier_socket *s)
{
    struct pier_pollitem item = { .socket = s, .events = PIER_POLLIN };
    /* Whoever ends the poll may have freed the socket. */
    pier_timeout timeout = pier_gettimeout(s);
    ptrdiff_t n = pier_poll(&item, 1, timeout, s->cancel);

    if (n == 0)
        return timeout == 0 ? PIER_EAGAIN : PIER_EDEADLINE;
    if (n < 0)
        return n;
    return item.revents & PIER_POLLNVAL ? PIER_EBADF : n;
}

const struct blocking_call blocking_calls[] = {
    { "recv", open_connected, run_recv, 0 },
    { "recv, WAITALL", open_connected, run_recv_waitall, 0 },
    { "recv of a datagram", open_udp, run_recv, 0 },
    { "recvfrom", open_udp, run_recvfrom, 0 },
    { "recvall", open_connected, run_recvall, 0 },
    { "send", open_blocked, run_send, 0 },
    { "sendall", open_blocked, run_sendall, 0 },
    { "sendto", open_blocked_udp, run_sendto, 0 },
    { "recvmsg", open_connected, run_recvmsg, 0 },
    { "recvmsg, WAITALL", open_connected, run_recvmsg_waitall, 0 },
    { "recvmsg of a datagram", open_udp, run_recvmsg, 0 },
    { "sendmsg", open_blocked, run_sendmsg, 0 },
    { "sendmsg of a datagram", open_blocked_udp, run_sendmsg_to, 0 },
    { "recvmmsg", open_udp, run_recvmmsg, 0 },
    { "recvmmsg on a stream", open_connected, run_recvmmsg, 0 },
    { "sendmmsg", open_blocked_udp, run_sendmmsg_to, 0 },
    { "sendmmsg on a stream", open_blocked, run_sendmmsg, 0 },
    { "recv_fds", open_local, run_recv_fds, 0 },
    { "send_fds", open_blocked_local, run_send_fds, 0 },
    { "sendfile", open_blocked, run_sendfile, 0 },
    { "sendfile, by reading", open_blocked, run_sendfile_slowly, 0 },
    { "sendfrom", open_blocked, run_sendfrom, 0 },
    { "accept", open_listener, run_accept, 0 },
    { "connect", open_tcp, run_connect, 0 },
    { "wait_for", open_connected, run_wait_for, 0 },
    { "poll", open_connected, run_poll, 1 },
};

const size_t blocking_call_count =
    sizeof(blocking_calls) / sizeof(blocking_calls[0]);
