/* SPDX-License-Identifier: MIT */
#include "coroutine.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>

#define STACK_BYTES 65536
#define CLEAR_BYTES 1024

struct resting {
    jmp_buf registers;
    unsigned char *low; /* the stack is in use from here */
    bool fresh;         /* not begun yet */
};

static _Alignas(64) unsigned char stacks[COROUTINES][STACK_BYTES];
static struct resting resting[COROUTINES];
static ucontext_t contexts[COROUTINES];
static jmp_buf scheduler;
static void (*run_coroutine)(int number);
static int running;

static void begin(void)
{
    run_coroutine(running);
    abort();
}

void coroutine_start(int number, void (*run)(int number))
{
    ucontext_t *context = &contexts[number];

    memset(stacks[number], 0, STACK_BYTES);
    memset(&resting[number], 0, sizeof(resting[number]));
    run_coroutine = run;
    if (getcontext(context) != 0)
        abort();
    context->uc_stack.ss_sp = stacks[number];
    context->uc_stack.ss_size = STACK_BYTES;
    context->uc_link = NULL;
    makecontext(context, begin, 0);
    resting[number].fresh = true;
}

void coroutine_resume(int number)
{
    struct resting *r = &resting[number];

    running = number;
    /* NOLINTNEXTLINE(cert-err52-cpp): this is how it changes stacks. */
    if (_setjmp(scheduler) != 0)
        return;
    if (r->fresh) {
        r->fresh = false;
        (void)setcontext(&contexts[number]);
        abort();
    }
    _longjmp(r->registers, 1);
}

/* Its frame lies right below its caller's. What lay there before is cleared:
 * it would make states differ that are the same. */
static __attribute__((noinline)) void mark_low(struct resting *r)
{
    r->low = __builtin_frame_address(0);
}

void coroutine_rest(void)
{
    struct resting *r = &resting[running];

    mark_low(r);
    /* NOLINTNEXTLINE(cert-err52-cpp): this is how it changes stacks. */
    if (_setjmp(r->registers) == 0)
        _longjmp(scheduler, 1);
}

bool coroutine_owns(int number, const void *address)
{
    const unsigned char *p = address;

    return p >= stacks[number] && p < stacks[number] + STACK_BYTES;
}

size_t coroutine_save(int number, unsigned char *image, size_t capacity)
{
    struct resting *r = &resting[number];
    size_t used = (size_t)(stacks[number] + STACK_BYTES - r->low);

    if (sizeof(*r) + used > capacity) {
        (void)fprintf(stderr, "model: a stack of %zu bytes is too large\n",
                      used);
        abort();
    }
    memset(r->low - CLEAR_BYTES, 0, CLEAR_BYTES);
    memcpy(image, r, sizeof(*r));
    memcpy(image + sizeof(*r), r->low, used);
    return sizeof(*r) + used;
}

void coroutine_restore(int number, const unsigned char *image, size_t length)
{
    struct resting *r = &resting[number];

    memcpy(r, image, sizeof(*r));
    memcpy(r->low, image + sizeof(*r), length - sizeof(*r));
    memset(r->low - CLEAR_BYTES, 0, CLEAR_BYTES);
}
