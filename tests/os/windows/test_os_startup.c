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

/* Waited for by a function that is not scripted: two threads are at work. */
static HANDLE second;

static DWORD WINAPI start_as_second(void *unused)
{
    (void)unused;
    return (DWORD)-pierp_start();
}

/* Only a second start that does not wait for the first ends in this time. */
static void look_at_a_second(struct script_call *call)
{
    (void)call;
    second = CreateThread(NULL, 0, start_as_second, NULL, 0, NULL);
    CHECK(second);
    CHECK_INT(WaitForSingleObjectEx(second, 300, FALSE), WAIT_TIMEOUT);
}

static void end_second(DWORD expected)
{
    DWORD code = 77;

    CHECK_INT(WaitForSingleObjectEx(second, INFINITE, FALSE), WAIT_OBJECT_0);
    CHECK(GetExitCodeThread(second, &code));
    CHECK_INT(code, expected);
    CloseHandle(second);
}

/* A peer's flag is set, or looked at, while another thread is at it. */
static void q01_a_start_under_way_is_waited_for(void **state)
{
    (void)state;
    ALWAYS(WSAStartup, .result = WSASYSNOTREADY);
    NEXT(WSAStartup, .result = WSASYSNOTREADY, .act = look_at_a_second);
    CHECK_ERR(pierp_start(), PIER_ENETDOWN);
    end_second((DWORD)-PIER_ENETDOWN);
    CHECK_INT(CALLS(WSAStartup), 2);
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
        OS_TEST(q01_a_start_under_way_is_waited_for),
        OS_TEST(q01_winsock_is_started_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
