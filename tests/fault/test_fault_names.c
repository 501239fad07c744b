/* SPDX-License-Identifier: MIT */
/* Failures while names are looked up and connected to. */
#include "sweep.h"

#include <pier/connection.h>

static void set_host(void)
{
    struct pier_address a[2] = { fake_inet6(7, 0), fake_inet(7, 0) };
    struct pier_address six = fake_inet6(7, 80), four = fake_inet(7, 80);

    fake_name_set("host.test", a, 2, 5 * MS, PIER_OK);
    fake_remote_set(&six, FAKE_ACCEPTS, 5 * MS);
    fake_remote_set(&four, FAKE_ACCEPTS, 5 * MS);
}

static pier_err run_getaddrinfo(void)
{
    const struct pier_addrinfo_hints hints = { PIER_AI_CANONNAME, 0, 0, 0 };
    struct pier_addrinfo *list;
    pier_err err;

    set_host();
    err = pier_getaddrinfo(&list, "host.test", "80", &hints, NULL);
    CHECK((list != NULL) == (err == PIER_OK));
    pier_freeaddrinfo(list);
    return err;
}

static pier_err run_numeric(void)
{
    struct pier_addrinfo *list;
    pier_err err = pier_getaddrinfo(&list, "192.0.2.7", "80", NULL, NULL);

    CHECK((list != NULL) == (err == PIER_OK));
    pier_freeaddrinfo(list);
    return err;
}

static pier_err run_polled(void)
{
    struct pier_addrinfo *list = NULL;
    struct pier_lookup *l;
    pier_err first = PIER_OK;

    set_host();
    if (failed(&first, pier_lookup_start(&l, "host.test", "80", NULL))) {
        CHECK(l == NULL);
        return first;
    }
    if (!failed(&first, pier_lookup_wait(l, NULL)))
        failed(&first, pier_lookup_result(&list, l));
    CHECK((list != NULL) == (first == PIER_OK));
    pier_freeaddrinfo(list);
    pier_lookup_free(l);
    return first;
}

static pier_err run_getnameinfo(void)
{
    struct pier_address a = fake_inet(7, 80);
    char host[64] = "kept", service[16] = "kept";
    pier_err err;

    set_host();
    err = pier_getnameinfo(&a, host, 64, service, 16, 0, NULL);
    if (err) {
        assert_string_equal(host, "kept");
        assert_string_equal(service, "kept");
    }
    return err;
}

static pier_err run_connection(void)
{
    struct pier_socket *s;
    pier_err err;

    set_host();
    err = pier_create_connection(&s, "host.test", "80", NULL);
    CHECK((s != NULL) == (err == PIER_OK));
    pier_free(s);
    return err;
}

static pier_err run_stale_server(void)
{
    struct pier_server_options options = PIER_SERVER_OPTIONS_INIT;
    struct pier_address a = fake_path("/run/x");
    struct pier_socket *s;
    pier_err first = PIER_OK;

    if (failed(&first, pier_create_server(&s, &a, NULL)))
        return first;
    pier_free(s);
    options.remove_stale_path = true;
    failed(&first, pier_create_server(&s, &a, &options));
    CHECK((s != NULL) == (first == PIER_OK));
    pier_free(s);
    return first;
}

static const struct scenario scenarios[] = {
    { "getaddrinfo", run_getaddrinfo },
    { "getaddrinfo of a number", run_numeric },
    { "a look-up that is polled", run_polled },
    { "getnameinfo", run_getnameinfo },
};

static void every_failure_is_told_and_leaks_nothing(void **state)
{
    (void)state;
    sweep_all(scenarios, sizeof(scenarios) / sizeof(scenarios[0]));
}

/* Another address may do where one failed, and a path that cannot be probed
 * is in use: so not every failure is the result. */
static void failures_that_are_got_over_leak_nothing(void **state)
{
    (void)state;
    for (unsigned n = 1; n < 100; n++) {
        unsigned met;

        fake_fail_call(n, PIER_ENOBUFS);
        (void)run_connection();
        met = fake_failures();
        fake_reset();
        fake_fail_call(n, PIER_ENOBUFS);
        (void)run_stale_server();
        met += fake_failures();
        fake_reset();
        if (!met)
            return;
    }
    CHECK(!"the sweep ends");
}

static void what_fails_for_good_leaks_nothing(void **state)
{
    const struct scenario hard[] = {
        { "create_connection", run_connection },
    };

    (void)state;
    sweep_for_good(&hard[0], PIER_ENOBUFS);
    sweep_interrupted(&hard[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_FAKE(every_failure_is_told_and_leaks_nothing),
        ON_FAKE(failures_that_are_got_over_leak_nothing),
        ON_FAKE(what_fails_for_good_leaks_nothing),
    };

    return cmocka_run_group_tests_name("fault.names", tests, NULL, NULL);
}
