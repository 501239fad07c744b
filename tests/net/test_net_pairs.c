/* SPDX-License-Identifier: MIT */
/* Socket pairs, those of the system and those made of two sockets, and
 * AF_UNIX by path. */
#include "net.h"
#include "thread.h"

#include <stdatomic.h>
#include <string.h>

static void check_pair(int family, int type)
{
    struct pier_socket *ends[2];
    char byte = 0;

    open_pair(family, type, ends);
    for (int i = 0; i < 2; i++) {
        bool inheritable = true;

        CHECK_INT(pier_send(ends[i], "p", 1, 0), 1);
        CHECK_INT(pier_recv(ends[1 - i], &byte, 1, 0), 1);
        CHECK_INT(byte, 'p');
        CHECK_INT(pier_type(ends[i]), type);
        CHECK_OK(pier_get_inheritable(ends[i], &inheritable));
        CHECK(!inheritable);
        CHECK_INT(pier_gettimeout(ends[i]), PIER_FOREVER);
    }
}

static void the_unspecified_family_gives_a_pair_on_every_system(void **state)
{
    (void)state;
    check_pair(PIER_AF_UNSPEC, PIER_SOCK_STREAM);
    check_pair(PIER_AF_UNSPEC, PIER_SOCK_DGRAM);
}

static void ipv4_pairs_work(void **state)
{
    (void)state;
    check_pair(PIER_AF_INET, PIER_SOCK_STREAM);
    check_pair(PIER_AF_INET, PIER_SOCK_DGRAM);
}

static void ipv6_pairs_work(void **state)
{
    (void)state;
    if (!has_ipv6())
        skip_because("no IPv6 loopback");
    check_pair(PIER_AF_INET6, PIER_SOCK_STREAM);
    check_pair(PIER_AF_INET6, PIER_SOCK_DGRAM);
}

static void unix_pairs_work(void **state)
{
    (void)state;
    if (!has_unix())
        skip_because("no AF_UNIX");
    check_pair(PIER_AF_UNIX, PIER_SOCK_STREAM);
    check_pair(PIER_AF_UNIX, PIER_SOCK_DGRAM);
}

static void an_emulated_stream_pair_ends_like_a_connection(void **state)
{
    struct pier_socket *ends[2];
    char byte;

    (void)state;
    open_pair(PIER_AF_INET, PIER_SOCK_STREAM, ends);
    CHECK_OK(pier_close(ends[0]));
    CHECK_INT(pier_recv(ends[1], &byte, 1, 0), 0);
}

static void there_is_no_pair_of_an_unknown_kind(void **state)
{
    struct pier_socket *ends[2] = { NULL, NULL };

    (void)state;
    CHECK(pier_socketpair(ends, PIER_AF_INET, 77, 0) < 0);
    CHECK(ends[0] == NULL && ends[1] == NULL);
    CHECK(pier_socketpair(ends, 99, PIER_SOCK_STREAM, 0) < 0);
    CHECK_ERR(pier_socketpair(NULL, PIER_AF_INET, PIER_SOCK_STREAM, 0),
              PIER_EINVAL);
}

enum {
    PAIRS = 40,
    PORTS_AHEAD = 24
};

/* Ports are handed out near each other on some systems and at random on
 * others; the stranger tries both where pairs were and what comes next. */
struct stranger {
    _Atomic int port;
    _Atomic bool done;
};

static void knock(int port)
{
    struct pier_address where = loopback(PIER_AF_INET, port);
    struct pier_socket *s = NULL;

    if (pier_open(&s, PIER_AF_INET, PIER_SOCK_STREAM, 0) == PIER_OK &&
        pier_settimeout(s, 2 * MS) == PIER_OK &&
        pier_connect(s, &where) == PIER_OK)
        (void)(pier_send(s, "stranger", 8, 0) == 8);
    pier_free(s);
}

static void shout(int port)
{
    struct pier_address where = loopback(PIER_AF_INET, port);
    struct pier_socket *s = NULL;

    if (pier_open(&s, PIER_AF_INET, PIER_SOCK_DGRAM, 0) == PIER_OK)
        (void)(pier_sendto(s, "stranger", 8, 0, &where) == 8);
    pier_free(s);
}

static void intrude(void *argument)
{
    struct stranger *stranger = argument;

    for (int i = 0; !atomic_load(&stranger->done); i++) {
        int port = atomic_load(&stranger->port) + i % PORTS_AHEAD;

        if (port <= 0 || port > 65535)
            continue;
        knock(port);
        shout(port);
    }
}

static void check_own(struct pier_socket *ends[2])
{
    char buffer[16];

    CHECK_OK(pier_settimeout(ends[1], 10 * SECOND));
    CHECK_INT(pier_send(ends[0], "own", 3, 0), 3);
    CHECK_INT(pier_recv(ends[1], buffer, sizeof(buffer), 0), 3);
    CHECK(memcmp(buffer, "own", 3) == 0);
    CHECK_ERR(pier_recv(ends[1], buffer, 1, PIER_MSG_DONTWAIT), PIER_EAGAIN);
}

static void make_pairs_beside(struct stranger *stranger, int type)
{
    for (int i = 0; i < PAIRS; i++) {
        struct pier_socket *ends[2];
        struct pier_address name;
        int64_t begin = pier_monotonic();

        CHECK_OK(pier_socketpair(ends, PIER_AF_INET, type, 0));
        CHECK(pier_monotonic() - begin < SOON);
        name = name_of(ends[0]);
        atomic_store(&stranger->port, pier_address_port(&name));
        check_own(ends);
        pier_free(ends[0]);
        pier_free(ends[1]);
    }
}

static void a_stranger_neither_joins_nor_delays_a_pair(void **state)
{
    struct stranger stranger = { 0 };
    struct test_thread *thread = thread_start(intrude, &stranger);

    (void)state;
    make_pairs_beside(&stranger, PIER_SOCK_STREAM);
    make_pairs_beside(&stranger, PIER_SOCK_DGRAM);
    atomic_store(&stranger.done, true);
    thread_join(thread);
}

static void a_path_connects_two_streams(void **state)
{
    struct pier_socket *ends[2];
    struct pier_address peer;
    char text[200];

    (void)state;
    if (!has_unix())
        skip_because("no AF_UNIX");
    open_streams(PIER_AF_UNIX, ends);
    CHECK_OK(pier_sendall(ends[0], "by path", 7, 0, NULL));
    check_arrives(ends[1], "by path");
    CHECK_OK(pier_getpeername(ends[0], &peer));
    CHECK_OK(pier_address_format(&peer, text, sizeof(text)));
    CHECK(strncmp(text, "unix:net-", 9) == 0);
}

static void a_path_names_the_sender_of_a_datagram(void **state)
{
    struct pier_socket *ends[2];
    struct pier_address to;
    struct pier_address from;
    struct pier_address mine;
    char byte;

    (void)state;
    if (!has_unix())
        skip_because("no AF_UNIX");
    open_datagrams(PIER_AF_UNIX, ends);
    to = name_of(ends[1]);
    mine = name_of(ends[0]);
    CHECK_INT(pier_sendto(ends[0], "d", 1, 0, &to), 1);
    CHECK_INT(pier_recvfrom(ends[1], &byte, 1, 0, &from), 1);
    CHECK(pier_address_equal(&from, &mine));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        NET_TEST(the_unspecified_family_gives_a_pair_on_every_system),
        NET_TEST(ipv4_pairs_work),
        NET_TEST(ipv6_pairs_work),
        NET_TEST(unix_pairs_work),
        NET_TEST(an_emulated_stream_pair_ends_like_a_connection),
        NET_TEST(there_is_no_pair_of_an_unknown_kind),
        NET_TEST(a_stranger_neither_joins_nor_delays_a_pair),
        NET_TEST(a_path_connects_two_streams),
        NET_TEST(a_path_names_the_sender_of_a_datagram),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
