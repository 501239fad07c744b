/* SPDX-License-Identifier: MIT */
/* Look-ups: on threads of pier's own, with limits. */
#include "unit.h"

#include <pier/error.h>
#include <pier/resolver.h>
#include <string.h>

static const struct pier_addrinfo_hints streams = { 0, 0, PIER_SOCK_STREAM,
                                                    0 };

/* host.test has two addresses and takes 40 ms. */
static void set_host(void)
{
    struct pier_address a[2] = { fake_inet6(7, 0), fake_inet(7, 0) };

    fake_name_set("host.test", a, 2, 40 * MS, PIER_OK);
}

static pier_err ask(struct pier_addrinfo **list, const char *host,
                    pier_timeout timeout)
{
    struct pier_wait wait = PIER_WAIT_INIT;

    wait.timeout = timeout;
    return pier_getaddrinfo(list, host, "80", &streams, &wait);
}

static void a_name_has_its_addresses_in_the_systems_order(void **state)
{
    struct pier_address six = fake_inet6(7, 80), four = fake_inet(7, 80);
    struct pier_addrinfo *list;

    (void)state;
    set_host();
    CHECK_OK(pier_getaddrinfo(&list, "host.test", "80", &streams, NULL));
    CHECK_INT(fake_now(), 40 * MS);
    CHECK(fake_same_address(&list->address, &six));
    CHECK_INT(list->family, PIER_AF_INET6);
    CHECK_INT(list->type, PIER_SOCK_STREAM);
    CHECK(fake_same_address(&list->next->address, &four));
    CHECK(list->next->next == NULL);
    pier_freeaddrinfo(list);
}

static void an_unknown_name_is_told_with_the_operation(void **state)
{
    struct pier_addrinfo *list;
    struct pier_detail detail;

    (void)state;
    CHECK_ERR(ask(&list, "no.test", PIER_FOREVER), PIER_EAI_NONAME);
    CHECK(list == NULL);
    pier_error_detail(&detail);
    CHECK_INT(detail.code, PIER_EAI_NONAME);
    assert_string_equal(detail.operation, "getaddrinfo");
}

static void an_error_of_the_resolver_goes_through(void **state)
{
    struct pier_addrinfo *list;

    (void)state;
    fake_name_set("host.test", NULL, 0, 10 * MS, PIER_EAI_AGAIN);
    CHECK_ERR(ask(&list, "host.test", SECOND), PIER_EAI_AGAIN);
    CHECK_INT(fake_now(), 10 * MS);
}

static void the_canonical_name_is_given_when_asked_for(void **state)
{
    const struct pier_addrinfo_hints hints = { PIER_AI_CANONNAME, 0,
                                               PIER_SOCK_STREAM, 0 };
    struct pier_addrinfo *list;

    (void)state;
    set_host();
    CHECK_OK(pier_getaddrinfo(&list, "host.test", NULL, &hints, NULL));
    assert_string_equal(list->canonname, "host.test");
    CHECK(list->next->canonname == NULL);
    pier_freeaddrinfo(list);
}

static void a_lookup_ends_exactly_at_its_timeout(void **state)
{
    struct pier_addrinfo *list;

    (void)state;
    set_host();
    CHECK_ERR(ask(&list, "host.test", 30 * MS), PIER_EDEADLINE);
    CHECK_INT(fake_now(), 30 * MS);
    CHECK(list == NULL);
    fake_advance(10 * MS);
    CHECK_INT(fake_allocations(), 0);
}

static void a_lookup_without_time_does_not_wait(void **state)
{
    struct pier_addrinfo *list;

    (void)state;
    set_host();
    CHECK_ERR(ask(&list, "host.test", 0), PIER_EDEADLINE);
    CHECK_INT(fake_now(), 0);
}

static void a_token_ends_a_lookup(void **state)
{
    struct pier_wait wait = PIER_WAIT_INIT;
    struct pier_addrinfo *list;

    (void)state;
    set_host();
    CHECK_OK(pier_cancel_new(&wait.cancel));
    fake_at(10 * MS, do_fire, wait.cancel);
    CHECK_ERR(pier_getaddrinfo(&list, "host.test", "80", NULL, &wait),
              PIER_ECANCELED);
    CHECK_INT(fake_now(), 10 * MS);
    fake_join();
    pier_cancel_free(wait.cancel);
}

static void signals_do_not_end_a_lookup(void **state)
{
    struct pier_addrinfo *list;

    (void)state;
    set_host();
    fake_interrupt_every(3 * MS);
    CHECK_OK(ask(&list, "host.test", PIER_FOREVER));
    CHECK_INT(fake_now(), 40 * MS);
    pier_freeaddrinfo(list);
}

static void numbers_never_reach_the_resolver(void **state)
{
    const char *const hosts[] = { "192.0.2.7", "::1", NULL };
    struct pier_addrinfo *list;

    (void)state;
    for (int i = 0; i < 3; i++) {
        CHECK_OK(pier_getaddrinfo(&list, hosts[i], "80", &streams, NULL));
        CHECK_INT(pier_address_port(&list->address), 80);
        pier_freeaddrinfo(list);
    }
    CHECK_INT(fake_calls_of(FAKE_GETADDRINFO), 0);
    CHECK_INT(fake_threads(), 0);
}

struct asker {
    const char *host;
    pier_timeout timeout;
    struct pier_addrinfo *list;
    pier_err err;
    int64_t end;
};

static void ask_it(void *argument)
{
    struct asker *a = argument;

    a->err = ask(&a->list, a->host, a->timeout);
    a->end = fake_now();
}

static void the_same_question_is_asked_once(void **state)
{
    struct asker a[4];

    (void)state;
    set_host();
    for (int i = 0; i < 4; i++) {
        a[i] = (struct asker){ "host.test", SECOND, NULL, 0, 0 };
        fake_at(i * MS, ask_it, &a[i]);
    }
    fake_join();
    CHECK_INT(fake_calls_of(FAKE_GETADDRINFO), 1);
    for (int i = 0; i < 4; i++) {
        CHECK_OK(a[i].err);
        CHECK_INT(a[i].end, 40 * MS);
        pier_freeaddrinfo(a[i].list);
    }
}

static void who_gives_up_takes_nothing_from_the_others(void **state)
{
    struct asker hasty = { "host.test", 10 * MS, NULL, 0, 0 };
    struct asker calm = { "host.test", SECOND, NULL, 0, 0 };

    (void)state;
    set_host();
    fake_thread_start(ask_it, &hasty);
    fake_thread_start(ask_it, &calm);
    fake_join();
    CHECK_ERR(hasty.err, PIER_EDEADLINE);
    CHECK_OK(calm.err);
    CHECK_INT(calm.end, 40 * MS);
    pier_freeaddrinfo(calm.list);
}

#define MANY 20

static char names[MANY][16];

static void set_many(struct asker *a, unsigned count, int64_t delay)
{
    struct pier_address address = fake_inet(7, 0);

    for (unsigned i = 0; i < count; i++) {
        memcpy(names[i], "host-a.test", 12);
        names[i][5] = (char)('a' + i);
        fake_name_set(names[i], &address, 1, delay, PIER_OK);
        a[i] = (struct asker){ names[i], PIER_FOREVER, NULL, 0, 0 };
        fake_thread_start(ask_it, &a[i]);
    }
}

static void the_pool_is_bounded(void **state)
{
    struct asker a[MANY];
    int64_t last = 0;
    unsigned most;

    (void)state;
    set_many(a, MANY, 40 * MS);
    fake_advance(MS);
    most = fake_threads() - MANY;
    CHECK(most > 1 && most <= 16);
    fake_join();
    for (int i = 0; i < MANY; i++) {
        CHECK_OK(a[i].err);
        if (a[i].end > last)
            last = a[i].end;
        pier_freeaddrinfo(a[i].list);
    }
    CHECK(last > 40 * MS && last <= 400 * MS);
}

/* Each is given up before the thread that was started for it has run. */
static void lookups_that_come_quickly_share_a_worker(void **state)
{
    struct pier_addrinfo *list;

    (void)state;
    set_host();
    for (int i = 0; i < 10; i++)
        CHECK_ERR(ask(&list, "host.test", 0), PIER_EDEADLINE);
    CHECK_OK(ask(&list, "host.test", PIER_FOREVER));
    CHECK_INT(fake_calls_of(FAKE_THREAD_START), 1);
    pier_freeaddrinfo(list);
}

/* Names that take an hour fill the pool; another is answered all the same. */
static void stuck_lookups_do_not_block_the_others(void **state)
{
    struct asker stuck[MANY];
    struct asker quick = { "host.test", 60 * SECOND, NULL, 0, 0 };

    (void)state;
    set_many(stuck, 8, 3000 * SECOND);
    set_host();
    fake_advance(MS);
    ask_it(&quick);
    CHECK_OK(quick.err);
    CHECK(quick.end <= 10 * SECOND);
    pier_freeaddrinfo(quick.list);
    fake_join();
    for (int i = 0; i < 8; i++)
        pier_freeaddrinfo(stuck[i].list);
}

static void the_pool_is_bounded_even_when_all_are_stuck(void **state)
{
    struct pier_address address = fake_inet(7, 0);
    struct pier_lookup *l[80];
    char name[] = "host-aa.test";

    (void)state;
    for (int i = 0; i < 80; i++) {
        name[5] = (char)('a' + i / 20);
        name[6] = (char)('a' + i % 20);
        fake_name_set(name, &address, 1, 2000 * SECOND, PIER_OK);
        CHECK_OK(pier_lookup_start(&l[i], name, "80", &streams));
        fake_advance(SECOND);
    }
    CHECK(fake_threads() > 8 && fake_threads() <= 64);
    for (int i = 0; i < 80; i++)
        pier_lookup_free(l[i]);
}

static void a_question_that_waits_for_a_worker_is_shared_too(void **state)
{
    struct asker busy[8];
    struct asker a = { "host.test", PIER_FOREVER, NULL, 0, 0 }, b = a;

    (void)state;
    set_many(busy, 8, 40 * MS);
    fake_settle();
    set_host();
    fake_thread_start(ask_it, &a);
    fake_thread_start(ask_it, &b);
    fake_join();
    CHECK_INT(fake_calls_of(FAKE_GETADDRINFO), 9);
    CHECK_OK(a.err);
    CHECK_OK(b.err);
    pier_freeaddrinfo(a.list);
    pier_freeaddrinfo(b.list);
    for (int i = 0; i < 8; i++)
        pier_freeaddrinfo(busy[i].list);
}

static void without_a_second_thread_the_first_does_it_all(void **state)
{
    struct asker busy[1];
    struct asker a = { "host.test", PIER_FOREVER, NULL, 0, 0 };

    (void)state;
    set_many(busy, 1, 40 * MS);
    fake_settle();
    set_host();
    fake_fail(FAKE_THREAD_START, 1, PIER_EAGAIN);
    ask_it(&a);
    CHECK_OK(a.err);
    CHECK_INT(a.end, 80 * MS);
    fake_join();
    pier_freeaddrinfo(a.list);
    pier_freeaddrinfo(busy[0].list);
}

static void a_cancelled_lookup_stays_so(void **state)
{
    const char *const hosts[] = { "host.test", "192.0.2.7" };
    struct pier_addrinfo *list;
    struct pier_lookup *l;

    (void)state;
    set_host();
    for (int i = 0; i < 2; i++) {
        CHECK_OK(pier_lookup_start(&l, hosts[i], "80", &streams));
        CHECK_OK(pier_lookup_wait(l, NULL));
        pier_lookup_cancel(l);
        CHECK_ERR(pier_lookup_wait(l, NULL), PIER_ECANCELED);
        CHECK_ERR(pier_lookup_result(&list, l), PIER_ECANCELED);
        CHECK(list == NULL);
        pier_lookup_free(l);
    }
    pier_lookup_cancel(NULL);
}

/* The system reads its files and asks its servers anew; an old answer of ours
 * would hide it. */
static void an_answer_is_not_kept_for_the_next_question(void **state)
{
    struct pier_address moved = fake_inet(9, 80);
    struct pier_addrinfo *list;

    (void)state;
    set_host();
    CHECK_OK(ask(&list, "host.test", SECOND));
    pier_freeaddrinfo(list);
    fake_name_set("host.test", &moved, 1, 0, PIER_OK);
    CHECK_OK(ask(&list, "host.test", SECOND));
    CHECK(fake_same_address(&list->address, &moved));
    pier_freeaddrinfo(list);
    fake_name_set("host.test", NULL, 0, 0, PIER_EAI_NONAME);
    CHECK_ERR(ask(&list, "host.test", SECOND), PIER_EAI_NONAME);
    fake_name_set("host.test", &moved, 1, 0, PIER_OK);
    CHECK_OK(ask(&list, "host.test", SECOND));
    pier_freeaddrinfo(list);
    CHECK_INT(fake_calls_of(FAKE_GETADDRINFO), 4);
}

static void idle_workers_end(void **state)
{
    struct pier_addrinfo *list;

    (void)state;
    set_host();
    CHECK_OK(ask(&list, "host.test", SECOND));
    pier_freeaddrinfo(list);
    fake_settle();
    CHECK_INT(fake_threads(), 1);
    fake_advance(60 * SECOND);
    CHECK_INT(fake_threads(), 0);
    CHECK_OK(ask(&list, "host.test", SECOND));
    pier_freeaddrinfo(list);
}

static void a_worker_is_used_again(void **state)
{
    struct pier_addrinfo *list;

    (void)state;
    set_host();
    for (int i = 0; i < 3; i++) {
        CHECK_OK(ask(&list, "host.test", SECOND));
        pier_freeaddrinfo(list);
    }
    CHECK_INT(fake_calls_of(FAKE_THREAD_START), 1);
    CHECK_INT(fake_calls_of(FAKE_GETADDRINFO), 3);
}

static void without_a_thread_the_lookup_fails(void **state)
{
    struct pier_addrinfo *list;

    (void)state;
    set_host();
    fake_fail(FAKE_THREAD_START, 1, PIER_EAGAIN);
    CHECK_ERR(ask(&list, "host.test", SECOND), PIER_EAGAIN);
    CHECK_INT(fake_allocations(), 0);
    CHECK_OK(ask(&list, "host.test", SECOND));
    pier_freeaddrinfo(list);
}

static void a_lookup_can_be_polled(void **state)
{
    struct pier_addrinfo *list;
    struct pier_lookup *l;

    (void)state;
    set_host();
    CHECK_OK(pier_lookup_start(&l, "host.test", "80", &streams));
    CHECK_INT(fake_now(), 0);
    CHECK_ERR(pier_lookup_result(&list, l), PIER_EAGAIN);
    CHECK(list == NULL);
    fake_advance(40 * MS);
    fake_settle();
    for (int i = 0; i < 2; i++) {
        CHECK_OK(pier_lookup_result(&list, l));
        CHECK(list && list->next && !list->next->next);
        pier_freeaddrinfo(list);
    }
    pier_lookup_free(l);
}

static void a_lookup_can_be_waited_for_again(void **state)
{
    struct pier_wait wait = PIER_WAIT_INIT;
    struct pier_lookup *l;

    (void)state;
    set_host();
    wait.timeout = 15 * MS;
    CHECK_OK(pier_lookup_start(&l, "host.test", "80", &streams));
    CHECK_ERR(pier_lookup_wait(l, &wait), PIER_EDEADLINE);
    CHECK_ERR(pier_lookup_wait(l, &wait), PIER_EDEADLINE);
    CHECK_OK(pier_lookup_wait(l, &wait));
    CHECK_INT(fake_now(), 40 * MS);
    pier_lookup_free(l);
}

static void do_cancel(void *lookup)
{
    pier_lookup_cancel(lookup);
}

static void a_cancelled_lookup_ends_who_waits_for_it(void **state)
{
    struct pier_addrinfo *list;
    struct pier_lookup *l;

    (void)state;
    set_host();
    CHECK_OK(pier_lookup_start(&l, "host.test", "80", &streams));
    fake_at(10 * MS, do_cancel, l);
    CHECK_ERR(pier_lookup_wait(l, NULL), PIER_ECANCELED);
    CHECK_INT(fake_now(), 10 * MS);
    CHECK_ERR(pier_lookup_result(&list, l), PIER_ECANCELED);
    fake_join();
    pier_lookup_free(l);
}

static void cancelling_one_of_two_lookups_leaves_the_other(void **state)
{
    struct pier_lookup *l, *other;

    (void)state;
    set_host();
    CHECK_OK(pier_lookup_start(&l, "host.test", "80", &streams));
    CHECK_OK(pier_lookup_start(&other, "host.test", "80", &streams));
    fake_at(10 * MS, do_cancel, other);
    fake_clear_calls();
    CHECK_OK(pier_lookup_wait(l, NULL));
    CHECK_INT(fake_now(), 40 * MS);
    CHECK(fake_calls_of(FAKE_WAIT) < 10);
    fake_join();
    pier_lookup_free(l);
    pier_lookup_free(other);
}

static void a_lookup_may_be_freed_while_it_runs(void **state)
{
    struct pier_lookup *l;

    (void)state;
    set_host();
    CHECK_OK(pier_lookup_start(&l, "host.test", "80", &streams));
    fake_settle();
    pier_lookup_free(l);
    pier_lookup_free(NULL);
    fake_advance(40 * MS);
    fake_settle();
    CHECK_INT(fake_allocations(), 0);
}

static void an_address_has_a_name(void **state)
{
    struct pier_address a = fake_inet(7, 80);
    struct pier_wait wait = PIER_WAIT_INIT;
    char host[64], service[16];

    (void)state;
    set_host();
    CHECK_OK(pier_getnameinfo(&a, host, sizeof(host), service, 16, 0, NULL));
    assert_string_equal(host, "host.test");
    assert_string_equal(service, "80");
    CHECK_INT(fake_now(), 40 * MS);
    CHECK_ERR(pier_getnameinfo(&a, host, 5, service, 16, 0, NULL),
              PIER_EAI_OVERFLOW);
    CHECK_ERR(pier_getnameinfo(&a, host, 64, service, 2, 0, NULL),
              PIER_EAI_OVERFLOW);
    wait.timeout = 10 * MS;
    CHECK_ERR(pier_getnameinfo(&a, host, 64, NULL, 0, 0, &wait),
              PIER_EDEADLINE);
    assert_string_equal(host, "host.test");
}

static void numbers_of_an_address_never_reach_the_resolver(void **state)
{
    const int numeric = PIER_NI_NUMERICHOST | PIER_NI_NUMERICSERV;
    struct pier_address a = fake_inet(7, 80);
    char host[64], service[16];

    (void)state;
    CHECK_OK(pier_getnameinfo(&a, host, sizeof(host), service, sizeof(service),
                              numeric, NULL));
    assert_string_equal(host, "192.0.2.7");
    assert_string_equal(service, "80");
    CHECK_INT(fake_calls_of(FAKE_GETNAMEINFO), 0);
}

static void wrong_arguments_are_refused(void **state)
{
    struct pier_wait wait = PIER_WAIT_INIT;
    struct pier_addrinfo *list;

    (void)state;
    wait.size = 0;
    CHECK_ERR(pier_getaddrinfo(&list, "host.test", "80", NULL, &wait),
              PIER_EINVAL);
    wait.size = sizeof(wait) + 1;
    CHECK_ERR(pier_getaddrinfo(&list, "host.test", "80", NULL, &wait),
              PIER_EINVAL);
    CHECK_ERR(pier_getaddrinfo(NULL, "host.test", "80", NULL, NULL),
              PIER_EINVAL);
    CHECK_ERR(pier_getaddrinfo(&list, NULL, NULL, NULL, NULL),
              PIER_EAI_NONAME);
    CHECK_ERR(pier_lookup_wait(NULL, NULL), PIER_EINVAL);
    pier_freeaddrinfo(NULL);
}

/* In every order that random changes of threads bring. */
static void lookups_survive_every_order(void **state)
{
    (void)state;
    for (unsigned seed = 1; seed <= 80; seed++) {
        struct asker a[4];

        fake_preempt(seed);
        set_host();
        for (unsigned i = 0; i < 4; i++) {
            pier_timeout timeout = (pier_timeout)(seed * (i + 1) % 60) * MS;

            a[i] = (struct asker){ "host.test", timeout, NULL, 0, 0 };
            fake_at((int64_t)(seed * i % 50) * MS, ask_it, &a[i]);
        }
        fake_join();
        for (int i = 0; i < 4; i++) {
            CHECK(a[i].err == PIER_OK || a[i].err == PIER_EDEADLINE);
            pier_freeaddrinfo(a[i].list);
        }
        fake_reset();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_FAKE(a_name_has_its_addresses_in_the_systems_order),
        ON_FAKE(an_unknown_name_is_told_with_the_operation),
        ON_FAKE(an_error_of_the_resolver_goes_through),
        ON_FAKE(the_canonical_name_is_given_when_asked_for),
        ON_FAKE(a_lookup_ends_exactly_at_its_timeout),
        ON_FAKE(a_lookup_without_time_does_not_wait),
        ON_FAKE(a_token_ends_a_lookup),
        ON_FAKE(signals_do_not_end_a_lookup),
        ON_FAKE(numbers_never_reach_the_resolver),
        ON_FAKE(the_same_question_is_asked_once),
        ON_FAKE(an_answer_is_not_kept_for_the_next_question),
        ON_FAKE(who_gives_up_takes_nothing_from_the_others),
        ON_FAKE(the_pool_is_bounded),
        ON_FAKE(lookups_that_come_quickly_share_a_worker),
        ON_FAKE(stuck_lookups_do_not_block_the_others),
        ON_FAKE(the_pool_is_bounded_even_when_all_are_stuck),
        ON_FAKE(a_question_that_waits_for_a_worker_is_shared_too),
        ON_FAKE(without_a_second_thread_the_first_does_it_all),
        ON_FAKE(a_cancelled_lookup_stays_so),
        ON_FAKE(idle_workers_end),
        ON_FAKE(a_worker_is_used_again),
        ON_FAKE(without_a_thread_the_lookup_fails),
        ON_FAKE(a_lookup_can_be_polled),
        ON_FAKE(a_lookup_can_be_waited_for_again),
        ON_FAKE(a_cancelled_lookup_ends_who_waits_for_it),
        ON_FAKE(cancelling_one_of_two_lookups_leaves_the_other),
        ON_FAKE(a_lookup_may_be_freed_while_it_runs),
        ON_FAKE(an_address_has_a_name),
        ON_FAKE(numbers_of_an_address_never_reach_the_resolver),
        ON_FAKE(wrong_arguments_are_refused),
        ON_FAKE(lookups_survive_every_order),
    };

    return cmocka_run_group_tests_name("lookup", tests, NULL, NULL);
}
