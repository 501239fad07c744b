/* SPDX-License-Identifier: MIT */
/* The clock, random bytes and memory. */
#include "loopback.h"
#include "thread.h"

#include <string.h>

static void the_clock_is_positive_and_never_goes_back(void **state)
{
    int64_t last = pierp_clock();

    (void)state;
    CHECK(last > 0);
    for (int i = 0; i < 100000; i++) {
        int64_t now = pierp_clock();

        CHECK(now >= last);
        last = now;
    }
}

static void the_clock_counts_nanoseconds(void **state)
{
    int64_t begin = pierp_clock();
    int64_t passed;

    (void)state;
    sleep_ms(50);
    passed = pierp_clock() - begin;
    CHECK(passed >= 49 * MS);
    CHECK(passed < 2 * SECONDS);
}

static void random_bytes_fill_the_whole_buffer_anew(void **state)
{
    static unsigned char first[100000], second[100000];

    (void)state;
    CHECK_OK(pierp_random(first, sizeof first));
    CHECK_OK(pierp_random(second, sizeof second));
    /* Sixteen equal bytes come by chance once in 2^128 times. */
    for (size_t i = 0; i + 16 <= sizeof first; i += 16)
        CHECK(memcmp(first + i, second + i, 16) != 0);
}

static void random_bytes_stay_within_the_buffer(void **state)
{
    unsigned char buffer[34] = { 0 };
    bool any = false;

    (void)state;
    CHECK_OK(pierp_random(buffer + 1, 32));
    CHECK_OK(pierp_random(buffer + 1, 0));
    CHECK_INT(buffer[0], 0);
    CHECK_INT(buffer[33], 0);
    for (int i = 1; i <= 32; i++)
        any = any || buffer[i] != 0;
    CHECK(any);
}

static bool is_zero(unsigned char *block, size_t size)
{
    bool zero = block != NULL;

    for (size_t i = 0; zero && i < size; i++) {
        zero = block[i] == 0;
        block[i] = 0xA5;
    }
    return zero;
}

static void memory_is_zeroed_and_aligned(void **state)
{
    (void)state;
    for (size_t size = 1; size < 5000; size = 3 * size + 1) {
        unsigned char *block = pierp_alloc(size);

        CHECK(is_zero(block, size));
        CHECK_INT((uintptr_t)block % _Alignof(max_align_t), 0);
        pierp_free(block);
    }
    pierp_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_clock_is_positive_and_never_goes_back),
        cmocka_unit_test(the_clock_counts_nanoseconds),
        cmocka_unit_test(random_bytes_fill_the_whole_buffer_anew),
        cmocka_unit_test(random_bytes_stay_within_the_buffer),
        cmocka_unit_test(memory_is_zeroed_and_aligned),
    };

    return cmocka_run_group_tests(tests, start_seam, NULL);
}
