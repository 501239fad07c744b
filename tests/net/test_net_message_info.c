/* SPDX-License-Identifier: MIT */
/* What real messages tell besides their bytes, and what they are told. */
#include "net.h"
#include "system.h"
#include "thread.h"

#include <pier/message_info.h>
#include <string.h>
#include <time.h>

/* Wine passes over all control data of what is sent. */
#define HAS_SENT_CONTROL (!IS_WINDOWS || EXPECTED_SENT_CONTROL)

static const unsigned of_ip =
    PIER_INFO_DESTINATION | PIER_INFO_HOP_LIMIT | PIER_INFO_TRAFFIC_CLASS;

/* false: the build leaves it out, and nothing was changed. An emulator of
 * Linux may lack what its kernel has. */
static bool tells(struct pier_socket *s, unsigned info)
{
    pier_err err = pier_set_message_info(s, info, true);

    if (err == PIER_ENOTSUP && EXPECTED_LINUX_OPTIONS)
        skip_because("this system does not tell it");
    if (err == PIER_ENOTSUP && !IS_WINDOWS)
        return false;
    CHECK_OK(err);
    return true;
}

/* qemu hands control data of IPv6 on as the real machine has it. */
static bool is_swapped(const struct pier_message_info *info)
{
    const unsigned index = loopback_index();

    return (info->known & PIER_INFO_DESTINATION) &&
           info->interface_index == index << 24 && index < 256;
}

static void receive(struct pier_socket *s, struct pier_message_info *info)
{
    static union {
        max_align_t align;
        unsigned char bytes[2048];
    } control;
    char bytes[16];
    struct pier_buffer buffer = { bytes, sizeof(bytes) };
    struct pier_message m = { .buffers = &buffer,
                              .buffer_count = 1,
                              .control = control.bytes,
                              .control_length = pier_message_info_space() };

    CHECK(m.control_length <= sizeof(control.bytes));
    CHECK_OK(pier_settimeout(s, SOON));
    CHECK_INT(pier_recvmsg(s, &m, 0), 4);
    CHECK_INT(m.flags & PIER_MSG_CTRUNC, 0);
    memset(info, 0x55, sizeof(*info));
    info->size = sizeof(*info);
    CHECK_OK(pier_get_message_info(&m, info));
    if (is_swapped(info))
        skip_because("control data has another order of bytes");
}

static void check_told(const struct pier_message_info *info,
                       const struct pier_address *destination)
{
    CHECK_INT(info->known & PIER_INFO_DESTINATION, PIER_INFO_DESTINATION);
    CHECK(pier_address_equal(&info->destination, destination));
    CHECK_INT(info->interface_index, loopback_index());
    CHECK_INT(info->known & PIER_INFO_HOP_LIMIT, PIER_INFO_HOP_LIMIT);
    CHECK_INT(info->hop_limit, 77);
}

static void send_four(struct pier_socket *s, const struct pier_address *to)
{
    CHECK_OK(pier_set_hop_limit(s, 77));
    CHECK_INT(pier_sendto(s, "four", 4, 0, to), 4);
}

static void a_datagram_tells_where_it_went(void **state)
{
    struct pier_address to, host = loopback(PIER_AF_INET, 0);
    struct pier_socket *ends[2];
    struct pier_message_info info;

    (void)state;
    open_datagrams(PIER_AF_INET, ends);
    if (!tells(ends[1], of_ip))
        return;
    to = name_of(ends[1]);
    send_four(ends[0], &to);
    receive(ends[1], &info);
    check_told(&info, &host);
    CHECK_INT(info.known & PIER_INFO_TRAFFIC_CLASS, PIER_INFO_TRAFFIC_CLASS);
    CHECK_INT(info.traffic_class, 0);
    CHECK_OK(pier_set_message_info(ends[1], of_ip, false));
    send_four(ends[0], &to);
    receive(ends[1], &info);
    CHECK_INT(info.known, 0);
}

static void a_datagram_of_ipv6_tells_where_it_went(void **state)
{
    struct pier_address to, host = loopback(PIER_AF_INET6, 0);
    struct pier_socket *ends[2];
    struct pier_message_info info;

    (void)state;
    if (!has_ipv6())
        skip_because("no IPv6 loopback");
    open_datagrams(PIER_AF_INET6, ends);
    if (!tells(ends[1], of_ip))
        return;
    to = name_of(ends[1]);
    send_four(ends[0], &to);
    receive(ends[1], &info);
    check_told(&info, &host);
    CHECK_INT(info.known & PIER_INFO_TRAFFIC_CLASS, PIER_INFO_TRAFFIC_CLASS);
}

/* One socket of both families, bound to every address. */
static struct pier_socket *open_dual(void)
{
    struct pier_socket *s = open_socket(PIER_AF_INET6, PIER_SOCK_DGRAM);
    struct pier_address any;

    CHECK_OK(
        pier_setsockopt_int(s, PIER_IPPROTO_IPV6, PIER_IPV6_V6ONLY, false));
    CHECK_OK(pier_address_inet6(&any, NULL, ANY_PORT, 0, 0));
    CHECK_OK(pier_bind(s, &any));
    return s;
}

static void a_datagram_of_ipv4_tells_it_to_ipv6(void **state)
{
    struct pier_socket *from = open_bound(PIER_AF_INET, PIER_SOCK_DGRAM);
    struct pier_address host, to;
    struct pier_message_info info;
    struct pier_socket *s;

    (void)state;
    if (!has_ipv6())
        skip_because("no IPv6 loopback");
    s = open_dual();
    if (!tells(s, of_ip))
        return;
    to = name_of(s);
    to = loopback(PIER_AF_INET, pier_address_port(&to));
    send_four(from, &to);
    receive(s, &info);
    CHECK_INT(info.known & PIER_INFO_DESTINATION, PIER_INFO_DESTINATION);
    CHECK_OK(pier_address_inet6(&host, "::ffff:127.0.0.1", 0, 0, 0));
    CHECK(pier_address_equal(&info.destination, &host));
    CHECK_INT(info.interface_index, loopback_index());
    if (EXPECTED_LINUX_OPTIONS)
        CHECK_INT(info.hop_limit, 77);
    to = name_of(s);
    to = loopback(PIER_AF_INET6, pier_address_port(&to));
    from = open_bound(PIER_AF_INET6, PIER_SOCK_DGRAM);
    send_four(from, &to);
    receive(s, &info);
    host = loopback(PIER_AF_INET6, 0);
    check_told(&info, &host);
}

static void the_traffic_class_is_told(void **state)
{
    struct pier_socket *ends[2];
    struct pier_message_info info;
    struct pier_address to;

    (void)state;
    open_datagrams(PIER_AF_INET, ends);
    if (!tells(ends[1], PIER_INFO_TRAFFIC_CLASS))
        return;
    CHECK_OK(pier_set_traffic_class(ends[0], 0xb9));
    to = name_of(ends[1]);
    CHECK_INT(pier_sendto(ends[0], "four", 4, 0, &to), 4);
    receive(ends[1], &info);
    CHECK_INT(info.known, PIER_INFO_TRAFFIC_CLASS);
    if (!IS_WINDOWS)
        CHECK_INT(info.traffic_class, 0xb9);
}

/* The clock may be set meanwhile, but not by a day. */
static void a_timestamp_is_of_now(void **state)
{
    const int64_t day = INT64_C(24) * 3600;
    struct pier_socket *ends[2];
    struct pier_message_info info;
    struct pier_address to;
    int64_t now;

    (void)state;
    open_datagrams(PIER_AF_INET, ends);
    if (IS_WINDOWS) {
        CHECK_ERR(
            pier_set_message_info(ends[1], 1 | PIER_INFO_TIMESTAMP, true),
            PIER_ENOTSUP);
        to = name_of(ends[1]);
        CHECK_INT(pier_sendto(ends[0], "four", 4, 0, &to), 4);
        receive(ends[1], &info);
        CHECK_INT(info.known, 0);
        return;
    }
    if (!tells(ends[1], PIER_INFO_TIMESTAMP))
        return;
    to = name_of(ends[1]);
    CHECK_INT(pier_sendto(ends[0], "four", 4, 0, &to), 4);
    receive(ends[1], &info);
    CHECK_INT(info.known, PIER_INFO_TIMESTAMP);
    now = (int64_t)time(NULL);
    CHECK(info.timestamp_ns / SECOND > now - day);
    CHECK(info.timestamp_ns / SECOND < now + day);
}

/* Sends the second half as soon as the first has been taken. */
static void send_on(void *argument)
{
    struct pier_socket **ends = argument;
    char bytes[4];

    while (pier_recv(ends[1], bytes, sizeof(bytes),
                     PIER_MSG_PEEK | PIER_MSG_DONTWAIT) > 0) {
        /* It is still there. */
    }
    (void)!pier_send(ends[0], "ur", 2, 0);
}

/* Receives four bytes; what they tell. */
static unsigned told_of_four(struct pier_socket *s, int flags)
{
    static max_align_t control[64];
    char bytes[4];
    struct pier_buffer buffer = { bytes, sizeof(bytes) };
    struct pier_message m = { .buffers = &buffer,
                              .buffer_count = 1,
                              .control = control,
                              .control_length = sizeof(control) };
    struct pier_message_info info = { .size = sizeof(info) };

    CHECK_INT(pier_recvmsg(s, &m, flags), 4);
    CHECK(memcmp(bytes, "four", 4) == 0);
    CHECK_OK(pier_get_message_info(&m, &info));
    return info.known;
}

/* Not every system tells it of a stream; but what it tells of bytes that come
 * at once is told of those that are waited for. */
static void a_stream_is_told_when_its_latest_piece_came(void **state)
{
    struct pier_socket *ends[2];
    struct test_thread *sender;
    unsigned expected;
    int64_t begin;

    (void)state;
    open_streams(PIER_AF_INET, ends);
    if (IS_WINDOWS) {
        CHECK_ERR(pier_set_message_info(ends[1], PIER_INFO_TIMESTAMP, true),
                  PIER_ENOTSUP);
        return;
    }
    if (!tells(ends[1], PIER_INFO_TIMESTAMP))
        return;
    /* A kernel begins a moment after it was asked. */
    begin = pier_monotonic();
    do {
        CHECK_INT(pier_send(ends[0], "four", 4, 0), 4);
        expected = told_of_four(ends[1], 0);
    } while (expected == 0 && pier_monotonic() - begin < SECOND);
    CHECK(!EXPECTED_LINUX_OPTIONS || expected == PIER_INFO_TIMESTAMP);
    CHECK_INT(pier_send(ends[0], "fo", 2, 0), 2);
    sender = thread_start(send_on, ends);
    CHECK_INT(told_of_four(ends[1], PIER_MSG_WAITALL), expected);
    thread_join(sender);
}

/* ------------------------------------------------------------- sending --- */

static ptrdiff_t send_with(struct pier_socket *s, struct pier_address *to,
                           const struct pier_message_info *info)
{
    static union {
        max_align_t align;
        unsigned char bytes[2048];
    } control;
    char bytes[4] = { 'f', 'o', 'u', 'r' };
    struct pier_buffer buffer = { bytes, sizeof(bytes) };
    struct pier_message m = { .address = to,
                              .buffers = &buffer,
                              .buffer_count = 1,
                              .control = control.bytes };
    int family = to ? pier_address_family(to) : PIER_AF_UNIX;

    CHECK_OK(pier_put_message_info(&m, sizeof(control.bytes), family, info));
    return pier_sendmsg(s, &m, 0);
}

static void check_sent(struct pier_socket *s, const struct pier_address *from)
{
    struct pier_message_info info;

    receive(s, &info);
    if (!HAS_SENT_CONTROL) {
        CHECK(info.hop_limit != 99);
        return;
    }
    CHECK_INT(info.hop_limit, 99);
    CHECK_INT(info.traffic_class, 0x2d);
    CHECK(pier_address_equal(&info.destination, from));
}

static void one_datagram_goes_as_it_is_told_to(void **state)
{
    struct pier_message_info info = { .size = sizeof(info),
                                      .known = of_ip,
                                      .hop_limit = 99,
                                      .traffic_class = 0x2d };
    struct pier_address to, from = loopback(PIER_AF_INET, 0);
    struct pier_socket *ends[2];

    (void)state;
    open_datagrams(PIER_AF_INET, ends);
    if (!tells(ends[1], of_ip))
        return;
    to = name_of(ends[1]);
    info.destination = from;
    info.interface_index = loopback_index();
    CHECK_INT(send_with(ends[0], &to, &info), 4);
    check_sent(ends[1], &from);
}

static void one_datagram_of_ipv6_goes_as_it_is_told_to(void **state)
{
    struct pier_message_info info = { .size = sizeof(info),
                                      .known = of_ip,
                                      .hop_limit = 99,
                                      .traffic_class = 0x2d };
    struct pier_address to, from = loopback(PIER_AF_INET6, 0);
    struct pier_message_info plain;
    struct pier_socket *ends[2];

    (void)state;
    if (!has_ipv6())
        skip_because("no IPv6 loopback");
    open_datagrams(PIER_AF_INET6, ends);
    if (!tells(ends[1], of_ip))
        return;
    to = name_of(ends[1]);
    info.destination = from;
    /* What cannot be read could not be sent either. */
    CHECK_INT(pier_sendto(ends[0], "four", 4, 0, &to), 4);
    receive(ends[1], &plain);
    CHECK_INT(send_with(ends[0], &to, &info), 4);
    check_sent(ends[1], &from);
}

/* On Linux and on Windows all of 127.0.0.0/8 is this machine. */
static void a_datagram_comes_from_the_address_it_is_told(void **state)
{
    struct pier_message_info info = { .size = sizeof(info),
                                      .known = PIER_INFO_DESTINATION };
    struct pier_socket *s = open_socket(PIER_AF_INET, PIER_SOCK_DGRAM);
    struct pier_socket *peer = open_bound(PIER_AF_INET, PIER_SOCK_DGRAM);
    struct pier_address to = name_of(peer), from;
    char bytes[4];

    (void)state;
    CHECK_OK(pier_address_inet(&info.destination, "127.0.0.2", 0));
    CHECK_INT(send_with(s, &to, &info), 4);
    CHECK_OK(pier_settimeout(peer, SOON));
    CHECK_INT(pier_recvfrom(peer, bytes, sizeof(bytes), 0, &from), 4);
    CHECK_OK(pier_address_inet(&info.destination,
                               HAS_SENT_CONTROL ? "127.0.0.2" : "127.0.0.1",
                               pier_address_port(&from)));
    CHECK(pier_address_equal(&from, &info.destination));
}

static void an_address_that_is_not_ours_is_refused(void **state)
{
    struct pier_message_info info = { .size = sizeof(info),
                                      .known = PIER_INFO_DESTINATION };
    struct pier_socket *s = open_socket(PIER_AF_INET, PIER_SOCK_DGRAM);
    struct pier_address to = closed_port();

    (void)state;
    CHECK_OK(pier_address_inet(&info.destination, "192.0.2.1", 0));
    CHECK_INT(send_with(s, &to, &info) < 0, HAS_SENT_CONTROL);
}

/* --------------------------------------------------------- credentials --- */

static void check_peer(struct pier_socket *s,
                       const struct pier_message_info *info)
{
    uint32_t peer[3] = { 0 };
    size_t length = sizeof(peer);

    CHECK_INT(info->known, PIER_INFO_CREDENTIALS);
    CHECK_OK(
        pier_getsockopt(s, PIER_SOL_SOCKET, PIER_SO_PEERCRED, peer, &length));
    CHECK_INT(info->process_id, peer[0]);
    CHECK_INT(info->user_id, peer[1]);
    CHECK_INT(info->group_id, peer[2]);
}

static void a_sender_is_known_by_its_credentials(void **state)
{
    static const int types[] = { PIER_SOCK_STREAM, PIER_SOCK_DGRAM };
    struct pier_socket *ends[2];
    struct pier_message_info info;

    (void)state;
    if (!PIER_HAVE_SO_PEERCRED)
        skip_because("this system does not tell it");
    for (int i = 0; i < 2; i++) {
        open_pair(PIER_AF_UNIX, types[i], ends);
        if (!tells(ends[1], PIER_INFO_CREDENTIALS))
            return;
        CHECK_INT(pier_send(ends[0], "four", 4, 0), 4);
        receive(ends[1], &info);
        check_peer(ends[1], &info);
        CHECK_INT(send_with(ends[0], NULL, &info), 4);
        receive(ends[1], &info);
        check_peer(ends[1], &info);
    }
}

static void what_a_kind_of_socket_never_tells_is_not_supported(void **state)
{
    struct pier_socket *s = open_socket(PIER_AF_INET, PIER_SOCK_DGRAM);

    (void)state;
    CHECK_ERR(pier_set_message_info(s, PIER_INFO_CREDENTIALS, true),
              PIER_ENOTSUP);
    if (!has_unix())
        return;
    s = open_socket(PIER_AF_UNIX, PIER_SOCK_STREAM);
    CHECK_ERR(pier_set_message_info(s, PIER_INFO_DESTINATION, true),
              PIER_ENOTSUP);
    if (IS_WINDOWS) {
        CHECK_ERR(pier_set_message_info(s, PIER_INFO_CREDENTIALS, true),
                  PIER_ENOTSUP);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        NET_TEST(a_datagram_tells_where_it_went),
        NET_TEST(a_datagram_of_ipv6_tells_where_it_went),
        NET_TEST(a_datagram_of_ipv4_tells_it_to_ipv6),
        NET_TEST(the_traffic_class_is_told),
        NET_TEST(a_timestamp_is_of_now),
        NET_TEST(a_stream_is_told_when_its_latest_piece_came),
        NET_TEST(one_datagram_goes_as_it_is_told_to),
        NET_TEST(one_datagram_of_ipv6_goes_as_it_is_told_to),
        NET_TEST(a_datagram_comes_from_the_address_it_is_told),
        NET_TEST(an_address_that_is_not_ours_is_refused),
        NET_TEST(a_sender_is_known_by_its_credentials),
        NET_TEST(what_a_kind_of_socket_never_tells_is_not_supported),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
