/* SPDX-License-Identifier: MIT */
/*
 * Each call that waits, over each transport, ended by a close, by a token, by
 * a timeout and by the deadline of its socket, on handles of both modes: never
 * early, and before long. Also while signals come.
 */
#include "endings.h"
#include "mode.h"

#include <string.h>

#define STREAMS   (TCP | TCP6 | PATH)
#define DATAGRAMS (UDP | UDP6 | PATH_DATAGRAMS)

/* Over what each function has to be ended. What is sent over UDP goes at
 * once: no system makes its sender wait for the receiver. An AF_UNIX stream
 * takes no address to send to. */
static const struct {
    const char *name;
    unsigned transports;
} demands[] = {
    { "accept", STREAMS },
    { "connect", STREAMS },
    { "recv", STREAMS | DATAGRAMS },
    { "recvfrom", STREAMS | DATAGRAMS },
    { "recvall", STREAMS | DATAGRAMS },
    { "send", STREAMS | PATH_DATAGRAMS },
    { "sendall", STREAMS | PATH_DATAGRAMS },
    { "sendto", TCP | TCP6 | PATH_DATAGRAMS },
    { "recvmsg", STREAMS | DATAGRAMS },
    { "sendmsg", STREAMS | PATH_DATAGRAMS },
    { "recvmmsg", STREAMS | DATAGRAMS },
    { "sendmmsg", STREAMS | PATH_DATAGRAMS },
    { "recv_fds", PATH },
    { "send_fds", PATH },
    { "recv_socket", PATH | TCP },
    { "send_socket", PATH | TCP },
    { "sendfile", STREAMS },
    { "sendfrom", STREAMS },
    { "stream_read", STREAMS },
    { "stream_read1", TCP },
    { "stream_peek", TCP },
    { "stream_readline", TCP },
    { "stream_readuntil", TCP },
    { "stream_write", STREAMS },
    { "stream_printf", TCP },
    { "stream_flush", TCP },
    { "stream_close", TCP },
    { "wait_for", STREAMS | DATAGRAMS },
    { "poll", STREAMS | DATAGRAMS | RESOLVER },
    { "lookup_wait", RESOLVER },
    { "getaddrinfo", RESOLVER },
    { "getnameinfo", RESOLVER },
    { "gethostbyname", RESOLVER },
    { "gethostbyname_ex", RESOLVER },
    { "gethostbyaddr", RESOLVER },
    { "getfqdn", RESOLVER },
    { "create_connection", RESOLVER },
};

/* What never waits, waits for other calls of pier only (close_wait, detach),
 * or is ended by the system in no time (socketpair over loopback, the lists
 * of services and interfaces). */
static const char *const not_ended[] = {
#include "not_ended.inc"
};

static const char *const exported[] = {
#include "exported.inc"
};

static unsigned transports_of(const char *name)
{
    const struct blocking_call *call;
    unsigned transports = 0;

    for (size_t i = 0; (call = call_that_waits(i)) != NULL; i++) {
        if (strcmp(call->name, name) == 0)
            transports |= call->transport;
    }
    return transports;
}

static void no_call_and_no_transport_is_left_out(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(demands); i++) {
        print_message("%s\n", demands[i].name);
        CHECK_INT(transports_of(demands[i].name), demands[i].transports);
    }
}

static bool fits(const char *pattern, const char *name)
{
    size_t length = strlen(pattern);

    if (pattern[length - 1] == '*')
        return strncmp(pattern, name, length - 1) == 0;
    return strcmp(pattern, name) == 0;
}

static bool never_waits(const char *name)
{
    for (size_t i = 0; i < COUNT_OF(not_ended); i++) {
        if (fits(not_ended[i], name))
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

/* A function that is new has to be said to wait or not to. */
static void every_function_is_known_to_wait_or_not(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(exported); i++) {
        print_message("%s\n", exported[i]);
        CHECK(never_waits(exported[i]) != (transports_of(exported[i]) != 0));
    }
    for (size_t i = 0; i < COUNT_OF(not_ended); i++)
        CHECK(is_exported(not_ended[i]));
    for (size_t i = 0; i < COUNT_OF(demands); i++)
        CHECK(is_exported(demands[i].name));
}

static void end_all(const struct ending *ending, void (*meanwhile)(void))
{
    const struct blocking_call *call;

    for (size_t i = 0; (call = call_that_waits(i)) != NULL; i++) {
        if (!can_run(call))
            continue;
        print_message("%s %s over %s\n", call->name, call->detail,
                      transport_name(call->transport));
        (void)end_call(call, ending, meanwhile);
    }
}

static void in_both_modes(const struct ending *ending, void (*meanwhile)(void))
{
    end_all(ending, meanwhile);
    CHECK_OK(
        pier_set_default_descriptor_mode(PIER_DESCRIPTOR_FOLLOWS_TIMEOUT));
    end_all(ending, meanwhile);
}

static int restore(void **state)
{
    signal_every(0);
    avoid_signals(0);
    before_each_call(NULL);
    (void)!pier_set_default_descriptor_mode(PIER_DESCRIPTOR_NONBLOCKING);
    return free_ended(state);
}

static void a_close_ends_every_call(void **state)
{
    (void)state;
    in_both_modes(&endings[BY_CLOSE], NULL);
}

static void a_token_ends_every_call(void **state)
{
    (void)state;
    in_both_modes(&endings[BY_CANCEL], NULL);
}

static void a_timeout_ends_every_call(void **state)
{
    (void)state;
    in_both_modes(&endings[BY_TIMEOUT], NULL);
}

static void a_deadline_ends_every_call_that_obeys_it(void **state)
{
    (void)state;
    in_both_modes(&endings[BY_DEADLINE], NULL);
}

/* ------------------------------------------------------------- signals --- */

static void take_signals(void)
{
    avoid_signals(0);
}

/* They go to the thread that is blocked: all others avoid them. */
static void await_signals(void)
{
    unsigned before = signals_seen();

    while (signals_seen() - before < 3)
        sleep_ms(1);
}

static void disturb(const struct ending *ending, void (*meanwhile)(void))
{
    unsigned before = signals_seen();

    avoid_signals(1);
    before_each_call(take_signals);
    if (!signal_every(10))
        skip_because("no signals here");
    in_both_modes(ending, meanwhile);
    CHECK(signals_seen() - before >= blocking_call_count);
}

static void a_close_ends_every_call_while_signals_come(void **state)
{
    (void)state;
    disturb(&endings[BY_CLOSE], await_signals);
}

static void a_token_ends_every_call_while_signals_come(void **state)
{
    (void)state;
    disturb(&endings[BY_CANCEL], await_signals);
}

static void a_timeout_ends_every_call_while_signals_come(void **state)
{
    (void)state;
    disturb(&endings[BY_TIMEOUT], NULL);
}

static void
a_deadline_ends_every_call_that_obeys_it_while_signals_come(void **state)
{
    (void)state;
    disturb(&endings[BY_DEADLINE], NULL);
}

#define END_TEST(function) cmocka_unit_test_teardown(function, restore)

int main(void)
{
    const struct CMUnitTest tests[] = {
        END_TEST(no_call_and_no_transport_is_left_out),
        END_TEST(every_function_is_known_to_wait_or_not),
        END_TEST(a_close_ends_every_call),
        END_TEST(a_token_ends_every_call),
        END_TEST(a_timeout_ends_every_call),
        END_TEST(a_deadline_ends_every_call_that_obeys_it),
        END_TEST(a_close_ends_every_call_while_signals_come),
        END_TEST(a_token_ends_every_call_while_signals_come),
        END_TEST(a_timeout_ends_every_call_while_signals_come),
        END_TEST(a_deadline_ends_every_call_that_obeys_it_while_signals_come),
    };

    return cmocka_run_group_tests(tests, watch_waits, NULL);
}
