/* SPDX-License-Identifier: MIT */
#include "scenes.h"

#include "blocked.h"
#include "file.h"
#include "scene_messages.h"
#include "scene_streams.h"

#include <string.h>

static const struct {
    const char *name;
    enum transport transport;
    int family;
} transports[] = {
    { "TCP", TCP, PIER_AF_INET },
    { "TCP, IPv6", TCP6, PIER_AF_INET6 },
    { "UDP", UDP, PIER_AF_INET },
    { "UDP, IPv6", UDP6, PIER_AF_INET6 },
    { "AF_UNIX", PATH, PIER_AF_UNIX },
    { "AF_UNIX, datagrams", PATH_DATAGRAMS, PIER_AF_UNIX },
    { "the resolver", RESOLVER, PIER_AF_UNSPEC },
};

static size_t index_of(enum transport transport)
{
    size_t i = 0;

    while (transports[i].transport != transport)
        i++;
    return i;
}

const char *transport_name(enum transport transport)
{
    return transports[index_of(transport)].name;
}

static bool sends_descriptors(const struct blocking_call *call)
{
    return call->run == run_recv_fds || call->run == run_send_fds;
}

/* Sockets go over TCP where none goes over AF_UNIX, and only there. */
static bool carries_no_socket(const struct blocking_call *call)
{
    size_t length = strlen(call->name);

    return PIER_HAVE_SCM_RIGHTS && call->transport == TCP && length > 7 &&
           strcmp(call->name + length - 7, "_socket") == 0;
}

bool can_run(const struct blocking_call *call)
{
    if (carries_no_socket(call))
        return false;
    if (sends_descriptors(call) && !PIER_HAVE_SCM_RIGHTS)
        return false;
    switch (transports[index_of(call->transport)].family) {
    case PIER_AF_INET6:
        return has_ipv6();
    case PIER_AF_UNIX:
        return has_unix();
    default:
        return true;
    }
}

void open_scene(const struct blocking_call *call, struct scene *scene)
{
    const struct pier_wait no_limit = PIER_WAIT_INIT;

    memset(scene, 0, sizeof(*scene));
    scene->wait = no_limit;
    call->open(scene, transports[index_of(call->transport)].family);
}

const struct blocking_call *find_call(const char *name,
                                      enum transport transport)
{
    for (size_t i = 0; i < blocking_call_count; i++) {
        const struct blocking_call *call = &blocking_calls[i];

        if (strcmp(call->name, name) == 0 && !call->detail[0] &&
            call->transport == transport)
            return call;
    }
    check_fails(name, __FILE__, __LINE__);
}

/* -------------------------------------------------------------- scenes --- */

static void open_quiet_stream(struct scene *scene, int family)
{
    struct pier_socket *ends[2];

    open_streams(family, ends);
    scene->s = ends[0];
    scene->peer = ends[1];
}

static void open_full_stream(struct scene *scene, int family)
{
    open_quiet_stream(scene, family);
    scene->address = name_of(scene->peer);
    fill(scene->s);
}

/* Connected: else a datagram for whoever had the port before might come. */
static void open_quiet_datagrams(struct scene *scene, int family)
{
    struct pier_socket *peer = open_bound(family, PIER_SOCK_DGRAM);
    const struct pier_address name = name_of(peer);

    scene->s = open_bound(family, PIER_SOCK_DGRAM);
    CHECK_OK(pier_connect(scene->s, &name));
}

static void open_quiet_listener(struct scene *scene, int family)
{
    scene->s = open_listener(family, 4);
    scene->address = name_of(scene->s);
}

static void open_connecting(struct scene *scene, int family)
{
    scene->address = full_listener(family);
    scene->s = open_socket(family, PIER_SOCK_STREAM);
}

/* Only an AF_UNIX receiver makes a sender of datagrams wait. */
static void open_full_datagrams(struct scene *scene, int family)
{
    struct pier_socket *ends[2];
    ptrdiff_t n;

    open_datagrams(family, ends);
    scene->s = ends[0];
    scene->peer = ends[1];
    scene->address = name_of(ends[1]);
    CHECK_OK(pier_settimeout(scene->s, 0));
    do {
        n = pier_sendto(scene->s, "x", 1, 0, &scene->address);
    } while (n == 1);
    CHECK_ERR(n, PIER_EAGAIN);
    CHECK_OK(pier_settimeout(scene->s, PIER_FOREVER));
}

static void open_full_connected_datagrams(struct scene *scene, int family)
{
    open_full_datagrams(scene, family);
    CHECK_OK(pier_connect(scene->s, &scene->address));
}

/* --------------------------------------------------------------- calls --- */

static long long run_accept(struct scene *scene)
{
    struct pier_socket *accepted;
    pier_err err = pier_accept(&accepted, scene->s, NULL);

    pier_free(accepted);
    return err;
}

static long long run_connect(struct scene *scene)
{
    return pier_connect(scene->s, &scene->address);
}

static long long run_recv(struct scene *scene)
{
    char byte;

    return pier_recv(scene->s, &byte, 1, 0);
}

static long long run_recv_whole(struct scene *scene)
{
    char bytes[4];

    return pier_recv(scene->s, bytes, sizeof(bytes), PIER_MSG_WAITALL);
}

static long long run_recvfrom(struct scene *scene)
{
    struct pier_address from;
    char byte;

    return pier_recvfrom(scene->s, &byte, 1, 0, &from);
}

static long long run_recvall(struct scene *scene)
{
    char bytes[4];

    return pier_recvall(scene->s, bytes, sizeof(bytes), 0, NULL);
}

static long long run_send(struct scene *scene)
{
    return pier_send(scene->s, "x", 1, 0);
}

static long long run_sendall(struct scene *scene)
{
    return pier_sendall(scene->s, "abcd", 4, 0, NULL);
}

static long long run_sendto(struct scene *scene)
{
    return pier_sendto(scene->s, "x", 1, 0, &scene->address);
}

static long long run_recv_socket(struct scene *scene)
{
    struct pier_socket *s;
    pier_err err = pier_recv_socket(&s, scene->s);

    pier_free(s);
    return err;
}

static long long run_send_socket(struct scene *scene)
{
    return pier_send_socket(scene->s, scene->peer, 0);
}

static long long run_sendfile(struct scene *scene)
{
    pier_file file = file_make();
    pier_err err;

    file_resize(file, 1000);
    err = pier_sendfile(scene->s, file, 0, -1, NULL);
    file_close(file);
    return err;
}

/* The stream has room; it is the source that has nothing. */
static long long run_sendfile_of_pipe(struct scene *scene)
{
    pier_file pipe[2];
    pier_err err;

    file_pipe(pipe);
    err = pier_sendfile(scene->s, pipe[0], -1, -1, NULL);
    file_close(pipe[0]);
    file_close(pipe[1]);
    return err;
}

static ptrdiff_t PIER_CALL give(void *unused, void *buffer, size_t length)
{
    (void)unused;
    (void)length;
    *(char *)buffer = 'x';
    return 1;
}

static long long run_sendfrom(struct scene *scene)
{
    return pier_sendfrom(scene->s, give, NULL, -1, NULL);
}

/* The turn is another thread's, who is blocked himself. */
static void open_taken_turn(struct scene *scene, int family)
{
    static struct blocked first;

    open_full_stream(scene, family);
    start_blocked(&first, run_sendall, scene);
    scene->first = &first;
    await_waits(1);
}

static void open_taken_read_turn(struct scene *scene, int family)
{
    static struct blocked first;

    open_quiet_stream(scene, family);
    start_blocked(&first, run_recvall, scene);
    scene->first = &first;
    await_waits(1);
}

static long long wait_for(struct scene *scene, unsigned event)
{
    return pier_wait_for(scene->s, event, scene->wait.timeout, NULL);
}

static long long run_wait_to_receive(struct scene *scene)
{
    return wait_for(scene, PIER_POLLIN);
}

static long long run_wait_to_send(struct scene *scene)
{
    return wait_for(scene, PIER_POLLOUT);
}

/* The result in the words of the other calls. */
long long poll_scene(struct scene *scene, unsigned event)
{
    struct pier_pollitem item = { .socket = scene->s,
                                  .lookup = scene->lookup,
                                  .events = event };
    ptrdiff_t n = pier_poll(&item, 1, scene->wait.timeout, scene->wait.cancel);

    if (n == 0)
        return PIER_EDEADLINE;
    if (n == 1 && (item.revents & PIER_POLLNVAL))
        return PIER_EBADF;
    if (n == 1 && item.lookup && (item.revents & PIER_POLLERR))
        return PIER_ECANCELED;
    return n;
}

static long long run_poll_to_receive(struct scene *scene)
{
    return poll_scene(scene, PIER_POLLIN);
}

static long long run_poll_to_send(struct scene *scene)
{
    return poll_scene(scene, PIER_POLLOUT);
}

/* clang-format off */
#define RECEIVES(transport, open)                                             \
    { "recv", "", transport, open, run_recv },                                \
    { "recvfrom", "", transport, open, run_recvfrom },                        \
    { "recvall", "", transport, open, run_recvall },                          \
    { "recvmsg", "", transport, open, run_recvmsg },                          \
    { "recvmmsg", "", transport, open, run_recvmmsg },                        \
    { "wait_for", "", transport, open, run_wait_to_receive }

#define SENDS(transport, open)                                                \
    { "send", "", transport, open, run_send },                                \
    { "sendall", "", transport, open, run_sendall },                          \
    { "sendmsg", "", transport, open, run_sendmsg },                          \
    { "sendmmsg", "", transport, open, run_sendmmsg },                        \
    { "wait_for", "to send", transport, open, run_wait_to_send }

#define STREAM(transport)                                                     \
    { "accept", "", transport, open_quiet_listener, run_accept },             \
    { "connect", "", transport, open_connecting, run_connect },               \
    RECEIVES(transport, open_quiet_stream),                                   \
    SENDS(transport, open_full_stream),                                       \
    { "sendfile", "", transport, open_full_stream, run_sendfile },            \
    { "sendfrom", "", transport, open_full_stream, run_sendfrom },            \
    { "stream_read", "", transport, open_quiet_stream, run_stream_read },     \
    { "stream_write", "", transport, open_full_stream, run_stream_write }
/* clang-format on */

const struct blocking_call blocking_calls[] = {
    STREAM(TCP),
    STREAM(TCP6),
    STREAM(PATH),
    RECEIVES(UDP, open_quiet_datagrams),
    RECEIVES(UDP6, open_quiet_datagrams),
    RECEIVES(PATH_DATAGRAMS, open_quiet_datagrams),
    SENDS(PATH_DATAGRAMS, open_full_connected_datagrams),
    { "sendto", "", TCP, open_full_stream, run_sendto },
    { "sendto", "", TCP6, open_full_stream, run_sendto },
    { "sendto", "", PATH_DATAGRAMS, open_full_datagrams, run_sendto },
    { "sendmsg", "with an address", PATH_DATAGRAMS, open_full_datagrams,
      run_sendmsg_to },
    { "sendmmsg", "with an address", PATH_DATAGRAMS, open_full_datagrams,
      run_sendmmsg_to },
    { "recvmsg", "WAITALL", TCP, open_quiet_stream, run_recvmsg_whole },
    { "recvmmsg", "WAITALL", UDP, open_quiet_datagrams, run_recvmmsg_whole },
    { "sendmsg", "the turn", TCP, open_taken_turn, run_sendmsg },
    { "sendmmsg", "the turn", TCP, open_taken_turn, run_sendmmsg },
    { "recv_fds", "", PATH, open_quiet_stream, run_recv_fds },
    { "send_fds", "", PATH, open_full_stream, run_send_fds },
    { "recv_socket", "", PATH, open_quiet_stream, run_recv_socket },
    { "send_socket", "", PATH, open_full_stream, run_send_socket },
    { "recv_socket", "", TCP, open_quiet_stream, run_recv_socket },
    { "send_socket", "", TCP, open_full_stream, run_send_socket },
    { "recv_socket", "the turn", PATH, open_taken_read_turn, run_recv_socket },
    { "send_socket", "the turn", PATH, open_taken_turn, run_send_socket },
    { "sendfile", "a silent pipe", TCP, open_quiet_stream,
      run_sendfile_of_pipe },
    { "sendfile", "the turn", TCP, open_taken_turn, run_sendfile },
    { "stream_read1", "", TCP, open_quiet_stream, run_stream_read1 },
    { "stream_peek", "", TCP, open_quiet_stream, run_stream_peek },
    { "stream_readline", "", TCP, open_quiet_stream, run_stream_readline },
    { "stream_readuntil", "", TCP, open_quiet_stream, run_stream_readuntil },
    { "stream_printf", "", TCP, open_full_stream, run_stream_printf },
    { "stream_flush", "", TCP, open_full_stream, run_stream_flush },
    { "stream_close", "", TCP, open_full_stream, run_stream_close },
    { "stream_read", "the turn", TCP, open_taken_read_turn, run_stream_read },
    { "stream_write", "the turn", TCP, open_taken_turn, run_stream_write },
    { "recv", "WAITALL", TCP, open_quiet_stream, run_recv_whole },
    { "recvall", "the turn", TCP, open_taken_read_turn, run_recvall },
    { "sendall", "the turn", TCP, open_taken_turn, run_sendall },
    { "send", "the turn", TCP, open_taken_turn, run_send },
};
const size_t blocking_call_count = COUNT_OF(blocking_calls);

const struct blocking_call blocking_polls[] = {
    { "poll", "", TCP, open_quiet_stream, run_poll_to_receive },
    { "poll", "", TCP6, open_quiet_stream, run_poll_to_receive },
    { "poll", "", PATH, open_quiet_stream, run_poll_to_receive },
    { "poll", "", UDP, open_quiet_datagrams, run_poll_to_receive },
    { "poll", "", UDP6, open_quiet_datagrams, run_poll_to_receive },
    { "poll", "", PATH_DATAGRAMS, open_quiet_datagrams, run_poll_to_receive },
    { "poll", "to send", TCP, open_full_stream, run_poll_to_send },
    { "poll", "to send", TCP6, open_full_stream, run_poll_to_send },
    { "poll", "to send", PATH, open_full_stream, run_poll_to_send },
};
const size_t blocking_poll_count = COUNT_OF(blocking_polls);
