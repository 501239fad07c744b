/* SPDX-License-Identifier: MIT */
/* The older look-ups, of what every machine knows without asking another. */
#include "net.h"

#include "thread.h"

#include <string.h>

static struct pier_hostent *found;

static int free_found(void **state)
{
    (void)state;
    pier_free_hostent(found);
    found = NULL;
    return 0;
}

static bool found_has(const char *text)
{
    struct pier_address a;

    CHECK_OK(pier_address_parse(&a, text));
    for (size_t i = 0; i < found->address_count; i++) {
        if (pier_address_equal(&found->addresses[i], &a))
            return true;
    }
    return false;
}

static void localhost_is_at_loopback(void **state)
{
    struct pier_address a;

    (void)state;
    CHECK_OK(pier_gethostbyname(&a, "localhost", NULL));
    CHECK_INT(pier_address_family(&a), PIER_AF_INET);
    CHECK(pier_address_is_loopback(&a));
    CHECK_INT(pier_address_port(&a), 0);
    CHECK_OK(pier_gethostbyname_ex(&found, "localhost", NULL));
    CHECK(found->name[0]);
    CHECK(found_has("127.0.0.1:0"));
}

static void loopback_has_a_name(void **state)
{
    (void)state;
    CHECK_OK(pier_gethostbyaddr(&found, "127.0.0.1", NULL));
    CHECK(found->name[0]);
    CHECK(found_has("127.0.0.1:0"));
    free_found(NULL);
    CHECK_OK(pier_gethostbyaddr(&found, "localhost", NULL));
    CHECK(found->name[0]);
}

static void a_literal_is_its_own_name(void **state)
{
    struct pier_wait now = { sizeof(now), 0, NULL };
    struct pier_address a;

    (void)state;
    CHECK_OK(pier_gethostbyname(&a, "192.0.2.7", &now));
    CHECK_OK(pier_gethostbyname_ex(&found, "192.0.2.7", &now));
    CHECK(strcmp(found->name, "192.0.2.7") == 0);
    CHECK_INT(found->alias_count, 0);
    CHECK_INT(found->address_count, 1);
    CHECK(pier_address_equal(&found->addresses[0], &a));
}

static void what_is_no_host_is_refused(void **state)
{
    static const char *const hosts[] = { "", "127.1", "0x7f000001", " ::1" };
    struct pier_address a;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(hosts); i++) {
        CHECK_ERR(pier_gethostbyname(&a, hosts[i], NULL), PIER_EAI_NONAME);
        CHECK_ERR(pier_gethostbyaddr(&found, hosts[i], NULL), PIER_EAI_NONAME);
    }
    for (size_t i = 0; i < 3; i++) {
        CHECK_ERR(pier_gethostbyname_ex(&found, hosts[i], NULL),
                  PIER_EAI_NONAME);
    }
    CHECK_ERR(pier_gethostbyname(&a, "::1", NULL), PIER_EAI_ADDRFAMILY);
    CHECK_ERR(pier_gethostbyname_ex(&found, "::1", NULL), PIER_EAI_ADDRFAMILY);
    CHECK(found == NULL);
}

static void an_address_that_nobody_has_has_no_name(void **state)
{
    char name[256];
    pier_err err = pier_gethostbyaddr(&found, "192.0.2.254", NULL);

    (void)state;
    CHECK(err == PIER_EHOST_NOT_FOUND || err == PIER_EHOST_TRY_AGAIN ||
          err == PIER_EHOST_NO_DATA);
    CHECK(found == NULL);
    CHECK_OK(pier_getfqdn(name, sizeof(name), "192.0.2.254", NULL));
    CHECK(strcmp(name, "192.0.2.254") == 0);
}

static bool is_of_the_resolver(pier_err err)
{
    return err == PIER_EHOST_NOT_FOUND || err == PIER_EHOST_NO_DATA ||
           err == PIER_EHOST_TRY_AGAIN || err == PIER_EHOST_NO_RECOVERY ||
           err == PIER_EAI_NONAME;
}

static void a_name_that_cannot_be_one_is_not_found(void **state)
{
    static const char *const names[] = { "..", ".a",  "a..b",     "-",
                                         "%",  "a b", "\xff\xfe", "::1%" };
    char name[5000];

    (void)state;
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        pier_err err = pier_gethostbyname_ex(&found, names[i], NULL);

        print_message("%s: %s\n", names[i], pier_errname(err));
        CHECK(is_of_the_resolver(err));
    }
    memset(name, 'a', sizeof(name) - 1);
    name[sizeof(name) - 1] = '\0';
    CHECK(is_of_the_resolver(pier_gethostbyname_ex(&found, name, NULL)));
    CHECK(found == NULL);
}

static void this_machine_has_a_full_name(void **state)
{
    char name[1025] = "", other[1025] = "";

    (void)state;
    CHECK_OK(pier_getfqdn(name, sizeof(name), NULL, NULL));
    CHECK(name[0]);
    CHECK_OK(pier_getfqdn(other, sizeof(other), "0.0.0.0", NULL));
    CHECK(strcmp(name, other) == 0);
    CHECK_ERR(pier_getfqdn(other, strlen(name), "::", NULL), PIER_ENOBUFS);
    CHECK(strcmp(name, other) == 0);
}

static void a_look_up_with_little_time_ends_at_once(void **state)
{
    static const pier_timeout timeouts[] = { 0, 1, 1000 };
    int64_t begin = pier_monotonic();

    (void)state;
    for (int i = 0; i < 30; i++) {
        const struct pier_wait wait = { sizeof(wait), timeouts[i % 3], NULL };
        pier_err err = pier_gethostbyaddr(&found, "127.0.0.1", &wait);

        CHECK(err == PIER_OK || err == PIER_EDEADLINE);
        CHECK((found == NULL) == (err != PIER_OK));
        free_found(NULL);
    }
    CHECK(pier_monotonic() - begin < SOON);
    /* What may still run is waited for: see test_net_names. */
    CHECK_OK(pier_gethostbyaddr(&found, "127.0.0.1", NULL));
}

/* The answers of other libraries are shared between threads. */
struct asker {
    struct test_thread *thread;
    bool older;
    unsigned wrong;
};

static void ask(void *argument)
{
    struct asker *asker = argument;

    for (int i = 0; i < 20; i++) {
        struct pier_hostent *h;
        pier_err err = asker->older
                           ? pier_gethostbyname_ex(&h, "localhost", NULL)
                           : pier_gethostbyaddr(&h, "127.0.0.1", NULL);

        asker->wrong += err || !h->name[0] || h->address_count == 0 ||
                        !pier_address_is_loopback(&h->addresses[0]);
        pier_free_hostent(h);
    }
}

static void threads_do_not_disturb_each_other(void **state)
{
    struct asker askers[6];

    (void)state;
    for (int i = 0; i < 6; i++) {
        askers[i] = (struct asker){ NULL, i % 2 == 0, 0 };
        askers[i].thread = thread_start(ask, &askers[i]);
    }
    for (int i = 0; i < 6; i++) {
        thread_join(askers[i].thread);
        CHECK_INT(askers[i].wrong, 0);
    }
}

#define HOST_TEST(function) cmocka_unit_test_teardown(function, free_found)

int main(void)
{
    const struct CMUnitTest tests[] = {
        HOST_TEST(localhost_is_at_loopback),
        HOST_TEST(loopback_has_a_name),
        HOST_TEST(a_literal_is_its_own_name),
        HOST_TEST(what_is_no_host_is_refused),
        HOST_TEST(an_address_that_nobody_has_has_no_name),
        HOST_TEST(a_name_that_cannot_be_one_is_not_found),
        HOST_TEST(this_machine_has_a_full_name),
        HOST_TEST(a_look_up_with_little_time_ends_at_once),
        HOST_TEST(threads_do_not_disturb_each_other),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
