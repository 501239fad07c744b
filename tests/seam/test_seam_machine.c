/* SPDX-License-Identifier: MIT */
/* What every machine knows of itself: its name, hosts, services, protocols. */
#include "loopback.h"

#include <string.h>

static void the_machine_has_a_name(void **state)
{
    char name[256] = "", other[256];
    size_t size;

    (void)state;
    CHECK_OK(pierp_gethostname(name, sizeof name));
    size = strlen(name) + 1;
    CHECK(size > 1);
    strcpy(other, "kept");
    CHECK_ERR(pierp_gethostname(other, size - 1), PIER_ENOBUFS);
    CHECK_ERR(pierp_gethostname(other, 0), PIER_ENOBUFS);
    CHECK(strcmp(other, "kept") == 0);
    CHECK_OK(pierp_gethostname(other, size));
    CHECK(strcmp(other, name) == 0);
}

/* Nothing is renamed: the name is refused first, or nobody may. */
static void a_name_beyond_all_bounds_is_not_taken(void **state)
{
    char name[5000];
    pier_err err;

    (void)state;
    memset(name, 'x', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    err = pierp_sethostname(name);
    CHECK(err == PIER_EINVAL || err == PIER_EPERM || err == PIER_ENOTSUP);
}

static void release(struct pierp_host *host)
{
    pierp_free(host->names);
    pierp_free(host->addresses);
}

static bool has_loopback(const struct pierp_host *host)
{
    struct pierp_endpoint e;

    for (size_t i = 0; i < host->address_count; i++) {
        CHECK_OK(pierp_address_unpack(&e, &host->addresses[i]));
        CHECK_INT(e.port, 0);
        if (e.family == PIER_AF_INET && memcmp(e.ip, "\x7f\0\0\1", 4) == 0)
            return true;
    }
    return false;
}

/* The official name is none of the aliases. */
static void check_names(const struct pierp_host *host)
{
    const char *name = host->names;

    CHECK(host->name_count > 0);
    CHECK(name[0]);
    for (size_t i = 1; i < host->name_count; i++) {
        name += strlen(name) + 1;
        CHECK(name[0]);
        CHECK(strcmp(name, host->names) != 0);
    }
}

static void localhost_has_its_names_and_addresses(void **state)
{
    struct pierp_host host;

    (void)state;
    CHECK_OK(pierp_gethostbyname(&host, "localhost"));
    check_names(&host);
    CHECK(has_loopback(&host));
    release(&host);
}

static void the_loopback_has_its_names(void **state)
{
    struct pier_address a = loopback(PIER_AF_INET, 0);
    struct pierp_host host;

    (void)state;
    CHECK_OK(pierp_gethostbyaddr(&host, &a));
    check_names(&host);
    CHECK(has_loopback(&host));
    release(&host);
}

static void a_name_that_nobody_has_is_told(void **state)
{
    struct pierp_host host = { NULL, 77, NULL, 77 };
    pier_err err = pierp_gethostbyname(&host, "no-such-name.invalid");

    (void)state;
    CHECK(err == PIER_EHOST_NOT_FOUND || err == PIER_EHOST_TRY_AGAIN ||
          err == PIER_EHOST_NO_DATA);
    CHECK(pierp_native_error() != 0);
    CHECK_INT(host.name_count, 77);
}

static void a_service_has_a_port_and_back(void **state)
{
    char name[32] = "kept";
    int port = 7;

    (void)state;
    CHECK_OK(pierp_getservbyname(&port, "http", "tcp"));
    CHECK_INT(port, 80);
    CHECK_OK(pierp_getservbyname(&port, "ftp", NULL));
    CHECK_INT(port, 21);
    CHECK_ERR(pierp_getservbyport(name, 4, 80, "tcp"), PIER_ENOBUFS);
    CHECK(strcmp(name, "kept") == 0);
    CHECK_OK(pierp_getservbyport(name, 5, 80, "tcp"));
    CHECK(strcmp(name, "http") == 0);
}

static void what_is_not_listed_is_told(void **state)
{
    static const char *const names[] = { "no-such-service", "", "h\xC3\xA9",
                                         "\xFF" };
    char name[32] = "kept";
    int number = 7;

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        CHECK_ERR(pierp_getservbyname(&number, names[i], "tcp"),
                  PIER_EAI_SERVICE);
        CHECK_ERR(pierp_getprotobyname(&number, names[i]), PIER_ENOENT);
    }
    CHECK_ERR(pierp_getservbyname(&number, "http", "no-such-protocol"),
              PIER_EAI_SERVICE);
    CHECK_ERR(pierp_getservbyport(name, sizeof name, 80, "no-such-protocol"),
              PIER_EAI_SERVICE);
    CHECK_ERR(pierp_getservbyport(name, sizeof name, 65535, "tcp"),
              PIER_EAI_SERVICE);
    CHECK(pierp_native_error() != 0);
    CHECK_INT(number, 7);
    CHECK(strcmp(name, "kept") == 0);
}

static void a_protocol_has_a_number(void **state)
{
    int number = 7;

    (void)state;
    CHECK_OK(pierp_getprotobyname(&number, "udp"));
    CHECK_INT(number, 17);
    CHECK_OK(pierp_getprotobyname(&number, "tcp"));
    CHECK_INT(number, 6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_machine_has_a_name),
        cmocka_unit_test(a_name_beyond_all_bounds_is_not_taken),
        cmocka_unit_test(localhost_has_its_names_and_addresses),
        cmocka_unit_test(the_loopback_has_its_names),
        cmocka_unit_test(a_name_that_nobody_has_is_told),
        cmocka_unit_test(a_service_has_a_port_and_back),
        cmocka_unit_test(what_is_not_listed_is_told),
        cmocka_unit_test(a_protocol_has_a_number),
    };

    return cmocka_run_group_tests(tests, start_seam, NULL);
}
