/* SPDX-License-Identifier: MIT */
/*
 * What the compiler calls before every access to memory, and for every atomic
 * operation, in code built with -fsanitize=thread. That library is not linked:
 * these functions take its place, so the code that the model explores is the
 * library's own, unchanged. Memory orders are not modelled: every interleaving
 * is one of whole atomic operations.
 */
#include "instrument.h"
#include "world.h"

#include <string.h>

/* Gives an access to the state word its step. */
static bool is_state(const volatile void *address)
{
    bool is = address == (const volatile void *)&world.socket.state;

    if (is && !world_thread()->begins)
        (void)world_step(STEP_STATE);
    if (is)
        world_thread()->begins = false;
    world_touch((const void *)address, true);
    return is;
}

static void changed(bool state, uint64_t before, uint64_t after)
{
    if (state)
        world_state_changed(before, after);
}

/* NOLINTBEGIN(bugprone-reserved-identifier, cert-dcl37-c, cert-dcl51-cpp) */
/* NOLINTBEGIN(bugprone-macro-parentheses): types have none. */
#define ATOMIC(bits, type)                                                    \
    type __tsan_atomic##bits##_load(const volatile type *p, int order)        \
    {                                                                         \
        (void)order;                                                          \
        (void)is_state(p);                                                    \
        return *p;                                                            \
    }                                                                         \
    void __tsan_atomic##bits##_store(volatile type *p, type value, int order) \
    {                                                                         \
        bool state = is_state(p);                                             \
        type before = *p;                                                     \
                                                                              \
        (void)order;                                                          \
        *p = value;                                                           \
        changed(state, (uint64_t)before, (uint64_t)value);                    \
    }                                                                         \
    CHANGE(bits, type, add, +)                                                \
    CHANGE(bits, type, sub, -)                                                \
    CHANGE(bits, type, and, &)                                                \
    CHANGE(bits, type, or, |)                                                 \
    type __tsan_atomic##bits##_exchange(volatile type *p, type value,         \
                                        int order)                            \
    {                                                                         \
        bool state = is_state(p);                                             \
        type before = *p;                                                     \
                                                                              \
        (void)order;                                                          \
        *p = value;                                                           \
        changed(state, (uint64_t)before, (uint64_t)value);                    \
        return before;                                                        \
    }                                                                         \
    type __tsan_atomic##bits##_compare_exchange_val(                          \
        volatile type *p, type expected, type value, int order, int failure)  \
    {                                                                         \
        bool state = is_state(p);                                             \
        type before = *p;                                                     \
                                                                              \
        (void)order;                                                          \
        (void)failure;                                                        \
        if (before == expected) {                                             \
            *p = value;                                                       \
            changed(state, (uint64_t)before, (uint64_t)value);                \
        }                                                                     \
        return before;                                                        \
    }                                                                         \
    int __tsan_atomic##bits##_compare_exchange_strong(                        \
        volatile type *p, type *expected, type value, int order, int failure) \
    {                                                                         \
        type before = __tsan_atomic##bits##_compare_exchange_val(             \
            p, *expected, value, order, failure);                             \
        bool done = before == *expected;                                      \
                                                                              \
        *expected = before;                                                   \
        return done;                                                          \
    }                                                                         \
    int __tsan_atomic##bits##_compare_exchange_weak(                          \
        volatile type *p, type *expected, type value, int order, int failure) \
    {                                                                         \
        return __tsan_atomic##bits##_compare_exchange_strong(                 \
            p, expected, value, order, failure);                              \
    }

#define CHANGE(bits, type, name, operator)                                    \
    type __tsan_atomic##bits##_fetch_##name(volatile type *p, type value,     \
                                            int order)                        \
    {                                                                         \
        bool state = is_state(p);                                             \
        type before = *p;                                                     \
                                                                              \
        (void)order;                                                          \
        *p = (type)(before operator value);                                   \
        changed(state, (uint64_t)before, (uint64_t)*p);                       \
        return before;                                                        \
    }

ATOMIC(8, uint8_t)
ATOMIC(32, uint32_t)
ATOMIC(64, uint64_t)

#define PLAIN(name)                                                           \
    void __tsan_##name(void *p)                                               \
    {                                                                         \
        world_touch(p, false);                                                \
    }

PLAIN(read1)
PLAIN(read2)
PLAIN(read4)
PLAIN(read8)
PLAIN(read16)
PLAIN(write1)
PLAIN(write2)
PLAIN(write4)
PLAIN(write8)
PLAIN(write16)
PLAIN(unaligned_read4)
PLAIN(unaligned_read8)
PLAIN(unaligned_write4)
PLAIN(unaligned_write8)
/* NOLINTEND(bugprone-macro-parentheses) */

void __tsan_read_range(void *p, size_t length)
{
    (void)length;
    world_touch(p, false);
}

void __tsan_write_range(void *p, size_t length)
{
    __tsan_read_range(p, length);
}

void *__tsan_memcpy(void *to, const void *from, size_t length)
{
    world_touch(to, false);
    world_touch(from, false);
    return memcpy(to, from, length);
}

void *__tsan_memset(void *to, int value, size_t length)
{
    world_touch(to, false);
    return memset(to, value, length);
}

void __tsan_init(void)
{
}

void __tsan_func_entry(void *caller)
{
    (void)caller;
}

void __tsan_func_exit(void)
{
}
/* NOLINTEND(bugprone-reserved-identifier, cert-dcl37-c, cert-dcl51-cpp) */
