/* SPDX-License-Identifier: MIT */
/* What qemu's emulation of Linux answers: options of later kernels are not
 * there, or are taken for an int. */
#include "wrapped.h"

#include <pier/socket.h>
#include <string.h>

#define LACKING .result = -1, .error = ENOPROTOOPT

static void what_is_no_answer_about_a_connection_is_none(void **state)
{
    const unsigned char reversed[4] = { 0, 0, 0, PIER_TCP_STATE_LISTEN };
    struct pier_tcp_info info = { .known = 77 };

    (void)state;
    NEXT(getsockopt, .bytes = reversed, .length = sizeof reversed);
    CHECK_ERR(pierp_tcp_info(SOME_FD, &info), PIER_ENOTSUP);
    CHECK_INT(info.known, 77);
    CHECK_INT(info.state, 0);
}

/* Linux 2.4 told no more than this. */
static void a_short_answer_about_a_connection_is_one(void **state)
{
    unsigned char old[92] = { PIER_TCP_STATE_LISTEN };
    struct pier_tcp_info info = { .known = 0 };

    (void)state;
    NEXT(getsockopt, .bytes = old, .length = sizeof old);
    CHECK_OK(pierp_tcp_info(SOME_FD, &info));
    CHECK_INT(info.known, PIERP_TCP_RTT | PIERP_TCP_RTT_VARIANCE |
                              PIERP_TCP_SEND_MSS | PIERP_TCP_STATE |
                              PIERP_TCP_CONGESTION_WINDOW);
    CHECK_INT(info.state, PIER_TCP_STATE_LISTEN);
}

/* What is left to the system is so anyway. */
static void check_interface(int family, int level, int name)
{
    NEXT(setsockopt, LACKING,
         .when = { ARGUMENT(2, level), ARGUMENT(3, name) });
    CHECK_ERR(pierp_set_multicast(SOME_FD, family, 5, true, 1), PIER_ENOTSUP);
    CHECK_INT(CALLS(setsockopt), 1);
    NEXT(setsockopt, LACKING,
         .when = { ARGUMENT(2, level), ARGUMENT(3, name) });
    NEXT(setsockopt, .result = 0);
    NEXT(setsockopt, .result = 0);
    CHECK_OK(pierp_set_multicast(SOME_FD, family, 5, true, 0));
    CHECK_INT(CALLS(setsockopt), 4);
}

static void the_interface_of_ipv4_is_left_to_the_system(void **state)
{
    (void)state;
    check_interface(PIER_AF_INET, IPPROTO_IP, IP_MULTICAST_IF);
}

static void the_interface_of_ipv6_is_left_to_the_system(void **state)
{
    (void)state;
    check_interface(PIER_AF_INET6, IPPROTO_IPV6, IPV6_MULTICAST_IF);
}

/* Joins a group of the given family by the options of RFC 3678, in vain. */
static pier_err join(const struct pier_address *group,
                     const struct pier_address *source)
{
    const struct pierp_membership m = { group, source, 0 };

    NEXT(setsockopt, LACKING,
         .when = { ARGUMENT(3, source ? MCAST_JOIN_SOURCE_GROUP
                                      : MCAST_JOIN_GROUP) });
    return pierp_change_membership(SOME_FD, &m, true);
}

static void a_member_joins_by_the_options_of_its_family(void **state)
{
    struct pier_address group =
        script_inet((const unsigned char[]){ 239, 1, 2, 3 }, 0);
    struct pier_address source = script_loopback(PIER_AF_INET, 0);
    struct ip_mreq request;

    (void)state;
    NEXT(setsockopt, .result = 0, .when = { ARGUMENT(3, IP_ADD_MEMBERSHIP) });
    CHECK_OK(join(&group, NULL));
    memcpy(&request, script_call("setsockopt", 1)->kept, sizeof request);
    CHECK_INT(ntohl(request.imr_multiaddr.s_addr), 0xef010203);
    NEXT(setsockopt, .result = 0,
         .when = { ARGUMENT(3, IP_ADD_SOURCE_MEMBERSHIP) });
    CHECK_OK(join(&group, &source));
}

static void sources_of_ipv6_have_no_other_option(void **state)
{
    struct pier_address group = script_loopback(PIER_AF_INET6, 0);

    (void)state;
    NEXT(setsockopt, LACKING,
         .when = { ARGUMENT(3, MCAST_JOIN_SOURCE_GROUP) });
    CHECK_ERR(join(&group, &group), PIER_ENOTSUP);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        OS_TEST(what_is_no_answer_about_a_connection_is_none),
        OS_TEST(a_short_answer_about_a_connection_is_one),
        OS_TEST(the_interface_of_ipv4_is_left_to_the_system),
        OS_TEST(the_interface_of_ipv6_is_left_to_the_system),
        OS_TEST(a_member_joins_by_the_options_of_its_family),
        OS_TEST(sources_of_ipv6_have_no_other_option),
    };

    return cmocka_run_group_tests(tests, script_start, NULL);
}
