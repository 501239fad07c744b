/* SPDX-License-Identifier: MIT */
/* Look-ups, at once and in the background. */
#include "net.h"

#include <string.h>

static struct pier_addrinfo *found;

static int free_found(void **state)
{
    (void)state;
    pier_freeaddrinfo(found);
    found = NULL;
    return 0;
}

static pier_err look_up(const char *host, const char *service, int flags,
                        int family)
{
    const struct pier_addrinfo_hints hints = { .flags = flags,
                                               .family = family,
                                               .type = PIER_SOCK_STREAM };

    free_found(NULL);
    return pier_getaddrinfo(&found, host, service, &hints, NULL);
}

static bool found_is(const char *text)
{
    struct pier_address a;

    CHECK_OK(pier_address_parse(&a, text));
    return found && pier_address_equal(&found->address, &a);
}

static void numbers_need_no_resolver(void **state)
{
    (void)state;
    CHECK_OK(look_up("192.0.2.7", "80", 0, PIER_AF_UNSPEC));
    CHECK(found_is("192.0.2.7:80"));
    CHECK(found->next == NULL);
    CHECK_INT(found->family, PIER_AF_INET);
    CHECK_INT(found->type, PIER_SOCK_STREAM);
    CHECK_INT(found->protocol, PIER_IPPROTO_TCP);
    CHECK_OK(look_up("2001:db8::1", "65535", PIER_AI_NUMERICHOST, 0));
    CHECK(found_is("[2001:db8::1]:65535"));
}

static void no_host_is_this_machine_or_the_wildcard(void **state)
{
    (void)state;
    CHECK_OK(look_up(NULL, "1", 0, PIER_AF_INET));
    CHECK(found_is("127.0.0.1:1"));
    CHECK_OK(look_up(NULL, "1", PIER_AI_PASSIVE, PIER_AF_INET));
    CHECK(found_is("0.0.0.0:1"));
    CHECK_OK(look_up(NULL, "1", PIER_AI_PASSIVE, PIER_AF_INET6));
    CHECK(found_is("[::]:1"));
    CHECK_ERR(look_up(NULL, NULL, 0, 0), PIER_EAI_NONAME);
    CHECK(found == NULL);
}

static void loose_forms_are_no_hosts(void **state)
{
    static const char *const hosts[] = { "127.1", " 1.2.3.4",   "1.2.3.4 ",
                                         "",      "0x7f000001", "2130706433" };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(hosts); i++) {
        CHECK_ERR(look_up(hosts[i], "80", PIER_AI_NUMERICHOST, 0),
                  PIER_EAI_NONAME);
    }
    CHECK_ERR(look_up("127.1", "80", 0, 0), PIER_EAI_NONAME);
    CHECK_ERR(look_up("", "80", 0, 0), PIER_EAI_NONAME);
    CHECK_ERR(look_up(" 1.2.3.4", "80", 0, 0), PIER_EAI_NONAME);
}

static void ports_beyond_the_last_are_no_services(void **state)
{
    static const char *const services[] = { "65536",     "99999", " 80",
                                            "-1",        "+80",   "",
                                            "4294967376" };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(services); i++)
        CHECK_ERR(look_up("127.0.0.1", services[i], 0, 0), PIER_EAI_SERVICE);
}

static void localhost_is_loopback(void **state)
{
    (void)state;
    CHECK_OK(look_up("localhost", "80", 0, PIER_AF_INET));
    for (struct pier_addrinfo *i = found; i; i = i->next) {
        CHECK(pier_address_is_loopback(&i->address));
        CHECK_INT(pier_address_port(&i->address), 80);
        CHECK_INT(i->type, PIER_SOCK_STREAM);
    }
}

static void a_service_has_a_name(void **state)
{
    (void)state;
    CHECK_OK(look_up("127.0.0.1", "http", 0, PIER_AF_INET));
    CHECK(found_is("127.0.0.1:80"));
    CHECK_ERR(look_up("127.0.0.1", "no-such-service", 0, PIER_AF_INET),
              PIER_EAI_SERVICE);
    CHECK_ERR(look_up("127.0.0.1", "http", PIER_AI_NUMERICSERV, 0),
              PIER_EAI_NONAME);
}

static void hints_that_do_not_fit_are_told(void **state)
{
    (void)state;
    CHECK_ERR(look_up("127.0.0.1", "80", 0, 99), PIER_EAI_FAMILY);
    CHECK_ERR(look_up("127.0.0.1", "80", 0, PIER_AF_INET6),
              PIER_EAI_ADDRFAMILY);
    CHECK_ERR(look_up("::1", "80", 0, PIER_AF_INET), PIER_EAI_ADDRFAMILY);
    CHECK_ERR(look_up("::1", "80", -1, 0), PIER_EAI_BADFLAGS);
}

static void the_canonical_name_is_given_when_asked_for(void **state)
{
    (void)state;
    CHECK_OK(look_up("192.0.2.7", "80", PIER_AI_CANONNAME, 0));
    CHECK(found->canonname && strcmp(found->canonname, "192.0.2.7") == 0);
    CHECK_OK(look_up("localhost", "80", PIER_AI_CANONNAME, PIER_AF_INET));
    CHECK(found->canonname && found->canonname[0]);
    CHECK_OK(look_up("localhost", "80", 0, PIER_AF_INET));
    CHECK(found->canonname == NULL);
}

static void numbers_are_written_as_text(void **state)
{
    struct pier_address a;
    char host[64];
    char service[8];

    (void)state;
    CHECK_OK(pier_address_parse(&a, "192.0.2.7:8080"));
    CHECK_OK(pier_getnameinfo(&a, host, sizeof(host), service, sizeof(service),
                              PIER_NI_NUMERICHOST | PIER_NI_NUMERICSERV,
                              NULL));
    CHECK(strcmp(host, "192.0.2.7") == 0);
    CHECK(strcmp(service, "8080") == 0);
    CHECK_ERR(
        pier_getnameinfo(&a, host, 9, NULL, 0, PIER_NI_NUMERICHOST, NULL),
        PIER_EAI_OVERFLOW);
    CHECK_ERR(
        pier_getnameinfo(&a, NULL, 0, service, 4, PIER_NI_NUMERICSERV, NULL),
        PIER_EAI_OVERFLOW);
    CHECK_ERR(pier_getnameinfo(&a, NULL, 0, NULL, 0, 0, NULL),
              PIER_EAI_NONAME);
    CHECK_ERR(pier_getnameinfo(NULL, host, 64, NULL, 0, 0, NULL), PIER_EINVAL);
}

static void loopback_has_a_name(void **state)
{
    struct pier_address a = loopback(PIER_AF_INET, 80);
    char host[256] = "";
    char service[32] = "";

    (void)state;
    CHECK_OK(pier_getnameinfo(&a, host, sizeof(host), service, sizeof(service),
                              0, NULL));
    CHECK(host[0]);
    CHECK(strcmp(service, "http") == 0);
    CHECK_ERR(pier_getnameinfo(&a, host, 2, NULL, 0, 0, NULL),
              PIER_EAI_OVERFLOW);
}

static void a_look_up_can_run_in_the_background(void **state)
{
    struct pier_lookup *l;

    (void)state;
    CHECK_OK(pier_lookup_start(&l, "localhost", "80", NULL));
    CHECK_OK(pier_lookup_wait(l, NULL));
    CHECK_OK(pier_lookup_result(&found, l));
    CHECK(found && pier_address_is_loopback(&found->address));
    free_found(NULL);
    CHECK_OK(pier_lookup_result(&found, l));
    pier_lookup_free(l);
    CHECK(found && pier_address_is_loopback(&found->address));
}

static void a_background_look_up_of_a_number_is_done_at_once(void **state)
{
    const struct pier_wait wait = { sizeof(wait), 0, NULL };
    struct pier_lookup *l;

    (void)state;
    CHECK_OK(pier_lookup_start(&l, "192.0.2.7", "80", NULL));
    CHECK_OK(pier_lookup_wait(l, &wait));
    CHECK_OK(pier_lookup_result(&found, l));
    CHECK(found_is("192.0.2.7:80"));
    pier_lookup_free(l);
}

static void a_canceled_look_up_stays_canceled(void **state)
{
    struct pier_lookup *l;

    (void)state;
    CHECK_OK(pier_lookup_start(&l, "localhost", "80", NULL));
    pier_lookup_cancel(l);
    CHECK_ERR(pier_lookup_wait(l, NULL), PIER_ECANCELED);
    CHECK_ERR(pier_lookup_result(&found, l), PIER_ECANCELED);
    CHECK(found == NULL);
    pier_lookup_free(l);
    pier_lookup_free(NULL);
    pier_lookup_cancel(NULL);
    pier_freeaddrinfo(NULL);
}

static void a_look_up_with_little_time_ends_at_once(void **state)
{
    static const pier_timeout timeouts[] = { 0, 1, 1000 };
    int64_t begin = pier_monotonic();

    (void)state;
    for (int i = 0; i < 30; i++) {
        const struct pier_wait wait = { sizeof(wait), timeouts[i % 3], NULL };
        struct pier_addrinfo *list;
        pier_err err = pier_getaddrinfo(&list, "localhost", "80", NULL, &wait);

        CHECK(err == PIER_OK || err == PIER_EDEADLINE || err == PIER_EAGAIN);
        CHECK((list == NULL) == (err != PIER_OK));
        pier_freeaddrinfo(list);
    }
    CHECK(pier_monotonic() - begin < SOON);
    /* The same question once more shares what may still run: Wine can crash
     * or hang when a process ends while the system's resolver is at work. */
    CHECK_OK(pier_getaddrinfo(&found, "localhost", "80", NULL, NULL));
}

static void bad_arguments_are_told(void **state)
{
    const struct pier_wait wait = { 0, 0, NULL };
    struct pier_lookup *l;

    (void)state;
    CHECK_ERR(pier_getaddrinfo(NULL, "localhost", "80", NULL, NULL),
              PIER_EINVAL);
    CHECK_ERR(pier_getaddrinfo(&found, "localhost", "80", NULL, &wait),
              PIER_EINVAL);
    CHECK_ERR(pier_lookup_start(NULL, "localhost", "80", NULL), PIER_EINVAL);
    CHECK_ERR(pier_lookup_wait(NULL, NULL), PIER_EINVAL);
    CHECK_ERR(pier_lookup_result(&found, NULL), PIER_EINVAL);
    CHECK_OK(pier_lookup_start(&l, "127.0.0.1", "80", NULL));
    CHECK_ERR(pier_lookup_result(NULL, l), PIER_EINVAL);
    CHECK_ERR(pier_lookup_wait(l, &wait), PIER_EINVAL);
    pier_lookup_free(l);
}

#define NAME_TEST(function) cmocka_unit_test_teardown(function, free_found)

int main(void)
{
    const struct CMUnitTest tests[] = {
        NAME_TEST(numbers_need_no_resolver),
        NAME_TEST(no_host_is_this_machine_or_the_wildcard),
        NAME_TEST(loose_forms_are_no_hosts),
        NAME_TEST(ports_beyond_the_last_are_no_services),
        NAME_TEST(localhost_is_loopback),
        NAME_TEST(a_service_has_a_name),
        NAME_TEST(hints_that_do_not_fit_are_told),
        NAME_TEST(the_canonical_name_is_given_when_asked_for),
        NAME_TEST(numbers_are_written_as_text),
        NAME_TEST(loopback_has_a_name),
        NAME_TEST(a_look_up_can_run_in_the_background),
        NAME_TEST(a_background_look_up_of_a_number_is_done_at_once),
        NAME_TEST(a_canceled_look_up_stays_canceled),
        NAME_TEST(a_look_up_with_little_time_ends_at_once),
        NAME_TEST(bad_arguments_are_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
