/* SPDX-License-Identifier: MIT */
#include "process.h"

#include "program.h"

#include <errno.h>
#include <limits.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    ARGUMENTS_MAX = 14,
    EMULATOR_MAX = PROGRAM_WORDS_MAX - 1
};

extern char **environ;

struct test_process {
    pid_t id;
};

size_t program_name(char **argv)
{
    static const char *const emulator[EMULATOR_MAX] = { PROCESS_EMULATOR };
    static char self[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", self, sizeof(self) - 1);
    size_t count = 0;

    if (length < 0)
        abort();
    for (; count < EMULATOR_MAX && emulator[count]; count++)
        argv[count] = (char *)emulator[count];
    argv[count] = self;
    return count + 1;
}

struct test_process *process_start(const char *const *arguments)
{
    struct test_process *process = malloc(sizeof(*process));
    char *argv[EMULATOR_MAX + 1 + ARGUMENTS_MAX + 1] = { NULL };
    size_t first = program_name(argv);
    size_t count = 0;

    if (!process)
        abort();
    for (; arguments[count] && count < ARGUMENTS_MAX; count++)
        argv[first + count] = (char *)arguments[count];
    if (arguments[count] ||
        posix_spawn(&process->id, argv[0], NULL, NULL, argv, environ))
        abort();
    return process;
}

long long process_self(void)
{
    return getpid();
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
