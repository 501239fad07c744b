/* SPDX-License-Identifier: MIT */
/*
 * What wins when several things that end a call are there at once: the rule
 * of <pier/cancel.h>. They happen in one step of another thread, in the very
 * moment in which the time of the call is up.
 */
#include "unit.h"

#include <pier/poll.h>
#include <pier/resolver.h>

#include <string.h>

#define LIMIT (50 * MS)

enum {
    TOKEN = 1,
    CLOSE = 2,
    DATA = 4
};

static struct pier_socket *s;
static struct pier_cancel *token;
static unsigned happens;

static int begin(void **state)
{
    (void)begin_fake(state);
    return pier_cancel_new(&token);
}

static int end(void **state)
{
    pier_cancel_free(token);
    return end_fake(state);
}

/* Without a change of threads in between. */
static void happen(void)
{
    if (happens & DATA)
        fake_feed(pier_fileno(s), "kept", 4, 0);
    if (happens & CLOSE)
        (void)pier_close(s);
    if (happens & TOKEN)
        pier_cancel_fire(token);
}

static void happen_at_the_limit(void *unused)
{
    (void)unused;
    fake_advance(LIMIT);
    happen();
}

static const struct blocking_call *find(const char *name)
{
    size_t i = 0;

    while (strcmp(blocking_calls[i].name, name) != 0)
        i++;
    return &blocking_calls[i];
}

static void open_for(const struct blocking_call *call)
{
    print_message("%s\n", call->name);
    s = call->open();
    CHECK_OK(pier_set_cancel(s, token));
    CHECK_OK(pier_settimeout(s, LIMIT));
}

/* Since it stood first, the other thread is the first to go on. */
static ptrdiff_t run_until(const struct blocking_call *call, unsigned what)
{
    int64_t before = fake_now();
    ptrdiff_t result;

    happens = what;
    fake_thread_start(happen_at_the_limit, NULL);
    fake_settle();
    result = call->run(s);
    CHECK_INT(fake_now() - before, LIMIT);
    fake_join();
    return result;
}

static void let_go(void)
{
    pier_free(s);
    pier_cancel_reset(token);
}

static void check_in_a_wait(const char *name, unsigned what,
                            ptrdiff_t expected)
{
    const struct blocking_call *call = find(name);

    open_for(call);
    CHECK_INT(run_until(call, what), expected);
    let_go();
}

/* Only pier_wait_for() looks at the close first. */
static void in_a_wait_the_token_comes_first(void **state)
{
    (void)state;
    for (size_t i = 0; i < blocking_call_count; i++) {
        const struct blocking_call *call = &blocking_calls[i];
        bool looks = strcmp(call->name, "wait_for") == 0;

        open_for(call);
        CHECK_ERR(run_until(call, TOKEN | CLOSE),
                  looks ? PIER_EBADF : PIER_ECANCELED);
        let_go();
        open_for(call);
        CHECK_ERR(run_until(call, TOKEN), PIER_ECANCELED);
        let_go();
    }
    check_in_a_wait("recv", TOKEN | CLOSE | DATA, PIER_ECANCELED);
    check_in_a_wait("recv", TOKEN | DATA, PIER_ECANCELED);
    check_in_a_wait("wait_for", TOKEN | DATA, PIER_ECANCELED);
    check_in_a_wait("poll", TOKEN | DATA, PIER_ECANCELED);
}

static void in_a_wait_the_close_comes_before_data_and_limit(void **state)
{
    (void)state;
    for (size_t i = 0; i < blocking_call_count; i++) {
        open_for(&blocking_calls[i]);
        CHECK_ERR(run_until(&blocking_calls[i], CLOSE), PIER_EBADF);
        let_go();
    }
    check_in_a_wait("recv", CLOSE | DATA, PIER_EBADF);
    check_in_a_wait("wait_for", CLOSE | DATA, PIER_EBADF);
    /* A poll tells what there is of each item. */
    check_in_a_wait("poll", CLOSE | DATA, 1);
}

static void in_a_wait_data_comes_before_the_limit(void **state)
{
    (void)state;
    check_in_a_wait("recv", DATA, 4);
    check_in_a_wait("wait_for", DATA, PIER_OK);
    check_in_a_wait("poll", DATA, 1);
    check_in_a_wait("recv", 0, PIER_EDEADLINE);
}

static void what_the_token_left_is_there_afterwards(void **state)
{
    char bytes[8];

    (void)state;
    open_for(find("recv"));
    CHECK_ERR(run_until(find("recv"), TOKEN | DATA), PIER_ECANCELED);
    pier_cancel_reset(token);
    CHECK_INT(pier_recv(s, bytes, 8, 0), 4);
    let_go();
}

/* What is there before the call begins. */
static void check_at_the_begin(const char *name, unsigned what,
                               ptrdiff_t expected)
{
    open_for(find(name));
    happens = what;
    happen();
    CHECK_INT(find(name)->run(s), expected);
    CHECK_INT(fake_now(), 0);
    let_go();
}

/* A poll has no socket of its own that could be closed. */
static void at_the_begin_the_close_comes_first(void **state)
{
    (void)state;
    check_at_the_begin("recv", CLOSE | TOKEN | DATA, PIER_EBADF);
    check_at_the_begin("wait_for", CLOSE | TOKEN | DATA, PIER_EBADF);
    check_at_the_begin("poll", CLOSE | TOKEN | DATA, PIER_ECANCELED);
    check_at_the_begin("poll", CLOSE | DATA, PIER_EBADF);
}

static void at_the_begin_the_token_comes_before_data(void **state)
{
    (void)state;
    check_at_the_begin("recv", TOKEN | DATA, PIER_ECANCELED);
    check_at_the_begin("wait_for", TOKEN | DATA, PIER_ECANCELED);
    check_at_the_begin("poll", TOKEN | DATA, PIER_ECANCELED);
}

static void data_comes_before_a_deadline_that_has_passed(void **state)
{
    const struct blocking_call *call = find("recv");

    (void)state;
    open_for(call);
    fake_advance(MS);
    CHECK_OK(pier_set_deadline(s, pier_monotonic() - 1));
    /* Once with the attempt first, once with the wait first. */
    for (int i = 0; i < 2; i++) {
        happens = DATA;
        happen();
        CHECK_INT(call->run(s), 4);
        CHECK_ERR(call->run(s), PIER_EDEADLINE);
    }
    CHECK_INT(fake_now(), MS);
    let_go();
}

/* The token fires in the call of the system that finds the data. */
static void a_token_fired_after_the_last_try_is_too_late(void **state)
{
    (void)state;
    open_for(find("recv"));
    happens = DATA;
    happen();
    fake_clear_calls();
    fake_at_call(1, do_fire, token);
    CHECK_INT(find("recv")->run(s), 4);
    CHECK(pier_cancel_fired(token));
    CHECK_INT(fake_calls_of(FAKE_RECV), 1);
    let_go();
}

static void so_it_is_with_the_answer_to_a_look_up(void **state)
{
    static const struct {
        unsigned happens;
        pier_err expected;
    } rows[] = { { 0, PIER_OK }, { TOKEN, PIER_ECANCELED } };
    struct pier_wait wait = PIER_WAIT_INIT;
    struct pier_address a = fake_inet(7, 0);

    (void)state;
    fake_name_set("host.test", &a, 1, LIMIT, PIER_OK);
    wait.timeout = LIMIT;
    wait.cancel = token;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct pier_lookup *l;

        happens = rows[i].happens;
        fake_thread_start(happen_at_the_limit, NULL);
        CHECK_OK(pier_lookup_start(&l, "host.test", "80", NULL));
        fake_settle();
        CHECK_INT(pier_lookup_wait(l, &wait), rows[i].expected);
        pier_cancel_reset(token);
        CHECK_OK(pier_lookup_wait(l, &wait));
        pier_lookup_free(l);
        fake_join();
    }
}

#define TOKEN_TEST(function)                                                  \
    cmocka_unit_test_setup_teardown(function, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TOKEN_TEST(in_a_wait_the_token_comes_first),
        TOKEN_TEST(in_a_wait_the_close_comes_before_data_and_limit),
        TOKEN_TEST(in_a_wait_data_comes_before_the_limit),
        TOKEN_TEST(what_the_token_left_is_there_afterwards),
        TOKEN_TEST(at_the_begin_the_close_comes_first),
        TOKEN_TEST(at_the_begin_the_token_comes_before_data),
        TOKEN_TEST(data_comes_before_a_deadline_that_has_passed),
        TOKEN_TEST(a_token_fired_after_the_last_try_is_too_late),
        TOKEN_TEST(so_it_is_with_the_answer_to_a_look_up),
    };

    return cmocka_run_group_tests_name("precedence", tests, NULL, NULL);
}
