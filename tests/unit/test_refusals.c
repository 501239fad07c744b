/* SPDX-License-Identifier: MIT */
/* What is refused before the system is asked, and by which code. */
#include "layer.h"
#include "unit.h"

#include <pier/connection.h>
#include <pier/error.h>
#include <pier/resolver.h>
#include <pier/tcp.h>
#include <pier/types.h>
#include <string.h>

static char buffer[64];

/* -------------------------------------------------- a closed socket --- */

static pier_err tune_linger(struct pier_socket *s)
{
    return pier_set_linger(s, true, SECOND);
}

static pier_err tune_keepalive(struct pier_socket *s)
{
    return pier_set_keepalive(s, true, SECOND, SECOND, 3);
}

static pier_err tune_quickack(struct pier_socket *s)
{
    return pier_set_quickack(s, true);
}

static pier_err tune_nodelay(struct pier_socket *s)
{
    return pier_set_nodelay(s, true);
}

static pier_err tune_multicast(struct pier_socket *s)
{
    return pier_set_multicast(s, 1, true, 0);
}

static pier_err join(struct pier_socket *s)
{
    struct pier_address group;

    CHECK_OK(pier_address_inet(&group, "239.1.2.3", 0));
    return pier_join_group(s, &group, NULL, 0);
}

static pier_err ask_tcp(struct pier_socket *s)
{
    struct pier_tcp_info info = { .size = sizeof(info) };

    return pier_tcp_info(s, &info);
}

static pier_err limit(struct pier_socket *s)
{
    return pier_set_deadline(s, 1);
}

static void a_closed_socket_is_not_tuned(void **state)
{
    static pier_err (*const calls[])(struct pier_socket *) = {
        tune_linger,    tune_keepalive, tune_quickack, tune_nodelay,
        tune_multicast, join,           ask_tcp,       limit,
    };
    struct pier_socket *s = open_udp();

    (void)state;
    CHECK_OK(pier_close(s));
    fake_clear_calls();
    for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
        CHECK_ERR(calls[i](s), PIER_EBADF);
        CHECK_ERR(calls[i](NULL), PIER_EINVAL);
    }
    CHECK_INT(fake_system_calls(), 0);
    pier_free(s);
}

/* ------------------------------------------------------------- flags --- */

static void a_flag_that_the_system_lacks_is_refused_everywhere(void **state)
{
    const int lacking = PIER_MSG_BTAG;
    struct pier_address to = fake_inet(7, 80);
    struct pier_socket *s = open_connected();

    (void)state;
    if (PIER_HAVE_MSG_BTAG)
        skip_because("this system has the flag");
    fake_clear_calls();
    CHECK_ERR(pier_recv(s, buffer, 1, lacking), PIER_EOPNOTSUPP);
    CHECK_ERR(pier_recvfrom(s, buffer, 1, lacking, NULL), PIER_EOPNOTSUPP);
    CHECK_ERR(pier_recvall(s, buffer, 1, lacking, NULL), PIER_EOPNOTSUPP);
    CHECK_ERR(pier_send(s, "x", 1, lacking), PIER_EOPNOTSUPP);
    CHECK_ERR(pier_sendto(s, "x", 1, lacking, &to), PIER_EOPNOTSUPP);
    CHECK_ERR(pier_sendall(s, "x", 1, lacking, NULL), PIER_EOPNOTSUPP);
    CHECK_INT(fake_system_calls(), 0);
    pier_free(s);
}

/* ------------------------------------------------------------- kinds --- */

static void a_kind_that_the_system_lacks_is_refused(void **state)
{
    const int absent = INT32_MIN;
    struct pier_socket *s, *pair[2];

    (void)state;
    CHECK_ERR(pier_open(&s, absent, PIER_SOCK_STREAM, 0), PIER_EAFNOSUPPORT);
    CHECK_ERR(pier_open(&s, PIER_AF_INET, absent, 0), PIER_ENOTSUP);
    CHECK_ERR(pier_open(&s, PIER_AF_INET, PIER_SOCK_STREAM, absent),
              PIER_ENOTSUP);
    CHECK(s == NULL);
    CHECK_ERR(pier_socketpair(pair, absent, PIER_SOCK_STREAM, 0),
              PIER_EAFNOSUPPORT);
    CHECK_ERR(pier_socketpair(pair, PIER_AF_INET, PIER_SOCK_RAW, 0),
              PIER_ENOTSUP);
    CHECK(pair[0] == NULL && pair[1] == NULL);
    CHECK_ERR(pier_socketpair(NULL, PIER_AF_INET, PIER_SOCK_STREAM, 0),
              PIER_EINVAL);
    CHECK_INT(fake_handles(), 0);
}

static const struct pieri_layer some_layer = { 0 };

static void a_socket_with_a_layer_has_no_second_object(void **state)
{
    struct pier_socket *s = open_connected(), *copy;

    (void)state;
    CHECK_OK(pieri_layer_set(s, &some_layer, NULL));
    CHECK_ERR(pier_dup(&copy, s), PIER_EOPNOTSUPP);
    CHECK(copy == NULL);
    CHECK_INT(fake_handles(), 1);
    pier_free(s);
}

/* ------------------------------------------------------------- names --- */

static void a_zone_longer_than_any_name_is_no_interface(void **state)
{
    char text[300];
    struct pier_address a;

    (void)state;
    memset(text, 'z', sizeof(text));
    memcpy(text, "fe80::1%", 8);
    text[sizeof(text) - 1] = '\0';
    CHECK_ERR(pier_address_inet6(&a, text, 80, 0, 0), PIER_ENXIO);
}

static pier_err ask(struct pier_addrinfo **list, const char *host,
                    const char *service, int flags, int family)
{
    const struct pier_addrinfo_hints hints = { flags, family, 0, 0 };

    return pier_getaddrinfo(list, host, service, &hints, NULL);
}

static void what_is_no_question_is_refused(void **state)
{
    const struct pier_addrinfo_hints mixed = { 0, 0, PIER_SOCK_STREAM,
                                               PIER_IPPROTO_UDP };
    const struct pier_addrinfo_hints odd = { PIER_AI_CANONNAME, 0, 0, 999 };
    struct pier_addrinfo *list;

    (void)state;
    fake_clear_calls();
    CHECK_ERR(ask(&list, NULL, NULL, 0, 0), PIER_EAI_NONAME);
    CHECK_ERR(ask(&list, "::1", "80", -1, 0), PIER_EAI_BADFLAGS);
    CHECK_ERR(ask(&list, "::1", "80", 0, 77), PIER_EAI_FAMILY);
    CHECK_ERR(ask(&list, "::1", "80", 0, PIER_AF_INET), PIER_EAI_ADDRFAMILY);
    CHECK_ERR(ask(&list, "::1", "65536", 0, 0), PIER_EAI_SERVICE);
    CHECK_ERR(ask(&list, "::1", "+80", 0, 0), PIER_EAI_SERVICE);
    CHECK_ERR(ask(&list, "", "80", 0, 0), PIER_EAI_NONAME);
    CHECK_ERR(pier_getaddrinfo(&list, "::1", "80", &mixed, NULL),
              PIER_EAI_SOCKTYPE);
    CHECK_ERR(pier_getaddrinfo(&list, "::1", "80", &odd, NULL),
              PIER_EAI_SOCKTYPE);
    CHECK_ERR(pier_getaddrinfo(&list, NULL, "80", &odd, NULL),
              PIER_EAI_SOCKTYPE);
    CHECK(list == NULL);
    CHECK_INT(fake_calls_of(FAKE_GETADDRINFO), 0);
}

static void what_is_no_question_for_a_name_is_refused(void **state)
{
    struct pier_address a = fake_inet(7, 80), path = fake_path("there");
    const int both = PIER_NI_NAMEREQD | PIER_NI_NUMERICHOST;
    char host[64] = "untouched";

    (void)state;
    fake_clear_calls();
    CHECK_ERR(pier_getnameinfo(&path, host, 64, NULL, 0, 0, NULL),
              PIER_EAI_FAMILY);
    CHECK_ERR(pier_getnameinfo(&a, NULL, 64, host, 0, 0, NULL),
              PIER_EAI_NONAME);
    CHECK_ERR(pier_getnameinfo(&a, host, 64, NULL, 0, -1, NULL),
              PIER_EAI_BADFLAGS);
    CHECK_ERR(pier_getnameinfo(&a, host, 64, NULL, 0, both, NULL),
              PIER_EAI_NONAME);
    CHECK_ERR(pier_getnameinfo(NULL, host, 64, NULL, 0, 0, NULL), PIER_EINVAL);
    assert_string_equal(host, "untouched");
    CHECK_INT(fake_calls_of(FAKE_GETNAMEINFO), 0);
}

/* -------------------------------------------- what a literal becomes --- */

static unsigned count(const struct pier_addrinfo *list)
{
    unsigned entries = 0;

    for (; list; list = list->next)
        entries++;
    return entries;
}

static void a_type_or_a_protocol_alone_means_the_other(void **state)
{
    static const struct {
        int type, protocol;
        unsigned entries;
        int first_type, first_protocol;
    } kinds[] = {
        { 0, 0, 3, PIER_SOCK_STREAM, PIER_IPPROTO_TCP },
        { PIER_SOCK_DGRAM, 0, 1, PIER_SOCK_DGRAM, PIER_IPPROTO_UDP },
        { 0, PIER_IPPROTO_UDP, 1, PIER_SOCK_DGRAM, PIER_IPPROTO_UDP },
        { PIER_SOCK_RAW, 89, 1, PIER_SOCK_RAW, 89 },
        { PIER_SOCK_SEQPACKET, 0, 1, PIER_SOCK_SEQPACKET, 0 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        const struct pier_addrinfo_hints hints = { 0, 0, kinds[i].type,
                                                   kinds[i].protocol };
        struct pier_addrinfo *list;

        CHECK_OK(pier_getaddrinfo(&list, "192.0.2.7", "80", &hints, NULL));
        CHECK_INT(count(list), kinds[i].entries);
        CHECK_INT(list->type, kinds[i].first_type);
        CHECK_INT(list->protocol, kinds[i].first_protocol);
        pier_freeaddrinfo(list);
    }
}

static void an_address_given_twice_is_listed_once(void **state)
{
    const struct pier_addrinfo_hints hints = { 0, 0, PIER_SOCK_STREAM, 0 };
    struct pier_address twice[2] = { fake_inet(7, 0), fake_inet(7, 0) };
    struct pier_addrinfo *list;

    (void)state;
    fake_name_set("twice.test", twice, 2, 0, PIER_OK);
    CHECK_OK(pier_getaddrinfo(&list, "twice.test", "80", &hints, NULL));
    CHECK_INT(count(list), 1);
    pier_freeaddrinfo(list);
}

static void an_ipv4_literal_is_mapped_when_asked_for(void **state)
{
    const int flags = PIER_HAVE_AI_V4MAPPED ? PIER_AI_V4MAPPED : 0;
    struct pier_addrinfo *list;
    char text[64];

    (void)state;
    if (!flags)
        skip_because("this system maps no addresses");
    CHECK_OK(ask(&list, "192.0.2.7", "80", flags, PIER_AF_INET6));
    CHECK_INT(list->family, PIER_AF_INET6);
    CHECK_OK(pier_address_host(&list->address, text, sizeof(text)));
    assert_string_equal(text, "::ffff:192.0.2.7");
    CHECK_INT(pier_address_port(&list->address), 80);
    pier_freeaddrinfo(list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_FAKE(a_closed_socket_is_not_tuned),
        ON_FAKE(a_flag_that_the_system_lacks_is_refused_everywhere),
        ON_FAKE(a_kind_that_the_system_lacks_is_refused),
        ON_FAKE(a_socket_with_a_layer_has_no_second_object),
        ON_FAKE(a_zone_longer_than_any_name_is_no_interface),
        ON_FAKE(what_is_no_question_is_refused),
        ON_FAKE(what_is_no_question_for_a_name_is_refused),
        ON_FAKE(a_type_or_a_protocol_alone_means_the_other),
        ON_FAKE(an_address_given_twice_is_listed_once),
        ON_FAKE(an_ipv4_literal_is_mapped_when_asked_for),
    };

    return cmocka_run_group_tests_name("refusals", tests, NULL, NULL);
}
