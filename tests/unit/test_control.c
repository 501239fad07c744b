/* SPDX-License-Identifier: MIT */
/* Control data: its sizes, its writing, and the walk over what may be
 * malformed in any way. */
#include "unit.h"

#include <pier/error.h>
#include <stdlib.h>
#include <string.h>

/* What the builder and the walk of any system agree on. */
#define LIMIT ((size_t)INT32_MAX)

enum {
    CAPACITY = 256,
    LEVEL = 41,
    TYPE = 50
};

static union {
    max_align_t align;
    unsigned char bytes[CAPACITY];
} memory;

static struct pier_message empty(void)
{
    memset(&memory, 0xee, sizeof(memory));
    return (struct pier_message){ .control = &memory };
}

static void put(struct pier_message *m, const char *text)
{
    CHECK_OK(pier_control_put(m, CAPACITY, LEVEL, TYPE, text, strlen(text)));
}

/* -------------------------------------------------------------- sizes --- */

static void a_length_is_header_and_data(void **state)
{
    size_t header = pier_cmsg_len(0);

    (void)state;
    CHECK(header > 0);
    for (size_t n = 0; n < 100; n++)
        CHECK_INT(pier_cmsg_len(n), header + n);
}

static void a_space_is_a_length_with_padding(void **state)
{
    size_t step = pier_cmsg_space(1) - pier_cmsg_space(0);

    (void)state;
    CHECK(step == 4 || step == 8);
    CHECK_INT(pier_cmsg_space(0), pier_cmsg_len(0));
    for (size_t n = 0; n < 100; n++) {
        CHECK(pier_cmsg_space(n) >= pier_cmsg_len(n));
        CHECK(pier_cmsg_space(n) < pier_cmsg_len(n) + step);
        CHECK_INT(pier_cmsg_space(n) % step, 0);
    }
}

static void sizes_that_overflow_are_0(void **state)
{
    const size_t most = LIMIT - pier_cmsg_len(0);
    const size_t most_space = LIMIT - pier_cmsg_space(1);

    (void)state;
    CHECK_INT(pier_cmsg_len(most), LIMIT);
    CHECK_INT(pier_cmsg_len(most + 1), 0);
    CHECK(pier_cmsg_space(most_space) >= most_space);
    CHECK(pier_cmsg_space(most_space) <= LIMIT);
    CHECK_INT(pier_cmsg_space(most_space + 1), 0);
    CHECK_INT(pier_cmsg_len(SIZE_MAX), 0);
    CHECK_INT(pier_cmsg_space(SIZE_MAX), 0);
    CHECK_INT(pier_cmsg_len(SIZE_MAX - pier_cmsg_len(0) + 1), 0);
}

/* ------------------------------------------------------------ writing --- */

static void items_are_found_as_they_were_put(void **state)
{
    static const char *const texts[] = { "", "a", "12345678", "123456789" };
    struct pier_message m = empty();
    struct pier_control it = { 0 };

    (void)state;
    for (int i = 0; i < 4; i++) {
        CHECK_OK(pier_control_put(&m, CAPACITY, LEVEL + i, TYPE - i, texts[i],
                                  strlen(texts[i])));
    }
    for (int i = 0; i < 4; i++) {
        CHECK(pier_control_next(&m, &it));
        CHECK(it.level == LEVEL + i && it.type == TYPE - i);
        CHECK_INT(it.length, strlen(texts[i]));
        CHECK(memcmp(it.data, texts[i], it.length) == 0);
    }
    CHECK(!pier_control_next(&m, &it));
    CHECK(!pier_control_next(&m, &it));
}

static void levels_and_types_may_be_negative(void **state)
{
    struct pier_message m = empty();
    struct pier_control it = { 0 };

    (void)state;
    CHECK_OK(pier_control_put(&m, CAPACITY, -1, INT32_MIN, NULL, 0));
    CHECK(pier_control_next(&m, &it));
    CHECK(it.level == -1 && it.type == INT32_MIN && it.length == 0);
}

static void padding_is_zero_and_nothing_else_is_touched(void **state)
{
    struct pier_message m = empty();
    const unsigned char *bytes = m.control;
    size_t end = pier_cmsg_space(3);

    (void)state;
    put(&m, "abc");
    CHECK_INT(m.control_length, end);
    for (size_t i = pier_cmsg_len(3); i < end; i++)
        CHECK_INT(bytes[i], 0);
    for (size_t i = end; i < CAPACITY; i++)
        CHECK_INT(bytes[i], 0xee);
}

static void an_item_fits_exactly_or_not_at_all(void **state)
{
    struct pier_message m = empty();
    const size_t space = pier_cmsg_space(5);

    (void)state;
    CHECK_ERR(pier_control_put(&m, space - 1, LEVEL, TYPE, "abcde", 5),
              PIER_ENOBUFS);
    CHECK_INT(m.control_length, 0);
    CHECK_INT(*(unsigned char *)m.control, 0xee);
    CHECK_OK(pier_control_put(&m, space, LEVEL, TYPE, "abcde", 5));
    CHECK_ERR(pier_control_put(&m, space, LEVEL, TYPE, NULL, 0), PIER_ENOBUFS);
    CHECK_ERR(pier_control_put(&m, space - 1, LEVEL, TYPE, NULL, 0),
              PIER_ENOBUFS);
    CHECK_INT(m.control_length, space);
}

static void items_of_any_size_overflow_nothing(void **state)
{
    static const size_t sizes[] = { CAPACITY,  LIMIT - 15,    LIMIT,
                                    LIMIT + 1, SIZE_MAX - 16, SIZE_MAX };
    struct pier_message m = empty();

    (void)state;
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        CHECK_ERR(
            pier_control_put(&m, CAPACITY, LEVEL, TYPE, &memory, sizes[i]),
            PIER_ENOBUFS);
    }
    CHECK_INT(m.control_length, 0);
}

static void what_is_missing_is_refused(void **state)
{
    struct pier_message m = empty();
    struct pier_message bare = { 0 };
    struct pier_control it = { 0 };

    (void)state;
    CHECK_ERR(pier_control_put(NULL, CAPACITY, 1, 2, "a", 1), PIER_EINVAL);
    CHECK_ERR(pier_control_put(&bare, CAPACITY, 1, 2, "a", 1), PIER_EINVAL);
    CHECK_ERR(pier_control_put(&m, CAPACITY, 1, 2, NULL, 1), PIER_EINVAL);
    CHECK(!pier_control_next(NULL, &it));
    CHECK(!pier_control_next(&m, NULL));
    bare.control_length = 100;
    CHECK(!pier_control_next(&bare, &it));
}

/* ----------------------------------------------------------- the walk --- */

/* In memory of its own, so that a byte beyond it is noticed. */
static struct pier_message copy_of(const struct pier_message *m, size_t length)
{
    struct pier_message copy = { .control = malloc(length ? length : 1),
                                 .control_length = length };

    CHECK(copy.control != NULL);
    memcpy(copy.control, m->control, length);
    return copy;
}

/* Reads every byte that the walk shows; how many items. */
static unsigned walk(const struct pier_message *m)
{
    const unsigned char *begin = m->control;
    struct pier_control it = { 0 };
    unsigned count = 0;
    unsigned sum = 0;

    while (pier_control_next(m, &it)) {
        const unsigned char *data = it.data;

        CHECK(data >= begin && data <= begin + m->control_length);
        CHECK(it.length <= (size_t)(begin + m->control_length - data));
        CHECK(it.next <= m->control_length);
        for (size_t i = 0; i < it.length; i++)
            sum += data[i];
        count++;
        CHECK(count <= CAPACITY);
    }
    CHECK(sum < UINT32_MAX);
    return count;
}

/* The items that are whole, and the beginning of the next. */
static unsigned items_within(size_t length)
{
    const size_t header = pier_cmsg_len(0);
    size_t begin = 0;
    unsigned count = 0;

    for (size_t n = 1; n <= 3 && begin + header <= length; n++) {
        begin += pier_cmsg_space(n);
        count++;
    }
    return count;
}

static void every_truncation_is_walked_within_its_bounds(void **state)
{
    struct pier_message m = empty();

    (void)state;
    put(&m, "a");
    put(&m, "bc");
    put(&m, "def");
    for (size_t length = 0; length <= m.control_length; length++) {
        struct pier_message cut = copy_of(&m, length);

        CHECK_INT(walk(&cut), items_within(length));
        free(cut.control);
    }
}

static void a_cut_item_shows_the_part_that_came_and_is_the_last(void **state)
{
    struct pier_message m = empty();
    struct pier_control it = { 0 };

    (void)state;
    put(&m, "0123456789");
    m.control_length = pier_cmsg_len(4);
    CHECK(pier_control_next(&m, &it));
    CHECK(it.level == LEVEL && it.length == 4);
    CHECK(memcmp(it.data, "0123", 4) == 0);
    CHECK(!pier_control_next(&m, &it));
}

/* As some systems give it. */
static void the_last_item_needs_no_padding(void **state)
{
    struct pier_message m = empty();
    struct pier_control it = { 0 };

    (void)state;
    put(&m, "abc");
    m.control_length = pier_cmsg_len(3);
    CHECK(pier_control_next(&m, &it));
    CHECK_INT(it.length, 3);
    CHECK(!pier_control_next(&m, &it));
}

/* A header that claims this length, before one that is right. */
static struct pier_message claiming(size_t length)
{
    struct pier_message m = empty();
    const struct pierp_control item = { length, 7, 8 };

    put(&m, "12345678");
    put(&m, "next");
    pierp_control_write(m.control, &item);
    return m;
}

static void a_length_below_the_header_ends_the_walk(void **state)
{
    (void)state;
    for (size_t length = 0; length < pier_cmsg_len(0); length++) {
        struct pier_message m = claiming(length);
        struct pier_control it = { .level = 5 };

        CHECK(!pier_control_next(&m, &it));
        CHECK(it.level == 5 && it.next == 0);
    }
}

static void a_huge_length_shows_what_there_is(void **state)
{
    static const size_t lengths[] = { CAPACITY,     LIMIT - 7,    LIMIT,
                                      LIMIT + 1,    UINT32_MAX,   SIZE_MAX / 2,
                                      SIZE_MAX - 8, SIZE_MAX - 1, SIZE_MAX };

    (void)state;
    for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
        struct pier_message m = claiming(lengths[i]);
        struct pier_control it = { 0 };

        CHECK(pier_control_next(&m, &it));
        CHECK_INT(it.length, m.control_length - pier_cmsg_len(0));
        CHECK(!pier_control_next(&m, &it));
    }
}

static void any_length_of_any_item_is_walked_within_its_bounds(void **state)
{
    struct pier_message m = empty();

    (void)state;
    put(&m, "12345678");
    put(&m, "12345678");
    for (size_t at = 0; at < m.control_length; at += pier_cmsg_space(8)) {
        for (size_t length = 0; length < 100; length++) {
            struct pier_message bad = copy_of(&m, m.control_length);
            const struct pierp_control item = { length, 1, 2 };

            pierp_control_write((char *)bad.control + at, &item);
            CHECK(walk(&bad) <= 4);
            free(bad.control);
        }
    }
}

static void random_bytes_are_walked_within_their_bounds(void **state)
{
    unsigned seed = 1;

    (void)state;
    for (int round = 0; round < 20000; round++) {
        struct pier_message m = { .control_length = (size_t)round % 97 };

        m.control = malloc(m.control_length + 1);
        CHECK(m.control != NULL);
        for (size_t i = 0; i < m.control_length; i++) {
            seed = seed * 1103515245u + 12345u;
            /* Small numbers are likelier to be lengths. */
            ((unsigned char *)m.control)[i] =
                seed & 0x40000000u ? 0 : (unsigned char)((seed >> 16) & 0x3f);
        }
        CHECK(walk(&m) <= m.control_length / pier_cmsg_len(0));
        free(m.control);
    }
}

static void a_walk_that_was_changed_stays_within_the_bounds(void **state)
{
    struct pier_message m = empty();

    (void)state;
    put(&m, "abc");
    for (size_t next = 1; next < 64; next++) {
        struct pier_control it = { .next = next };
        size_t end = m.control_length;

        if (pier_control_next(&m, &it))
            CHECK(next + pier_cmsg_len(0) + it.length <= end);
    }
    for (int i = 0; i < 9; i++) {
        struct pier_control it = { .next = SIZE_MAX - (size_t)i };

        CHECK(!pier_control_next(&m, &it));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_FAKE(a_length_is_header_and_data),
        ON_FAKE(a_space_is_a_length_with_padding),
        ON_FAKE(sizes_that_overflow_are_0),
        ON_FAKE(items_are_found_as_they_were_put),
        ON_FAKE(levels_and_types_may_be_negative),
        ON_FAKE(padding_is_zero_and_nothing_else_is_touched),
        ON_FAKE(an_item_fits_exactly_or_not_at_all),
        ON_FAKE(items_of_any_size_overflow_nothing),
        ON_FAKE(what_is_missing_is_refused),
        ON_FAKE(every_truncation_is_walked_within_its_bounds),
        ON_FAKE(a_cut_item_shows_the_part_that_came_and_is_the_last),
        ON_FAKE(the_last_item_needs_no_padding),
        ON_FAKE(a_length_below_the_header_ends_the_walk),
        ON_FAKE(a_huge_length_shows_what_there_is),
        ON_FAKE(any_length_of_any_item_is_walked_within_its_bounds),
        ON_FAKE(random_bytes_are_walked_within_their_bounds),
        ON_FAKE(a_walk_that_was_changed_stays_within_the_bounds),
    };

    return cmocka_run_group_tests_name("control", tests, NULL, NULL);
}
