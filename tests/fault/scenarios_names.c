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
    pier_err err = PIER_OK;

    set_host();
    failed(&err, pier_getaddrinfo(&list, "host.test", "80", &hints, NULL));
    CHECK((list != NULL) == (err == PIER_OK));
    pier_freeaddrinfo(list);
    return err;
}

static pier_err run_numeric(void)
{
    struct pier_addrinfo *list;
    pier_err err = PIER_OK;

    failed(&err, pier_getaddrinfo(&list, "192.0.2.7", "80", NULL, NULL));
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

/* An address with an interface by name is as it was, or whole. */
static pier_err run_interface(void)
{
    const char text[] = "[fe80::1%" FAKE_INTERFACE "]:80";
    struct pier_address a, b, kept = fake_inet(7, 80);
    pier_err first = PIER_OK;

    a = b = kept;
    if (failed(&first, pier_address_parse(&a, text))) {
        CHECK(fake_same_address(&a, &kept));
        return first;
    }
    CHECK_INT(pier_address_scope_id(&a), FAKE_INTERFACE_INDEX);
    if (failed(&first,
               pier_address_inet6(&b, "fe80::1%" FAKE_INTERFACE, 80, 0, 0))) {
        CHECK(fake_same_address(&b, &kept));
    } else {
        CHECK(fake_same_address(&a, &b));
    }
    return first;
}

static pier_err run_getnameinfo(void)
{
    struct pier_address a = fake_inet(7, 80);
    char host[64] = "kept", service[16] = "kept";
    pier_err err = PIER_OK;

    set_host();
    if (failed(&err, pier_getnameinfo(&a, host, 64, service, 16, 0, NULL))) {
        assert_string_equal(host, "kept");
        assert_string_equal(service, "kept");
    }
    return err;
}

static pier_err run_connection(void)
{
    struct pier_socket *s;
    pier_err err = PIER_OK;

    set_host();
    failed(&err, pier_create_connection(&s, "host.test", "80", NULL));
    CHECK((s != NULL) == (err == PIER_OK));
    pier_free(s);
    return err;
}

static const struct scenario scenarios[] = {
    { "getaddrinfo", run_getaddrinfo, false },
    { "getaddrinfo of a number", run_numeric, false },
    { "a look-up that is polled", run_polled, false },
    { "an interface by name", run_interface, false },
    { "getnameinfo", run_getnameinfo, false },
    { "create_connection", run_connection, true },
};

SCENARIO_GROUP(name_scenarios, scenarios);
