/* SPDX-License-Identifier: MIT */
/* A test program that starts itself again, to see what a child inherits. */
#ifndef TEST_PROCESS_H
#define TEST_PROCESS_H

struct test_process;

/*
 * Starts this very program with these arguments (the list ends with NULL; the
 * program's name is not in it) and with every inheritable handle. Arguments
 * hold no blanks or quotes. Never NULL: aborts when it cannot.
 */
struct test_process *process_start(const char *const *arguments);

/* The number of this process. */
long long process_self(void);

/* Waits for its end and frees it. The exit code; 128 and more: it crashed. */
int process_join(struct test_process *process);

#endif
