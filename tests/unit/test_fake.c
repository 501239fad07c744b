/* SPDX-License-Identifier: MIT */
/* The fake itself: what the tests of core rely on. */
#include "unit.h"

#include <string.h>

static pier_handle new_tcp(void)
{
    pier_handle h = PIER_INVALID_HANDLE;

    CHECK_OK(pierp_open(&h, PIER_AF_INET, PIER_SOCK_STREAM, PIER_IPPROTO_TCP));
    return h;
}

static pier_handle new_udp(void)
{
    pier_handle h = PIER_INVALID_HANDLE;

    CHECK_OK(pierp_open(&h, PIER_AF_INET, PIER_SOCK_DGRAM, PIER_IPPROTO_UDP));
    return h;
}

static pier_handle listening(unsigned port, int backlog)
{
    struct pier_address a = fake_loopback(port);
    pier_handle h = new_tcp();

    CHECK_OK(pierp_bind_server(h, &a));
    CHECK_OK(pierp_listen(h, backlog));
    return h;
}

/* A wait with the thread's wake alone beside the handle. */
static unsigned wait_for(pier_handle h, unsigned want, int64_t timeout)
{
    struct pierp_wake *wake;
    unsigned got = 0;

    CHECK_OK(pierp_thread_wake(&wake));
    CHECK_OK(pierp_wait(h, want, &wake, 1, timeout, &got));
    return got;
}

/* ------------------------------------------------------------- time --- */

static void time_stands_still_between_waits(void **state)
{
    (void)state;
    CHECK_INT(pierp_clock(), FAKE_BEGIN);
    CHECK_INT(pierp_clock(), FAKE_BEGIN);
}

static void a_wait_ends_exactly_with_its_timeout(void **state)
{
    pier_handle h = fake_connected();

    (void)state;
    CHECK_INT(wait_for(h, PIERP_READ, 50 * MS + 1), 0);
    CHECK_INT(fake_now(), 50 * MS + 1);
    CHECK_OK(pierp_close(h));
}

static void the_longest_timeout_does_not_overflow(void **state)
{
    pier_handle h = fake_connected();

    (void)state;
    fake_feed(h, "x", 1, 3600 * SECOND);
    CHECK_INT(wait_for(h, PIERP_READ, INT64_MAX), PIERP_READY);
    CHECK_INT(fake_now(), 3600 * SECOND);
    CHECK_OK(pierp_close(h));
}

static void a_wait_of_nothing_is_over_at_once(void **state)
{
    (void)state;
    CHECK_INT(wait_for(PIER_INVALID_HANDLE, 0, 0), 0);
    CHECK_INT(fake_now(), 0);
}

static void a_wait_ends_early_when_a_test_says_so(void **state)
{
    pier_handle h = fake_connected();

    (void)state;
    fake_wait_early(1, PIERP_READY);
    CHECK_INT(wait_for(h, PIERP_READ, 50 * MS), PIERP_READY);
    fake_wait_early(1, 0);
    CHECK_INT(wait_for(h, PIERP_READ, 50 * MS), 0);
    CHECK_INT(fake_now(), 0);
    fake_wait_longest(20 * MS);
    CHECK_INT(wait_for(h, PIERP_READ, 50 * MS), 0);
    CHECK_INT(fake_now(), 20 * MS);
    CHECK_OK(pierp_close(h));
}

static void signals_interrupt_waits_every_period(void **state)
{
    pier_handle h = fake_connected();
    struct pierp_wake *wake;
    unsigned got = 7;

    (void)state;
    fake_interrupt_every(300 * MS);
    CHECK_OK(pierp_thread_wake(&wake));
    for (int i = 1; i <= 3; i++) {
        CHECK_ERR(pierp_wait(h, PIERP_READ, &wake, 1, -1, &got), PIER_EINTR);
        CHECK_INT(fake_now(), INT64_C(300) * i * MS);
    }
    CHECK_INT(got, 7);
    CHECK_OK(pierp_close(h));
}

/* ---------------------------------------------------------- streams --- */

static void connected_sockets_exchange_bytes(void **state)
{
    pier_handle l = listening(4000, 5), c = new_tcp(), a;
    struct pier_address to = fake_loopback(4000), peer, name;
    char buffer[8];

    (void)state;
    CHECK_ERR(pierp_accept(&a, l, NULL), PIER_EAGAIN);
    CHECK_ERR(pierp_connect(c, &to), PIER_EINPROGRESS);
    CHECK_INT(wait_for(c, PIERP_CONNECT, -1), PIERP_READY);
    CHECK_OK(pierp_connect_result(c));
    CHECK_INT(wait_for(l, PIERP_READ, 0), PIERP_READY);
    CHECK_OK(pierp_accept(&a, l, &peer));
    CHECK_OK(pierp_getsockname(c, &name));
    CHECK(fake_same_address(&peer, &name));
    CHECK_INT(pierp_send(c, "hello", 5, 0), 5);
    CHECK_INT(pierp_recv(a, buffer, sizeof(buffer), PIER_MSG_PEEK), 5);
    CHECK_INT(pierp_recv(a, buffer, 3, 0), 3);
    CHECK_INT(pierp_recv(a, buffer, sizeof(buffer), 0), 2);
    CHECK_ERR(pierp_recv(a, buffer, sizeof(buffer), 0), PIER_EAGAIN);
    CHECK_OK(pierp_close(c));
    CHECK_INT(pierp_recv(a, buffer, sizeof(buffer), 0), 0);
    CHECK_OK(pierp_close(a));
    CHECK_OK(pierp_close(l));
}

static void a_close_with_unread_bytes_resets(void **state)
{
    pier_handle pair[2];
    char byte;

    (void)state;
    CHECK_OK(pierp_pair(pair, PIER_AF_UNIX, PIER_SOCK_STREAM, 0));
    CHECK_INT(pierp_send(pair[0], "x", 1, 0), 1);
    CHECK_OK(pierp_close(pair[1]));
    CHECK_ERR(pierp_recv(pair[0], &byte, 1, 0), PIER_ECONNRESET);
    CHECK_INT(pierp_recv(pair[0], &byte, 1, 0), 0);
    CHECK_ERR(pierp_send(pair[0], "x", 1, 0), PIER_EPIPE);
    CHECK_OK(pierp_close(pair[0]));
}

static void a_closed_port_refuses_after_the_call(void **state)
{
    pier_handle c = new_tcp();
    struct pier_address to = fake_loopback(4000);

    (void)state;
    CHECK_ERR(pierp_connect(c, &to), PIER_EINPROGRESS);
    CHECK_INT(wait_for(c, PIERP_CONNECT, -1), PIERP_READY);
    CHECK_ERR(pierp_connect_result(c), PIER_ECONNREFUSED);
    CHECK_INT(pierp_native_error(), -PIER_ECONNREFUSED);
    CHECK_OK(pierp_connect_result(c));
    CHECK_OK(pierp_close(c));
}

static void a_full_queue_makes_connections_wait(void **state)
{
    pier_handle l = listening(4000, 0), c[2], a[2];
    struct pier_address to = fake_loopback(4000);

    (void)state;
    for (int i = 0; i < 2; i++) {
        c[i] = new_tcp();
        CHECK_ERR(pierp_connect(c[i], &to), PIER_EINPROGRESS);
    }
    CHECK_INT(wait_for(c[1], PIERP_CONNECT, 10 * MS), 0);
    CHECK_OK(pierp_accept(&a[0], l, NULL));
    CHECK_INT(wait_for(c[1], PIERP_CONNECT, 10 * MS), PIERP_READY);
    CHECK_OK(pierp_accept(&a[1], l, NULL));
    for (int i = 0; i < 2; i++) {
        CHECK_OK(pierp_close(c[i]));
        CHECK_OK(pierp_close(a[i]));
    }
    CHECK_OK(pierp_close(l));
}

static void a_path_connects_at_once_or_not_at_all(void **state)
{
    struct pier_address path = fake_path("/run/x");
    pier_handle l, c, late;

    (void)state;
    CHECK_OK(pierp_open(&l, PIER_AF_UNIX, PIER_SOCK_STREAM, 0));
    CHECK_OK(pierp_open(&c, PIER_AF_UNIX, PIER_SOCK_STREAM, 0));
    CHECK_OK(pierp_open(&late, PIER_AF_UNIX, PIER_SOCK_STREAM, 0));
    CHECK_ERR(pierp_connect(c, &path), PIER_ENOENT);
    CHECK_OK(pierp_bind(l, &path));
    CHECK_ERR(pierp_connect(c, &path), PIER_ECONNREFUSED);
    CHECK_OK(pierp_listen(l, 0));
    CHECK_OK(pierp_connect(c, &path));
    CHECK_ERR(pierp_connect(late, &path), PIER_EAGAIN);
    CHECK_OK(pierp_close(late));
    CHECK_OK(pierp_close(c));
    CHECK_OK(pierp_close(l));
}

static void a_path_has_one_owner_of_one_type(void **state)
{
    struct pier_address path = fake_path("/run/x");
    pier_handle l, d;

    (void)state;
    CHECK_OK(pierp_open(&l, PIER_AF_UNIX, PIER_SOCK_STREAM, 0));
    CHECK_OK(pierp_open(&d, PIER_AF_UNIX, PIER_SOCK_DGRAM, 0));
    CHECK_ERR(pierp_connect(d, &path), PIER_ENOENT);
    CHECK_OK(pierp_bind(l, &path));
    CHECK_ERR(pierp_connect(d, &path), PIER_EPROTOTYPE);
    CHECK_OK(pierp_listen(l, 0));
    CHECK_ERR(pierp_connect(d, &path), PIER_EPROTOTYPE);
    CHECK_OK(pierp_close(l));
    CHECK_ERR(pierp_connect(d, &path), PIER_ECONNREFUSED);
    CHECK_OK(pierp_close(d));
}

static void the_file_of_a_path_outlives_its_socket(void **state)
{
    struct pier_address path = fake_path("/run/x"), other = fake_path("/etc");
    pier_handle h;

    (void)state;
    for (int i = 0; i < 2; i++) {
        CHECK_OK(pierp_open(&h, PIER_AF_UNIX, PIER_SOCK_STREAM, 0));
        CHECK_INT(pierp_bind(h, &path), i == 0 ? 0 : PIER_EADDRINUSE);
        CHECK_OK(pierp_close(h));
        CHECK(fake_file_exists("/run/x"));
    }
    CHECK_OK(pierp_remove_socket_file(&path));
    CHECK(!fake_file_exists("/run/x"));
    CHECK_ERR(pierp_remove_socket_file(&path), PIER_ENOENT);
    fake_file("/etc");
    CHECK_ERR(pierp_remove_socket_file(&other), PIER_ENOTSOCK);
}

static void remotes_do_as_they_are_told(void **state)
{
    struct pier_address a[4];
    const pier_err ends[] = { PIER_OK, PIER_ECONNREFUSED, PIER_EINPROGRESS,
                              PIER_EHOSTUNREACH };

    (void)state;
    for (unsigned i = 0; i < 4; i++) {
        pier_handle c = new_tcp();

        a[i] = fake_inet(i, 80);
        fake_remote_set(&a[i], (enum fake_behaviour)i, 30 * MS);
        CHECK_ERR(pierp_connect(c, &a[i]), PIER_EINPROGRESS);
        CHECK_INT(wait_for(c, PIERP_CONNECT, 29 * MS), 0);
        (void)wait_for(c, PIERP_CONNECT, 1 * MS);
        CHECK_INT(pierp_connect_result(c), ends[i]);
        CHECK_OK(pierp_close(c));
    }
}

static void fed_bytes_arrive_at_their_time(void **state)
{
    pier_handle h = fake_connected();
    char buffer[8];

    (void)state;
    fake_feed(h, "ab", 2, 10 * MS);
    fake_feed_eof(h, 20 * MS);
    CHECK_ERR(pierp_recv(h, buffer, 8, 0), PIER_EAGAIN);
    CHECK_INT(wait_for(h, PIERP_READ, -1), PIERP_READY);
    CHECK_INT(fake_now(), 10 * MS);
    fake_limit_recv(h, 1);
    CHECK_INT(pierp_recv(h, buffer, 8, 0), 1);
    CHECK_INT(pierp_recv(h, buffer, 8, 0), 1);
    CHECK_INT(wait_for(h, PIERP_READ, -1), PIERP_READY);
    CHECK_INT(fake_now(), 20 * MS);
    CHECK_INT(pierp_recv(h, buffer, 8, 0), 0);
    CHECK_OK(pierp_close(h));
}

static void a_slow_remote_makes_room_in_time(void **state)
{
    pier_handle h = fake_connected();
    size_t length;

    (void)state;
    fake_send_room(h, 10);
    fake_drain(h, 4, 5 * MS);
    CHECK_INT(pierp_send(h, "0123456789abc", 13, 0), 10);
    CHECK_ERR(pierp_send(h, "abc", 3, 0), PIER_EAGAIN);
    CHECK_INT(wait_for(h, PIERP_WRITE, -1), PIERP_READY);
    CHECK_INT(fake_now(), 5 * MS);
    fake_limit_send(h, 2);
    CHECK_INT(pierp_send(h, "abc", 3, 0), 2);
    CHECK(memcmp(fake_sent(h, &length), "0123456789ab", 12) == 0);
    CHECK(length == 12);
    CHECK_OK(pierp_close(h));
}

static void a_blocked_send_is_ready_later(void **state)
{
    pier_handle h = fake_connected();

    (void)state;
    fake_block_send(h, 7 * MS);
    CHECK_ERR(pierp_send(h, "x", 1, 0), PIER_EAGAIN);
    CHECK_INT(wait_for(h, PIERP_WRITE, -1), PIERP_READY);
    CHECK_INT(fake_now(), 7 * MS);
    CHECK_INT(pierp_send(h, "x", 1, 0), 1);
    CHECK_OK(pierp_close(h));
}

static void a_second_handle_keeps_the_connection(void **state)
{
    pier_handle pair[2], again;

    (void)state;
    CHECK_OK(pierp_pair(pair, PIER_AF_UNIX, PIER_SOCK_STREAM, 0));
    CHECK_OK(pierp_dup(&again, pair[0]));
    CHECK_OK(pierp_close(pair[0]));
    CHECK_INT(wait_for(pair[1], PIERP_READ, 1 * MS), 0);
    CHECK_OK(pierp_close(again));
    CHECK_INT(wait_for(pair[1], PIERP_READ, 1 * MS), PIERP_READY);
    CHECK_OK(pierp_close(pair[1]));
}

/* -------------------------------------------------------- datagrams --- */

static void datagrams_keep_their_bounds_and_senders(void **state)
{
    struct pier_address a = fake_loopback(4000), from, name;
    pier_handle r = new_udp(), s = new_udp();
    char buffer[4];

    (void)state;
    CHECK_OK(pierp_bind(r, &a));
    CHECK_INT(pierp_sendto(s, "first", 5, 0, &a), 5);
    CHECK_INT(pierp_sendto(s, "2", 1, 0, &a), 1);
    CHECK_INT(pierp_recvfrom(r, buffer, 4, 0, &from), 4);
    CHECK_INT(pierp_recv(r, buffer, 4, 0), 1);
    CHECK_ERR(pierp_recv(r, buffer, 4, 0), PIER_EAGAIN);
    CHECK_OK(pierp_getsockname(s, &name));
    CHECK(fake_same_address(&from, &name));
    CHECK_OK(pierp_close(r));
    CHECK_INT(pierp_sendto(s, "lost", 4, 0, &a), 4);
    CHECK_INT(fake_datagrams_sent(s), 1);
    CHECK_OK(pierp_close(s));
}

/* ---------------------------------------------------------- threads --- */

static char trail[16];

static void mark(void *argument)
{
    size_t used = strlen(trail);

    trail[used] = *(const char *)argument;
}

static void mark_after_a_wait(void *argument)
{
    struct pierp_wake *wake;
    unsigned got;

    if (pierp_thread_wake(&wake) ||
        pierp_wait(PIER_INVALID_HANDLE, 0, &wake, 1, 5 * MS, &got))
        return;
    mark(argument);
}

static void threads_run_in_the_order_they_became_ready(void **state)
{
    (void)state;
    memset(trail, 0, sizeof(trail));
    fake_at(7 * MS, mark, "d");
    fake_thread_start(mark_after_a_wait, "c");
    fake_thread_start(mark, "a");
    fake_thread_start(mark, "b");
    assert_string_equal(trail, "");
    fake_settle();
    assert_string_equal(trail, "ab");
    fake_join();
    assert_string_equal(trail, "abcd");
    CHECK_INT(fake_now(), 7 * MS);
}

static void signal_it(void *argument)
{
    pierp_wake_signal(argument);
}

static void a_wake_ends_a_wait_until_it_is_drained(void **state)
{
    struct pierp_wake *wake;

    (void)state;
    CHECK_OK(pierp_thread_wake(&wake));
    fake_at(3 * MS, signal_it, wake);
    CHECK_INT(wait_for(PIER_INVALID_HANDLE, 0, -1), PIERP_WOKEN);
    CHECK_INT(wait_for(PIER_INVALID_HANDLE, 0, -1), PIERP_WOKEN);
    CHECK_INT(fake_now(), 3 * MS);
    pierp_wake_drain(wake);
    CHECK_INT(wait_for(PIER_INVALID_HANDLE, 0, 1 * MS), 0);
    CHECK_INT(fake_now(), 4 * MS);
}

static void keep_wake_and_storage(void *argument)
{
    void **kept = argument;
    struct pierp_wake *wake = NULL;

    if (pierp_thread_wake(&wake))
        return;
    kept[0] = wake;
    kept[1] = pierp_thread_storage();
    if (kept[1])
        memset(kept[1], 1, PIERP_THREAD_STORAGE);
}

static void each_thread_has_its_wake_and_storage(void **state)
{
    void *mine[2], *other[2] = { NULL, NULL };
    const char zeros[PIERP_THREAD_STORAGE] = { 0 };

    (void)state;
    CHECK_OK(pierp_thread_start(keep_wake_and_storage, other));
    fake_settle();
    mine[0] = NULL;
    CHECK_OK(pierp_thread_wake((struct pierp_wake **)&mine[0]));
    mine[1] = pierp_thread_storage();
    CHECK(mine[0] && other[0] && mine[0] != other[0]);
    CHECK(mine[1] && other[1] && mine[1] != other[1]);
    CHECK(memcmp(mine[1], zeros, sizeof(zeros)) == 0);
}

static void a_thread_can_come_at_any_call(void **state)
{
    pier_handle h = fake_connected();

    (void)state;
    memset(trail, 0, sizeof(trail));
    fake_at_call(2, mark, "x");
    CHECK_INT(pierp_send(h, "a", 1, 0), 1);
    assert_string_equal(trail, "");
    CHECK_INT(pierp_send(h, "a", 1, 0), 1);
    assert_string_equal(trail, "x");
    CHECK_OK(pierp_close(h));
}

struct counter {
    int value;
    int inside;
    int most;
};

static void count_under_lock(void *argument)
{
    struct counter *c = argument;

    for (int i = 0; i < 20; i++) {
        pierp_lock(c);
        c->inside++;
        if (c->inside > c->most)
            c->most = c->inside;
        (void)pierp_clock();
        c->value++;
        c->inside--;
        pierp_unlock(c);
    }
}

static void locks_hold_while_threads_change_at_random(void **state)
{
    (void)state;
    for (unsigned seed = 1; seed <= 20; seed++) {
        struct counter c = { 0, 0, 0 };

        fake_preempt(seed);
        fake_thread_start(count_under_lock, &c);
        fake_thread_start(count_under_lock, &c);
        count_under_lock(&c);
        fake_join();
        CHECK_INT(c.value, 60);
        CHECK_INT(c.most, 1);
        fake_reset();
    }
}

static void a_forked_child_is_alone_with_a_new_wake(void **state)
{
    struct pierp_wake *before, *after;
    unsigned generation = pierp_generation;

    (void)state;
    CHECK_OK(pierp_thread_wake(&before));
    fake_thread_start(mark_after_a_wait, "x");
    fake_settle();
    CHECK_INT(fake_threads(), 1);
    fake_fork();
    CHECK_INT(pierp_generation, generation + 1);
    CHECK_INT(fake_threads(), 0);
    CHECK_OK(pierp_thread_wake(&after));
    CHECK(before != after);
}

/* --------------------------------------------------------- failures --- */

static void calls_fail_when_they_are_told_to(void **state)
{
    pier_handle h = PIER_INVALID_HANDLE;
    void *block;

    (void)state;
    fake_fail_call(2, PIER_EMFILE);
    block = pierp_alloc(8);
    CHECK(block != NULL);
    CHECK_ERR(pierp_open(&h, PIER_AF_INET, PIER_SOCK_STREAM, 0), PIER_EMFILE);
    CHECK_INT(h, PIER_INVALID_HANDLE);
    CHECK_INT(pierp_native_error(), -PIER_EMFILE);
    fake_fail_alloc(1);
    CHECK(pierp_alloc(8) == NULL);
    pierp_free(block);
    fake_fail_from(1, PIER_EIO);
    CHECK_ERR(pierp_open(&h, PIER_AF_INET, PIER_SOCK_STREAM, 0), PIER_EIO);
    CHECK_ERR(pierp_open(&h, PIER_AF_INET, PIER_SOCK_STREAM, 0), PIER_EIO);
    CHECK_INT(fake_failures(), 4);
    fake_fail_call(0, PIER_OK);
    CHECK_INT(fake_calls(), 5);
    CHECK_INT(fake_system_calls(), 3);
    CHECK_INT(fake_calls_of(FAKE_ALLOC), 2);
    assert_string_equal(fake_log(), "open open open");
}

static void a_failing_close_releases_the_handle(void **state)
{
    pier_handle h = new_tcp();

    (void)state;
    fake_fail(FAKE_CLOSE, 1, PIER_EIO);
    CHECK_ERR(pierp_close(h), PIER_EIO);
    CHECK(!fake_is_open(h));
}

/* ------------------------------------------------------------ names --- */

static void a_name_is_answered_after_its_delay(void **state)
{
    struct pier_address known[2] = { fake_inet6(7, 0), fake_inet(7, 0) };
    struct pier_address expected = fake_inet(7, 80);
    struct pierp_query q = { .host = "host.test",
                             .service = "80",
                             .type = PIER_SOCK_STREAM };
    struct pierp_answer answer;

    (void)state;
    fake_name_set("host.test", known, 2, 40 * MS, PIER_OK);
    CHECK_OK(pierp_getaddrinfo(&answer, &q));
    CHECK_INT(fake_now(), 40 * MS);
    CHECK(answer.count == 2);
    CHECK_INT(answer.names[0].family, PIER_AF_INET6);
    CHECK(fake_same_address(&answer.names[1].address, &expected));
    pierp_free(answer.names);
    q.host = "other.test";
    CHECK_ERR(pierp_getaddrinfo(&answer, &q), PIER_EAI_NONAME);
}

/* ----------------------------------------------------------- misuse --- */

static void a_closed_handle_is_misuse(void **state)
{
    pier_handle h = new_tcp();

    (void)state;
    CHECK_OK(pierp_close(h));
    CHECK_ERR(pierp_send(h, "x", 1, 0), PIER_EBADF);
    expect_misuse("not open");
    CHECK_ERR(pierp_close(h), PIER_EBADF);
    expect_misuse("closed, which is not open");
    CHECK_INT(wait_for(h, PIERP_READ, -1), PIERP_READY);
    expect_misuse("a wait for handle");
}

static void close_it(void *argument)
{
    if (pierp_close(*(const pier_handle *)argument))
        fake_misuse();
}

static void a_close_under_a_wait_is_misuse(void **state)
{
    pier_handle h = fake_connected();

    (void)state;
    fake_at(1 * MS, close_it, &h);
    CHECK_INT(wait_for(h, PIERP_READ, 2 * MS), 0);
    expect_misuse("while a thread waits for it");
}

static void locks_are_held_one_at_a_time_and_never_over_a_wait(void **state)
{
    const int subject = 0;

    (void)state;
    pierp_lock(&subject);
    pierp_lock(&subject);
    expect_misuse("while it holds one");
    (void)wait_for(PIER_INVALID_HANDLE, 0, 0);
    expect_misuse("waits while it holds a lock");
    pierp_unlock(&subject);
    pierp_unlock(&subject);
    expect_misuse("does not hold");
}

static void a_wake_of_another_thread_may_not_come_first(void **state)
{
    struct pierp_wake *wake;
    unsigned got;

    (void)state;
    CHECK_OK(pierp_wake_new(&wake));
    CHECK_OK(pierp_wait(PIER_INVALID_HANDLE, 0, &wake, 1, 0, &got));
    expect_misuse("not its thread's");
    pierp_wake_free(wake);
    pierp_wake_signal(wake);
    expect_misuse("signalled that is freed");
}

static void a_blocking_accept_is_misuse(void **state)
{
    pier_handle l = listening(4000, 1), a;

    (void)state;
    CHECK_OK(pierp_set_nonblocking(l, false));
    CHECK_ERR(pierp_accept(&a, l, NULL), PIER_EAGAIN);
    expect_misuse("accept would block");
    CHECK_OK(pierp_close(l));
}

static void freeing_twice_is_misuse(void **state)
{
    void *block = pierp_alloc(4);

    (void)state;
    pierp_free(block);
    pierp_free(block);
    expect_misuse("not allocated");
}

/* ------------------------------------- failures that end the test --- */

static jmp_buf ended;
static char last_words[256];

static void end_here(const char *what)
{
    strncpy(last_words, what, sizeof(last_words) - 1);
    longjmp(ended, 1);
}

static void what_is_left_over_is_reported(void **state)
{
    struct pierp_wake *wake;

    (void)state;
    fake_begin(end_here);
    if (setjmp(ended) == 0) {
        (void)new_tcp();
        CHECK(pierp_alloc(10) != NULL);
        CHECK_OK(pierp_wake_new(&wake));
        fake_reset();
        last_words[0] = '\0';
    }
    CHECK(strstr(last_words, "1 handles were not closed") != NULL);
    CHECK(strstr(last_words, "1 wakes were not freed") != NULL);
    CHECK(strstr(last_words, "of 10 bytes was not freed") != NULL);
    CHECK_INT(fake_handles(), 0);
}

static void a_wait_for_ever_ends_the_test(void **state)
{
    (void)state;
    fake_begin(end_here);
    if (setjmp(ended) == 0) {
        (void)wait_for(PIER_INVALID_HANDLE, 0, -1);
        last_words[0] = '\0';
    }
    CHECK(strstr(last_words, "never happen") != NULL);
    CHECK_INT(begin_fake(state), 0);
}

static void wait_for_ever(void *argument)
{
    struct pierp_wake *wake;
    unsigned got;

    (void)argument;
    if (pierp_thread_wake(&wake) == PIER_OK)
        (void)!pierp_wait(PIER_INVALID_HANDLE, 0, &wake, 1, -1, &got);
}

static void a_thread_that_stays_ends_the_test(void **state)
{
    (void)state;
    fake_begin(end_here);
    if (setjmp(ended) == 0) {
        fake_thread_start(wait_for_ever, NULL);
        fake_reset();
        last_words[0] = '\0';
    }
    CHECK(strstr(last_words, "threads have not ended") != NULL);
    CHECK_INT(begin_fake(state), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_FAKE(time_stands_still_between_waits),
        ON_FAKE(a_wait_ends_exactly_with_its_timeout),
        ON_FAKE(the_longest_timeout_does_not_overflow),
        ON_FAKE(a_wait_of_nothing_is_over_at_once),
        ON_FAKE(a_wait_ends_early_when_a_test_says_so),
        ON_FAKE(signals_interrupt_waits_every_period),
        ON_FAKE(connected_sockets_exchange_bytes),
        ON_FAKE(a_close_with_unread_bytes_resets),
        ON_FAKE(a_closed_port_refuses_after_the_call),
        ON_FAKE(a_full_queue_makes_connections_wait),
        ON_FAKE(a_path_connects_at_once_or_not_at_all),
        ON_FAKE(a_path_has_one_owner_of_one_type),
        ON_FAKE(the_file_of_a_path_outlives_its_socket),
        ON_FAKE(remotes_do_as_they_are_told),
        ON_FAKE(fed_bytes_arrive_at_their_time),
        ON_FAKE(a_slow_remote_makes_room_in_time),
        ON_FAKE(a_blocked_send_is_ready_later),
        ON_FAKE(a_second_handle_keeps_the_connection),
        ON_FAKE(datagrams_keep_their_bounds_and_senders),
        ON_FAKE(threads_run_in_the_order_they_became_ready),
        ON_FAKE(a_wake_ends_a_wait_until_it_is_drained),
        ON_FAKE(each_thread_has_its_wake_and_storage),
        ON_FAKE(a_thread_can_come_at_any_call),
        ON_FAKE(locks_hold_while_threads_change_at_random),
        ON_FAKE(a_forked_child_is_alone_with_a_new_wake),
        ON_FAKE(calls_fail_when_they_are_told_to),
        ON_FAKE(a_failing_close_releases_the_handle),
        ON_FAKE(a_name_is_answered_after_its_delay),
        ON_FAKE(a_closed_handle_is_misuse),
        ON_FAKE(a_close_under_a_wait_is_misuse),
        ON_FAKE(locks_are_held_one_at_a_time_and_never_over_a_wait),
        ON_FAKE(a_wake_of_another_thread_may_not_come_first),
        ON_FAKE(a_blocking_accept_is_misuse),
        ON_FAKE(freeing_twice_is_misuse),
        ON_FAKE(what_is_left_over_is_reported),
        ON_FAKE(a_wait_for_ever_ends_the_test),
        ON_FAKE(a_thread_that_stays_ends_the_test),
    };

    return cmocka_run_group_tests_name("fake", tests, NULL, NULL);
}
