/* SPDX-License-Identifier: MIT */
/* Failures of setters and getters: what was stored before is stored after. */
#include "sweep.h"

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

static pier_err run_multicast(void)
{
    struct pier_address group;
    struct pier_socket *s;
    pier_err first = PIER_OK;

    CHECK_OK(pier_address_inet(&group, "239.1.2.3", 0));
    if (failed(&first, open_any(&s, PIER_SOCK_DGRAM)))
        return first;
    first = unless_lacking(pier_set_multicast(s, 1, true, 0));
    pier_free(s);
    return first;
}

static const struct scenario scenarios[] = {
    { "names", run_names, false },
    { "an option", run_options, false },
    { "inheritance", run_inheritable, false },
    { "a timeout that the mode follows", run_timeout, false },
    { "options that have a name", run_conveniences, false },
    { "multicast", run_multicast, false },
};

static void every_failure_is_told_and_changes_nothing(void **state)
{
    (void)state;
    sweep_all(scenarios, COUNT_OF(scenarios));
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
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_failure_is_told_and_changes_nothing),
        cmocka_unit_test(a_server_for_both_families_fails_cleanly),
    };

    return cmocka_run_group_tests_name("shim.options", tests, NULL, NULL);
}
