/* SPDX-License-Identifier: MIT */
/* The older look-ups: names with their aliases, on threads of pier's own. */
#include "unit.h"

#include <pier/error.h>
#include <pier/resolver.h>
#include <string.h>

/* host.test has two addresses and two aliases, and takes 40 ms. */
static void set_host(void)
{
    struct pier_address a[3] = { fake_inet6(7, 0), fake_inet(7, 0),
                                 fake_inet(8, 0) };

    fake_name_set("host.test", a, 3, 40 * MS, PIER_OK);
    fake_aliases_set("host.test", "official", "short", "alias.test");
}

static struct pier_wait within(pier_timeout timeout)
{
    struct pier_wait wait = PIER_WAIT_INIT;

    wait.timeout = timeout;
    return wait;
}

static void check_operation(const char *operation)
{
    struct pier_detail detail;

    pier_error_detail(&detail);
    assert_string_equal(detail.operation, operation);
}

static bool is_at(const struct pier_address *a, struct pier_address wanted)
{
    return fake_same_address(a, &wanted);
}

/* ------------------------------------------------------- gethostbyname --- */

static void a_name_has_its_first_ipv4_address(void **state)
{
    struct pier_address a;

    (void)state;
    set_host();
    CHECK_OK(pier_gethostbyname(&a, "host.test", NULL));
    CHECK(is_at(&a, fake_inet(7, 0)));
    CHECK_INT(fake_now(), 40 * MS);
}

static void a_number_is_answered_without_the_resolver(void **state)
{
    struct pier_hostent *h;
    struct pier_wait none = within(0);
    struct pier_address a;

    (void)state;
    CHECK_OK(pier_gethostbyname(&a, "192.0.2.7", &none));
    CHECK(is_at(&a, fake_inet(7, 0)));
    CHECK_OK(pier_gethostbyname_ex(&h, "192.0.2.7", &none));
    assert_string_equal(h->name, "192.0.2.7");
    CHECK_INT(h->alias_count, 0);
    CHECK_INT(h->address_count, 1);
    CHECK(is_at(&h->addresses[0], fake_inet(7, 0)));
    pier_free_hostent(h);
    CHECK_INT(fake_threads(), 0);
    CHECK_INT(fake_now(), 0);
}

static void what_is_no_host_is_refused_without_the_resolver(void **state)
{
    static const struct {
        const char *host;
        pier_err err;
    } cases[] = {
        { "", PIER_EAI_NONAME },
        { "127.1", PIER_EAI_NONAME },
        { "0x7f000001", PIER_EAI_NONAME },
        { " 192.0.2.7", PIER_EAI_NONAME },
        { "host.test\n", PIER_EAI_NONAME },
        { "2001:db8::7", PIER_EAI_ADDRFAMILY },
    };
    struct pier_address a, kept = fake_inet(9, 9);
    struct pier_hostent *h;

    (void)state;
    a = kept;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        CHECK_ERR(pier_gethostbyname(&a, cases[i].host, NULL), cases[i].err);
        check_operation("gethostbyname");
        CHECK_ERR(pier_gethostbyname_ex(&h, cases[i].host, NULL),
                  cases[i].err);
        check_operation("gethostbyname_ex");
        CHECK(h == NULL);
    }
    CHECK_ERR(pier_gethostbyaddr(&h, "127.1", NULL), PIER_EAI_NONAME);
    CHECK(is_at(&a, kept));
    CHECK_INT(fake_threads(), 0);
}

/* ------------------------------------------------------- names, aliases ---
 */

static void a_name_has_aliases_and_ipv4_addresses(void **state)
{
    struct pier_hostent *h;

    (void)state;
    set_host();
    CHECK_OK(pier_gethostbyname_ex(&h, "host.test", NULL));
    assert_string_equal(h->name, "official");
    CHECK_INT(h->alias_count, 2);
    assert_string_equal(h->aliases[0], "short");
    assert_string_equal(h->aliases[1], "alias.test");
    CHECK_INT(h->address_count, 2);
    CHECK(is_at(&h->addresses[0], fake_inet(7, 0)));
    CHECK(is_at(&h->addresses[1], fake_inet(8, 0)));
    CHECK_INT(fake_calls_of(FAKE_GETADDRINFO), 0);
    pier_free_hostent(h);
}

static void an_address_of_either_family_has_names(void **state)
{
    static const char *const texts[] = { "192.0.2.8", "2001:db8::7" };
    struct pier_hostent *h;

    (void)state;
    set_host();
    for (int i = 0; i < 2; i++) {
        CHECK_OK(pier_gethostbyaddr(&h, texts[i], NULL));
        assert_string_equal(h->name, "official");
        CHECK_INT(h->alias_count, 2);
        CHECK_INT(h->address_count, i ? 1 : 2);
        pier_free_hostent(h);
    }
    CHECK_INT(fake_calls_of(FAKE_GETADDRINFO), 0);
    CHECK_INT(fake_calls_of(FAKE_GETHOSTBYADDR), 2);
}

/* Forward, and then back: both under one limit. */
static void a_name_in_place_of_an_address_is_looked_up_first(void **state)
{
    struct pier_wait enough = within(81 * MS), little = within(60 * MS);
    struct pier_hostent *h;

    (void)state;
    set_host();
    CHECK_OK(pier_gethostbyaddr(&h, "host.test", &enough));
    CHECK_INT(fake_now(), 80 * MS);
    assert_string_equal(h->name, "official");
    CHECK(is_at(&h->addresses[0], fake_inet6(7, 0)));
    pier_free_hostent(h);
    CHECK_ERR(pier_gethostbyaddr(&h, "host.test", &little), PIER_EDEADLINE);
    CHECK_INT(fake_now(), 140 * MS);
    CHECK(h == NULL);
    check_operation("gethostbyaddr");
}

static void the_resolvers_errors_go_through(void **state)
{
    struct pier_hostent *h;
    struct pier_address a;

    (void)state;
    CHECK_ERR(pier_gethostbyname_ex(&h, "no.test", NULL),
              PIER_EHOST_NOT_FOUND);
    CHECK(h == NULL);
    check_operation("gethostbyname_ex");
    CHECK_INT(pier_native_error(), -PIER_EHOST_NOT_FOUND);
    CHECK_ERR(pier_gethostbyaddr(&h, "192.0.2.9", NULL), PIER_EHOST_NOT_FOUND);
    check_operation("gethostbyaddr");
    CHECK_ERR(pier_gethostbyaddr(&h, "no.test", NULL), PIER_EAI_NONAME);
    check_operation("gethostbyaddr");
    CHECK_ERR(pier_gethostbyname(&a, "no.test", NULL), PIER_EAI_NONAME);
    check_operation("gethostbyname");
    fake_name_set("busy.test", NULL, 0, 0, PIER_EHOST_TRY_AGAIN);
    CHECK_ERR(pier_gethostbyname_ex(&h, "busy.test", NULL),
              PIER_EHOST_TRY_AGAIN);
    /* "Try again" of the system is no look-up that still runs. */
    fake_name_set("odd.test", NULL, 0, 0, PIER_EAGAIN);
    CHECK_ERR(pier_gethostbyname_ex(&h, "odd.test", NULL), PIER_EAI_AGAIN);
}

/* -------------------------------------------------------------- limits --- */

static void what_is_given_up_is_freed_by_its_worker(void **state)
{
    struct pier_wait wait = within(30 * MS);
    struct pier_hostent *h;

    (void)state;
    set_host();
    CHECK_ERR(pier_gethostbyname_ex(&h, "host.test", &wait), PIER_EDEADLINE);
    CHECK_INT(fake_now(), 30 * MS);
    CHECK_ERR(pier_gethostbyaddr(&h, "192.0.2.7", &wait), PIER_EDEADLINE);
    CHECK_INT(fake_now(), 60 * MS);
    fake_advance(60 * MS);
    CHECK_INT(fake_allocations(), 0);
}

static void a_token_that_has_fired_comes_first(void **state)
{
    struct pier_wait wait = PIER_WAIT_INIT;
    struct pier_hostent *h;
    struct pier_address a;
    char name[64];

    (void)state;
    CHECK_OK(pier_cancel_new(&wait.cancel));
    pier_cancel_fire(wait.cancel);
    CHECK_ERR(pier_gethostbyname(&a, "192.0.2.7", &wait), PIER_ECANCELED);
    CHECK_ERR(pier_gethostbyname_ex(&h, "192.0.2.7", &wait), PIER_ECANCELED);
    CHECK_ERR(pier_gethostbyaddr(&h, "192.0.2.7", &wait), PIER_ECANCELED);
    CHECK_ERR(pier_getfqdn(name, sizeof(name), "host.test", &wait),
              PIER_ECANCELED);
    pier_cancel_free(wait.cancel);
    CHECK_INT(fake_threads(), 0);
}

static void a_token_ends_the_wait(void **state)
{
    struct pier_wait wait = PIER_WAIT_INIT;
    struct pier_hostent *h;

    (void)state;
    set_host();
    CHECK_OK(pier_cancel_new(&wait.cancel));
    fake_at(10 * MS, do_fire, wait.cancel);
    CHECK_ERR(pier_gethostbyname_ex(&h, "host.test", &wait), PIER_ECANCELED);
    CHECK_INT(fake_now(), 10 * MS);
    fake_join();
    pier_cancel_free(wait.cancel);
}

struct asker {
    pier_err err;
    int kind;
};

static void ask(void *argument)
{
    struct asker *asker = argument;
    struct pier_addrinfo *list;
    struct pier_hostent *h;
    struct pier_address a;

    switch (asker->kind) {
    case 0:
        asker->err = pier_gethostbyname_ex(&h, "host.test", NULL);
        pier_free_hostent(h);
        break;
    case 1:
        asker->err = pier_gethostbyname(&a, "host.test", NULL);
        break;
    default:
        asker->err = pier_getaddrinfo(&list, "host.test", NULL, NULL, NULL);
        pier_freeaddrinfo(list);
    }
}

/* Each is asked once: they are three questions with one name. */
static void callers_with_one_question_share_its_answer(void **state)
{
    struct asker askers[6];

    (void)state;
    set_host();
    for (int i = 0; i < 6; i++) {
        askers[i] = (struct asker){ PIER_EUNKNOWN, i % 3 };
        fake_thread_start(ask, &askers[i]);
    }
    fake_join();
    for (int i = 0; i < 6; i++)
        CHECK_OK(askers[i].err);
    CHECK_INT(fake_calls_of(FAKE_GETHOSTBYNAME), 1);
    CHECK_INT(fake_calls_of(FAKE_GETADDRINFO), 2);
    CHECK_INT(fake_now(), 40 * MS);
}

static void bad_arguments_are_told(void **state)
{
    struct pier_wait bad = { 0, 0, NULL };
    struct pier_hostent *h = (void *)&bad;
    struct pier_address a;
    char name[8];

    (void)state;
    CHECK_ERR(pier_gethostbyname(NULL, "host.test", NULL), PIER_EINVAL);
    CHECK_ERR(pier_gethostbyname(&a, NULL, NULL), PIER_EINVAL);
    CHECK_ERR(pier_gethostbyname(&a, "host.test", &bad), PIER_EINVAL);
    CHECK_ERR(pier_gethostbyname_ex(NULL, "host.test", NULL), PIER_EINVAL);
    CHECK_ERR(pier_gethostbyname_ex(&h, NULL, NULL), PIER_EINVAL);
    CHECK(h == NULL);
    CHECK_ERR(pier_gethostbyname_ex(&h, "host.test", &bad), PIER_EINVAL);
    CHECK_ERR(pier_gethostbyaddr(NULL, "192.0.2.7", NULL), PIER_EINVAL);
    h = (void *)&bad;
    CHECK_ERR(pier_gethostbyaddr(&h, NULL, NULL), PIER_EINVAL);
    CHECK(h == NULL);
    CHECK_ERR(pier_gethostbyaddr(&h, "192.0.2.7", &bad), PIER_EINVAL);
    CHECK_ERR(pier_getfqdn(NULL, 8, "host.test", NULL), PIER_EINVAL);
    CHECK_ERR(pier_getfqdn(name, 8, "host.test", &bad), PIER_EINVAL);
    pier_free_hostent(NULL);
    CHECK_INT(fake_threads(), 0);
}

/* ------------------------------------------------------------- getfqdn --- */

static void check_fqdn(const char *name, const char *wanted)
{
    char found[64] = "";

    CHECK_OK(pier_getfqdn(found, sizeof(found), name, NULL));
    assert_string_equal(found, wanted);
}

static void the_first_name_with_a_dot_is_the_full_one(void **state)
{
    struct pier_address a = fake_inet(1, 0), b = fake_inet(2, 0);

    (void)state;
    set_host();
    check_fqdn("host.test", "alias.test");
    check_fqdn("192.0.2.7", "alias.test");
    fake_name_set("one", &a, 1, 0, PIER_OK);
    fake_aliases_set("one", "one.test", "first.test", NULL);
    check_fqdn("one", "one.test");
    fake_name_set("two", &b, 1, 0, PIER_OK);
    fake_aliases_set("two", "official", "two", NULL);
    check_fqdn("two", "official");
}

static void who_is_not_known_keeps_the_name(void **state)
{
    struct pier_address a = fake_inet(1, 0);
    struct pier_detail detail;

    (void)state;
    /* A failure that was there before stays what it was. */
    CHECK_ERR(pier_set_inheritable(NULL, true), PIER_EINVAL);
    check_fqdn("no.test", "no.test");
    check_fqdn("192.0.2.9", "192.0.2.9");
    check_fqdn("127.1", "127.1");
    fake_name_set("busy.test", &a, 1, 0, PIER_EAI_AGAIN);
    check_fqdn("busy.test", "busy.test");
    fake_name_set("down.test", &a, 1, 0, PIER_ENETDOWN);
    check_fqdn("down.test", "down.test");
    pier_error_detail(&detail);
    CHECK_INT(detail.code, PIER_EINVAL);
}

static void no_name_is_this_machine(void **state)
{
    static const char *const names[] = { NULL, "", "0.0.0.0", "::" };
    struct pier_address a = fake_inet(1, 0);

    (void)state;
    for (int i = 0; i < 4; i++)
        check_fqdn(names[i], FAKE_HOST_NAME);
    fake_name_set(FAKE_HOST_NAME, &a, 1, 0, PIER_OK);
    fake_aliases_set(FAKE_HOST_NAME, "own.test", NULL, NULL);
    for (int i = 0; i < 4; i++)
        check_fqdn(names[i], "own.test");
}

static void what_ends_the_wait_is_told(void **state)
{
    static const pier_err codes[] = { PIER_EMFILE, PIER_ENOMEM };
    struct pier_wait wait = within(70 * MS);
    char name[64] = "kept";

    (void)state;
    set_host();
    CHECK_ERR(pier_getfqdn(name, sizeof(name), "host.test", &wait),
              PIER_EDEADLINE);
    CHECK_INT(fake_now(), 70 * MS);
    check_operation("getfqdn");
    for (int i = 0; i < 2; i++) {
        fake_fail(FAKE_GETHOSTBYADDR, 1, codes[i]);
        CHECK_ERR(pier_getfqdn(name, sizeof(name), "192.0.2.8", NULL),
                  codes[i]);
    }
    fake_fail(FAKE_GETHOSTNAME, 1, PIER_EIO);
    CHECK_ERR(pier_getfqdn(name, sizeof(name), NULL, NULL), PIER_EIO);
    assert_string_equal(name, "kept");
}

static void a_full_name_is_given_whole_or_not_at_all(void **state)
{
    char name[16] = "kept";

    (void)state;
    set_host();
    CHECK_ERR(pier_getfqdn(name, 10, "host.test", NULL), PIER_ENOBUFS);
    CHECK_ERR(pier_getfqdn(name, 0, "host.test", NULL), PIER_ENOBUFS);
    assert_string_equal(name, "kept");
    CHECK_OK(pier_getfqdn(name, 11, "host.test", NULL));
    assert_string_equal(name, "alias.test");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_FAKE(a_name_has_its_first_ipv4_address),
        ON_FAKE(a_number_is_answered_without_the_resolver),
        ON_FAKE(what_is_no_host_is_refused_without_the_resolver),
        ON_FAKE(a_name_has_aliases_and_ipv4_addresses),
        ON_FAKE(an_address_of_either_family_has_names),
        ON_FAKE(a_name_in_place_of_an_address_is_looked_up_first),
        ON_FAKE(the_resolvers_errors_go_through),
        ON_FAKE(what_is_given_up_is_freed_by_its_worker),
        ON_FAKE(a_token_that_has_fired_comes_first),
        ON_FAKE(a_token_ends_the_wait),
        ON_FAKE(callers_with_one_question_share_its_answer),
        ON_FAKE(bad_arguments_are_told),
        ON_FAKE(the_first_name_with_a_dot_is_the_full_one),
        ON_FAKE(who_is_not_known_keeps_the_name),
        ON_FAKE(no_name_is_this_machine),
        ON_FAKE(what_ends_the_wait_is_told),
        ON_FAKE(a_full_name_is_given_whole_or_not_at_all),
    };

    return cmocka_run_group_tests_name("hosts", tests, NULL, NULL);
}
