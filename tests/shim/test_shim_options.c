/* SPDX-License-Identifier: MIT */
/* Failures of setters and getters: what was stored before is stored after. */
#include "sweep.h"
#include "system.h"

#include <stdio.h>

/* Not every system has every option; that is no failure here. */
static pier_err unless_lacking(pier_err err)
{
    return err == PIER_ENOTSUP ? PIER_OK : err;
}

static pier_err open_any(struct pier_socket **out, int type)
{
    return pier_open(out, PIER_AF_INET, type, 0);
}

static pier_err run_names(void)
{
    struct pier_address a = any_port(PIER_AF_INET), name = a;
    struct pier_socket *s;
    pier_err first = PIER_OK;

    if (failed(&first, open_any(&s, PIER_SOCK_DGRAM)))
        return first;
    if (!failed(&first, pier_bind(s, &a)) &&
        !failed(&first, pier_getsockname(s, &name)) &&
        !failed(&first, pier_connect(s, &name)))
        failed(&first, pier_getpeername(s, &name));
    pier_free(s);
    return first;
}

static pier_err run_options(void)
{
    struct pier_socket *s;
    pier_err first = PIER_OK;
    int before = -1, after = -1;

    if (failed(&first, open_any(&s, PIER_SOCK_STREAM)))
        return first;
    if (!failed(&first, pier_getsockopt_int(s, PIER_SOL_SOCKET,
                                            PIER_SO_KEEPALIVE, &before)) &&
        failed(&first, pier_setsockopt_int(s, PIER_SOL_SOCKET,
                                           PIER_SO_KEEPALIVE, !before))) {
        shim_fail(0, PIER_OK, false);
        CHECK_OK(pier_getsockopt_int(s, PIER_SOL_SOCKET, PIER_SO_KEEPALIVE,
                                     &after));
        CHECK_INT(after, before);
    }
    pier_free(s);
    return first;
}

/* Sets another value; where that fails the old one is there. */
static void try_inheritable(struct pier_socket *s, pier_err *first)
{
    bool on = true;

    if (failed(first, pier_set_inheritable(s, true))) {
        shim_fail(0, PIER_OK, false);
        CHECK_OK(pier_get_inheritable(s, &on));
        CHECK(!on);
    } else if (!failed(first, pier_get_inheritable(s, &on))) {
        CHECK(on);
    }
}

static pier_err run_inheritable(void)
{
    struct pier_socket *s;
    pier_err first = PIER_OK;

    if (failed(&first, open_any(&s, PIER_SOCK_STREAM)))
        return first;
    try_inheritable(s, &first);
    pier_free(s);
    return first;
}

/* Where the handle's mode follows the timeout, both change or neither. */
static pier_err run_timeout(void)
{
    struct pier_socket *s;
    pier_err first = PIER_OK;
    pier_timeout was, is;

    CHECK_OK(
        pier_set_default_descriptor_mode(PIER_DESCRIPTOR_FOLLOWS_TIMEOUT));
    first = open_any(&s, PIER_SOCK_STREAM);
    CHECK_OK(pier_set_default_descriptor_mode(PIER_DESCRIPTOR_NONBLOCKING));
    if (first)
        return first;
    was = pier_gettimeout(s);
    is = failed(&first, pier_settimeout(s, 5 * SECOND)) ? was : 5 * SECOND;
    CHECK_INT(pier_gettimeout(s), is);
    CHECK_INT(pier_get_send_timeout(s), is);
    failed(&first, pier_set_descriptor_mode(s, PIER_DESCRIPTOR_NONBLOCKING));
    CHECK_INT(pier_gettimeout(s), is);
    pier_free(s);
    return first;
}

static pier_err run_server(void)
{
    struct pier_server_options options = PIER_SERVER_OPTIONS_INIT;
    struct pier_address a = any_port(PIER_AF_INET6);
    struct pier_socket *s;
    pier_err err;

    options.dualstack = true;
    err = pier_create_server(&s, &a, &options);
    CHECK((s != NULL) == (err == PIER_OK));
    pier_free(s);
    return err;
}

static pier_err run_conveniences(void)
{
    struct pier_tcp_info info = { .size = sizeof(info) };
    struct pier_socket *pair[2];
    pier_err first = PIER_OK;

    if (failed(&first,
               pier_socketpair(pair, PIER_AF_INET, PIER_SOCK_STREAM, 0)))
        return first;
    first = unless_lacking(pier_set_nodelay(pair[0], true));
    if (!first)
        first = unless_lacking(pier_set_quickack(pair[0], true));
    if (!first) {
        first = unless_lacking(
            pier_set_keepalive(pair[0], true, SECOND, SECOND, 3));
    }
    if (!first)
        first = unless_lacking(pier_set_linger(pair[0], true, SECOND));
    if (!first)
        first = unless_lacking(pier_tcp_info(pair[0], &info));
    pier_free(pair[0]);
    pier_free(pair[1]);
    return first;
}

/* A setter that failed has changed nothing. */
static void try_hop_limit(struct pier_socket *s, pier_err *first)
{
    int hops = 0;

    if (failed(first, pier_set_hop_limit(s, 8))) {
        shim_fail(0, PIER_OK, false);
        CHECK_OK(pier_get_hop_limit(s, &hops));
        CHECK_INT(hops, 7);
    } else if (!failed(first, pier_get_hop_limit(s, &hops))) {
        CHECK_INT(hops, 8);
    }
}

static pier_err unless_empty(pier_err err)
{
    return err == PIER_EAGAIN ? PIER_OK : unless_lacking(err);
}

static pier_err run_ip(void)
{
    struct pier_net_error e = { .size = sizeof(e), .code = 77 };
    struct pier_socket *s;
    pier_err first = PIER_OK;

    if (failed(&first, open_any(&s, PIER_SOCK_DGRAM)))
        return first;
    first = pier_set_hop_limit(s, 7);
    if (!first)
        try_hop_limit(s, &first);
    if (!first) {
        first = unless_empty(pier_recv_error(s, &e));
        CHECK_INT(e.code, 77);
    }
    pier_free(s);
    return first;
}

/* A join that failed has not joined: the next one does. */
static void join_and_leave(struct pier_socket *s, pier_err *first)
{
    const unsigned loopback = loopback_index();
    struct pier_address group;

    CHECK_OK(pier_address_inet(&group, "239.1.2.3", 0));
    if (failed(first, pier_join_group(s, &group, NULL, loopback))) {
        shim_fail(0, PIER_OK, false);
        CHECK_OK(pier_join_group(s, &group, NULL, loopback));
    } else {
        failed(first, pier_leave_group(s, &group, NULL, loopback));
    }
}

static pier_err run_multicast(void)
{
    struct pier_socket *s;
    pier_err first = PIER_OK;

    if (failed(&first, open_any(&s, PIER_SOCK_DGRAM)))
        return first;
    first = unless_lacking(pier_set_multicast(s, 1, true, 0));
    if (!first)
        join_and_leave(s, &first);
    pier_free(s);
    return first;
}

static pier_err run_ioctl(void)
{
    unsigned long waiting = 99;
    size_t length = sizeof(waiting);
    struct pier_socket *s;
    pier_err first = PIER_OK;

    if (failed(&first, open_any(&s, PIER_SOCK_DGRAM)))
        return first;
    if (failed(&first, pier_ioctl(s, code_of_bytes_waiting, NULL, 0, &waiting,
                                  &length)))
        CHECK_INT(waiting, 99);
    pier_free(s);
    return first;
}

static pier_err run_shared_port(void)
{
    struct pier_server_options options = PIER_SERVER_OPTIONS_INIT;
    struct pier_address a = any_port(PIER_AF_INET);
    struct pier_socket *s;
    pier_err err;

    options.reuse_port = true;
    err = unless_lacking(pier_create_server(&s, &a, &options));
    pier_free(s);
    return err;
}

/* No interface has this name. */
static pier_err run_interface(void)
{
    const char text[] = "[fe80::1%no-such-thing]:80";
    struct pier_address a;
    pier_err err = pier_address_parse(&a, text);

    CHECK(err < 0);
    return err == PIER_ENXIO ? PIER_OK : err;
}

#define STALE "shim-stale.sock"

static pier_err leave_file(const struct pier_address *a)
{
    struct pier_socket *s;
    pier_err first = PIER_OK;

    if (failed(&first, pier_open(&s, PIER_AF_UNIX, PIER_SOCK_STREAM, 0)))
        return first;
    failed(&first, pier_bind(s, a));
    pier_free(s);
    return first;
}

/* Where its file cannot be found stale or removed, the path is in use. */
static pier_err run_stale_path(void)
{
    struct pier_server_options options = PIER_SERVER_OPTIONS_INIT;
    struct pier_address a;
    struct pier_socket *s;
    pier_err err;

    (void)remove(STALE);
    CHECK_OK(pier_address_unix(&a, STALE, sizeof(STALE) - 1));
    err = leave_file(&a);
    if (err)
        return err;
    options.remove_stale_path = true;
    err = pier_create_server(&s, &a, &options);
    pier_free(s);
    (void)remove(STALE);
    return err == PIER_EADDRINUSE ? PIER_OK : err;
}

static const struct scenario scenarios[] = {
    { "names", run_names, false },
    { "an option", run_options, false },
    { "inheritance", run_inheritable, false },
    { "a timeout that the mode follows", run_timeout, false },
    { "options that have a name", run_conveniences, false },
    { "options of IP", run_ip, false },
    { "multicast", run_multicast, false },
    { "ioctl", run_ioctl, false },
    { "a server that shares its port", run_shared_port, false },
    { "an interface by name", run_interface, false },
};

static const enum shim_function met[] = {
    SHIM_GET_INHERITABLE, SHIM_SET_INHERITABLE, SHIM_GETSOCKNAME,
    SHIM_GETPEERNAME,     SHIM_SETSOCKOPT,      SHIM_GETSOCKOPT,
    SHIM_SET_REUSE_PORT,  SHIM_SET_QUICKACK,    SHIM_SET_KEEPALIVE,
    SHIM_SET_LINGER,      SHIM_SET_OPTION,      SHIM_GET_OPTION,
    SHIM_RECV_ERROR,      SHIM_SET_MULTICAST,   SHIM_CHANGE_MEMBERSHIP,
    SHIM_IOCTL,           SHIM_TCP_INFO,        SHIM_IF_NAMETOINDEX,
};
static const enum shim_function met_dualstack[] = { SHIM_SET_V6ONLY };
static const enum shim_function met_path[] = { SHIM_REMOVE_SOCKET_FILE };

static void every_failure_is_told_and_changes_nothing(void **state)
{
    (void)state;
    sweep_all(scenarios, COUNT_OF(scenarios));
    check_swept(met, COUNT_OF(met));
}

static void a_server_for_both_families_fails_cleanly(void **state)
{
    const struct scenario server[] = {
        { "create_server, dual-stack", run_server, false },
    };

    (void)state;
    if (!has_family(PIER_AF_INET6) || !pier_has_dualstack_ipv6())
        skip_because("no IPv6 that takes IPv4 too");
    sweep_all(server, 1);
    check_swept(met_dualstack, COUNT_OF(met_dualstack));
}

static void a_server_on_a_stale_path_fails_cleanly(void **state)
{
    const struct scenario server[] = {
        { "create_server, stale path", run_stale_path, true },
    };

    (void)state;
    if (!has_family(PIER_AF_UNIX))
        skip_because("no AF_UNIX");
    sweep_all(server, 1);
    check_swept(met_path, COUNT_OF(met_path));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_failure_is_told_and_changes_nothing),
        cmocka_unit_test(a_server_for_both_families_fails_cleanly),
        cmocka_unit_test(a_server_on_a_stale_path_fails_cleanly),
    };

    return cmocka_run_group_tests_name("shim.options", tests, NULL, NULL);
}
