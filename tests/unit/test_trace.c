/* SPDX-License-Identifier: MIT */
/* Every call that hooks.h promises is reported to the one who asked, once and
 * as it was, and costs nobody else a clock. */
#include "traced.h"

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

static void trace_one(const struct traced_call *call)
{
    struct traced to = { .s = call->open ? call->open() : NULL };
    ptrdiff_t result;

    if (call->prepare)
        call->prepare(&to);
    seen.count = 0;
    to.told = to.s;
    CHECK_OK(pier_set_trace(note, NULL));
    result = call->run(&to);
    CHECK_OK(pier_set_trace(NULL, NULL));
    CHECK_INT(result, call->result);
    CHECK_INT(seen.count, 1 + call->inner);
    check_last(call->name, to.told, result);
    CHECK_OK(pier_stream_close(to.stream));
    pier_free(to.s);
    pier_free(to.made[0]);
    pier_free(to.made[1]);
    pier_lookup_free(to.lookup);
    pier_freeaddrinfo(to.list);
}

static void every_call_of_the_table_is_traced(void **state)
{
    (void)state;
    for (size_t i = 0; i < traced_call_count; i++) {
        print_message("%s\n", traced_calls[i].name);
        trace_one(&traced_calls[i]);
    }
}

static const char *const not_traced[] = {
#include "not_traced.inc"
};

static const char *const exported[] = {
#include "exported.inc"
};

/* A pattern may end in an asterisk. */
static bool fits(const char *pattern, const char *name)
{
    size_t length = strcspn(pattern, "*");

    return strncmp(name, pattern, length) == 0 &&
           (pattern[length] || !name[length]);
}

static bool is_in_table(const char *name)
{
    for (size_t i = 0; i < traced_call_count; i++) {
        if (strcmp(traced_calls[i].name, name) == 0)
            return true;
    }
    return false;
}

static bool is_silent(const char *name)
{
    for (size_t i = 0; i < COUNT_OF(not_traced); i++) {
        if (fits(not_traced[i], name))
            return true;
    }
    return false;
}

static bool is_exported(const char *pattern)
{
    for (size_t i = 0; i < COUNT_OF(exported); i++) {
        if (fits(pattern, exported[i]))
            return true;
    }
    return false;
}

/* A function that is new has to be said to be traced or not to. */
static void every_function_is_known_to_be_traced_or_not(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(exported); i++) {
        print_message("%s\n", exported[i]);
        CHECK(is_in_table(exported[i]) != is_silent(exported[i]));
    }
    for (size_t i = 0; i < COUNT_OF(not_traced); i++)
        CHECK(is_exported(not_traced[i]));
    for (size_t i = 0; i < traced_call_count; i++)
        CHECK(is_exported(traced_calls[i].name));
}

static void failing_look_ups_and_waits_are_traced(void **state)
{
    struct pier_lookup *l;
    struct pier_pollitem bad = { .events = ~0u };

    (void)state;
    CHECK_OK(pier_set_trace(note, NULL));
    CHECK_ERR(pier_lookup_wait(NULL, NULL), PIER_EINVAL);
    check_last("lookup_wait", NULL, PIER_EINVAL);
    CHECK_ERR(pier_wait_for(NULL, PIER_POLLIN, 0, NULL), PIER_EINVAL);
    check_last("wait_for", NULL, PIER_EINVAL);
    CHECK_ERR(pier_poll(&bad, 1, 0, NULL), PIER_EINVAL);
    check_last("poll", NULL, PIER_EINVAL);
    CHECK_ERR(pier_getnameinfo(NULL, NULL, 0, NULL, 0, 0, NULL), PIER_EINVAL);
    check_last("getnameinfo", NULL, PIER_EINVAL);
    fake_fail_alloc(1);
    CHECK_ERR(pier_lookup_start(&l, "a.test", "80", NULL), PIER_ENOMEM);
    check_last("lookup_start", NULL, PIER_ENOMEM);
}

/* What is ready is told by the one look that it costs. */
static void without_a_trace_no_wait_reads_the_clock(void **state)
{
    struct pier_socket *s = open_connected();
    struct pier_pollitem item = { .socket = s, .events = PIER_POLLIN };
    unsigned revents;

    (void)state;
    fake_feed(pier_fileno(s), "a", 1, 0);
    fake_clear_calls();
    CHECK_INT(pier_poll(&item, 1, PIER_FOREVER, NULL), 1);
    CHECK_OK(pier_wait_for(s, PIER_POLLIN, 0, &revents));
    CHECK_INT(fake_calls_of(FAKE_CLOCK), 0);
    pier_free(s);
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
        TRACED(every_call_of_the_table_is_traced),
        TRACED(every_function_is_known_to_be_traced_or_not),
        TRACED(failing_look_ups_and_waits_are_traced),
        TRACED(without_a_trace_no_clock_is_read),
        TRACED(without_a_trace_no_wait_reads_the_clock),
    };

    return cmocka_run_group_tests_name("trace", tests, NULL, NULL);
}
