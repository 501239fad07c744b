/* SPDX-License-Identifier: MIT */
/* Each call that waits ends by a close, by a token and by a deadline exactly
 * then: on handles of both modes, and while signals come. */
#include "unit.h"

#include <pier/connection.h>
#include <pier/error.h>
#include <pier/poll.h>
#include <pier/resolver.h>
#include <string.h>

#define THEN (50 * MS)

/* The functions that the table has to have. */
static const char *const demands[] = {
    "accept",        "connect",
    "recv",          "recvfrom",
    "recvall",       "send",
    "sendall",       "sendto",
    "recvmsg",       "sendmsg",
    "recvmmsg",      "sendmmsg",
    "recv_fds",      "send_fds",
    "wait_for",      "poll",
    "sendfile",      "sendfrom",
    "lookup_wait",   "getaddrinfo",
    "getnameinfo",   "create_connection",
    "gethostbyname", "gethostbyname_ex",
    "gethostbyaddr", "getfqdn",
};

/* What a call has that is ended. */
struct subject {
    struct pier_socket *socket;
    struct pier_lookup *lookup;
    struct pier_wait wait;
};

/* --------------------------------------------------------- the resolver ---
 */

static struct pier_address host;

/* An hour for every answer; nobody is there any more when it comes. */
static void make_resolver_slow(void)
{
    host = fake_inet(7, 80);
    fake_name_set("slow.test", &host, 1, 3600 * SECOND, PIER_OK);
}

static ptrdiff_t run_lookup_wait(struct subject *to)
{
    return pier_lookup_wait(to->lookup, &to->wait);
}

static ptrdiff_t run_poll(struct subject *to)
{
    struct pier_pollitem item = { .lookup = to->lookup,
                                  .events = PIER_POLLIN };
    ptrdiff_t n = pier_poll(&item, 1, to->wait.timeout, to->wait.cancel);

    if (n == 0)
        return PIER_EDEADLINE;
    return n == 1 && (item.revents & PIER_POLLERR) ? PIER_ECANCELED : n;
}

static ptrdiff_t run_getaddrinfo(struct subject *to)
{
    struct pier_addrinfo *list;

    return pier_getaddrinfo(&list, "slow.test", "80", NULL, &to->wait);
}

static ptrdiff_t run_getnameinfo(struct subject *to)
{
    char name[64];

    return pier_getnameinfo(&host, name, sizeof(name), NULL, 0, 0, &to->wait);
}

static ptrdiff_t run_gethostbyname(struct subject *to)
{
    struct pier_address a;

    return pier_gethostbyname(&a, "slow.test", &to->wait);
}

static ptrdiff_t run_gethostbyname_ex(struct subject *to)
{
    struct pier_hostent *h;

    return pier_gethostbyname_ex(&h, "slow.test", &to->wait);
}

static ptrdiff_t run_gethostbyaddr(struct subject *to)
{
    struct pier_hostent *h;

    return pier_gethostbyaddr(&h, "192.0.2.7", &to->wait);
}

static ptrdiff_t run_getfqdn(struct subject *to)
{
    char name[64];

    return pier_getfqdn(name, sizeof(name), "192.0.2.7", &to->wait);
}

static ptrdiff_t run_create_connection(struct subject *to)
{
    struct pier_connect_options options = PIER_CONNECT_OPTIONS_INIT;
    struct pier_socket *s;

    options.timeout = to->wait.timeout;
    options.cancel = to->wait.cancel;
    return pier_create_connection(&s, "slow.test", "80", &options);
}

static const struct {
    const char *name;
    bool has_lookup; /* which can be given up: its close */
    ptrdiff_t (*run)(struct subject *to);
} lookups[] = {
    { "lookup_wait", true, run_lookup_wait },
    { "poll", true, run_poll },
    { "getaddrinfo", false, run_getaddrinfo },
    { "getnameinfo", false, run_getnameinfo },
    { "gethostbyname", false, run_gethostbyname },
    { "gethostbyname_ex", false, run_gethostbyname_ex },
    { "gethostbyaddr", false, run_gethostbyaddr },
    { "getfqdn", false, run_getfqdn },
    { "create_connection", false, run_create_connection },
};

enum {
    LOOKUPS = sizeof(lookups) / sizeof(lookups[0])
};

/* ------------------------------------------------------------- the ends ---
 */

static void give_up(void *lookup)
{
    pier_lookup_cancel(lookup);
}

static void close_it(struct subject *to)
{
    if (to->socket) {
        fake_at(THEN, do_close, to->socket);
    } else {
        fake_at(THEN, give_up, to->lookup);
    }
}

static void fire_token(struct subject *to)
{
    CHECK_OK(pier_cancel_new(&to->wait.cancel));
    if (to->socket)
        CHECK_OK(pier_set_cancel(to->socket, to->wait.cancel));
    fake_at(THEN, do_fire, to->wait.cancel);
}

static void limit_time(struct subject *to)
{
    to->wait.timeout = THEN;
    if (to->socket)
        CHECK_OK(pier_settimeout(to->socket, THEN));
}

static void set_deadline(struct subject *to)
{
    const int64_t then = pier_monotonic() + THEN;

    to->wait.timeout = THEN;
    if (to->socket)
        CHECK_OK(pier_set_deadline(to->socket, then));
}

struct ending {
    const char *name;
    void (*arrange)(struct subject *to);
    pier_err result; /* of a call on a socket */
    pier_err of_a_look_up;
    bool is_of_the_socket; /* not of what has a limit of its own */
};

static const struct ending endings[] = {
    { "close", close_it, PIER_EBADF, PIER_ECANCELED, false },
    { "token", fire_token, PIER_ECANCELED, PIER_ECANCELED, false },
    { "timeout", limit_time, PIER_EDEADLINE, PIER_EDEADLINE, false },
    { "deadline", set_deadline, PIER_EDEADLINE, PIER_EDEADLINE, true },
};

static void end_subject(struct subject *to)
{
    fake_interrupt_every(0);
    fake_join();
    pier_free(to->socket);
    pier_lookup_free(to->lookup);
    pier_cancel_free(to->wait.cancel);
}

static void begin_subject(struct subject *to)
{
    const struct pier_wait no_limit = PIER_WAIT_INIT;

    memset(to, 0, sizeof(*to));
    to->wait = no_limit;
}

/* It has a limit of its own, which no deadline of a socket ends: its sockets
 * may be many. */
static bool has_own_limit(const struct blocking_call *call)
{
    return strcmp(call->name, "poll") == 0;
}

static void end_call(const struct blocking_call *call,
                     const struct ending *ending, int64_t signals)
{
    struct subject to;
    int64_t before;

    if (ending->is_of_the_socket && has_own_limit(call))
        return;
    print_message("%s: %s\n", call->name, ending->name);
    begin_subject(&to);
    to.socket = call->open();
    before = fake_now();
    ending->arrange(&to);
    fake_interrupt_every(signals);
    CHECK_ERR(call->run(to.socket), ending->result);
    CHECK_INT(fake_now() - before, THEN);
    end_subject(&to);
}

static void end_lookup(int which, const struct ending *ending, int64_t signals)
{
    const bool closes = ending == &endings[0];
    struct subject to;
    int64_t before;

    if (closes && !lookups[which].has_lookup)
        return;
    print_message("%s: %s\n", lookups[which].name, ending->name);
    begin_subject(&to);
    if (lookups[which].has_lookup)
        CHECK_OK(pier_lookup_start(&to.lookup, "slow.test", "80", NULL));
    before = fake_now();
    ending->arrange(&to);
    fake_interrupt_every(signals);
    CHECK_ERR(lookups[which].run(&to), ending->of_a_look_up);
    CHECK_INT(fake_now() - before, THEN);
    end_subject(&to);
}

static void end_all(int64_t signals)
{
    for (size_t e = 0; e < sizeof(endings) / sizeof(endings[0]); e++) {
        for (size_t i = 0; i < blocking_call_count; i++)
            end_call(&blocking_calls[i], &endings[e], signals);
        for (int i = 0; i < LOOKUPS; i++)
            end_lookup(i, &endings[e], signals);
    }
    fake_advance(7200 * SECOND);
}

static void every_call_ends_exactly_then(void **state)
{
    (void)state;
    make_resolver_slow();
    end_all(0);
}

static void every_call_ends_exactly_then_on_handles_that_block(void **state)
{
    (void)state;
    make_resolver_slow();
    CHECK_OK(
        pier_set_default_descriptor_mode(PIER_DESCRIPTOR_FOLLOWS_TIMEOUT));
    end_all(0);
    CHECK_OK(pier_set_default_descriptor_mode(PIER_DESCRIPTOR_NONBLOCKING));
}

static void signals_change_nothing_of_it(void **state)
{
    (void)state;
    make_resolver_slow();
    end_all(10 * MS);
    end_all(7 * MS);
}

/* ------------------------------------------------------------- the table ---
 */

/* Of the name the part before what is special. */
static bool is_of(const char *name, const char *function)
{
    size_t length = strlen(function);

    return strncmp(name, function, length) == 0 &&
           (name[length] == '\0' || name[length] == ',' ||
            name[length] == ' ');
}

static bool is_in_table(const char *function)
{
    for (size_t i = 0; i < blocking_call_count; i++) {
        if (is_of(blocking_calls[i].name, function))
            return true;
    }
    for (int i = 0; i < LOOKUPS; i++) {
        if (is_of(lookups[i].name, function))
            return true;
    }
    return false;
}

static void no_call_is_left_out(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(demands) / sizeof(demands[0]); i++) {
        print_message("%s\n", demands[i]);
        CHECK(is_in_table(demands[i]));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_FAKE(no_call_is_left_out),
        ON_FAKE(every_call_ends_exactly_then),
        ON_FAKE(every_call_ends_exactly_then_on_handles_that_block),
        ON_FAKE(signals_change_nothing_of_it),
    };

    return cmocka_run_group_tests_name("ends", tests, NULL, NULL);
}
