/* SPDX-License-Identifier: MIT */
/* Threads for tests that need a call blocked in one and an act in another. */
#ifndef TEST_THREAD_H
#define TEST_THREAD_H

struct test_thread;

/* Never NULL: a test that has no thread aborts. */
struct test_thread *thread_start(void (*run)(void *argument), void *argument);

/*
 * The calling thread, which the library has started, for thread_join(): a test
 * that ends while a thread does can hang under Wine. Never NULL.
 */
struct test_thread *thread_self(void);

/* Waits for the end of the thread and frees it. */
void thread_join(struct test_thread *thread);

/* Lets time pass, as the matter of a test; never to order two threads. */
void sleep_ms(unsigned ms);

#endif
