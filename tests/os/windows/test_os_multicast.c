/* SPDX-License-Identifier: MIT */
/* Groups by interface index, on systems with and without RFC 3678. */
#include "scripted.h"

#include <string.h>

/* The loopback interface, which every system has; and none. */
#define SOME_INDEX 1
#define NO_INDEX   77777

static struct pier_address group_of(int family)
{
    struct pierp_endpoint e = { .family = family };
    struct pier_address a;

    e.ip[0] = family == AF_INET ? 239 : 0xFF;
    e.ip[1] = family == AF_INET ? 1 : 0x05;
    e.ip[3] = family == AF_INET ? 7 : 0;
    e.ip[15] = family == AF_INET ? 0 : 7;
    CHECK_OK(pierp_address_pack(&a, &e));
    return a;
}

static pier_err change(int family, bool with_source, bool join, unsigned index)
{
    struct pier_address group = group_of(family);
    struct pier_address source = script_loopback(family, 0);
    struct pierp_membership m = { .group = &group, .interface_index = index };

    if (with_source)
        m.source = &source;
    return pierp_change_membership(SOME_SOCKET, &m, join);
}

static int level_of(int family)
{
    return family == AF_INET ? IPPROTO_IP : IPPROTO_IPV6;
}

static void check_any(int family, bool join)
{
    int name = join ? MCAST_JOIN_GROUP : MCAST_LEAVE_GROUP;
    struct pier_address group = group_of(family);
    struct group_req request;
    size_t index = CALLS(setsockopt);

    NEXT(setsockopt, .result = 0,
         .when = { ARGUMENT(2, level_of(family)), ARGUMENT(3, name),
                   ARGUMENT(5, sizeof request) });
    CHECK_OK(change(family, false, join, SOME_INDEX));
    memcpy(&request, script_call("setsockopt", index)->kept, sizeof request);
    CHECK_INT(request.gr_interface, SOME_INDEX);
    assert_memory_equal(&request.gr_group, group.storage.bytes, group.length);
}

static void any_source_is_joined_and_left_by_index(void **state)
{
    (void)state;
    check_any(AF_INET, true);
    check_any(AF_INET, false);
    check_any(AF_INET6, true);
    check_any(AF_INET6, false);
}

static void check_source(int family, bool join)
{
    int name = join ? MCAST_JOIN_SOURCE_GROUP : MCAST_LEAVE_SOURCE_GROUP;
    struct pier_address source = script_loopback(family, 0);
    struct pier_address group = group_of(family);
    const size_t group_at = offsetof(struct group_source_req, gsr_group);
    const struct script_call *call;
    size_t index = CALLS(setsockopt);
    ULONG interface_index;

    NEXT(setsockopt, .result = 0,
         .when = { ARGUMENT(2, level_of(family)), ARGUMENT(3, name),
                   ARGUMENT(5, sizeof(struct group_source_req)) });
    CHECK_OK(change(family, true, join, SOME_INDEX));
    call = script_call("setsockopt", index);
    memcpy(&interface_index, call->kept, sizeof interface_index);
    CHECK_INT(interface_index, SOME_INDEX);
    assert_memory_equal(call->kept + group_at, group.storage.bytes,
                        group.length);
    /* Of the source what is kept: its family. */
    CHECK_INT(call->kept[offsetof(struct group_source_req, gsr_source)],
              family);
    CHECK_INT(source.storage.bytes[0], family);
}

static void one_source_is_joined_and_left_by_index(void **state)
{
    (void)state;
    check_source(AF_INET, true);
    check_source(AF_INET, false);
    check_source(AF_INET6, true);
    check_source(AF_INET6, false);
}

/* As an emulation does. */
static void lack(int name)
{
    NEXT(setsockopt, .result = SOCKET_ERROR, .error = WSAENOPROTOOPT,
         .when = { ARGUMENT(3, name) });
}

static void check_older(int family, int newer, int older, bool join)
{
    size_t index = CALLS(setsockopt) + 1;
    struct ipv6_mreq v6;
    struct ip_mreq v4;

    lack(newer);
    NEXT(setsockopt, .result = 0,
         .when = { ARGUMENT(2, level_of(family)), ARGUMENT(3, older) });
    CHECK_OK(change(family, false, join, SOME_INDEX));
    memcpy(&v4, script_call("setsockopt", index)->kept, sizeof v4);
    memcpy(&v6, script_call("setsockopt", index)->kept, sizeof v6);
    if (family == AF_INET) {
        CHECK_INT(v4.imr_interface.s_addr, htonl(SOME_INDEX));
    } else {
        CHECK_INT(v6.ipv6mr_interface, SOME_INDEX);
    }
}

static void without_the_options_of_rfc_3678_older_ones_do(void **state)
{
    (void)state;
    check_older(AF_INET, MCAST_JOIN_GROUP, IP_ADD_MEMBERSHIP, true);
    check_older(AF_INET, MCAST_LEAVE_GROUP, IP_DROP_MEMBERSHIP, false);
    check_older(AF_INET6, MCAST_JOIN_GROUP, IPV6_JOIN_GROUP, true);
    check_older(AF_INET6, MCAST_LEAVE_GROUP, IPV6_LEAVE_GROUP, false);
}

static void an_older_option_that_wants_an_address_gets_one(void **state)
{
    struct ip_mreq_source request;

    (void)state;
    lack(MCAST_JOIN_SOURCE_GROUP);
    NEXT(setsockopt, .result = SOCKET_ERROR, .error = WSAEADDRNOTAVAIL,
         .when = { ARGUMENT(3, IP_ADD_SOURCE_MEMBERSHIP) });
    NEXT(setsockopt, .result = 0,
         .when = { ARGUMENT(3, IP_ADD_SOURCE_MEMBERSHIP) });
    CHECK_OK(change(AF_INET, true, true, SOME_INDEX));
    memcpy(&request, script_call("setsockopt", 2)->kept, sizeof request);
    CHECK_INT(request.imr_interface.s_addr, htonl(INADDR_LOOPBACK));
    CHECK_INT(request.imr_sourceaddr.s_addr, htonl(INADDR_LOOPBACK));
}

static void sources_of_ipv6_have_no_older_option(void **state)
{
    (void)state;
    lack(MCAST_JOIN_SOURCE_GROUP);
    CHECK_ERR(change(AF_INET6, true, true, SOME_INDEX), PIER_ENOTSUP);
    CHECK_INT(CALLS(setsockopt), 1);
}

static pier_err fail_with(int error, bool join, unsigned index)
{
    NEXT(setsockopt, .result = SOCKET_ERROR, .error = error);
    return change(AF_INET6, false, join, index);
}

static void what_winsock_calls_invalid_has_its_name(void **state)
{
    (void)state;
    CHECK_ERR(fail_with(WSAEINVAL, true, SOME_INDEX), PIER_EADDRINUSE);
    CHECK_ERR(fail_with(WSAEINVAL, false, SOME_INDEX), PIER_EADDRNOTAVAIL);
    CHECK_ERR(fail_with(WSAEADDRNOTAVAIL, false, 0), PIER_EADDRNOTAVAIL);
    CHECK_ERR(fail_with(WSAENOBUFS, true, SOME_INDEX), PIER_ENOBUFS);
    CHECK_ERR(fail_with(WSAEADDRNOTAVAIL, true, NO_INDEX), PIER_ENXIO);
    CHECK_ERR(fail_with(WSAEINVAL, true, NO_INDEX), PIER_ENXIO);
}

static void check_dword(size_t index, int level, int name, DWORD value)
{
    const struct script_call *call = script_call("setsockopt", index);
    DWORD kept;

    CHECK_INT(call->arguments[1], level);
    CHECK_INT(call->arguments[2], name);
    CHECK_INT(call->arguments[4], sizeof kept);
    memcpy(&kept, call->kept, sizeof kept);
    CHECK_INT(kept, value);
}

static void q77_hops_and_loop_are_dwords(void **state)
{
    (void)state;
    ALWAYS(setsockopt, .result = 0);
    CHECK_OK(pierp_set_multicast(SOME_SOCKET, AF_INET, 9, true, SOME_INDEX));
    check_dword(0, IPPROTO_IP, IP_MULTICAST_IF, htonl(SOME_INDEX));
    check_dword(1, IPPROTO_IP, IP_MULTICAST_TTL, 9);
    check_dword(2, IPPROTO_IP, IP_MULTICAST_LOOP, 1);
    CHECK_OK(
        pierp_set_multicast(SOME_SOCKET, AF_INET6, -1, false, SOME_INDEX));
    check_dword(3, IPPROTO_IPV6, IPV6_MULTICAST_IF, SOME_INDEX);
    check_dword(4, IPPROTO_IPV6, IPV6_MULTICAST_LOOP, 0);
    CHECK_INT(CALLS(setsockopt), 5);
}

static void an_interface_to_send_on_that_is_not_there_is_none(void **state)
{
    (void)state;
    ALWAYS(setsockopt, .result = SOCKET_ERROR, .error = WSAEADDRNOTAVAIL);
    CHECK_ERR(pierp_set_multicast(SOME_SOCKET, AF_INET, 9, true, NO_INDEX),
              PIER_ENXIO);
    CHECK_ERR(pierp_set_multicast(SOME_SOCKET, AF_INET6, 9, true, NO_INDEX),
              PIER_ENXIO);
    CHECK_ERR(pierp_set_multicast(SOME_SOCKET, AF_INET6, 9, true, SOME_INDEX),
              PIER_EADDRNOTAVAIL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        OS_TEST(any_source_is_joined_and_left_by_index),
        OS_TEST(one_source_is_joined_and_left_by_index),
        OS_TEST(without_the_options_of_rfc_3678_older_ones_do),
        OS_TEST(an_older_option_that_wants_an_address_gets_one),
        OS_TEST(sources_of_ipv6_have_no_older_option),
        OS_TEST(what_winsock_calls_invalid_has_its_name),
        OS_TEST(q77_hops_and_loop_are_dwords),
        OS_TEST(an_interface_to_send_on_that_is_not_there_is_none),
    };

    return cmocka_run_group_tests(tests, script_start, NULL);
}
