/* SPDX-License-Identifier: MIT */
/* Closing while others are inside. */
#include "layer.h"
#include "unit.h"

#include <pier/error.h>

static char buffer[64];

static void closing_ends_every_blocking_call_at_once(void **state)
{
    (void)state;
    for (size_t i = 0; i < blocking_call_count; i++) {
        const struct blocking_call *call = &blocking_calls[i];
        struct pier_socket *s = call->open();
        pier_handle h = pier_fileno(s);
        int64_t before = fake_now();

        print_message("%s\n", call->name);
        fake_at(50 * MS, do_close, s);
        CHECK_ERR(call->run(s), PIER_EBADF);
        CHECK_INT(fake_now() - before, 50 * MS);
        CHECK(!fake_is_open(h));
        fake_join();
        pier_free(s);
    }
}

static void freeing_ends_every_blocking_call_at_once(void **state)
{
    (void)state;
    for (size_t i = 0; i < blocking_call_count; i++) {
        const struct blocking_call *call = &blocking_calls[i];
        struct pier_socket *s = call->open();

        print_message("%s\n", call->name);
        fake_at(50 * MS, do_free, s);
        CHECK_ERR(call->run(s), PIER_EBADF);
        fake_join();
        CHECK_INT(fake_allocations(), 0);
    }
}

struct reader {
    struct pier_socket *socket;
    ptrdiff_t result;
    int64_t end;
};

static void read_it(void *argument)
{
    struct reader *r = argument;
    char byte;

    r->result = pier_recv(r->socket, &byte, 1, 0);
    r->end = fake_now();
}

static void closing_ends_all_calls_of_all_threads(void **state)
{
    struct pier_socket *s = open_blocked();
    struct reader readers[3];

    (void)state;
    for (int i = 0; i < 3; i++) {
        readers[i] = (struct reader){ s, 0, 0 };
        fake_thread_start(read_it, &readers[i]);
    }
    fake_at(20 * MS, do_close, s);
    CHECK_ERR(pier_send(s, buffer, 8, 0), PIER_EBADF);
    fake_join();
    for (int i = 0; i < 3; i++) {
        CHECK_ERR(readers[i].result, PIER_EBADF);
        CHECK_INT(readers[i].end, 20 * MS);
    }
    pier_free(s);
}

/* Asks for a handle the moment the socket was closed. */
struct taker {
    struct pier_socket *closed;
    struct pier_socket *taken;
};

static void close_and_open(void *argument)
{
    struct taker *t = argument;

    (void)pier_close(t->closed);
    if (pier_open(&t->taken, PIER_AF_INET, PIER_SOCK_STREAM, 0))
        t->taken = NULL;
}

static void the_handle_is_kept_until_the_last_call_has_left(void **state)
{
    struct taker t;
    pier_handle h;

    (void)state;
    fake_reuse_handles(true);
    t = (struct taker){ open_connected(), NULL };
    h = pier_fileno(t.closed);
    fake_at(5 * MS, close_and_open, &t);
    CHECK_ERR(pier_recv(t.closed, buffer, 8, 0), PIER_EBADF);
    fake_join();
    CHECK(t.taken != NULL);
    CHECK(pier_fileno(t.taken) != h);
    CHECK(!fake_is_open(h));
    pier_free(t.taken);
    pier_free(t.closed);
}

static void a_closed_socket_makes_no_system_call(void **state)
{
    struct pier_address a = fake_inet(1, 80), name;
    struct pier_socket *s = open_connected(), *other;
    bool on;

    (void)state;
    CHECK_OK(pier_close(s));
    CHECK_INT(pier_fileno(s), PIER_INVALID_HANDLE);
    fake_clear_calls();
    CHECK_ERR(pier_recv(s, buffer, 8, 0), PIER_EBADF);
    CHECK_ERR(pier_recv(s, buffer, 0, 0), PIER_EBADF);
    CHECK_ERR(pier_recvfrom(s, buffer, 8, 0, NULL), PIER_EBADF);
    CHECK_ERR(pier_recvall(s, buffer, 8, 0, NULL), PIER_EBADF);
    CHECK_ERR(pier_send(s, buffer, 8, 0), PIER_EBADF);
    CHECK_ERR(pier_send(s, buffer, 0, 0), PIER_EBADF);
    CHECK_ERR(pier_sendto(s, buffer, 8, 0, &a), PIER_EBADF);
    CHECK_ERR(pier_sendall(s, buffer, 8, 0, NULL), PIER_EBADF);
    CHECK_ERR(pier_accept(&other, s, NULL), PIER_EBADF);
    CHECK_ERR(pier_connect(s, &a), PIER_EBADF);
    CHECK_ERR(pier_bind(s, &a), PIER_EBADF);
    CHECK_ERR(pier_listen(s, 1), PIER_EBADF);
    CHECK_ERR(pier_shutdown(s, PIER_SHUT_RD), PIER_EBADF);
    CHECK_ERR(pier_getsockname(s, &name), PIER_EBADF);
    CHECK_ERR(pier_getpeername(s, &name), PIER_EBADF);
    CHECK_ERR(pier_settimeout(s, 0), PIER_EBADF);
    CHECK_ERR(pier_set_inheritable(s, true), PIER_EBADF);
    CHECK_ERR(pier_get_inheritable(s, &on), PIER_EBADF);
    CHECK_ERR(pier_setsockopt_int(s, 1, 2, 3), PIER_EBADF);
    CHECK_ERR(pier_dup(&other, s), PIER_EBADF);
    CHECK_INT(pier_detach(s), PIER_INVALID_HANDLE);
    CHECK_INT(fake_system_calls(), 0);
    pier_free(s);
}

static void closing_again_is_fine(void **state)
{
    struct pier_socket *s = open_connected();

    (void)state;
    CHECK_OK(pier_close(s));
    CHECK_OK(pier_close(s));
    CHECK_OK(pier_close_wait(s, 0));
    CHECK_INT(fake_calls_of(FAKE_CLOSE), 1);
    pier_free(s);
    pier_free(NULL);
}

static void a_failing_close_is_told_and_closes_all_the_same(void **state)
{
    struct pier_socket *s = open_connected();

    (void)state;
    fake_fail(FAKE_CLOSE, 1, PIER_EIO);
    CHECK_ERR(pier_close(s), PIER_EIO);
    CHECK_OK(pier_close(s));
    CHECK_INT(fake_handles(), 0);
    pier_free(s);
}

static void a_close_never_waits(void **state)
{
    struct pier_socket *s = open_connected();
    struct reader r = { s, 0, 0 };

    (void)state;
    fake_thread_start(read_it, &r);
    fake_settle();
    fake_clear_calls();
    CHECK_OK(pier_close(s));
    CHECK_INT(fake_calls_of(FAKE_WAIT), 0);
    CHECK_INT(fake_calls_of(FAKE_CLOSE), 0);
    CHECK_INT(fake_handles(), 1);
    fake_join();
    CHECK_INT(fake_handles(), 0);
    CHECK_INT(fake_now(), 0);
    pier_free(s);
}

static void close_wait_returns_when_the_handle_is_gone(void **state)
{
    struct pier_socket *s = open_connected();
    struct reader r = { s, 0, 0 };

    (void)state;
    fake_thread_start(read_it, &r);
    fake_settle();
    CHECK_OK(pier_close_wait(s, SECOND));
    CHECK_INT(fake_handles(), 0);
    CHECK_INT(fake_now(), 0);
    fake_join();
    CHECK_ERR(r.result, PIER_EBADF);
    pier_free(s);
}

/* A call that stays inside for a while: its attempt lets time pass. */
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

static void close_wait_has_a_limit(void **state)
{
    struct pier_socket *s = open_connected();
    struct reader r = { s, 0, 0 };

    (void)state;
    CHECK_OK(pieri_layer_set(s, &slow_layer, NULL));
    fake_thread_start(read_it, &r);
    fake_settle();
    CHECK_ERR(pier_close_wait(s, 10 * MS), PIER_EDEADLINE);
    CHECK_INT(fake_now(), 10 * MS);
    CHECK_INT(fake_handles(), 1);
    CHECK_OK(pier_close_wait(s, PIER_FOREVER));
    CHECK_INT(fake_now(), 30 * MS);
    CHECK_INT(fake_handles(), 0);
    fake_join();
    CHECK_INT(r.result, 1);
    pier_free(s);
}

static void a_wake_of_one_close_does_not_reach_the_next_call(void **state)
{
    struct pier_socket *first = open_connected(), *second = open_connected();

    (void)state;
    fake_at(5 * MS, do_close, first);
    CHECK_ERR(pier_recv(first, buffer, 8, 0), PIER_EBADF);
    CHECK_OK(pier_settimeout(second, 10 * MS));
    fake_clear_calls();
    CHECK_ERR(pier_recv(second, buffer, 8, 0), PIER_EDEADLINE);
    CHECK_INT(fake_now(), 15 * MS);
    CHECK_INT(fake_calls_of(FAKE_WAKE_DRAIN), 0);
    pier_free(first);
    pier_free(second);
}

/* What comes between two steps, and whether it did. */
struct visit {
    void (*act)(void *socket);
    struct pier_socket *socket;
    bool done;
};

static void do_visit(void *argument)
{
    struct visit *v = argument;

    v->done = true;
    v->act(v->socket);
}

/* Lets a close come between any two steps of the call, until it comes too
 * late; gives the number of steps. */
static unsigned sweep(const struct blocking_call *call,
                      void (*act)(void *socket))
{
    /* Who frees has to know that the call is inside: an accept gets memory
     * before it is. */
    unsigned n = act == do_free;
    bool came;

    do {
        struct visit v = { act, call->open(), false };
        ptrdiff_t result;

        CHECK_OK(pier_settimeout(v.socket, 50 * MS));
        fake_at_call(++n, do_visit, &v);
        result = call->run(v.socket);
        fake_at_call(0, do_nothing, NULL);
        fake_join();
        came = v.done;
        CHECK(result == PIER_EBADF || result == PIER_EDEADLINE);
        CHECK(came || result == PIER_EDEADLINE);
        if (!came || act != do_free)
            pier_free(v.socket);
        fake_reset();
    } while (came);
    return n;
}

static void a_close_may_come_between_any_two_steps(void **state)
{
    (void)state;
    for (size_t i = 0; i < blocking_call_count; i++) {
        print_message("%s\n", blocking_calls[i].name);
        CHECK(sweep(&blocking_calls[i], do_close) > 4);
    }
}

static void a_free_may_come_between_any_two_steps(void **state)
{
    (void)state;
    for (size_t i = 0; i < blocking_call_count; i++) {
        print_message("%s\n", blocking_calls[i].name);
        CHECK(sweep(&blocking_calls[i], do_free) > 4);
    }
}

/* The calls inside leave before the close goes on. */
static void do_free_and_let_leave(void *socket)
{
    pier_free(socket);
    fake_settle();
}

static void a_free_may_come_between_any_two_steps_of_a_close(void **state)
{
    (void)state;
    for (unsigned n = 1; n < 30; n++) {
        struct visit v = { do_free_and_let_leave, open_connected(), false };
        struct reader r = { v.socket, 0, 0 };

        fake_thread_start(read_it, &r);
        fake_settle();
        fake_at_call(n, do_visit, &v);
        CHECK_OK(pier_close_wait(v.socket, PIER_FOREVER));
        fake_at_call(0, do_nothing, NULL);
        fake_join();
        CHECK_ERR(r.result, PIER_EBADF);
        CHECK_INT(fake_handles(), 0);
        CHECK(v.done || n > 4);
        if (!v.done)
            pier_free(v.socket);
        fake_reset();
    }
}

static void threads_may_change_at_any_step(void **state)
{
    (void)state;
    for (unsigned seed = 1; seed <= 200; seed++) {
        struct pier_socket *s = open_blocked();
        struct reader readers[2] = { { s, 0, 0 }, { s, 0, 0 } };

        fake_preempt(seed);
        fake_feed(pier_fileno(s), "x", 1, (int64_t)(seed % 7) * MS);
        fake_thread_start(read_it, &readers[0]);
        fake_thread_start(read_it, &readers[1]);
        fake_at((int64_t)(seed % 5) * MS, do_close, s);
        CHECK_ERR(pier_send(s, buffer, 8, 0), PIER_EBADF);
        fake_join();
        for (int i = 0; i < 2; i++)
            CHECK(readers[i].result == 1 || readers[i].result == PIER_EBADF);
        CHECK_INT(fake_handles(), 0);
        pier_free(s);
        fake_reset();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_FAKE(closing_ends_every_blocking_call_at_once),
        ON_FAKE(freeing_ends_every_blocking_call_at_once),
        ON_FAKE(closing_ends_all_calls_of_all_threads),
        ON_FAKE(the_handle_is_kept_until_the_last_call_has_left),
        ON_FAKE(a_closed_socket_makes_no_system_call),
        ON_FAKE(closing_again_is_fine),
        ON_FAKE(a_failing_close_is_told_and_closes_all_the_same),
        ON_FAKE(a_close_never_waits),
        ON_FAKE(close_wait_returns_when_the_handle_is_gone),
        ON_FAKE(close_wait_has_a_limit),
        ON_FAKE(a_wake_of_one_close_does_not_reach_the_next_call),
        ON_FAKE(a_close_may_come_between_any_two_steps),
        ON_FAKE(a_free_may_come_between_any_two_steps),
        ON_FAKE(a_free_may_come_between_any_two_steps_of_a_close),
        ON_FAKE(threads_may_change_at_any_step),
    };

    return cmocka_run_group_tests_name("close", tests, NULL, NULL);
}
