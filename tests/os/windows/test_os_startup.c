/* SPDX-License-Identifier: MIT */
/* In their order: a process starts Winsock once. */
#include "scripted.h"

static void q01_a_refused_start_leaves_the_next_its_own_attempt(void **state)
{
    (void)state;
    NEXT(WSAStartup, .result = WSASYSNOTREADY);
    CHECK_ERR(pierp_start(), PIER_ENETDOWN);
    CHECK_INT(pierp_native_error(), WSASYSNOTREADY);
    CHECK_INT(CALLS(WSACleanup), 0);
}

static void q01_a_winsock_too_old_is_given_back(void **state)
{
    WSADATA old = { .wVersion = MAKEWORD(1, 1) };

    (void)state;
    NEXT(WSAStartup, .bytes = &old, .length = sizeof old);
    NEXT(WSACleanup, .result = 0);
    CHECK_ERR(pierp_start(), PIER_ENOSYS);
    CHECK_INT(pierp_native_error(), WSAVERNOTSUPPORTED);
}

static void q01_winsock_is_started_once(void **state)
{
    WSADATA data = { .wVersion = MAKEWORD(2, 2) };

    (void)state;
    NEXT(WSAStartup, .bytes = &data, .length = sizeof data,
         .when = { ARGUMENT(1, MAKEWORD(2, 2)) });
    CHECK_OK(pierp_start());
    CHECK_OK(pierp_start());
    CHECK_CALLS("WSAStartup");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        OS_TEST(q01_a_refused_start_leaves_the_next_its_own_attempt),
        OS_TEST(q01_a_winsock_too_old_is_given_back),
        OS_TEST(q01_winsock_is_started_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
