/* SPDX-License-Identifier: MIT */
/*
 * The threads of the model: coroutines that can be copied while they rest and
 * be put back later, so that a run is taken up again at any of its states.
 */
#ifndef MODEL_COROUTINE_H
#define MODEL_COROUTINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define COROUTINES 3

/* Makes number begin run(number) at its next turn, whatever it was doing.
 * run never returns. */
void coroutine_start(int number, void (*run)(int number));

/* Runs number until it rests. */
void coroutine_resume(int number);

/* Gives the turn back to who resumed this one. */
void coroutine_rest(void);

/* Whether address is on the stack of number. */
bool coroutine_owns(int number, const void *address);

/* Copies where number rests, its stack and registers, into image of capacity
 * bytes and returns the bytes used; puts it back. */
size_t coroutine_save(int number, unsigned char *image, size_t capacity);
void coroutine_restore(int number, const unsigned char *image, size_t length);

#endif
