/* SPDX-License-Identifier: MIT */
/*
 * What a language runtime sees: its lock is released round every wait, and it
 * may end a call when a signal came. Hooks are set once for a process, so
 * they are set before the first test.
 */
#include "layer.h"
#include "unit.h"

#include <pier/error.h>
#include <pier/hooks.h>
#include <pier/poll.h>
#include <pier/resolver.h>

static struct {
    unsigned entered, left, asked, blocks;
    bool inside, disordered;
    unsigned end_at;   /* the question that ends the call; 0: none */
    void (*act)(void); /* run when asked */
    void (*act_leaving)(void);
} seen;

static void *PIER_CALL enter(void *context)
{
    seen.entered++;
    seen.disordered |= seen.inside || fake_is_of_library();
    seen.inside = true;
    return context;
}

static void PIER_CALL leave(void *context, void *token)
{
    seen.left++;
    seen.disordered |= !seen.inside || token != context;
    seen.inside = false;
    if (seen.act_leaving)
        seen.act_leaving();
}

static int PIER_CALL interrupted(void *context)
{
    (void)context;
    seen.disordered |= seen.inside;
    seen.asked++;
    if (seen.act)
        seen.act();
    return seen.asked == seen.end_at;
}

/* The lock is held across what may block when no hook has released it. */
static void watch_block(void)
{
    seen.blocks++;
    seen.disordered |= !seen.inside;
}

static struct pier_hooks hooks = { sizeof(hooks), enter, leave, interrupted,
                                   &hooks };

static char buffer[64];

static void forget(void)
{
    seen.entered = 0;
    seen.left = 0;
    seen.blocks = 0;
    seen.asked = 0;
    seen.end_at = 0;
    seen.act = NULL;
    seen.act_leaving = NULL;
}

static int begin(void **state)
{
    forget();
    seen.disordered = false;
    seen.inside = false;
    fake_watch_blocks(watch_block);
    return begin_fake(state);
}

static void check_entered(unsigned times)
{
    CHECK_INT(seen.entered, times);
    CHECK_INT(seen.left, times);
    CHECK(seen.blocks <= times);
    CHECK(!seen.inside && !seen.disordered);
}

static void a_call_that_need_not_wait_calls_no_hook(void **state)
{
    struct pier_socket *s = open_connected();

    (void)state;
    fake_feed(pier_fileno(s), "x", 1, 0);
    CHECK_INT(pier_recv(s, buffer, 8, 0), 1);
    CHECK_INT(pier_send(s, buffer, 8, 0), 8);
    CHECK_OK(pier_settimeout(s, 0));
    CHECK_ERR(pier_recv(s, buffer, 8, 0), PIER_EAGAIN);
    check_entered(0);
    pier_free(s);
}

/* A disk may take its time. */
static unsigned calls_for_files(void)
{
    return fake_calls_of(FAKE_SENDFILE) + fake_calls_of(FAKE_FILE_READ);
}

static void every_wait_is_inside_the_hooks(void **state)
{
    (void)state;
    for (size_t i = 0; i < blocking_call_count; i++) {
        struct pier_socket *s = blocking_calls[i].open();

        print_message("%s\n", blocking_calls[i].name);
        forget();
        CHECK_OK(pier_settimeout(s, MS));
        fake_clear_calls();
        CHECK_ERR(blocking_calls[i].run(s), PIER_EDEADLINE);
        CHECK(seen.entered > 0);
        check_entered(fake_calls_of(FAKE_WAIT) + fake_calls_of(FAKE_POLL) -
                      blocking_calls[i].looks + calls_for_files());
        CHECK(seen.blocks > 0);
        pier_free(s);
    }
}

static void a_signal_may_end_every_blocking_call(void **state)
{
    (void)state;
    for (size_t i = 0; i < blocking_call_count; i++) {
        struct pier_socket *s = blocking_calls[i].open();
        int64_t before = fake_now();
        struct pier_detail detail;

        print_message("%s\n", blocking_calls[i].name);
        forget();
        seen.end_at = 3;
        fake_interrupt_every(300 * MS);
        CHECK_ERR(blocking_calls[i].run(s), PIER_EINTR);
        CHECK_INT(fake_now() - before, 900 * MS);
        pier_error_detail(&detail);
        CHECK_INT(detail.code, PIER_EINTR);
        fake_interrupt_every(0);
        pier_free(s);
    }
}

static void a_signal_may_end_a_call_at_its_attempt(void **state)
{
    struct pier_socket *s = open_connected();

    (void)state;
    seen.end_at = 1;
    fake_fail(FAKE_RECV, 1, PIER_EINTR);
    CHECK_ERR(pier_recv(s, buffer, 8, 0), PIER_EINTR);
    CHECK_INT(seen.asked, 1);
    CHECK_INT(fake_now(), 0);
    pier_free(s);
}

enum {
    PIECES = 4,
    PIECE = 2,
    ALL = PIECES * PIECE
};

static size_t moved;

static pier_err send_pieces(struct pier_socket *s)
{
    fake_limit_send(pier_fileno(s), PIECE);
    return pier_sendall(s, buffer, ALL, 0, &moved);
}

static pier_err receive_pieces(struct pier_socket *s)
{
    fake_limit_recv(pier_fileno(s), PIECE);
    fake_feed(pier_fileno(s), "01234567", ALL, 0);
    return pier_recvall(s, buffer, ALL, 0, &moved);
}

static pier_err send_file_pieces(struct pier_socket *s)
{
    pier_file file = fake_open_file(ALL);
    int64_t sent;
    pier_err err;

    fake_limit_send(pier_fileno(s), PIECE);
    err = pier_sendfile(s, file, 0, ALL, &sent);
    moved = (size_t)sent;
    return err;
}

static pier_err (*const pieces[])(struct pier_socket *) = {
    send_pieces,
    receive_pieces,
    send_file_pieces,
};

/* It interrupts nothing where nothing is waited for. */
static void a_signal_is_seen_between_pieces(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
        struct pier_socket *s = open_connected();

        forget();
        seen.end_at = PIECES;
        CHECK_OK(pieces[i](s));
        CHECK_INT(moved, ALL);
        CHECK_INT(seen.asked, PIECES - 1);
        forget();
        seen.end_at = 2;
        CHECK_ERR(pieces[i](s), PIER_EINTR);
        CHECK_INT(moved, 2 * PIECE);
        CHECK(!seen.disordered);
        pier_free(s);
    }
}

static void a_signal_that_ends_nothing_costs_no_time(void **state)
{
    struct pier_socket *s = open_connected();

    (void)state;
    CHECK_OK(pier_settimeout(s, SECOND));
    fake_interrupt_every(300 * MS);
    CHECK_ERR(pier_recv(s, buffer, 8, 0), PIER_EDEADLINE);
    CHECK_INT(fake_now(), SECOND);
    CHECK_INT(seen.asked, 3);
    pier_free(s);
}

static void a_lookup_is_inside_the_hooks_and_can_be_ended(void **state)
{
    struct pier_address a = fake_inet(7, 0);
    struct pier_addrinfo *list;

    (void)state;
    fake_name_set("host.test", &a, 1, SECOND, PIER_OK);
    fake_interrupt_every(300 * MS);
    seen.end_at = 2;
    CHECK_ERR(pier_getaddrinfo(&list, "host.test", "80", NULL, NULL),
              PIER_EINTR);
    CHECK_INT(fake_now(), 600 * MS);
    check_entered(2);
    fake_advance(SECOND);
    CHECK_INT(seen.entered, 2);
}

static struct pier_socket *victim;

static void close_victim(void)
{
    (void)pier_close(victim);
}

static void a_hook_may_close_the_socket_its_thread_is_in(void **state)
{
    (void)state;
    victim = open_connected();
    seen.act = close_victim;
    fake_interrupt_wait(1);
    CHECK_ERR(pier_recv(victim, buffer, 8, 0), PIER_EBADF);
    CHECK_INT(fake_handles(), 0);
    pier_free(victim);
}

static void a_hook_may_close_the_socket_between_pieces(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
        victim = open_connected();
        seen.act = close_victim;
        CHECK_ERR(pieces[i](victim), PIER_EBADF);
        CHECK_INT(moved, PIECE);
        CHECK_INT(fake_handles(), 0);
        pier_free(victim);
    }
}

/* The parent goes on waiting; what is simulated here is the child. */
static void fork_here(void)
{
    fake_fork();
    seen.act = NULL;
}

static void a_hook_may_fork_in_every_blocking_call(void **state)
{
    (void)state;
    for (size_t i = 0; i < blocking_call_count; i++) {
        struct pier_socket *s = blocking_calls[i].open();

        print_message("%s\n", blocking_calls[i].name);
        forget();
        CHECK_OK(pier_settimeout(s, 50 * MS));
        /* Once with a wait after the attempt, once before it. */
        for (int j = 0; j < 2; j++) {
            seen.act = fork_here;
            fake_interrupt_wait(1);
            if (blocking_calls[i].run(s) != PIER_EALREADY)
                CHECK(seen.act == NULL);
        }
        CHECK_OK(pier_close(s));
        CHECK_INT(fake_handles(), 0);
        pier_free(s);
        fake_reset();
    }
}

static void a_hook_may_fork_between_pieces(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
        struct pier_socket *s = open_connected();

        seen.act = fork_here;
        CHECK_OK(pieces[i](s));
        CHECK(seen.act == NULL);
        CHECK_OK(pier_close(s));
        CHECK_INT(fake_handles(), 0);
        pier_free(s);
        fake_reset();
    }
}

static void fork_and_name(void)
{
    struct pier_address name;

    fake_fork();
    seen.act = NULL;
    /* The first call in the child brings the socket into it. */
    (void)!pier_getsockname(victim, &name);
}

/* A look that does not wait may be interrupted all the same. */
static void a_hook_may_fork_at_a_look(void **state)
{
    struct pier_pollitem item = { .events = PIER_POLLOUT };
    unsigned found = 0;

    (void)state;
    for (int i = 0; i < 3; i++) {
        victim = open_connected();
        item.socket = victim;
        seen.act = fork_and_name;
        fake_fail(FAKE_POLL, 1, PIER_EINTR);
        if (i == 0) {
            CHECK_OK(pier_wait_for(victim, PIER_POLLOUT, 0, &found));
        } else {
            CHECK_INT(pier_poll(&item, 1, i == 1 ? 0 : SECOND, NULL), 1);
            found = item.revents;
        }
        CHECK_INT(found, PIER_POLLOUT);
        CHECK(seen.act == NULL);
        CHECK_OK(pier_close(victim));
        CHECK_INT(fake_handles(), 0);
        pier_free(victim);
        CHECK_INT(fake_allocations(), 0);
    }
}

static void fork_and_feed(void)
{
    fake_fork();
    fake_feed(pier_fileno(victim), "x", 1, 0);
    seen.act = NULL;
}

static void the_child_is_inside_its_call_alone(void **state)
{
    (void)state;
    victim = open_connected();
    fake_feed(pier_fileno(victim), "x", 1, 10 * MS);
    CHECK_INT(pier_recv(victim, buffer, 8, 0), 1);
    /* This one waits before its attempt. */
    seen.act = fork_and_feed;
    fake_interrupt_wait(1);
    CHECK_INT(pier_recv(victim, buffer, 8, 0), 1);
    CHECK_OK(pier_close(victim));
    CHECK_INT(fake_handles(), 0);
    pier_free(victim);
    CHECK_INT(fake_allocations(), 0);
}

static void close_and_fork(void)
{
    (void)pier_close(victim);
    fake_fork();
    seen.act = NULL;
}

static void a_hook_may_close_and_then_fork(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        victim = open_connected();
        seen.act = close_and_fork;
        fake_interrupt_wait(i == 0);
        fake_fail(FAKE_RECV, 1, i == 0 ? PIER_OK : PIER_EINTR);
        CHECK_ERR(pier_recv(victim, buffer, 8, 0), PIER_EBADF);
        CHECK_INT(fake_handles(), 0);
        pier_free(victim);
        CHECK_INT(fake_allocations(), 0);
        fake_reset();
    }
}

static void fork_and_look(void)
{
    struct pier_address name;

    fake_fork();
    seen.act = NULL;
    (void)!pier_getsockname(victim, &name);
}

/* The hook brings the socket into the child before the call goes on: once
 * with a wait after the attempt, once before it. */
static void run_and_look(const struct blocking_call *call)
{
    for (int i = 0; i < 2; i++) {
        seen.act = fork_and_look;
        fake_interrupt_wait(1);
        if (call->run(victim) != PIER_EALREADY)
            CHECK(seen.act == NULL);
    }
}

/* Ends the victim in one of three ways. */
static void end_victim(int way)
{
    if (way == 0)
        CHECK_OK(pier_close(victim));
    if (way == 1)
        CHECK_OK(pier_close_wait(victim, 0));
    if (way < 2)
        CHECK_INT(fake_handles(), 0);
    pier_free(victim);
    CHECK_INT(fake_handles(), 0);
    CHECK_INT(fake_calls_of(FAKE_CLOSE), 1);
    fake_reset();
}

static void the_child_of_a_hook_may_use_the_same_socket(void **state)
{
    (void)state;
    for (size_t i = 0; i < 3 * blocking_call_count; i++) {
        victim = blocking_calls[i / 3].open();
        CHECK_OK(pier_settimeout(victim, 50 * MS));
        run_and_look(&blocking_calls[i / 3]);
        end_victim((int)(i % 3));
    }
}

static void free_and_fork(void)
{
    pier_free(victim);
    fake_fork();
    seen.act = NULL;
}

static void a_hook_may_free_and_then_fork(void **state)
{
    (void)state;
    for (size_t i = 0; i < blocking_call_count; i++) {
        victim = blocking_calls[i].open();
        seen.act = free_and_fork;
        fake_interrupt_wait(1);
        CHECK_ERR(blocking_calls[i].run(victim), PIER_EBADF);
        CHECK(seen.act == NULL);
        CHECK_INT(fake_handles(), 0);
        CHECK_INT(fake_calls_of(FAKE_CLOSE), 1);
        CHECK_INT(fake_allocations(), 0);
        fake_reset();
    }
}

static void send_much(void *unused)
{
    char bytes[64] = { 0 };

    (void)unused;
    (void)!pier_sendall(victim, bytes, sizeof(bytes), 0, NULL);
}

static void a_hook_may_fork_in_a_wait_for_a_turn(void **state)
{
    (void)state;
    victim = open_blocked();
    fake_thread_start(send_much, NULL);
    fake_settle();
    CHECK_OK(pier_settimeout(victim, 50 * MS));
    seen.act = fork_here;
    fake_interrupt_wait(1);
    CHECK_ERR(pier_send(victim, buffer, 8, 0), PIER_EDEADLINE);
    CHECK_INT(fake_calls_of(FAKE_SEND), 2);
    CHECK_OK(pier_close(victim));
    CHECK_INT(fake_handles(), 0);
    pier_free(victim);
    CHECK_INT(fake_allocations(), 0);
}

static void receive_one(void *unused)
{
    char byte;

    (void)unused;
    (void)!pier_recv(victim, &byte, 1, 0);
}

static ptrdiff_t linger(void *state, pier_handle h, void *bytes, size_t length,
                        int flags, unsigned *want)
{
    (void)state;
    (void)h;
    (void)bytes;
    (void)flags;
    (void)want;
    fake_advance(30 * MS);
    return (ptrdiff_t)length;
}

static const struct pieri_layer slow_layer = { .recv = linger };

/* Who is inside in the parent is not in the child: it closes at once. */
static void a_hook_may_fork_in_a_wait_for_the_release(void **state)
{
    (void)state;
    victim = open_connected();
    CHECK_OK(pieri_layer_set(victim, &slow_layer, NULL));
    fake_thread_start(receive_one, NULL);
    fake_settle();
    seen.act = fork_here;
    fake_interrupt_wait(1);
    CHECK_OK(pier_close_wait(victim, PIER_FOREVER));
    CHECK_INT(fake_now(), 0);
    CHECK_INT(fake_handles(), 0);
    pier_free(victim);
    CHECK_INT(fake_allocations(), 0);
}

static void a_hook_may_fork_while_its_thread_detaches(void **state)
{
    pier_handle h;

    (void)state;
    victim = open_connected();
    h = pier_fileno(victim);
    CHECK_OK(pieri_layer_set(victim, &slow_layer, NULL));
    fake_thread_start(receive_one, NULL);
    fake_settle();
    seen.act = fork_here;
    fake_interrupt_wait(1);
    CHECK_INT(pier_detach(victim), h);
    CHECK_INT(fake_now(), 0);
    pier_free(victim);
    CHECK_INT(fake_allocations(), 0);
    CHECK_OK(pierp_close(h));
}

static void fork_leaving(void)
{
    seen.act_leaving = NULL;
    fake_fork();
    fake_reuse_handles(true);
}

static void a_child_leaves_a_handle_alone_that_was_being_closed(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++) {
        victim = open_connected();
        seen.act_leaving = fork_leaving;
        if (i == 0)
            CHECK_OK(pier_close(victim));
        if (i == 1)
            CHECK_OK(pier_close_wait(victim, PIER_FOREVER));
        pier_free(victim);
        CHECK(seen.act_leaving == NULL);
        CHECK_INT(fake_calls_of(FAKE_CLOSE), 1);
        CHECK_INT(fake_handles(), 0);
        fake_reset();
    }
}

static void fork_and_use_what_is_closing(void)
{
    struct pier_socket *other;

    fork_leaving();
    other = open_connected();
    CHECK_ERR(pier_recv(victim, buffer, 8, 0), PIER_EBADF);
    CHECK_OK(pier_close(victim));
    CHECK(fake_is_open(pier_fileno(other)));
    pier_free(other);
}

static void a_hook_of_a_close_may_use_the_socket_in_the_child(void **state)
{
    (void)state;
    victim = open_connected();
    seen.act_leaving = fork_and_use_what_is_closing;
    CHECK_OK(pier_close(victim));
    CHECK_INT(fake_handles(), 0);
    CHECK_INT(fake_calls_of(FAKE_CLOSE), 2);
    pier_free(victim);
}

static void hooks_are_set_once(void **state)
{
    struct pier_hooks none = { 0 };

    (void)state;
    CHECK_ERR(pier_set_hooks(&hooks), PIER_EBUSY);
    CHECK_ERR(pier_set_hooks(NULL), PIER_EINVAL);
    CHECK_ERR(pier_set_hooks(&none), PIER_EINVAL);
}

#define WITH_HOOKS(function)                                                  \
    cmocka_unit_test_setup_teardown(function, begin, end_fake)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_HOOKS(a_call_that_need_not_wait_calls_no_hook),
        WITH_HOOKS(every_wait_is_inside_the_hooks),
        WITH_HOOKS(a_signal_may_end_every_blocking_call),
        WITH_HOOKS(a_signal_may_end_a_call_at_its_attempt),
        WITH_HOOKS(a_signal_is_seen_between_pieces),
        WITH_HOOKS(a_signal_that_ends_nothing_costs_no_time),
        WITH_HOOKS(a_lookup_is_inside_the_hooks_and_can_be_ended),
        WITH_HOOKS(a_hook_may_close_the_socket_its_thread_is_in),
        WITH_HOOKS(a_hook_may_close_the_socket_between_pieces),
        WITH_HOOKS(a_hook_may_fork_in_every_blocking_call),
        WITH_HOOKS(a_hook_may_fork_between_pieces),
        WITH_HOOKS(a_hook_may_fork_at_a_look),
        WITH_HOOKS(the_child_is_inside_its_call_alone),
        WITH_HOOKS(a_hook_may_close_and_then_fork),
        WITH_HOOKS(a_hook_may_fork_in_a_wait_for_a_turn),
        WITH_HOOKS(a_hook_may_fork_in_a_wait_for_the_release),
        WITH_HOOKS(a_hook_may_fork_while_its_thread_detaches),
        WITH_HOOKS(the_child_of_a_hook_may_use_the_same_socket),
        WITH_HOOKS(a_hook_may_free_and_then_fork),
        WITH_HOOKS(a_child_leaves_a_handle_alone_that_was_being_closed),
        WITH_HOOKS(a_hook_of_a_close_may_use_the_socket_in_the_child),
        WITH_HOOKS(hooks_are_set_once),
    };

    if (pier_set_hooks(&hooks))
        return 1;
    return cmocka_run_group_tests_name("hooks", tests, NULL, NULL);
}
