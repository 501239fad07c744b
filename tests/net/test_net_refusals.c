/* SPDX-License-Identifier: MIT */
/* Bad input that only a system can refuse: by a code that the headers name,
 * and the socket is as it was. */
#include "net.h"

#include <pier/error.h>
#include <pier/resolver.h>
#include <string.h>

static void an_empty_address_is_no_destination(void **state)
{
    const struct pier_address none = { 0 };
    struct pier_socket *ends[2];
    struct pier_address to;
    char byte;

    (void)state;
    open_datagrams(PIER_AF_INET, ends);
    to = name_of(ends[1]);
    CHECK_ERR(pier_sendto(ends[0], "x", 1, 0, &none), PIER_EINVAL);
    CHECK_INT(pier_sendto(ends[0], "y", 1, 0, &to), 1);
    CHECK_INT(pier_recv(ends[1], &byte, 1, 0), 1);
    CHECK_INT(byte, 'y');
}

static bool is_of_the_resolver(pier_err err)
{
    return err == PIER_EAI_NONAME || err == PIER_EAI_NODATA ||
           err == PIER_EAI_AGAIN || err == PIER_EAI_FAIL;
}

static void a_name_that_cannot_be_one_is_not_found(void **state)
{
    const struct pier_wait wait = { sizeof(wait), PIER_SECONDS(20), NULL };
    static const char *const names[] = { "..", ".a",    "a..b",
                                         "-",  "a b",   "\xff\xfe",
                                         "%",  "[::1]", "::1%" };
    struct pier_addrinfo *list;
    char name[5000];

    (void)state;
    memset(name, 'a', sizeof(name));
    name[sizeof(name) - 1] = '\0';
    CHECK(
        is_of_the_resolver(pier_getaddrinfo(&list, name, "80", NULL, &wait)));
    CHECK(list == NULL);
    name[64] = '\0';
    CHECK(
        is_of_the_resolver(pier_getaddrinfo(&list, name, "80", NULL, &wait)));
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        pier_err err = pier_getaddrinfo(&list, names[i], "80", NULL, &wait);

        CHECK(is_of_the_resolver(err));
        CHECK(list == NULL);
    }
}

static void a_service_that_cannot_be_one_is_not_found(void **state)
{
    struct pier_addrinfo *list;
    char name[5000];
    pier_err err;

    (void)state;
    memset(name, 'a', sizeof(name));
    name[sizeof(name) - 1] = '\0';
    err = pier_getaddrinfo(&list, "127.0.0.1", name, NULL, NULL);
    CHECK(err == PIER_EAI_SERVICE || is_of_the_resolver(err));
    CHECK(list == NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        NET_TEST(an_empty_address_is_no_destination),
        NET_TEST(a_name_that_cannot_be_one_is_not_found),
        NET_TEST(a_service_that_cannot_be_one_is_not_found),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
