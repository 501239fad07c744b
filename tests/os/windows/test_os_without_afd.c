/* SPDX-License-Identifier: MIT */
/* A sandbox may keep the device of AFD from its programs; the process asks
 * for it once. */
#include "scripted.h"

#define ACCESS_DENIED ((NTSTATUS)0xC0000022)

static const int stream = SOCK_STREAM;

static void q115_a_system_without_afd_is_waited_on_by_wsapoll(void **state)
{
    unsigned got = 77;

    (void)state;
    NEXT(NtCreateFile, .result = ACCESS_DENIED);
    ALWAYS(getsockopt, .bytes = &stream, .length = sizeof stream);
    ALWAYS(WSAPoll, .result = 0);
    CHECK_OK(pierp_wait(SOME_SOCKET, PIERP_READ, NULL, 0, 0, &got));
    CHECK_INT(got, 0);
    CHECK_OK(pierp_wait(SOME_SOCKET, PIERP_READ, NULL, 0, 0, &got));
    CHECK_INT(CALLS(NtCreateFile), 1);
    CHECK_INT(CALLS(WSAPoll), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        OS_TEST(q115_a_system_without_afd_is_waited_on_by_wsapoll),
    };

    return cmocka_run_group_tests(tests, script_start, NULL);
}
