/* SPDX-License-Identifier: MIT */
/* The name of the machine, and its lists of services and protocols. */
#include "net.h"

#include "thread.h"

#include <string.h>

static void the_machine_has_a_name(void **state)
{
    char name[256] = "", other[256] = "kept";

    (void)state;
    CHECK_OK(pier_gethostname(name, sizeof(name)));
    CHECK(name[0]);
    CHECK_ERR(pier_gethostname(other, strlen(name)), PIER_ENOBUFS);
    CHECK(strcmp(other, "kept") == 0);
    CHECK_OK(pier_gethostname(other, strlen(name) + 1));
    CHECK(strcmp(other, name) == 0);
    CHECK_ERR(pier_gethostname(NULL, 256), PIER_EINVAL);
    CHECK_ERR(pier_sethostname(NULL), PIER_EINVAL);
}

static void a_service_has_a_port_and_back(void **state)
{
    char name[256];
    int port = 0;

    (void)state;
    CHECK_OK(pier_getservbyname(&port, "http", "tcp"));
    CHECK_INT(port, 80);
    CHECK_OK(pier_getservbyname(&port, "ftp", NULL));
    CHECK_INT(port, 21);
    CHECK_OK(pier_getservbyport(name, sizeof(name), 80, "tcp"));
    CHECK(strcmp(name, "http") == 0);
    CHECK_OK(pier_getservbyport(name, sizeof(name), 21, NULL));
    CHECK(strcmp(name, "ftp") == 0);
}

static void what_is_not_listed_is_told(void **state)
{
    static const char *const names[] = { "no-such", "", "80", "\xFF" };
    char name[256];
    int port;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        CHECK_ERR(pier_getservbyname(&port, names[i], NULL), PIER_EAI_SERVICE);
    }
    CHECK_ERR(pier_getservbyport(name, sizeof(name), 65535, "tcp"),
              PIER_EAI_SERVICE);
    CHECK_ERR(pier_getservbyport(name, sizeof(name), 65536, "tcp"),
              PIER_ERANGE);
    CHECK_ERR(pier_getservbyport(name, sizeof(name), -1, NULL), PIER_ERANGE);
    CHECK_ERR(pier_getprotobyname(&port, "no-such"), PIER_ENOENT);
}

static void a_protocol_has_a_number(void **state)
{
    static const struct {
        const char *name;
        int number;
    } known[] = { { "icmp", 1 }, { "tcp", 6 }, { "udp", 17 } };
    int number;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(known); i++) {
        CHECK_OK(pier_getprotobyname(&number, known[i].name));
        CHECK_INT(number, known[i].number);
    }
}

/* Each of them asks for something else, at the same time. */
struct asker {
    struct test_thread *thread;
    int which;
    unsigned wrong;
};

static bool is_right(int which)
{
    static const struct {
        const char *name;
        int port;
    } services[] = { { "http", 80 }, { "ftp", 21 }, { "smtp", 25 } };
    char name[64];
    int port = 0, number = 0;

    return pier_getservbyname(&port, services[which].name, "tcp") == 0 &&
           port == services[which].port &&
           pier_getservbyport(name, sizeof(name), port, "tcp") == 0 &&
           strcmp(name, services[which].name) == 0 &&
           pier_getprotobyname(&number, which ? "udp" : "tcp") == 0 &&
           number == (which ? 17 : 6);
}

static void ask(void *argument)
{
    struct asker *asker = argument;

    for (int i = 0; i < 50; i++)
        asker->wrong += !is_right(asker->which);
}

static void threads_do_not_disturb_each_other(void **state)
{
    struct asker askers[6];

    (void)state;
    for (int i = 0; i < 6; i++) {
        askers[i] = (struct asker){ NULL, i % 3, 0 };
        askers[i].thread = thread_start(ask, &askers[i]);
    }
    for (int i = 0; i < 6; i++) {
        thread_join(askers[i].thread);
        CHECK_INT(askers[i].wrong, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_machine_has_a_name),
        cmocka_unit_test(a_service_has_a_port_and_back),
        cmocka_unit_test(what_is_not_listed_is_told),
        cmocka_unit_test(a_protocol_has_a_number),
        cmocka_unit_test(threads_do_not_disturb_each_other),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
