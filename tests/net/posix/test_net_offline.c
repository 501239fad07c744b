/* SPDX-License-Identifier: MIT */
/* A machine without any network, not even its loopback: its own names are
 * found all the same. */
#include "net.h"

#include <sched.h>

static bool has_network;

static int leave_the_network(void **state)
{
    (void)state;
    has_network = unshare(CLONE_NEWNET) != 0;
    return 0;
}

static void check_localhost(int family, const char *number)
{
    const struct pier_addrinfo_hints hints = { 0, family, PIER_SOCK_STREAM,
                                               0 };
    struct pier_addrinfo *list;
    struct pier_address expected;

    CHECK_OK(pier_address_parse(&expected, number));
    CHECK_OK(pier_getaddrinfo(&list, "localhost", "80", &hints, NULL));
    CHECK(pier_address_equal(&list->address, &expected));
    pier_freeaddrinfo(list);
}

/* A resolver that is told to leave out what has no interface finds none. */
static void localhost_is_found_without_any_interface(void **state)
{
    (void)state;
    if (has_network)
        skip_because("no network of its own for this user");
    check_localhost(PIER_AF_INET, "127.0.0.1:80");
}

static void PIER_CALL count(void *context, const struct pier_attempt *attempt)
{
    (void)attempt;
    ++*(int *)context;
}

/* It is the connect that fails, and says why. */
static void a_connection_fails_by_its_address_and_not_its_name(void **state)
{
    struct pier_connect_options options = PIER_CONNECT_OPTIONS_INIT;
    struct pier_socket *s;
    int attempts = 0;

    (void)state;
    if (has_network)
        skip_because("no network of its own for this user");
    options.family = PIER_AF_INET;
    options.on_attempt = count;
    options.context = &attempts;
    CHECK_ERR(pier_create_connection(&s, "localhost", "80", &options),
              PIER_ENETUNREACH);
    CHECK(attempts > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        NET_TEST(localhost_is_found_without_any_interface),
        NET_TEST(a_connection_fails_by_its_address_and_not_its_name),
    };

    return cmocka_run_group_tests(tests, leave_the_network, NULL);
}
