/* SPDX-License-Identifier: MIT */
/*
 * A fork while threads wait: the child uses and closes what it has inherited,
 * and neither of the two touches what is the other's.
 */
#include "blocked.h"
#include "thread.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    HANDLES_MAX = 1024,
    MUCH = 8 << 20, /* more than any stream takes */
    CALLS = 4,
    CHILD_SECONDS = 20
};

#define SHORT (10 * MS)
#define STUCK "stuck.test"

/* What both processes have; the pairs are of streams. */
struct shared {
    struct pier_socket *quiet[2];   /* the parent receives at the first */
    struct pier_socket *full[2];    /* and sends much at the first */
    struct pier_socket *idle[2];    /* which the child uses */
    struct pier_socket *watched[2]; /* by the poll */
    struct pier_socket *listener;
    struct pier_cancel *token; /* of quiet[0], the look-up and the poll */
    struct pier_lookup *lookup;
    unsigned char *data; /* MUCH bytes */
    struct scene scene;
    struct blocked calls[CALLS];
};

static struct shared shared;

static unsigned char pattern(size_t i)
{
    return (unsigned char)(i * 31 + (i >> 11));
}

static int open_handles(void)
{
    int count = 0;

    for (int i = 0; i < HANDLES_MAX; i++)
        count += fcntl(i, F_GETFD) >= 0;
    return count;
}

/* Of these no thread opens any behind one's back: wakes are something else. */
static int open_socket_handles(void)
{
    int count = 0;

    for (int i = 0; i < HANDLES_MAX; i++) {
        int type;
        socklen_t length = sizeof(type);

        count += getsockopt(i, SOL_SOCKET, SO_TYPE, &type, &length) == 0;
    }
    return count;
}

/* -------------------------------------------------------- resolver --- */

static _Atomic bool asked;
static _Atomic bool released;

/* The linker leads pier's calls here, by these names. */
/* NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp) */
int __real_getaddrinfo(const char *host, const char *service,
                       const struct addrinfo *hints, struct addrinfo **list);
int __wrap_getaddrinfo(const char *host, const char *service,
                       const struct addrinfo *hints, struct addrinfo **list);

int __wrap_getaddrinfo(const char *host, const char *service,
                       const struct addrinfo *hints, struct addrinfo **list)
{
    if (!host || strcmp(host, STUCK) != 0)
        return __real_getaddrinfo(host, service, hints, list);
    asked = true;
    while (!released)
        sleep_ms(1);
    return EAI_NONAME;
}
/* NOLINTEND(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp) */

/* ------------------------------------------------- the parent's calls --- */

static long long run_recv(struct scene *scene)
{
    char byte;

    (void)scene;
    return pier_recv(shared.quiet[0], &byte, 1, 0);
}

static long long run_sendall(struct scene *scene)
{
    (void)scene;
    return pier_sendall(shared.full[0], shared.data, MUCH, 0, NULL);
}

static long long run_getaddrinfo(struct scene *scene)
{
    struct pier_wait wait = PIER_WAIT_INIT;
    struct pier_addrinfo *list = NULL;
    pier_err err;

    (void)scene;
    wait.cancel = shared.token;
    err = pier_getaddrinfo(&list, STUCK, "80", NULL, &wait);
    pier_freeaddrinfo(list);
    return err;
}

static ptrdiff_t poll_watched(pier_timeout t)
{
    struct pier_pollitem items[2] = {
        { .socket = shared.watched[0], .events = PIER_POLLIN },
        { .socket = shared.watched[1], .events = PIER_POLLIN },
    };

    return pier_poll(items, COUNT_OF(items), t, shared.token);
}

static long long run_poll(struct scene *scene)
{
    (void)scene;
    return poll_watched(PIER_FOREVER);
}

enum {
    RECEIVES,
    SENDS,
    LOOKS_UP,
    POLLS
};

static void start_calls(void)
{
    static long long (*const run[CALLS])(struct scene *) = {
        [RECEIVES] = run_recv,
        [SENDS] = run_sendall,
        [LOOKS_UP] = run_getaddrinfo,
        [POLLS] = run_poll,
    };

    for (int i = 0; i < CALLS; i++)
        start_blocked(&shared.calls[i], run[i], &shared.scene);
    await_waits(CALLS);
    while (!asked)
        sleep_ms(1);
}

static void open_all(enum pier_descriptor_mode mode)
{
    CHECK_OK(pier_set_default_descriptor_mode(mode));
    asked = false;
    released = false;
    shared.data = test_malloc(MUCH);
    for (size_t i = 0; i < MUCH; i++)
        shared.data[i] = pattern(i);
    open_streams(PIER_AF_INET, shared.quiet);
    open_streams(PIER_AF_INET, shared.full);
    open_streams(PIER_AF_INET, shared.idle);
    open_streams(PIER_AF_INET, shared.watched);
    shared.listener = open_listener(PIER_AF_INET, 4);
    CHECK_OK(pier_cancel_new(&shared.token));
    CHECK_OK(pier_set_cancel(shared.quiet[0], shared.token));
    CHECK_OK(pier_lookup_start(&shared.lookup, STUCK, "80", NULL));
}

/* The writer's bytes and nothing else. */
static void check_much_arrives(struct pier_socket *s)
{
    static unsigned char piece[65536];

    for (size_t done = 0; done < MUCH; done += sizeof(piece)) {
        CHECK_OK(pier_recvall(s, piece, sizeof(piece), 0, NULL));
        CHECK(memcmp(piece, shared.data + done, sizeof(piece)) == 0);
    }
}

static void end_calls(void)
{
    CHECK_INT(pier_send(shared.quiet[1], "p", 1, 0), 1);
    CHECK_INT(end_blocked(&shared.calls[RECEIVES]), 1);
    check_much_arrives(shared.full[1]);
    CHECK_INT(end_blocked(&shared.calls[SENDS]), PIER_OK);
    released = true;
    CHECK_INT(end_blocked(&shared.calls[LOOKS_UP]), PIER_EAI_NONAME);
    CHECK_OK(pier_lookup_wait(shared.lookup, NULL));
    pier_cancel_fire(shared.token);
    CHECK_INT(end_blocked(&shared.calls[POLLS]), PIER_ECANCELED);
}

static void free_all(void)
{
    pier_lookup_free(shared.lookup);
    (void)free_sockets(NULL);
    pier_cancel_free(shared.token);
    test_free(shared.data);
}

/* ------------------------------------------------------- the child --- */

/* Assertions of cmocka would go on with the parent's tests. */

static bool it_moves_data(void)
{
    char byte = 0;

    return pier_send(shared.idle[1], "i", 1, 0) == 1 &&
           pier_recv(shared.idle[0], &byte, 1, 0) == 1 && byte == 'i' &&
           pier_send(shared.quiet[0], "c", 1, 0) == 1;
}

static bool it_waits(void)
{
    char byte;

    return pier_settimeout(shared.quiet[0], SHORT) == 0 &&
           pier_recv(shared.quiet[0], &byte, 1, 0) == PIER_EDEADLINE &&
           pier_recvall(shared.quiet[0], &byte, 1, 0, NULL) ==
               PIER_EDEADLINE &&
           pier_wait_for(shared.full[0], PIER_POLLOUT, SHORT, NULL) ==
               PIER_EDEADLINE;
}

static bool it_polls(void)
{
    return poll_watched(SHORT) == 0;
}

static bool its_token_is_its_own(void)
{
    char byte;
    bool ends;

    pier_cancel_fire(shared.token);
    ends = pier_recv(shared.quiet[0], &byte, 1, 0) == PIER_ECANCELED &&
           poll_watched(SHORT) == PIER_ECANCELED;
    pier_cancel_reset(shared.token);
    ends = ends && poll_watched(SHORT) == 0 &&
           pier_recv(shared.quiet[0], &byte, 1, 0) == PIER_EDEADLINE;
    pier_cancel_fire(shared.token);
    return ends && pier_cancel_fired(shared.token);
}

static bool it_looks_names_up(void)
{
    struct pier_addrinfo *list = NULL;
    bool found =
        pier_getaddrinfo(&list, "localhost", "80", NULL, NULL) == PIER_OK;

    pier_freeaddrinfo(list);
    return found && list;
}

/* Its thread is not here. */
static bool a_lookup_of_the_parent_is_lost(void)
{
    bool lost = pier_lookup_wait(shared.lookup, NULL) == PIER_ECANCELED;

    pier_lookup_free(shared.lookup);
    return lost;
}

static bool it_connects(void)
{
    struct pier_socket *client = NULL;
    struct pier_socket *accepted = NULL;
    struct pier_address where;
    char service[16];
    char byte = 0;
    bool well;

    if (pier_getsockname(shared.listener, &where))
        return false;
    (void)snprintf(service, sizeof(service), "%d", pier_address_port(&where));
    well = pier_create_connection(&client, "localhost", service, NULL) == 0 &&
           pier_accept(&accepted, shared.listener, NULL) == 0 &&
           pier_send(client, "n", 1, 0) == 1 &&
           pier_recv(accepted, &byte, 1, 0) == 1 && byte == 'n';
    pier_free(client);
    pier_free(accepted);
    return well;
}

/* Each closes one handle, at once, whoever was inside in the parent; what
 * gets the numbers then is not closed by anything that comes later. */
static bool it_closes_each_once(void)
{
    struct pier_socket *const sockets[] = {
        shared.quiet[0], shared.quiet[1],   shared.full[0],
        shared.full[1],  shared.idle[0],    shared.idle[1],
        shared.listener, shared.watched[0], shared.watched[1],
    };
    int others[COUNT_OF(sockets)];
    int before = open_socket_handles();
    bool well = true;

    for (size_t i = 0; i < COUNT_OF(sockets); i++) {
        well &= pier_close(sockets[i]) == PIER_OK;
        well &= open_socket_handles() == --before;
    }
    for (size_t i = 0; i < COUNT_OF(sockets); i++)
        others[i] = dup(STDERR_FILENO);
    for (size_t i = 0; i < COUNT_OF(sockets); i++)
        pier_free(sockets[i]);
    pier_cancel_free(shared.token);
    for (size_t i = 0; i < COUNT_OF(sockets); i++)
        well &= close(others[i]) == 0;
    return well;
}

struct step {
    bool (*run)(void);
    bool begins_threads;
};

static const struct step steps[] = {
    { it_moves_data, false },    { it_waits, false },
    { it_polls, false },         { its_token_is_its_own, false },
    { it_looks_names_up, true }, { a_lookup_of_the_parent_is_lost, false },
    { it_connects, true },       { it_closes_each_once, false },
};

/* The number of the first step that fails; 0: none. */
static int run_child(bool with_threads)
{
    (void)alarm(CHILD_SECONDS);
    for (size_t i = 0; i < COUNT_OF(steps); i++) {
        if ((with_threads || !steps[i].begins_threads) && !steps[i].run())
            return (int)i + 1;
    }
    return 0;
}

static void check_child(bool with_threads)
{
    pid_t child = fork();
    pid_t ended;
    int status = -1;

    if (child == 0)
        _exit(run_child(with_threads));
    CHECK(child > 0);
    do {
        ended = waitpid(child, &status, 0);
    } while (ended < 0 && errno == EINTR);
    CHECK_INT(ended, child);
    CHECK(WIFEXITED(status));
    CHECK_INT(WEXITSTATUS(status), 0);
}

/* ----------------------------------------------------------- tests --- */

static void check_fork(enum pier_descriptor_mode mode, bool with_threads)
{
    int before = open_socket_handles();
    int waiting;

    open_all(mode);
    start_calls();
    waiting = open_handles();
    check_child(with_threads);
    CHECK_INT(open_handles(), waiting);
    CHECK_INT(waits_now(), CALLS);
    for (int i = 0; i < CALLS; i++)
        CHECK(!shared.calls[i].ended);
    CHECK(!pier_cancel_fired(shared.token));
    check_arrives(shared.quiet[1], "c");
    end_calls();
    free_all();
    CHECK_INT(open_socket_handles(), before);
}

static void wait_for_release(void *argument)
{
    (void)argument;
    while (!released)
        sleep_ms(1);
}

static void *do_nothing(void *argument)
{
    return argument;
}

/* With a stack that is larger than those of the parent's threads, whose memory
 * it would get else: the thread sanitizer takes the two for one. */
static void begin_thread(void)
{
    pthread_attr_t large;
    pthread_t thread;

    CHECK_INT(pthread_attr_init(&large), 0);
    CHECK_INT(pthread_attr_setstacksize(&large, (size_t)32 << 20), 0);
    CHECK_INT(pthread_create(&thread, &large, do_nothing, NULL), 0);
    CHECK_INT(pthread_join(thread, NULL), 0);
    (void)pthread_attr_destroy(&large);
}

/* qemu aborts a child that begins a thread where the parent had several. */
static bool a_child_begins_threads(void)
{
    struct test_thread *other;
    int status = -1;
    pid_t child;

    released = false;
    other = thread_start(wait_for_release, NULL);
    child = fork();
    if (child == 0) {
        (void)close(STDERR_FILENO);
        begin_thread();
        _exit(0);
    }
    CHECK(child > 0);
    CHECK_INT(waitpid(child, &status, 0), child);
    released = true;
    thread_join(other);
    return status == 0;
}

static void need_threads_of_a_child(void)
{
    if (!a_child_begins_threads())
        skip_because("the child of several threads can begin none here");
}

static void a_fork_while_calls_wait(void **state)
{
    (void)state;
    need_threads_of_a_child();
    check_fork(PIER_DESCRIPTOR_NONBLOCKING, true);
}

static void the_same_where_handles_may_block(void **state)
{
    (void)state;
    need_threads_of_a_child();
    check_fork(PIER_DESCRIPTOR_FOLLOWS_TIMEOUT, true);
}

static void so_it_is_in_a_child_of_one_thread(void **state)
{
    (void)state;
    check_fork(PIER_DESCRIPTOR_NONBLOCKING, false);
    check_fork(PIER_DESCRIPTOR_FOLLOWS_TIMEOUT, false);
}

static int usual_mode(void **state)
{
    (void)free_sockets(state);
    return pier_set_default_descriptor_mode(PIER_DESCRIPTOR_NONBLOCKING);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_fork_while_calls_wait, usual_mode),
        cmocka_unit_test_teardown(the_same_where_handles_may_block,
                                  usual_mode),
        cmocka_unit_test_teardown(so_it_is_in_a_child_of_one_thread,
                                  usual_mode),
    };

    return cmocka_run_group_tests_name("fork", tests, watch_waits, NULL);
}
