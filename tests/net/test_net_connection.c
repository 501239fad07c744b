/* SPDX-License-Identifier: MIT */
/* Connecting to names and numbers. */
#include "net.h"

#include <stdio.h>
#include <string.h>

struct attempts {
    int count;
    struct pier_attempt last;
};

static void PIER_CALL note(void *context, const struct pier_attempt *attempt)
{
    struct attempts *attempts = context;

    attempts->count++;
    attempts->last = *attempt;
}

static char service[16];

static const char *port_of(const struct pier_address *a)
{
    (void)snprintf(service, sizeof(service), "%d", pier_address_port(a));
    return service;
}

static void check_connects(const char *host, int family)
{
    struct pier_connect_options options = PIER_CONNECT_OPTIONS_INIT;
    struct pier_socket *listener = open_listener(family, 4);
    struct pier_address where = name_of(listener);
    struct attempts attempts = { 0 };
    struct pier_socket *s;

    options.on_attempt = note;
    options.context = &attempts;
    options.timeout = 10 * SECOND;
    CHECK_OK(pier_create_connection(&s, host, port_of(&where), &options));
    keep(s);
    CHECK(attempts.count >= 1);
    CHECK_INT(attempts.last.error, PIER_OK);
    CHECK(pier_address_equal(&attempts.last.address, &where));
    CHECK(attempts.last.end >= attempts.last.start);
    CHECK_INT(pier_gettimeout(s), PIER_FOREVER);
    CHECK_OK(pier_sendall(s, "there", 5, 0, NULL));
    check_arrives(accept_one(listener), "there");
}

static void localhost_is_found(void **state)
{
    (void)state;
    check_connects("localhost", PIER_AF_INET);
}

static void a_number_is_connected_to(void **state)
{
    (void)state;
    check_connects("127.0.0.1", PIER_AF_INET);
}

static void an_ipv6_number_is_connected_to(void **state)
{
    (void)state;
    if (!has_ipv6())
        skip_because("no IPv6 loopback");
    check_connects("::1", PIER_AF_INET6);
}

static void a_refusal_names_operation_address_and_cause(void **state)
{
    struct pier_connect_options options = PIER_CONNECT_OPTIONS_INIT;
    struct pier_address where = closed_port();
    struct attempts attempts = { 0 };
    struct pier_socket *s;
    struct pier_detail detail;
    char expected[80];
    char text[80];

    (void)state;
    options.on_attempt = note;
    options.context = &attempts;
    CHECK_ERR(
        pier_create_connection(&s, "127.0.0.1", port_of(&where), &options),
        PIER_ECONNREFUSED);
    CHECK(s == NULL);
    CHECK_INT(attempts.count, 1);
    CHECK_INT(attempts.last.error, PIER_ECONNREFUSED);
    pier_error_detail(&detail);
    CHECK_INT(detail.code, PIER_ECONNREFUSED);
    CHECK(strcmp(detail.operation, "connect") == 0);
    CHECK(detail.native_code != 0);
    CHECK(pier_address_equal(&detail.address, &where));
    (void)snprintf(expected, sizeof(expected),
                   "connect 127.0.0.1:%s: connection refused",
                   port_of(&where));
    CHECK_INT(pier_error_text(text, sizeof(text)), strlen(expected));
    CHECK(strcmp(text, expected) == 0);
}

static void the_timeout_is_for_the_whole(void **state)
{
    struct pier_connect_options options = PIER_CONNECT_OPTIONS_INIT;
    struct pier_address where = full_listener(PIER_AF_INET);
    int64_t begin = pier_monotonic();
    struct pier_socket *s;

    (void)state;
    options.timeout = 80 * MS;
    CHECK_ERR(
        pier_create_connection(&s, "127.0.0.1", port_of(&where), &options),
        PIER_EDEADLINE);
    CHECK(pier_monotonic() - begin >= 80 * MS);
    CHECK(pier_monotonic() - begin < SOON);
    CHECK(s == NULL);
}

static void the_source_address_is_taken(void **state)
{
    struct pier_connect_options options = PIER_CONNECT_OPTIONS_INIT;
    struct pier_socket *listener = open_listener(PIER_AF_INET, 4);
    struct pier_address where = name_of(listener);
    struct pier_address source = closed_port();
    struct pier_address mine;
    struct pier_socket *s;

    (void)state;
    options.source = &source;
    CHECK_OK(
        pier_create_connection(&s, "127.0.0.1", port_of(&where), &options));
    mine = name_of(keep(s));
    CHECK(pier_address_equal(&mine, &source));
}

static void check_not_connected_to_itself(const char *host)
{
    struct pier_connect_options options = PIER_CONNECT_OPTIONS_INIT;
    struct pier_address source = closed_port(), asked;
    struct attempts attempts = { 0 };
    struct pier_detail detail;
    struct pier_socket *s;

    options.source = &source;
    options.on_attempt = note;
    options.context = &attempts;
    CHECK_ERR(pier_create_connection(&s, host, port_of(&source), &options),
              PIER_ECONNREFUSED);
    CHECK(s == NULL);
    CHECK_INT(attempts.last.error, PIER_ECONNREFUSED);
    pier_error_detail(&detail);
    CHECK(strcmp(detail.operation, "connect") == 0);
    CHECK_OK(pier_address_inet(&asked, host, pier_address_port(&source)));
    CHECK(pier_address_equal(&detail.address, &asked));
}

/* The system may choose the port that is connected to; here it has to. */
static void a_port_is_not_connected_to_itself(void **state)
{
    (void)state;
    check_not_connected_to_itself("127.0.0.1");
}

/* Its own address is not the one that was asked for. */
static void nor_is_it_by_the_wildcard(void **state)
{
    (void)state;
    check_not_connected_to_itself("0.0.0.0");
}

struct tried {
    struct pier_address addresses[16];
    size_t count;
};

static void PIER_CALL remember(void *context,
                               const struct pier_attempt *attempt)
{
    struct tried *tried = context;

    if (tried->count < COUNT_OF(tried->addresses))
        tried->addresses[tried->count++] = attempt->address;
}

/* glibc lists an address for each type of socket. */
static void no_address_is_tried_twice(void **state)
{
    struct pier_connect_options options = PIER_CONNECT_OPTIONS_INIT;
    struct pier_address where = closed_port();
    struct tried tried = { .count = 0 };
    struct pier_socket *s;

    (void)state;
    options.on_attempt = remember;
    options.context = &tried;
    CHECK_ERR(
        pier_create_connection(&s, "localhost", port_of(&where), &options),
        PIER_ECONNREFUSED);
    CHECK(tried.count > 0);
    for (size_t i = 0; i < tried.count; i++) {
        for (size_t k = 0; k < i; k++) {
            CHECK(
                !pier_address_equal(&tried.addresses[i], &tried.addresses[k]));
        }
    }
}

static void the_family_can_be_chosen(void **state)
{
    struct pier_connect_options options = PIER_CONNECT_OPTIONS_INIT;
    struct pier_socket *listener = open_listener(PIER_AF_INET, 4);
    struct pier_address where = name_of(listener);
    struct pier_socket *s;

    (void)state;
    options.family = PIER_AF_INET;
    CHECK_OK(
        pier_create_connection(&s, "localhost", port_of(&where), &options));
    CHECK_INT(pier_family(keep(s)), PIER_AF_INET);
    options.family = PIER_AF_INET6;
    CHECK_ERR(
        pier_create_connection(&s, "127.0.0.1", port_of(&where), &options),
        PIER_EAI_ADDRFAMILY);
}

/* The first of two answers is a closed port. */
static pier_err PIER_CALL answer(void *context, struct pier_addrinfo **out,
                                 const char *host, const char *name,
                                 const struct pier_addrinfo_hints *hints,
                                 const struct pier_wait *wait)
{
    struct pier_address closed = closed_port();
    char port[16];
    pier_err err;

    (void)context;
    if (strcmp(host, "made.up") != 0)
        return PIER_EAI_NONAME;
    (void)snprintf(port, sizeof(port), "%d", pier_address_port(&closed));
    err = pier_getaddrinfo(out, "127.0.0.1", port, hints, wait);
    if (!err)
        err = pier_getaddrinfo(&(*out)->next, "127.0.0.1", name, hints, wait);
    return err;
}

static void the_callers_own_look_up_is_used(void **state)
{
    struct pier_connect_options options = PIER_CONNECT_OPTIONS_INIT;
    struct pier_socket *listener = open_listener(PIER_AF_INET, 4);
    struct pier_address where = name_of(listener);
    struct attempts attempts = { 0 };
    struct pier_socket *s;

    (void)state;
    options.resolve = answer;
    options.on_attempt = note;
    options.context = &attempts;
    CHECK_OK(pier_create_connection(&s, "made.up", port_of(&where), &options));
    keep(s);
    CHECK_INT(attempts.count, 2);
    CHECK(pier_address_equal(&attempts.last.address, &where));
    CHECK_ERR(pier_create_connection(&s, "other", "1", &options),
              PIER_EAI_NONAME);
    CHECK(s == NULL);
}

static void bad_arguments_are_told(void **state)
{
    struct pier_connect_options options = PIER_CONNECT_OPTIONS_INIT;
    struct pier_socket *s;

    (void)state;
    CHECK_ERR(pier_create_connection(NULL, "127.0.0.1", "1", NULL),
              PIER_EINVAL);
    options.size = 0;
    CHECK_ERR(pier_create_connection(&s, "127.0.0.1", "1", &options),
              PIER_EINVAL);
    options.size = sizeof(options) + 8;
    CHECK_ERR(pier_create_connection(&s, "127.0.0.1", "1", &options),
              PIER_EINVAL);
    CHECK_ERR(pier_create_connection(&s, "127.0.0.1", "99999", NULL),
              PIER_EAI_SERVICE);
    CHECK_ERR(pier_create_connection(&s, "", "1", NULL), PIER_EAI_NONAME);
    CHECK(s == NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        NET_TEST(localhost_is_found),
        NET_TEST(a_number_is_connected_to),
        NET_TEST(an_ipv6_number_is_connected_to),
        NET_TEST(a_refusal_names_operation_address_and_cause),
        NET_TEST(the_timeout_is_for_the_whole),
        NET_TEST(the_source_address_is_taken),
        NET_TEST(a_port_is_not_connected_to_itself),
        NET_TEST(nor_is_it_by_the_wildcard),
        NET_TEST(no_address_is_tried_twice),
        NET_TEST(the_family_can_be_chosen),
        NET_TEST(the_callers_own_look_up_is_used),
        NET_TEST(bad_arguments_are_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
