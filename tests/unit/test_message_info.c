/* SPDX-License-Identifier: MIT */
/*
 * What a message tells besides its bytes, on a scripted system: switches that
 * are all set or none, control data of any kind, and bounds. The items are the
 * target's own.
 */
#include "unit.h"

#include <pier/error.h>
#include <pier/message_info.h>
#include <string.h>

#define ROOM 1024

static const unsigned of_ip =
    PIER_INFO_DESTINATION | PIER_INFO_HOP_LIMIT | PIER_INFO_TRAFFIC_CLASS;

static int kept(struct pier_socket *s, enum pierp_option option)
{
    return fake_tuning(pier_fileno(s))->options[option];
}

/* ------------------------------------------------------------ switches --- */

static void what_is_asked_for_is_switched_on_and_off(void **state)
{
    struct pier_socket *s = open_udp();

    (void)state;
    CHECK_OK(pier_set_message_info(s, of_ip | PIER_INFO_TIMESTAMP, true));
    CHECK_INT(kept(s, PIERP_TELL_DESTINATION), 1);
    CHECK_INT(kept(s, PIERP_TELL_HOP_LIMIT), 1);
    CHECK_INT(kept(s, PIERP_TELL_TRAFFIC_CLASS), 1);
    CHECK_INT(kept(s, PIERP_TELL_TIMESTAMP), 1);
    CHECK_OK(pier_set_message_info(s, PIER_INFO_HOP_LIMIT, false));
    CHECK_INT(kept(s, PIERP_TELL_DESTINATION), 1);
    CHECK_INT(kept(s, PIERP_TELL_HOP_LIMIT), 0);
    pier_free(s);
}

static void what_is_lacking_is_found_before_a_change(void **state)
{
    struct pier_socket *s = open_udp();

    (void)state;
    fake_fail(FAKE_GET_OPTION, 3, PIER_ENOTSUP);
    CHECK_ERR(pier_set_message_info(s, of_ip, true), PIER_ENOTSUP);
    CHECK_INT(fake_calls_of(FAKE_SET_OPTION), 0);
    pier_free(s);
}

static void a_refusal_puts_back_what_was(void **state)
{
    struct pier_socket *s = open_udp();

    (void)state;
    CHECK_OK(pier_set_message_info(s, PIER_INFO_HOP_LIMIT, true));
    fake_fail(FAKE_SET_OPTION, 3, PIER_EPERM);
    CHECK_ERR(pier_set_message_info(s, of_ip, true), PIER_EPERM);
    CHECK_INT(kept(s, PIERP_TELL_DESTINATION), 0);
    CHECK_INT(kept(s, PIERP_TELL_HOP_LIMIT), 1);
    CHECK_INT(kept(s, PIERP_TELL_TRAFFIC_CLASS), 0);
    pier_free(s);
}

static void what_no_system_tells_is_not_asked_for(void **state)
{
    struct pier_socket *s = open_udp(), *path = open_path();

    (void)state;
    fake_clear_calls();
    CHECK_ERR(pier_set_message_info(s, 0, true), PIER_EINVAL);
    CHECK_ERR(pier_set_message_info(s, 32 | 1, true), PIER_EINVAL);
    CHECK_ERR(pier_set_message_info(NULL, 1, true), PIER_EINVAL);
    CHECK_ERR(pier_set_message_info(s, 1 | PIER_INFO_CREDENTIALS, true),
              PIER_ENOTSUP);
    CHECK_ERR(pier_set_message_info(path, PIER_INFO_HOP_LIMIT, true),
              PIER_ENOTSUP);
    CHECK_INT(fake_system_calls(), 0);
    CHECK_OK(pier_set_message_info(path, PIER_INFO_CREDENTIALS, true));
    CHECK_OK(pier_close(s));
    CHECK_ERR(pier_set_message_info(s, 1, true), PIER_EBADF);
    pier_free(s);
    pier_free(path);
}

/* -------------------------------------------------------- control data --- */

static union {
    max_align_t align;
    unsigned char bytes[ROOM];
} room;

static struct pier_message empty(void)
{
    struct pier_message m = { .control = room.bytes };

    memset(room.bytes, 0xee, sizeof(room.bytes));
    return m;
}

static struct pier_message_info info_of(unsigned known)
{
    struct pier_message_info info = { .size = sizeof(info), .known = known };

    return info;
}

/* All that can be said of a datagram of IPv6. */
static struct pier_message_info ipv6(const char *ip)
{
    struct pier_message_info info = info_of(of_ip);

    CHECK_OK(pier_address_inet6(&info.destination, ip, 0, 0, 0));
    info.interface_index = 7;
    info.hop_limit = 255;
    info.traffic_class = 0xb9;
    return info;
}

static struct pier_message_info read_back(const struct pier_message *m)
{
    struct pier_message_info info;

    memset(&info, 0x55, sizeof(info));
    info.size = sizeof(info);
    CHECK_OK(pier_get_message_info(m, &info));
    CHECK_INT(info.size, sizeof(info));
    return info;
}

static void what_is_put_is_read(void **state)
{
    struct pier_message m = empty();
    const struct pier_message_info in = ipv6("2001:db8::1");
    struct pier_message_info out;

    (void)state;
    CHECK_OK(pier_put_message_info(&m, ROOM, PIER_AF_INET6, &in));
    CHECK(m.control_length > 0);
    CHECK(m.control_length <= pier_message_info_space());
    out = read_back(&m);
    CHECK_INT(out.known, of_ip);
    CHECK(pier_address_equal(&out.destination, &in.destination));
    CHECK_INT(out.interface_index, 7);
    CHECK_INT(out.hop_limit, 255);
    CHECK_INT(out.traffic_class, 0xb9);
    CHECK(out.timestamp_ns == 0 && out.process_id == 0);
}

static void a_link_local_address_has_its_interface(void **state)
{
    struct pier_message m = empty();
    struct pier_message_info in = ipv6("fe80::1"), out;

    (void)state;
    CHECK_OK(pier_put_message_info(&m, ROOM, PIER_AF_INET6, &in));
    out = read_back(&m);
    CHECK_INT(pier_address_scope_id(&out.destination), 7);
    m = empty();
    in = ipv6("ff02::1");
    CHECK_OK(pier_put_message_info(&m, ROOM, PIER_AF_INET6, &in));
    out = read_back(&m);
    CHECK_INT(pier_address_scope_id(&out.destination), 7);
    m = empty();
    in = ipv6("ff05::1");
    CHECK_OK(pier_put_message_info(&m, ROOM, PIER_AF_INET6, &in));
    out = read_back(&m);
    CHECK_INT(pier_address_scope_id(&out.destination), 0);
}

static bool has_ipv4_items(void)
{
    struct pier_message_info info = info_of(PIER_INFO_HOP_LIMIT);
    struct pier_message m = empty();

    info.hop_limit = 1;
    return pier_put_message_info(&m, ROOM, PIER_AF_INET, &info) == PIER_OK;
}

/* Whichever comes first. */
static void the_address_of_ipv6_counts_where_there_are_two(void **state)
{
    struct pier_message_info six = ipv6("::ffff:1.2.3.4"), out;
    struct pier_message_info four = info_of(PIER_INFO_DESTINATION);
    struct pier_message m = empty();

    (void)state;
    if (!has_ipv4_items())
        skip_because("this system is told nothing of IPv4");
    CHECK_OK(pier_address_inet(&four.destination, "5.6.7.8", 0));
    CHECK_OK(pier_put_message_info(&m, ROOM, PIER_AF_INET, &four));
    CHECK_OK(pier_put_message_info(&m, ROOM, PIER_AF_INET6, &six));
    out = read_back(&m);
    CHECK(pier_address_equal(&out.destination, &six.destination));
    m = empty();
    CHECK_OK(pier_put_message_info(&m, ROOM, PIER_AF_INET6, &six));
    CHECK_OK(pier_put_message_info(&m, ROOM, PIER_AF_INET, &four));
    out = read_back(&m);
    CHECK(pier_address_equal(&out.destination, &six.destination));
    m = empty();
    CHECK_OK(pier_put_message_info(&m, ROOM, PIER_AF_INET, &four));
    out = read_back(&m);
    CHECK_INT(pier_address_family(&out.destination), PIER_AF_INET);
}

static void put_ipv6(struct pier_message *m, int type, size_t length)
{
    static const unsigned char bytes[32] = { 1, 2, 3 };

    CHECK_OK(
        pier_control_put(m, ROOM, PIER_IPPROTO_IPV6, type, bytes, length));
}

static void what_is_short_or_strange_is_passed_over(void **state)
{
    const int hops = 64;
    struct pier_message m = empty();
    struct pier_message_info out;

    (void)state;
    out = read_back(&m);
    CHECK_INT(out.known, 0);
    put_ipv6(&m, PIER_IPV6_PKTINFO, 19);
    put_ipv6(&m, PIER_IPV6_HOPLIMIT, 0);
    put_ipv6(&m, 7777, 20);
    CHECK_OK(
        pier_control_put(&m, ROOM, 7777, PIER_IPV6_PKTINFO, room.bytes, 20));
    out = read_back(&m);
    CHECK_INT(out.known, 0);
    CHECK_INT(out.destination.length, 0);
    put_ipv6(&m, PIER_IPV6_HOPLIMIT, sizeof(hops)); /* beyond a byte */
    out = read_back(&m);
    CHECK_INT(out.known, 0);
    CHECK_OK(pier_control_put(&m, ROOM, PIER_IPPROTO_IPV6, PIER_IPV6_HOPLIMIT,
                              &hops, sizeof(hops)));
    out = read_back(&m);
    CHECK_INT(out.known, PIER_INFO_HOP_LIMIT);
    CHECK_INT(out.hop_limit, hops);
}

/* At every length but the whole one the last item is cut. */
static void what_was_cut_is_not_told(void **state)
{
    struct pier_message whole = empty();
    struct pier_message_info in = info_of(PIER_INFO_DESTINATION), out;

    (void)state;
    CHECK_OK(pier_address_inet6(&in.destination, "2001:db8::1", 0, 0, 0));
    CHECK_OK(pier_put_message_info(&whole, ROOM, PIER_AF_INET6, &in));
    for (size_t n = 0; n < pier_cmsg_len(20); n++) {
        struct pier_message m = whole;

        m.control_length = n;
        out = read_back(&m);
        CHECK_INT(out.known, 0);
    }
    whole.control_length = pier_cmsg_len(20);
    out = read_back(&whole);
    CHECK_INT(out.known, PIER_INFO_DESTINATION);
}

static void any_bytes_are_read_within_their_bounds(void **state)
{
    uint32_t seed = 1;

    (void)state;
    for (int run = 0; run < 20000; run++) {
        struct pier_message m = { .control = room.bytes };
        struct pier_message_info out;

        for (size_t i = 0; i < 128; i++) {
            seed = seed * 1664525u + 1013904223u;
            /* Small numbers are levels, types and lengths more often. */
            room.bytes[i] = seed >> 30 ? (unsigned char)((seed >> 8) % 48) : 0;
        }
        m.control_length = seed % 129;
        out = read_back(&m);
        CHECK((out.known & ~31u) == 0);
    }
}

static void an_older_caller_gets_less(void **state)
{
    struct pier_message m = empty();
    struct pier_message_info in = ipv6("::1"), out;

    (void)state;
    CHECK_OK(pier_put_message_info(&m, ROOM, PIER_AF_INET6, &in));
    memset(&out, 0x55, sizeof(out));
    out.size = offsetof(struct pier_message_info, hop_limit);
    CHECK_OK(pier_get_message_info(&m, &out));
    CHECK_INT(out.known, of_ip);
    CHECK_INT(out.hop_limit, 0x55555555);
    out.size = 0;
    CHECK_ERR(pier_get_message_info(&m, &out), PIER_EINVAL);
    out.size = sizeof(out) + 1;
    CHECK_ERR(pier_get_message_info(&m, &out), PIER_EINVAL);
    CHECK_ERR(pier_get_message_info(&m, NULL), PIER_EINVAL);
    out.size = sizeof(out);
    CHECK_ERR(pier_get_message_info(NULL, &out), PIER_EINVAL);
}

/* ------------------------------------------------------------- writing --- */

static void refuse(int family, const struct pier_message_info *info,
                   pier_err expected)
{
    struct pier_message m = empty();

    CHECK_ERR(pier_put_message_info(&m, ROOM, family, info), expected);
    CHECK_INT(m.control_length, 0);
}

static void what_cannot_be_said_is_refused(void **state)
{
    struct pier_message_info info = ipv6("::1");
    struct pier_message m = empty();

    (void)state;
    refuse(PIER_AF_INET, &info, PIER_EINVAL);
    refuse(PIER_AF_UNIX, &info, PIER_EINVAL);
    info.hop_limit = 0;
    refuse(PIER_AF_INET6, &info, PIER_EINVAL);
    info.hop_limit = 256;
    refuse(PIER_AF_INET6, &info, PIER_EINVAL);
    info.hop_limit = 1;
    info.traffic_class = -1;
    refuse(PIER_AF_INET6, &info, PIER_EINVAL);
    info.traffic_class = 256;
    refuse(PIER_AF_INET6, &info, PIER_EINVAL);
    info = info_of(PIER_INFO_TIMESTAMP);
    refuse(PIER_AF_INET6, &info, PIER_ENOTSUP);
    info = info_of(PIER_INFO_CREDENTIALS);
    refuse(PIER_AF_INET6, &info, PIER_ENOTSUP);
    info.user_id = INT64_C(0x100000000);
    refuse(PIER_AF_UNIX, &info, PIER_EINVAL);
    info.user_id = 0;
    info.process_id = -1;
    refuse(PIER_AF_UNIX, &info, PIER_EINVAL);
    info = info_of(32);
    refuse(PIER_AF_INET6, &info, PIER_EINVAL);
    info = info_of(0);
    refuse(PIER_AF_INET6, &info, PIER_EINVAL);
    refuse(PIER_AF_UNIX, &info, PIER_EINVAL);
    refuse(7777, &info, PIER_EAFNOSUPPORT);
    info.size = 0;
    refuse(PIER_AF_INET6, &info, PIER_EINVAL);
    refuse(PIER_AF_INET6, NULL, PIER_EINVAL);
    CHECK_ERR(pier_put_message_info(NULL, ROOM, PIER_AF_INET6, &info),
              PIER_EINVAL);
    m.control = NULL;
    info = ipv6("::1");
    CHECK_ERR(pier_put_message_info(&m, ROOM, PIER_AF_INET6, &info),
              PIER_EINVAL);
}

static void all_is_put_or_nothing(void **state)
{
    const struct pier_message_info in = ipv6("::1");
    struct pier_message m = empty();
    size_t needed;

    (void)state;
    CHECK_OK(pier_put_message_info(&m, ROOM, PIER_AF_INET6, &in));
    needed = m.control_length;
    for (size_t n = 0; n < needed; n++) {
        m = empty();
        CHECK_ERR(pier_put_message_info(&m, n, PIER_AF_INET6, &in),
                  PIER_ENOBUFS);
        CHECK_INT(m.control_length, 0);
    }
    m = empty();
    put_ipv6(&m, 7777, 4);
    CHECK_ERR(pier_put_message_info(&m, needed, PIER_AF_INET6, &in),
              PIER_ENOBUFS);
    CHECK_INT(m.control_length, pier_cmsg_space(4));
}

static void credentials_are_put_or_not_supported(void **state)
{
    struct pier_message_info in = info_of(PIER_INFO_CREDENTIALS), out;
    struct pier_message m = empty();

    (void)state;
    in.process_id = 11;
    in.user_id = UINT32_MAX;
    in.group_id = 33;
    if (!PIER_HAVE_SCM_CREDENTIALS) {
        refuse(PIER_AF_UNIX, &in, PIER_ENOTSUP);
        return;
    }
    CHECK_OK(pier_put_message_info(&m, ROOM, PIER_AF_UNIX, &in));
    out = read_back(&m);
    CHECK_INT(out.known, PIER_INFO_CREDENTIALS);
    CHECK_INT(out.process_id, 11);
    CHECK_INT(out.user_id, UINT32_MAX);
    CHECK_INT(out.group_id, 33);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_FAKE(what_is_asked_for_is_switched_on_and_off),
        ON_FAKE(what_is_lacking_is_found_before_a_change),
        ON_FAKE(a_refusal_puts_back_what_was),
        ON_FAKE(what_no_system_tells_is_not_asked_for),
        ON_FAKE(what_is_put_is_read),
        ON_FAKE(a_link_local_address_has_its_interface),
        ON_FAKE(the_address_of_ipv6_counts_where_there_are_two),
        ON_FAKE(what_is_short_or_strange_is_passed_over),
        ON_FAKE(what_was_cut_is_not_told),
        ON_FAKE(any_bytes_are_read_within_their_bounds),
        ON_FAKE(an_older_caller_gets_less),
        ON_FAKE(what_cannot_be_said_is_refused),
        ON_FAKE(all_is_put_or_nothing),
        ON_FAKE(credentials_are_put_or_not_supported),
    };

    return cmocka_run_group_tests_name("message_info", tests, NULL, NULL);
}
