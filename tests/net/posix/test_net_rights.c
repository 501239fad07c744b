/* SPDX-License-Identifier: MIT */
/* Descriptors that go from one process to another: all come or are closed,
 * none is inherited. */
#include "net.h"
#include "process.h"
#include "rights.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    MOST = 252, /* that every libc sends at once: musl has 1,024 bytes */
    TOO_MANY = 254
};

static pier_handle fds[TOO_MANY];
static size_t count;
static char bytes[8];

static void open_ends(int type, struct pier_socket *ends[2])
{
    open_pair(PIER_AF_UNIX, type, ends);
}

/* Descriptors of a pipe: its own end for reading, and copies of the other. */
static int make_pipe(size_t writers)
{
    int ends[2];

    CHECK_OK(pipe(ends));
    for (size_t i = 0; i < writers; i++) {
        fds[i] = i + 1 < writers ? dup(ends[1]) : ends[1];
        CHECK(fds[i] >= 0);
    }
    return ends[0];
}

static void close_all(size_t n)
{
    for (size_t i = 0; i < n; i++)
        CHECK_OK(close((int)fds[i]));
}

static void send_all(struct pier_socket *s, size_t n)
{
    CHECK_INT(pier_send_fds(s, "x", 1, fds, n, 0), 1);
    close_all(n);
}

static ptrdiff_t receive(struct pier_socket *s, size_t room)
{
    memset(fds, 0x55, sizeof(fds));
    count = room;
    return pier_recv_fds(s, bytes, sizeof(bytes), fds, &count, 0);
}

/* All writers are gone: none was left open anywhere. */
static void check_abandoned(int reader)
{
    char byte;

    CHECK_INT(read(reader, &byte, 1), 0);
    CHECK_OK(close(reader));
}

/* The same as a message with this room for control data. */
static void receive_message(struct pier_socket *s, struct pier_message *m,
                            size_t room)
{
    static struct pier_buffer piece = { bytes, sizeof(bytes) };
    static max_align_t control[8];

    CHECK(room <= sizeof(control));
    *m = (struct pier_message){ .buffers = &piece,
                                .buffer_count = 1,
                                .control = control,
                                .control_length = room };
    CHECK_INT(pier_recvmsg(s, m, 0), 1);
}

static int descriptor_of(const struct pier_control *it, size_t i)
{
    int fd;

    CHECK(it->level == PIER_SOL_SOCKET && it->type == PIER_SCM_RIGHTS);
    CHECK((i + 1) * sizeof(fd) <= it->length);
    memcpy(&fd, (const char *)it->data + i * sizeof(fd), sizeof(fd));
    return fd;
}

/* ---------------------------------------------------------- they come --- */

static void check_one(int type)
{
    struct pier_socket *ends[2];
    int reader = make_pipe(1);

    open_ends(type, ends);
    send_all(ends[0], 1);
    CHECK_INT(receive(ends[1], 4), 1);
    CHECK_INT(count, 1);
    CHECK_INT(bytes[0], 'x');
    CHECK(fcntl((int)fds[0], F_GETFD) & FD_CLOEXEC);
    CHECK_INT(write((int)fds[0], "abc", 3), 3);
    CHECK_INT(read(reader, bytes, sizeof(bytes)), 3);
    close_all(1);
    check_abandoned(reader);
}

static void a_descriptor_comes_and_works(void **state)
{
    (void)state;
    check_one(PIER_SOCK_STREAM);
    check_one(PIER_SOCK_DGRAM);
    check_one(PIER_SOCK_SEQPACKET);
}

static void as_many_come_as_were_sent(void **state)
{
    struct pier_socket *ends[2];
    int reader = make_pipe(MOST);

    (void)state;
    open_ends(PIER_SOCK_STREAM, ends);
    CHECK_ERR(pier_send_fds(ends[0], "x", 1, fds, TOO_MANY, 0),
              PIER_ETOOMANYREFS);
    send_all(ends[0], MOST);
    CHECK_INT(receive(ends[1], MOST + 1), 1);
    CHECK_INT(count, MOST);
    for (size_t i = 0; i < count; i++)
        CHECK(fcntl((int)fds[i], F_GETFD) & FD_CLOEXEC);
    close_all(MOST);
    check_abandoned(reader);
}

static void a_socket_comes_and_works(void **state)
{
    struct pier_socket *ends[2];
    struct pier_socket *streams[2];
    struct pier_socket *came;

    (void)state;
    open_ends(PIER_SOCK_STREAM, ends);
    open_streams(PIER_AF_INET, streams);
    fds[0] = pier_fileno(streams[1]);
    CHECK_INT(pier_send_fds(ends[0], "x", 1, fds, 1, 0), 1);
    let_go(streams[1]);
    CHECK_INT(receive(ends[1], 1), 1);
    CHECK_OK(pier_adopt(&came, fds[0], -1, -1, -1));
    keep(came);
    CHECK_INT(pier_send(streams[0], "hello", 5, 0), 5);
    check_arrives(came, "hello");
}

static void bytes_without_descriptors_have_none(void **state)
{
    struct pier_socket *ends[2];

    (void)state;
    open_ends(PIER_SOCK_STREAM, ends);
    CHECK_INT(pier_send_fds(ends[0], "abc", 3, NULL, 0, 0), 3);
    CHECK_INT(receive(ends[1], 4), 3);
    CHECK_INT(count, 0);
    CHECK_OK(pier_shutdown(ends[0], PIER_SHUT_WR));
    CHECK_INT(receive(ends[1], 4), 0);
    CHECK_INT(count, 0);
}

/* A stream may join bytes, never descriptors. */
static void descriptors_of_two_messages_are_not_joined(void **state)
{
    struct pier_socket *ends[2];
    int readers[2];

    (void)state;
    open_ends(PIER_SOCK_STREAM, ends);
    for (int i = 0; i < 2; i++) {
        readers[i] = make_pipe(1);
        send_all(ends[0], 1);
    }
    for (int i = 0; i < 2; i++) {
        count = 4;
        CHECK_INT(pier_recv_fds(ends[1], bytes, 8, fds, &count,
                                PIER_MSG_WAITALL | PIER_MSG_DONTWAIT),
                  1);
        CHECK_INT(count, 1);
        close_all(1);
        check_abandoned(readers[i]);
    }
}

static void peeked_descriptors_come_twice(void **state)
{
    struct pier_socket *ends[2];
    int reader = make_pipe(1);

    (void)state;
    open_ends(PIER_SOCK_STREAM, ends);
    send_all(ends[0], 1);
    count = 1;
    CHECK_INT(pier_recv_fds(ends[1], bytes, 8, fds, &count, PIER_MSG_PEEK), 1);
    for (size_t i = 0; i < count; i++)
        CHECK(fcntl((int)fds[i], F_GETFD) & FD_CLOEXEC);
    close_all(count);
    CHECK_INT(receive(ends[1], 1), 1);
    CHECK_INT(count, 1);
    close_all(1);
    check_abandoned(reader);
}

/* ------------------------------------------------- they do not come --- */

static void those_without_room_are_closed(void **state)
{
    struct pier_socket *ends[2];
    unsigned before;

    (void)state;
    open_ends(PIER_SOCK_STREAM, ends);
    before = open_descriptors();
    for (size_t room = 0; room <= 5; room++) {
        int reader = make_pipe(5);

        send_all(ends[0], 5);
        CHECK_INT(receive(ends[1], room), 1);
        CHECK_INT(count, room);
        CHECK_INT(open_descriptors(), before + 1 + room);
        close_all(room);
        check_abandoned(reader);
    }
}

static void a_plain_receive_closes_them(void **state)
{
    struct pier_socket *ends[2];
    int reader = make_pipe(3);

    (void)state;
    open_ends(PIER_SOCK_STREAM, ends);
    send_all(ends[0], 3);
    check_arrives(ends[1], "x");
    check_abandoned(reader);
}

static void what_is_no_descriptor_is_told(void **state)
{
    struct pier_socket *ends[2];
    int reader = make_pipe(1);

    (void)state;
    open_ends(PIER_SOCK_STREAM, ends);
    close_all(1);
    CHECK_ERR(pier_send_fds(ends[0], "x", 1, fds, 1, 0), PIER_EBADF);
    fds[0] = -1;
    CHECK_ERR(pier_send_fds(ends[0], "x", 1, fds, 1, 0), PIER_EBADF);
    check_abandoned(reader);
}

static void a_receive_that_fails_brings_none(void **state)
{
    struct pier_socket *ends[2];
    unsigned before;

    (void)state;
    open_ends(PIER_SOCK_STREAM, ends);
    before = open_descriptors();
    count = 4;
    CHECK_ERR(pier_recv_fds(ends[1], bytes, 8, fds, &count, PIER_MSG_DONTWAIT),
              PIER_EAGAIN);
    CHECK_INT(count, 0);
    CHECK_OK(pier_settimeout(ends[1], 10 * MS));
    CHECK_ERR(receive(ends[1], 4), PIER_EDEADLINE);
    CHECK_INT(count, 0);
    CHECK_INT(open_descriptors(), before);
}

static struct rlimit limit_before;

/* So many more can be opened; the lowest numbers are taken. */
static void leave_room_for(int more)
{
    struct rlimit limit;
    int next = dup(0);

    CHECK(next >= 0);
    CHECK_OK(close(next));
    CHECK_OK(getrlimit(RLIMIT_NOFILE, &limit_before));
    limit = limit_before;
    limit.rlim_cur = (rlim_t)next + (rlim_t)more;
    CHECK_OK(setrlimit(RLIMIT_NOFILE, &limit));
}

static int unlimit(void **state)
{
    if (limit_before.rlim_cur)
        (void)setrlimit(RLIMIT_NOFILE, &limit_before);
    return free_sockets(state);
}

/* Opens what is unused below the highest that is open; how many. */
static size_t fill_gaps(int *filled)
{
    unsigned open = open_descriptors();
    int highest = DESCRIPTORS_END - 1;
    size_t n = 0;

    while (fcntl(highest, F_GETFD) < 0)
        highest--;
    for (; open <= (unsigned)highest; open++)
        filled[n++] = dup(0);
    return n;
}

static void descriptors_beyond_the_limit_are_told(void **state)
{
    static int filled[DESCRIPTORS_END];
    struct pier_socket *ends[2];
    unsigned before;
    size_t gaps;
    int reader = make_pipe(5);

    (void)state;
    open_ends(PIER_SOCK_STREAM, ends);
    send_all(ends[0], 5);
    gaps = fill_gaps(filled);
    before = open_descriptors();
    leave_room_for(2);
    CHECK_ERR(receive(ends[1], 5), PIER_EMFILE);
    CHECK_INT(count, 0);
    CHECK_INT(open_descriptors(), before);
    for (size_t i = 0; i < gaps; i++)
        CHECK_OK(close(filled[i]));
    check_abandoned(reader);
}

/* Those that no longer fit are closed by the system, which says so. */
static void descriptors_beyond_the_limit_leak_nowhere(void **state)
{
    static int filled[DESCRIPTORS_END];
    struct pier_socket *ends[2];
    struct pier_message m;
    struct pier_control it = { 0 };
    unsigned before;
    size_t gaps;
    int reader = make_pipe(5);

    (void)state;
    open_ends(PIER_SOCK_STREAM, ends);
    send_all(ends[0], 5);
    gaps = fill_gaps(filled);
    before = open_descriptors();
    leave_room_for(2);
    receive_message(ends[1], &m, pier_cmsg_space(5 * sizeof(int)));
    CHECK(m.flags & PIER_MSG_CTRUNC);
    CHECK(pier_control_next(&m, &it));
    CHECK_INT(it.length, 2 * sizeof(int));
    CHECK_INT(open_descriptors(), before + 2);
    for (size_t i = 0; i < 2; i++) {
        CHECK(fcntl(descriptor_of(&it, i), F_GETFD) & FD_CLOEXEC);
        CHECK_OK(close(descriptor_of(&it, i)));
    }
    for (size_t i = 0; i < gaps; i++)
        CHECK_OK(close(filled[i]));
    check_abandoned(reader);
}

/* ----------------------------------------------------- control data --- */

/* Room for one and a half. */
static void half_a_descriptor_is_none(void **state)
{
    struct pier_socket *ends[2];
    struct pier_message m;
    struct pier_control it = { 0 };
    int reader;

    (void)state;
    if (!system_shows_what_it_opens())
        skip_because("this system opens descriptors that it does not show");
    reader = make_pipe(3);
    open_ends(PIER_SOCK_STREAM, ends);
    send_all(ends[0], 3);
    receive_message(ends[1], &m, pier_cmsg_len(6));
    CHECK(m.flags & PIER_MSG_CTRUNC);
    CHECK(pier_control_next(&m, &it));
    CHECK_INT(it.length / sizeof(int), 1);
    CHECK_OK(close(descriptor_of(&it, 0)));
    check_abandoned(reader);
}

static void room_too_small_for_a_header_brings_nothing(void **state)
{
    struct pier_socket *ends[2];
    struct pier_message m;
    struct pier_control it = { 0 };
    int reader = make_pipe(3);

    (void)state;
    open_ends(PIER_SOCK_STREAM, ends);
    send_all(ends[0], 3);
    receive_message(ends[1], &m, 1);
    CHECK(m.flags & PIER_MSG_CTRUNC);
    CHECK(!pier_control_next(&m, &it));
    check_abandoned(reader);
}

/* What the kernel puts before them takes no room from them. */
static void credentials_beside_them_take_nothing_from_them(void **state)
{
    struct pier_socket *ends[2];
    int reader = make_pipe(2);

    (void)state;
    if (!PIER_HAVE_SO_PASSCRED)
        skip_because("this system has no SO_PASSCRED");
    open_ends(PIER_SOCK_STREAM, ends);
    CHECK_OK(
        pier_setsockopt_int(ends[1], PIER_SOL_SOCKET, PIER_SO_PASSCRED, 1));
    send_all(ends[0], 2);
    CHECK_INT(receive(ends[1], 2), 1);
    CHECK_INT(count, 2);
    close_all(2);
    check_abandoned(reader);
}

/* --------------------------------------------------------- processes --- */

static int check_not_inherited(const char *number)
{
    return fcntl((int)strtol(number, NULL, 10), F_GETFD) < 0 ? 0 : 1;
}

static void check_starts_without(int fd)
{
    char number[16];
    const char *arguments[] = { "inherits", number, NULL };

    (void)snprintf(number, sizeof(number), "%d", fd);
    CHECK_INT(process_join(process_start(arguments)), 0);
}

static void what_came_is_not_inherited(void **state)
{
    struct pier_socket *ends[2];
    struct pier_message m;
    struct pier_control it = { 0 };
    int reader = make_pipe(1);

    (void)state;
    open_ends(PIER_SOCK_STREAM, ends);
    send_all(ends[0], 1);
    CHECK_INT(receive(ends[1], 1), 1);
    check_starts_without((int)fds[0]);
    send_all(ends[0], 1);
    receive_message(ends[1], &m, pier_cmsg_space(sizeof(int)));
    CHECK(pier_control_next(&m, &it));
    check_starts_without(descriptor_of(&it, 0));
    CHECK_OK(close(descriptor_of(&it, 0)));
    check_abandoned(reader);
}

static void serve(struct pier_socket *s)
{
    count = 1;
    _exit(pier_recv_fds(s, bytes, 8, fds, &count, 0) == 1 && count == 1 &&
                  write((int)fds[0], "child", 5) == 5
              ? 0
              : 1);
}

static void descriptors_reach_another_process(void **state)
{
    struct pier_socket *ends[2];
    int reader = make_pipe(1);
    int status;
    pid_t child;

    (void)state;
    open_ends(PIER_SOCK_STREAM, ends);
    child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        (void)close((int)fds[0]);
        serve(ends[1]);
    }
    send_all(ends[0], 1);
    CHECK_INT(waitpid(child, &status, 0), child);
    CHECK_INT(status, 0);
    CHECK_INT(read(reader, bytes, sizeof(bytes)), 5);
    CHECK(memcmp(bytes, "child", 5) == 0);
    check_abandoned(reader);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        NET_TEST(a_descriptor_comes_and_works),
        NET_TEST(as_many_come_as_were_sent),
        NET_TEST(a_socket_comes_and_works),
        NET_TEST(bytes_without_descriptors_have_none),
        NET_TEST(descriptors_of_two_messages_are_not_joined),
        NET_TEST(peeked_descriptors_come_twice),
        NET_TEST(those_without_room_are_closed),
        NET_TEST(a_plain_receive_closes_them),
        NET_TEST(what_is_no_descriptor_is_told),
        NET_TEST(a_receive_that_fails_brings_none),
        cmocka_unit_test_teardown(descriptors_beyond_the_limit_are_told,
                                  unlimit),
        cmocka_unit_test_teardown(descriptors_beyond_the_limit_leak_nowhere,
                                  unlimit),
        NET_TEST(half_a_descriptor_is_none),
        NET_TEST(room_too_small_for_a_header_brings_nothing),
        NET_TEST(credentials_beside_them_take_nothing_from_them),
        NET_TEST(what_came_is_not_inherited),
        NET_TEST(descriptors_reach_another_process),
    };

    if (argc == 3 && strcmp(argv[1], "inherits") == 0)
        return check_not_inherited(argv[2]);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
