/* SPDX-License-Identifier: MIT */
/* Failures while names are looked up and connected to, with real workers. */
#include "sweep.h"
#include "thread.h"

#include <stdio.h>
#include <string.h>

static pier_err run_getaddrinfo(void)
{
    struct pier_addrinfo *list;
    pier_err err = pier_getaddrinfo(&list, "localhost", "80", NULL, NULL);

    CHECK((list != NULL) == (err == PIER_OK));
    pier_freeaddrinfo(list);
    return err;
}

static pier_err run_numeric(void)
{
    struct pier_addrinfo *list;
    pier_err err = pier_getaddrinfo(&list, "127.0.0.1", "80", NULL, NULL);

    CHECK((list != NULL) == (err == PIER_OK));
    pier_freeaddrinfo(list);
    return err;
}

static pier_err run_lookup(void)
{
    struct pier_addrinfo *list = NULL;
    struct pier_lookup *l;
    pier_err first = PIER_OK;

    if (failed(&first, pier_lookup_start(&l, "localhost", "80", NULL))) {
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
    struct pier_address a = any_port(PIER_AF_INET);
    char host[64] = "kept", service[16] = "kept";
    pier_err err = pier_getnameinfo(&a, host, sizeof(host), service,
                                    sizeof(service), 0, NULL);

    if (err)
        CHECK(strcmp(host, "kept") == 0 && strcmp(service, "kept") == 0);
    return err;
}

static pier_err run_create_connection(const char *host)
{
    struct pier_address a = any_port(PIER_AF_INET);
    struct pier_socket *l, *s = NULL;
    char service[8];
    pier_err first = PIER_OK;

    if (failed(&first, pier_create_server(&l, &a, NULL)))
        return first;
    if (!failed(&first, pier_getsockname(l, &a))) {
        (void)snprintf(service, sizeof(service), "%d", pier_address_port(&a));
        failed(&first, pier_create_connection(&s, host, service, NULL));
        CHECK((s != NULL) == (first == PIER_OK));
    }
    pier_free(s);
    pier_free(l);
    return first;
}

static pier_err run_connection_to_number(void)
{
    return run_create_connection("127.0.0.1");
}

static pier_err run_connection_to_name(void)
{
    return run_create_connection("localhost");
}

static pier_err run_gethostbyname(void)
{
    struct pier_address a = any_port(PIER_AF_INET6);
    pier_err err = pier_gethostbyname(&a, "localhost", NULL);

    CHECK_INT(pier_address_family(&a), err ? PIER_AF_INET6 : PIER_AF_INET);
    return err;
}

static pier_err run_gethostbyname_ex(void)
{
    struct pier_hostent *h;
    pier_err err = pier_gethostbyname_ex(&h, "localhost", NULL);

    CHECK((h != NULL) == (err == PIER_OK));
    pier_free_hostent(h);
    return err;
}

static pier_err run_gethostbyaddr(void)
{
    struct pier_hostent *h;
    pier_err err = pier_gethostbyaddr(&h, "127.0.0.1", NULL);

    CHECK((h != NULL) == (err == PIER_OK));
    pier_free_hostent(h);
    return err;
}

static pier_err run_gethostname(void)
{
    char name[256] = "kept";
    pier_err err = pier_gethostname(name, sizeof(name));

    if (err)
        CHECK(strcmp(name, "kept") == 0);
    return err;
}

static pier_err run_services(void)
{
    char name[64] = "kept";
    int port = 7, number = 7;
    pier_err first = PIER_OK;

    if (failed(&first, pier_getservbyname(&port, "http", "tcp")))
        CHECK_INT(port, 7);
    if (failed(&first, pier_getservbyport(name, sizeof(name), 80, "tcp")))
        CHECK(strcmp(name, "kept") == 0);
    if (failed(&first, pier_getprotobyname(&number, "tcp")))
        CHECK_INT(number, 7);
    return first;
}

static pier_err run_interfaces(void)
{
    struct pier_interface *list;
    size_t count = 0;
    char name[257];
    unsigned index;
    pier_err first = PIER_OK;

    if (failed(&first, pier_if_nameindex(&list, &count))) {
        CHECK(list == NULL);
        CHECK_INT(count, 0);
        return first;
    }
    CHECK(count > 0);
    if (failed(&first,
               pier_if_indextoname(name, sizeof(name), list[0].index))) {
        CHECK(first != PIER_ENXIO);
    } else {
        failed(&first, pier_if_nametoindex(&index, name));
    }
    pier_if_freenameindex(list, count);
    return first;
}

/* Looked up while the only worker is about to go home. */
static void a_worker_that_leaves_sees_what_came_meanwhile(void **state)
{
    struct pier_wait wait = PIER_WAIT_INIT;
    struct pier_lookup *l;

    (void)state;
    wait.timeout = 5 * SECOND;
    shim_clear();
    shim_hold_worker(SHIM_WAIT, PIER_ENOBUFS);
    CHECK_OK(run_getaddrinfo());
    while (!shim_worker_is_held())
        sleep_ms(1);
    CHECK_OK(pier_lookup_start(&l, "localhost", "81", NULL));
    shim_let_go();
    CHECK_OK(pier_lookup_wait(l, &wait));
    pier_lookup_free(l);
    shim_clear();
}

/* A name has several addresses, of which the next one may do. */
static const struct scenario scenarios[] = {
    { "getaddrinfo", run_getaddrinfo, false },
    { "getaddrinfo of a number", run_numeric, false },
    { "a look-up that is waited for", run_lookup, false },
    { "getnameinfo", run_getnameinfo, false },
    { "gethostbyname", run_gethostbyname, false },
    { "gethostbyname_ex", run_gethostbyname_ex, false },
    { "gethostbyaddr", run_gethostbyaddr, false },
    { "gethostname", run_gethostname, false },
    { "services and protocols", run_services, false },
    { "interfaces", run_interfaces, false },
    { "create_connection to a number", run_connection_to_number, false },
    { "create_connection to a name", run_connection_to_name, true },
};

static const enum shim_function met[] = {
    SHIM_THREAD_START,  SHIM_GETADDRINFO,    SHIM_GETNAMEINFO,
    SHIM_GETHOSTBYNAME, SHIM_GETHOSTBYADDR,  SHIM_GETHOSTNAME,
    SHIM_GETSERVBYNAME, SHIM_GETSERVBYPORT,  SHIM_GETPROTOBYNAME,
    SHIM_IF_LIST,       SHIM_IF_INDEXTONAME,
};

/* Later there is a worker already. */
static void the_first_worker_may_not_start(void **state)
{
    (void)state;
    fail_first(&scenarios[0], SHIM_THREAD_START, PIER_EAGAIN);
}

static void every_failure_is_told_and_leaks_nothing(void **state)
{
    (void)state;
    sweep_all(scenarios, COUNT_OF(scenarios));
    check_swept(met, COUNT_OF(met));
}

static void what_disturbs_changes_nothing(void **state)
{
    (void)state;
    disturb_all(scenarios, COUNT_OF(scenarios));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_worker_may_not_start),
        cmocka_unit_test(a_worker_that_leaves_sees_what_came_meanwhile),
        cmocka_unit_test(every_failure_is_told_and_leaks_nothing),
        cmocka_unit_test(what_disturbs_changes_nothing),
    };

    return cmocka_run_group_tests_name("shim.names", tests, NULL, NULL);
}
