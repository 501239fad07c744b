/* SPDX-License-Identifier: MIT */
#include "scripted.h"

#include <string.h>

static const int no_memory = WSA_NOT_ENOUGH_MEMORY;

static pier_err look_up(const char *host, struct pierp_answer *answer)
{
    struct pierp_query query = { .host = host, .type = SOCK_STREAM };

    return pierp_getaddrinfo(answer, &query);
}

static pier_err look_up_failing_with(int result)
{
    struct pierp_answer answer = { NULL, 77, NULL };
    pier_err err;

    NEXT(GetAddrInfoW, .result = result);
    err = look_up("name.example", &answer);
    CHECK_INT(answer.count, 77);
    CHECK_INT(pierp_native_error(), result);
    return err;
}

static void q24_winsocks_codes_are_the_resolvers(void **state)
{
    (void)state;
    CHECK_ERR(look_up_failing_with(WSAHOST_NOT_FOUND), PIER_EAI_NONAME);
    CHECK_ERR(look_up_failing_with(WSATRY_AGAIN), PIER_EAI_AGAIN);
    CHECK_ERR(look_up_failing_with(WSANO_RECOVERY), PIER_EAI_FAIL);
    CHECK_ERR(look_up_failing_with(WSANO_DATA), PIER_EAI_NODATA);
    CHECK_ERR(look_up_failing_with(WSATYPE_NOT_FOUND), PIER_EAI_SERVICE);
    CHECK_ERR(look_up_failing_with(WSAEAFNOSUPPORT), PIER_EAI_FAMILY);
    CHECK_ERR(look_up_failing_with(WSAESOCKTNOSUPPORT), PIER_EAI_SOCKTYPE);
    CHECK_ERR(look_up_failing_with(WSAEINVAL), PIER_EAI_BADFLAGS);
    CHECK_ERR(look_up_failing_with(no_memory), PIER_EAI_MEMORY);
}

static void q24_a_code_of_other_calls_is_kept(void **state)
{
    (void)state;
    CHECK_ERR(look_up_failing_with(WSAENETDOWN), PIER_ENETDOWN);
    CHECK_ERR(look_up_failing_with(19999), PIER_EUNKNOWN);
}

/* Windows makes it the addresses of this host. */
static void q40_the_empty_name_is_nobodys(void **state)
{
    struct pierp_answer answer;

    (void)state;
    CHECK_ERR(look_up("", &answer), PIER_EAI_NONAME);
    CHECK_CALLS("");
}

/* With AI_ADDRCONFIG a host without network would not know localhost. */
static void q43_only_the_flags_asked_for_are_passed_on(void **state)
{
    struct pierp_answer answer;
    struct pierp_query query = { .host = "localhost", .flags = AI_CANONNAME };

    (void)state;
    NEXT(GetAddrInfoW, .result = WSAHOST_NOT_FOUND,
         .when = { ARGUMENT(3, 0) });
    CHECK_ERR(look_up("localhost", &answer), PIER_EAI_NONAME);
    NEXT(GetAddrInfoW, .result = WSAHOST_NOT_FOUND,
         .when = { ARGUMENT(3, AI_CANONNAME) });
    CHECK_ERR(pierp_getaddrinfo(&answer, &query), PIER_EAI_NONAME);
}

/* The byte functions would take it in the code page of the system. */
static void q104_a_name_is_asked_for_in_utf16(void **state)
{
    struct pierp_answer answer;

    (void)state;
    NEXT(GetAddrInfoW, .result = WSAHOST_NOT_FOUND);
    CHECK_ERR(look_up("b\xC3\xBC"
                      "cher.example",
                      &answer),
              PIER_EAI_NONAME);
    CHECK(wcscmp((const wchar_t *)script_call("GetAddrInfoW", 0)->kept,
                 L"b\u00FCcher.example") == 0);
}

static void q104_a_name_that_is_no_utf8_is_nobodys(void **state)
{
    struct pierp_answer answer;

    (void)state;
    CHECK_ERR(look_up("b\xFC"
                      "cher.example",
                      &answer),
              PIER_EAI_NONAME);
    CHECK_CALLS("");
}

static void q104_a_canonical_name_is_given_in_utf8(void **state)
{
    static wchar_t canonname[] = L"b\u00FCcher.example";
    struct sockaddr_in in = { .sin_family = AF_INET };
    ADDRINFOW entry = { .ai_family = AF_INET,
                        .ai_addrlen = sizeof in,
                        .ai_canonname = canonname,
                        .ai_addr = (struct sockaddr *)&in };
    ADDRINFOW *list = &entry;
    struct pierp_answer answer;

    (void)state;
    NEXT(GetAddrInfoW, .bytes = &list, .length = sizeof(void *));
    NEXT(FreeAddrInfoW, .when = { ARGUMENT(1, &entry) });
    CHECK_OK(look_up("buecher.example", &answer));
    CHECK_INT(answer.count, 1);
    CHECK(strcmp(answer.canonname, "b\xC3\xBC"
                                   "cher.example") == 0);
    pierp_free(answer.names);
    pierp_free(answer.canonname);
}

/* Wine writes the name that its host gives to an interface. */
static void q35_a_scope_is_a_number(void **state)
{
    static const wchar_t named[] = L"fe80::1%lo";
    struct pierp_endpoint e = { .family = PIER_AF_INET6, .scope_id = 7 };
    struct pier_address a;
    char host[64];

    (void)state;
    e.ip[0] = 0xFE;
    e.ip[1] = 0x80;
    e.ip[15] = 1;
    CHECK_OK(pierp_address_pack(&a, &e));
    NEXT(GetNameInfoW, .bytes = named, .length = sizeof named);
    CHECK_OK(pierp_getnameinfo(&a, host, sizeof host, NULL, 0, 0));
    CHECK(strcmp(host, "fe80::1%7") == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        OS_TEST(q24_winsocks_codes_are_the_resolvers),
        OS_TEST(q24_a_code_of_other_calls_is_kept),
        OS_TEST(q35_a_scope_is_a_number),
        OS_TEST(q40_the_empty_name_is_nobodys),
        OS_TEST(q43_only_the_flags_asked_for_are_passed_on),
        OS_TEST(q104_a_name_is_asked_for_in_utf16),
        OS_TEST(q104_a_name_that_is_no_utf8_is_nobodys),
        OS_TEST(q104_a_canonical_name_is_given_in_utf8),
    };

    return cmocka_run_group_tests(tests, script_start, NULL);
}
