/* SPDX-License-Identifier: MIT */
/*
 * The one thing the fake needs of a real system: threads that take turns. A
 * baton is given to one thread, which takes it; nothing else runs meanwhile.
 */
#ifndef FAKE_BATON_H
#define FAKE_BATON_H

struct baton;

/* NULL when memory lacks. */
struct baton *baton_new(void);
void baton_free(struct baton *baton);

/* Lets the thread that takes this baton go on. */
void baton_give(struct baton *baton);

/* Waits until the baton is given, and takes it. */
void baton_take(struct baton *baton);

struct baton_thread;

/* NULL when the system has no thread left. */
struct baton_thread *baton_thread_start(void (*run)(void *argument),
                                        void *argument);

/* Ends the calling thread, wherever it stands. */
void baton_thread_exit(void);

/* Waits for the end of the thread, which is near, and frees it. */
void baton_thread_join(struct baton_thread *thread);

#endif
