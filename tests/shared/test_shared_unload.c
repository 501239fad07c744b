/* SPDX-License-Identifier: MIT */
/*
 * The shared library is loaded and unloaded again and again, by a program that
 * knows only its functions: nothing of it stays, neither code that runs at the
 * end of a thread nor a handle.
 */
#include "check.h"
#include "user.h"

enum {
    ROUNDS = 50,
    USERS = 3
};

/* What the system keeps for itself from a first use on is no leak. */
enum {
    SETTLED = 3
};

static struct {
    int handles, slots;
} settled;

static void expect_gone(int round)
{
    if (library_is_loaded(LIBRARY_PATH))
        skip_because("this system unloads no library");
    if (round == SETTLED) {
        settled.handles = count_handles();
        settled.slots = count_free_slots();
    }
    if (round >= SETTLED) {
        CHECK_INT(count_handles(), settled.handles);
        CHECK_INT(count_free_slots(), settled.slots);
    }
}

/* The loader's lock is held while a library is loaded and unloaded: nothing
 * is started or ended there, only by the first call that needs it. */
static void loading_and_unloading_start_and_end_nothing(void **state)
{
    const bool already = sockets_are_started();
    struct calls calls;
    struct library *library;
    struct user *user;

    (void)state;
    library_unload(load_calls(&calls));
    library = load_calls(&calls);
    CHECK_INT(sockets_are_started(), already);
    user = user_start(&calls);
    CHECK_ERR(user_result(user), PIER_EDEADLINE);
    user_end(user);
    CHECK(sockets_are_started());
    library_unload(library);
    CHECK(sockets_are_started());
}

/* Winsock counts its starts: pier's own is never undone. */
static void others_may_start_and_end_sockets(void **state)
{
    struct calls calls;
    struct library *library = load_calls(&calls);

    (void)state;
    for (int round = 0; round < 3; round++) {
        struct user *user = user_start(&calls);

        start_and_end_sockets();
        CHECK_ERR(user_result(user), PIER_EDEADLINE);
        CHECK(sockets_are_started());
        user_end(user);
    }
    library_unload(library);
}

static void threads_end_after_the_library_they_waited_in(void **state)
{
    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        struct user *users[USERS];
        struct calls calls;
        struct library *library = load_calls(&calls);

        for (int i = 0; i < USERS; i++)
            users[i] = user_start(&calls);
        library_unload(library);
        for (int i = 0; i < USERS; i++) {
            CHECK_ERR(user_result(users[i]), PIER_EDEADLINE);
            user_end(users[i]);
        }
        expect_gone(round);
    }
}

static void threads_end_before_the_library_they_waited_in(void **state)
{
    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        struct calls calls;
        struct library *library = load_calls(&calls);

        for (int i = 0; i < USERS; i++)
            user_end(user_start(&calls));
        library_unload(library);
        expect_gone(round);
    }
}

static void a_thread_meets_the_library_again(void **state)
{
    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        struct user *user;
        struct calls calls;
        struct library *library = load_calls(&calls);
        struct pier_addrinfo *found;

        /* In this thread, which has seen the library in each round. */
        CHECK_OK(calls.getaddrinfo(&found, "127.0.0.1", "80", NULL, NULL));
        calls.freeaddrinfo(found);
        user = user_start(&calls);
        CHECK_ERR(user_result(user), PIER_EDEADLINE);
        user_end(user);
        library_unload(library);
        expect_gone(round);
    }
}

/* A look-up of a name has a thread of pier's own, which then waits for more of
 * them for seconds. This is the last test: the library may stay for good. */
static void the_code_of_a_living_thread_stays(void **state)
{
    struct calls calls;
    struct library *library = load_calls(&calls);
    struct pier_addrinfo *found;

    (void)state;
    CHECK_OK(calls.getaddrinfo(&found, "localhost", "80", NULL, NULL));
    calls.freeaddrinfo(found);
    library_unload(library);
    CHECK(library_is_loaded(LIBRARY_PATH));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(loading_and_unloading_start_and_end_nothing),
        cmocka_unit_test(others_may_start_and_end_sockets),
        cmocka_unit_test(threads_end_after_the_library_they_waited_in),
        cmocka_unit_test(threads_end_before_the_library_they_waited_in),
        cmocka_unit_test(a_thread_meets_the_library_again),
        cmocka_unit_test(the_code_of_a_living_thread_stays),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
