/* SPDX-License-Identifier: MIT */
/* The backend for a system that has only what POSIX 2001 had. */
#include "wrapped.h"

#include <net/if.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>

static void plan_preparation(int fd)
{
    NEXT(fcntl, .result = 0,
         .when = { ARGUMENT(1, fd), ARGUMENT(2, F_SETFD),
                   ARGUMENT(3, FD_CLOEXEC) });
    NEXT(fcntl, .result = O_RDWR,
         .when = { ARGUMENT(1, fd), ARGUMENT(2, F_GETFL) });
    NEXT(fcntl, .result = 0,
         .when = { ARGUMENT(1, fd), ARGUMENT(2, F_SETFL),
                   ARGUMENT(3, O_RDWR | O_NONBLOCK) });
}

static void q06_a_new_socket_is_made_private_in_steps(void **state)
{
    pier_handle h;

    (void)state;
    NEXT(socket, .result = SOME_FD, .when = { ARGUMENT(2, SOCK_STREAM) });
    plan_preparation(SOME_FD);
    CHECK_OK(pierp_open(&h, AF_INET, SOCK_STREAM, 0));
    CHECK_CALLS("socket fcntl fcntl fcntl");
}

static void q06_a_socket_that_cannot_be_made_private_is_not_kept(void **state)
{
    pier_handle h = 77;

    (void)state;
    NEXT(socket, .result = SOME_FD);
    NEXT(fcntl, .result = -1, .error = ENOMEM);
    NEXT(close, .result = 0, .when = { ARGUMENT(1, SOME_FD) });
    CHECK_ERR(pierp_open(&h, AF_INET, SOCK_STREAM, 0), PIER_ENOMEM);
    CHECK_INT(h, 77);
}

static void neither_end_of_a_pair_that_cannot_be_prepared_is_kept(void **state)
{
    const int fds[2] = { SOME_FD, SOME_FD + 1 };
    pier_handle pair[2] = { 77, 78 };

    (void)state;
    NEXT(socketpair, .bytes = fds, .length = sizeof fds);
    plan_preparation(SOME_FD);
    NEXT(fcntl, .result = -1, .error = ENOMEM,
         .when = { ARGUMENT(1, SOME_FD + 1) });
    NEXT(close, .result = 0, .when = { ARGUMENT(1, SOME_FD) });
    NEXT(close, .result = 0, .when = { ARGUMENT(1, SOME_FD + 1) });
    CHECK_ERR(pierp_pair(pair, AF_UNIX, SOCK_STREAM, 0), PIER_ENOMEM);
    CHECK_INT(pair[0], 77);
    CHECK_INT(pair[1], 78);
}

/* BSD hands the listener's mode on, Linux does not: it is set in any case. */
static void q09_an_accepted_handle_has_its_own_mode(void **state)
{
    struct sockaddr_in peer = { .sin_family = AF_INET };
    pier_handle h;

    (void)state;
    NEXT(accept, .result = SOME_FD + 1, .bytes = &peer, .length = sizeof peer);
    plan_preparation(SOME_FD + 1);
    CHECK_OK(pierp_accept(&h, SOME_FD, NULL));
    CHECK_CALLS("accept fcntl fcntl fcntl");
}

static void q10_a_duplicate_is_made_private_in_steps(void **state)
{
    pier_handle h;

    (void)state;
    NEXT(dup, .result = SOME_FD + 1, .when = { ARGUMENT(1, SOME_FD) });
    NEXT(fcntl, .result = 0,
         .when = { ARGUMENT(1, SOME_FD + 1), ARGUMENT(2, F_SETFD),
                   ARGUMENT(3, FD_CLOEXEC) });
    CHECK_OK(pierp_dup(&h, SOME_FD));
    CHECK_CALLS("dup fcntl");
}

static void raise_as_the_kernel_does(struct script_call *call)
{
    (void)call;
    (void)pthread_kill(pthread_self(), SIGPIPE);
}

static bool is_pending(void)
{
    sigset_t pending;

    CHECK_INT(sigpending(&pending), 0);
    return sigismember(&pending, SIGPIPE) == 1;
}

static bool is_blocked(void)
{
    sigset_t mask;

    CHECK_INT(pthread_sigmask(SIG_SETMASK, NULL, &mask), 0);
    return sigismember(&mask, SIGPIPE) == 1;
}

/* The default disposition would end the test. */
static void q53_a_signal_that_a_send_raises_is_taken_back(void **state)
{
    struct pier_address to = script_loopback(PIER_AF_INET, 9);

    (void)state;
    NEXT(send, .result = -1, .error = EPIPE, .act = raise_as_the_kernel_does);
    CHECK_ERR(pierp_send(SOME_FD, "x", 1, 0), PIER_EPIPE);
    CHECK(!is_pending());
    CHECK(!is_blocked());
    NEXT(sendto, .result = -1, .error = EPIPE,
         .act = raise_as_the_kernel_does);
    CHECK_ERR(pierp_sendto(SOME_FD, "x", 1, 0, &to), PIER_EPIPE);
    CHECK(!is_pending());
    CHECK(!is_blocked());
}

static void q53_a_signal_that_was_pending_stays(void **state)
{
    sigset_t set, before;
    int taken;

    (void)state;
    sigemptyset(&set);
    sigaddset(&set, SIGPIPE);
    CHECK_INT(pthread_sigmask(SIG_BLOCK, &set, &before), 0);
    CHECK_INT(pthread_kill(pthread_self(), SIGPIPE), 0);
    NEXT(send, .result = -1, .error = EPIPE, .act = raise_as_the_kernel_does);
    CHECK_ERR(pierp_send(SOME_FD, "x", 1, 0), PIER_EPIPE);
    CHECK(is_pending());
    CHECK(is_blocked());
    CHECK_INT(sigwait(&set, &taken), 0);
    CHECK_INT(pthread_sigmask(SIG_SETMASK, &before, NULL), 0);
}

static void check_poll(int64_t timeout, int ms)
{
    unsigned got = 77;

    NEXT(poll, .result = 0, .when = { ARGUMENT(3, ms) });
    CHECK_OK(pierp_wait(SOME_FD, PIERP_READ, NULL, 0, timeout, &got));
    CHECK_INT(got, 0);
}

/* EINVAL for other negative numbers on some of BSD. */
static void q97_only_minus_one_means_for_ever(void **state)
{
    (void)state;
    check_poll(-1, -1);
    check_poll(-5000000000, -1);
    check_poll(INT64_MIN, -1);
}

static void q96_the_longest_wait_does_not_wrap(void **state)
{
    (void)state;
    check_poll(INT64_C(4294967400000000), INT_MAX);
    check_poll(INT64_MAX, INT_MAX);
    check_poll((int64_t)INT_MAX * 1000000, INT_MAX);
}

static void q93_a_wait_is_rounded_up(void **state)
{
    (void)state;
    check_poll(0, 0);
    check_poll(1, 1);
    check_poll(1000000, 1);
    check_poll(1000001, 2);
}

static void a_pipe_that_cannot_be_prepared_is_not_kept(void **state)
{
    const int fds[2] = { SOME_FD, SOME_FD + 1 };
    struct pierp_wake *wake = NULL;

    (void)state;
    NEXT(pipe, .bytes = fds, .length = sizeof fds);
    plan_preparation(SOME_FD);
    NEXT(fcntl, .result = -1, .error = EBADF,
         .when = { ARGUMENT(1, SOME_FD + 1) });
    NEXT(close, .result = 0, .when = { ARGUMENT(1, SOME_FD) });
    NEXT(close, .result = 0, .when = { ARGUMENT(1, SOME_FD + 1) });
    CHECK_ERR(pierp_wake_new(&wake), PIER_EBADF);
    CHECK(!wake);
}

/* More than a pipe holds: the last ones are refused with EAGAIN. */
static void a_signal_of_a_full_wake_leaves_errno_alone(void **state)
{
    struct pierp_wake *wake;
    unsigned got = 0;

    (void)state;
    CHECK_OK(pierp_wake_new(&wake));
    errno = 0;
    for (int i = 0; i < 200000 && errno == 0; i++)
        pierp_wake_signal(wake);
    CHECK_INT(errno, 0);
    pierp_wake_drain(wake);
    CHECK_INT(errno, 0);
    CHECK_OK(pierp_wait(PIER_INVALID_HANDLE, 0, &wake, 1, 0, &got));
    CHECK_INT(got, 0);
    pierp_wake_free(wake);
}

static void a_wake_that_cannot_be_made_says_why(void **state)
{
    struct pierp_wake *wake = NULL;

    (void)state;
    NEXT(pipe, .result = -1, .error = EMFILE);
    CHECK_ERR(pierp_wake_new(&wake), PIER_EMFILE);
    CHECK(!wake);
}

/* Where it would only let the last one win. */
static void q30_a_port_is_not_shared_where_nobody_balances(void **state)
{
    (void)state;
    CHECK_ERR(pierp_set_reuse_port(SOME_FD), PIER_ENOTSUP);
    CHECK_CALLS("");
}

static void q56_a_length_beyond_an_int_is_held_to_one(void **state)
{
    static char byte;

    (void)state;
    NEXT(send, .result = 1, .when = { ARGUMENT(3, INT_MAX) });
    CHECK_INT(pierp_send(SOME_FD, &byte, SIZE_MAX, 0), 1);
}

static void fail_a_connect(struct script_call *call)
{
    ((struct pollfd *)call->arguments[0])->revents =
        POLLIN | POLLOUT | POLLERR | POLLHUP;
}

/* Where poll() has no event for the end of a stream, the stream is looked at;
 * but that would take its error. */
static void q23_the_error_of_a_connect_is_left_for_its_result(void **state)
{
    struct pierp_pollitem item = { SOME_FD, PIERP_POLL_OUT | PIERP_POLL_RDHUP,
                                   9 };
    unsigned got = 77;

    (void)state;
    ALWAYS(poll, .result = 1, .act = fail_a_connect);
    CHECK_OK(pierp_poll(&item, 1, NULL, 0, -1, &got));
    CHECK_INT(got, PIERP_READY);
    CHECK_INT(item.revents, PIERP_POLL_OUT | PIERP_POLL_RDHUP |
                                PIERP_POLL_ERR | PIERP_POLL_HUP);
    CHECK_INT(CALLS(recv), 0);
}

/* ---------------------------------------------------------- the machine ---
 */

static struct sockaddr_in somewhere = { .sin_family = AF_INET };

/* Without forms for threads the newer functions answer. */
static void a_host_is_found_by_getaddrinfo(void **state)
{
    char name[] = "official.example";
    struct addrinfo entry = { .ai_family = AF_INET,
                              .ai_addr = (struct sockaddr *)&somewhere,
                              .ai_addrlen = sizeof somewhere,
                              .ai_canonname = name };
    struct addrinfo *list = &entry;
    struct pierp_host host;

    (void)state;
    NEXT(getaddrinfo, .result = 0, .bytes = &list, .length = sizeof(void *));
    NEXT(freeaddrinfo, .when = { ARGUMENT(1, list) });
    CHECK_OK(pierp_gethostbyname(&host, "asked.example"));
    CHECK_INT(host.name_count, 2);
    CHECK(memcmp(host.names, "official.example\0asked.example", 31) == 0);
    CHECK_INT(host.address_count, 1);
    pierp_free(host.names);
    pierp_free(host.addresses);
}

static void a_host_that_is_not_found_is_told_in_older_words(void **state)
{
    static const struct {
        int eai;
        pier_err err;
    } cases[] = { { EAI_NONAME, PIER_EHOST_NOT_FOUND },
                  { EAI_AGAIN, PIER_EHOST_TRY_AGAIN },
                  { EAI_FAIL, PIER_EHOST_NO_RECOVERY },
                  { EAI_MEMORY, PIER_EAI_MEMORY } };
    struct pierp_host host;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        NEXT(getaddrinfo, .result = cases[i].eai);
        CHECK_ERR(pierp_gethostbyname(&host, "name.example"), cases[i].err);
        CHECK_INT(pierp_native_error(), cases[i].eai);
    }
}

/* Asked one by one; the loopback has 127.0.0.1 wherever it is up. */
static void interfaces_have_their_flags_and_first_address(void **state)
{
    struct pier_address a = script_loopback(PIER_AF_INET, 0);
    struct pierp_interface *lines;
    size_t count, found = 0;

    (void)state;
    CHECK_OK(pierp_if_list(&lines, &count));
    for (size_t i = 0; i < count; i++) {
        CHECK(lines[i].index != 0 && lines[i].name[0]);
        if (!script_is_same(&lines[i].address, &a))
            continue;
        CHECK((lines[i].flags & IFF_UP) && (lines[i].flags & IFF_LOOPBACK));
        found++;
    }
    CHECK_INT(found, 1);
    pierp_free(lines);
}

static void interfaces_need_a_socket_to_be_asked(void **state)
{
    struct pierp_interface *lines = NULL;
    size_t count = 77;

    (void)state;
    NEXT(socket, .result = -1, .error = EMFILE,
         .when = { ARGUMENT(1, AF_INET) });
    /* Whatever else libc opens to list the names is its own. */
    CHECK_ERR(pierp_if_list(&lines, &count), PIER_EMFILE);
    CHECK_INT(count, 77);
    CHECK(lines == NULL);
}

static void services_are_found_under_a_lock(void **state)
{
    char name[16] = "kept";
    int number = 0;

    (void)state;
    CHECK_OK(pierp_getservbyname(&number, "http", "tcp"));
    CHECK_INT(number, 80);
    CHECK_ERR(pierp_getservbyport(name, 4, 80, "tcp"), PIER_ENOBUFS);
    CHECK_OK(pierp_getservbyport(name, 5, 80, "tcp"));
    CHECK(strcmp(name, "http") == 0);
    CHECK_OK(pierp_getprotobyname(&number, "udp"));
    CHECK_INT(number, 17);
    CHECK_ERR(pierp_getprotobyname(&number, "no-such"), PIER_ENOENT);
}

static void the_name_of_the_machine_stays(void **state)
{
    (void)state;
    CHECK_ERR(pierp_sethostname("other"), PIER_ENOTSUP);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        OS_TEST(a_pipe_that_cannot_be_prepared_is_not_kept),
        OS_TEST(a_signal_of_a_full_wake_leaves_errno_alone),
        OS_TEST(a_wake_that_cannot_be_made_says_why),
        OS_TEST(neither_end_of_a_pair_that_cannot_be_prepared_is_kept),
        OS_TEST(q06_a_new_socket_is_made_private_in_steps),
        OS_TEST(q06_a_socket_that_cannot_be_made_private_is_not_kept),
        OS_TEST(q09_an_accepted_handle_has_its_own_mode),
        OS_TEST(q10_a_duplicate_is_made_private_in_steps),
        OS_TEST(q23_the_error_of_a_connect_is_left_for_its_result),
        OS_TEST(q30_a_port_is_not_shared_where_nobody_balances),
        OS_TEST(q53_a_signal_that_a_send_raises_is_taken_back),
        OS_TEST(q53_a_signal_that_was_pending_stays),
        OS_TEST(q56_a_length_beyond_an_int_is_held_to_one),
        OS_TEST(q93_a_wait_is_rounded_up),
        OS_TEST(q96_the_longest_wait_does_not_wrap),
        OS_TEST(q97_only_minus_one_means_for_ever),
        OS_TEST(a_host_is_found_by_getaddrinfo),
        OS_TEST(a_host_that_is_not_found_is_told_in_older_words),
        OS_TEST(interfaces_have_their_flags_and_first_address),
        OS_TEST(interfaces_need_a_socket_to_be_asked),
        OS_TEST(services_are_found_under_a_lock),
        OS_TEST(the_name_of_the_machine_stays),
    };

    return cmocka_run_group_tests(tests, script_start, NULL);
}
