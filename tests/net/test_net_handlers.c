/* SPDX-License-Identifier: MIT */
/*
 * A token that a handler fires, in which little is allowed: that of a signal,
 * in the thread that is blocked or in another, and on Windows that of the
 * console, for Ctrl-C. It ends every call that waits.
 */
#include "endings.h"
#include "handlers.h"
#include "lookups.h"

#include <string.h>

#define PATIENCE (10 * SECOND)
#define STREAMS  (TCP | TCP6 | PATH)

static struct pier_cancel *token;

static void fire(void)
{
    pier_cancel_fire(token);
}

static int begin(void **state)
{
    (void)state;
    before_each_call(mark_blocked);
    return pier_cancel_new(&token) || !set_handler(fire);
}

static int end(void **state)
{
    unset_handler();
    before_each_call(NULL);
    free_sockets(state);
    pier_cancel_free(token);
    token = NULL;
    return 0;
}

static void give_token(struct scene *scene)
{
    scene->wait.cancel = token;
    if (scene->s)
        CHECK_OK(pier_set_cancel(scene->s, token));
}

static void await_runs(unsigned count)
{
    int64_t start = pier_monotonic();

    while (handler_runs() < count) {
        CHECK(pier_monotonic() - start < PATIENCE);
        sleep_ms(1);
    }
}

/* Blocks the call, and lets the handler end it. */
static void interrupt(const struct blocking_call *call, struct scene *scene,
                      const struct interruption *interruption)
{
    unsigned runs = handler_runs();
    struct blocked b;

    start_blocked(&b, call->run, scene);
    await_waits(scene->first ? 2 : 1);
    CHECK(interruption->come());
    CHECK_ERR(end_blocked(&b), PIER_ECANCELED);
    await_runs(runs + 1);
    CHECK(handler_left_errno());
    CHECK(pier_cancel_fired(token));
}

/* ---------------------------------------------------- the socket after it ---
 */

/* A connect that was given up goes on in the system. */
static void check_waits_again(const struct blocking_call *call,
                              struct scene *scene)
{
    long long result;

    scene->wait.timeout = ENDING_LIMIT;
    CHECK_OK(pier_settimeout(scene->s, ENDING_LIMIT));
    result = call->run(scene);
    if (result != PIER_EALREADY)
        CHECK_ERR(result, PIER_EDEADLINE);
    CHECK_OK(pier_settimeout(scene->s, SOON));
}

static void check_accepts(struct scene *scene)
{
    struct pier_address here = name_of(scene->s);
    struct pier_socket *s =
        open_socket(pier_address_family(&here), PIER_SOCK_STREAM);

    CHECK_OK(pier_connect(s, &here));
    (void)accept_one(scene->s);
}

static void check_usable(const struct blocking_call *call, struct scene *scene)
{
    check_waits_again(call, scene);
    if (scene->first)
        return;
    if (scene->peer && (call->transport & STREAMS)) {
        CHECK_OK(pier_sendall(scene->peer, "kept", 4, 0, NULL));
        check_arrives(scene->s, "kept");
    } else if (strcmp(call->name, "accept") == 0) {
        check_accepts(scene);
    }
}

static void end_first(struct scene *scene)
{
    CHECK_OK(pier_close(scene->s));
    CHECK_ERR(end_blocked(scene->first), PIER_EBADF);
}

static void check_call(const struct blocking_call *call,
                       const struct interruption *interruption)
{
    struct scene scene;

    print_message("%s %s over %s\n", call->name, call->detail,
                  transport_name(call->transport));
    open_scene(call, &scene);
    give_token(&scene);
    interrupt(call, &scene, interruption);
    pier_cancel_reset(token);
    if (scene.s)
        check_usable(call, &scene);
    if (scene.first)
        end_first(&scene);
    end_lookups(&scene);
    free_sockets(NULL);
}

static void a_handler_ends_every_call(void **state)
{
    (void)state;
    for (size_t way = 0; way < interruption_count; way++) {
        const struct blocking_call *call;

        print_message("--- %s\n", interruptions[way].name);
        for (size_t i = 0; (call = call_that_waits(i)) != NULL; i++) {
            if (can_run(call))
                check_call(call, &interruptions[way]);
        }
    }
}

/* A program that is told to end is told so once. */
static void what_a_handler_fired_stays_fired(void **state)
{
    struct pier_socket *ends[2];
    char byte;

    (void)state;
    open_streams(PIER_AF_INET, ends);
    CHECK_OK(pier_set_cancel(ends[0], token));
    for (size_t way = 0; way < interruption_count; way++) {
        unsigned runs = handler_runs();

        mark_blocked();
        CHECK(interruptions[way].come());
        await_runs(runs + 1);
        CHECK_ERR(pier_recv(ends[0], &byte, 1, 0), PIER_ECANCELED);
        CHECK_ERR(pier_send(ends[0], "x", 1, 0), PIER_ECANCELED);
        pier_cancel_reset(token);
        CHECK_INT(pier_send(ends[0], "x", 1, 0), 1);
    }
}

#define HANDLER_TEST(function)                                                \
    cmocka_unit_test_setup_teardown(function, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        HANDLER_TEST(a_handler_ends_every_call),
        HANDLER_TEST(what_a_handler_fired_stays_fired),
    };

    return cmocka_run_group_tests(tests, watch_waits, NULL);
}
