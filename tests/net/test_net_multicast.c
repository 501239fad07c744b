/* SPDX-License-Identifier: MIT */
/* Groups on the loopback interface, which needs no network. */
#include "net.h"
#include "system.h"

#include <string.h>

/* A group that is nobody's, for this family. */
static struct pier_address group_of(int family, int port)
{
    struct pier_address a;

    if (family == PIER_AF_INET) {
        CHECK_OK(pier_address_inet(&a, "239.255.77.7", port));
    } else {
        CHECK_OK(
            pier_address_inet6(&a, "ff05::7:77", port, 0, loopback_index()));
    }
    return a;
}

/* Where a source filter is wanted: RFC 4607 has ranges of its own. */
static struct pier_address source_group(int family, int port)
{
    struct pier_address a;

    if (family == PIER_AF_INET) {
        CHECK_OK(pier_address_inet(&a, "232.7.7.7", port));
    } else {
        CHECK_OK(
            pier_address_inet6(&a, "ff35::7:77", port, 0, loopback_index()));
    }
    return a;
}

static bool chooses_interfaces(int family)
{
    return family == PIER_AF_INET
               ? has_option(family, PIER_IPPROTO_IP, PIER_IP_MULTICAST_IF)
               : has_option(family, PIER_IPPROTO_IPV6, PIER_IPV6_MULTICAST_IF);
}

/* Where none can be chosen the address of the sender does it. */
static void send_on_loopback(struct pier_socket *s, int family, int hops)
{
    unsigned index = loopback_index();

    if (!chooses_interfaces(family)) {
        CHECK_ERR(pier_set_multicast(s, hops, true, index), PIER_ENOTSUP);
        index = 0;
    }
    CHECK_OK(pier_set_multicast(s, hops, true, index));
}

static struct pier_socket *open_receiver(int family)
{
    struct pier_socket *s = open_socket(family, PIER_SOCK_DGRAM);
    struct pier_address any;

    if (family == PIER_AF_INET) {
        CHECK_OK(pier_address_inet(&any, NULL, ANY_PORT));
    } else {
        CHECK_OK(pier_address_inet6(&any, NULL, ANY_PORT, 0, 0));
    }
    CHECK_OK(pier_bind(s, &any));
    /* On Windows the receiver's loop counts. */
    send_on_loopback(s, family, -1);
    return s;
}

/* Bound to loopback, so that its address is known to a source filter. */
static struct pier_socket *open_sender(int family)
{
    struct pier_socket *s = open_bound(family, PIER_SOCK_DGRAM);

    send_on_loopback(s, family, 1);
    return s;
}

static int port_of(struct pier_socket *s)
{
    struct pier_address name = name_of(s);

    return pier_address_port(&name);
}

static void send_text(struct pier_socket *s, const struct pier_address *to,
                      const char *text)
{
    CHECK_INT(pier_sendto(s, text, strlen(text), 0, to),
              (long long)strlen(text));
}

static void check_datagram(struct pier_socket *s, const char *text)
{
    char room[64] = "";

    CHECK_OK(pier_settimeout(s, SOON));
    CHECK_INT(pier_recv(s, room, sizeof(room), 0), (long long)strlen(text));
    assert_string_equal(room, text);
}

/* What was sent to a group that nobody is in is known to be lost when what
 * was sent to the socket itself after it has come. */
static void nothing_came_before(struct pier_socket *s,
                                struct pier_socket *sender, int family)
{
    struct pier_address self = loopback(family, port_of(s));

    send_text(sender, &self, "mark");
    check_datagram(s, "mark");
}

static void a_member_hears(int family)
{
    struct pier_socket *s = open_receiver(family);
    struct pier_socket *sender = open_sender(family);
    struct pier_address group = group_of(family, port_of(s));
    unsigned index = loopback_index();

    send_text(sender, &group, "before");
    nothing_came_before(s, sender, family);
    CHECK_OK(pier_join_group(s, &group, NULL, index));
    send_text(sender, &group, "during");
    check_datagram(s, "during");
    CHECK_OK(pier_leave_group(s, &group, NULL, index));
    send_text(sender, &group, "after");
    nothing_came_before(s, sender, family);
}

static void a_member_of_ipv4_hears_by_interface_index(void **state)
{
    (void)state;
    a_member_hears(PIER_AF_INET);
}

static void only_its_source_is_heard(int family)
{
    struct pier_socket *s = open_receiver(family);
    struct pier_socket *sender = open_sender(family);
    struct pier_address group = source_group(family, port_of(s));
    struct pier_address here = loopback(family, 0), elsewhere;
    unsigned index = loopback_index();

    if (family == PIER_AF_INET) {
        CHECK_OK(pier_address_inet(&elsewhere, "127.9.9.9", 0));
    } else {
        CHECK_OK(pier_address_inet6(&elsewhere, "2001:db8::9", 0, 0, 0));
    }
    CHECK_OK(pier_join_group(s, &group, &elsewhere, index));
    send_text(sender, &group, "not from there");
    nothing_came_before(s, sender, family);
    CHECK_OK(pier_join_group(s, &group, &here, index));
    send_text(sender, &group, "from here");
    check_datagram(s, "from here");
    CHECK_OK(pier_leave_group(s, &group, &here, index));
    send_text(sender, &group, "no more");
    if (!EXPECTED_SOURCE_IS_LEFT) {
        check_datagram(s, "no more");
        return;
    }
    nothing_came_before(s, sender, family);
    CHECK_OK(pier_leave_group(s, &group, &elsewhere, index));
}

static void a_member_of_ipv4_chooses_its_source(void **state)
{
    (void)state;
    only_its_source_is_heard(PIER_AF_INET);
}

static void a_source_of_ipv6_is_set_or_not_supported(void **state)
{
    struct pier_address group, here;
    struct pier_socket *s;
    pier_err err;

    (void)state;
    if (!has_ipv6())
        skip_because("no IPv6 loopback");
    s = open_receiver(PIER_AF_INET6);
    group = source_group(PIER_AF_INET6, 0);
    here = loopback(PIER_AF_INET6, 0);
    err = pier_join_group(s, &group, &here, loopback_index());
    if (!EXPECTED_SOURCE_OF_IPV6) {
        CHECK_ERR(err, PIER_ENOTSUP);
        return;
    }
    if (!has_option(PIER_AF_INET6, PIER_IPPROTO_IPV6, option_of_sources)) {
        CHECK_ERR(err, PIER_ENOTSUP);
        skip_because("this system has no sources of IPv6");
    }
    CHECK_OK(err);
}

static void membership_is_told_apart(int family)
{
    struct pier_socket *s = open_receiver(family);
    struct pier_address group = group_of(family, port_of(s));
    unsigned index = loopback_index();

    CHECK_ERR(pier_leave_group(s, &group, NULL, index), PIER_EADDRNOTAVAIL);
    CHECK_OK(pier_join_group(s, &group, NULL, index));
    CHECK_ERR(pier_join_group(s, &group, NULL, index), PIER_EADDRINUSE);
    CHECK_OK(pier_leave_group(s, &group, NULL, index));
    CHECK_ERR(pier_leave_group(s, &group, NULL, index), PIER_EADDRNOTAVAIL);
}

/* What is sent over IPv6 is not heard on loopback everywhere: Linux has no
 * route for multicasts there. */
static void the_scope_of_a_group_names_the_interface(void **state)
{
    struct pier_address group;
    struct pier_socket *s;

    (void)state;
    if (!has_ipv6())
        skip_because("no IPv6 loopback");
    s = open_receiver(PIER_AF_INET6);
    group = group_of(PIER_AF_INET6, port_of(s));
    CHECK_OK(pier_join_group(s, &group, NULL, 0));
    CHECK_OK(pier_leave_group(s, &group, NULL, loopback_index()));
}

static void a_member_joins_once_and_leaves_once(void **state)
{
    (void)state;
    membership_is_told_apart(PIER_AF_INET);
    if (has_ipv6())
        membership_is_told_apart(PIER_AF_INET6);
}

static void an_interface_that_is_not_there_is_none(void **state)
{
    const int families[] = { PIER_AF_INET, PIER_AF_INET6 };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(families); i++) {
        struct pier_address group;
        struct pier_socket *s;
        pier_err err;

        if (i == 1 && !has_ipv6())
            continue;
        s = open_receiver(families[i]);
        group = group_of(families[i], port_of(s));
        err = pier_join_group(s, &group, NULL, 77777);
        CHECK(err == PIER_ENODEV || err == PIER_ENXIO);
    }
}

static void hops_and_loop_are_kept(void **state)
{
    struct pier_socket *s = open_socket(PIER_AF_INET, PIER_SOCK_DGRAM);
    int value = -1;

    (void)state;
    CHECK_OK(pier_set_multicast(s, 255, false, 0));
    CHECK_OK(pier_getsockopt_int(s, PIER_IPPROTO_IP, PIER_IP_MULTICAST_TTL,
                                 &value));
    CHECK_INT(value, 255);
    CHECK_OK(pier_getsockopt_int(s, PIER_IPPROTO_IP, PIER_IP_MULTICAST_LOOP,
                                 &value));
    CHECK_INT(value, 0);
    CHECK_OK(pier_set_multicast(s, -1, true, 0));
    CHECK_OK(pier_getsockopt_int(s, PIER_IPPROTO_IP, PIER_IP_MULTICAST_LOOP,
                                 &value));
    CHECK_INT(value, 1);
    CHECK_OK(pier_getsockopt_int(s, PIER_IPPROTO_IP, PIER_IP_MULTICAST_TTL,
                                 &value));
    CHECK_INT(value, 255);
    CHECK_OK(pier_set_multicast(s, 0, true, 0));
    CHECK_OK(pier_getsockopt_int(s, PIER_IPPROTO_IP, PIER_IP_MULTICAST_TTL,
                                 &value));
    CHECK_INT(value, 0);
    CHECK_ERR(pier_set_multicast(s, 256, true, 0), PIER_EINVAL);
}

static void hops_and_loop_of_ipv6_are_kept(void **state)
{
    struct pier_socket *s;
    int value = -1;

    (void)state;
    if (!has_ipv6())
        skip_because("no IPv6 loopback");
    s = open_socket(PIER_AF_INET6, PIER_SOCK_DGRAM);
    CHECK_OK(pier_set_multicast(s, 9, false, 0));
    CHECK_OK(pier_getsockopt_int(s, PIER_IPPROTO_IPV6,
                                 PIER_IPV6_MULTICAST_HOPS, &value));
    CHECK_INT(value, 9);
    CHECK_OK(pier_getsockopt_int(s, PIER_IPPROTO_IPV6,
                                 PIER_IPV6_MULTICAST_LOOP, &value));
    CHECK_INT(value, 0);
}

static void an_interface_of_ipv4_is_chosen(void **state)
{
    struct pier_socket *s = open_socket(PIER_AF_INET, PIER_SOCK_DGRAM);

    (void)state;
    if (!chooses_interfaces(PIER_AF_INET))
        skip_because("this system chooses the interface of multicasts");
    CHECK_OK(pier_set_multicast(s, 1, true, loopback_index()));
    CHECK(pier_set_multicast(s, 1, true, 77777) < 0);
    CHECK_OK(pier_set_multicast(s, 1, true, 0));
}

static void an_interface_of_ipv6_is_kept(void **state)
{
    struct pier_socket *s;
    int value = -1;

    (void)state;
    if (!has_ipv6())
        skip_because("no IPv6 loopback");
    if (!chooses_interfaces(PIER_AF_INET6))
        skip_because("this system chooses the interface of multicasts");
    s = open_socket(PIER_AF_INET6, PIER_SOCK_DGRAM);
    CHECK_OK(pier_set_multicast(s, 9, false, loopback_index()));
    CHECK_OK(pier_getsockopt_int(s, PIER_IPPROTO_IPV6, PIER_IPV6_MULTICAST_IF,
                                 &value));
    CHECK_INT(value, (int)loopback_index());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        NET_TEST(a_member_of_ipv4_hears_by_interface_index),
        NET_TEST(a_member_of_ipv4_chooses_its_source),
        NET_TEST(a_source_of_ipv6_is_set_or_not_supported),
        NET_TEST(the_scope_of_a_group_names_the_interface),
        NET_TEST(a_member_joins_once_and_leaves_once),
        NET_TEST(an_interface_that_is_not_there_is_none),
        NET_TEST(hops_and_loop_are_kept),
        NET_TEST(hops_and_loop_of_ipv6_are_kept),
        NET_TEST(an_interface_of_ipv4_is_chosen),
        NET_TEST(an_interface_of_ipv6_is_kept),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
