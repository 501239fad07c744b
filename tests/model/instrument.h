/* SPDX-License-Identifier: MIT */
/* The names that the compiler knows; see instrument.c. */
#ifndef MODEL_INSTRUMENT_H
#define MODEL_INSTRUMENT_H

#include <stddef.h>
#include <stdint.h>

/* NOLINTBEGIN(bugprone-reserved-identifier, cert-dcl37-c, cert-dcl51-cpp) */
/* NOLINTBEGIN(bugprone-macro-parentheses): types have none. */
#define DECLARE_ATOMIC(bits, type)                                            \
    type __tsan_atomic##bits##_load(const volatile type *p, int order);       \
    void __tsan_atomic##bits##_store(volatile type *p, type value,            \
                                     int order);                              \
    type __tsan_atomic##bits##_fetch_add(volatile type *p, type value,        \
                                         int order);                          \
    type __tsan_atomic##bits##_fetch_sub(volatile type *p, type value,        \
                                         int order);                          \
    type __tsan_atomic##bits##_fetch_and(volatile type *p, type value,        \
                                         int order);                          \
    type __tsan_atomic##bits##_fetch_or(volatile type *p, type value,         \
                                        int order);                           \
    type __tsan_atomic##bits##_exchange(volatile type *p, type value,         \
                                        int order);                           \
    type __tsan_atomic##bits##_compare_exchange_val(                          \
        volatile type *p, type expected, type value, int order, int failure); \
    int __tsan_atomic##bits##_compare_exchange_strong(                        \
        volatile type *p, type *expected, type value, int order,              \
        int failure);                                                         \
    int __tsan_atomic##bits##_compare_exchange_weak(                          \
        volatile type *p, type *expected, type value, int order,              \
        int failure);

DECLARE_ATOMIC(8, uint8_t)
DECLARE_ATOMIC(32, uint32_t)
DECLARE_ATOMIC(64, uint64_t)
/* NOLINTEND(bugprone-macro-parentheses) */

void __tsan_read1(void *p);
void __tsan_read2(void *p);
void __tsan_read4(void *p);
void __tsan_read8(void *p);
void __tsan_read16(void *p);
void __tsan_write1(void *p);
void __tsan_write2(void *p);
void __tsan_write4(void *p);
void __tsan_write8(void *p);
void __tsan_write16(void *p);
void __tsan_unaligned_read4(void *p);
void __tsan_unaligned_read8(void *p);
void __tsan_unaligned_write4(void *p);
void __tsan_unaligned_write8(void *p);
void __tsan_read_range(void *p, size_t length);
void __tsan_write_range(void *p, size_t length);
void *__tsan_memcpy(void *to, const void *from, size_t length);
void *__tsan_memset(void *to, int value, size_t length);
void __tsan_init(void);
void __tsan_func_entry(void *caller);
void __tsan_func_exit(void);
/* NOLINTEND(bugprone-reserved-identifier, cert-dcl37-c, cert-dcl51-cpp) */

#endif
