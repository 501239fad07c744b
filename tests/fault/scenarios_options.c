/* SPDX-License-Identifier: MIT */
/* Failures of setters and getters: what was stored before is stored after,
 * and the socket is as good as before. */
#include "sweep.h"

#include <pier/message_info.h>
#include <pier/option.h>
#include <string.h>

/* A new socket; use() gets it and its handle. */
static pier_err with_socket(int type,
                            void (*use)(struct pier_socket *s, pier_handle h,
                                        pier_err *first))
{
    struct pier_socket *s;
    pier_err first = PIER_OK;

    if (failed(&first, pier_open(&s, PIER_AF_INET, type, 0)))
        return first;
    use(s, pier_fileno(s), &first);
    end_failures();
    CHECK_OK(pier_close(s));
    pier_free(s);
    return first;
}

/* ------------------------------------------------------ typed options --- */

static bool is_same(const struct fake_tuning *a, const struct fake_tuning *b)
{
    return a->quickack == b->quickack && a->linger == b->linger &&
           a->linger_seconds == b->linger_seconds &&
           a->keepalive.on == b->keepalive.on &&
           a->keepalive.idle == b->keepalive.idle &&
           a->keepalive.count == b->keepalive.count && a->hops == b->hops &&
           a->loop == b->loop && a->interface_index == b->interface_index &&
           memcmp(a->options, b->options, sizeof(a->options)) == 0;
}

/* Changed, or not where the setter has failed; what is now is noted. */
static void check_tuning(bool has_failed, pier_handle h,
                         struct fake_tuning *was)
{
    CHECK_INT(is_same(fake_tuning(h), was), has_failed);
    *was = *fake_tuning(h);
}

static void set_typed(struct pier_socket *s, pier_handle h, pier_err *first)
{
    struct fake_tuning was = *fake_tuning(h);

    check_tuning(failed(first, pier_set_quickack(s, true)), h, &was);
    check_tuning(failed(first, pier_set_keepalive(s, true, SECOND, SECOND, 3)),
                 h, &was);
    check_tuning(failed(first, pier_set_linger(s, true, 2 * SECOND)), h, &was);
}

static void set_ip(struct pier_socket *s, pier_handle h, pier_err *first)
{
    struct fake_tuning was = *fake_tuning(h);

    check_tuning(failed(first, pier_set_hop_limit(s, 9)), h, &was);
    check_tuning(failed(first, pier_set_traffic_class(s, 8)), h, &was);
    check_tuning(failed(first, pier_set_dontfragment(s, true)), h, &was);
    check_tuning(failed(first, pier_set_recverr(s, true)), h, &was);
    check_tuning(failed(first, pier_set_fastopen_queue(s, 7)), h, &was);
    check_tuning(failed(first, pier_set_fastopen_connect(s, true)), h, &was);
}

/* One of them: where putting back fails as well some may stay changed. */
static void ask_to_tell(struct pier_socket *s, pier_handle h, pier_err *first)
{
    struct fake_tuning was = *fake_tuning(h);

    check_tuning(
        failed(first, pier_set_message_info(s, PIER_INFO_HOP_LIMIT, true)), h,
        &was);
}

static void get_ip(struct pier_socket *s, pier_handle h, pier_err *first)
{
    int hops = -1, bits = -1;
    bool on = true, lacks;

    (void)h;
    lacks = failed(first, pier_get_hop_limit(s, &hops));
    CHECK_INT(hops, lacks ? -1 : 0);
    lacks = failed(first, pier_get_traffic_class(s, &bits));
    CHECK_INT(bits, lacks ? -1 : 0);
    lacks = failed(first, pier_get_dontfragment(s, &on));
    CHECK_INT(on, lacks);
}

static void ask_network(struct pier_socket *s, pier_handle h, pier_err *first)
{
    const struct pier_net_error told = { .code = PIER_EHOSTUNREACH };
    struct pier_net_error e = { .size = sizeof(e), .code = 99 };
    struct pier_address peer = fake_inet(1, 9);
    unsigned mtu = 99;
    bool lacks;

    fake_report(h, &told);
    lacks = failed(first, pier_recv_error(s, &e));
    CHECK_INT(e.code, lacks ? 99 : told.code);
    if (failed(first, pier_connect(s, &peer)))
        return;
    lacks = failed(first, pier_get_path_mtu(s, &mtu));
    CHECK_INT(mtu, lacks ? 99 : 1500);
}

static void set_int64(struct pier_socket *s, pier_handle h, pier_err *first)
{
    int64_t value = -1;
    bool is_set;

    (void)h;
    is_set = !failed(first, pier_setsockopt_int64(s, PIER_SOL_SOCKET, 78, 1));
    if (failed(first, pier_getsockopt_int64(s, PIER_SOL_SOCKET, 78, &value))) {
        CHECK_INT(value, -1);
    } else {
        CHECK_INT(value, is_set);
    }
}

static void set_by_number(struct pier_socket *s, pier_handle h,
                          pier_err *first)
{
    int value = -1;
    bool is_set;

    (void)h;
    is_set = !failed(first, pier_set_nodelay(s, true));
    if (failed(first, pier_getsockopt_int(s, PIER_IPPROTO_TCP,
                                          PIER_TCP_NODELAY, &value))) {
        CHECK_INT(value, -1);
    } else {
        CHECK_INT(value, is_set);
    }
    is_set = !failed(
        first, pier_setsockopt_int(s, PIER_SOL_SOCKET, PIER_SO_BROADCAST, 1));
    end_failures();
    CHECK_OK(
        pier_getsockopt_int(s, PIER_SOL_SOCKET, PIER_SO_BROADCAST, &value));
    CHECK_INT(value, is_set);
}

static void set_bytes(struct pier_socket *s, pier_handle h, pier_err *first)
{
    char value[8] = "kept";
    size_t length = sizeof(value);

    (void)h;
    if (!failed(first, pier_setsockopt(s, PIER_SOL_SOCKET, 77, "value", 6)) &&
        !failed(first,
                pier_getsockopt(s, PIER_SOL_SOCKET, 77, value, &length))) {
        assert_string_equal(value, "value");
        CHECK_INT(length, 6);
        return;
    }
    assert_string_equal(value, "kept");
    CHECK_INT(length, sizeof(value));
}

/* ---------------------------------------------------------- multicast --- */

static void change_groups(struct pier_socket *s, pier_handle h,
                          pier_err *first)
{
    struct pier_address group, source = fake_inet(1, 0);
    bool is_member;
    struct fake_tuning was = *fake_tuning(h);

    CHECK_OK(pier_address_inet(&group, "239.1.2.3", 0));
    check_tuning(failed(first, pier_set_multicast(s, 7, true, 2)), h, &was);
    if (failed(first, pier_join_group(s, &group, NULL, 2))) {
        CHECK_INT(fake_memberships(h), 0);
        return;
    }
    if (failed(first, pier_join_group(s, &group, &source, 2))) {
        CHECK_INT(fake_memberships(h), 1);
        return;
    }
    CHECK_INT(fake_memberships(h), 2);
    is_member = failed(first, pier_leave_group(s, &group, &source, 2));
    CHECK_INT(fake_memberships(h), is_member ? 2 : 1);
}

/* -------------------------------------------------- what a system adds --- */

static void control(struct pier_socket *s, pier_handle h, pier_err *first)
{
    char out[4] = "old";
    size_t length = sizeof(out);

    (void)h;
    if (failed(first,
               pier_ioctl(s, FAKE_IOCTL_CODE, "abc", 3, out, &length))) {
        assert_string_equal(out, "old");
        CHECK_INT(length, sizeof(out));
    } else {
        CHECK(length == 3 && memcmp(out, "cba", 3) == 0);
    }
}

static void ask_tcp(struct pier_socket *s, pier_handle h, pier_err *first)
{
    struct pier_tcp_info info = { .size = sizeof(info), .rtt_ns = 99 };

    (void)h;
    if (failed(first, pier_tcp_info(s, &info))) {
        CHECK_INT(info.rtt_ns, 99);
    } else {
        CHECK(info.rtt_ns != 99 && info.known);
    }
}

static void change_inheritance(struct pier_socket *s, pier_handle h,
                               pier_err *first)
{
    bool is = true;
    bool wanted = !failed(first, pier_set_inheritable(s, true));

    (void)h;
    if (failed(first, pier_get_inheritable(s, &is))) {
        end_failures();
        CHECK_OK(pier_get_inheritable(s, &is));
    }
    CHECK_INT(is, wanted);
}

/* ---------------------------------------- timeouts that the mode follows ---
 */

static void check_timeouts(struct pier_socket *s, pier_handle h,
                           pier_timeout receiving, pier_timeout sending)
{
    CHECK_INT(pier_get_recv_timeout(s), receiving);
    CHECK_INT(pier_get_send_timeout(s), sending);
    CHECK_INT(fake_is_nonblocking(h), receiving >= 0);
}

static void change_timeouts(struct pier_socket *s, pier_handle h,
                            pier_err *first)
{
    pier_timeout r = pier_get_recv_timeout(s), w = pier_get_send_timeout(s);

    if (!failed(first, pier_settimeout(s, 5 * SECOND)))
        r = w = 5 * SECOND;
    check_timeouts(s, h, r, w);
    if (!failed(first, pier_set_recv_timeout(s, PIER_FOREVER)))
        r = PIER_FOREVER;
    check_timeouts(s, h, r, w);
    if (!failed(first, pier_set_send_timeout(s, 3 * SECOND)))
        w = 3 * SECOND;
    check_timeouts(s, h, r, w);
    if (!failed(first, pier_setblocking(s, false)))
        r = w = PIER_NONBLOCKING;
    check_timeouts(s, h, r, w);
    if (!failed(first, pier_settimeout(s, PIER_FOREVER)))
        r = w = PIER_FOREVER;
    check_timeouts(s, h, r, w);
}

static void change_mode(struct pier_socket *s, pier_handle h, pier_err *first)
{
    bool follows = failed(
        first, pier_set_descriptor_mode(s, PIER_DESCRIPTOR_NONBLOCKING));

    CHECK_INT(fake_is_nonblocking(h), !follows);
    end_failures();
    CHECK_OK(pier_settimeout(s, PIER_FOREVER));
    CHECK_INT(fake_is_nonblocking(h), !follows);
}

static pier_err following(void (*use)(struct pier_socket *s, pier_handle h,
                                      pier_err *first))
{
    pier_err first;

    CHECK_OK(
        pier_set_default_descriptor_mode(PIER_DESCRIPTOR_FOLLOWS_TIMEOUT));
    first = with_socket(PIER_SOCK_STREAM, use);
    CHECK_OK(pier_set_default_descriptor_mode(PIER_DESCRIPTOR_NONBLOCKING));
    return first;
}

/* -------------------------------------------------------------------- */

static pier_err run_typed(void)
{
    return with_socket(PIER_SOCK_STREAM, set_typed);
}

static pier_err run_set_ip(void)
{
    return with_socket(PIER_SOCK_STREAM, set_ip);
}

static pier_err run_ask_to_tell(void)
{
    return with_socket(PIER_SOCK_DGRAM, ask_to_tell);
}

static pier_err run_get_ip(void)
{
    return with_socket(PIER_SOCK_STREAM, get_ip);
}

static pier_err run_network(void)
{
    return with_socket(PIER_SOCK_DGRAM, ask_network);
}

static pier_err run_int64(void)
{
    return with_socket(PIER_SOCK_STREAM, set_int64);
}

static pier_err run_numbers(void)
{
    return with_socket(PIER_SOCK_STREAM, set_by_number);
}

static pier_err run_bytes(void)
{
    return with_socket(PIER_SOCK_STREAM, set_bytes);
}

static pier_err run_groups(void)
{
    return with_socket(PIER_SOCK_DGRAM, change_groups);
}

static pier_err run_ioctl(void)
{
    return with_socket(PIER_SOCK_STREAM, control);
}

static pier_err run_tcp_info(void)
{
    return with_socket(PIER_SOCK_STREAM, ask_tcp);
}

static pier_err run_inheritance(void)
{
    return with_socket(PIER_SOCK_STREAM, change_inheritance);
}

static pier_err run_timeouts(void)
{
    return following(change_timeouts);
}

static pier_err run_mode(void)
{
    return following(change_mode);
}

static const struct scenario scenarios[] = {
    { "options with a name", run_typed, false },
    { "setting options of IP", run_set_ip, false },
    { "what messages tell", run_ask_to_tell, false },
    { "asking for options of IP", run_get_ip, false },
    { "what the network reports", run_network, false },
    { "options with a number", run_numbers, false },
    { "options with a wide number", run_int64, false },
    { "an option of bytes", run_bytes, false },
    { "multicast", run_groups, false },
    { "ioctl", run_ioctl, false },
    { "tcp_info", run_tcp_info, false },
    { "inheritance", run_inheritance, false },
    { "timeouts that the mode follows", run_timeouts, false },
    { "the descriptor mode", run_mode, false },
};

SCENARIO_GROUP(option_scenarios, scenarios);
