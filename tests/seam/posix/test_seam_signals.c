/* SPDX-License-Identifier: MIT */
#include "../loopback.h"
#include "file.h"
#include "thread.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>

static void do_nothing(int number)
{
    (void)number;
}

static void handle(int number, void (*handler)(int))
{
    struct sigaction action = { .sa_handler = handler,
                                .sa_flags = SA_RESTART };

    CHECK_INT(sigaction(number, &action, NULL), 0);
}

static void interrupt_later(void *argument)
{
    sleep_ms(60);
    pthread_kill(*(pthread_t *)argument, SIGUSR1);
}

static void a_signal_interrupts_a_wait(void **state)
{
    pthread_t self = pthread_self();
    struct test_thread *thread;
    struct pierp_wake *own;
    unsigned got = 99;
    pier_err err;

    (void)state;
    handle(SIGUSR1, do_nothing);
    CHECK_OK(pierp_thread_wake(&own));
    thread = thread_start(interrupt_later, &self);
    /* A signal that came before the wait was no interruption of it. */
    err = pierp_wait(PIER_INVALID_HANDLE, 0, &own, 1, 5 * SECONDS, &got);
    thread_join(thread);
    CHECK_ERR(err, PIER_EINTR);
    CHECK_INT(got, 99);
}

static struct pierp_wake *token;

static void signal_token(int number)
{
    (void)number;
    pierp_wake_signal(token);
}

static void a_signal_handler_can_signal_a_wake(void **state)
{
    struct pierp_wake *wakes[2];
    unsigned got = 0;

    (void)state;
    CHECK_OK(pierp_thread_wake(&wakes[0]));
    CHECK_OK(pierp_wake_new(&token));
    wakes[1] = token;
    handle(SIGUSR1, signal_token);
    CHECK_INT(raise(SIGUSR1), 0);
    CHECK_OK(pierp_wait(PIER_INVALID_HANDLE, 0, wakes, 2, SECONDS, &got));
    CHECK_INT(got, PIERP_WOKEN);
    pierp_wake_free(token);
}

static void signalling_and_draining_leave_errno_alone(void **state)
{
    struct pierp_wake *wake;

    (void)state;
    CHECK_OK(pierp_wake_new(&wake));
    errno = 1234;
    pierp_wake_drain(wake);
    CHECK_INT(errno, 1234);
    for (int i = 0; i < 20000; i++)
        pierp_wake_signal(wake);
    CHECK_INT(errno, 1234);
    pierp_wake_drain(wake);
    CHECK_INT(errno, 1234);
    pierp_wake_free(wake);
}

static bool is_pending(void)
{
    sigset_t pending;

    CHECK_INT(sigpending(&pending), 0);
    return sigismember(&pending, SIGPIPE) == 1;
}

static void mask(int how)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGPIPE);
    CHECK_INT(pthread_sigmask(how, &set, NULL), 0);
}

/* Its peer has gone: sending gives PIER_EPIPE. */
static pier_handle open_broken(void)
{
    pier_handle ends[2];

    open_connection(ends);
    CHECK_OK(pierp_shutdown(ends[0], 1));
    CHECK_OK(pierp_close(ends[1]));
    return ends[0];
}

static void check_epipe(pier_handle h)
{
    struct pier_address peer = loopback(PIER_AF_INET, 9);

    pier_file file = file_make();
    ptrdiff_t n;

    file_write(file, 0, "x", 1);
    CHECK_ERR(pierp_send(h, "x", 1, 0), PIER_EPIPE);
    CHECK_ERR(pierp_sendto(h, "x", 1, 0, &peer), PIER_EPIPE);
    n = pierp_sendfile(h, file, 0, 1);
    CHECK(n == PIER_EPIPE || n == PIER_ENOTSUP);
    file_close(file);
}

static void a_broken_stream_raises_no_signal(void **state)
{
    struct sigaction before, after;
    pier_handle h = open_broken();

    (void)state;
    handle(SIGPIPE, SIG_DFL);
    CHECK_INT(sigaction(SIGPIPE, NULL, &before), 0);
    check_epipe(h);
    CHECK(!is_pending());
    mask(SIG_BLOCK);
    check_epipe(h);
    CHECK(!is_pending());
    mask(SIG_UNBLOCK);
    CHECK_INT(sigaction(SIGPIPE, NULL, &after), 0);
    CHECK(after.sa_handler == before.sa_handler);
    CHECK_OK(pierp_close(h));
}

static void a_signal_of_somebody_else_stays_pending(void **state)
{
    pier_handle h = open_broken();

    (void)state;
    mask(SIG_BLOCK);
    CHECK_INT(raise(SIGPIPE), 0);
    check_epipe(h);
    CHECK(is_pending());
    handle(SIGPIPE, do_nothing);
    mask(SIG_UNBLOCK);
    CHECK(!is_pending());
    CHECK_OK(pierp_close(h));
}

struct report {
    struct pierp_wake *done;
    sigset_t blocked;
};

static void tell_mask(void *argument)
{
    struct report *r = argument;

    pthread_sigmask(SIG_BLOCK, NULL, &r->blocked);
    pierp_wake_signal(r->done);
}

static void a_started_thread_has_every_signal_blocked(void **state)
{
    static const int some[] = { SIGINT,  SIGTERM, SIGHUP,  SIGUSR1,
                                SIGALRM, SIGPIPE, SIGCHLD, SIGWINCH };
    struct report r;
    sigset_t mine;
    unsigned got = 0;

    (void)state;
    CHECK_OK(pierp_wake_new(&r.done));
    CHECK_OK(pierp_thread_start(tell_mask, &r));
    CHECK_OK(pierp_wait(PIER_INVALID_HANDLE, 0, &r.done, 1, -1, &got));
    pierp_wake_drain(r.done);
    CHECK_INT(pthread_sigmask(SIG_BLOCK, NULL, &mine), 0);
    for (size_t i = 0; i < sizeof some / sizeof *some; i++) {
        CHECK_INT(sigismember(&r.blocked, some[i]), 1);
        CHECK_INT(sigismember(&mine, some[i]), 0);
    }
    pierp_wake_free(r.done);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_signal_interrupts_a_wait),
        cmocka_unit_test(a_signal_handler_can_signal_a_wake),
        cmocka_unit_test(signalling_and_draining_leave_errno_alone),
        cmocka_unit_test(a_broken_stream_raises_no_signal),
        cmocka_unit_test(a_signal_of_somebody_else_stays_pending),
        cmocka_unit_test(a_started_thread_has_every_signal_blocked),
    };

    return cmocka_run_group_tests(tests, start_seam, NULL);
}
