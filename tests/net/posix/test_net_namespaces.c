/* SPDX-License-Identifier: MIT */
/*
 * A machine of the test's own, as far as Linux gives one: its name can be
 * changed, and it has interfaces of every kind.
 */
#include "net.h"

#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ------------------------------------------------------------- the name ---
 */

static bool has_name;

static void need_name(void)
{
    if (!has_name)
        skip_because("no name of its own for this user");
}

static void check_name(const char *wanted)
{
    char name[256];

    CHECK_OK(pier_gethostname(name, sizeof(name)));
    CHECK(strcmp(name, wanted) == 0);
}

static void the_machine_gets_another_name(void **state)
{
    char longest[65];

    (void)state;
    need_name();
    CHECK_OK(pier_sethostname("one.pier.test"));
    check_name("one.pier.test");
    memset(longest, 'x', 64);
    longest[64] = '\0';
    CHECK_OK(pier_sethostname(longest));
    check_name(longest);
}

static void a_name_that_is_too_long_is_refused(void **state)
{
    char longer[2000];

    (void)state;
    need_name();
    CHECK_OK(pier_sethostname("kept"));
    memset(longer, 'x', sizeof(longer) - 1);
    longer[sizeof(longer) - 1] = '\0';
    CHECK_ERR(pier_sethostname(longer), PIER_EINVAL);
    longer[65] = '\0';
    CHECK_ERR(pier_sethostname(longer), PIER_EINVAL);
    check_name("kept");
}

static void who_may_not_is_told(void **state)
{
    pier_err err;

    (void)state;
    need_name();
    CHECK_OK(pier_sethostname("kept"));
    CHECK_INT(seteuid(65534), 0);
    err = pier_sethostname("other");
    CHECK_INT(seteuid(0), 0);
    CHECK_ERR(err, PIER_EPERM);
    check_name("kept");
}

/* A name that nobody knows is its own full name. */
static void the_full_name_follows(void **state)
{
    char name[256];

    (void)state;
    need_name();
    CHECK_OK(pier_sethostname("nobody-knows.invalid"));
    CHECK_OK(pier_getfqdn(name, sizeof(name), "", NULL));
    CHECK(strcmp(name, "nobody-knows.invalid") == 0);
}

/* ------------------------------------------------------- the interfaces ---
 */

#define PAIRS 40

static bool has_network;
static struct pier_interface *list;
static size_t count;

/* 40 pairs, the first with the longest names; its second end stays down. */
static const char setup[] =
    "exec 2>/dev/null; { "
    "for i in $(seq 2 40); do echo link add one$i type veth peer two$i; done;"
    " echo link add a23456789012345 type veth peer name b23456789012345;"
    " echo link set lo up; echo link set a23456789012345 up;"
    " echo address add 192.0.2.7/24 dev a23456789012345;"
    " echo address add 192.0.2.8/24 dev one2 label one2:me;"
    " echo address add fe80::77/64 dev a23456789012345 nodad; } | "
    "ip -batch -";

static int enter(void **state)
{
    (void)state;
    has_name = unshare(CLONE_NEWUTS) == 0;
    /* NOLINTNEXTLINE(cert-env33-c): the text is this file's. */
    has_network = unshare(CLONE_NEWNET) == 0 && system(setup) == 0;
    return 0;
}

static int free_list(void **state)
{
    pier_if_freenameindex(list, count);
    list = NULL;
    return free_sockets(state);
}

static const struct pier_interface *find(const char *name)
{
    unsigned index = if_nametoindex(name);

    for (size_t i = 0; i < count; i++) {
        if (list[i].index == index && strcmp(list[i].name, name) == 0)
            return &list[i];
    }
    CHECK(!"it is listed");
    return NULL;
}

static void need_list(void)
{
    if (!has_network)
        skip_because("no network of its own for this user");
    CHECK_OK(pier_if_nameindex(&list, &count));
}

static void every_interface_is_listed(void **state)
{
    char name[IF_NAMESIZE];

    (void)state;
    need_list();
    CHECK(count >= 1 + 2 * PAIRS);
    (void)find("lo");
    for (int i = 2; i <= PAIRS; i++) {
        (void)snprintf(name, sizeof(name), "one%d", i);
        (void)find(name);
        (void)snprintf(name, sizeof(name), "two%d", i);
        (void)find(name);
    }
}

static bool has(const struct pier_interface *i, const char *text)
{
    char host[64];

    for (size_t n = 0; n < i->address_count; n++) {
        CHECK_OK(pier_address_host(&i->addresses[n], host, sizeof(host)));
        if (strcmp(host, text) == 0)
            return true;
    }
    return false;
}

/* One of each family, and the link-local one with its zone. */
static void the_longest_name_has_all_its_addresses(void **state)
{
    const struct pier_interface *i;
    char text[64];

    (void)state;
    need_list();
    i = find("a23456789012345");
    CHECK(has(i, "192.0.2.7"));
    (void)snprintf(text, sizeof(text), "fe80::77%%%u", i->index);
    CHECK(has(i, text));
    CHECK(i->flags & IFF_UP);
    CHECK(!(i->flags & IFF_LOOPBACK));
}

/* The system lists it under the label, which is no name of an interface. */
static void an_address_with_a_label_is_its_interface_s(void **state)
{
    (void)state;
    need_list();
    CHECK(has(find("one2"), "192.0.2.8"));
    for (size_t i = 0; i < count; i++)
        CHECK(strcmp(list[i].name, "one2:me") != 0);
}

static void what_is_down_is_listed_as_well(void **state)
{
    const struct pier_interface *i;

    (void)state;
    need_list();
    i = find("b23456789012345");
    CHECK_INT(i->address_count, 0);
    CHECK(i->addresses == NULL);
    CHECK(!(i->flags & IFF_UP));
    CHECK(find("lo")->flags & IFF_LOOPBACK);
}

#define LIST_TEST(function) cmocka_unit_test_teardown(function, free_list)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_machine_gets_another_name),
        cmocka_unit_test(a_name_that_is_too_long_is_refused),
        cmocka_unit_test(who_may_not_is_told),
        cmocka_unit_test(the_full_name_follows),
        LIST_TEST(every_interface_is_listed),
        LIST_TEST(the_longest_name_has_all_its_addresses),
        LIST_TEST(an_address_with_a_label_is_its_interface_s),
        LIST_TEST(what_is_down_is_listed_as_well),
    };

    return cmocka_run_group_tests(tests, enter, NULL);
}
