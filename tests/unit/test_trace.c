/* SPDX-License-Identifier: MIT */
/* Every call is reported to the one who asked, and costs nobody else a clock.
 */
#include "unit.h"

#include <pier/connection.h>
#include <pier/hooks.h>
#include <pier/resolver.h>
#include <string.h>

static struct {
    struct pier_trace_event last;
    unsigned count;
    void *context;
} seen;

static void PIER_CALL note(void *context, const struct pier_trace_event *event)
{
    seen.last = *event;
    seen.count++;
    seen.context = context;
}

static int begin(void **state)
{
    memset(&seen, 0, sizeof(seen));
    return begin_fake(state);
}

static int end(void **state)
{
    CHECK_OK(pier_set_trace(NULL, NULL));
    return end_fake(state);
}

static void check_last(const char *operation, const struct pier_socket *s,
                       ptrdiff_t result)
{
    assert_string_equal(seen.last.operation, operation);
    CHECK(seen.last.socket == s);
    CHECK_INT(seen.last.result, result);
    CHECK_INT(seen.last.size, sizeof(seen.last));
}

static void a_call_that_need_not_wait_is_traced(void **state)
{
    struct pier_socket *s = open_connected();
    char buffer[8];

    (void)state;
    CHECK_OK(pier_set_trace(note, &seen));
    fake_feed(pier_fileno(s), "abc", 3, 0);
    CHECK_INT(pier_recv(s, buffer, sizeof(buffer), 0), 3);
    check_last("recv", s, 3);
    CHECK(seen.context == &seen);
    CHECK_INT(pier_send(s, "xy", 2, 0), 2);
    check_last("send", s, 2);
    CHECK_OK(pier_sendall(s, "xyz", 3, 0, NULL));
    check_last("sendall", s, 0);
    CHECK_INT(seen.count, 3);
    pier_free(s);
    check_last("free", s, 0);
}

static void the_times_of_a_wait_are_exact(void **state)
{
    struct pier_socket *s = open_connected();
    char byte;

    (void)state;
    CHECK_OK(pier_settimeout(s, 30 * MS));
    CHECK_OK(pier_set_trace(note, NULL));
    CHECK_ERR(pier_recv(s, &byte, 1, 0), PIER_EDEADLINE);
    check_last("recv", s, PIER_EDEADLINE);
    CHECK_INT(seen.last.end - seen.last.start, 30 * MS);
    pier_free(s);
}

static void bad_arguments_are_traced_too(void **state)
{
    (void)state;
    CHECK_OK(pier_set_trace(note, NULL));
    CHECK_ERR(pier_recv(NULL, NULL, 1, 0), PIER_EINVAL);
    check_last("recv", NULL, PIER_EINVAL);
}

static void opening_and_looking_up_are_traced(void **state)
{
    struct pier_addrinfo *list;
    struct pier_socket *s;

    (void)state;
    CHECK_OK(pier_set_trace(note, NULL));
    CHECK_OK(pier_open(&s, PIER_AF_INET, PIER_SOCK_STREAM, 0));
    check_last("open", s, 0);
    CHECK_OK(pier_close(s));
    check_last("close", s, 0);
    pier_free(s);
    CHECK_OK(pier_getaddrinfo(&list, "127.0.0.1", "80", NULL, NULL));
    check_last("getaddrinfo", NULL, 0);
    pier_freeaddrinfo(list);
}

static void without_a_trace_no_clock_is_read(void **state)
{
    struct pier_socket *s = open_connected();
    char byte;

    (void)state;
    CHECK_OK(pier_set_trace(note, NULL));
    CHECK_OK(pier_set_trace(NULL, NULL));
    fake_feed(pier_fileno(s), "a", 1, 0);
    fake_clear_calls();
    CHECK_INT(pier_recv(s, &byte, 1, 0), 1);
    CHECK_INT(fake_calls_of(FAKE_CLOCK), 0);
    CHECK_INT(seen.count, 0);
    pier_free(s);
}

#define TRACED(function) cmocka_unit_test_setup_teardown(function, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TRACED(a_call_that_need_not_wait_is_traced),
        TRACED(the_times_of_a_wait_are_exact),
        TRACED(bad_arguments_are_traced_too),
        TRACED(opening_and_looking_up_are_traced),
        TRACED(without_a_trace_no_clock_is_read),
    };

    return cmocka_run_group_tests_name("trace", tests, NULL, NULL);
}
