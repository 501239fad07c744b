/* SPDX-License-Identifier: MIT */
/* Sockets that a service manager left: process 4321 is this one. */
#include "unit.h"

#include <pier/error.h>
#include <pier/handover.h>
#include <string.h>

static struct pier_inherited *list;
static size_t count;

static pier_err take(bool unset)
{
    list = (struct pier_inherited *)&count;
    count = 77;
    return pier_listen_fds(&list, &count, unset);
}

static void serve_two(void)
{
    (void)fake_served(PIER_AF_INET6, PIER_SOCK_STREAM, 6);
    (void)fake_served(PIER_AF_INET, PIER_SOCK_DGRAM, 17);
}

static void close_served(void)
{
    for (pier_handle h = FAKE_FIRST_SERVED; fake_is_open(h); h++)
        CHECK_OK(pierp_close(h));
}

static void they_come_with_their_names(void **state)
{
    (void)state;
    serve_two();
    fake_serve("4321", "2", "web:time");
    CHECK_OK(take(false));
    CHECK_INT(count, 2);
    CHECK(strcmp(list[0].name, "web") == 0);
    CHECK(strcmp(list[1].name, "time") == 0);
    CHECK_INT(pier_family(list[0].socket), PIER_AF_INET6);
    CHECK_INT(pier_type(list[0].socket), PIER_SOCK_STREAM);
    CHECK_INT(pier_protocol(list[0].socket), 6);
    CHECK_INT(pier_type(list[1].socket), PIER_SOCK_DGRAM);
    for (size_t i = 0; i < 2; i++) {
        bool inheritable = true;

        CHECK_INT(pier_fileno(list[i].socket), 3 + i);
        CHECK(list[i].handle == PIER_INVALID_HANDLE);
        CHECK(fake_is_nonblocking(3 + (pier_handle)i));
        CHECK_OK(pier_get_inheritable(list[i].socket, &inheritable));
        CHECK(!inheritable);
    }
    pier_free_inherited(list, count);
    CHECK_INT(fake_handles(), 0);
}

static void one_without_a_name_is_unknown(void **state)
{
    (void)state;
    serve_two();
    fake_serve("4321", "2", NULL);
    CHECK_OK(take(false));
    CHECK(strcmp(list[0].name, "unknown") == 0);
    CHECK(strcmp(list[1].name, "unknown") == 0);
    pier_free_inherited(list, count);
    serve_two();
    fake_serve("4321", "2", ":b");
    CHECK_OK(take(false));
    CHECK(strcmp(list[0].name, "") == 0);
    CHECK(strcmp(list[1].name, "b") == 0);
    pier_free_inherited(list, count);
}

static void what_is_no_socket_comes_as_it_is(void **state)
{
    (void)state;
    (void)fake_served(0, FAKE_NO_SOCKET, 0);
    (void)fake_served(PIER_AF_INET, PIER_SOCK_STREAM, 6);
    fake_serve("4321", "2", "pipe:tcp");
    CHECK_OK(take(false));
    CHECK(list[0].socket == NULL && list[0].handle == 3);
    CHECK(list[1].socket != NULL);
    pier_free_inherited(list, count);
    CHECK_INT(fake_handles(), 0);
}

static void what_is_taken_out_lives_on(void **state)
{
    struct pier_socket *s;
    pier_handle h;

    (void)state;
    (void)fake_served(PIER_AF_INET, PIER_SOCK_STREAM, 6);
    h = fake_served(0, FAKE_NO_SOCKET, 0);
    fake_serve("4321", "2", NULL);
    CHECK_OK(take(false));
    s = list[0].socket;
    list[0].socket = NULL;
    list[1].handle = PIER_INVALID_HANDLE;
    pier_free_inherited(list, count);
    CHECK_INT(fake_handles(), 2);
    pier_free(s);
    CHECK_OK(pierp_close(h));
    pier_free_inherited(NULL, 2);
}

static void those_of_another_process_are_left(void **state)
{
    static const char *const others[][2] = {
        { NULL, NULL },  { "4321", NULL }, { NULL, "1" },
        { "4320", "1" }, { "4321", "0" },  { "1", "999" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++) {
        fake_serve(others[i][0], others[i][1], "a:b:c");
        CHECK_OK(take(false));
        CHECK(list == NULL && count == 0);
    }
    CHECK_INT(fake_system_calls(), 0);
}

static void malformed_variables_are_refused(void **state)
{
    static const char *const bad[][3] = {
        { "", "1", NULL },
        { "4321", "", NULL },
        { "4321", "-1", NULL },
        { "4321", "+1", NULL },
        { "4321", " 1", NULL },
        { "4321", "1 ", NULL },
        { "4321", "1x", NULL },
        { "4321", "0x1", NULL },
        { "4321", "2147483648", NULL },
        { "4321", "99999999999999999999999999", NULL },
        { "4321x", "1", NULL },
        { "0", "1", NULL },
        { "-4321", "1", NULL },
        { "4294971617", "1", NULL }, /* the process, and 2^32 */
        { "4321", "1", "a:b" },
        { "4321", "2", "a" },
        { "4321", "3", "" },
    };

    (void)state;
    serve_two();
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        fake_serve(bad[i][0], bad[i][1], bad[i][2]);
        CHECK_ERR(take(true), PIER_EINVAL);
        CHECK(list == NULL && count == 0);
    }
    CHECK_INT(fake_calls_of(FAKE_SERVICE_FORGET), 0);
    CHECK_INT(fake_calls_of(FAKE_ADOPT), 0);
    close_served();
}

static void one_that_is_not_open_is_told(void **state)
{
    (void)state;
    serve_two();
    fake_serve("4321", "3", NULL);
    CHECK_ERR(take(true), PIER_EBADF);
    CHECK(list == NULL && count == 0);
    fake_serve("4321", "2147483647", NULL);
    CHECK_ERR(take(true), PIER_EBADF);
    CHECK_INT(fake_calls_of(FAKE_SERVICE_FORGET), 0);
    CHECK_INT(fake_handles(), 2);
    CHECK(!fake_is_nonblocking(3));
    close_served();
}

static void a_failure_gives_all_of_them_back(void **state)
{
    (void)state;
    serve_two();
    fake_serve("4321", "2", "a:b");
    fake_fail(FAKE_ADOPT, 2, PIER_EIO);
    CHECK_ERR(take(true), PIER_EIO);
    CHECK(list == NULL && count == 0);
    CHECK_INT(fake_handles(), 2);
    CHECK(!fake_is_nonblocking(3));
    CHECK_OK(take(false));
    CHECK_INT(count, 2);
    pier_free_inherited(list, count);
}

static void the_environment_is_cleared_when_asked(void **state)
{
    (void)state;
    serve_two();
    fake_serve("4321", "2", NULL);
    CHECK_OK(take(true));
    pier_free_inherited(list, count);
    CHECK_INT(fake_calls_of(FAKE_SERVICE_FORGET), 1);
    CHECK_OK(take(false));
    CHECK_INT(count, 0);
    CHECK_INT(fake_calls_of(FAKE_SERVICE_FORGET), 1);
}

static void nowhere_to_put_them_is_refused(void **state)
{
    (void)state;
    fake_serve("4321", "2", NULL);
    count = 5;
    CHECK_ERR(pier_listen_fds(NULL, &count, true), PIER_EINVAL);
    CHECK_INT(count, 0);
    list = (struct pier_inherited *)&count;
    CHECK_ERR(pier_listen_fds(&list, NULL, true), PIER_EINVAL);
    CHECK(list == NULL);
    CHECK_INT(fake_calls_of(FAKE_SERVICE_FORGET), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_FAKE(they_come_with_their_names),
        ON_FAKE(one_without_a_name_is_unknown),
        ON_FAKE(what_is_no_socket_comes_as_it_is),
        ON_FAKE(what_is_taken_out_lives_on),
        ON_FAKE(those_of_another_process_are_left),
        ON_FAKE(malformed_variables_are_refused),
        ON_FAKE(one_that_is_not_open_is_told),
        ON_FAKE(a_failure_gives_all_of_them_back),
        ON_FAKE(the_environment_is_cleared_when_asked),
        ON_FAKE(nowhere_to_put_them_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
