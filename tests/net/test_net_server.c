/* SPDX-License-Identifier: MIT */
/* Servers: sharing, exclusiveness and both versions of IP alike everywhere. */
#include "net.h"

#include <stdio.h>
#include <string.h>

static struct pier_socket *
open_server(const struct pier_address *a,
            const struct pier_server_options *options)
{
    struct pier_socket *s;

    CHECK_OK(pier_create_server(&s, a, options));
    return keep(s);
}

static pier_err try_server(const struct pier_address *a,
                           const struct pier_server_options *options)
{
    struct pier_socket *s;
    pier_err err = pier_create_server(&s, a, options);

    CHECK((s == NULL) == (err != PIER_OK));
    pier_free(s);
    return err;
}

static pier_err try_connect(const struct pier_address *a)
{
    struct pier_socket *s;
    pier_err err = pier_open(&s, pier_address_family(a), PIER_SOCK_STREAM, 0);

    CHECK_OK(err);
    err = pier_connect(s, a);
    pier_free(s);
    return err;
}

static void a_server_accepts(void **state)
{
    struct pier_address a = loopback(PIER_AF_INET, ANY_PORT);
    struct pier_socket *server = open_server(&a, NULL);
    struct pier_socket *client = open_socket(PIER_AF_INET, PIER_SOCK_STREAM);
    struct pier_address where = name_of(server);

    (void)state;
    CHECK_OK(pier_connect(client, &where));
    CHECK_OK(pier_sendall(client, "hi", 2, 0, NULL));
    check_arrives(accept_one(server), "hi");
}

static void a_taken_port_is_an_error_on_every_system(void **state)
{
    struct pier_address a = loopback(PIER_AF_INET, ANY_PORT);
    struct pier_socket *server = open_server(&a, NULL);

    (void)state;
    a = name_of(server);
    CHECK_ERR(try_server(&a, NULL), PIER_EADDRINUSE);
    CHECK_ERR(try_server(&a, NULL), PIER_EADDRINUSE);
}

/* The server's side closes first and keeps the connection in TIME_WAIT. */
static void a_server_can_come_back_at_once(void **state)
{
    struct pier_address a = loopback(PIER_AF_INET, ANY_PORT);
    struct pier_socket *server = open_server(&a, NULL);
    struct pier_socket *client = open_socket(PIER_AF_INET, PIER_SOCK_STREAM);
    struct pier_socket *accepted;
    char byte;

    (void)state;
    a = name_of(server);
    CHECK_OK(pier_connect(client, &a));
    accepted = accept_one(server);
    CHECK_OK(pier_close_wait(accepted, SOON));
    CHECK_INT(pier_recv(client, &byte, 1, 0), 0);
    CHECK_OK(pier_close_wait(client, SOON));
    CHECK_OK(pier_close_wait(server, SOON));
    open_server(&a, NULL);
}

static struct pier_address with_port_of(struct pier_socket *s, int family)
{
    struct pier_address name = name_of(s);

    return loopback(family, pier_address_port(&name));
}

static void an_ipv6_server_takes_ipv6_only(void **state)
{
    struct pier_address a;
    struct pier_socket *server;

    (void)state;
    if (!has_ipv6())
        skip_because("no IPv6 loopback");
    CHECK_OK(pier_address_inet6(&a, NULL, ANY_PORT, 0, 0));
    server = open_server(&a, NULL);
    a = with_port_of(server, PIER_AF_INET6);
    CHECK_OK(try_connect(&a));
    a = with_port_of(server, PIER_AF_INET);
    CHECK_ERR(try_connect(&a), PIER_ECONNREFUSED);
}

static void a_dualstack_server_takes_both(void **state)
{
    struct pier_server_options options = PIER_SERVER_OPTIONS_INIT;
    struct pier_address a;
    struct pier_socket *server;

    (void)state;
    if (!pier_has_dualstack_ipv6())
        skip_because("no dual-stack IPv6");
    options.dualstack = true;
    CHECK_OK(pier_address_inet6(&a, NULL, ANY_PORT, 0, 0));
    server = open_server(&a, &options);
    a = with_port_of(server, PIER_AF_INET6);
    CHECK_OK(try_connect(&a));
    a = with_port_of(server, PIER_AF_INET);
    CHECK_OK(try_connect(&a));
    CHECK_ERR(try_server(&a, &options), PIER_EINVAL);
}

/* No system makes an IPv4 address of it: the family is the socket's. */
static void a_dualstack_server_has_mapped_peers(void **state)
{
    struct pier_server_options options = PIER_SERVER_OPTIONS_INIT;
    struct pier_socket *client, *server, *accepted;
    struct pier_address a, here, peer;
    char text[64];

    (void)state;
    if (!pier_has_dualstack_ipv6())
        skip_because("no dual-stack IPv6");
    options.dualstack = true;
    CHECK_OK(pier_address_inet6(&a, NULL, ANY_PORT, 0, 0));
    server = open_server(&a, &options);
    client = open_socket(PIER_AF_INET, PIER_SOCK_STREAM);
    a = with_port_of(server, PIER_AF_INET);
    CHECK_OK(pier_connect(client, &a));
    CHECK_OK(pier_accept(&accepted, server, &peer));
    keep(accepted);
    here = name_of(client);
    CHECK_INT(pier_address_family(&peer), PIER_AF_INET6);
    CHECK_INT(pier_address_port(&peer), pier_address_port(&here));
    CHECK_OK(pier_address_host(&peer, text, sizeof(text)));
    assert_string_equal(text, "::ffff:127.0.0.1");
    CHECK(pier_address_is_loopback(&peer));
    CHECK(!pier_address_equal(&peer, &here));
    a = name_of(accepted);
    CHECK_INT(pier_address_family(&a), PIER_AF_INET6);
}

static void check_dead(struct pier_socket *s, const struct pier_address *was)
{
    struct pier_address peer;
    char byte;

    ptrdiff_t n = pier_recv(s, &byte, 1, 0);

    CHECK(n == PIER_ECONNRESET || n == EXPECTED_RECV_AFTER_RESET);
    if (pier_getpeername(s, &peer) == PIER_OK)
        CHECK(pier_address_equal(&peer, was));
}

/* The queue hands it out as a connection that is dead, or passes over it. */
static void a_peer_that_went_in_the_queue_ends_no_server(void **state)
{
    struct pier_address a = loopback(PIER_AF_INET, ANY_PORT), name, peer;
    struct pier_socket *server = open_server(&a, NULL);
    struct pier_socket *client = open_socket(PIER_AF_INET, PIER_SOCK_STREAM);
    struct pier_socket *accepted;
    pier_err err;

    (void)state;
    a = name_of(server);
    CHECK_OK(pier_connect(client, &a));
    name = name_of(client);
    CHECK_OK(pier_set_linger(client, true, 0));
    CHECK_OK(pier_close_wait(client, SOON));
    CHECK_OK(pier_settimeout(server, 0));
    err = pier_accept(&accepted, server, &peer);
    CHECK(err == PIER_OK || err == PIER_EAGAIN);
    if (err == PIER_OK) {
        CHECK(pier_address_equal(&peer, &name));
        check_dead(keep(accepted), &name);
    }
    CHECK_OK(pier_settimeout(server, SOON));
    client = open_socket(PIER_AF_INET, PIER_SOCK_STREAM);
    CHECK_OK(pier_connect(client, &a));
    CHECK_OK(pier_sendall(client, "hi", 2, 0, NULL));
    check_arrives(accept_one(server), "hi");
}

static void a_port_is_shared_where_the_system_balances(void **state)
{
    struct pier_server_options options = PIER_SERVER_OPTIONS_INIT;
    struct pier_address a = loopback(PIER_AF_INET, ANY_PORT);

    (void)state;
    options.reuse_port = true;
    if (!EXPECTED_SHARED_PORTS) {
        CHECK_ERR(try_server(&a, &options), PIER_ENOTSUP);
        return;
    }
    a = name_of(open_server(&a, &options));
    CHECK_OK(try_server(&a, &options));
    CHECK_ERR(try_server(&a, NULL), PIER_EADDRINUSE);
}

static void stale(struct pier_server_options *options)
{
    *options = (struct pier_server_options)PIER_SERVER_OPTIONS_INIT;
    options->remove_stale_path = true;
}

static void a_dead_server_s_path_is_taken_over(void **state)
{
    struct pier_server_options options;
    struct pier_address a;
    struct pier_socket *server;

    (void)state;
    if (!has_unix())
        skip_because("no AF_UNIX");
    stale(&options);
    a = unix_path();
    CHECK_OK(pier_close(open_server(&a, NULL)));
    CHECK_ERR(try_server(&a, NULL), PIER_EADDRINUSE);
    server = open_server(&a, &options);
    CHECK_OK(try_connect(&a));
    CHECK(pier_fileno(server) != PIER_INVALID_HANDLE);
}

static void a_living_server_keeps_its_path(void **state)
{
    struct pier_server_options options;
    struct pier_address a;

    (void)state;
    if (!has_unix())
        skip_because("no AF_UNIX");
    stale(&options);
    a = unix_path();
    open_server(&a, NULL);
    CHECK_ERR(try_server(&a, &options), PIER_EADDRINUSE);
    CHECK_OK(try_connect(&a));
}

/* Between bind() and listen() a server lives already. */
static void a_server_about_to_listen_keeps_its_path(void **state)
{
    struct pier_server_options options;
    struct pier_address a;
    struct pier_socket *server;

    (void)state;
    if (!has_unix())
        skip_because("no AF_UNIX");
    stale(&options);
    server = open_bound(PIER_AF_UNIX, PIER_SOCK_STREAM);
    a = name_of(server);
    CHECK_ERR(try_server(&a, &options), PIER_EADDRINUSE);
    CHECK_OK(pier_listen(server, 1));
    CHECK_OK(try_connect(&a));
}

static void asking_for_a_server_takes_none_of_its_places(void **state)
{
    struct pier_server_options options;
    struct pier_address a;
    struct pier_socket *server, *s;

    (void)state;
    if (!has_unix())
        skip_because("no AF_UNIX");
    stale(&options);
    a = unix_path();
    server = open_server(&a, NULL);
    CHECK_ERR(try_server(&a, &options), PIER_EADDRINUSE);
    CHECK_OK(pier_settimeout(server, PIER_NONBLOCKING));
    CHECK_ERR(pier_accept(&s, server, NULL), PIER_EAGAIN);
}

static void a_path_of_datagrams_is_in_use(void **state)
{
    struct pier_server_options options;
    struct pier_address a;

    (void)state;
    if (!has_unix())
        skip_because("no AF_UNIX");
    stale(&options);
    a = name_of(open_bound(PIER_AF_UNIX, PIER_SOCK_DGRAM));
    CHECK_ERR(try_server(&a, &options), PIER_EADDRINUSE);
}

static void a_regular_file_is_never_removed(void **state)
{
    struct pier_server_options options;
    struct pier_address a;
    char path[128] = "";
    const void *bytes;
    size_t length;
    FILE *file;

    (void)state;
    if (!has_unix())
        skip_because("no AF_UNIX");
    stale(&options);
    a = unix_path();
    bytes = pier_address_path(&a, &length);
    memcpy(path, bytes, length);
    file = fopen(path, "w");
    CHECK(file != NULL);
    CHECK_INT(fclose(file), 0);
    CHECK_ERR(try_server(&a, &options), PIER_EADDRINUSE);
    file = fopen(path, "r");
    CHECK(file != NULL);
    CHECK_INT(fclose(file), 0);
}

static void bad_arguments_are_told(void **state)
{
    struct pier_server_options options = PIER_SERVER_OPTIONS_INIT;
    struct pier_address a = loopback(PIER_AF_INET, ANY_PORT);
    struct pier_address none = { 0 };

    (void)state;
    CHECK_ERR(pier_create_server(NULL, &a, NULL), PIER_EINVAL);
    CHECK_ERR(try_server(NULL, NULL), PIER_EINVAL);
    CHECK_ERR(try_server(&none, NULL), PIER_EINVAL);
    options.size = 0;
    CHECK_ERR(try_server(&a, &options), PIER_EINVAL);
    options.size = sizeof(options) + 1;
    CHECK_ERR(try_server(&a, &options), PIER_EINVAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        NET_TEST(a_server_accepts),
        NET_TEST(a_taken_port_is_an_error_on_every_system),
        NET_TEST(a_server_can_come_back_at_once),
        NET_TEST(an_ipv6_server_takes_ipv6_only),
        NET_TEST(a_dualstack_server_takes_both),
        NET_TEST(a_dualstack_server_has_mapped_peers),
        NET_TEST(a_peer_that_went_in_the_queue_ends_no_server),
        NET_TEST(a_port_is_shared_where_the_system_balances),
        NET_TEST(a_dead_server_s_path_is_taken_over),
        NET_TEST(a_living_server_keeps_its_path),
        NET_TEST(a_server_about_to_listen_keeps_its_path),
        NET_TEST(asking_for_a_server_takes_none_of_its_places),
        NET_TEST(a_path_of_datagrams_is_in_use),
        NET_TEST(a_regular_file_is_never_removed),
        NET_TEST(bad_arguments_are_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
