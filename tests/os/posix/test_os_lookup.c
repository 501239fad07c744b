/* SPDX-License-Identifier: MIT */
#include "wrapped.h"

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        OS_TEST(q24_a_system_error_without_code_is_a_lack_of_files),
        OS_TEST(q24_a_system_error_has_the_code_of_the_system),
        OS_TEST(q24_the_resolvers_codes_have_their_own),
    };

    return cmocka_run_group_tests(tests, script_start, NULL);
}
