/* SPDX-License-Identifier: MIT */
/* The life of a socket object, its facts and options. */
#include "unit.h"

#include <pier/error.h>
#include <pier/hooks.h>
#include <string.h>

static char buffer[64];

static void a_new_socket_knows_what_it_is(void **state)
{
    struct pier_socket *s;

    (void)state;
    CHECK_OK(pier_open(&s, PIER_AF_INET6, PIER_SOCK_DGRAM, PIER_IPPROTO_UDP));
    CHECK_INT(pier_family(s), PIER_AF_INET6);
    CHECK_INT(pier_type(s), PIER_SOCK_DGRAM);
    CHECK_INT(pier_protocol(s), PIER_IPPROTO_UDP);
    CHECK(fake_is_open(pier_fileno(s)));
    CHECK(pier_gettimeout(s) < 0);
    pier_free(s);
}

/* Where the system has such flags they mean what they say. */
static void flags_in_the_type_are_no_type(void **state)
{
    const int nonblock = PIER_HAVE_SOCK_NONBLOCK ? PIER_SOCK_NONBLOCK : 0;
    const int cloexec = PIER_HAVE_SOCK_CLOEXEC ? PIER_SOCK_CLOEXEC : 0;
    struct pier_socket *s, *pair[2];

    (void)state;
    CHECK_OK(
        pier_open(&s, PIER_AF_INET, PIER_SOCK_STREAM | nonblock | cloexec, 0));
    CHECK_INT(pier_type(s), PIER_SOCK_STREAM);
    CHECK(pier_getblocking(s) == (nonblock == 0));
    pier_free(s);
    CHECK_OK(
        pier_socketpair(pair, PIER_AF_UNIX, PIER_SOCK_STREAM | nonblock, 0));
    CHECK_INT(pier_type(pair[1]), PIER_SOCK_STREAM);
    CHECK(pier_getblocking(pair[1]) == (nonblock == 0));
    pier_free(pair[0]);
    pier_free(pair[1]);
}

static void hooks_cannot_be_set_once_there_is_a_socket(void **state)
{
    struct pier_socket *s = open_tcp();
    const struct pier_hooks hooks = { .size = sizeof(hooks) };

    (void)state;
    CHECK_ERR(pier_set_hooks(&hooks), PIER_EBUSY);
    pier_free(s);
}

static void a_socket_of_no_known_family_is_not_made(void **state)
{
    struct pier_socket *s = NULL;

    (void)state;
    CHECK_ERR(pier_open(&s, 12345, PIER_SOCK_STREAM, 0), PIER_EAFNOSUPPORT);
    CHECK(s == NULL);
    CHECK_ERR(pier_open(&s, -0x40000000, PIER_SOCK_STREAM, 0),
              PIER_EAFNOSUPPORT);
    CHECK_ERR(pier_open(NULL, PIER_AF_INET, PIER_SOCK_STREAM, 0), PIER_EINVAL);
    CHECK_INT(fake_allocations(), 0);
}

static void without_memory_no_handle_is_made(void **state)
{
    struct pier_socket *s = NULL;

    (void)state;
    fake_fail_alloc(1);
    CHECK_ERR(pier_open(&s, PIER_AF_INET, PIER_SOCK_STREAM, 0), PIER_ENOMEM);
    CHECK(s == NULL);
    CHECK_INT(fake_calls_of(FAKE_OPEN), 0);
}

static void an_unbound_socket_has_the_wildcard(void **state)
{
    struct pier_socket *s = open_tcp();
    struct pier_address name = name_of(s), any, peer = fake_inet(1, 1);

    (void)state;
    CHECK_OK(pier_address_inet(&any, NULL, 0));
    CHECK(pier_address_equal(&name, &any));
    CHECK_ERR(pier_getpeername(s, &peer), PIER_ENOTCONN);
    CHECK_ERR(pier_getsockname(s, NULL), PIER_EINVAL);
    CHECK_ERR(pier_getpeername(s, NULL), PIER_EINVAL);
    pier_free(s);
}

static void a_pair_talks_both_ways(void **state)
{
    struct pier_socket *pair[2];

    (void)state;
    CHECK_OK(pier_socketpair(pair, PIER_AF_UNSPEC, PIER_SOCK_STREAM, 0));
    for (int i = 0; i < 2; i++) {
        CHECK_OK(pier_sendall(pair[i], "hello", 5, 0, NULL));
        CHECK_INT(pier_recv(pair[1 - i], buffer, 8, 0), 5);
    }
    pier_free(pair[0]);
    pier_free(pair[1]);
}

static void a_pair_over_the_network_talks_both_ways(void **state)
{
    const int families[] = { PIER_AF_INET, PIER_AF_INET6 };
    const int types[] = { PIER_SOCK_STREAM, PIER_SOCK_DGRAM };

    (void)state;
    for (int i = 0; i < 4; i++) {
        struct pier_socket *pair[2];

        CHECK_OK(pier_socketpair(pair, families[i / 2], types[i % 2], 0));
        CHECK_INT(pier_send(pair[0], "hello", 5, 0), 5);
        CHECK_INT(pier_recv(pair[1], buffer, 8, 0), 5);
        CHECK_INT(pier_send(pair[1], "hi", 2, 0), 2);
        CHECK_INT(pier_recv(pair[0], buffer, 8, 0), 2);
        CHECK_INT(fake_handles(), 2);
        pier_free(pair[0]);
        pier_free(pair[1]);
    }
}

static unsigned bound, reachable;

static void look_at(pier_handle h)
{
    struct pier_address name;

    if (!fake_is_open(h) || pierp_getsockname(h, &name) ||
        pier_address_port(&name) == 0)
        return;
    bound++;
    reachable += !pier_address_is_loopback(&name);
}

/* Of the handles that came after this one. */
static void look_who_is_bound(void *before)
{
    for (pier_handle next = 4; next < 24; next += 4)
        look_at(*(pier_handle *)before + next);
}

/* A listener that the network can reach makes a firewall ask the user. */
static void a_pair_is_bound_to_the_loopback_at_every_moment(void **state)
{
    const int types[] = { PIER_SOCK_STREAM, PIER_SOCK_DGRAM };

    (void)state;
    bound = 0;
    reachable = 0;
    for (unsigned n = 2; n < 60; n++) {
        struct pier_socket *pair[2];
        pier_handle before;

        CHECK_OK(pierp_open(&before, PIER_AF_INET, PIER_SOCK_DGRAM, 0));
        CHECK_OK(pierp_close(before));
        fake_at_call(n / 2, look_who_is_bound, &before);
        CHECK_OK(pier_socketpair(pair, PIER_AF_INET, types[n % 2], 0));
        fake_at_call(0, do_nothing, NULL);
        fake_join();
        pier_free(pair[0]);
        pier_free(pair[1]);
        fake_reset();
    }
    CHECK(bound > 20);
    CHECK_INT(reachable, 0);
}

/* A stranger is quicker than the pair's own connection. */
static void connect_as_stranger(void *argument)
{
    struct pier_address to;
    pier_handle h;

    for (unsigned port = 49152; port < 49160; port++) {
        to = fake_loopback(port);
        if (pierp_open(&h, PIER_AF_INET, PIER_SOCK_STREAM, 0))
            return;
        /* One that waits for room in the queue is met later. */
        if (pierp_connect(h, &to) == PIER_EINPROGRESS &&
            pierp_connect_result(h) != PIER_ECONNREFUSED) {
            *(pier_handle *)argument = h;
            return;
        }
        (void)pierp_close(h);
    }
}

static void a_pair_takes_no_stranger(void **state)
{
    unsigned met = 0;

    (void)state;
    for (unsigned n = 1; n <= 30; n++) {
        pier_handle stranger = PIER_INVALID_HANDLE;
        struct pier_socket *pair[2];

        fake_at_call(n, connect_as_stranger, &stranger);
        CHECK_OK(pier_socketpair(pair, PIER_AF_INET, PIER_SOCK_STREAM, 0));
        fake_at_call(0, do_nothing, NULL);
        fake_join();
        CHECK_INT(pier_send(pair[0], "x", 1, 0), 1);
        CHECK_INT(pier_recv(pair[1], buffer, 8, 0), 1);
        if (stranger != PIER_INVALID_HANDLE) {
            met++;
            CHECK_OK(pierp_close(stranger));
        }
        pier_free(pair[0]);
        pier_free(pair[1]);
        fake_reset();
    }
    CHECK(met > 0);
}

/* Ever more strangers: the pair fails, it does not hang. */
static pier_handle strangers[400];
static unsigned stranger_count;

static void keep_connecting(void *unused)
{
    unsigned more = stranger_count ? 1 : 12;

    for (unsigned i = 0; i < more && stranger_count < 400; i++) {
        strangers[stranger_count] = PIER_INVALID_HANDLE;
        connect_as_stranger(&strangers[stranger_count++]);
    }
    fake_at_call(1, keep_connecting, unused);
}

static void a_flood_of_strangers_makes_the_pair_fail(void **state)
{
    struct pier_socket *pair[2];

    (void)state;
    stranger_count = 0;
    fake_clock_ticks(SECOND);
    fake_at_call(9, keep_connecting, NULL);
    CHECK_ERR(pier_socketpair(pair, PIER_AF_INET, PIER_SOCK_STREAM, 0),
              PIER_EDEADLINE);
    CHECK(pair[0] == NULL && pair[1] == NULL);
    fake_at_call(0, do_nothing, NULL);
    fake_join();
    CHECK(stranger_count < 400);
    for (unsigned i = 0; i < stranger_count; i++) {
        if (strangers[i] != PIER_INVALID_HANDLE)
            CHECK_OK(pierp_close(strangers[i]));
    }
}

static void send_as_stranger(void *argument)
{
    pier_handle h;

    if (pierp_open(&h, PIER_AF_INET, PIER_SOCK_DGRAM, 0))
        return;
    for (unsigned port = 49152; port < 49160; port++) {
        struct pier_address to = fake_loopback(port);

        if (pierp_sendto(h, "evil", 4, 0, &to) == 4)
            ++*(unsigned *)argument;
    }
    (void)pierp_close(h);
}

static void a_pair_of_datagrams_hears_no_stranger(void **state)
{
    (void)state;
    for (unsigned n = 1; n <= 30; n++) {
        struct pier_socket *pair[2];
        unsigned sent = 0;

        fake_at_call(n, send_as_stranger, &sent);
        CHECK_OK(pier_socketpair(pair, PIER_AF_INET, PIER_SOCK_DGRAM, 0));
        fake_at_call(0, do_nothing, NULL);
        fake_join();
        for (int i = 0; i < 2; i++) {
            CHECK_ERR(pier_recv(pair[i], buffer, 8, PIER_MSG_DONTWAIT),
                      PIER_EAGAIN);
        }
        pier_free(pair[0]);
        pier_free(pair[1]);
        fake_reset();
    }
}

static void a_failing_pair_leaves_nothing(void **state)
{
    pier_err err;
    unsigned n = 0;

    (void)state;
    do {
        struct pier_socket *pair[2];

        fake_fail_call(++n, PIER_ENOBUFS);
        err = pier_socketpair(pair, PIER_AF_INET, PIER_SOCK_STREAM, 0);
        if (err) {
            CHECK(pair[0] == NULL && pair[1] == NULL);
        } else {
            pier_free(pair[0]);
            pier_free(pair[1]);
        }
        if (fake_failures() == 0)
            break;
        fake_reset();
    } while (n < 100);
    CHECK(n > 10 && n < 100);
}

static void an_adopted_handle_is_found_out_and_closed(void **state)
{
    struct pier_socket *s;
    pier_handle h =
        fake_foreign(PIER_AF_INET, PIER_SOCK_DGRAM, PIER_IPPROTO_UDP);

    (void)state;
    CHECK_OK(pier_adopt(&s, h, -1, -1, -1));
    CHECK_INT(pier_fileno(s), h);
    CHECK_INT(pier_family(s), PIER_AF_INET);
    CHECK_INT(pier_type(s), PIER_SOCK_DGRAM);
    CHECK_INT(pier_protocol(s), PIER_IPPROTO_UDP);
    CHECK(fake_is_nonblocking(h));
    pier_free(s);
    CHECK(!fake_is_open(h));
}

static void what_is_no_socket_stays_the_callers(void **state)
{
    struct pier_socket *s;
    pier_handle h = fake_foreign(0, FAKE_NO_SOCKET, 0);

    (void)state;
    CHECK_ERR(pier_adopt(&s, h, -1, -1, -1), PIER_ENOTSOCK);
    CHECK(s == NULL);
    CHECK(fake_is_open(h));
    CHECK_OK(pierp_close(h));
    CHECK_ERR(pier_adopt(&s, PIER_INVALID_HANDLE, -1, -1, -1), PIER_EBADF);
    CHECK_ERR(pier_adopt(NULL, h, -1, -1, -1), PIER_EINVAL);
}

static void a_detached_handle_is_the_callers_again(void **state)
{
    struct pier_socket *s = open_connected();
    pier_handle h = pier_fileno(s);

    (void)state;
    CHECK_INT(pier_detach(s), h);
    CHECK(fake_is_open(h));
    CHECK(!fake_is_nonblocking(h));
    CHECK_ERR(pier_recv(s, buffer, 8, 0), PIER_EBADF);
    CHECK_INT(pier_detach(s), PIER_INVALID_HANDLE);
    pier_free(s);
    CHECK(fake_is_open(h));
    CHECK_OK(pierp_close(h));
}

static void a_detached_handle_with_a_timeout_stays_non_blocking(void **state)
{
    struct pier_socket *s = open_connected();
    pier_handle h;

    (void)state;
    CHECK_OK(pier_settimeout(s, SECOND));
    h = pier_detach(s);
    CHECK(fake_is_nonblocking(h));
    pier_free(s);
    CHECK_OK(pierp_close(h));
}

struct reader {
    struct pier_socket *socket;
    ptrdiff_t result;
};

static void read_it(void *argument)
{
    struct reader *r = argument;
    char byte;

    r->result = pier_recv(r->socket, &byte, 1, 0);
}

static void detaching_ends_calls_that_wait(void **state)
{
    struct pier_socket *s = open_connected();
    struct reader r = { s, 0 };
    pier_handle h;

    (void)state;
    fake_thread_start(read_it, &r);
    fake_settle();
    h = pier_detach(s);
    CHECK(fake_is_open(h));
    fake_join();
    CHECK_ERR(r.result, PIER_EBADF);
    CHECK(fake_is_open(h));
    pier_free(s);
    CHECK_OK(pierp_close(h));
}

static void a_duplicate_is_the_same_connection(void **state)
{
    struct pier_socket *s = open_connected(), *again;
    size_t length;

    (void)state;
    CHECK_OK(pier_settimeout(s, 30 * MS));
    CHECK_OK(pier_dup(&again, s));
    CHECK(pier_fileno(again) != pier_fileno(s));
    CHECK_INT(pier_gettimeout(again), 30 * MS);
    pier_free(s);
    CHECK_INT(pier_send(again, "abc", 3, 0), 3);
    (void)fake_sent(pier_fileno(again), &length);
    CHECK(length == 3);
    CHECK_ERR(pier_dup(NULL, again), PIER_EINVAL);
    pier_free(again);
}

static void fromfd_leaves_the_handle_to_the_caller(void **state)
{
    struct pier_socket *s;
    pier_handle h = fake_connected();

    (void)state;
    CHECK_OK(pier_fromfd(&s, h, -1, -1, -1));
    CHECK(pier_fileno(s) != h);
    pier_free(s);
    CHECK(fake_is_open(h));
    CHECK_OK(pierp_close(h));
}

static void a_new_handle_is_not_inherited_until_asked(void **state)
{
    struct pier_socket *s = open_tcp();
    bool on = true;

    (void)state;
    CHECK_OK(pier_get_inheritable(s, &on));
    CHECK(!on);
    CHECK_OK(pier_set_inheritable(s, true));
    CHECK_OK(pier_get_inheritable(s, &on));
    CHECK(on);
    CHECK_ERR(pier_get_inheritable(s, NULL), PIER_EINVAL);
    pier_free(s);
}

static void options_go_through_as_they_are(void **state)
{
    struct pier_socket *s = open_tcp();
    const unsigned char five[5] = { 1, 2, 3, 4, 5 };
    unsigned char found[8] = { 0 };
    size_t length = sizeof(found);
    int value = 7;

    (void)state;
    CHECK_OK(pier_setsockopt(s, 11, 22, five, 5));
    CHECK_OK(pier_getsockopt(s, 11, 22, found, &length));
    CHECK(length == 5 && memcmp(found, five, 5) == 0);
    CHECK_OK(pier_setsockopt_int(s, 1, 2, 42));
    CHECK_OK(pier_getsockopt_int(s, 1, 2, &value));
    CHECK_INT(value, 42);
    fake_fail(FAKE_GETSOCKOPT, 1, PIER_ENOPROTOOPT);
    CHECK_ERR(pier_getsockopt_int(s, 1, 2, &value), PIER_ENOPROTOOPT);
    CHECK_INT(value, 42);
    CHECK_ERR(pier_getsockopt_int(s, 1, 2, NULL), PIER_EINVAL);
    CHECK_ERR(pier_getsockopt(s, 1, 2, NULL, &length), PIER_EINVAL);
    CHECK_ERR(pier_getsockopt(s, 1, 2, found, NULL), PIER_EINVAL);
    pier_free(s);
}

static void an_absent_option_never_reaches_the_system(void **state)
{
    struct pier_socket *s = open_tcp();
    int value;

    (void)state;
    fake_clear_calls();
    CHECK_ERR(pier_setsockopt_int(s, -0x40000001, 2, 1), PIER_ENOPROTOOPT);
    CHECK_ERR(pier_setsockopt_int(s, 1, -0x40000001, 1), PIER_ENOPROTOOPT);
    CHECK_ERR(pier_getsockopt_int(s, 1, -0x40000001, &value),
              PIER_ENOPROTOOPT);
    CHECK_INT(fake_system_calls(), 0);
    pier_free(s);
}

static void binding_twice_to_a_port_fails(void **state)
{
    struct pier_address here = fake_loopback(4000), none = { 0 };
    struct pier_socket *a = open_tcp(), *b = open_tcp();
    struct pier_detail detail;

    (void)state;
    CHECK_OK(pier_bind(a, &here));
    CHECK_ERR(pier_bind(b, &here), PIER_EADDRINUSE);
    pier_error_detail(&detail);
    assert_string_equal(detail.operation, "bind");
    CHECK(fake_same_address(&detail.address, &here));
    CHECK_ERR(pier_bind(b, NULL), PIER_EINVAL);
    CHECK_ERR(pier_bind(b, &none), PIER_EINVAL);
    pier_free(a);
    pier_free(b);
}

static void nothing_at_all_has_no_facts(void **state)
{
    (void)state;
    CHECK_INT(pier_fileno(NULL), PIER_INVALID_HANDLE);
    CHECK_INT(pier_family(NULL), PIER_AF_UNSPEC);
    CHECK_INT(pier_type(NULL), 0);
    CHECK_INT(pier_protocol(NULL), 0);
    CHECK(pier_gettimeout(NULL) < 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_FAKE(a_new_socket_knows_what_it_is),
        ON_FAKE(flags_in_the_type_are_no_type),
        ON_FAKE(hooks_cannot_be_set_once_there_is_a_socket),
        ON_FAKE(a_socket_of_no_known_family_is_not_made),
        ON_FAKE(without_memory_no_handle_is_made),
        ON_FAKE(an_unbound_socket_has_the_wildcard),
        ON_FAKE(a_pair_talks_both_ways),
        ON_FAKE(a_pair_over_the_network_talks_both_ways),
        ON_FAKE(a_pair_is_bound_to_the_loopback_at_every_moment),
        ON_FAKE(a_pair_takes_no_stranger),
        ON_FAKE(a_flood_of_strangers_makes_the_pair_fail),
        ON_FAKE(a_pair_of_datagrams_hears_no_stranger),
        ON_FAKE(a_failing_pair_leaves_nothing),
        ON_FAKE(an_adopted_handle_is_found_out_and_closed),
        ON_FAKE(what_is_no_socket_stays_the_callers),
        ON_FAKE(a_detached_handle_is_the_callers_again),
        ON_FAKE(a_detached_handle_with_a_timeout_stays_non_blocking),
        ON_FAKE(detaching_ends_calls_that_wait),
        ON_FAKE(a_duplicate_is_the_same_connection),
        ON_FAKE(fromfd_leaves_the_handle_to_the_caller),
        ON_FAKE(a_new_handle_is_not_inherited_until_asked),
        ON_FAKE(options_go_through_as_they_are),
        ON_FAKE(an_absent_option_never_reaches_the_system),
        ON_FAKE(binding_twice_to_a_port_fails),
        ON_FAKE(nothing_at_all_has_no_facts),
    };

    return cmocka_run_group_tests_name("socket", tests, NULL, NULL);
}
