/* SPDX-License-Identifier: MIT */
#include "wrapped.h"

#include <string.h>

static pier_err look_up_failing_with(int eai, int error)
{
    struct pierp_answer answer = { NULL, 77, NULL };
    struct pierp_query query = { .host = "name.example" };
    pier_err err;

    NEXT(getaddrinfo, .result = eai, .error = error);
    err = pierp_getaddrinfo(&answer, &query);
    CHECK_INT(answer.count, 77);
    return err;
}

/* glibc leaves errno 0 when it ran out of descriptors. */
static void q24_a_system_error_without_code_is_a_lack_of_files(void **state)
{
    (void)state;
    errno = ECONNREFUSED;
    CHECK_ERR(look_up_failing_with(EAI_SYSTEM, 0), PIER_EMFILE);
}

static void q24_a_system_error_has_the_code_of_the_system(void **state)
{
    (void)state;
    CHECK_ERR(look_up_failing_with(EAI_SYSTEM, ENFILE), PIER_ENFILE);
    CHECK_INT(pierp_native_error(), ENFILE);
}

static void q24_the_resolvers_codes_have_their_own(void **state)
{
    (void)state;
    CHECK_ERR(look_up_failing_with(EAI_NONAME, 0), PIER_EAI_NONAME);
    CHECK_ERR(look_up_failing_with(EAI_AGAIN, 0), PIER_EAI_AGAIN);
    CHECK_ERR(look_up_failing_with(EAI_FAIL, 0), PIER_EAI_FAIL);
    CHECK_ERR(look_up_failing_with(EAI_MEMORY, 0), PIER_EAI_MEMORY);
    CHECK_ERR(look_up_failing_with(-9999, 0), PIER_EUNKNOWN);
    CHECK_INT(pierp_native_error(), -9999);
}

static struct sockaddr_in somewhere = { .sin_family = AF_INET };

static struct addrinfo entry(char *canonname, struct addrinfo *next)
{
    struct addrinfo made = { .ai_family = AF_INET,
                             .ai_socktype = SOCK_STREAM,
                             .ai_addr = (struct sockaddr *)&somewhere,
                             .ai_addrlen = sizeof somewhere,
                             .ai_canonname = canonname,
                             .ai_next = next };

    return made;
}

static struct pierp_answer look_up(struct addrinfo *list, int flags)
{
    struct pierp_answer answer = { NULL, 0, NULL };
    struct pierp_query query = { .host = "name.example", .flags = flags };

    NEXT(getaddrinfo, .result = 0, .bytes = &list, .length = sizeof(void *));
    NEXT(freeaddrinfo, .when = { ARGUMENT(1, list) });
    CHECK_OK(pierp_getaddrinfo(&answer, &query));
    return answer;
}

static void release(struct pierp_answer *answer)
{
    pierp_free(answer->names);
    pierp_free(answer->canonname);
}

/* With AI_ADDRCONFIG a host without network would not know localhost. */
static void q43_only_the_flags_asked_for_are_passed_on(void **state)
{
    struct pierp_answer answer;
    struct pierp_query query = { .host = "name.example", .type = SOCK_STREAM };

    (void)state;
    NEXT(getaddrinfo, .result = EAI_NONAME,
         .when = { ARGUMENT(3, 0), ARGUMENT(4, SOCK_STREAM) });
    CHECK_ERR(pierp_getaddrinfo(&answer, &query), PIER_EAI_NONAME);
    query.flags = AI_CANONNAME;
    NEXT(getaddrinfo, .result = EAI_NONAME,
         .when = { ARGUMENT(3, AI_CANONNAME) });
    CHECK_ERR(pierp_getaddrinfo(&answer, &query), PIER_EAI_NONAME);
}

/* musl tells it always. */
static void q105_a_canonical_name_not_asked_for_is_not_given(void **state)
{
    char name[] = "name.example";
    struct addrinfo only = entry(name, NULL);
    struct pierp_answer answer = look_up(&only, 0);

    (void)state;
    CHECK(answer.canonname == NULL);
    CHECK_INT(answer.count, 1);
    release(&answer);
}

/* glibc has it in the first entry, musl in each, others in any. */
static void q105_a_canonical_name_is_found_in_any_entry(void **state)
{
    char name[] = "name.example";
    struct addrinfo last = entry(name, NULL);
    struct addrinfo first = entry(NULL, &last);
    struct pierp_answer answer = look_up(&first, AI_CANONNAME);

    (void)state;
    CHECK(answer.canonname && strcmp(answer.canonname, name) == 0);
    CHECK_INT(answer.count, 2);
    release(&answer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        OS_TEST(q24_a_system_error_without_code_is_a_lack_of_files),
        OS_TEST(q24_a_system_error_has_the_code_of_the_system),
        OS_TEST(q24_the_resolvers_codes_have_their_own),
        OS_TEST(q43_only_the_flags_asked_for_are_passed_on),
        OS_TEST(q105_a_canonical_name_not_asked_for_is_not_given),
        OS_TEST(q105_a_canonical_name_is_found_in_any_entry),
    };

    return cmocka_run_group_tests(tests, script_start, NULL);
}
