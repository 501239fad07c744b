/* SPDX-License-Identifier: MIT */
/* Text that C libraries of POSIX systems refuse to format. */
#include "streams.h"

#include <stdio.h>
#include <wchar.h>

static void half_a_character_is_no_text(void **state)
{
    struct pier_stream *st = open_stream("w", PIER_BUFFER_DEFAULT);

    (void)state;
    CHECK_ERR(pier_stream_printf(st, "%lc", (wint_t)0xd800), PIER_EILSEQ);
    CHECK_OK(pier_stream_flush(st));
    check_sent("");
    end_stream(st);
}

static void text_has_a_length_that_an_int_can_count(void **state)
{
    struct pier_stream *st = open_stream("w", PIER_BUFFER_DEFAULT);
    char format[16];

    (void)state;
    (void)snprintf(format, sizeof(format), "%%%ud", 2147483648u);
    CHECK_ERR(pier_stream_printf(st, format, 1), PIER_EOVERFLOW);
    CHECK_OK(pier_stream_flush(st));
    check_sent("");
    end_stream(st);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_FAKE(half_a_character_is_no_text),
        ON_FAKE(text_has_a_length_that_an_int_can_count),
    };

    return cmocka_run_group_tests_name("stream_text", tests, NULL, NULL);
}
