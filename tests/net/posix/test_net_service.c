/* SPDX-License-Identifier: MIT */
/*
 * Sockets that really come from whoever started the process. This program is
 * the service manager first, and then the service, as which it starts again.
 */
#include "net.h"
#include "program.h"

#include <pier/handover.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    FIRST = 3,
    BEYOND = 100, /* no descriptor that is handed over is so large */
};

/* ---------------------------------------------------------- the manager ---
 */

struct unit {
    int fds[2];
    const char *count;
    const char *names;
    const char *role; /* of the service: the test in it */
    bool for_another; /* LISTEN_PID is not the service's */
};

/* In the child of the fork. Never returns. */
static void become(const struct unit *unit)
{
    char *argv[PROGRAM_WORDS_MAX + 3] = { NULL };
    char number[32];
    size_t words = program_name(argv);
    int high[2];

    for (int i = 0; i < 2; i++)
        high[i] = fcntl(unit->fds[i], F_DUPFD, BEYOND);
    for (int i = 0; i < 2; i++) {
        if (high[i] < 0 || dup2(high[i], FIRST + i) < 0)
            _exit(90);
    }
    (void)snprintf(number, sizeof(number), "%ld",
                   (long)getpid() + unit->for_another);
    argv[words] = (char *)"service";
    argv[words + 1] = (char *)unit->role;
    if (setenv("LISTEN_PID", number, 1) ||
        setenv("LISTEN_FDS", unit->count, 1))
        _exit(91);
    if (unit->names && setenv("LISTEN_FDNAMES", unit->names, 1))
        _exit(92);
    (void)execv(argv[0], argv);
    _exit(93);
}

static pid_t start(const struct unit *unit)
{
    pid_t id;

    (void)fflush(stdout);
    id = fork();
    if (id == 0)
        become(unit);
    CHECK(id > 0);
    return id;
}

static int end(pid_t id)
{
    int status = 0;

    while (waitpid(id, &status, 0) < 0)
        CHECK_INT(errno, EINTR);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* ---------------------------------------------------------- the service ---
 */

static bool is_private(int fd)
{
    return (fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0;
}

static bool answer_one(struct pier_socket *listener)
{
    struct pier_socket *s = NULL;
    char byte = 0;
    bool well = pier_settimeout(listener, 20 * SECOND) == 0 &&
                pier_accept(&s, listener, NULL) == 0 &&
                pier_settimeout(s, 20 * SECOND) == 0 &&
                pier_recv(s, &byte, 1, 0) == 1 &&
                pier_send(s, &byte, 1, 0) == 1;

    pier_free(s);
    return well;
}

static bool are_as_sent(const struct pier_inherited *list)
{
    return strcmp(list[0].name, "web") == 0 &&
           strcmp(list[1].name, "pipe") == 0 &&
           pier_fileno(list[0].socket) == FIRST && !list[1].socket &&
           list[1].handle == FIRST + 1;
}

static bool is_listener(struct pier_socket *s)
{
    int listens = 0;

    return pier_family(s) == PIER_AF_INET &&
           pier_getsockopt_int(s, PIER_SOL_SOCKET, PIER_SO_ACCEPTCONN,
                               &listens) == 0 &&
           listens;
}

static bool pipe_has_its_byte(void)
{
    char byte = 0;

    return read(FIRST + 1, &byte, 1) == 1 && byte == 'p';
}

static bool environment_is_clear(void)
{
    return !getenv("LISTEN_PID") && !getenv("LISTEN_FDS") &&
           !getenv("LISTEN_FDNAMES");
}

/* Each step has a number, with which the service ends when it fails. */
static int serve(void)
{
    struct pier_inherited *list;
    size_t count;

    if (pier_listen_fds(&list, &count, true) || count != 2)
        return 1;
    if (!are_as_sent(list))
        return 2;
    if (!is_private(FIRST) || !is_private(FIRST + 1))
        return 3;
    if (!is_listener(list[0].socket) || !answer_one(list[0].socket))
        return 4;
    if (!pipe_has_its_byte())
        return 5;
    if (!environment_is_clear())
        return 6;
    pier_free_inherited(list, count);
    return fcntl(FIRST, F_GETFD) < 0 && fcntl(FIRST + 1, F_GETFD) < 0 ? 0 : 7;
}

/* What is left for the one whom it concerns. */
static int see_nothing(void)
{
    struct pier_inherited *list;
    size_t count;

    if (pier_listen_fds(&list, &count, true) || count != 0 || list)
        return 1;
    return fcntl(FIRST, F_GETFD) == 0 && !is_private(FIRST) ? 0 : 2;
}

static int refuse(pier_err code)
{
    struct pier_inherited *list;
    size_t count;

    if (pier_listen_fds(&list, &count, true) != code || count != 0 || list)
        return 1;
    return getenv("LISTEN_FDS") && fcntl(FIRST, F_GETFD) >= 0 ? 0 : 2;
}

static int run_service(const char *role)
{
    if (strcmp(role, "serves") == 0)
        return serve();
    if (strcmp(role, "sees nothing") == 0)
        return see_nothing();
    if (strcmp(role, "lacks names") == 0)
        return refuse(PIER_EINVAL);
    return refuse(PIER_EBADF);
}

/* -------------------------------------------------------------- the tests ---
 */

static int pipe_ends[2];

/* The read end is handed over, with one byte in it. */
static void open_pipe(void)
{
    CHECK_INT(pipe(pipe_ends), 0);
    CHECK_INT(write(pipe_ends[1], "p", 1), 1);
}

static void close_pipe(void)
{
    CHECK_INT(close(pipe_ends[0]), 0);
    CHECK_INT(close(pipe_ends[1]), 0);
}

static void a_service_goes_on_with_what_it_was_given(void **state)
{
    struct pier_socket *l = open_listener(PIER_AF_INET, 4);
    struct pier_socket *c = open_socket(PIER_AF_INET, PIER_SOCK_STREAM);
    const struct pier_address where = name_of(l);
    struct unit unit = { .count = "2", .names = "web:pipe", .role = "serves" };
    pid_t id;

    (void)state;
    open_pipe();
    unit.fds[0] = (int)pier_fileno(l);
    unit.fds[1] = pipe_ends[0];
    id = start(&unit);
    let_go(l);
    CHECK_OK(pier_settimeout(c, 20 * SECOND));
    CHECK_OK(pier_connect(c, &where));
    CHECK_INT(pier_send(c, "s", 1, 0), 1);
    check_arrives(c, "s");
    CHECK_INT(end(id), 0);
    close_pipe();
}

static int run_unit(struct unit unit)
{
    struct pier_socket *l = open_listener(PIER_AF_INET, 4);

    unit.fds[0] = (int)pier_fileno(l);
    unit.fds[1] = unit.fds[0];
    return end(start(&unit));
}

static void those_of_another_process_are_left_to_it(void **state)
{
    (void)state;
    CHECK_INT(run_unit((struct unit){
                  .count = "2", .role = "sees nothing", .for_another = true }),
              0);
}

static void too_few_names_or_descriptors_are_told(void **state)
{
    (void)state;
    CHECK_INT(run_unit((struct unit){
                  .count = "2", .names = "one", .role = "lacks names" }),
              0);
    CHECK_INT(run_unit((struct unit){ .count = "90", .role = "lacks some" }),
              0);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        NET_TEST(a_service_goes_on_with_what_it_was_given),
        NET_TEST(those_of_another_process_are_left_to_it),
        NET_TEST(too_few_names_or_descriptors_are_told),
    };

    if (argc == 3 && strcmp(argv[1], "service") == 0)
        return run_service(argv[2]);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
