/* SPDX-License-Identifier: MIT */
/* Connecting to a name, and servers. */
#include "unit.h"

#include <pier/connection.h>
#include <pier/error.h>
#include <string.h>

/* The attempts as the caller was told. */
static struct {
    unsigned count;
    struct pier_attempt last[8];
} told;

static void PIER_CALL note(void *context, const struct pier_attempt *attempt)
{
    (void)context;
    told.last[told.count++] = *attempt;
}

static struct pier_connect_options within(pier_timeout timeout)
{
    struct pier_connect_options options = PIER_CONNECT_OPTIONS_INIT;

    memset(&told, 0, sizeof(told));
    options.timeout = timeout;
    options.on_attempt = note;
    options.attempt_delay = -1;
    return options;
}

/* host.test is [..::1] and .2, found after 40 ms, answering as told. */
static void set_host(enum fake_behaviour first, int64_t first_delay,
                     enum fake_behaviour second, int64_t second_delay)
{
    struct pier_address names[2] = { fake_inet6(1, 0), fake_inet(2, 0) };
    struct pier_address six = fake_inet6(1, 80), four = fake_inet(2, 80);

    fake_name_set("host.test", names, 2, 40 * MS, PIER_OK);
    fake_remote_set(&six, first, first_delay);
    fake_remote_set(&four, second, second_delay);
}

static void a_name_is_connected_to(void **state)
{
    struct pier_address expected = fake_inet6(1, 80), peer;
    struct pier_socket *s;

    (void)state;
    set_host(FAKE_ACCEPTS, 10 * MS, FAKE_IS_SILENT, 0);
    CHECK_OK(pier_create_connection(&s, "host.test", "80", NULL));
    CHECK_INT(fake_now(), 50 * MS);
    CHECK_OK(pier_getpeername(s, &peer));
    CHECK(fake_same_address(&peer, &expected));
    CHECK(pier_gettimeout(s) < 0 && pier_get_send_timeout(s) < 0);
    CHECK_INT(pier_send(s, "x", 1, 0), 1);
    CHECK_INT(fake_handles(), 1);
    pier_free(s);
}

static void the_second_address_is_tried_when_the_first_refuses(void **state)
{
    struct pier_connect_options options = within(SECOND);
    struct pier_address six = fake_inet6(1, 80), four = fake_inet(2, 80);
    struct pier_socket *s;

    (void)state;
    set_host(FAKE_REFUSES, 10 * MS, FAKE_ACCEPTS, 20 * MS);
    CHECK_OK(pier_create_connection(&s, "host.test", "80", &options));
    CHECK_INT(fake_now(), 70 * MS);
    CHECK_INT(told.count, 2);
    CHECK(fake_same_address(&told.last[0].address, &six));
    CHECK_ERR(told.last[0].error, PIER_ECONNREFUSED);
    CHECK_INT(told.last[0].start, FAKE_BEGIN + 40 * MS);
    CHECK_INT(told.last[0].end, FAKE_BEGIN + 50 * MS);
    CHECK(fake_same_address(&told.last[1].address, &four));
    CHECK_OK(told.last[1].error);
    CHECK_INT(told.last[1].end, FAKE_BEGIN + 70 * MS);
    CHECK(pier_gettimeout(s) < 0 && pier_get_send_timeout(s) < 0);
    pier_free(s);
}

/* BSD does not connect a socket again whose first connect failed. */
static void each_address_has_a_socket_of_its_own(void **state)
{
    struct pier_connect_options options = within(SECOND);
    struct pier_socket *s;

    (void)state;
    set_host(FAKE_REFUSES, 10 * MS, FAKE_ACCEPTS, 20 * MS);
    CHECK_OK(pier_create_connection(&s, "host.test", "80", &options));
    CHECK_INT(fake_calls_of(FAKE_OPEN), 2);
    CHECK_INT(fake_calls_of(FAKE_CONNECT), 2);
    CHECK_INT(fake_calls_of(FAKE_CLOSE), 1);
    pier_free(s);
}

static void the_last_failure_is_told(void **state)
{
    struct pier_connect_options options = within(SECOND);
    struct pier_address four = fake_inet(2, 80);
    struct pier_socket *s;
    struct pier_detail detail;

    (void)state;
    set_host(FAKE_UNREACHABLE, -1, FAKE_REFUSES, 10 * MS);
    CHECK_ERR(pier_create_connection(&s, "host.test", "80", &options),
              PIER_ECONNREFUSED);
    CHECK(s == NULL);
    pier_error_detail(&detail);
    CHECK_INT(detail.code, PIER_ECONNREFUSED);
    CHECK(fake_same_address(&detail.address, &four));
    CHECK_ERR(told.last[0].error, PIER_EHOSTUNREACH);
    CHECK_INT(fake_handles(), 0);
}

static void one_deadline_covers_the_lookup_and_all_attempts(void **state)
{
    struct pier_connect_options options = within(70 * MS);
    struct pier_socket *s;

    (void)state;
    set_host(FAKE_REFUSES, 10 * MS, FAKE_IS_SILENT, 0);
    CHECK_ERR(pier_create_connection(&s, "host.test", "80", &options),
              PIER_EDEADLINE);
    CHECK_INT(fake_now(), 70 * MS);
    CHECK(s == NULL);
    CHECK_INT(told.count, 2);
    CHECK_ERR(told.last[1].error, PIER_EDEADLINE);
}

static void the_lookup_may_use_up_the_deadline(void **state)
{
    struct pier_connect_options options = within(30 * MS);
    struct pier_socket *s;

    (void)state;
    set_host(FAKE_ACCEPTS, 0, FAKE_ACCEPTS, 0);
    CHECK_ERR(pier_create_connection(&s, "host.test", "80", &options),
              PIER_EDEADLINE);
    CHECK_INT(fake_now(), 30 * MS);
    CHECK_INT(told.count, 0);
}

static void the_look_up_and_the_attempts_share_a_token(void **state)
{
    const int64_t moments[] = { 20 * MS, 60 * MS };

    (void)state;
    for (int i = 0; i < 2; i++) {
        struct pier_connect_options options = within(SECOND);
        struct pier_socket *s;

        set_host(FAKE_IS_SILENT, 0, FAKE_IS_SILENT, 0);
        CHECK_OK(pier_cancel_new(&options.cancel));
        fake_at(moments[i], do_fire, options.cancel);
        CHECK_ERR(pier_create_connection(&s, "host.test", "80", &options),
                  PIER_ECANCELED);
        CHECK_INT(fake_now(), moments[i]);
        CHECK_INT(told.count, i);
        fake_join();
        pier_cancel_free(options.cancel);
        fake_reset();
    }
}

static void a_connection_has_no_token_afterwards(void **state)
{
    struct pier_connect_options options = within(SECOND);
    struct pier_socket *s;
    char byte;

    (void)state;
    set_host(FAKE_ACCEPTS, 0, FAKE_ACCEPTS, 0);
    CHECK_OK(pier_cancel_new(&options.cancel));
    CHECK_OK(pier_create_connection(&s, "host.test", "80", &options));
    pier_cancel_free(options.cancel);
    CHECK_OK(pier_settimeout(s, 10 * MS));
    CHECK_ERR(pier_recv(s, &byte, 1, 0), PIER_EDEADLINE);
    pier_free(s);
}

static void a_failed_lookup_is_told(void **state)
{
    struct pier_connect_options options = within(SECOND);
    struct pier_socket *s;

    (void)state;
    CHECK_ERR(pier_create_connection(&s, "no.test", "80", &options),
              PIER_EAI_NONAME);
    CHECK(s == NULL);
    CHECK_INT(told.count, 0);
}

static void a_number_needs_no_resolver(void **state)
{
    struct pier_address to = fake_inet(2, 80);
    struct pier_socket *s;

    (void)state;
    fake_remote_set(&to, FAKE_ACCEPTS, 10 * MS);
    CHECK_OK(pier_create_connection(&s, "192.0.2.2", "80", NULL));
    CHECK_INT(fake_now(), 10 * MS);
    CHECK_INT(fake_calls_of(FAKE_GETADDRINFO), 0);
    pier_free(s);
}

static void a_family_can_be_asked_for(void **state)
{
    struct pier_connect_options options = within(SECOND);
    struct pier_socket *s;

    (void)state;
    set_host(FAKE_ACCEPTS, 0, FAKE_ACCEPTS, 0);
    options.family = PIER_AF_INET;
    CHECK_OK(pier_create_connection(&s, "host.test", "80", &options));
    CHECK_INT(pier_family(s), PIER_AF_INET);
    CHECK_INT(told.count, 1);
    pier_free(s);
}

static void a_connection_may_come_from_a_given_address(void **state)
{
    struct pier_connect_options options = within(SECOND);
    struct pier_address source = fake_loopback(4567), name;
    struct pier_socket *s;

    (void)state;
    set_host(FAKE_ACCEPTS, 0, FAKE_ACCEPTS, 0);
    options.source = &source;
    CHECK_OK(pier_create_connection(&s, "host.test", "80", &options));
    name = name_of(s);
    CHECK(fake_same_address(&name, &source));
    pier_free(s);
}

static pier_err PIER_CALL resolve(void *context, struct pier_addrinfo **out,
                                  const char *host, const char *service,
                                  const struct pier_addrinfo_hints *hints,
                                  const struct pier_wait *wait)
{
    *(const char **)context = host;
    CHECK(wait->timeout > 0 && wait->timeout <= SECOND);
    return pier_getaddrinfo(out, "192.0.2.2", service, hints, wait);
}

static void a_resolver_of_the_callers_is_used(void **state)
{
    struct pier_connect_options options = within(SECOND);
    struct pier_address to = fake_inet(2, 80);
    const char *asked = NULL;
    struct pier_socket *s;

    (void)state;
    fake_remote_set(&to, FAKE_ACCEPTS, 0);
    options.resolve = resolve;
    options.context = &asked;
    options.on_attempt = NULL;
    CHECK_OK(pier_create_connection(&s, "own.test", "80", &options));
    assert_string_equal(asked, "own.test");
    pier_free(s);
}

static void wrong_options_are_refused(void **state)
{
    struct pier_connect_options options = within(SECOND);
    struct pier_server_options server = PIER_SERVER_OPTIONS_INIT;
    struct pier_address a = fake_loopback(4000), none = { 0 };
    struct pier_socket *s;

    (void)state;
    options.size = 0;
    CHECK_ERR(pier_create_connection(&s, "192.0.2.2", "80", &options),
              PIER_EINVAL);
    options.size = sizeof(options) + 1;
    CHECK_ERR(pier_create_connection(&s, "192.0.2.2", "80", &options),
              PIER_EINVAL);
    CHECK_ERR(pier_create_connection(NULL, "192.0.2.2", "80", NULL),
              PIER_EINVAL);
    server.size = 0;
    CHECK_ERR(pier_create_server(&s, &a, &server), PIER_EINVAL);
    CHECK_ERR(pier_create_server(&s, &none, NULL), PIER_EINVAL);
    CHECK_ERR(pier_create_server(&s, NULL, NULL), PIER_EINVAL);
    CHECK_ERR(pier_create_server(NULL, &a, NULL), PIER_EINVAL);
    server = (struct pier_server_options)PIER_SERVER_OPTIONS_INIT;
    server.dualstack = true;
    CHECK_ERR(pier_create_server(&s, &a, &server), PIER_EINVAL);
    CHECK_INT(fake_handles(), 0);
}

/* ------------------------------------------------------------ servers --- */

static void a_server_accepts(void **state)
{
    struct pier_address a = fake_loopback(4000);
    struct pier_socket *server, *c = open_tcp(), *accepted;

    (void)state;
    CHECK_OK(pier_create_server(&server, &a, NULL));
    CHECK_INT(fake_calls_of(FAKE_BIND_SERVER), 1);
    CHECK_OK(pier_connect(c, &a));
    CHECK_OK(pier_accept(&accepted, server, NULL));
    pier_free(accepted);
    pier_free(c);
    pier_free(server);
}

static void a_taken_port_is_told_with_the_address(void **state)
{
    struct pier_address a = fake_loopback(4000);
    struct pier_socket *first, *second;
    struct pier_detail detail;

    (void)state;
    CHECK_OK(pier_create_server(&first, &a, NULL));
    CHECK_ERR(pier_create_server(&second, &a, NULL), PIER_EADDRINUSE);
    CHECK(second == NULL);
    pier_error_detail(&detail);
    CHECK_INT(detail.code, PIER_EADDRINUSE);
    CHECK_INT(detail.native_code, -PIER_EADDRINUSE);
    CHECK(fake_same_address(&detail.address, &a));
    pier_free(first);
}

/* Windows may say so of a bound socket only when it listens. */
static void a_port_found_taken_late_is_told_with_the_address(void **state)
{
    struct pier_address a = fake_loopback(4000);
    struct pier_socket *s;
    struct pier_detail detail;

    (void)state;
    fake_fail(FAKE_LISTEN, 1, PIER_EADDRINUSE);
    CHECK_ERR(pier_create_server(&s, &a, NULL), PIER_EADDRINUSE);
    CHECK(s == NULL);
    CHECK_INT(fake_handles(), 0);
    pier_error_detail(&detail);
    CHECK(fake_same_address(&detail.address, &a));
}

static void the_stack_is_always_chosen(void **state)
{
    struct pier_server_options options = PIER_SERVER_OPTIONS_INIT;
    struct pier_address a = fake_loopback6(4000);
    struct pier_socket *s;

    (void)state;
    CHECK_OK(pier_create_server(&s, &a, &options));
    CHECK(fake_is_v6only(pier_fileno(s)));
    pier_free(s);
    options.dualstack = true;
    CHECK_OK(pier_create_server(&s, &a, &options));
    CHECK(!fake_is_v6only(pier_fileno(s)));
    pier_free(s);
    fake_fail(FAKE_SET_V6ONLY, 1, PIER_ENOTSUP);
    CHECK_ERR(pier_create_server(&s, &a, &options), PIER_ENOTSUP);
    CHECK(s == NULL);
    CHECK(pier_has_dualstack_ipv6());
    fake_fail(FAKE_SET_V6ONLY, 1, PIER_ENOTSUP);
    CHECK(!pier_has_dualstack_ipv6());
}

static void ports_are_shared_only_on_request(void **state)
{
    struct pier_server_options options = PIER_SERVER_OPTIONS_INIT;
    struct pier_address a = fake_loopback(4000);
    struct pier_socket *s[2];

    (void)state;
    options.reuse_port = true;
    CHECK_OK(pier_create_server(&s[0], &a, &options));
    CHECK_OK(pier_create_server(&s[1], &a, &options));
    pier_free(s[1]);
    CHECK_ERR(pier_create_server(&s[1], &a, NULL), PIER_EADDRINUSE);
    pier_free(s[0]);
}

static void a_stale_path_is_removed_on_request(void **state)
{
    struct pier_server_options options = PIER_SERVER_OPTIONS_INIT;
    struct pier_address a = fake_path("/run/x");
    struct pier_socket *s, *living;

    (void)state;
    CHECK_OK(pier_create_server(&s, &a, NULL));
    pier_free(s);
    CHECK_ERR(pier_create_server(&s, &a, NULL), PIER_EADDRINUSE);
    options.remove_stale_path = true;
    CHECK_OK(pier_create_server(&living, &a, &options));
    CHECK_ERR(pier_create_server(&s, &a, &options), PIER_EADDRINUSE);
    CHECK(s == NULL);
    CHECK(fake_file_exists("/run/x"));
    pier_free(living);
}

static void a_file_that_is_no_socket_stays(void **state)
{
    struct pier_server_options options = PIER_SERVER_OPTIONS_INIT;
    struct pier_address a = fake_path("/etc/passwd");
    struct pier_socket *s;

    (void)state;
    fake_file("/etc/passwd");
    options.remove_stale_path = true;
    CHECK_ERR(pier_create_server(&s, &a, &options), PIER_EADDRINUSE);
    CHECK(fake_file_exists("/etc/passwd"));
}

/* A server whose queue is full lives: its path is not taken away. */
static void a_busy_server_is_not_stale(void **state)
{
    struct pier_server_options options = PIER_SERVER_OPTIONS_INIT;
    struct pier_address a = fake_path("/run/x");
    struct pier_socket *busy, *c = open_path(), *s;

    (void)state;
    options.backlog = 0;
    CHECK_OK(pier_create_server(&busy, &a, &options));
    CHECK_OK(pier_connect(c, &a));
    options.remove_stale_path = true;
    CHECK_ERR(pier_create_server(&s, &a, &options), PIER_EADDRINUSE);
    CHECK(fake_file_exists("/run/x"));
    pier_free(c);
    pier_free(busy);
}

/* A server that is bound but does not listen yet lives. */
static void a_server_about_to_listen_is_not_stale(void **state)
{
    struct pier_server_options options = PIER_SERVER_OPTIONS_INIT;
    struct pier_address a = fake_path("/run/x");
    struct pier_socket *young = open_path(), *s;

    (void)state;
    CHECK_OK(pier_bind(young, &a));
    options.remove_stale_path = true;
    CHECK_ERR(pier_create_server(&s, &a, &options), PIER_EADDRINUSE);
    CHECK_INT(fake_calls_of(FAKE_REMOVE_SOCKET_FILE), 0);
    CHECK(fake_file_exists("/run/x"));
    pier_free(young);
}

static void a_server_is_not_connected_to_when_it_is_asked_for(void **state)
{
    struct pier_server_options options = PIER_SERVER_OPTIONS_INIT;
    struct pier_address a = fake_path("/run/x");
    struct pier_socket *living, *s;

    (void)state;
    CHECK_OK(pier_create_server(&living, &a, NULL));
    options.remove_stale_path = true;
    CHECK_ERR(pier_create_server(&s, &a, &options), PIER_EADDRINUSE);
    CHECK_OK(pier_settimeout(living, PIER_NONBLOCKING));
    CHECK_ERR(pier_accept(&s, living, NULL), PIER_EAGAIN);
    pier_free(living);
}

/* Windows knows no datagrams of AF_UNIX. */
static void a_stale_path_is_found_without_datagrams(void **state)
{
    struct pier_server_options options = PIER_SERVER_OPTIONS_INIT;
    struct pier_address a = fake_path("/run/x");
    struct pier_socket *s;
    (void)state;
    CHECK_OK(pier_create_server(&s, &a, NULL));
    pier_free(s);
    options.remove_stale_path = true;
    fake_clear_calls();
    fake_fail(FAKE_OPEN, 2, PIER_ESOCKTNOSUPPORT);
    CHECK_OK(pier_create_server(&s, &a, &options));
    CHECK_INT(fake_calls_of(FAKE_OPEN), 3);
    pier_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_FAKE(a_name_is_connected_to),
        ON_FAKE(the_second_address_is_tried_when_the_first_refuses),
        ON_FAKE(each_address_has_a_socket_of_its_own),
        ON_FAKE(the_last_failure_is_told),
        ON_FAKE(one_deadline_covers_the_lookup_and_all_attempts),
        ON_FAKE(the_lookup_may_use_up_the_deadline),
        ON_FAKE(the_look_up_and_the_attempts_share_a_token),
        ON_FAKE(a_connection_has_no_token_afterwards),
        ON_FAKE(a_failed_lookup_is_told),
        ON_FAKE(a_number_needs_no_resolver),
        ON_FAKE(a_family_can_be_asked_for),
        ON_FAKE(a_connection_may_come_from_a_given_address),
        ON_FAKE(a_resolver_of_the_callers_is_used),
        ON_FAKE(wrong_options_are_refused),
        ON_FAKE(a_server_accepts),
        ON_FAKE(a_taken_port_is_told_with_the_address),
        ON_FAKE(a_port_found_taken_late_is_told_with_the_address),
        ON_FAKE(the_stack_is_always_chosen),
        ON_FAKE(ports_are_shared_only_on_request),
        ON_FAKE(a_stale_path_is_removed_on_request),
        ON_FAKE(a_file_that_is_no_socket_stays),
        ON_FAKE(a_busy_server_is_not_stale),
        ON_FAKE(a_server_about_to_listen_is_not_stale),
        ON_FAKE(a_server_is_not_connected_to_when_it_is_asked_for),
        ON_FAKE(a_stale_path_is_found_without_datagrams),
    };

    return cmocka_run_group_tests_name("connection", tests, NULL, NULL);
}
