/* SPDX-License-Identifier: MIT */
/* Failures while names are looked up and connected to. */
#include "sweep.h"

#include <pier/connection.h>
#include <pier/interface.h>
#include <string.h>

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

static pier_err run_gethostbyname(void)
{
    struct pier_address a, kept = fake_inet(9, 80);
    pier_err err = PIER_OK;

    set_host();
    a = kept;
    if (failed(&err, pier_gethostbyname(&a, "host.test", NULL)))
        CHECK(fake_same_address(&a, &kept));
    return err;
}

static pier_err run_gethostbyname_ex(void)
{
    struct pier_hostent *h;
    pier_err err = PIER_OK;

    set_host();
    fake_aliases_set("host.test", "official.test", "one.test", "two.test");
    failed(&err, pier_gethostbyname_ex(&h, "host.test", NULL));
    CHECK((h != NULL) == (err == PIER_OK));
    pier_free_hostent(h);
    return err;
}

/* The name is looked up before its address. */
static pier_err run_gethostbyaddr(void)
{
    struct pier_hostent *h;
    pier_err err = PIER_OK;

    set_host();
    failed(&err, pier_gethostbyaddr(&h, "host.test", NULL));
    CHECK((h != NULL) == (err == PIER_OK));
    pier_free_hostent(h);
    return err;
}

/* A name that cannot be looked up is given as it is; nothing else is. */
static pier_err run_getfqdn(void)
{
    struct pier_address a = fake_inet(9, 0);
    char name[64] = "kept";
    pier_err err = PIER_OK;

    fake_name_set(FAKE_HOST_NAME, &a, 1, 5 * MS, PIER_OK);
    fake_aliases_set(FAKE_HOST_NAME, "own.test", NULL, NULL);
    if (failed(&err, pier_getfqdn(name, sizeof(name), NULL, NULL))) {
        assert_string_equal(name, "kept");
    } else {
        CHECK(strcmp(name, "own.test") == 0 ||
              strcmp(name, FAKE_HOST_NAME) == 0);
    }
    return err;
}

static pier_err run_host_name(void)
{
    char name[64] = "kept";
    pier_err err = PIER_OK;

    if (failed(&err, pier_gethostname(name, sizeof(name))))
        assert_string_equal(name, "kept");
    if (failed(&err, pier_sethostname("other"))) {
        end_failures();
        CHECK_OK(pier_gethostname(name, sizeof(name)));
        assert_string_equal(name, FAKE_HOST_NAME);
    }
    return err;
}

static pier_err run_services(void)
{
    char name[64] = "kept";
    int port = 7, number = 7;
    pier_err err = PIER_OK;

    if (failed(&err, pier_getservbyname(&port, "http", "tcp")))
        CHECK_INT(port, 7);
    if (failed(&err, pier_getservbyport(name, sizeof(name), 80, NULL)))
        assert_string_equal(name, "kept");
    if (failed(&err, pier_getprotobyname(&number, "tcp")))
        CHECK_INT(number, 7);
    return err;
}

static pier_err run_interfaces(void)
{
    struct pier_address a = fake_loopback(0);
    struct pier_interface *list;
    size_t count = 7;
    pier_err err = PIER_OK;

    fake_interface_line(3, "fake1", 1, &a);
    if (failed(&err, pier_if_nameindex(&list, &count))) {
        CHECK(list == NULL);
        CHECK_INT(count, 7);
    }
    pier_if_freenameindex(list, count);
    return err;
}

static pier_err run_interface_names(void)
{
    char name[64] = "kept";
    unsigned index = 77;
    pier_err err = PIER_OK;

    if (failed(&err, pier_if_nametoindex(&index, FAKE_INTERFACE)))
        CHECK_INT(index, 77);
    if (failed(&err,
               pier_if_indextoname(name, sizeof(name), FAKE_INTERFACE_INDEX)))
        assert_string_equal(name, "kept");
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
    { "gethostbyname", run_gethostbyname, false },
    { "gethostbyname_ex", run_gethostbyname_ex, false },
    { "gethostbyaddr", run_gethostbyaddr, false },
    { "getfqdn", run_getfqdn, true },
    { "the name of the machine", run_host_name, false },
    { "services and protocols", run_services, false },
    { "interfaces", run_interfaces, false },
    { "an interface by number and by name", run_interface_names, false },
    { "create_connection", run_connection, true },
};

SCENARIO_GROUP(name_scenarios, scenarios);
