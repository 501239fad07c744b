/* SPDX-License-Identifier: MIT */
#include "process.h"

#include <errno.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>

enum {
    ARGUMENTS_MAX = 14
};

extern char **environ;

struct test_process {
    pid_t id;
};

struct test_process *process_start(const char *const *arguments)
{
    struct test_process *process = malloc(sizeof(*process));
    char self[] = "/proc/self/exe";
    char *argv[ARGUMENTS_MAX + 2] = { self };
    size_t count = 0;

    if (!process)
        abort();
    for (; arguments[count] && count < ARGUMENTS_MAX; count++)
        argv[count + 1] = (char *)arguments[count];
    if (arguments[count] ||
        posix_spawn(&process->id, self, NULL, NULL, argv, environ))
        abort();
    return process;
}

int process_join(struct test_process *process)
{
    int status = 0;

    while (waitpid(process->id, &status, 0) < 0) {
        if (errno != EINTR)
            abort();
    }
    free(process);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
